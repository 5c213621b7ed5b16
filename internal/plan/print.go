package plan

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Print renders a plan as text, inputs below their node; a shared node is
// printed once and then referred to by number.
func Print(root Node) string {
	p := printer{seen: map[Node]int{}}
	p.node(root, 0)
	return p.b.String()
}

type printer struct {
	b    strings.Builder
	seen map[Node]int
}

func (p *printer) line(depth int, format string, args ...any) {
	p.b.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(&p.b, format, args...)
	p.b.WriteByte('\n')
}

func (p *printer) node(n Node, depth int) {
	if id, ok := p.seen[n]; ok {
		p.line(depth, "see #%d", id)
		return
	}
	id := len(p.seen) + 1
	p.seen[n] = id
	p.line(depth, "#%d %s", id, p.describe(n))
	for _, e := range Exprs(n) {
		Subplans(e, func(s Node) {
			p.line(depth+1, "subquery")
			p.node(s, depth+2)
		})
	}
	for _, in := range n.Inputs() {
		p.node(in, depth+1)
	}
}

func (p *printer) describe(n Node) string {
	switch n := n.(type) {
	case *Scan:
		text := "scan " + n.Table.Name
		if n.Bounds != nil {
			text += fmt.Sprintf(" from %s to %s", types.FormatDatetime(n.Bounds.From), types.FormatDatetime(n.Bounds.To))
		}
		return text
	case *Values:
		return fmt.Sprintf("values %s, %d rows", columnList(n.Out), len(n.Rows))
	case *Filter:
		return "filter " + p.expr(n.Cond, n.Input.Columns())
	case *Project:
		return "project " + p.assigned(n.Out, n.Exprs, n.Input.Columns())
	case *Aggregate:
		return p.aggregate(n)
	case *Distinct:
		return "distinct"
	case *Sort:
		keys := make([]string, len(n.Keys))
		for i, k := range n.Keys {
			keys[i] = p.expr(k.X, n.Input.Columns()) + map[bool]string{true: " desc", false: " asc"}[k.Desc] +
				map[bool]string{true: " nulls first", false: " nulls last"}[k.NullsFirst]
		}
		return "sort " + strings.Join(keys, ", ")
	case *Limit:
		return "limit " + p.expr(n.N, nil)
	case *Join:
		return p.join(n)
	case *Union:
		return "union " + columnList(n.Out)
	case *Unnest:
		return "unnest " + p.list(n.Items, n.Input.Columns())
	case *Window:
		calls := make([]string, len(n.Calls))
		for i, c := range n.Calls {
			calls[i] = c.Fn.Name + "(" + p.list(c.Args, n.Input.Columns()) + ")"
		}
		text := "window " + strings.Join(calls, ", ")
		if len(n.Partition) > 0 {
			text += " for each " + p.list(n.Partition, n.Input.Columns())
		}
		return text
	case *GoOp:
		return "go " + n.Op.Name()
	}
	return "unknown node"
}

func (p *printer) aggregate(n *Aggregate) string {
	in := n.Input.Columns()
	parts := make([]string, len(n.Aggs))
	for i, a := range n.Aggs {
		parts[i] = n.Out[len(n.Keys)+i].Name + " = " + a.Fn.Name + "(" + p.list(a.Args, in) + ")"
		if a.Pick > 0 {
			parts[i] += fmt.Sprintf(" pick %d", a.Pick)
		}
	}
	text := "aggregate " + strings.Join(parts, ", ")
	if len(n.Keys) > 0 {
		text += " by " + p.assigned(n.Out[:len(n.Keys)], n.Keys, in)
	}
	return text
}

func (p *printer) join(n *Join) string {
	kind := [...]string{"innerunique", "inner", "leftouter", "rightouter", "fullouter", "leftsemi", "rightsemi", "leftanti", "rightanti"}[n.Kind]
	keys := make([]string, len(n.LeftKeys))
	for i := range n.LeftKeys {
		keys[i] = p.expr(n.LeftKeys[i], n.Left.Columns()) + " = " + p.expr(n.RightKeys[i], n.Right.Columns())
	}
	return "join " + kind + " on " + strings.Join(keys, ", ")
}

func (p *printer) assigned(out []Column, es []Expr, in []Column) string {
	parts := make([]string, len(es))
	for i, e := range es {
		parts[i] = p.expr(e, in)
		if parts[i] != out[i].Name {
			parts[i] = out[i].Name + " = " + parts[i]
		}
	}
	return strings.Join(parts, ", ")
}

func (p *printer) list(es []Expr, in []Column) string {
	parts := make([]string, len(es))
	for i, e := range es {
		parts[i] = p.expr(e, in)
	}
	return strings.Join(parts, ", ")
}

func (p *printer) expr(e Expr, in []Column) string {
	switch e := e.(type) {
	case *Const:
		if e.Value.Null {
			return e.Value.Type.String() + "(null)"
		}
		return dynamic.FromValue(e.Value)
	case *Col:
		if e.Index < len(in) {
			return in[e.Index].Name
		}
		return fmt.Sprintf("column %d", e.Index)
	case *Call:
		return e.Fn.Name + "(" + p.list(e.Args, in) + ")"
	case *Outer:
		return "outer"
	case *ScalarQuery:
		return "toscalar(subquery)"
	case *InQuery:
		op := "in"
		if e.Not {
			op = "!in"
		}
		return p.expr(e.X, in) + " " + op + " (subquery)"
	}
	return "?"
}

func columnList(cols []Column) string {
	parts := make([]string, len(cols))
	for i, c := range cols {
		parts[i] = c.Name + ":" + c.Type.String()
	}
	return "(" + strings.Join(parts, ", ") + ")"
}
