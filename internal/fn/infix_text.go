package fn

import (
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/terms"
	"github.com/harrier-hunting/harrier/internal/types"
)

// infixTextRows are the operators that look for one text in another. Each
// comes four times: without case and with (_cs), plain and negated. A dynamic
// operand counts as its text, null as ""; so the results are never null, and
// a negated operator is true on null (recorded).
var infixTextRows = slices.Concat(
	textOperator{name: "has", doc: "The right text stands in the left one as whole terms.",
		mode: terms.Term, example: [3]string{"North America", "America", "Amer"}}.rows(),
	textOperator{name: "hasprefix", doc: "A term of the left text begins with the right one.",
		mode: terms.Start, example: [3]string{"North America", "Ame", "mer"}}.rows(),
	textOperator{name: "hassuffix", doc: "A term of the left text ends with the right one.",
		mode: terms.End, example: [3]string{"NORTH AMERICA", "ICA", "AMERIC"}}.rows(),
	textOperator{name: "contains", doc: "The right text stands anywhere in the left one.",
		sql: "contains({0}, {1})", example: [3]string{"FabriKam", "briK", "xyz"}}.rows(),
	textOperator{name: "startswith", doc: "The left text begins with the right one.",
		fold: terms.HasPrefixFold, exact: strings.HasPrefix, sql: "starts_with({0}, {1})",
		example: [3]string{"Fabrikam", "Fab", "kam"}}.rows(),
	textOperator{name: "endswith", doc: "The left text ends with the right one.",
		fold: terms.HasSuffixFold, exact: strings.HasSuffix, sql: "ends_with({0}, {1})",
		example: [3]string{"FabriKam", "Kam", "brik"}}.rows(),
)

// textOperator describes four rows.
type textOperator struct {
	name, doc   string
	mode        terms.Mode
	fold, exact func(text, needle string) bool // instead of mode
	sql         string                         // what DuckDB calls the exact form
	// example is a text, something in it that is found only as written or
	// without case, and something that is not found.
	example [3]string
}

func (o textOperator) rows() []Spec {
	var rows []Spec
	for _, cs := range []bool{false, true} {
		for _, not := range []bool{false, true} {
			rows = append(rows, o.row(cs, not))
		}
	}
	return rows
}

func (o textOperator) row(cs, not bool) Spec {
	s := Spec{
		Name: o.name, Kind: Infix, Doc: o.doc, Ref: o.name + "-operator",
		Sigs:  []Sig{{Decl: "(text: stringdyn, needle: stringdyn): bool"}},
		Nulls: NeverNull, Eval: o.eval(cs, not),
	}
	if cs {
		s.Name, s.Ref = o.name+"_cs", o.name+"-cs-operator"
		s.Doc += " Case counts."
		if o.sql != "" {
			s.DuckDB.Build = plainText(o.sql, not)
		}
	}
	op := s.Name
	if not {
		s.Name, s.Ref = "!"+s.Name, "not-"+s.Ref
		s.Doc = "Negation of " + op + "; true on null."
	}
	s.Examples = o.examples(s.Name, cs, not)
	return s
}

func (o textOperator) examples(op string, cs, not bool) []Example {
	literal := func(b bool) string {
		if b != not {
			return "true"
		}
		return "false"
	}
	text, needle, miss := o.example[0], o.example[1], o.example[2]
	return []Example{
		{`"` + text + `" ` + op + ` "` + needle + `"`, literal(true)},
		{`"` + text + `" ` + op + ` "` + otherCase(needle) + `"`, literal(!cs)},
		{`"` + text + `" ` + op + ` "` + miss + `"`, literal(false)},
		{`dynamic(null) ` + op + ` "` + needle + `"`, literal(false)},
	}
}

// otherCase swaps the case of an ASCII text.
func otherCase(s string) string {
	if lower := strings.ToLower(s); lower != s {
		return lower
	}
	return strings.ToUpper(s)
}

func (o textOperator) eval(cs, not bool) Eval {
	compare := o.fold
	if cs {
		compare = o.exact
	}
	if compare != nil {
		return func(c *Call) {
			text, needle := c.text(0), c.text(1)
			for i := range c.N {
				c.Out.Bools[i] = compare(text.at(i), needle.at(i)) != not
			}
		}
	}
	mode := o.mode
	if !cs {
		mode |= terms.FoldCase
	}
	return func(c *Call) { findEval(c, mode, not) }
}

// findEval searches every row. The needle is nearly always the same in all
// rows, so the finder is prepared anew only when it changes.
func findEval(c *Call, mode terms.Mode, not bool) {
	text, needle := c.text(0), c.text(1)
	var f *terms.Finder
	last := ""
	for i := range c.N {
		if n := needle.at(i); f == nil {
			f, last = terms.NewFinder(n, mode), n
		} else if n != last {
			f.Reset(n, mode)
			last = n
		}
		c.Out.Bools[i] = f.In(text.at(i)) != not
	}
}

// plainText lowers an exact comparison of two strings: bytes decide in DuckDB
// as in Eval, and a string is never null.
func plainText(template string, not bool) func(b *Builder) (sqlx.Expr, bool) {
	return func(b *Builder) (sqlx.Expr, bool) {
		if b.Args[0].Type != types.String || b.Args[1].Type != types.String {
			return sqlx.Expr{}, false
		}
		e := sqlx.Format(sqlx.Atom, template, b.Args[0].SQL, b.Args[1].SQL)
		if not {
			e = sqlx.Format(sqlx.Not, "NOT {0}", e)
		}
		return e, true
	}
}
