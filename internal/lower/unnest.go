package lower

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
)

// unnest expands lists: the lists are computed once, then zipped.
func (l *lowering) unnest(n *plan.Unnest) (string, error) {
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
