package duckdb

import (
	"fmt"

	mapping "github.com/duckdb/duckdb-go-bindings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// output is the vector that a native function fills, and the Go memory it
// needs. Where the engine's memory has the same form as Go's, the function
// writes into the engine's vector directly.
//
// The function may point its result at other memory, even at its arguments',
// so what is kept for the next call is held here and never taken from vec.
type output struct {
	vec   types.Vector
	valid []uint64
	ints  []int64
	strs  []string
	lists []types.ListEntry
	sink  stringSink
}

// open makes o.vec n zero values, all valid.
func (o *output) open(t types.Type, dst mapping.Vector, n int) {
	v := &o.vec
	*v = types.Vector{Type: t, Len: n}
	switch t.Storage() {
	case types.StoreBools:
		v.Bools = zeroed(values[bool](dst, n))
	case types.StoreFloats:
		v.Floats = zeroed(values[float64](dst, n))
	case types.StoreStrings:
		o.strs = zeroed(resize(o.strs, n))
		v.Strings = o.strs
	case types.StoreList:
		o.lists = zeroed(resize(o.lists, n))
		v.Lists, v.Child = o.lists, types.NewVector(t.Elem(), 0)
	default:
		if t != types.Int {
			v.Ints = zeroed(values[int64](dst, n))
			break
		}
		o.ints = zeroed(resize(o.ints, n))
		v.Ints = o.ints
	}
	// A mask of our own spares the vector allocating one at its first null.
	o.valid = resize(o.valid, (n+63)/64)
	for i := range o.valid {
		o.valid[i] = ^uint64(0)
	}
	v.Valid = o.valid
}

func zeroed[E any](s []E) []E {
	clear(s)
	return s
}

// store writes what the function left in v into the engine's vector.
func (o *output) store(v *types.Vector, t types.Type, dst mapping.Vector, n int) error {
	if v == nil || v.Type != t {
		return fmt.Errorf("it replaced its result by one of another type")
	}
	if t.Storage() == types.StoreList {
		return o.storeList(v, t, dst, n)
	}
	return o.storeValues(v, dst, 0, n)
}

// storeValues writes n scalars at position base.
func (o *output) storeValues(v *types.Vector, dst mapping.Vector, base, n int) error {
	if err := checkLength(v, n); err != nil {
		return err
	}
	if !v.Type.NeverNull() {
		storeNulls(v.Valid, dst, base, n)
	}
	switch v.Type.Storage() {
	case types.StoreBools:
		copySlice(values[bool](dst, base+n)[base:], v.Bools)
	case types.StoreFloats:
		copySlice(values[float64](dst, base+n)[base:], v.Floats)
	case types.StoreStrings:
		return o.storeStrings(v, dst, base, n)
	default:
		if v.Type == types.Int {
			return storeInts(v, values[int32](dst, base+n)[base:])
		}
		copySlice(values[int64](dst, base+n)[base:], v.Ints)
	}
	return nil
}

// copySlice copies unless the two are the same memory.
func copySlice[E any](dst, src []E) {
	if len(dst) > 0 && &dst[0] != &src[0] {
		copy(dst, src)
	}
}

func storeInts(v *types.Vector, dst []int32) error {
	for i := range dst {
		if !narrow(v.Ints[i]) {
			return fmt.Errorf("its result %d is not an int", v.Ints[i])
		}
		dst[i] = int32(v.Ints[i])
	}
	return nil
}

// storeStrings stores "" for a null, so that no slot keeps old bytes.
func (o *output) storeStrings(v *types.Vector, dst mapping.Vector, base, n int) error {
	if err := o.sink.open(dst, base+n); err != nil {
		return err
	}
	for i, s := range v.Strings[:n] {
		if err := o.sink.put(base+i, s); err != nil {
			return err
		}
	}
	o.sink.flush()
	return nil
}

// storeNulls writes the mask; none is needed where all have a value.
func storeNulls(mask []uint64, dst mapping.Vector, base, n int) {
	if !anyClear(mask, n) {
		return
	}
	to := writableValidity(dst, base+n)
	for i := range n {
		if !isSet(mask, i) {
			to[(base+i)>>6] &^= 1 << (uint(base+i) & 63)
		}
	}
}

// anyClear reports a null among the first n rows.
func anyClear(mask []uint64, n int) bool {
	if mask == nil {
		return false
	}
	full := n >> 6
	for _, w := range mask[:full] {
		if w != ^uint64(0) {
			return true
		}
	}
	rest := uint(n) & 63
	return rest != 0 && ^mask[full]&(1<<rest-1) != 0
}

// storeList appends the items of all rows to the vector's child.
func (o *output) storeList(v *types.Vector, t types.Type, dst mapping.Vector, n int) error {
	if err := checkLength(v, n); err != nil {
		return err
	}
	items := 0
	for _, e := range v.Lists[:n] {
		if e.Off < 0 || e.Len < 0 || e.Off > 1<<40 || e.Len > 1<<40 {
			return fmt.Errorf("its list entry %v is out of range", e)
		}
		items = max(items, e.Off+e.Len)
	}
	// Checked before the engine is asked for room: it fails hard on nonsense.
	if items > 0 && (v.Child == nil || v.Child.Type != t.Elem()) {
		return fmt.Errorf("its list items are not of type %s", t.Elem())
	}
	if items > 0 {
		if err := checkLength(v.Child, items); err != nil {
			return err
		}
	}
	base := int(mapping.ListVectorGetSize(dst))
	if mapping.ListVectorReserve(dst, mapping.IdxT(base+items)) == mapping.StateError ||
		mapping.ListVectorSetSize(dst, mapping.IdxT(base+items)) == mapping.StateError {
		return fmt.Errorf("no room for %d list items", items)
	}
	entries := values[centry](dst, n)
	for i, e := range v.Lists[:n] {
		entries[i] = centry{uint64(base + e.Off), uint64(e.Len)}
	}
	storeNulls(v.Valid, dst, 0, n)
	if items == 0 {
		return nil
	}
	return o.storeValues(v.Child, mapping.ListVectorGetChild(dst), base, items)
}

// checkLength refuses a result that is shorter than it should be.
func checkLength(v *types.Vector, n int) error {
	have := 0
	switch v.Type.Storage() {
	case types.StoreBools:
		have = len(v.Bools)
	case types.StoreFloats:
		have = len(v.Floats)
	case types.StoreStrings:
		have = len(v.Strings)
	case types.StoreList:
		have = len(v.Lists)
	default:
		have = len(v.Ints)
	}
	if have < n || v.Valid != nil && len(v.Valid) < (n+63)/64 {
		return fmt.Errorf("it gave %d values where %d were asked for", have, n)
	}
	return nil
}

// drop forgets the engine's memory, including strings that alias arguments.
func (o *output) drop() {
	clear(o.strs)
	o.vec = types.Vector{}
	o.sink.vec, o.sink.slots = mapping.Vector{}, nil
}
