package lower

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Lower writes a guarded plan as one statement for target.
func Lower(g guard.Guarded, target Target) (Query, error) {
	root := g.Root()
	if root == nil {
		return Query{}, fmt.Errorf("lower: the plan did not go through the guard")
	}
	if len(root.Columns()) == 0 { // an engine has no such thing
		return Query{}, &Unsupported{What: "A result without columns"}
	}
	l := newLowering(target, analyse(root), &stages{tables: map[*plan.GoOp]string{}})
	q, err := l.statement(root)
	q.Stages = l.stages.list
	return q, err
}

// lowering writes one statement.
type lowering struct {
	target Target
	analysis
	stages  *stages
	names   map[plan.Node]string
	natives map[string]bool
	texts   map[string]sqlx.Expr // text constants as written
	nulls   map[types.Type]string
	ctes    []string
	query   Query
}

func newLowering(target Target, a analysis, st *stages) *lowering {
	return &lowering{
		target: target, analysis: a, stages: st,
		names: map[plan.Node]string{}, natives: map[string]bool{}, texts: map[string]sqlx.Expr{}, nulls: map[types.Type]string{},
	}
}

// statement writes root with everything below it, down to the Go operators.
func (l *lowering) statement(root plan.Node) (Query, error) {
	top, err := l.node(root)
	if err != nil {
		return Query{}, err
	}
	size := 0
	for _, c := range l.ctes {
		size += len(c) + len("n1000 AS (),\n")
	}
	var b strings.Builder
	b.Grow(size + 8*len(root.Columns()) + 64)
	for i, c := range l.ctes {
		if i == 0 {
			b.WriteString("WITH ")
		} else {
			b.WriteString(",\n")
		}
		b.WriteString(cteName(i) + " AS (")
		b.WriteString(c)
		b.WriteByte(')')
	}
	if len(l.ctes) > 0 {
		b.WriteByte('\n')
	}
	cols := root.Columns()
	items := make([]string, len(cols))
	for i := range items {
		items[i] = col(i)
	}
	last := ""
	if l.needs[root].order {
		last = " ORDER BY " + orderCol
	}
	b.WriteString("SELECT " + selectList(items) + " FROM " + top + last)
	l.query.SQL, l.query.Columns = b.String(), cols
	return l.query, nil
}

// cte adds a common table expression and returns its name.
func (l *lowering) cte(body string) string {
	l.ctes = append(l.ctes, body)
	return cteName(len(l.ctes) - 1)
}

// cteName is the name of the common table expression number i, from 0.
func cteName(i int) string { return "n" + strconv.Itoa(i+1) }

// node lowers n once, however many readers it has.
func (l *lowering) node(n plan.Node) (string, error) {
	if name, ok := l.names[n]; ok {
		return name, nil
	}
	var body string
	var err error
	switch n := n.(type) {
	case *plan.Scan:
		body, err = l.scan(n)
	case *plan.Values:
		body, err = l.values(n)
	case *plan.Filter:
		body, err = l.filter(n)
	case *plan.Project:
		body, err = l.project(n)
	case *plan.Aggregate:
		body, err = l.aggregate(n)
	case *plan.Distinct:
		body, err = l.distinct(n)
	case *plan.Sort:
		body, err = l.sort(n)
	case *plan.Limit:
		body, err = l.limit(n)
	case *plan.Join:
		body, err = l.join(n)
	case *plan.Union:
		body, err = l.union(n)
	case *plan.Unnest:
		body, err = l.unnest(n)
	case *plan.Window:
		body, err = l.window(n)
	case *plan.GoOp:
		body, err = l.goOp(n)
	default:
		err = fmt.Errorf("lower: no rule for %T", n)
	}
	if err != nil {
		return "", err
	}
	name := l.cte(body)
	if _, scan := n.(*plan.Scan); !scan {
		// The engine materialises a CTE that is used twice. That is what a
		// shared computation wants, but never a whole stored table.
		l.names[n] = name
	}
	return name, nil
}

// colNames are the names of the first columns: they are written by the
// thousand.
var colNames = func() (names [1024]string) {
	for i := range names {
		names[i] = "c" + strconv.Itoa(i)
	}
	return names
}()

// col is the internal name of output column i.
func col(i int) string {
	if i < len(colNames) {
		return colNames[i]
	}
	return "c" + strconv.Itoa(i)
}

// orderCol is the hidden column that carries the row order where somebody
// above needs it.
const orderCol = "o"

// columnsOf lists the needed columns of n, and its order, with a prefix.
func (l *lowering) columnsOf(n plan.Node, prefix string) string {
	var parts []string
	nd := l.needs[n]
	for i := range n.Columns() {
		if nd.cols.has(i) {
			parts = append(parts, prefix+col(i))
		}
	}
	if nd.order {
		parts = append(parts, prefix+orderCol)
	}
	return selectList(parts)
}

// selectList joins select items; a row without columns still is a row.
func selectList(parts []string) string {
	if len(parts) == 0 {
		return "1 AS x"
	}
	return strings.Join(parts, ", ")
}

// native registers a row's Eval as an engine function and returns its name.
func (l *lowering) native(n fn.Native) string {
	if !l.natives[n.Name] {
		l.natives[n.Name] = true
		l.query.Natives = append(l.query.Natives, n)
	}
	return n.Name
}
