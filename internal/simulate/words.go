package simulate

import "strconv"

// Names of things. None is a person's or a real company's.

var shares = [...]string{"departments", "projects", "finance", "public", "hr", "sales", "it"}

var shortNames = [...]string{"a4w", "k2d", "xz1", "q0p", "m3n", "t9r", "vb7"}

var appNames = [...]string{"orion", "ledger", "planner", "inventory", "portal", "billing", "webshop", "analytics",
	"scheduler", "gateway", "catalog", "timesheet", "helpdesk", "atlas", "beacon", "compass"}

var words = [...]string{"alpha", "budget", "cache", "config", "core", "data", "delta", "engine", "export", "factory", "filter",
	"forecast", "graph", "handler", "helper", "import", "index", "invoice", "layout", "list", "loader", "manager", "matrix",
	"model", "module", "notes", "order", "parser", "pipeline", "policy", "profile", "project", "queue", "reader", "report",
	"router", "runtime", "schema", "search", "service", "session", "settings", "signal", "state", "storage", "stream",
	"table", "target", "theme", "token", "tracker", "update", "utils", "vector", "view", "widget", "worker"}

var documentKinds = [...]string{"Budget", "Forecast", "Quarterly Report", "Meeting Notes", "Project Plan", "Invoice", "Contract",
	"Presentation", "Roadmap", "Requirements", "Timesheet", "Travel Request", "Price List", "Audit", "Proposal", "Checklist",
	"Minutes", "Offer", "Statement", "Review"}

var documentTopics = [...]string{"North", "South", "Logistics", "Marketing", "Facilities", "Procurement", "Platform",
	"Warehouse", "Retail", "Partners", "Fleet", "Training", "Quality", "Support", "Export"}

var badSites = [...]string{"login-verify.invalid", "parcel-notice.test", "free-tools.invalid", "account-update.test",
	"prize-centre.invalid", "codec-pack.test"}

var siteNouns = [...]string{"river", "stone", "cloud", "maple", "harbor", "meadow", "signal", "north", "copper", "lantern",
	"summit", "willow", "anchor", "cedar", "prairie", "orbit", "ember", "quartz", "valley", "falcon"}

var siteKinds = [...]string{"shop", "news", "labs", "media", "group", "online", "works", "cdn", "tools", "blog", "market", "data"}

var siteTops = [...]string{".example", ".example.com", ".example.org", ".example.net", ".test"}

// documentName is what somebody may call a document.
func documentName(d dice) string {
	name := documentKinds[d.below(len(documentKinds))] + " " + documentTopics[d.below(len(documentTopics))]
	switch d.below(3) {
	case 0:
		return name + " Q" + strconv.Itoa(1+d.below(4))
	case 1:
		return name + " " + strconv.Itoa(2020+d.below(7))
	}
	return name
}

// manyWebSites appends the long tail to the list of web sites: names that are
// visited seldom, some once.
func (l *library) manyWebSites() {
	names := l.hosts["web"]
	n := len(names.all)
	for i := range 600 {
		noun, kind := siteNouns[i%len(siteNouns)], siteKinds[(i/len(siteNouns))%len(siteKinds)]
		top := siteTops[stable(len(siteTops), noun, kind)]
		if i >= len(siteNouns)*len(siteKinds) {
			noun += strconv.Itoa(i)
		}
		names.all = append(names.all, host{noun + "-" + kind + top, 443, "Tcp"})
	}
	for i := range names.all[n:] {
		if i%11 == 10 {
			names.all[n+i].port = 80
		}
	}
	names.list = zipf(names.all)
}
