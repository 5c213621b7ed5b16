package hunt

import (
	"fmt"
	"slices"
	"testing"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/types"
)

// TestInTable holds "x in (table)" against what the same operator means for a
// list of the table's values.
func TestInTable(t *testing.T) {
	a := newArgs(t)
	const n = 150
	for _, op := range []string{"in", "!in", "in~", "!in~"} {
		for _, ty := range []types.Type{types.String, types.Long, types.Int, types.Real, types.Datetime, types.Guid, types.Bool, types.Decimal} {
			if op[len(op)-1] == '~' && ty != types.String {
				continue
			}
			x, y := letters[ty]+"0", letters[ty]+"1"
			query := fmt.Sprintf("Args | project Id, v = %s %s ((Args | where Id < %d | project %s))", x, op, n, y)
			got, err := ask(a.store, query, a.env, a.scope)
			if err != nil {
				t.Errorf("%s: %s", query, causes(err))
				continue
			}
			spec := a.env.Fns.Lookup(fn.Infix, op)
			left, right := a.named(x), a.named(y)
			for _, row := range got.rows {
				id := int(row[0].I)
				args := []types.Value{left.Value(id)}
				for i := range n {
					args = append(args, right.Value(i))
				}
				want, err := fn.Apply(spec.Sigs[0].Eval, 0, types.Bool, args...)
				if err != nil || !same(row[1], want, 0) {
					t.Errorf("%s: row %d (%v): %v, want %v (%v)", query, id, left.Value(id), row[1], want, err)
					break
				}
			}
		}
	}
}

// named finds a column of Args by name.
func (a *args) named(name string) *types.Vector {
	return a.batch.Cols[slices.IndexFunc(a.batch.Table.Columns, func(c catalog.Column) bool { return c.Name == name })]
}
