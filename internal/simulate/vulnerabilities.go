package simulate

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// vulnerability is a weakness of a product. The numbers are of a year that no
// list has reached, for the weaknesses are invented: everything older than the
// newest version has them.
type vulnerability struct {
	id, software, severity, score string
	exploit                       bool
	about                         string
}

var vulnerabilityList = [...]vulnerability{
	{"CVE-2099-10101", "chrome", "Critical", "9.6", true, "Use after free in a rendering engine"},
	{"CVE-2099-10102", "chrome", "High", "8.8", false, "Type confusion in a script engine"},
	{"CVE-2099-10201", "edge_chromium-based", "High", "8.3", false, "Type confusion in a script engine"},
	{"CVE-2099-10301", "firefox", "High", "8.1", false, "Memory corruption in a media decoder"},
	{"CVE-2099-10401", "office", "Critical", "9.8", true, "Remote code execution by a prepared document"},
	{"CVE-2099-10402", "office", "Medium", "6.5", false, "A preview leaks credentials"},
	{"CVE-2099-10501", "acrobat_dc", "High", "7.8", true, "Out-of-bounds write in a font parser"},
	{"CVE-2099-10601", "7-zip", "High", "7.8", true, "Integer underflow while decompressing"},
	{"CVE-2099-10701", "notepad++", "Medium", "5.5", false, "Buffer overflow in a plug-in"},
	{"CVE-2099-10801", "meetings", "High", "7.2", false, "Path traversal in the updater"},
	{"CVE-2099-10901", "node.js", "High", "7.5", false, "Request smuggling"},
	{"CVE-2099-11001", "python", "Medium", "5.3", false, "Quadratic run time in a parser"},
	{"CVE-2099-11101", "visual_studio_code", "Medium", "6.1", false, "Restricted mode can be left"},
	{"CVE-2099-11201", "openssl", "High", "7.4", false, "Signature check accepts a malformed key"},
	{"CVE-2099-11301", "openssh", "Critical", "9.8", true, "Race before authentication"},
	{"CVE-2099-11401", "nginx", "Medium", "6.5", false, "Worker crash by a prepared request"},
	{"CVE-2099-11501", "postgresql", "Low", "3.1", false, "Planner statistics leak values"},
	{"CVE-2099-11601", "tomcat", "High", "7.5", true, "Session fixation"},
}

// vulnerable lists the weaknesses of a product in a version.
func (d *device) vulnerable(s software, version string) {
	if s.role != "" {
		if newest := d.w.lib.byKey[s.role].prog.versions; len(newest) > 0 && newest[0] == version && len(newest) > 1 {
			return
		}
	}
	for _, v := range vulnerabilityList {
		if v.software != s.name {
			continue
		}
		r := d.w.state("DeviceTvmSoftwareVulnerabilities")
		r.software(d, s.vendor, s.name, version)
		r.put("CveId", text(v.id))
		r.put("VulnerabilitySeverityLevel", text(v.severity))
		r.put("RecommendedSecurityUpdate", text("Newest version of "+s.name))
		r.put("RecommendedSecurityUpdateId", text("UPD-"+v.id[9:]))
		tags := "[]"
		if v.exploit && v.severity == "Critical" {
			tags = `["ZeroDay"]`
		}
		r.put("CveTags", dynamic(tags))
	}
}

// vulnerabilityBase describes the weaknesses.
func (w *world) vulnerabilityBase() {
	for i, v := range vulnerabilityList {
		r := w.state("DeviceTvmSoftwareVulnerabilitiesKB")
		r.put("CveId", text(v.id))
		r.put("CvssScore", text(v.score))
		r.put("IsExploitAvailable", yes(v.exploit))
		r.put("VulnerabilitySeverityLevel", text(v.severity))
		r.put("PublishedDate", datetime(w.start-int64(5+i*7)*day))
		r.put("LastModifiedTime", datetime(w.start-int64(2+i)*day))
		r.put("VulnerabilityDescription", text(v.about+" (invented for simulation)."))
		r.put("AffectedSoftware", dynamic("["+quote(v.software)+"]"))
	}
}

// extension is an add-on of a browser.
type extension struct{ id, name, vendor, risk, permission string }

var extensionList = [...]extension{
	{"aaaabbbbccccddddeeeeffffgggghhhh", "Page Translator", "Words Example", "Low", "activeTab"},
	{"bbbbccccddddeeeeffffgggghhhhiiii", "Ad Filter", "Filters Example", "Medium", "webRequest"},
	{"ccccddddeeeeffffgggghhhhiiiijjjj", "Password Vault", "Vault Example", "High", "<all_urls>"},
	{"ddddeeeeffffgggghhhhiiiijjjjkkkk", "Coupon Finder", "Coupons Example", "Critical", "cookies"},
}

func (d *device) browserExtensions() {
	for i, x := range extensionList {
		if stable(100, d.id, x.id) >= 70-15*i {
			continue
		}
		r := d.w.state("DeviceTvmBrowserExtensions")
		r.put("DeviceId", text(d.id))
		r.put("BrowserName", text([...]string{"chrome", "edge"}[i%2]))
		r.put("ExtensionId", text(x.id))
		r.put("ExtensionName", text(x.name))
		r.put("ExtensionDescription", text(x.name+" for the browser."))
		r.put("ExtensionVersion", text("1."+x.id[:1]+".0"))
		r.put("ExtensionRisk", text(x.risk))
		r.put("ExtensionVendor", text(x.vendor))
		r.put("IsActivated", text("true"))
		r.put("InstallationTime", datetime(d.w.start-int64(1+stable(300, d.id, x.name))*day))
	}
}

func (w *world) extensionBase() {
	for i, x := range extensionList {
		r := w.state("DeviceTvmBrowserExtensionsKB")
		r.put("BrowserName", text([...]string{"chrome", "edge"}[i%2]))
		r.put("ExtensionId", text(x.id))
		r.put("ExtensionName", text(x.name))
		r.put("ExtensionDescription", text(x.name+" for the browser."))
		r.put("ExtensionVersion", dynamic(`["1.`+x.id[:1]+`.0"]`))
		r.put("ExtensionRisk", text(x.risk))
		r.put("PermissionId", text(x.permission))
		r.put("PermissionName", text(strings.Trim(x.permission, "<>")))
		r.put("PermissionDescription", text("Grants "+x.permission+"."))
		r.put("PermissionRisk", text(x.risk))
		r.put("IsPermissionRequired", text("true"))
	}
}

// dateTicks reads a date written yyyy-mm-dd in this package.
func dateTicks(s string) int64 {
	ticks, ok := types.ParseDatetime(s)
	if !ok {
		return 0
	}
	return ticks
}

// formatTime writes a time as the service does in text columns.
func formatTime(ticks int64) string {
	return types.TimeOf(ticks).Format("2006-01-02T15:04:05.0000000Z")
}
