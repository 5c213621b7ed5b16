package lower

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/plan"
)

// stages are the Go operators of a plan, in the order in which they run.
type stages struct {
	list   []Stage
	tables map[*plan.GoOp]string
}

// goOp makes n a stage, once, and reads its relation.
func (l *lowering) goOp(n *plan.GoOp) (string, error) {
	table, ok := l.stages.tables[n]
	if !ok {
		if off, ok := n.Op.(interface{ Refusal() string }); ok && off.Refusal() != "" {
			return "", &Unsupported{What: n.Op.Name(), Why: off.Refusal(), Pos: n.Pos}
		}
		st := Stage{Op: n.Op, Columns: n.Columns()}
		for _, in := range n.Ins {
			if len(in.Columns()) == 0 {
				return "", &Unsupported{What: "A table without columns before " + n.Op.Name(), Pos: n.Pos}
			}
			q, err := newLowering(l.target, l.analysis, l.stages).statement(in)
			if err != nil {
				return "", err
			}
			st.Inputs = append(st.Inputs, q)
		}
		table = "s" + strconv.Itoa(len(l.stages.list)+1)
		st.Table = table
		l.stages.list = append(l.stages.list, st)
		l.stages.tables[n] = table
	}
	return "SELECT " + l.columnsOf(n, "") + " FROM " + l.target.Stage(table), nil
}

// Text is the query for people: its stages, then its statement.
func (q Query) Text() string {
	var b strings.Builder
	for _, st := range q.Stages {
		for i, in := range st.Inputs {
			fmt.Fprintf(&b, "-- input %d of %s\n%s;\n", i+1, st.Table, in.SQL)
		}
		fmt.Fprintf(&b, "-- %s = %s\n", st.Table, st.Op.Name())
	}
	return b.String() + q.SQL
}
