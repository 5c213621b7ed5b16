package simulate

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Custom data collection: a pilot group of devices has rules by which the
// sensor sends some events once more, to tables of their own.

// customRule is a rule: which programs' events it collects.
type customRule struct {
	name     string
	programs []string
}

var customRules = map[tableID]customRule{
	tCustomProcess:  {"Pilot - script hosts", []string{"powershell.exe", "pwsh.exe", "wscript.exe", "cscript.exe", "cmd.exe", "mshta.exe"}},
	tCustomImage:    {"Pilot - script engines", []string{"powershell.exe", "pwsh.exe", "wscript.exe", "cscript.exe"}},
	tCustomNetwork:  {"Pilot - talkative tools", []string{"powershell.exe", "pwsh.exe", "curl.exe", "git.exe", "mstsc.exe", "CcmExec.exe", "mmc.exe"}},
	tCustomFile:     {"Pilot - files of tools", []string{"powershell.exe", "cmd.exe", "msiexec.exe", "explorer.exe", "OUTLOOK.EXE", "7zG.exe"}},
	tCustomRegistry: {"Pilot - registry of installers", []string{"msiexec.exe", "reg.exe", "regsvr32.exe", "services.exe", "explorer.exe"}},
	tCustomScript:   {"Pilot - script content", []string{"powershell.exe", "pwsh.exe", "wscript.exe", "cscript.exe", "wsmprovhost.exe"}},
}

// pilot tells whether custom collection is switched on for the device.
func (d *device) pilot() bool { return !d.class.unix() && d.n%5 == 2 }

// mirror writes an event to a custom table if the device has a rule for it.
func (d *device) mirror(t tableID, action string, p *process, fill func(row)) {
	if !d.pilot() {
		return
	}
	rule := customRules[t]
	for _, name := range rule.programs {
		if name != p.role.prog.file {
			continue
		}
		r := d.row(t, action)
		by := p
		if t == tCustomProcess {
			by = p.parent
		}
		r.by(by)
		r.text(cRuleName, rule.name)
		r.ticks(cRuleTime, d.w.start-20*day)
		fill(r)
		return
	}
}

// mirrorScript collects the text of a script.
func (d *device) mirrorScript(p *process, json string) {
	d.mirror(tCustomScript, "AmsiScriptContent", p, func(r row) {
		content := strings.TrimSuffix(strings.TrimPrefix(json, `{"ScriptContent":"`), `"}`)
		h := sha256.Sum256([]byte(content))
		r.text(cScript, content)
		r.text(cScriptHash, hex.EncodeToString(h[:]))
	})
}
