package simulate

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestLibrary(t *testing.T) {
	l, err := loadLibrary()
	if err != nil {
		t.Fatal(err)
	}
	windows := map[string]bool{}
	for _, r := range l.roles {
		if r.on[0] != "linux" && r.on[0] != "mac" && r.on[0] != "linuxweb" && r.on[0] != "linuxdb" {
			windows[r.prog.file] = true
		}
	}
	if len(windows) < 120 {
		t.Errorf("only %d programs of Windows", len(windows))
	}
}

// TestReachable checks that every program can be started by something, and
// that every kind of deed in data is somebody's.
func TestReachable(t *testing.T) {
	l, err := loadLibrary()
	if err != nil {
		t.Fatal(err)
	}
	reached := map[string]bool{"System": true, "systemd": true, "launchd": true}
	for _, c := range classes() {
		reached[c.shell] = true
	}
	for _, steps := range l.boot {
		for _, s := range steps {
			reached[s.child] = true
		}
	}
	// Only the base of others, svchost.exe, or started by code: the lock screen, prompts, consoles, sessions, attacks.
	for _, key := range []string{"conhost.exe", "consent.exe", "sshd/session", "updhelper.exe", "procdump64.exe", "PSEXESVC.exe",
		"hltsvc.exe", "locker.exe", "rclone.exe", "7z.exe", "vssadmin.exe", "bcdedit.exe", "wbadmin.exe", "cmd.exe/attack", "cmd.exe/elevated",
		"powershell.exe/attack", "svchost.exe"} {
		reached[key] = true
	}
	for changed := true; changed; {
		changed = false
		for _, r := range l.roles {
			if !reached[r.key] {
				continue
			}
			next := append([]*role{}, r.first...)
			if r.spawn > 0 || r.single {
				next = append(next, r.runs.items...)
			}
			for _, c := range r.commands.items {
				if c.then != nil {
					next = append(next, c.then)
				}
			}
			for _, n := range next {
				if !reached[n.key] {
					reached[n.key], changed = true, true
				}
			}
		}
	}
	used := map[deed]bool{}
	for _, r := range l.roles {
		if !reached[r.key] {
			t.Errorf("nothing starts %s", r.key)
		}
		for k := range r.does {
			for _, d := range r.does[k].items {
				if _, isFunc := d.(deedFunc); !isFunc {
					used[d] = true
				}
			}
		}
	}
	unused := func(kind, name string, d deed) {
		if !used[d] && kind+name != "files share" {
			t.Errorf("no program does %s %s", kind, name)
		}
	}
	for name, d := range l.files {
		unused("files ", name, d)
	}
	for name, d := range l.registry {
		unused("registry ", name, d)
	}
	for name, d := range l.events {
		unused("events ", name, d)
	}
	for name, d := range l.hosts {
		unused("hosts ", name, d)
	}
}

// TestBrokenData checks that damaged data is refused with its reason.
func TestBrokenData(t *testing.T) {
	for _, x := range []struct {
		line func(*library) error
		want string
	}{
		{func(l *library) error { return l.roleLine("x", "", "cmd x") }, "before the first"},
		{func(l *library) error { return l.roleLine("cmd.exe", "", "") }, "defined twice"},
		{func(l *library) error { return l.roleLine("cmd.exe", "", "does net.nothing 3") }, `unknown deed "net.nothing"`},
		{func(l *library) error { return l.roleLine("cmd.exe", "", "does net.web") }, "not a deed and a weight"},
		{func(l *library) error { return l.roleLine("cmd.exe", "", "by nobody") }, "unknown maker"},
		{func(l *library) error { return l.roleLine("cmd.exe", "", "life 5s..1s") }, "is no span"},
		{func(l *library) error { return l.roleLine("cmd.exe", "", "life ever") }, "is no life"},
		{func(l *library) error { return l.roleLine("cmd.exe", "", "cmd a {{b") }, "no }}"},
		{func(l *library) error { return l.roleLine("cmd.exe", "", "cmd a {{b}}") }, "unknown token"},
		{func(l *library) error { return l.roleLine("cmd.exe", "", "info a | b | c | d") }, "product | internal"},
		{func(l *library) error { return l.roleLine("cmd.exe", "", "colour red") }, "unknown word"},
		{func(l *library) error { return l.fileLine("doc", "", "FileCreated x") }, "begin with a weight"},
		{func(l *library) error { return l.fileLine("nowhere", "", "1 FileCreated x") }, "weight, action and path"},
		{func(l *library) error { return l.registryLine("mru", "", "1 RegistryValueSet") }, "weight, action, type"},
		{func(l *library) error { return l.eventLine("dns", "", "1 DnsQueryResponse") }, "has no af"},
		{func(l *library) error { return l.eventLine("dns", "", "1 X | sound=loud | af={}") }, "unknown field"},
		{func(l *library) error { return l.hostLine("web", "", "example.com 443") }, "name, port and protocol"},
		{func(l *library) error { return l.bootLine("windows", "", "1s System nothing.exe") }, "unknown program"},
		{func(l *library) error { return l.libraryLine("", "", "a.dll C:\\x nobody 4") }, "unknown maker"},
		{func(l *library) error { l.byKey["cmd.exe"].runKeys = []string{"1 nothing.exe"}; return l.link() }, "runs the unknown"},
		{func(l *library) error { l.byKey["cmd.exe"].commands = weighted[command]{}; return l.link() }, "no command line"},
	} {
		l, err := loadLibrary()
		if err != nil {
			t.Fatal(err)
		}
		if err := x.line(l); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%v, want %q", err, x.want)
		}
	}
}

