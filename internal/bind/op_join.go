package bind

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

var joinKinds = map[string]plan.JoinKind{
	"innerunique": plan.InnerUnique, "inner": plan.Inner, "leftouter": plan.LeftOuter, "rightouter": plan.RightOuter,
	"fullouter": plan.FullOuter, "leftsemi": plan.LeftSemi, "rightsemi": plan.RightSemi,
	"leftanti": plan.LeftAnti, "anti": plan.LeftAnti, "leftantisemi": plan.LeftAnti,
	"rightanti": plan.RightAnti, "rightantisemi": plan.RightAnti,
}

// paramText is the text of an operator parameter, or "".
func paramText(params []syntax.Param, name string) string {
	for _, p := range params {
		if p.Name != name {
			continue
		}
		switch v := p.Value.(type) {
		case *syntax.NameRef:
			return v.Name
		case *syntax.NameList:
			names := make([]string, len(v.Names))
			for i, n := range v.Names {
				names[i] = n.Text
			}
			return strings.Join(names, ",")
		case *syntax.Literal:
			if v.Value.Type == types.String {
				return v.Value.S
			}
			return v.Text
		}
	}
	return ""
}

// bindJoin pairs the rows of two tables.
func (b *binder) bindJoin(in rel, op *syntax.JoinOp, c ctx) rel {
	kind := plan.InnerUnique
	if k := paramText(op.Params, "kind"); k != "" {
		var ok bool
		if kind, ok = joinKinds[k]; !ok {
			b.fail(op.Span(), "SEM0005", fmt.Sprintf("'join' operator: '%s' is not a kind of join", k),
				"Expected one of: inner, fullouter, innerunique, leftanti, leftantisemi, anti, leftouter, leftsemi, rightanti, rightantisemi, rightouter, rightsemi")
		}
	}
	if op.Where != nil {
		b.unsupported(op.Where.Span(), "join … where", "use on")
		return rel{open: true}
	}
	right := b.table(op.Right, ctx{sc: c.sc, op: op.Word})
	if right.node == nil {
		return rel{open: true}
	}
	n := &plan.Join{Kind: kind, Left: in.node, Right: right.node}
	b.joinKeys(n, op.On, c, op.Word, op.Span())
	switch kind {
	case plan.LeftSemi, plan.LeftAnti:
		n.Out = in.cols()
	case plan.RightSemi, plan.RightAnti:
		n.Out = right.cols()
	default:
		n.Out = joinColumns(in.cols(), right.cols(), kind == plan.RightOuter || kind == plan.FullOuter,
			kind == plan.LeftOuter || kind == plan.FullOuter, nil)
	}
	return rel{node: n}
}

// bindLookup: a left outer (or inner) join that leaves out the right keys.
func (b *binder) bindLookup(in rel, op *syntax.LookupOp, c ctx) rel {
	kind := plan.LeftOuter
	switch k := paramText(op.Params, "kind"); k {
	case "", "leftouter":
	case "inner":
		kind = plan.Inner
	default:
		b.fail(op.Span(), "SEM0005", fmt.Sprintf("'lookup' operator: '%s' is not a kind of lookup", k), "Expected one of: inner, leftouter")
	}
	right := b.table(op.Right, ctx{sc: c.sc, op: op.Word})
	if right.node == nil {
		return rel{open: true}
	}
	n := &plan.Join{Kind: kind, Left: in.node, Right: right.node}
	b.joinKeys(n, op.On, c, op.Word, op.Span())
	drop := map[int]bool{}
	for _, k := range n.RightKeys {
		if col, ok := k.(*plan.Col); ok && !drop[col.Index] {
			drop[col.Index] = true
			n.DropRight = append(n.DropRight, col.Index)
		}
	}
	n.Out = joinColumns(in.cols(), right.cols(), false, kind == plan.LeftOuter, drop)
	return rel{node: n, ordered: false}
}

// joinColumns is left then right; a right name already taken gets the first
// free number that neither side uses.
func joinColumns(left, right []plan.Column, leftNull, rightNull bool, drop map[int]bool) []plan.Column {
	var out []plan.Column
	names := newNamer(nil)
	for _, col := range left {
		col.Nullable = (col.Nullable || leftNull) && col.Type != types.String
		names.used[col.Name] = true
		out = append(out, col)
	}
	clash := make([]bool, len(right))
	for i, col := range right {
		if drop[i] {
			continue
		}
		clash[i] = names.used[col.Name]
	}
	for i, col := range right {
		if !drop[i] && !clash[i] {
			names.used[col.Name] = true
		}
	}
	for i, col := range right {
		if drop[i] {
			continue
		}
		if clash[i] {
			col.Name = names.take(col.Name)
		}
		col.Nullable = (col.Nullable || rightNull) && col.Type != types.String
		out = append(out, col)
	}
	return out
}

