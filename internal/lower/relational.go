package lower

import (
	"fmt"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// scan reads the stored relations within the guard's bounds.
func (l *lowering) scan(n *plan.Scan) (string, error) {
	if n.Bounds == nil {
		return "", fmt.Errorf("lower: a scan of %s did not go through the guard", n.Table.Name)
	}
	relations := l.target.Relations(n.Table, n.Bounds.From, n.Bounds.To)
	if len(relations) == 0 {
		return l.empty(n), nil
	}
	where := ""
	if n.Table.Time >= 0 {
		lo := l.target.Dialect().Literal(types.DatetimeValue(n.Bounds.From))
		hi := l.target.Dialect().Literal(types.DatetimeValue(n.Bounds.To))
		t := col(n.Table.Time)
		where = " WHERE " + t + " >= " + lo.Text + " AND " + t + " <= " + hi.Text
	}
	var b strings.Builder
	list, width := "", -1 // relations of one width have the same list
	const words = len(" UNION ALL SELECT  FROM ")
	for k, r := range relations {
		if w := min(r.Columns, len(n.Columns())); w != width {
			list, width = l.scanned(n, w), w
			b.Grow((len(relations) - k) * (words + len(list) + len(r.Name) + len(where)))
		}
		if k > 0 {
			b.WriteString(" UNION ALL ")
		}
		b.WriteString("SELECT ")
		b.WriteString(list)
		b.WriteString(" FROM ")
		b.WriteString(r.Name)
		if n.Table.Time < r.Columns {
			b.WriteString(where)
		}
	}
	body := b.String()
	if l.needs[n].order {
		body = "SELECT *, row_number() OVER () AS " + orderCol + " FROM (" + body + ")"
	}
	return body, nil
}

// scanned lists the needed columns of a stored relation that holds the first
// width of the table's; the others are null.
func (l *lowering) scanned(n *plan.Scan, width int) string {
	var items []string
	for i, c := range n.Columns() {
		switch {
		case !l.needs[n].cols.has(i):
		case i >= width:
			items = append(items, l.null(c.Type)+" AS "+col(i))
		default:
			items = append(items, col(i))
		}
	}
	return selectList(items)
}

// null writes the null of a type. A union over many tables holds thousands.
func (l *lowering) null(t types.Type) string {
	text, known := l.nulls[t]
	if !known {
		text = l.target.Dialect().Literal(types.Null(t)).Text
		l.nulls[t] = text
	}
	return text
}

// empty is a relation of n's columns without rows.
func (l *lowering) empty(n plan.Node) string {
	var items []string
	for i, c := range n.Columns() {
		if l.needs[n].cols.has(i) {
			items = append(items, l.null(c.Type)+" AS "+col(i))
		}
	}
	if l.needs[n].order {
		items = append(items, "CAST(0 AS BIGINT) AS "+orderCol)
	}
	return "SELECT " + selectList(items) + " WHERE false"
}

func (l *lowering) values(n *plan.Values) (string, error) {
	if len(n.Rows) == 0 {
		return l.empty(n), nil
	}
	if len(n.Out) == 0 {
		return "SELECT 1 AS x, CAST(0 AS BIGINT) AS " + orderCol, nil
	}
	var b strings.Builder
	b.WriteString("SELECT " + l.columnsOf(n, "") + " FROM (VALUES ")
	for i, row := range n.Rows {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for k, v := range row {
			if k > 0 {
				b.WriteString(", ")
			}
			b.WriteString(l.target.Dialect().Literal(v).Text)
		}
		fmt.Fprintf(&b, ", CAST(%d AS BIGINT))", i)
	}
	b.WriteString(") AS v(")
	for i := range n.Out {
		b.WriteString(col(i) + ", ")
	}
	b.WriteString(orderCol + ")")
	return b.String(), nil
}

func (l *lowering) filter(n *plan.Filter) (string, error) {
	in, err := l.node(n.Input)
	if err != nil {
		return "", err
	}
	cond, err := l.expr(n.Cond, place{filter: true})
	if err != nil {
		return "", err
	}
	body := "SELECT " + l.columnsOf(n, "") + " FROM " + in + " WHERE " + cond.Text
	if n.Fence {
		body = l.target.Dialect().Fence(body)
	}
	return body, nil
}

func (l *lowering) project(n *plan.Project) (string, error) {
	in, err := l.node(n.Input)
	if err != nil {
		return "", err
	}
	nd := l.needs[n]
	var b strings.Builder
	b.Grow(24 * nd.cols.count())
	b.WriteString("SELECT ")
	for i, e := range n.Exprs {
		if !nd.cols.has(i) {
			continue
		}
		if b.Len() > len("SELECT ") {
			b.WriteString(", ")
		}
		if k, ok := e.(*plan.Const); ok && k.Value.Null {
			b.WriteString(l.null(k.Value.Type))
			b.WriteString(" AS ")
			b.WriteString(col(i))
			continue
		}
		x, err := l.expr(e, place{})
		if err != nil {
			return "", err
		}
		b.WriteString(x.Text)
		if name := col(i); x.Text != name {
			b.WriteString(" AS ")
			b.WriteString(name)
		}
	}
	if nd.order {
		if b.Len() > len("SELECT ") {
			b.WriteString(", ")
		}
		b.WriteString(orderCol)
	}
	if b.Len() == len("SELECT ") {
		b.WriteString(selectList(nil))
	}
	b.WriteString(" FROM " + in)
	return b.String(), nil
}

func (l *lowering) distinct(n *plan.Distinct) (string, error) {
	in, err := l.node(n.Input)
	if err != nil {
		return "", err
	}
	items := make([]string, len(n.Columns()))
	for i := range items {
		items[i] = col(i)
	}
	if l.needs[n].order {
		return "SELECT " + selectList(items) + ", " + l.firstRow(n.Input) + " AS " + orderCol + " FROM " + in + " GROUP BY " + strings.Join(items, ", "), nil
	}
	return "SELECT DISTINCT " + selectList(items) + " FROM " + in, nil
}

// firstRow is the order of a group: that of its first row, where rows have
// an order.
func (l *lowering) firstRow(in plan.Node) string {
	if l.needs[in].order {
		return "min(" + orderCol + ")"
	}
	return "row_number() OVER ()"
}

// orderBy writes the ORDER BY list of a sort.
func (l *lowering) orderBy(n *plan.Sort) (string, error) {
	var keys []string
	for _, k := range n.Keys {
		x, err := l.expr(k.X, place{})
		if err != nil {
			return "", err
		}
		if x, err = l.orderKey(k.X, x); err != nil {
			return "", err
		}
		dir, nulls := " ASC", " NULLS LAST"
		if k.Desc {
			dir = " DESC"
		}
		if k.NullsFirst {
			nulls = " NULLS FIRST"
		}
		if k.NullsFirst != k.Desc && mayBeNaN(k.X) {
			keys = append(keys, "isnan("+x.Text+")"+nanSide(k.NullsFirst))
		}
		keys = append(keys, x.Paren(sqlx.Or)+dir+nulls)
	}
	if l.needs[n.Input].order && !n.Total {
		keys = append(keys, orderCol)
	}
	return strings.Join(keys, ", "), nil
}

// nanSide puts NaN beside the nulls (documented). Without it NaN is the
// greatest number, which is the same where nulls are at that end.
func nanSide(nullsFirst bool) string {
	if nullsFirst {
		return " DESC NULLS FIRST"
	}
	return " ASC NULLS LAST"
}

// mayBeNaN reports a real that can be NaN: anything but a constant or rand().
func mayBeNaN(e plan.Expr) bool {
	switch e := e.(type) {
	case *plan.Const:
		return false
	case *plan.Call:
		return e.T == types.Real && e.Fn.Vol != fn.PerRow
	}
	return e.Type() == types.Real
}

// orderKey is what to sort by: the value, or for a decimal, which is text, a
// text of the same order. A constant is a number: engines take literals for
// ordinals of columns or for a mistake.
func (l *lowering) orderKey(e plan.Expr, x sqlx.Expr) (sqlx.Expr, error) {
	if c, ok := e.(*plan.Const); ok {
		text := "CAST(0 AS DOUBLE)"
		if c.Value.Null {
			text = "CAST(NULL AS DOUBLE)"
		}
		return sqlx.Raw(sqlx.Atom, text), nil
	}
	if e.Type() != types.Decimal {
		return x, nil
	}
	key, ok := l.nativeByName(&fn.Spec{}, "__decimal_order", types.Decimal, []fn.Arg{argOf(e, x)})
	if !ok {
		return x, &Unsupported{What: "Ordering by a decimal", Pos: e.Span()}
	}
	return key, nil
}

func (l *lowering) sort(n *plan.Sort) (string, error) {
	in, err := l.node(n.Input)
	if err != nil {
		return "", err
	}
	keys, err := l.orderBy(n)
	if err != nil {
		return "", err
	}
	if keys == "" {
		keys = "1"
	}
	if !l.needs[n].order {
		return "SELECT " + l.columnsOf(n, "") + " FROM " + in + " ORDER BY " + keys, nil
	}
	var items []string
	for i := range n.Columns() {
		if l.needs[n].cols.has(i) {
			items = append(items, col(i))
		}
	}
	items = append(items, "row_number() OVER (ORDER BY "+keys+") AS "+orderCol)
	return "SELECT " + selectList(items) + " FROM " + in + " ORDER BY " + orderCol, nil
}

// limit keeps the first rows; over a sort both go into one select, which the
// engine runs as a top-n.
func (l *lowering) limit(n *plan.Limit) (string, error) {
	count, err := l.expr(n.N, place{})
	if err != nil {
		return "", err
	}
	if s, ok := n.Input.(*plan.Sort); ok && !l.needs[s].order && l.names[s] == "" {
		body, err := l.sort(s)
		if err != nil {
			return "", err
		}
		return body + " LIMIT " + count.Paren(sqlx.Atom), nil
	}
	in, err := l.node(n.Input)
	if err != nil {
		return "", err
	}
	order := ""
	if l.needs[n].order {
		order = " ORDER BY " + orderCol
	}
	return "SELECT " + l.columnsOf(n, "") + " FROM " + in + order + " LIMIT " + count.Paren(sqlx.Atom), nil
}

func (l *lowering) union(n *plan.Union) (string, error) {
	ordered := l.needs[n].order
	var parts []string
	for k, in := range n.Ins {
		name, err := l.node(in)
		if err != nil {
			return "", err
		}
		if _, projected := in.(*plan.Project); projected && !ordered && l.sameNeed(n, in) {
			parts = append(parts, "SELECT * FROM "+name)
			continue
		}
		var items []string
		for i := range n.Columns() {
			if l.needs[n].cols.has(i) {
				items = append(items, col(i))
			}
		}
		if ordered {
			leg := "CAST(0 AS BIGINT)"
			if l.needs[in].order {
				leg = orderCol
			}
			items = append(items, fmt.Sprintf("%d AS leg, %s AS %s", k, leg, orderCol))
		}
		parts = append(parts, "SELECT "+selectList(items)+" FROM "+name)
	}
	body := strings.Join(parts, " UNION ALL ")
	if ordered {
		body = "SELECT * EXCLUDE (leg) REPLACE (row_number() OVER (ORDER BY leg, " + orderCol + ") AS " + orderCol + ") FROM (" + body + ")"
	}
	return body, nil
}

// sameNeed reports that a is written with exactly the columns needed of n.
func (l *lowering) sameNeed(n, a plan.Node) bool {
	return !l.needs[a].order && slices.Equal(l.needs[n].cols, l.needs[a].cols)
}
