package types

// Value is one constant. Which field carries it follows Type.Storage();
// a bool is I 0 or 1.
type Value struct {
	Type Type
	Null bool
	I    int64
	F    float64
	S    string
}

// Null is the null of type t. For string it is "".
func Null(t Type) Value { return Value{Type: t, Null: t != String} }

// BoolValue makes a bool.
func BoolValue(b bool) Value {
	v := Value{Type: Bool}
	if b {
		v.I = 1
	}
	return v
}

// IntValue makes an int.
func IntValue(i int32) Value { return Value{Type: Int, I: int64(i)} }

// LongValue makes a long.
func LongValue(i int64) Value { return Value{Type: Long, I: i} }

// RealValue makes a real.
func RealValue(f float64) Value { return Value{Type: Real, F: f} }

// StringValue makes a string.
func StringValue(s string) Value { return Value{Type: String, S: s} }

// DynamicValue makes a dynamic from compact JSON text; "null" is the null.
func DynamicValue(json string) Value {
	if json == "null" {
		return Null(Dynamic)
	}
	return Value{Type: Dynamic, S: json}
}

// DatetimeValue makes a datetime from ticks since 0001-01-01.
func DatetimeValue(ticks int64) Value { return Value{Type: Datetime, I: ticks} }

// TimespanValue makes a timespan from ticks.
func TimespanValue(ticks int64) Value { return Value{Type: Timespan, I: ticks} }

// Bool reports the truth of a bool value; null is false.
func (v Value) Bool() bool { return !v.Null && v.I != 0 }
