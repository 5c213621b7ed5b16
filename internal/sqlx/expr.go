// Package sqlx holds SQL expressions with computed parentheses, and what
// differs between SQL dialects as data: quoting, literals, type names.
//
// An Expr is text plus how tightly its outermost operator binds. Expressions
// are put together by Format, which looks at the place of every placeholder
// and adds parentheses only where they are needed; nobody writes them by hand
// and nobody can forget them (`a AND j->>'x'='y'` once misparsed).
package sqlx

import (
	"strconv"
	"strings"
)

// Prec is the binding strength of an expression's outermost operator.
type Prec uint8

// Binding strengths, loosest first. Cast is x::T; Atom needs no parentheses.
const (
	Or Prec = iota + 1
	And
	Not
	Cmp
	Other
	Add
	Mul
	Unary
	Cast
	Atom
)

// Expr is a piece of SQL.
type Expr struct {
	Text string
	Prec Prec
}

// Raw makes an expression of a known strength.
func Raw(p Prec, text string) Expr { return Expr{text, p} }

// Paren returns the text of e for a place that needs at least strength p.
func (e Expr) Paren(p Prec) string {
	if e.Prec >= p {
		return e.Text
	}
	return "(" + e.Text + ")"
}

// Format fills the placeholders {0}, {1} … of a template with args; {*} stands
// for all arguments separated by commas. A placeholder that stands alone
// between parentheses, commas or template ends of an Atom template is put in
// as it is; elsewhere an argument that binds no tighter than the template is
// parenthesised, except the left operand of a plain binary operator of equal
// strength (a - b - c).
func Format(p Prec, template string, args ...Expr) Expr {
	var b strings.Builder
	b.Grow(len(template) + 16*len(args))
	for i := 0; i < len(template); {
		open := strings.IndexByte(template[i:], '{')
		if open < 0 {
			b.WriteString(template[i:])
			break
		}
		open += i
		end := strings.IndexByte(template[open:], '}')
		if end < 0 {
			b.WriteString(template[i:])
			break
		}
		end += open
		b.WriteString(template[i:open])
		name := template[open+1 : end]
		if name == "*" {
			for k, a := range args {
				if k > 0 {
					b.WriteString(", ")
				}
				b.WriteString(a.Text)
			}
		} else if n, err := strconv.Atoi(name); err == nil && n < len(args) {
			a := args[n]
			switch {
			case alone(template, open, end), a.Prec > p, a.Prec == Atom,
				open == 0 && a.Prec == p && leftAssociative(p, template):
				b.WriteString(a.Text)
			default:
				b.WriteString("(" + a.Text + ")")
			}
		} else {
			b.WriteString(template[open : end+1])
		}
		i = end + 1
	}
	return Expr{b.String(), p}
}

// leftAssociative reports a template of one binary operator, "{0} op {1}",
// whose left operand needs no parentheses at equal strength. In a longer
// template a tighter operator may stand beside the placeholder.
func leftAssociative(p Prec, t string) bool {
	return p != Cmp && p != Not && p != Unary && strings.HasPrefix(t, "{0} ") && strings.HasSuffix(t, " {1}") && strings.Count(t, " ") == 2
}

// alone reports a placeholder delimited by parentheses, brackets or commas.
func alone(t string, open, end int) bool {
	l := strings.TrimRight(t[:open], " ")
	r := strings.TrimLeft(t[end+1:], " ")
	if l == "" || r == "" {
		return false
	}
	lc, rc := l[len(l)-1], r[0]
	return (lc == '(' || lc == ',' || lc == '[') && (rc == ')' || rc == ',' || rc == ']')
}

// Call makes name(args…).
func Call(name string, args ...Expr) Expr {
	var b strings.Builder
	b.WriteString(name)
	b.WriteByte('(')
	for i, a := range args {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(a.Text)
	}
	b.WriteByte(')')
	return Expr{b.String(), Atom}
}

// AllOf joins predicates with AND; none is TRUE.
func AllOf(es ...Expr) Expr { return join(And, " AND ", "true", es) }

// AnyOf joins predicates with OR; none is FALSE.
func AnyOf(es ...Expr) Expr { return join(Or, " OR ", "false", es) }

func join(p Prec, op, empty string, es []Expr) Expr {
	switch len(es) {
	case 0:
		return Expr{empty, Atom}
	case 1:
		return es[0]
	}
	var b strings.Builder
	for i, e := range es {
		if i > 0 {
			b.WriteString(op)
		}
		b.WriteString(e.Paren(p))
	}
	return Expr{b.String(), p}
}
