package simulate

import (
	"strconv"
	"strings"
)

// inventory writes what vulnerability management knows about the devices. It
// describes the state at the end of the window, and comes first so that the
// pace can count it.
func (w *world) inventory() {
	for _, d := range w.devices {
		d.softwareInventory()
		d.settings()
		d.gathered()
		d.hardware()
		if !d.class.unix() {
			d.certificateStore()
			d.baseline()
		}
		if !d.class.server {
			d.browserExtensions()
		}
		if w.out.pending >= chunkRows {
			w.out.flush()
		}
		if w.out.err != nil {
			return
		}
	}
	w.vulnerabilityBase()
	w.settingBase()
	w.gatheredBase()
	w.extensionBase()
	w.baselineBase()
	w.out.flush()
}

// software is a product in the inventory. The role tells where it is
// installed and in which version; without one it is on all such devices.
type software struct {
	vendor, name, role string
	tag, version       string
}

var softwareList = [...]software{
	{"google", "chrome", "chrome.exe", "", ""}, {"microsoft", "edge_chromium-based", "msedge.exe", "", ""},
	{"mozilla", "firefox", "firefox.exe", "", ""}, {"microsoft", "office", "OUTLOOK.EXE", "", ""},
	{"microsoft", "teams", "ms-teams.exe", "", ""}, {"microsoft", "onedrive", "OneDrive.exe", "", ""},
	{"adobe", "acrobat_dc", "Acrobat.exe", "", ""}, {"7-zip", "7-zip", "7zFM.exe", "", ""},
	{"notepad-plus-plus", "notepad++", "notepad++.exe", "", ""}, {"zoom", "meetings", "Zoom.exe", "", ""},
	{"slack", "slack", "slack.exe", "", ""}, {"videolan", "vlc_media_player", "vlc.exe", "", ""},
	{"sap", "sap_gui", "saplogon.exe", "", ""}, {"microsoft", "visual_studio_code", "Code.exe", "", ""},
	{"git", "git", "git.exe", "", ""}, {"nodejs", "node.js", "node.exe", "", ""}, {"python", "python", "python.exe", "", ""},
	{"microsoft", "visual_studio_2022", "devenv.exe", "", ""}, {"microsoft", ".net", "dotnet.exe", "", ""},
	{"docker", "docker_desktop", "Docker Desktop.exe", "", ""}, {"filezilla", "filezilla_client", "FileZilla.exe", "", ""},
	{"microsoft", "powershell", "pwsh.exe", "", ""}, {"microsoft", "sql_server_2022", "sqlservr.exe", "", ""},
	{"apache", "tomcat", "tomcat9.exe", "", ""}, {"eclipse", "temurin", "java.exe", "", ""},
	{"google", "chrome_for_mac", "mac/Chrome", "", ""}, {"microsoft", "word_for_mac", "mac/Word", "", ""},
	{"microsoft", "teams_for_mac", "mac/Teams", "", ""}, {"slack", "slack_for_mac", "mac/Slack", "", ""},
	{"openssl", "openssl", "", "linux", "3.0.2"}, {"openbsd", "openssh", "", "linux", "8.9"}, {"sudo_project", "sudo", "", "linux", "1.9.9"},
	{"gnu", "bash", "", "linux", "5.1"}, {"f5", "nginx", "", "linuxweb", "1.18.0"}, {"postgresql", "postgresql", "", "linuxdb", "14.11"},
	{"microsoft", "configuration_manager_client", "CcmExec.exe", "", ""},
}

// has gives the version of a product on the device.
func (d *device) has(s software) (version string, ok bool) {
	if s.role == "" {
		return s.version, d.class.has(s.tag)
	}
	r := d.w.lib.byKey[s.role]
	if !r.fits(d.class) || !d.installed(r) {
		return "", false
	}
	return d.versionOf(r.prog), true
}

func (r row) software(d *device, vendor, name, version string) {
	r.about(d)
	r.system(d)
	r.put("OSArchitecture", text("x64"))
	r.put("SoftwareVendor", text(vendor))
	r.put("SoftwareName", text(name))
	r.put("SoftwareVersion", text(version))
}

