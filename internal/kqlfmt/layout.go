package kqlfmt

import (
	"slices"

	"github.com/harrier-hunting/harrier/internal/syntax"
)

// part is a piece of a layout.
type part interface{ part() }

type (
	// tok is one token.
	tok int
	// brk is a place where a line may end: it does when its group does not
	// fit on one line.
	brk struct{}
	// nl is a place where a line ends; keep: one empty line of the text stays.
	nl struct{ keep bool }
	// group fits on one line or has all its breaks.
	group struct {
		from, to int // tokens
		parts    []part
		broken   bool // in any case
	}
	// fill ends a line before the item only when the item does not fit any more.
	fill struct{ from, to int }
	// inner is indented.
	inner struct{ parts []part }
)

func (tok) part()    {}
func (brk) part()    {}
func (nl) part()     {}
func (*group) part() {}
func (fill) part()   {}
func (inner) part()  {}

// newGroup makes a group, broken if something in it is or if a comment stands
// between two of its tokens.
func (f *file) newGroup(from, to int, parts []part) *group {
	broken := to > from+1 && f.comments[to]-f.comments[from+1] > 0
	return &group{from, to, parts, broken || anyBroken(parts)}
}

func anyBroken(parts []part) bool {
	return slices.ContainsFunc(parts, func(p part) bool {
		switch p := p.(type) {
		case *group:
			return p.broken
		case inner:
			return anyBroken(p.parts)
		case nl:
			return true
		}
		return false
	})
}

// cuts are the tokens of this text between from and to that no bracket encloses.
func (f *file) cuts(word string, from, to int) []int {
	var out []int
	for i := from; i < to; i++ {
		if f.word(i) == word && f.toks[i].Class == syntax.PunctToken {
			out = append(out, i)
		}
		i = f.skip(i)
	}
	return out
}

// skip jumps from an opening bracket to its closing one.
func (f *file) skip(i int) int { return max(i, f.toks[i].Match) }

// each calls do with the ranges between the cuts, the cut itself not included.
func each(cuts []int, from, to int, do func(n, from, to int)) {
	for n, c := range append(slices.Clone(cuts), to) {
		do(n, from, c)
		from = c + 1
	}
}

// statements lays out what ";" separates.
func (f *file) statements(from, to int) []part {
	var out []part
	cuts := f.cuts(";", from, to)
	each(cuts, from, to, func(n, a, b int) {
		if a < b {
			if a > from {
				out = append(out, nl{keep: true})
			}
			out = append(out, f.statement(a, b)...)
		}
		if n < len(cuts) {
			out = append(out, tok(b))
		}
	})
	return out
}

// statement lays out one statement without its ";".
func (f *file) statement(from, to int) []part {
	assign := f.cuts("=", from, to)
	if len(assign) == 0 || f.word(from) != "let" || f.is(from, isName) {
		return f.pipeline(from, to, true)
	}
	value := assign[0] + 1
	out := f.flat(from, value)
	switch {
	case value == to:
		return out
	case f.is(value, isFunction):
		return append(out, f.function(value, to)...)
	case len(f.cuts("|", value, to)) > 0:
		return append(out, inner{append([]part{nl{}}, f.pipeline(value, to, true)...)})
	}
	return append(out, f.pipeline(value, to, true)...)
}

// function lays out "(parameters) { body }".
func (f *file) function(from, to int) []part {
	var out []part
	for i := from; i < to; i++ {
		switch m := f.toks[i].Match; {
		case m < 0:
			out = append(out, tok(i))
		case f.word(i) == "{":
			out = append(out, f.bracket(i))
			i = m
		default:
			out = append(out, f.bracket(i))
			i = m
		}
	}
	return out
}

// flat is tokens without any place to end a line.
func (f *file) flat(from, to int) []part {
	var out []part
	for i := from; i < to; i++ {
		out = append(out, tok(i))
	}
	return out
}

