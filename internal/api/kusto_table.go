package api

import (
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// kustoTable is a small table that the service itself fills: statistics, answers to commands.
type kustoTable struct {
	cols []plan.Column
	rows [][]types.Value
}

// tableOf makes an empty table: tableOf("Name", types.String, "Count", types.Long).
func tableOf(columns ...any) *kustoTable {
	t := &kustoTable{}
	for i := 0; i+1 < len(columns); i += 2 {
		name, _ := columns[i].(string)
		typ, _ := columns[i+1].(types.Type)
		t.cols = append(t.cols, plan.Column{Name: name, Type: typ, Nullable: !typ.NeverNull()})
	}
	return t
}

// add appends a row of the values of the columns' types; a nil is a null.
func (t *kustoTable) add(values ...any) *kustoTable {
	row := make([]types.Value, len(t.cols))
	for i, c := range t.cols {
		row[i] = types.Null(c.Type)
		if c.Type == types.String {
			row[i] = types.StringValue("")
		}
		if i < len(values) {
			switch v := values[i].(type) {
			case string:
				row[i] = types.Value{Type: c.Type, S: v}
			case bool:
				row[i] = types.BoolValue(v)
			case int:
				row[i] = types.Value{Type: c.Type, I: int64(v)}
			case int64:
				row[i] = types.Value{Type: c.Type, I: v}
			case float64:
				row[i] = types.RealValue(v)
			}
		}
	}
	t.rows = append(t.rows, row)
	return t
}

// batch gives the rows the form that the encoders read.
func (t *kustoTable) batch() *engine.Batch {
	b := &engine.Batch{N: len(t.rows)}
	for i, c := range t.cols {
		v := types.NewVector(c.Type, len(t.rows))
		for k, row := range t.rows {
			v.Set(k, row[i])
		}
		b.Cols = append(b.Cols, v)
	}
	return b
}

// appendRows writes the rows as an array.
func (t *kustoTable) appendRows(dst []byte) []byte {
	b := t.batch()
	dst = append(dst, '[')
	for i := range b.N {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendRow(dst, b, i)
	}
	return append(dst, ']')
}