func (d *device) softwareInventory() {
	r := d.w.state("DeviceTvmSoftwareInventory")
	vendor := map[bool]string{true: "canonical", false: "microsoft"}[d.class.has("linux")]
	if d.class.has("mac") {
		vendor = "apple"
	}
	version := d.os.inbox
	if version == "" {
		version = d.os.info
	}
	r.software(d, vendor, d.os.name, version)
	end := dateTicks(d.os.eos)
	r.put("EndOfSupportDate", datetime(end))
	switch {
	case end < d.w.end:
		r.put("EndOfSupportStatus", text("EOS Version"))
	case end < d.w.end+180*day:
		r.put("EndOfSupportStatus", text("Upcoming EOS Version"))
	}
	r.put("ProductCodeCpe", text("cpe:2.3:o:"+vendor+":"+d.os.name+":"+version+":*:*:*:*:*:*:*"))
	for _, s := range softwareList {
		version, ok := d.has(s)
		if !ok {
			continue
		}
		r := d.w.state("DeviceTvmSoftwareInventory")
		r.software(d, s.vendor, s.name, version)
		r.put("ProductCodeCpe", text("cpe:2.3:a:"+s.vendor+":"+strings.ReplaceAll(s.name, "+", `\+`)+":"+version+":*:*:*:*:*:*:*"))
		if s.role != "" && !d.class.unix() {
			d.evidence(s, version)
		}
		d.vulnerable(s, version)
	}
}

// evidence is where a product was found.
func (d *device) evidence(s software, version string) {
	p := d.w.lib.byKey[s.role].prog
	home := d.home(d.w.accounts.system)
	if d.owner != nil {
		home = d.home(d.owner)
	}
	r := d.w.state("DeviceTvmSoftwareEvidenceBeta")
	r.put("DeviceId", text(d.id))
	r.put("SoftwareVendor", text(s.vendor))
	r.put("SoftwareName", text(s.name))
	r.put("SoftwareVersion", text(version))
	r.put("DiskPaths", dynamic("["+quote(d.image(p, home).path)+"]"))
	r.put("RegistryPaths", dynamic("["+quote(`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\`+s.name)+"]"))
	r.put("LastSeenTime", text(formatTime(d.w.end-int64(stable(20, d.id, s.name))*hour)))
}

// hardware is the machine and its firmware.
func (d *device) hardware() {
	for _, x := range [...]struct{ kind, name, version, fields string }{
		{"Hardware", d.model, "", `{"Type":"System"}`},
		{"Bios", "BIOS", "1." + strconv.Itoa(2+stable(20, d.id, "bios")) + ".0", `{"ReleaseDate":"2024-0` + strconv.Itoa(1+stable(9, d.id)) + `-15"}`},
		{"Processor", [...]string{"Core i5-1345U", "Core i7-1365U", "Xeon Gold 6338"}[stable(3, d.id, "cpu")], "", `{"Cores":8}`},
	} {
		r := d.w.state("DeviceTvmHardwareFirmware")
		r.about(d)
		r.put("ComponentType", text(x.kind))
		r.put("Manufacturer", text(d.vendor))
		r.put("ComponentName", text(x.name))
		r.put("ComponentFamily", text(strings.Fields(d.model)[0]))
		r.put("ComponentVersion", text(x.version))
		r.put("AdditionalFields", dynamic(x.fields))
	}
}

// certificateStore is certificates of the machine's store.
func (d *device) certificateStore() {
	for i, name := range [...]string{d.name, "Contoso Issuing CA 1", "Contoso Root CA"} {
		r := d.w.state("DeviceTvmCertificateInfo")
		issuer := "Contoso Root CA"
		if i == 0 {
			issuer = "Contoso Issuing CA 1"
		}
		made := d.w.start - int64(200+stable(500, name))*day
		r.put("DeviceId", text(d.id))
		r.put("Thumbprint", text(signerHash(name+issuer)))
		r.put("Path", text([...]string{`LocalMachine\My`, `LocalMachine\CA`, `LocalMachine\Root`}[i]))
		r.put("SerialNumber", text(strings.ToUpper(signerHash("serial " + name)[:32])))
		r.put("IssuedTo", dynamic(`{"CommonName":`+quote(name)+`}`))
		r.put("IssuedBy", dynamic(`{"CommonName":`+quote(issuer)+`}`))
		r.put("FriendlyName", text(name))
		r.put("SignatureAlgorithm", text([...]string{"sha256RSA", "sha256RSA", "sha1RSA"}[i]))
		r.put("KeySize", text([...]string{"2048", "4096", "4096"}[i]))
		r.put("IssueDate", text(formatTime(made)))
		r.put("ExpirationDate", text(formatTime(made+int64([...]int{730, 3650, 7300}[i])*day)))
		r.put("SubjectType", text([...]string{"End Entity", "CA", "CA"}[i]))
		r.put("KeyUsage", text([...]string{"Digital Signature, Key Encipherment", "Certificate Signing", "Certificate Signing"}[i]))
	}
}
