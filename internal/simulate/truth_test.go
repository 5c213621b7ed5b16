package simulate

import (
	"strings"
	"testing"
)

var eventTables = []string{"DeviceProcessEvents", "DeviceNetworkEvents", "DeviceFileEvents", "DeviceRegistryEvents",
	"DeviceLogonEvents", "DeviceImageLoadEvents", "DeviceEvents", "DeviceCustomProcessEvents", "DeviceCustomNetworkEvents",
	"DeviceCustomFileEvents", "DeviceCustomRegistryEvents", "DeviceCustomImageLoadEvents", "DeviceCustomScriptEvents"}

// copied pairs columns of a process's own event with those of its events.
var copied = [][2]string{
	{"FileName", "InitiatingProcessFileName"}, {"ProcessCommandLine", "InitiatingProcessCommandLine"},
	{"SHA1", "InitiatingProcessSHA1"}, {"SHA256", "InitiatingProcessSHA256"}, {"MD5", "InitiatingProcessMD5"},
	{"AccountName", "InitiatingProcessAccountName"}, {"AccountDomain", "InitiatingProcessAccountDomain"},
	{"AccountSid", "InitiatingProcessAccountSid"}, {"ProcessIntegrityLevel", "InitiatingProcessIntegrityLevel"},
	{"ProcessTokenElevation", "InitiatingProcessTokenElevation"}, {"ProcessUniqueId", "InitiatingProcessUniqueId"},
	{"ProcessVersionInfoOriginalFileName", "InitiatingProcessVersionInfoOriginalFileName"},
	{"InitiatingProcessFileName", "InitiatingProcessParentFileName"},
}

// TestInitiatingProcess checks that every event's process has an event of its
// own, or was there before the window, or is the first of its system; that
// both events say the same of it; and that it started before.
func TestInitiatingProcess(t *testing.T) {
	o, m := options(t), newMemory(true)
	simulate(t, o, m)
	start, _ := o.window()
	started := map[string]record{}
	m.each("DeviceProcessEvents", func(r record) {
		key := r.process("ProcessId", "ProcessCreationTime")
		if _, twice := started[key]; twice {
			t.Errorf("process %s started twice", key)
		}
		started[key] = r
		if r.num("InitiatingProcessCreationTime") >= r.num("ProcessCreationTime") {
			t.Errorf("%s starts before its parent", r.text("ProcessCommandLine"))
		}
	})
	known, first := 0, 0
	for _, table := range eventTables {
		m.each(table, func(r record) {
			if !r.has("InitiatingProcessId") {
				return
			}
			if r.num("InitiatingProcessCreationTime") > r.time() {
				t.Fatalf("%s: an event of %s before its start", table, r.text("InitiatingProcessFileName"))
			}
			own, ok := started[r.process("InitiatingProcessId", "InitiatingProcessCreationTime")]
			pid := r.num("InitiatingProcessId")
			switch {
			case ok:
				known++
				for _, c := range copied {
					if r.b.Table.Ordinal(c[1]) >= 0 && own.text(c[0]) != r.text(c[1]) {
						t.Fatalf("%s: %s is %q, but %s of the process is %q", table, c[1], r.text(c[1]), c[0], own.text(c[0]))
					}
				}
			case pid == 4 || pid == 1:
				first++
			case r.num("InitiatingProcessCreationTime") >= start:
				t.Fatalf("%s: no event started %s %d", table, r.text("InitiatingProcessFileName"), pid)
			}
		})
	}
	if known < 10_000 || first < 100 {
		t.Errorf("only %d events of known processes, %d of first ones", known, first)
	}
}

// TestLifetimes checks that nothing is done by the dead: not after another
// process got the same id, and not after the device started again.
func TestLifetimes(t *testing.T) {
	o := options(t)
	o.Devices, o.Days, o.Events = 12, 10, 80_000
	m := newMemory(true)
	simulate(t, o, m)
	type place struct {
		device string
		pid    int64
	}
	now := map[place]int64{}     // start of the process that has the id
	booted := map[string]int64{} // by device
	reused, boots := 0, 0
	inOrder(m, eventTables[:7], func(table string, r record) {
		device := r.text("DeviceId")
		if table == "DeviceProcessEvents" {
			p := place{device, r.num("ProcessId")}
			if now[p] != 0 {
				reused++
			}
			now[p] = r.num("ProcessCreationTime")
			if name := r.text("FileName"); name == "wininit.exe" {
				booted[device] = r.num("InitiatingProcessCreationTime")
				boots++
			}
		}
		if !r.has("InitiatingProcessId") || r.num("InitiatingProcessId") == 4 {
			return
		}
		at, pid := r.num("InitiatingProcessCreationTime"), r.num("InitiatingProcessId")
		if s := now[place{device, pid}]; s != 0 && s != at {
			t.Fatalf("%s: an event of process %d after another one got its id", table, pid)
		}
		if at < booted[device]-day*20 || (at < booted[device]-hour && pid != 1) {
			t.Fatalf("%s: an event of %s %d from before the restart", table, r.text("InitiatingProcessFileName"), pid)
		}
	})
	if reused < 100 || boots < 8 {
		t.Errorf("too little to check: %d ids used again, %d starts", reused, boots)
	}
}

