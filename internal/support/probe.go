package support

import (
	"errors"
	"fmt"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// prober compiles queries as the service does, for a store that is not there.
type prober struct{ env bind.Env }

// paper is a store with one relation for each table.
type paper struct{}

func (paper) Dialect() *sqlx.Dialect { return sqlx.DuckDB }

func (paper) Stage(name string) string { return name }

func (paper) Relations(t *catalog.Table, _, _ int64) []lower.Relation {
	return []lower.Relation{{Name: t.Name, Columns: len(t.Columns)}}
}

// compile tells how a query runs: in SQL, in Go if some operator of it does,
// or not at all, and why. A query that is wrong, rather than refused, is an
// error.
func (p prober) compile(text string) (State, string, error) {
	scope := guard.Scope{From: p.env.Now - 30*types.TicksPerDay, To: types.MaxDatetime, MaxRows: 10_000}
	c, err := hunt.Compile(text, p.env, scope, paper{})
	var refused *hunt.QueryError
	switch {
	case errors.As(err, &refused):
		first := refused.First()
		if first.Kind != diag.Unsupported {
			return "", "", fmt.Errorf("%s: %s: %s", text, first.Code, first.Message)
		}
		return Refused, reasonOf(first), nil
	case err != nil:
		return "", "", fmt.Errorf("%s: %w", text, err)
	}
	state := SQL
	for _, root := range []plan.Node{c.Bound.Node, c.Guarded.Root()} {
		if root == nil {
			continue
		}
		plan.Walk(root, func(n plan.Node) {
			if _, ok := n.(*plan.GoOp); ok {
				state = Go
			}
		})
	}
	return state, "", nil
}

func reasonOf(d diag.Diagnostic) string {
	if d.Hint != "" {
		return d.Hint
	}
	return d.Message
}
