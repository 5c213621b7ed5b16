package simulate

import (
	"encoding/json"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

var reserved = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("fe80::/10"),
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("0.0.0.0/32"),
}

var quad = regexp.MustCompile(`"(\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+)(?:"|\\")`)

// TestReservedAddresses checks that no address is anybody's.
func TestReservedAddresses(t *testing.T) {
	m := newMemory(true)
	simulate(t, options(t), m)
	seen := map[string]bool{}
	check := func(where, ip string) {
		if ip == "" || seen[ip] {
			return
		}
		seen[ip] = true
		a, err := netip.ParseAddr(ip)
		if err != nil || !slices.ContainsFunc(reserved, func(p netip.Prefix) bool { return p.Contains(a) }) {
			t.Errorf("%s: %q is not a reserved address", where, ip)
		}
	}
	for _, table := range filledTables() {
		m.each(table, func(r record) {
			for i, c := range r.b.Table.Columns {
				switch c.Name {
				case "RemoteIP", "LocalIP", "FileOriginIP", "RequestSourceIP", "PublicIP", "IPv4Dhcp", "ProcessRemoteSessionIP",
					"InitiatingProcessRemoteSessionIP":
					check(table+"."+c.Name, r.b.Cols[i].Value(r.i).S)
				case "IPAddresses", "DnsAddresses", "DefaultGateways", "AdditionalFields":
					if table == "DeviceTvmInfoGathering" || strings.Contains(r.b.Cols[i].Value(r.i).S, "Version") {
						continue // versions look like addresses
					}
					for _, a := range quad.FindAllStringSubmatch(r.b.Cols[i].Value(r.i).S, -1) {
						check(table+"."+c.Name, a[1])
					}
				}
			}
		})
	}
	if len(seen) < 200 {
		t.Errorf("only %d addresses", len(seen))
	}
}

// TestReservedNames checks that no host is anybody's (RFC 2606, RFC 6761).
func TestReservedNames(t *testing.T) {
	m := newMemory(true)
	simulate(t, options(t), m)
	hosts := map[string]bool{}
	add := func(url string) {
		if _, rest, ok := strings.Cut(url, "://"); ok {
			url, _, _ = strings.Cut(rest, "/")
		}
		if url != "" {
			hosts[url] = true
		}
	}
	m.each("DeviceNetworkEvents", func(r record) { add(r.text("RemoteUrl")) })
	m.each("DeviceEvents", func(r record) { add(r.text("RemoteUrl")) })
	m.each("DeviceFileEvents", func(r record) { add(r.text("FileOriginUrl")) })
	m.each("DeviceProcessEvents", func(r record) {
		for _, url := range regexp.MustCompile(`https?://[^/"' ]+`).FindAllString(r.text("ProcessCommandLine"), -1) {
			add(url)
		}
	})
	m.each("DeviceProcessEvents", func(r record) { add(r.text("DeviceName")) })
	m.each("DeviceProcessEvents", func(r record) {
		if _, host, ok := strings.Cut(r.text("AccountUpn"), "@"); ok {
			add(host)
		}
	})
	for host := range hosts {
		top := host[strings.LastIndexByte(host, '.')+1:]
		if !slices.Contains([]string{"example", "test", "invalid"}, top) && !regexp.MustCompile(`(^|\.)example\.(com|net|org)$`).MatchString(host) {
			t.Errorf("%q is not a reserved name", host)
		}
	}
	if len(hosts) < 100 {
		t.Errorf("only %d hosts", len(hosts))
	}
}

// TestValues checks that values are of the forms the service has.
func TestValues(t *testing.T) {
	o, m := options(t), newMemory(true)
	simulate(t, o, m)
	for _, table := range eventTables {
		known := o.Catalog.ActionTypes(table)
		m.each(table, func(r record) {
			if a := r.text("ActionType"); known != nil && !slices.Contains(known, a) {
				t.Errorf("%s: unknown action %q", table, a)
			}
		})
	}
	jsonColumns := []string{"AdditionalFields", "LoggedOnUsers", "ConnectedNetworks", "IPAddresses", "DnsAddresses", "DefaultGateways",
		"AttackTechniques", "Categories", "CrlDistributionPointUrls", "DeviceManualTags", "DeviceDynamicTags", "MitigationStatus"}
	for _, table := range filledTables() {
		m.each(table, func(r record) {
			for i, c := range r.b.Table.Columns {
				if x := r.b.Cols[i].Value(r.i); strings.Contains(x.S, "{{") {
					t.Fatalf("%s.%s has a token that nobody filled: %s", table, c.Name, x.S)
				}
				if c.Type != types.Dynamic && !slices.Contains(jsonColumns, c.Name) {
					continue
				}
				if s := r.b.Cols[i].Value(r.i).S; s != "" && !json.Valid([]byte(s)) {
					t.Fatalf("%s.%s is no JSON: %s", table, c.Name, s)
				}
			}
		})
	}
	for _, x := range []struct{ table, column, pattern string }{
		{"DeviceProcessEvents", "SHA1", `^[0-9a-f]{40}$`}, {"DeviceProcessEvents", "SHA256", `^[0-9a-f]{64}$`},
		{"DeviceProcessEvents", "MD5", `^[0-9a-f]{32}$`}, {"DeviceProcessEvents", "AccountSid", `^(S-1-5-.*)?$`},
		{"DeviceProcessEvents", "ProcessIntegrityLevel", `^(Untrusted|Low|Medium|High|System|)$`},
		{"DeviceProcessEvents", "FolderPath", `^([A-Z]:\\|/).*[^\\/]$`}, {"DeviceProcessEvents", "AccountName", `^[a-z0-9 -]+$`},
		{"DeviceInfo", "DeviceName", `^[a-z0-9-]+(\.contoso\.example)?$`}, {"DeviceNetworkEvents", "Protocol", `^(Tcp|Udp|Icmp)$`},
		{"DeviceNetworkEvents", "RemoteIPType", `^(Public|Private|Loopback|)$`}, {"DeviceRegistryEvents", "RegistryKey", `^(HKEY_(LOCAL_MACHINE|CURRENT_USER)\\.*)?$`},
		{"DeviceLogonEvents", "LogonType", `^(Interactive|CachedInteractive|RemoteInteractive|Network|Service|Batch|Unlock)$`},
		{"DeviceNetworkInfo", "MacAddress", `^([0-9A-F]{2}-){5}[0-9A-F]{2}$`},
	} {
		re := regexp.MustCompile(x.pattern)
		m.each(x.table, func(r record) {
			if s := r.text(x.column); !re.MatchString(s) {
				t.Errorf("%s.%s is %q", x.table, x.column, s)
			}
		})
	}
}

// TestVersions checks that a hash stands for one version of one program.
func TestVersions(t *testing.T) {
	m := newMemory(true)
	simulate(t, options(t), m)
	version, programs := map[string]string{}, map[string]int{}
	m.each("DeviceProcessEvents", func(r record) {
		v := r.text("FileName") + " " + r.text("ProcessVersionInfoProductVersion")
		if old, ok := version[r.text("SHA1")]; ok && old != v {
			t.Errorf("%s is %q and %q", r.text("SHA1"), old, v)
		}
		version[r.text("SHA1")] = v
		programs[r.text("FileName")]++
	})
	if len(programs) < 120 {
		t.Errorf("only %d programs", len(programs))
	}
	certificates := m.match("DeviceFileCertificateInfo", func(r record) bool { return version[r.text("SHA1")] != "" })
	if certificates < 500 {
		t.Errorf("only %d certificates of programs that ran", certificates)
	}
}