func TestQueue(t *testing.T) {
	var q queue
	r := rand.New(rand.NewPCG(1, 2))
	type ran struct{ at, n int64 }
	var got []ran
	for i := range int64(5000) {
		at := int64(r.IntN(300))
		q.add(at, func() { got = append(got, ran{at, i}) })
	}
	for {
		next, ok := q.next()
		if !ok {
			break
		}
		next.run()
	}
	for i := 1; i < len(got); i++ {
		a, b := got[i-1], got[i]
		if a.at > b.at || a.at == b.at && a.n > b.n {
			t.Fatalf("%v ran before %v", a, b)
		}
	}
	if len(got) != 5000 {
		t.Errorf("%d tasks ran", len(got))
	}
}

func TestDice(t *testing.T) {
	d := newDice(1, "test")
	list := zipf([]string{"a", "b", "c", "d"})
	counts := map[string]int{}
	for range 100_000 {
		counts[list.pick(d)]++
	}
	// 1, 1/2, 1/3, 1/4 of 25/12
	for name, want := range map[string]int{"a": 48_000, "b": 24_000, "c": 16_000, "d": 12_000} {
		if got := counts[name]; got < want*95/100 || got > want*105/100 {
			t.Errorf("%s came %d times, want about %d", name, got, want)
		}
	}
	for range 1000 {
		if n := d.between(5, 9); n < 5 || n > 9 {
			t.Fatalf("between 5 and 9: %d", n)
		}
		if n := d.around(100); n < 25 || n > 400 {
			t.Fatalf("around 100: %d", n)
		}
		if d.below(0) != 0 || d.below(1) != 0 || d.between(3, 3) != 3 {
			t.Fatal("no choice, yet another number")
		}
	}
	if a, b := newDice(1, "x").hex(20), newDice(1, "x").hex(20); a != b || len(a) != 20 {
		t.Errorf("one stream gave %s and %s", a, b)
	}
	if newDice(1, "x").guid() == newDice(1, "y").guid() {
		t.Error("two streams gave the same")
	}
}

func TestOvertime(t *testing.T) {
	d := &device{plan: []shift{{from: 10, to: 20, lunch: 14, back: 15}, {from: 30, to: 40}, {from: 60, to: 70}}}
	d.overtime(18, 35)
	d.overtime(45, 50)
	want := []shift{{from: 10, to: 40}, {from: 45, to: 50}, {from: 60, to: 70}}
	if len(d.plan) != len(want) {
		t.Fatalf("%v", d.plan)
	}
	for i := range want {
		if d.plan[i] != want[i] {
			t.Errorf("shift %d is %v, want %v", i, d.plan[i], want[i])
		}
	}
	if !d.working(12) || d.working(42) || !d.working(45) || d.working(70) {
		t.Error("working at the wrong times")
	}
}

// FuzzTemplate checks that no text makes the compiler fail badly.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"", "a", "{{", "}}", "{{n:1-2}}", "{{n:x}}", "{{hex:}}", "{{a|b}}", "{{home}}{{", "{{{GUID}}}", "{{hex:-4}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tpl, err := compile(s)
		if err != nil {
			return
		}
		for _, p := range tpl.parts {
			if p.token == tokHex && (p.lo < 0 || p.lo > 1000) || p.token == tokNumber && p.lo > p.hi {
				t.Errorf("%q: a token that cannot be filled", s)
			}
		}
	})
}
