package simulate

import (
	"strconv"
	"strings"
)

// alert is what the service makes of an attack.
type alert struct {
	title, severity, category string
	techniques                []string
	detection                 string // DetectionSource; EDR if empty
	device                    *device
	account                   *account
	process                   *process
	file                      *fileEvent
	ip, url                   string
	registry                  *registryEvent
}

// raise writes an alert some minutes from now.
func (w *world) raise(a alert) {
	w.at(w.now+w.dice.between(2*minute, 7*minute), func() { w.writeAlert(a) })
}

func (w *world) writeAlert(a alert) {
	if w.now < w.start {
		return
	}
	w.alerts++
	id := "da" + strconv.FormatInt(w.now, 10) + "_" + strconv.Itoa(1_000_000+stable(900_000_000, a.title, strconv.Itoa(w.alerts)))
	techniques := list(a.techniques)
	detection := a.detection
	if detection == "" {
		detection = "EDR"
	}
	info := w.state("AlertInfo")
	info.put("Timestamp", datetime(w.now))
	info.put("AlertId", text(id))
	info.put("Title", text(a.title))
	info.put("Category", text(a.category))
	info.put("Severity", text(a.severity))
	info.put("ServiceSource", text("Microsoft Defender for Endpoint"))
	info.put("DetectionSource", text(detection))
	info.put("AttackTechniques", text(techniques))
	evidence := func(entity, role string) row {
		r := w.state("AlertEvidence")
		r.put("Timestamp", datetime(w.now))
		r.put("AlertId", text(id))
		r.put("Title", text(a.title))
		r.put("Categories", text(`["`+a.category+`"]`))
		r.put("AttackTechniques", text(techniques))
		r.put("ServiceSource", text("Microsoft Defender for Endpoint"))
		r.put("DetectionSource", text(detection))
		r.put("EntityType", text(entity))
		r.put("EvidenceRole", text(role))
		r.put("Severity", text(a.severity))
		r.about(a.device)
		return r
	}
	machine := evidence("Machine", "Impacted")
	machine.put("LocalIP", text(a.device.localIP()))
	machine.put("AdditionalFields", text(`{"OSFamily":"Windows","HealthStatus":"Active","RiskScore":"High"}`))
	if a.account != nil {
		user := evidence("User", "Impacted")
		user.put("AccountName", text(a.account.name))
		user.put("AccountDomain", text(a.account.domain))
		user.put("AccountSid", text(a.account.sid))
		user.put("AccountUpn", text(a.account.upn))
		user.put("AccountObjectId", text(a.account.objectID))
	}
	if p := a.process; p != nil {
		r := evidence("Process", "Related")
		r.put("FileName", text(p.img.file))
		r.put("FolderPath", text(strings.TrimSuffix(p.img.path, `\`+p.img.file)))
		r.put("SHA1", text(p.img.sha1))
		r.put("SHA256", text(p.img.sha256))
		r.put("FileSize", number(p.img.size))
		r.put("ProcessCommandLine", text(p.cmd))
		r.put("AccountName", text(p.login.account.name))
		r.put("AccountDomain", text(p.login.account.domain))
		r.put("AccountSid", text(p.login.account.sid))
	}
	a.details(evidence)
}

// details are the things an alert may name beside device, user and process.
func (a alert) details(evidence func(entity, role string) row) {
	if f := a.file; f != nil {
		r := evidence("File", "Related")
		h1, h256, _ := f.hashes()
		r.put("FileName", text(fileName(f.path)))
		r.put("FolderPath", text(strings.TrimSuffix(f.path, `\`+fileName(f.path))))
		r.put("SHA1", text(h1))
		r.put("SHA256", text(h256))
	}
	if a.ip != "" {
		r := evidence("Ip", "Related")
		r.put("RemoteIP", text(a.ip))
		r.put("EvidenceDirection", text("Destination"))
	}
	if a.url != "" {
		evidence("Url", "Related").put("RemoteUrl", text(a.url))
	}
	if x := a.registry; x != nil {
		r := evidence("RegistryValue", "Related")
		r.put("RegistryKey", text(x.key))
		r.put("RegistryValueName", text(x.name))
		r.put("RegistryValueData", text(x.data))
	}
}

// list is a JSON array of texts.
func list(items []string) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, x := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quote(x))
	}
	b.WriteByte(']')
	return b.String()
}