// joinKeys binds the on clause: common columns and $left.a == $right.b,
// separated by commas or "and".
func (b *binder) joinKeys(n *plan.Join, on []syntax.Expr, c ctx, word string, at diag.Span) {
	oc := ctx{sc: c.sc, op: word, left: n.Left.Columns(), right: n.Right.Columns()}
	if len(on) == 0 {
		b.fail(at, "SEM0100", oc.inOp("an on clause is expected"), "e.g. on DeviceId")
		return
	}
	for _, e := range on {
		b.joinKey(n, e, oc)
	}
}

func (b *binder) joinKey(n *plan.Join, e syntax.Expr, oc ctx) {
	switch e := e.(type) {
	case *syntax.Paren:
		b.joinKey(n, e.X, oc)
		return
	case *syntax.Binary:
		if e.Op == "and" {
			b.joinKey(n, e.X, oc)
			b.joinKey(n, e.Y, oc)
			return
		}
		if e.Op == "==" {
			l, lok := b.sideKey(e.X, "$left", oc.left, oc)
			r, rok := b.sideKey(e.Y, "$right", oc.right, oc)
			if lok && rok {
				b.addKey(n, l, r, e.Span(), oc, "")
			}
			return
		}
	case *syntax.NameRef:
		l, r := findColumn(oc.left, e.Name), findColumn(oc.right, e.Name)
		if l < 0 || r < 0 {
			side, cols := "left", oc.left
			if l >= 0 {
				side, cols = "right", oc.right
			}
			b.fail(e.Span(), "SEM0100", oc.inOp(fmt.Sprintf("Failed to resolve column named '%s' on the %s side", e.Name, side)),
				hintDidYouMean(e.Name, columnNames(cols)))
			return
		}
		b.addKey(n, colRef(oc.left, l), colRef(oc.right, r), e.Span(), oc, e.Name)
		return
	}
	b.fail(e.Span(), "SEM0183", oc.inOp("The join condition must be a common column or $left.<column> == $right.<column>"), "")
}

// sideKey resolves $left.a (or $right.b).
func (b *binder) sideKey(e syntax.Expr, side string, cols []plan.Column, oc ctx) (*plan.Col, bool) {
	if p, ok := e.(*syntax.Paren); ok {
		return b.sideKey(p.X, side, cols, oc)
	}
	p, ok := e.(*syntax.Path)
	if ok {
		var ref *syntax.NameRef
		if ref, ok = p.X.(*syntax.NameRef); ok && ref.Name == side {
			m, isName := p.Member.(*syntax.NameRef)
			if !isName {
				ok = false
			} else if i := findColumn(cols, m.Name); i >= 0 {
				return colRef(cols, i), true
			} else {
				b.fail(m.Span(), "SEM0100", oc.inOp(fmt.Sprintf("Failed to resolve column named '%s' on the %s side", m.Name, strings.TrimPrefix(side, "$"))),
					hintDidYouMean(m.Name, columnNames(cols)))
				return nil, false
			}
		} else {
			ok = false
		}
	}
	if !ok {
		b.fail(e.Span(), "SEM0183", oc.inOp("The join condition operand must be: "+side+".<column>"), "")
	}
	return nil, false
}

// addKey adds a pair of keys, brought to one type.
func (b *binder) addKey(n *plan.Join, l, r plan.Expr, at diag.Span, oc ctx, common string) {
	lt, rt := l.Type(), r.Type()
	switch {
	case lt == rt:
	case lt.IsNumber() && rt.IsNumber() && common == "":
		t := widerNumber(lt, rt)
		l, r = b.cast(l, t, at), b.cast(r, t, at)
	case lt == types.Unknown || rt == types.Unknown:
		return
	case common != "":
		b.fail(at, "SEM0227", oc.inOp(fmt.Sprintf("The common column '%s' must have the same type on both sides of the join.", common)),
			fmt.Sprintf("it is %s on the left and %s on the right", lt, rt))
		return
	default:
		b.fail(at, "SEM0064", oc.inOp(fmt.Sprintf("Cannot compare values of types %s and %s. Try adding explicit casts", lt, rt)), "")
		return
	}
	n.LeftKeys, n.RightKeys = append(n.LeftKeys, l), append(n.RightKeys, r)
}