// pipeline lays out stages. Where lines is set every "|" starts a line.
func (f *file) pipeline(from, to int, lines bool) []part {
	var out []part
	each(f.cuts("|", from, to), from, to, func(n, a, b int) {
		if n > 0 {
			if lines {
				out = append(out, nl{})
			} else {
				out = append(out, brk{})
			}
			out = append(out, tok(a-1))
		}
		out = append(out, f.stage(a, b)...)
	})
	return out
}

// clauseWords are the words that start a clause of an operator.
func clauseWords(op syntax.Operator) []string {
	switch op.(type) {
	case *syntax.SummarizeOp, *syntax.SortOp, *syntax.TopOp, *syntax.TopHittersOp, *syntax.PartitionOp:
		return []string{"by"}
	case *syntax.MakeSeriesOp:
		return []string{"on", "by"}
	case *syntax.JoinOp:
		return []string{"on", "where"}
	case *syntax.LookupOp, *syntax.MvApplyOp:
		return []string{"on"}
	case *syntax.FindOp, *syntax.GraphMatchOp, *syntax.GraphShortestPathsOp:
		return []string{"where", "project"}
	case *syntax.FacetOp, *syntax.ReduceOp:
		return []string{"by", "with"}
	case *syntax.ParseOp, *syntax.RenderOp:
		return []string{"with"}
	case *syntax.ParseKvOp:
		return []string{"as", "with"}
	case *syntax.ScanOp:
		return []string{"order", "partition", "declare", "with"}
	case *syntax.MakeGraphOp:
		return []string{"with", "partitioned-by"}
	}
	return nil
}

// clausesOnLines are the operators whose clauses start lines when they do not
// fit on one.
func clausesOnLines(op syntax.Operator) bool {
	switch op.(type) {
	case *syntax.SummarizeOp, *syntax.MakeSeriesOp, *syntax.FindOp, *syntax.GraphMatchOp, *syntax.GraphShortestPathsOp:
		return true
	}
	return false
}

// stage lays out an operator, or the expression a pipeline starts with.
func (f *file) stage(from, to int) []part {
	op := f.ops[from]
	switch {
	case from < to && f.is(from, isStep):
		return f.expr(from, to)
	case op == nil:
		return f.items(from, to)
	}
	head := from + 1
	for head < to && f.is(head, isParam) {
		head++
	}
	var words []int
	known := clauseWords(op)
	for i := head; i < to; i++ {
		if slices.Contains(known, f.word(i)) && !f.is(i, isName|isParam) {
			words = append(words, i)
		}
		i = f.skip(i)
	}
	first := to
	if len(words) > 0 {
		first = words[0]
	}
	parts := append(f.flat(from, head), f.list(head, first)...)
	for n, w := range words {
		end := to
		if n+1 < len(words) {
			end = words[n+1]
		}
		clause := []part{tok(w)}
		if items := f.list(w+1, end); len(items) > 0 {
			clause = append(clause, f.newGroup(w, end, items))
		}
		if clausesOnLines(op) && (n > 0 || head < first) {
			clause = []part{inner{append([]part{brk{}}, clause...)}}
		}
		parts = append(parts, clause...)
	}
	return []part{f.newGroup(from, to, parts)}
}

// list lays out what "," separates: one item goes on behind what stands before
// it, several start a line each.
func (f *file) list(from, to int) []part {
	cuts := f.cuts(",", from, to)
	if len(cuts) == 0 {
		return f.expr(from, to)
	}
	return []part{inner{append([]part{brk{}}, f.items(from, to)...)}}
}

// items lays out what "," separates, one a line. A "," that a comment drives to
// a line of its own shares it with the next item.
func (f *file) items(from, to int) []part {
	var out []part
	cuts := f.cuts(",", from, to)
	each(cuts, from, to, func(n, a, b int) {
		if n > 0 && a < b && len(f.toks[a-1].Comments) == 0 {
			out = append(out, brk{})
		}
		out = append(out, f.expr(a, b)...)
		if n < len(cuts) {
			out = append(out, tok(b))
		}
	})
	return out
}
