package kqlfmt

import (
	"sort"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// role says what the tree knows of a token.
type role uint16

const (
	isName     role = 1 << iota // a name or part of one: never a keyword
	isParam                     // part of name=value of an operator
	isTight                     // "=" without space around it
	isSign                      // "+" or "-" of its operand
	isCall                      // "(" of a call
	isIndex                     // "[" of an element
	isKept                      // stands to the token before it as it was
	isJSON                      // "{" or "}" of a dynamic constant
	isSearch                    // ":" that compares
	isSchema                    // ":" before the schema of evaluate
	isPart                      // begins a part of a parse pattern
	isFunction                  // begins a function: the value of a let
	isStep                      // begins a step of a scan
)

// file is a text with its tokens and what is known of them.
type file struct {
	text  string
	toks  []syntax.Token
	roles []role
	ops   map[int]syntax.Operator // by first token
	cols  map[int]int             // columns of the datatable whose "[" this is
	pairs map[int]bool            // "(" of calls whose arguments come in pairs
	bools map[int]string          // tokens that are the operator and, or

	width    []int // flat width of all tokens before this one
	comments []int // comments before this token
}

func (f *file) word(i int) string { return f.text[f.toks[i].Span.Start:f.toks[i].Span.End] }

func (f *file) is(i int, r role) bool { return f.roles[i]&r != 0 }

// at is the first token at or after a place of the text.
func (f *file) at(off int) int {
	return sort.Search(len(f.toks)-1, func(i int) bool { return f.toks[i].Span.Start >= off })
}

func (f *file) set(s diag.Span, r role) {
	for i := f.at(s.Start); i < len(f.toks)-1 && f.toks[i].Span.End <= s.End; i++ {
		f.roles[i] |= r
	}
}

// find is the first token with this text from from on, before place end.
func (f *file) find(word string, from, end int) (int, bool) {
	for i := f.at(from); i < len(f.toks)-1 && f.toks[i].Span.Start < end; i++ {
		if f.word(i) == word {
			return i, true
		}
	}
	return 0, false
}

func (f *file) mark(q *syntax.Query) {
	f.roles = make([]role, len(f.toks))
	f.ops, f.cols, f.pairs, f.bools = map[int]syntax.Operator{}, map[int]int{}, map[int]bool{}, map[int]string{}
	for i, t := range f.toks {
		if t.Class == syntax.NameToken && syntax.IsKeyword(f.word(i)) {
			for j := i + 1; j < len(f.toks) && f.toks[j].Glued; j++ { // with space it would be the keyword
				f.roles[j] |= isKept
			}
		}
	}
	syntax.Walk(q, func(n syntax.Node) bool {
		if op, ok := n.(syntax.Operator); ok {
			f.ops[f.at(op.Span().Start)] = op
			f.markOperator(op)
		} else {
			f.markNode(n)
		}
		return true
	})
}

func (f *file) markNode(n syntax.Node) {
	at := n.Span()
	switch n := n.(type) {
	case *syntax.Name:
		f.set(at, isName)
	case *syntax.NameRef:
		f.set(at, isName)
		if n.Wildcard {
			f.keep(at)
		}
	case *syntax.Param:
		f.set(at, isParam)
		if i, ok := f.find("=", at.Start, at.End); ok {
			f.roles[i] |= isTight
		}
	case *syntax.Literal:
		f.markLiteral(n)
	case *syntax.TypeExpr:
		f.roles[f.at(at.Start)+1] |= isCall
	case *syntax.Unary:
		f.roles[f.at(at.Start)] |= isSign
	case *syntax.Binary:
		switch n.Op {
		case "and", "or":
			f.bools[f.at(n.OpAt.Start)] = n.Op
		case ":":
			f.roles[f.at(n.OpAt.Start)] |= isSearch
		}
	case *syntax.Call:
		f.markCall(n)
	case *syntax.Index:
		if i, ok := f.find("[", n.X.Span().End, at.End); ok {
			f.roles[i] |= isIndex
		}
	case *syntax.DataTable:
		from := at.Start
		if len(n.Columns) > 0 {
			from = n.Columns[len(n.Columns)-1].Pos.End
		}
		if i, ok := f.find("[", from, at.End); ok {
			f.cols[i] = max(len(n.Columns), 1)
		}
	case *syntax.FunctionDecl:
		f.roles[f.at(at.Start)] |= isFunction
	case *syntax.GraphPattern:
		f.keep(at)
	case *syntax.ParsePart:
		f.roles[f.at(at.Start)] |= isPart
	case *syntax.ScanStep:
		f.roles[f.at(at.Start)] |= isStep
		if i, ok := f.find("=", at.Start, at.End); ok && i > 0 && f.word(i-1) == "output" {
			f.roles[i] |= isTight
		}
	}
}

// keep leaves the space between the tokens of s as it is.
func (f *file) keep(s diag.Span) {
	for i := f.at(s.Start) + 1; i < len(f.toks)-1 && f.toks[i].Span.End <= s.End; i++ {
		f.roles[i] |= isKept
	}
}

func (f *file) markLiteral(n *syntax.Literal) {
	first := f.at(n.Pos.Start)
	if n.Value.Type != types.Dynamic {
		if f.toks[first].Span.End < n.Pos.End {
			f.roles[first] |= isSign // or the first of several strings, which no sign is
		}
		return
	}
	for i := first; i < len(f.toks)-1 && f.toks[i].Span.End <= n.Pos.End; i++ {
		switch f.word(i) {
		case "-":
			f.roles[i] |= isSign
		case "{", "}":
			f.roles[i] |= isJSON
		case "(":
			f.roles[i] |= isCall
		}
	}
}

func (f *file) markCall(n *syntax.Call) {
	from := n.Name.Pos.End
	if len(n.Params) > 0 {
		from = n.Params[len(n.Params)-1].Pos.End
	}
	i := f.at(from)
	if f.word(i) != "(" {
		return
	}
	f.roles[i] |= isCall
	switch n.Name.Text {
	case "case", "bag_pack", "pack", "pack_dictionary":
		f.pairs[i] = len(n.Args) > 2
	}
}

func (f *file) markOperator(op syntax.Operator) {
	switch o := op.(type) {
	case *syntax.MakeGraphOp:
		f.keep(diag.Span{Start: f.toks[f.at(o.Source.Span().End)].Span.Start, End: o.Target.Span().Start})
	case *syntax.GetSchemaOp:
		if i, ok := f.find("=", o.Pos.Start, o.Pos.End); ok {
			f.roles[i] |= isTight
		}
	case *syntax.EvaluateOp:
		if o.Schema != nil {
			if i := f.at(o.Schema.Pos.Start); f.word(i-1) == ":" {
				f.roles[i-1] |= isSchema
			}
		}
	}
}

// measure sums up the widths of the tokens as one line, and the comments.
func (f *file) measure() {
	n := len(f.toks)
	f.width, f.comments = make([]int, n+1), make([]int, n+1)
	for i := range f.toks {
		w := utf8.RuneCountInString(f.word(i))
		if i > 0 && f.spaced(i) {
			w++
		}
		f.width[i+1] = f.width[i] + w
		f.comments[i+1] = f.comments[i] + len(f.toks[i].Comments)
	}
}

// spaced reports whether token i stands apart from the one before it.
func (f *file) spaced(i int) bool {
	a, b := f.word(i-1), f.word(i)
	if f.is(i, isKept) {
		return !f.toks[i].Glued
	}
	switch {
	case f.is(i-1, isSign) && (a == "-" || a == "+"), f.is(i, isTight), f.is(i-1, isTight):
		return false
	case a == "." || b == ".":
		t := f.toks[i-1]
		return !f.toks[i].Glued && t.Class == syntax.LiteralToken && a[0] >= '0' && a[0] <= '9'
	case a == "(" || a == "[":
		return false
	case a == "{" && b == "}":
		return false
	case a == "{":
		return !f.is(i-1, isJSON)
	}
	switch b {
	case ",", ";", ")", "]":
		return false
	case "}":
		return !f.is(i, isJSON)
	case "(":
		return !f.is(i, isCall)
	case "[":
		return !f.is(i, isIndex)
	case ":":
		return f.is(i, isSchema)
	}
	return a != ":" || !f.is(i-1, isSearch)
}
