package check

import (
	"slices"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/queryfile"
)

// unreadable is the rule of queries that a document hides.
const unreadable = "HK001"

// File checks every query of a document. The findings' spans and the edits of
// their fixes are of the document.
func File(f *queryfile.File, env bind.Env) []Finding {
	var out []Finding
	for _, p := range f.Problems {
		out = append(out, Finding{Rule: unreadable, Severity: Warning, Message: p.Message, Hint: p.Hint, Span: p.Span})
	}
	for i := range f.Queries {
		q := &f.Queries[i]
		for _, x := range Query(q.Text, env) {
			x.Span = q.Place(x.Span)
			if x.Fix != nil {
				fix := *x.Fix
				fix.Edits = slices.Clone(fix.Edits)
				for j := range fix.Edits {
					fix.Edits[j].Span = q.Place(fix.Edits[j].Span)
				}
				x.Fix = &fix
			}
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b Finding) int { return a.Span.Start - b.Span.Start })
	return out
}

// FixFile applies the fixes of all queries of a document, the safe ones or
// all, leaving out the rules that are ignored.
func FixFile(f *queryfile.File, env bind.Env, all bool, ignore []string) (*queryfile.File, int) {
	count := 0
	for range rounds {
		text, n := Apply(f.Text, Without(File(f, env), ignore), all)
		if n == 0 {
			break
		}
		f, count = queryfile.Read(f.Path, text), count+n
	}
	return f, count
}

// Without leaves out the findings of rules, by id or name.
func Without(list []Finding, rules []string) []Finding {
	names := ruleNames()
	return slices.DeleteFunc(list, func(f Finding) bool {
		return slices.Contains(rules, f.Rule) || slices.Contains(rules, names[f.Rule])
	})
}

func ruleNames() map[string]string {
	names := map[string]string{unreadable: "unreadable-query"}
	for _, r := range Rules() {
		names[r.ID] = r.Name
	}
	return names
}

// Located is a finding in a file.
type Located struct {
	Path string
	Text string // of the file
	Finding
}

// region is a place in a file: lines and columns from 1, the end exclusive.
type region struct{ start, end diag.Position }

func (l *Located) region(s diag.Span) region {
	return region{diag.At(l.Text, s.Start), diag.At(l.Text, s.End)}
}
