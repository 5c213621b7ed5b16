package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

func testEnv(t testing.TB) bind.Env {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	fns, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return bind.Env{Catalog: cat, Fns: fns, Now: types.TicksOf(testkit.Now())}
}

// of picks the findings of one rule.
func of(id string, all []Finding) []Finding {
	return slices.DeleteFunc(slices.Clone(all), func(f Finding) bool { return f.Rule != id })
}

// TestExamples: a rule finds something in each of its bad queries and nothing
// in its good ones; its fix gives what it says, and finds nothing more then.
func TestExamples(t *testing.T) {
	env := testEnv(t)
	for _, r := range Rules() {
		for _, bad := range r.Bad {
			found := of(r.ID, Query(bad.Query, env))
			if len(found) == 0 {
				t.Errorf("%s finds nothing in %s", r.ID, bad.Query)
				continue
			}
			fixed, n := Apply(bad.Query, found, true)
			if n == 0 && bad.Fixed != "" || n > 0 && fixed != bad.Fixed {
				t.Errorf("%s fixes %s\ngot  %s\nwant %s", r.ID, bad.Query, fixed, bad.Fixed)
			}
			if n > 0 && len(of(r.ID, Query(fixed, env))) > 0 {
				t.Errorf("%s still finds something in %s", r.ID, fixed)
			}
			if n > 0 {
				accepted(t, r.ID, fixed, env)
			}
		}
		for _, good := range r.Good {
			if found := of(r.ID, Query(good, env)); len(found) > 0 {
				t.Errorf("%s finds %q in %s", r.ID, found[0].Message, good)
			}
			accepted(t, r.ID, good, env)
		}
	}
}

// accepted: an example is a query that the compiler takes.
func accepted(t *testing.T, id, text string, env bind.Env) {
	t.Helper()
	for _, f := range Query(text, env) {
		if f.Severity == Error {
			t.Errorf("%s: %s: %s %s", id, text, f.Rule, f.Message)
		}
	}
}

// TestRulesAreComplete: ids are in order and unique, and every rule has what
// its page needs.
func TestRulesAreComplete(t *testing.T) {
	last := ""
	for _, r := range Rules() {
		if !regexp.MustCompile(`^HK1\d\d$`).MatchString(r.ID) || r.ID <= last {
			t.Errorf("id %s after %s", r.ID, last)
		}
		last = r.ID
		if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(r.Name) || r.Summary == "" || r.Why == "" || len(r.Bad) == 0 || len(r.Good) == 0 {
			t.Errorf("%s is not complete", r.ID)
		}
	}
}

// TestCorpus: on every public hunting query the rules end, point into the
// text, and their safe fixes leave a query that still parses and binds.
func TestCorpus(t *testing.T) {
	env := testEnv(t)
	if testing.Short() {
		t.Skip("takes seconds")
	}
	count, fixes := map[string]int{}, 0
	for _, q := range testkit.Corpus(t) {
		found := Query(q.Query, env)
		bad := worst(found)
		for _, f := range found {
			count[f.Rule]++
			if f.Span.Start < 0 || f.Span.End < f.Span.Start || f.Span.End > len(q.Query) {
				t.Fatalf("%s: %s at %v", q.Path, f.Rule, f.Span)
			}
		}
		if bad == Error {
			continue
		}
		fixed, n := Fixed(q.Query, env, false)
		fixes += n
		if after := Query(fixed, env); worst(after) == Error {
			t.Errorf("%s: fixing breaks the query\n%s\n%v", q.Path, fixed, after)
		}
		if columns(q.Query, env) != columns(fixed, env) {
			t.Errorf("%s: safe fixes change the columns\n%s", q.Path, fixed)
		}
	}
	t.Logf("%d fixes, findings %v", fixes, count)
	if fixes < 100 || len(count) < 20 {
		t.Errorf("%d fixes of %d rules", fixes, len(count))
	}
}

func worst(list []Finding) Severity {
	s := Note
	for _, f := range list {
		s = max(s, f.Severity)
	}
	return s
}

func columns(text string, env bind.Env) string {
	tree, _ := syntax.Parse(text)
	bound, _ := bind.Bind(tree, env)
	if bound.Node == nil {
		return ""
	}
	var names []string
	for _, c := range bound.Node.Columns() {
		names = append(names, c.Name+":"+c.Type.String())
	}
	return strings.Join(names, " ")
}

