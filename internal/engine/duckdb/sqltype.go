package duckdb

import (
	"fmt"

	mapping "github.com/duckdb/duckdb-go-bindings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// engineType is the physical form of t, the one that memory.go reads. It
// agrees with sqlx.DuckDB.TypeName, which writes the same in SQL.
func engineType(t types.Type) mapping.Type {
	switch t.Storage() {
	case types.StoreList:
		return mapping.TypeList
	case types.StoreBools:
		return mapping.TypeBoolean
	case types.StoreFloats:
		return mapping.TypeDouble
	case types.StoreStrings:
		return mapping.TypeVarchar
	}
	if t == types.Int {
		return mapping.TypeInteger
	}
	return mapping.TypeBigInt
}

// logicalType makes the engine's description of t; destroy it after use.
func logicalType(t types.Type) mapping.LogicalType {
	if !t.IsList() {
		return mapping.CreateLogicalType(engineType(t))
	}
	elem := logicalType(t.Elem())
	defer mapping.DestroyLogicalType(&elem)
	return mapping.CreateListType(elem)
}

// typeName names an engine type for a log; the frequent ones by name.
func typeName(t mapping.Type) string {
	switch t {
	case mapping.TypeBoolean:
		return "BOOLEAN"
	case mapping.TypeInteger:
		return "INTEGER"
	case mapping.TypeBigInt:
		return "BIGINT"
	case mapping.TypeHugeInt:
		return "HUGEINT"
	case mapping.TypeDouble:
		return "DOUBLE"
	case mapping.TypeDecimal:
		return "DECIMAL"
	case mapping.TypeVarchar:
		return "VARCHAR"
	case mapping.TypeList:
		return "LIST"
	case mapping.TypeSQLNull:
		return "NULL without a type"
	}
	return fmt.Sprintf("type %d of the C API", t)
}
