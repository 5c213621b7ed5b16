package plugin

import (
	"context"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var narrow = Spec{
	Name: "narrow", Ref: "narrow-plugin",
	Doc:  "A row for every cell: the row's number, the column's name, the value as text.",
	Sigs: []string{"(): table"},
	Examples: []Example{{
		`datatable(a:string, b:bool, t:datetime)["x",true,datetime(2017-03-13 11:02:44)] | evaluate narrow()`,
		`[0,"a","x"]
[0,"b","True"]
[0,"t","2017-03-13 11:02:44.0000000"]`,
	}},
}

// NarrowColumns are the columns of narrow.
func NarrowColumns() []plan.Column {
	return []plan.Column{{Name: "Row", Type: types.Long}, {Name: "Column", Type: types.String}, {Name: "Value", Type: types.String}}
}

// Narrow is narrow.
type Narrow struct{}

// Name of the plugin.
func (Narrow) Name() string { return narrow.Name }

// Ordered: rows are numbered.
func (Narrow) Ordered(int) bool { return true }

// Run writes the cells row by row. Values look as on the reference page: True
// and False, and a blank between date and time.
func (Narrow) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	w := newWriter(out, []types.Type{types.Long, types.String, types.String})
	cols := in[0].Columns()
	row := int64(0)
	err := each(ctx, in[0], func(b *types.Batch) error {
		for i := range b.N {
			for k, c := range cols {
				if err := w.add(ctx, types.LongValue(row), types.StringValue(c.Name), types.StringValue(cellText(b.Cols[k], i))); err != nil {
					return err
				}
			}
			row++
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.flush(ctx)
}

func cellText(v *types.Vector, i int) string {
	if v.IsNull(i) {
		return ""
	}
	switch v.Type {
	case types.Bool:
		if v.Bools[i] {
			return "True"
		}
		return "False"
	case types.Datetime:
		text := types.FormatDatetime(v.Ints[i])
		return strings.TrimSuffix(strings.Replace(text, "T", " ", 1), "Z")
	case types.Timespan:
		return types.FormatTimespan(v.Ints[i])
	case types.Real:
		return types.FormatReal(v.Floats[i])
	case types.Int, types.Long:
		return string(dynamic.AppendLong(nil, v.Ints[i]))
	}
	return v.Value(i).S // a copy: the vector is the engine's
}