func TestIgnored(t *testing.T) {
	env := testEnv(t)
	const query = "DeviceEvents | where Timestamp > ago(1d)\n| join DeviceInfo on DeviceId"
	for text, want := range map[string]int{
		query:                                     1,
		query + " // harrier-ignore":              0,
		query + " // harrier-ignore: HK111, HK1":  0,
		query + " // harrier-ignore HK112":        1,
		"// harrier-ignore-file: hk111\n" + query: 0,
		"// harrier-ignore: hk111\n" + query:      1,
		"DeviceEvents | where Timestamp > ago(1d)\n// harrier-ignore: HK111\n| join DeviceInfo on DeviceId": 0,
	} {
		if got := len(of("HK111", Query(text, env))); got != want {
			t.Errorf("%q: %d findings", text, got)
		}
	}
	if found := Query("DeviceEvents | wher 1 // harrier-ignore", env); worst(found) != Error {
		t.Error("an error of the parser can be ignored")
	}
}

// TestCompiler: what the parser and the binder say is a finding, once.
func TestCompiler(t *testing.T) {
	env := testEnv(t)
	for text, want := range map[string]string{
		"DeviceEvents | wher 1":                           "KS176 error",
		"DeviceEvents | where Nothing == 1":               "HK102 note SEM0100 error",
		"DeviceNetworkEvents | where RemotePort == \"1\"": "HK102 note HK107 warning",
		"declare query_parameters(x: string); print x":    "",
		"DeviceInfo | summarize makeset(DeviceName)":      "HK102 note HK104 warning",
	} {
		var got []string
		for _, f := range Query(text, env) {
			got = append(got, f.Rule+" "+f.Severity.String())
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s, want %s", text, s, want)
		}
	}
}

// FuzzQuery: no text makes the rules stumble, and fixes end.
func FuzzQuery(f *testing.F) {
	env := testEnv(f)
	for _, r := range Rules() {
		for _, b := range r.Bad {
			f.Add(b.Query)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, x := range Query(text, env) {
			if x.Span.Start < 0 || x.Span.End < x.Span.Start || x.Span.End > len(text) {
				t.Fatalf("%s at %v", x.Rule, x.Span)
			}
		}
		Fixed(text, env, true)
	})
}

// TestSafe: a fix that could change an answer does not count as safe.
func TestSafe(t *testing.T) {
	env := testEnv(t)
	for text, want := range map[string]bool{
		`DeviceNetworkEvents | where RemotePort == 1 or RemotePort == 2 or RemotePort == 3`:               true,
		`DeviceNetworkEvents | extend b = RemotePort == 1 or RemotePort == 2 or RemotePort == 3`:          false,
		`DeviceNetworkEvents | where not(RemotePort == 1 or RemotePort == 2 or RemotePort == 3)`:          false,
		`DeviceProcessEvents | extend b = AccountName == "a" or AccountName == "b" or AccountName == "c"`: true,
		`DeviceProcessEvents | where ProcessCommandLine contains "mimikatz"`:                              false,
		`DeviceProcessEvents | where ProcessCommandLine contains " mimikatz "`:                            true,
		`DeviceProcessEvents | where tolower(FileName) == "a.exe"`:                                        true,
		`DeviceProcessEvents | where tolower(FileName) == "é.exe"`:                                        false,
		`DeviceProcessEvents | summarize any(FileName)`:                                                   false,
		`DeviceProcessEvents | summarize x = any(FileName)`:                                               true,
		`DeviceInfo | where isnotnull(DeviceName)`:                                                        false,
		`DeviceInfo | join DeviceEvents on DeviceId`:                                                      true,
	} {
		n := 0
		for _, f := range Query(text, env) {
			if f.Fix != nil && f.Rule != "HK122" {
				n++
				if f.Fix.Safe != want {
					t.Errorf("%s: the fix of %s is safe: %v", text, f.Rule, f.Fix.Safe)
				}
			}
		}
		if n != 1 {
			t.Errorf("%s: %d fixes", text, n)
		}
	}
}

// TestHuge: queries that are large in one way or another take no time to
// speak of and give a bounded list.
func TestHuge(t *testing.T) {
	env := testEnv(t)
	lets := "let a0 = DeviceEvents;\n"
	for i := range 60 {
		lets += fmt.Sprintf("let a%d = union a%d, a%d, a%d;\n", i+1, i, i, i)
	}
	for name, text := range map[string]string{
		"lets":       lets + "a60 | count",
		"duplicates": "DeviceNetworkEvents | where RemotePort in (1" + strings.Repeat(", 1", 9_000) + ")",
		"ors":        `DeviceEvents | where FileName == "a"` + strings.Repeat(` or FileName == "b"`, 20_000),
		"unused":     strings.Repeat("let x = 1; // c\n", 20_000) + "DeviceEvents",
		"in":         "DeviceEvents" + strings.Repeat("\n| where DeviceId in (DeviceInfo)", 2000),
	} {
		start := time.Now()
		found := Query(text, env)
		Apply(text, found, true)
		if took := time.Since(start); took > 30*time.Second || len(found) > 2*maxFindings || len(found) == 0 {
			t.Errorf("%s: %d findings in %v", name, len(found), took)
		} else {
			t.Logf("%s: %d findings in %v", name, len(found), took)
		}
	}
}
