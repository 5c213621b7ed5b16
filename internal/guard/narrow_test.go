package guard_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// spansOf lists the bounds of the scans of a guarded query, in the order of
// the plan's printing.
func spansOf(t *testing.T, query string, e bind.Env) (spans []plan.Bounds, cut bool) {
	t.Helper()
	root := bound(query, e)
	if root == nil {
		t.Fatalf("%s: refused", query)
	}
	g, err := guard.Apply(root, month(e))
	if err != nil {
		t.Fatal(err)
	}
	plan.Walk(g.Root(), func(n plan.Node) {
		if s, ok := n.(*plan.Scan); ok {
			spans = append(spans, *s.Bounds)
		}
	})
	return spans, g.Cut()
}

// TestNarrow: conditions on the time narrow a scan, and only such that hold
// for every row that the query can still want.
func TestNarrow(t *testing.T) {
	e := env(t)
	day := func(s string) int64 {
		n, ok := types.ParseDatetime(s)
		if !ok {
			t.Fatal(s)
		}
		return n
	}
	from, to, d10, d20 := e.Now-30*types.TicksPerDay, int64(types.MaxDatetime), day("2026-10-10"), day("2026-10-20")
	for _, c := range []struct {
		query    string
		from, to int64
	}{
		{"DeviceInfo", from, to},
		{"DeviceInfo | where Timestamp > datetime(2026-10-10)", d10, to},
		{"DeviceInfo | where Timestamp >= datetime(2026-10-10) and Timestamp < datetime(2026-10-20)", d10, d20},
		{"DeviceInfo | where Timestamp between (datetime(2026-10-10) .. datetime(2026-10-20))", d10, d20},
		{"DeviceInfo | where datetime(2026-10-10) <= Timestamp | where datetime(2026-10-20) >= Timestamp", d10, d20},
		{"DeviceInfo | where Timestamp == datetime(2026-10-10)", d10, d10},
		{"DeviceInfo | where DeviceId == 'x' and (Timestamp > datetime(2026-10-10) and OSBuild > 5)", d10, to},
		{"DeviceInfo | project When = Timestamp, DeviceId | where When > datetime(2026-10-10)", d10, to},
		{"DeviceInfo | project-rename T = Timestamp | extend x = 1 | where T > datetime(2026-10-10)", d10, to},
		{"MachineInfo | where EventTime > datetime(2026-10-10)", d10, to},
		{"DeviceInfo | where Timestamp > datetime(2020-01-01)", from, to},
		// Conditions that say nothing, or say it of something else.
		{"DeviceInfo | where Timestamp > datetime(2026-10-10) or DeviceId == 'x'", from, to},
		{"DeviceInfo | where Timestamp != datetime(2026-10-10)", from, to},
		{"DeviceInfo | where not(Timestamp < datetime(2026-10-10))", from, to},
		{"DeviceInfo | where Timestamp !between (datetime(2026-10-10) .. datetime(2026-10-20))", from, to},
		{"DeviceInfo | where Timestamp > datetime(null)", from, to},
		{"DeviceInfo | extend Timestamp = Timestamp + 5d | where Timestamp > datetime(2026-10-10)", from, to},
		{"DeviceInfo | extend Timestamp = datetime(2026-10-15) | where Timestamp > datetime(2026-10-10)", from, to},
		{"DeviceProcessEvents | where ProcessCreationTime > datetime(2026-10-10)", from, to},
		{"DeviceProcessEvents | project Timestamp = ProcessCreationTime | where Timestamp > datetime(2026-10-10)", from, to},
		{"DeviceInfo | summarize Timestamp = max(Timestamp) by DeviceId | where Timestamp > datetime(2026-10-10)", from, to},
		{"DeviceInfo | take 5 | where Timestamp > datetime(2026-10-10)", from, to},
		{"DeviceInfo | sort by Timestamp asc | take 1 | where Timestamp > datetime(2026-10-10)", from, to},
		{"DeviceInfo | serialize p = prev(OSBuild) | where Timestamp > datetime(2026-10-10)", from, to},
	} {
		spans, _ := spansOf(t, c.query, e)
		if len(spans) != 1 || spans[0].From != c.from || spans[0].To != c.to {
			t.Errorf("%s: scanned from %s to %s, want %s to %s", c.query, types.FormatDatetime(spans[0].From), types.FormatDatetime(spans[0].To),
				types.FormatDatetime(c.from), types.FormatDatetime(c.to))
		}
	}
}

// TestNarrowShared: a table that two readers share keeps the rows of both.
func TestNarrowShared(t *testing.T) {
	e := env(t)
	wide := e.Now - 30*types.TicksPerDay
	for _, query := range []string{
		"let T = DeviceInfo; union (T | where Timestamp > datetime(2026-10-20)), (T | count)",
		"let T = DeviceInfo | where OSBuild > 1; T | where Timestamp > datetime(2026-10-20) | join kind=leftouter T on DeviceId",
		"let T = materialize(DeviceInfo); T | where Timestamp > datetime(2026-10-20) | where OSBuild > toscalar(T | summarize min(OSBuild))",
		"let T = DeviceInfo; T | where Timestamp > datetime(2026-10-20) and DeviceId in ((T | project DeviceId))",
	} {
		spans, _ := spansOf(t, query, e)
		if len(spans) != 1 || spans[0].From != wide {
			t.Errorf("%s: scans %v, want one from %d", query, spans, wide)
		}
	}
	// Two mentions of a table are two scans, each with its own bounds.
	spans, _ := spansOf(t, "union (DeviceInfo | where Timestamp > datetime(2026-10-20)), DeviceInfo", e)
	if len(spans) != 2 || spans[0].From == wide || spans[1].From != wide {
		t.Errorf("two scans have bounds %v", spans)
	}
}

