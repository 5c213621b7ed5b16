package lower

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
)

// unnest expands lists: the lists are computed once, then zipped.
func (l *lowering) unnest(n *plan.Unnest) (string, error) {
	if body, ok, err := l.rangeOf(n); ok || err != nil {
		return body, err
	}
	in, err := l.node(n.Input)
	if err != nil {
		return "", err
	}
	nd, base := l.needs[n], len(n.Input.Columns())
	var inner, outer, lens []string
	for i := range base {
		if nd.cols.has(i) {
			inner, outer = append(inner, col(i)), append(outer, col(i))
		}
	}
	limit := ""
	if n.Limit != nil {
		x, err := l.expr(n.Limit, place{})
		if err != nil {
			return "", err
		}
		limit = x.Text
	}
	for k, item := range n.Items {
		x, err := l.expr(item, place{})
		if err != nil {
			return "", err
		}
		if limit != "" {
			x = sqlx.Raw(sqlx.Atom, "list_slice("+x.Text+", 1, "+limit+")")
		}
		name := fmt.Sprintf("l%d", k)
		inner = append(inner, x.Text+" AS "+name)
		outer = append(outer, "unnest("+name+") AS "+col(base+k))
		lens = append(lens, "coalesce(len("+name+"), 0)")
	}
	if n.WithIndex && nd.cols.has(base+len(n.Items)) {
		outer = append(outer, "unnest(range(greatest("+strings.Join(lens, ", ")+"))) AS "+col(base+len(n.Items)))
	}
	if nd.order { // items in their order within the row
		inner = append(inner, orderCol)
		outer = append(outer, orderCol, "unnest(range(greatest("+strings.Join(lens, ", ")+"))) AS k")
		body := "SELECT " + strings.Join(outer, ", ") + " FROM (SELECT " + strings.Join(inner, ", ") + " FROM " + in + ")"
		return "SELECT * EXCLUDE (k) REPLACE (row_number() OVER (ORDER BY " + orderCol + ", k) AS " + orderCol + ") FROM (" + body + ")", nil
	}
	return "SELECT " + strings.Join(outer, ", ") + " FROM (SELECT " + strings.Join(inner, ", ") + " FROM " + in + ")", nil
}

// rangeOf writes a range of whole numbers as rows of the engine's own, which
// flow and can be stopped; a list of them would be one huge row, which the
// engine expands to its end before it looks whether anybody still waits.
func (l *lowering) rangeOf(n *plan.Unnest) (body string, ok bool, err error) {
	if v, isValues := n.Input.(*plan.Values); !isValues || len(v.Rows) != 1 || len(v.Columns()) != 0 ||
		len(n.Items) != 1 || n.Limit != nil || n.WithIndex {
		return "", false, nil
	}
	list, err := l.expr(n.Items[0], place{})
	if err != nil || !strings.HasPrefix(list.Text, fn.RangeTable+"(") { // only constants are written so
		return "", false, err
	}
	order := ""
	if l.needs[n].order {
		order = ", row_number() OVER () AS " + orderCol
	}
	return "SELECT i AS c0" + order + " FROM " + list.Text + " AS r(i)", true, nil
}
