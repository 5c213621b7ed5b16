package lower

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

var joinWords = map[plan.JoinKind]string{
	plan.InnerUnique: "JOIN", plan.Inner: "JOIN", plan.LeftOuter: "LEFT JOIN", plan.RightOuter: "RIGHT JOIN",
	plan.FullOuter: "FULL JOIN", plan.LeftSemi: "SEMI JOIN", plan.RightSemi: "SEMI JOIN",
	plan.LeftAnti: "ANTI JOIN", plan.RightAnti: "ANTI JOIN",
}

// join pairs rows. Null keys match each other, as in KQL.
func (l *lowering) join(n *plan.Join) (string, error) {
	left, err := l.node(n.Left)
	if err != nil {
		return "", err
	}
	right, err := l.node(n.Right)
	if err != nil {
		return "", err
	}
	if n.Kind == plan.InnerUnique {
		if left, err = l.uniqueLeft(n, left); err != nil {
			return "", err
		}
	}
	var conds []sqlx.Expr
	for i := range n.LeftKeys {
		c, err := l.keyPair(n, i)
		if err != nil {
			return "", err
		}
		conds = append(conds, c)
	}
	if n.Residual != nil {
		c, err := l.expr(n.Residual, place{joined: true, split: len(n.Left.Columns()), filter: true})
		if err != nil {
			return "", err
		}
		conds = append(conds, c)
	}
	from := left + " AS l " + joinWords[n.Kind] + " " + right + " AS r"
	if n.Kind == plan.RightSemi || n.Kind == plan.RightAnti {
		from = right + " AS r " + joinWords[n.Kind] + " " + left + " AS l"
	}
	body := "SELECT " + l.joinOutput(n) + " FROM " + from + " ON " + sqlx.AllOf(conds...).Text
	return body, nil
}

// joinOutput lists the output columns; strings that a missing side leaves
// null are "".
func (l *lowering) joinOutput(n *plan.Join) string {
	var items []string
	for i, c := range n.Columns() {
		if !l.needs[n].cols.has(i) {
			continue
		}
		side, k := joinSource(n, i)
		x, outer := "l."+col(k), n.Kind == plan.RightOuter || n.Kind == plan.FullOuter
		if side == 1 {
			x, outer = "r."+col(k), n.Kind == plan.LeftOuter || n.Kind == plan.FullOuter
		}
		if outer && c.Type == types.String {
			x = "coalesce(" + x + ", '')"
		}
		items = append(items, x+" AS "+col(i))
	}
	if l.needs[n].order {
		items = append(items, "row_number() OVER () AS "+orderCol)
	}
	return selectList(items)
}

// keyPair is the equality of one pair of keys.
func (l *lowering) keyPair(n *plan.Join, i int) (sqlx.Expr, error) {
	a, err := l.expr(n.LeftKeys[i], place{prefix: "l."})
	if err != nil {
		return a, err
	}
	b, err := l.expr(n.RightKeys[i], place{prefix: "r."})
	if err != nil {
		return b, err
	}
	op := " = "
	if n.LeftKeys[i].Nullable() && n.RightKeys[i].Nullable() {
		op = " IS NOT DISTINCT FROM "
	}
	return sqlx.Raw(sqlx.Cmp, a.Paren(sqlx.Add)+op+b.Paren(sqlx.Add)), nil
}

// uniqueLeft keeps one left row per key: grouping with a struct of the other
// columns was measured five times cheaper than DISTINCT ON.
func (l *lowering) uniqueLeft(n *plan.Join, left string) (string, error) {
	var keys []string
	for _, k := range n.LeftKeys {
		x, err := l.expr(k, place{})
		if err != nil {
			return "", err
		}
		keys = append(keys, x.Paren(sqlx.Or))
	}
	var fields, items []string
	for i := range n.Left.Columns() {
		if l.needs[n.Left].cols.has(i) {
			fields = append(fields, col(i)+" := "+col(i))
			items = append(items, fmt.Sprintf("s.%s AS %s", col(i), col(i)))
		}
	}
	if len(fields) == 0 {
		fields, items = []string{"x := 1"}, []string{"s.x AS x"}
	}
	return l.cte("SELECT " + strings.Join(items, ", ") + " FROM (SELECT first(struct_pack(" + strings.Join(fields, ", ") +
		")) AS s FROM " + left + " GROUP BY " + strings.Join(keys, ", ") + ")"), nil
}