func TestCut(t *testing.T) {
	e := env(t)
	for query, want := range map[string]bool{
		"DeviceInfo":                                                                         false,
		"DeviceInfo | where Timestamp > ago(7d)":                                             false,
		"DeviceInfo | where Timestamp > ago(90d)":                                            true,
		"DeviceInfo | where Timestamp < ago(1d)":                                             false,
		"DeviceInfo | join (DeviceInfo | where Timestamp > ago(31d)) on DeviceId":            true,
		"print x = toscalar(DeviceInfo | where Timestamp > ago(31d) | count)":                true,
		"DeviceProcessEvents | where ProcessCreationTime > ago(90d)":                         false,
		"DeviceInfo | where Timestamp between (ago(60d) .. ago(40d)) or 1 == toint(OSBuild)": false,
	} {
		if _, cut := spansOf(t, query, e); cut != want {
			t.Errorf("%s: cut is %v", query, cut)
		}
	}
}

// condition is a random condition on a time: its text and its value for one,
// as a three-valued truth (0 false, 1 true, 2 null).
type condition struct {
	text  string
	value func(ticks int64) int
}

// conditionOn draws a condition on a column.
func conditionOn(r *rand.Rand, column string, times []int64, depth int) condition {
	if depth > 0 && r.IntN(2) == 0 {
		a, b := conditionOn(r, column, times, depth-1), conditionOn(r, column, times, depth-1)
		switch r.IntN(3) {
		case 0:
			return condition{"(" + a.text + ") and (" + b.text + ")", func(t int64) int { return and(a.value(t), b.value(t)) }}
		case 1:
			return condition{"(" + a.text + ") or (" + b.text + ")", func(t int64) int { return not(and(not(a.value(t)), not(b.value(t)))) }}
		}
		return condition{"not(" + a.text + ")", func(t int64) int { return not(a.value(t)) }}
	}
	k := times[r.IntN(len(times))] + int64(r.IntN(3)) - 1
	op := []string{"<", "<=", ">", ">=", "==", "!="}[r.IntN(6)]
	left, right := column, "datetime("+types.FormatDatetime(k)+")"
	holds := map[string]func(a, b int64) bool{
		"<": func(a, b int64) bool { return a < b }, "<=": func(a, b int64) bool { return a <= b }, ">": func(a, b int64) bool { return a > b },
		">=": func(a, b int64) bool { return a >= b }, "==": func(a, b int64) bool { return a == b }, "!=": func(a, b int64) bool { return a != b },
	}[op]
	if r.IntN(2) == 0 {
		return condition{right + " " + op + " " + left, func(t int64) int { return truth(holds(k, t)) }}
	}
	return condition{left + " " + op + " " + right, func(t int64) int { return truth(holds(t, k)) }}
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func not(a int) int { return []int{1, 0, 2}[a] }

func and(a, b int) int {
	switch {
	case a == 0 || b == 0:
		return 0
	case a == 2 || b == 2:
		return 2
	}
	return 1
}

// TestNarrowLosesNothing: of all times inside the window, those that pass a
// chain of random conditions lie inside the bounds of the scan.
func TestNarrowLosesNothing(t *testing.T) {
	e := env(t)
	scope := month(e)
	r := rand.New(rand.NewPCG(1, 2))
	var times []int64
	for d := range 40 {
		times = append(times, scope.From+int64(d-5)*types.TicksPerDay)
	}
	narrowed := 0
	for range 3000 {
		query, column := "DeviceInfo", "Timestamp"
		var all []condition
		for k := range 1 + r.IntN(3) {
			c := conditionOn(r, column, times, 2)
			all = append(all, c)
			query += " | where " + c.text
			if r.IntN(3) == 0 {
				next := fmt.Sprint("T", k)
				query += " | project-rename " + next + " = " + column
				column = next
			}
		}
		spans, _ := spansOf(t, query, e)
		if spans[0].From > scope.From || spans[0].To < scope.To {
			narrowed++
		}
		for _, at := range times {
			for _, x := range []int64{at - 1, at, at + 1} {
				if x < scope.From || x > scope.To {
					continue
				}
				passes := true
				for _, c := range all {
					passes = passes && c.value(x) == 1
				}
				if passes && (x < spans[0].From || x > spans[0].To) {
					t.Fatalf("%s\nloses %s: scanned from %s to %s", strings.ReplaceAll(query, " | ", "\n| "), types.FormatDatetime(x),
						types.FormatDatetime(spans[0].From), types.FormatDatetime(spans[0].To))
				}
			}
		}
	}
	if narrowed < 500 {
		t.Errorf("only %d of 3000 queries were narrowed", narrowed)
	}
}
