package simulate

// platform is an operating system.
type platform struct {
	os, version  string // OSPlatform, OSVersion
	build, patch int64
	info, distro string // OSVersionInfo, OSDistribution
	inbox        string // version of the programs that come with it
	name, eos    string // its name in the software inventory, and the end of its support
}

var (
	windows11   = platform{"Windows11", "10.0", 22631, 3737, "23H2", "", "10.0.22621.3672", "windows_11", "2025-11-11"}
	windows11h2 = platform{"Windows11", "10.0", 26100, 863, "24H2", "", "10.0.26100.712", "windows_11", "2026-10-13"}
	windows10   = platform{"Windows10", "10.0", 19045, 4529, "22H2", "", "10.0.19041.4522", "windows_10", "2025-10-14"}
	server2022  = platform{"WindowsServer2022", "10.0", 20348, 2527, "21H2", "", "10.0.20348.2520", "windows_server_2022", "2031-10-14"}
	server2019  = platform{"WindowsServer2019", "10.0", 17763, 5936, "1809", "", "10.0.17763.5830", "windows_server_2019", "2029-01-09"}
	server2016  = platform{"WindowsServer2016", "10.0", 14393, 7070, "1607", "", "10.0.14393.7070", "windows_server_2016", "2027-01-12"}
	ubuntu      = platform{"Linux", "22.4", 0, 0, "22.04", "Ubuntu", "", "ubuntu_linux", "2027-04-01"}
	debian      = platform{"Linux", "12.5", 0, 0, "12", "Debian", "", "debian_linux", "2028-06-30"}
	macos14     = platform{"macOS", "14.5", 0, 0, "Sonoma", "", "", "mac_os", "2026-11-30"}
	macos13     = platform{"macOS", "13.6", 0, 0, "Ventura", "", "", "mac_os", "2025-09-30"}
)

// class is a kind of device.
type class struct {
	name, prefix string
	group        string // MachineGroup
	tags         []string
	systems      []*platform
	server       bool
	laptops      int    // per cent
	shell        string // the role of its users' shell
	boot         []string
	logon        []string
	rest         int            // activity without a user, against 1000 with one
	mix          [kindCount]int // what its processes do
	total        int            // the sum of mix
	models       []string       // "vendor|model"
}

// has tells whether the class carries a tag of role.on.
func (c *class) has(tag string) bool {
	for _, t := range c.tags {
		if t == tag {
			return true
		}
	}
	return false
}

// unix tells whether the class runs Linux or macOS.
func (c *class) unix() bool { return c.tags[0] != "windows" }

// The mixes, in the order of the kinds: launches, network, files, registry,
// images, events, logons.
var (
	mixDesk   = [kindCount]int{22, 34, 26, 20, 12, 18, 3}
	mixServer = [kindCount]int{9, 34, 22, 14, 8, 16, 22}
	mixUnix   = [kindCount]int{24, 34, 34, 0, 0, 4, 6}
)

var (
	desks  = []string{"Dell Inc.|OptiPlex 7010", "HP|EliteDesk 800 G9", "LENOVO|ThinkCentre M70q"}
	laps   = []string{"Dell Inc.|Latitude 5440", "HP|EliteBook 840 G10", "LENOVO|ThinkPad T14 Gen 4"}
	racks  = []string{"Dell Inc.|PowerEdge R650", "HPE|ProLiant DL380 Gen10", "VMware, Inc.|VMware7,1"}
	apples = []string{"Apple Inc.|MacBookPro18,3", "Apple Inc.|Mac14,2"}
)

// classes are the kinds of devices there are.
func classes() map[string]*class {
	m := map[string]*class{}
	desk := []*platform{&windows11, &windows10, &windows11h2, &windows11}
	for _, c := range []class{
		{name: "office", prefix: "ws", group: "Workstations", tags: []string{"windows", "workstation"}, systems: desk,
			laptops: 60, shell: "explorer.exe", boot: []string{"windows", "workstation"},
			logon: []string{"logon", "logon/workstation"}, rest: 40, mix: mixDesk},
		{name: "developer", prefix: "dev", group: "Developers", tags: []string{"windows", "workstation", "developer"}, systems: desk,
			laptops: 80, shell: "explorer.exe/developer", boot: []string{"windows", "workstation"},
			logon: []string{"logon", "logon/workstation"}, rest: 60, mix: mixDesk},
		{name: "admin", prefix: "adm", group: "Administrators", tags: []string{"windows", "workstation", "admin"}, systems: desk,
			laptops: 30, shell: "explorer.exe/admin", boot: []string{"windows", "workstation"},
			logon: []string{"logon", "logon/workstation"}, rest: 50, mix: mixDesk},
		windowsServer("dc", &server2022),
		windowsServer("fs", &server2019),
		windowsServer("web", &server2022),
		windowsServer("sql", &server2019),
		windowsServer("app", &server2016),
		windowsServer("jump", &server2019),
		{name: "linuxweb", prefix: "lnxweb", group: "Unix", tags: []string{"linux", "linuxweb"}, systems: []*platform{&ubuntu, &debian},
			server: true, boot: []string{"linux", "linuxweb"}, rest: 450, mix: mixUnix, models: racks},
		{name: "linuxdb", prefix: "lnxdb", group: "Unix", tags: []string{"linux", "linuxdb"}, systems: []*platform{&ubuntu},
			server: true, boot: []string{"linux", "linuxdb"}, rest: 400, mix: mixUnix, models: racks},
		{name: "mac", prefix: "mac", group: "Unix", tags: []string{"mac"}, systems: []*platform{&macos14, &macos13},
			laptops: 100, boot: []string{"mac"}, logon: []string{"logon/mac"}, rest: 30, mix: mixUnix, models: apples},
	} {
		m[c.name] = &c
	}
	return m
}

func windowsServer(name string, os *platform) class {
	return class{name: name, prefix: name, group: "Servers", tags: []string{"windows", "server", name}, systems: []*platform{os},
		server: true, shell: "explorer.exe/server", boot: []string{"windows", "server", name}, logon: []string{"logon/remote"},
		rest: 500, mix: mixServer, models: racks}
}
