// Package types holds KQL's scalar types, the values of constants, and the
// column vectors in which values travel between the engine, the functions'
// Go meaning and the encoders.
//
// Representation (ADR 0005, 0006, 0007):
//
//	bool      true / false / null
//	int       32 bit, carried as int64
//	long      int64
//	real      float64 (NaN and infinities are values, not null)
//	decimal   canonical decimal text
//	datetime  int64 ticks of 100 ns since 0001-01-01T00:00:00Z
//	timespan  int64 ticks of 100 ns
//	guid      lower-case text with hyphens
//	string    text, never null
//	dynamic   compact JSON text; the JSON value null is the null value
package types

// Type is a KQL scalar type, or a list of one (internal only: what an Unnest
// node takes apart).
type Type uint8

// The scalar types. Unknown is the type of an expression that failed to bind;
// every check accepts it so that one mistake is reported once.
const (
	Unknown Type = iota
	Bool
	Int
	Long
	Real
	Decimal
	Datetime
	Timespan
	Guid
	String
	Dynamic

	listFlag Type = 0x80
)

// Scalars lists the types a column can have, in the order of the reference.
func Scalars() []Type {
	return []Type{Bool, Int, Long, Real, Decimal, Datetime, Timespan, Guid, String, Dynamic}
}

// List returns the internal type "list of t".
func (t Type) List() Type { return t | listFlag }

// IsList reports whether t is an internal list type.
func (t Type) IsList() bool { return t&listFlag != 0 }

// Elem returns the element type of a list type, or t itself.
func (t Type) Elem() Type { return t &^ listFlag }

func (t Type) String() string {
	if t.IsList() {
		return "list(" + t.Elem().String() + ")"
	}
	switch t {
	case Bool:
		return "bool"
	case Int:
		return "int"
	case Long:
		return "long"
	case Real:
		return "real"
	case Decimal:
		return "decimal"
	case Datetime:
		return "datetime"
	case Timespan:
		return "timespan"
	case Guid:
		return "guid"
	case String:
		return "string"
	case Dynamic:
		return "dynamic"
	}
	return "unknown"
}

// ByName resolves a type name as written in KQL, including the old spellings
// (boolean, date, time, double, uuid, uniqueid, int32, int64 …).
func ByName(name string) (Type, bool) {
	switch name {
	case "bool", "boolean":
		return Bool, true
	case "int", "int32":
		return Int, true
	case "long", "int64":
		return Long, true
	case "real", "double":
		return Real, true
	case "decimal":
		return Decimal, true
	case "datetime", "date":
		return Datetime, true
	case "timespan", "time":
		return Timespan, true
	case "guid", "uuid", "uniqueid":
		return Guid, true
	case "string":
		return String, true
	case "dynamic":
		return Dynamic, true
	}
	return Unknown, false
}

// IsNumber reports int, long, real or decimal.
func (t Type) IsNumber() bool { return t == Int || t == Long || t == Real || t == Decimal }

// IsInteger reports int or long.
func (t Type) IsInteger() bool { return t == Int || t == Long }

// IsTicks reports datetime or timespan.
func (t Type) IsTicks() bool { return t == Datetime || t == Timespan }

// NeverNull reports the types without a null value.
func (t Type) NeverNull() bool { return t == String }

// Storage is the Go element type a vector of this type uses.
type Storage uint8

// The storages of a Vector.
const (
	StoreInts    Storage = iota // int, long, datetime, timespan
	StoreBools                  // bool
	StoreFloats                 // real
	StoreStrings                // string, dynamic, guid, decimal
	StoreList                   // lists
)

// Storage tells which slice of a Vector carries values of t.
func (t Type) Storage() Storage {
	switch {
	case t.IsList():
		return StoreList
	case t == Bool:
		return StoreBools
	case t == Real:
		return StoreFloats
	case t == String || t == Dynamic || t == Guid || t == Decimal:
		return StoreStrings
	}
	return StoreInts
}

// NetName is the .NET short name the hunting APIs put into Schema[].Type
// (contract §1.4).
func (t Type) NetName() string {
	switch t {
	case Bool:
		return "SByte"
	case Int:
		return "Int32"
	case Long:
		return "Int64"
	case Real:
		return "Double"
	case Decimal:
		return "Decimal"
	case Datetime:
		return "DateTime"
	case Timespan:
		return "TimeSpan"
	case Guid:
		return "Guid"
	case Dynamic:
		return "Object"
	}
	return "String"
}

// SystemName is the type name getschema reports (System.String …).
func (t Type) SystemName() string {
	switch t {
	case Decimal:
		return "System.Data.SqlTypes.SqlDecimal"
	case Bool, Int, Long, Real, Datetime, Timespan, Guid, Dynamic, String:
		return "System." + t.NetName()
	}
	return "System.Object"
}
