package lower

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
)

// windowCall is a call while its helper columns are being written.
type windowCall struct {
	sql     fn.WindowSQL
	args    []sqlx.Expr
	helpers []sqlx.Expr
	out     int
}

// window adds window columns over the input's row order. The k-th helper of
// every call is computed in the k-th select; see fn.WindowSQL.
func (l *lowering) window(n *plan.Window) (string, error) {
	from, err := l.node(n.Input)
	if err != nil {
		return "", err
	}
	base := len(n.Input.Columns())
	var calls []*windowCall
	for i, w := range n.Calls {
		if !l.needs[n].cols.has(base + i) {
			continue
		}
		c, err := l.windowSQL(w)
		if err != nil {
			return "", err
		}
		c.out = base + i
		calls = append(calls, c)
	}
	part, order := "", ""
	if len(calls) > 0 {
		if part, err = l.partition(n); err != nil {
			return "", err
		}
		if !n.Any {
			order = "ORDER BY " + orderCol
		}
	}
	for step := 0; ; step++ {
		var items []string
		for k, c := range calls {
			if step < len(c.sql.Helpers) {
				x := c.sql.Fill(c.sql.Helpers[step], part, order, c.args, c.helpers)
				name := fmt.Sprintf("w%dh%d", k, step)
				items = append(items, x.Text+" AS "+name)
				c.helpers = append(c.helpers, sqlx.Raw(sqlx.Atom, name))
			}
		}
		if len(items) == 0 {
			break
		}
		from = l.cte("SELECT *, " + strings.Join(items, ", ") + " FROM " + from)
	}
	var items []string
	for i := range base {
		if l.needs[n].cols.has(i) {
			items = append(items, col(i))
		}
	}
	for _, c := range calls {
		items = append(items, c.sql.Fill(c.sql.Value, part, order, c.args, c.helpers).Text+" AS "+col(c.out))
	}
	if l.needs[n].order {
		items = append(items, orderCol)
	}
	return "SELECT " + selectList(items) + " FROM " + from + " " + order, nil
}

// partition lists what the rows of a window are grouped by.
func (l *lowering) partition(n *plan.Window) (string, error) {
	keys := make([]string, len(n.Partition))
	for i, e := range n.Partition {
		x, err := l.expr(e, place{})
		if err != nil {
			return "", err
		}
		keys[i] = x.Paren(sqlx.Or)
	}
	return strings.Join(keys, ", "), nil
}

func (l *lowering) windowSQL(w *plan.WindowCall) (*windowCall, error) {
	c := &windowCall{}
	args := make([]fn.Arg, len(w.Args))
	for i, a := range w.Args {
		x, err := l.expr(a, place{})
		if err != nil {
			return nil, err
		}
		args[i] = argOf(a, x)
		c.args = append(c.args, x)
	}
	b := &fn.Builder{Dialect: l.target.Dialect(), Args: args, Result: w.Ret}
	if w.Fn.Window == nil {
		return nil, &Unsupported{What: w.Fn.Name + " over a row set", Pos: w.Pos}
	}
	var ok bool
	if c.sql, ok = w.Fn.Window(b); !ok {
		return nil, &Unsupported{What: w.Fn.Name + " with arguments of these types", Pos: w.Pos}
	}
	return c, nil
}
