package plugin

import (
	"context"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var schemaMerge = Spec{
	Name: "schema_merge", Ref: "schema-merge-plugin",
	Doc:  "One schema of several, as getschema gives them.",
	Sigs: []string{"(PreserveOrder?: const bool): table"},
	Examples: []Example{
		{`union (datatable(Uri:string, Status:int)[] | getschema), (datatable(Uri:string, Status:long, From:string)[] | getschema) | evaluate schema_merge()`,
			`["Uri",0,"System.String","string"]
["Status",1,"System.Int64","long"]
["From",2,"System.String","string"]`},
		{`union (datatable(Uri:string, Status:int)[] | getschema), (datatable(Uri:string, From:string, Status:int)[] | getschema) | evaluate schema_merge(PreserveOrder = false)`,
			`["Uri",0,"System.String","string"]
["From",1,"System.String","string"]
["Status",2,"System.Int32","int"]`},
	},
}

// SchemaMergeColumns are the columns of schema_merge.
func SchemaMergeColumns() []plan.Column {
	return []plan.Column{{Name: "ColumnName", Type: types.String}, {Name: "ColumnOrdinal", Type: types.Long},
		{Name: "DataType", Type: types.String}, {Name: "ColumnType", Type: types.String}}
}

// SchemaMerge is schema_merge; its input has the columns name, ordinal (long)
// and type of getschema.
type SchemaMerge struct{ KeepOrder bool }

// Name of the plugin.
func (SchemaMerge) Name() string { return schemaMerge.Name }

// Ordered: schemas are sets of columns.
func (SchemaMerge) Ordered(int) bool { return true }

// merged is a column of the merged schema.
type merged struct {
	name      string
	low, high int64 // of its ordinals
	kind      string
}

// Run merges by name: ordinals must agree if their order counts (recorded:
// else ordinal -1 and an error for a type), and types widen.
func (p SchemaMerge) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	var cols []*merged
	index := map[string]*merged{}
	err := each(ctx, in[0], func(b *types.Batch) error {
		for i := range b.N {
			name, at, kind := b.Cols[0].Value(i).S, b.Cols[1].Value(i).I, b.Cols[2].Value(i).S
			m := index[name]
			if m == nil {
				m = &merged{name: name, low: at, high: at, kind: kind}
				index[name] = m
				cols = append(cols, m)
				continue
			}
			m.low, m.high, m.kind = min(m.low, at), max(m.high, at), widen(m.kind, kind)
		}
		return nil
	})
	if err != nil {
		return err
	}
	out2 := newWriter(out, []types.Type{types.String, types.Long, types.String, types.String})
	slices.SortStableFunc(cols, func(a, b *merged) int { return int(a.high - b.high) })
	for i, m := range cols {
		at := int64(i)
		if p.KeepOrder {
			if at = m.low; m.low != m.high {
				at, m.kind = -1, "ERROR(columns are out of order)"
			}
		}
		system := "ERROR(unknown CSL type:" + m.kind + ")"
		if t, ok := types.ByName(m.kind); ok {
			system = t.SystemName()
		}
		if err := out2.add(ctx, types.StringValue(m.name), types.LongValue(at), types.StringValue(system), types.StringValue(m.kind)); err != nil {
			return err
		}
	}
	return out2.flush(ctx)
}

// widen is the type that holds values of both.
func widen(a, b string) string {
	ta, aok := types.ByName(a)
	tb, bok := types.ByName(b)
	switch {
	case a == b:
		return a
	case !aok:
		return a
	case !bok:
		return b
	case ta.IsNumber() && tb.IsNumber():
		return max(ta, tb).String() // int < long < real < decimal
	}
	return "ERROR(can't merge types " + a + " and " + b + ")"
}
