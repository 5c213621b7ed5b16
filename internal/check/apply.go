package check

import (
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/bind"
)

// rounds bounds how often a query is fixed anew: one fix can make room for
// another.
const rounds = 10

// Fixed applies the fixes of a query's findings, the safe ones or all, until
// none is left. It returns the new text and how many were applied.
func Fixed(text string, env bind.Env, all bool) (string, int) {
	count := 0
	for range rounds {
		next, n := Apply(text, Query(text, env), all)
		if n == 0 {
			break
		}
		text, count = next, count+n
	}
	return text, count
}

// Apply applies the fixes of findings in text. Of fixes that overlap the
// first one counts.
func Apply(text string, findings []Finding, all bool) (string, int) {
	var edits []Edit
	count := 0
	for _, f := range findings {
		if f.Fix == nil || !f.Fix.Safe && !all || slices.ContainsFunc(f.Fix.Edits, func(e Edit) bool { return overlaps(e, edits) }) {
			continue
		}
		edits = append(edits, f.Fix.Edits...)
		count++
	}
	slices.SortStableFunc(edits, func(a, b Edit) int { return a.Span.Start - b.Span.Start })
	var out strings.Builder
	at := 0
	for _, e := range edits {
		out.WriteString(text[at:e.Span.Start])
		out.WriteString(e.Text)
		at = e.Span.End
	}
	out.WriteString(text[at:])
	return out.String(), count
}

func overlaps(e Edit, taken []Edit) bool {
	return slices.ContainsFunc(taken, func(o Edit) bool {
		return e.Span.Start < o.Span.End && o.Span.Start < e.Span.End || e.Span.Start == o.Span.Start
	})
}
