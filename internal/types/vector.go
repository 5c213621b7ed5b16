package types

// Vector is one column of a batch of rows. Exactly one of the value slices is
// in use, chosen by Type.Storage(). A vector handed out by an engine aliases
// the engine's memory and is valid until the next call on the same Rows, or
// until the native function returns: copy what must live longer.
type Vector struct {
	Type    Type
	Len     int
	Valid   []uint64 // bit i set = row i has a value; nil = all have
	Bools   []bool
	Ints    []int64
	Floats  []float64
	Strings []string
	Lists   []ListEntry // with Child: row i is Child[Off : Off+Len]
	Child   *Vector
}

// ListEntry locates one row's items in a list vector's child.
type ListEntry struct{ Off, Len int }

// IsNull reports whether row i is null. A string is never null.
func (v *Vector) IsNull(i int) bool {
	return v.Valid != nil && v.Valid[i>>6]&(1<<(uint(i)&63)) == 0 && v.Type != String
}

// SetNull marks row i as null.
func (v *Vector) SetNull(i int) {
	if v.Valid == nil {
		v.Valid = make([]uint64, (v.Len+63)/64)
		for w := range v.Valid {
			v.Valid[w] = ^uint64(0)
		}
	}
	v.Valid[i>>6] &^= 1 << (uint(i) & 63)
}

// NewVector allocates a vector of n values, all valid and zero.
func NewVector(t Type, n int) *Vector {
	v := &Vector{}
	v.Reset(t, n)
	return v
}

// Reset makes v a vector of n zero values of type t, reusing its memory.
func (v *Vector) Reset(t Type, n int) {
	v.Type, v.Len, v.Valid = t, n, nil
	switch t.Storage() {
	case StoreBools:
		v.Bools = sized(v.Bools, n)
	case StoreFloats:
		v.Floats = sized(v.Floats, n)
	case StoreStrings:
		v.Strings = sized(v.Strings, n)
	case StoreList:
		v.Lists = sized(v.Lists, n)
		if v.Child == nil {
			v.Child = &Vector{}
		}
		v.Child.Reset(t.Elem(), 0)
	default:
		v.Ints = sized(v.Ints, n)
	}
}

func sized[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// Value copies row i out.
func (v *Vector) Value(i int) Value {
	if v.IsNull(i) {
		return Null(v.Type)
	}
	switch v.Type.Storage() {
	case StoreBools:
		return BoolValue(v.Bools[i])
	case StoreFloats:
		return Value{Type: v.Type, F: v.Floats[i]}
	case StoreStrings:
		return Value{Type: v.Type, S: string(append([]byte(nil), v.Strings[i]...))}
	}
	return Value{Type: v.Type, I: v.Ints[i]}
}

// Set stores x in row i; x has v's type.
func (v *Vector) Set(i int, x Value) {
	if x.Null {
		v.SetNull(i)
		return
	}
	switch v.Type.Storage() {
	case StoreBools:
		v.Bools[i] = x.I != 0
	case StoreFloats:
		v.Floats[i] = x.F
	case StoreStrings:
		v.Strings[i] = x.S
	default:
		v.Ints[i] = x.I
	}
}

// Grow lengthens v to n values; the new ones are zero and valid.
func (v *Vector) Grow(n int) {
	switch v.Type.Storage() {
	case StoreBools:
		v.Bools = grown(v.Bools, n)
	case StoreFloats:
		v.Floats = grown(v.Floats, n)
	case StoreStrings:
		v.Strings = grown(v.Strings, n)
	case StoreList:
		v.Lists = grown(v.Lists, n)
	default:
		v.Ints = grown(v.Ints, n)
	}
	if v.Valid != nil {
		for len(v.Valid) < (n+63)/64 {
			v.Valid = append(v.Valid, ^uint64(0))
		}
	}
	v.Len = n
}

func grown[E any](s []E, n int) []E {
	if len(s) >= n {
		return s
	}
	return append(s, make([]E, n-len(s))...)
}

// SetValid marks row i as having a value.
func (v *Vector) SetValid(i int) {
	if v.Valid != nil {
		v.Valid[i>>6] |= 1 << (uint(i) & 63)
	}
}
