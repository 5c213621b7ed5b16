package scan_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/testkit/optest"
)

// The naive scan below follows the page's words, with records as structs and
// conditions as Go functions.

type record struct {
	t, n, id int
	e        string
}

// held is a state: the records of s1 … sk, nil where it has none.
type held []*record

func (h held) t(j int) (int, bool) {
	if h == nil || h[j] == nil {
		return 0, false
	}
	return h[j].t, true
}

func (h held) n(j int) int {
	if h == nil || h[j] == nil {
		return 0
	}
	return h[j].n
}

func (h held) e(j int) string {
	if h == nil || h[j] == nil {
		return ""
	}
	return h[j].e
}

type condition struct {
	text  string
	holds func(r record, h held) bool
}

type step struct {
	conds  []condition
	assign int // step whose n is counted on, -1: none
	output string
}

func randomCondition(r *rand.Rand, k int) condition {
	j := r.IntN(k + 1)
	d := r.IntN(5)
	letter := string(rune('A' + r.IntN(3)))
	switch r.IntN(7) {
	case 0:
		return condition{"true", func(record, held) bool { return true }}
	case 1:
		return condition{fmt.Sprintf("t - s%d.t <= %d", j, d), func(r record, h held) bool { x, ok := h.t(j); return ok && r.t-x <= d }}
	case 2:
		return condition{fmt.Sprintf("s%d.n < %d", j, d), func(_ record, h held) bool { return h.n(j) < d }}
	case 3:
		return condition{fmt.Sprintf("e != s%d.e", j), func(r record, h held) bool { return r.e != h.e(j) }}
	case 4:
		return condition{fmt.Sprintf("isnull(s%d.t)", j), func(_ record, h held) bool { _, ok := h.t(j); return !ok }}
	}
	return condition{fmt.Sprintf("e == '%s'", letter), func(r record, _ held) bool { return r.e == letter }}
}

func randomSteps(r *rand.Rand) []step {
	steps := make([]step, 1+r.IntN(4))
	for k := range steps {
		s := step{assign: r.IntN(k+2) - 1, output: []string{"all", "all", "last", "none"}[r.IntN(4)]}
		for range 1 + r.IntN(2) {
			s.conds = append(s.conds, randomCondition(r, k))
		}
		steps[k] = s
	}
	return steps
}

func query(data []record, steps []step) string {
	var b strings.Builder
	b.WriteString("datatable(t:long, e:string)[")
	for i, d := range data {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%d,'%s'", d.t, d.e)
	}
	b.WriteString("] | scan with_match_id=id declare (n:long=0) with (")
	for k, s := range steps {
		fmt.Fprintf(&b, "step s%d output=%s: ", k, s.output)
		for i, c := range s.conds {
			if i > 0 {
				b.WriteString(" and ")
			}
			b.WriteString(c.text)
		}
		if s.assign >= 0 {
			fmt.Fprintf(&b, " => n = s%d.n + 1", s.assign)
		}
		b.WriteString("; ")
	}
	return b.String() + ")"
}

func naive(data []record, steps []step) []string {
	states := make([]held, len(steps))
	last := make([]*record, len(steps))
	next := 0
	var out []string
	emit := func(r record) { out = append(out, fmt.Sprintf(`[%d,"%s",%d,%d]`, r.t, r.e, r.n, r.id)) }
	finish := func(k int) {
		if last[k] != nil {
			emit(*last[k])
			last[k] = nil
		}
	}
	for _, r := range data {
		for k := len(steps) - 1; k >= 0; k-- {
			meets := func(h held) bool {
				return !slices.ContainsFunc(steps[k].conds, func(c condition) bool { return !c.holds(r, h) })
			}
			extended := func(h held) record {
				x := r
				if steps[k].assign >= 0 {
					x.n = h.n(steps[k].assign) + 1
				}
				return x
			}
			deliver := func(x record) {
				switch steps[k].output {
				case "all":
					emit(x)
				case "last":
					last[k] = &x
				}
			}
			// Check 1.
			if k > 0 && states[k-1] != nil {
				seen := make(held, len(steps))
				copy(seen, states[k-1][:k])
				if meets(seen) {
					x := extended(seen)
					x.id = states[k-1][0].id
					finish(k - 1)
					finish(k)
					states[k-1] = nil
					seen[k] = &x
					states[k] = seen
					deliver(x)
					continue
				}
			}
			// Check 2.
			if (k == 0 || states[k] != nil) && meets(states[k]) {
				x := extended(states[k])
				if states[k] == nil {
					x.id = next
					next++
					states[k] = make(held, len(steps))
				} else {
					x.id = states[k][0].id
				}
				states[k][k] = &x
				deliver(x)
			}
		}
	}
	for k := range steps {
		finish(k)
	}
	return out
}

// TestAgainstNaive runs random scans over random records.
func TestAgainstNaive(t *testing.T) {
	env := optest.Env(t)
	r := rand.New(rand.NewPCG(7, 11))
	rows := 0
	for range 1500 {
		steps := randomSteps(r)
		data := make([]record, 1+r.IntN(14))
		for i := range data {
			data[i] = record{t: i + r.IntN(2), e: string(rune('A' + r.IntN(3)))}
		}
		text := query(data, steps)
		got, err := optest.Rows(t, env, text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		want := naive(data, steps)
		if !slices.Equal(got, want) {
			t.Fatalf("%s\ngot\n%s\nwant\n%s", text, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		rows += len(want)
	}
	if rows < 5000 {
		t.Errorf("only %d rows compared", rows)
	}
}