// inOrder merges tables by time. Rows come in order of time within each.
func inOrder(m *memory, tables []string, do func(table string, r record)) {
	rows := make([][]record, len(tables))
	for i, table := range tables {
		m.each(table, func(r record) { rows[i] = append(rows[i], r) })
	}
	for {
		best := -1
		for i := range rows {
			if len(rows[i]) > 0 && (best < 0 || rows[i][0].order(rows[best][0])) {
				best = i
			}
		}
		if best < 0 {
			return
		}
		do(tables[best], rows[best][0])
		rows[best] = rows[best][1:]
	}
}

func (r record) order(than record) bool {
	a, b := r.time(), than.time()
	return a < b || a == b && r.num("ReportId") < than.num("ReportId")
}

// TestReports checks times and report numbers: inside the window, in order,
// one number once per device.
func TestReports(t *testing.T) {
	o, m := options(t), newMemory(true)
	simulate(t, o, m)
	start, end := o.window()
	seen := map[string]map[int64]int64{}
	for _, name := range tableNames {
		last := map[string]int64{}
		m.each(name, func(r record) {
			if r.time() < start || r.time() >= end {
				t.Fatalf("%s: a row outside the window", name)
			}
			device, id := r.text("DeviceId"), r.num("ReportId")
			if id <= last[device] {
				t.Fatalf("%s: report %d after %d", name, id, last[device])
			}
			last[device] = id
			if seen[device] == nil {
				seen[device] = map[int64]int64{}
			}
			if _, twice := seen[device][id]; twice {
				t.Fatalf("%s: report %d of a device twice", name, id)
			}
			seen[device][id] = r.time()
		})
	}
	for _, name := range stateNames {
		m.each(name, func(r record) {
			if r.b.Table.Time >= 0 && (r.time() < start || r.time() >= end) {
				t.Fatalf("%s: a row outside the window", name)
			}
		})
	}
}

// TestBothEnds checks that a connection to a server is seen there as well.
func TestBothEnds(t *testing.T) {
	m := newMemory(true)
	simulate(t, options(t), m)
	type link struct {
		from, to         string
		fromPort, toPort int64
		time             int64
	}
	accepted := map[link]bool{}
	m.each("DeviceNetworkEvents", func(r record) {
		if r.text("ActionType") == "InboundConnectionAccepted" {
			accepted[link{r.text("RemoteIP"), r.text("LocalIP"), r.num("RemotePort"), r.num("LocalPort"), r.time()}] = true
		}
	})
	for _, port := range []int64{445, 88, 1433, 5432, 3389} {
		n := 0
		m.each("DeviceNetworkEvents", func(r record) {
			if r.text("ActionType") != "ConnectionSuccess" || r.num("RemotePort") != port || !r.has("InitiatingProcessId") {
				return
			}
			n++
			if !accepted[link{r.text("LocalIP"), r.text("RemoteIP"), r.num("LocalPort"), port, r.time()}] {
				t.Errorf("%s connected to %s:%d, which did not accept", r.text("DeviceName"), r.text("RemoteIP"), port)
			}
		})
		if n == 0 {
			t.Errorf("no connection to port %d", port)
		}
	}
}

// TestRhythm checks that people work by day and in the week.
func TestRhythm(t *testing.T) {
	o := options(t)
	o.Days, o.Events = 14, 60_000
	m := newMemory(true)
	simulate(t, o, m)
	zone := map[string]int64{}
	m.each("DeviceInfo", func(r record) {
		for _, s := range sites {
			if r.text("Site") == s.name {
				zone[r.text("DeviceId")] = s.zone
			}
		}
	})
	inside, all := 0, 0
	m.each("DeviceProcessEvents", func(r record) {
		if !strings.HasPrefix(r.text("AccountName"), "user") {
			return
		}
		all++
		z := zone[r.text("DeviceId")]
		if h := (r.time() + z) % day / hour; h >= 7 && h < 21 && !weekend(midnight(r.time(), z), z) {
			inside++
		}
	})
	if all < 2000 || inside*100 < all*88 {
		t.Errorf("%d of %d starts of programs in working hours", inside, all)
	}
}
