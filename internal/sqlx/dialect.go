package sqlx

import (
	"math"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Dialect is what differs between SQL engines, as data.
type Dialect struct {
	Name     string
	typeName func(types.Type) string
	literal  func(*Dialect, types.Value) Expr
	fence    func(string) string
}

// TypeName is the SQL type that carries t.
func (d *Dialect) TypeName(t types.Type) string { return d.typeName(t) }

// Literal is the only writer of constants: values reach SQL in no other way.
func (d *Dialect) Literal(v types.Value) Expr { return d.literal(d, v) }

// Fence puts a SELECT so that its conditions hold before anything outside of it
// is computed.
func (d *Dialect) Fence(query string) string { return d.fence(query) }

// DuckDB is the dialect of the embedded engine. Its optimizer moves conditions
// down to the rows that they are about, past joins and views; a sample, here of
// everything, is what it moves none past, and costs one number per 2048 rows.
var DuckDB = &Dialect{Name: "DuckDB", typeName: duckType, literal: duckLiteral, fence: duckFence}

func duckFence(query string) string {
	return "SELECT * FROM (" + query + ") TABLESAMPLE SYSTEM (100 PERCENT)"
}

func duckType(t types.Type) string {
	if t.IsList() {
		return duckType(t.Elem()) + "[]"
	}
	switch t {
	case types.Bool:
		return "BOOLEAN"
	case types.Int:
		return "INTEGER"
	case types.Long, types.Datetime, types.Timespan:
		return "BIGINT"
	case types.Real:
		return "DOUBLE"
	}
	return "VARCHAR"
}

func duckLiteral(d *Dialect, v types.Value) Expr {
	name := d.TypeName(v.Type)
	if v.Null {
		return Expr{"CAST(NULL AS " + name + ")", Atom}
	}
	switch v.Type.Storage() {
	case types.StoreBools:
		if v.I != 0 {
			return Expr{"true", Atom}
		}
		return Expr{"false", Atom}
	case types.StoreFloats:
		switch {
		case math.IsNaN(v.F):
			return Expr{"CAST('nan' AS DOUBLE)", Atom}
		case math.IsInf(v.F, 1):
			return Expr{"CAST('inf' AS DOUBLE)", Atom}
		case math.IsInf(v.F, -1):
			return Expr{"CAST('-inf' AS DOUBLE)", Atom}
		}
		return Expr{"CAST(" + strconv.FormatFloat(v.F, 'e', -1, 64) + " AS DOUBLE)", Atom}
	case types.StoreStrings:
		return duckString(v.S)
	}
	return Expr{"CAST(" + strconv.FormatInt(v.I, 10) + " AS " + name + ")", Atom}
}

// duckString writes a string literal: quotes doubled, bytes that are not
// UTF-8 replaced, and NUL (which would end the statement in the C API) by
// chr(0).
func duckString(s string) Expr {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexByte(s, 0) < 0 {
		return Expr{"'" + strings.ReplaceAll(s, "'", "''") + "'", Atom}
	}
	parts := strings.Split(s, "\x00")
	for i, p := range parts {
		parts[i] = "'" + strings.ReplaceAll(p, "'", "''") + "'"
	}
	return Expr{"concat(" + strings.Join(parts, ", chr(0), ") + ")", Atom}
}
