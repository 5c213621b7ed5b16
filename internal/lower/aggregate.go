package lower

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// aggregate groups. Row picks (arg_max, arg_min, take_any of several columns)
// are the lowering's own business: all columns of a pick come from one row.
func (l *lowering) aggregate(n *plan.Aggregate) (string, error) {
	in, err := l.node(n.Input)
	if err != nil {
		return "", err
	}
	keys := make([]sqlx.Expr, len(n.Keys))
	for i, k := range n.Keys {
		if keys[i], err = l.expr(k, place{}); err != nil {
			return "", err
		}
	}
	return l.group(n, keys, in)
}

// rankOrder is the order in which a pick prefers rows.
func (l *lowering) rankOrder(n *plan.Aggregate, a *plan.Agg) (string, error) {
	x, err := l.expr(a.Args[0], place{})
	if err != nil {
		return "", err
	}
	if x, err = l.orderKey(a.Args[0], x); err != nil {
		return "", err
	}
	if strings.HasSuffix(a.Fn.Name, "min") {
		if a.Args[0].Type() == types.Real { // NaN wins, as in the engine
			return "isnan(" + x.Text + ") DESC NULLS LAST, " + x.Paren(sqlx.Or) + " ASC NULLS LAST" + l.tie(n), nil
		}
		return x.Paren(sqlx.Or) + " ASC NULLS LAST" + l.tie(n), nil
	}
	return x.Paren(sqlx.Or) + " DESC NULLS LAST" + l.tie(n), nil
}

// tie lets the first of equal rows win, where rows have an order.
func (l *lowering) tie(n *plan.Aggregate) string {
	if l.needs[n.Input].order {
		return ", " + orderCol
	}
	return ""
}

// group writes the aggregates. Picks become a struct per pick, taken apart
// above the group. (A window that numbers the rows of a group is as fast only
// by an optimization of the engine that fails on some plans with semi-joins.)
func (l *lowering) group(n *plan.Aggregate, keys []sqlx.Expr, in string) (string, error) {
	p := place{}
	if l.needs[n.Input].order {
		p.order = " ORDER BY " + orderCol
	}
	var items, by, outer []string
	for i, k := range keys {
		by = append(by, k.Paren(sqlx.Or))
		if l.needs[n].cols.has(i) {
			items = append(items, k.Text+" AS "+col(i))
			outer = append(outer, col(i))
		}
	}
	picks, done := false, map[int]bool{}
	for i, a := range n.Aggs {
		at := len(keys) + i
		if !l.needs[n].cols.has(at) {
			continue
		}
		if a.Pick > 0 {
			picks = true
			if !done[a.Pick] {
				done[a.Pick] = true
				x, err := l.pickStruct(n, a.Pick, p)
				if err != nil {
					return "", err
				}
				items = append(items, x+" AS p"+strconv.Itoa(a.Pick))
			}
			field := fmt.Sprintf("p%d.v%d", a.Pick, i)
			if a.Ret == types.String {
				field = "coalesce(" + field + ", '')"
			}
			outer = append(outer, field+" AS "+col(at))
			continue
		}
		x, err := l.aggCall(a, p)
		if err != nil {
			return "", err
		}
		items = append(items, x.Text+" AS "+col(at))
		outer = append(outer, col(at))
	}
	if l.needs[n].order {
		first := "count(*) * 0" // an aggregate: there is one row even if nothing else is asked for
		if len(by) > 0 {
			first = l.firstRow(n.Input)
		}
		items, outer = append(items, first+" AS "+orderCol), append(outer, orderCol)
	}
	body := "SELECT " + selectList(items) + " FROM " + in
	if len(by) > 0 {
		body += " GROUP BY " + strings.Join(by, ", ")
	} else if len(items) == 0 {
		body = "SELECT count(*) AS x FROM " + in
	}
	if picks {
		body = "SELECT " + selectList(outer) + " FROM (" + body + ")"
	}
	return body, nil
}

// pickStruct is a struct of all values of one pick, from the preferred row.
// Rows whose rank is null lose to any other but win over nothing.
func (l *lowering) pickStruct(n *plan.Aggregate, pick int, p place) (string, error) {
	var fields []string
	var first *plan.Agg
	for i, a := range n.Aggs {
		if a.Pick != pick || !l.needs[n].cols.has(len(n.Keys)+i) {
			continue
		}
		if first == nil {
			first = a
		}
		x, err := l.expr(a.Args[len(a.Args)-1], place{})
		if err != nil {
			return "", err
		}
		fields = append(fields, fmt.Sprintf("v%d := %s", i, x.Text))
	}
	s := "struct_pack(" + strings.Join(fields, ", ") + ")"
	if len(first.Args) == 1 {
		return "first(" + s + p.order + ")", nil
	}
	rank, err := l.expr(first.Args[0], place{})
	if err != nil {
		return "", err
	}
	if rank, err = l.orderKey(first.Args[0], rank); err != nil {
		return "", err
	}
	// Of equal ranks the first row wins, which arg_max promises nobody.
	if first.Args[0].Type() == types.Real || l.needs[n.Input].order {
		order, err := l.rankOrder(n, first)
		return "first(" + s + " ORDER BY " + order + ")", err
	}
	name := "arg_max"
	if strings.HasSuffix(first.Fn.Name, "min") {
		name = "arg_min"
	}
	return fmt.Sprintf("coalesce(%s(%s, %s), first(%s%s))", name, s, rank.Text, s, p.order), nil
}

// aggCall writes one aggregate by its row's SQL.
func (l *lowering) aggCall(a *plan.Agg, p place) (sqlx.Expr, error) {
	args := make([]fn.Arg, len(a.Args))
	for i, e := range a.Args {
		x, err := l.expr(e, place{})
		if err != nil {
			return x, err
		}
		args[i] = argOf(e, x)
	}
	x, err := l.apply(a.Fn, a.Sig, args, a.Ret, p)
	if err == nil && a.Ret == types.String {
		x = sqlx.Raw(sqlx.Atom, "coalesce("+x.Text+", '')")
	}
	return x, err
}
