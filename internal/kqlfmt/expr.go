package kqlfmt

import "github.com/harrier-hunting/harrier/internal/syntax"

// expr lays out an expression. It may break before the ors that no bracket
// encloses, or else before the ands.
func (f *file) expr(from, to int) []part {
	for _, op := range []string{"or", "and"} {
		var cuts []int
		for i := from; i < to; i++ {
			if f.bools[i] == op {
				cuts = append(cuts, i)
			}
			i = f.skip(i)
		}
		if cuts != nil {
			return []part{f.chain(cuts, from, to)}
		}
	}
	return f.atoms(from, to)
}

func (f *file) chain(cuts []int, from, to int) *group {
	var parts []part
	each(cuts, from, to, func(n, a, b int) {
		if n > 0 {
			parts = append(parts, brk{}, tok(a-1))
		}
		parts = append(parts, f.expr(a, b)...)
	})
	return f.newGroup(from, to, []part{inner{parts}})
}

// atoms lays out tokens and brackets.
func (f *file) atoms(from, to int) []part {
	var out []part
	for i := from; i < to; i++ {
		if f.is(i, isPart) && i > from {
			end := i + 1
			for end < to && !f.is(end, isPart) {
				end++
			}
			out = append(out, fill{i, end})
		}
		m := f.toks[i].Match
		if m <= i || m >= to || f.is(i, isName|isKept) {
			out = append(out, tok(i))
			continue
		}
		out = append(out, f.bracket(i))
		i = m
	}
	return out
}

// bracket lays out an opening bracket, what it encloses, and its closing one.
func (f *file) bracket(open int) part {
	end := f.toks[open].Match
	from := open + 1
	switch {
	case from == end, f.is(open, isName), f.is(open, isIndex) && end == from+1:
		return f.newGroup(open, end+1, f.flat(open, end+1))
	case f.cols[open] > 0 || f.constants(from, end):
		return f.rows(open, end)
	case f.toks[from].Match == end-1 && len(f.toks[end].Comments)+len(f.toks[from].Comments) == 0 && (f.word(from) != "{" || f.is(from, isJSON)):
		return f.newGroup(open, end+1, []part{tok(open), f.bracket(from), tok(end)}) // ((…)) and ([…])
	}
	content := f.content(open, from, end)
	parts := []part{tok(open), inner{append([]part{brk{}}, content...)}, brk{}, tok(end)}
	return f.newGroup(open, end+1, parts)
}

func (f *file) content(open, from, end int) []part {
	switch {
	case f.word(open) == "{" && !f.is(open, isJSON):
		return f.statements(from, end)
	case len(f.cuts(";", from, end)) > 0:
		return f.statements(from, end)
	}
	if pipes := f.cuts("|", from, end); len(pipes) > 0 {
		return f.pipeline(from, end, len(pipes) > 1)
	}
	if f.pairs[open] {
		return f.twos(from, end)
	}
	if f.ops[from] != nil {
		return f.stage(from, end)
	}
	return f.items(from, end)
}

// twos lays out arguments two a line: conditions and values of case().
func (f *file) twos(from, to int) []part {
	var out, pair []part
	cuts := f.cuts(",", from, to)
	start := from
	each(cuts, from, to, func(n, a, b int) {
		item := f.expr(a, b)
		if n < len(cuts) {
			item = append(item, tok(b))
		}
		if n%2 == 0 {
			start, pair = a, item
			if n > 0 && a < b {
				out = append(out, brk{})
			}
		} else {
			pair = append(pair, inner{append([]part{brk{}}, item...)})
		}
		if n%2 == 1 || n == len(cuts) {
			out = append(out, f.newGroup(start, b, pair))
		}
	})
	return out
}

// constants reports a list of two or more constants: what follows an in, an
// array, a list of indicators.
func (f *file) constants(from, to int) bool {
	items := 0
	for i := from; i < to; i++ {
		if f.is(i, isSign) && i+1 < to {
			i++
		}
		if f.toks[i].Class != syntax.LiteralToken {
			return false
		}
		items++
		if i+1 < to && f.word(i+1) != "," {
			return false
		}
		i++
	}
	return items > 1
}

// rows lays out a list of constants. Rows that the text has stay; a list that
// gets too long is broken into one string a line or lines full of numbers. The
// rows of a datatable are as long as its columns are many.
func (f *file) rows(open, end int) part {
	var items []part
	cols := f.cols[open]
	if cols == 1 {
		cols = 0
	}
	cuts := f.cuts(",", open+1, end)
	kept := false
	for _, c := range append([]int{open}, cuts...) {
		kept = kept || f.toks[c+1].NewLine
	}
	each(cuts, open+1, end, func(n, a, b int) {
		if a == b { // a comma at the very end
			return
		}
		switch {
		case n == 0, len(f.toks[a-1].Comments) > 0:
		case cols > 0 && n%cols == 0, cols == 0 && kept && f.toks[a].NewLine, cols == 0 && !kept && f.word(a)[0] > '9', cols == 0 && !kept && quoted(f.word(a)):
			items = append(items, brk{})
		case cols == 0:
			items = append(items, fill{a, b + 1})
		}
		items = append(items, f.atoms(a, b)...)
		if n < len(cuts) {
			items = append(items, tok(b))
		}
	})
	g := f.newGroup(open, end+1, []part{tok(open), inner{append([]part{brk{}}, items...)}, brk{}, tok(end)})
	g.broken = g.broken || kept && cols == 0 || cols > 0 && len(cuts) >= cols
	return g
}

func quoted(word string) bool { return word[0] == '"' || word[0] == '\'' || word[0] == '@' }
