package duckdb

import (
	"math"
	"unsafe"

	mapping "github.com/duckdb/duckdb-go-bindings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// This file is the only place where the engine's memory is read and written.
// Its layout is part of the engine's C API: values lie side by side, a
// validity mask has bit i set when row i has a value, and a string is 16 bytes
// (see cstring).

// inlineMax is the longest string that lies inside its own 16 bytes.
const inlineMax = 12

// cstring is the engine's string: a length, then either up to 12 bytes padded
// with zeros, or the first 4 bytes and a pointer.
type cstring struct {
	size uint32
	head [4]byte
	tail [8]byte // the rest of a short string, or the pointer
}

// text makes a Go string over the bytes of c, which must outlive it.
func (c *cstring) text() string {
	if c.size <= inlineMax {
		return unsafe.String((*byte)(unsafe.Pointer(&c.head)), int(c.size))
	}
	return unsafe.String(*(**byte)(unsafe.Pointer(&c.tail)), int(c.size))
}

// putShort stores a string of at most 12 bytes.
func (c *cstring) putShort(s string) {
	*c = cstring{size: uint32(len(s))}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&c.head)), inlineMax), s)
}

// centry locates a list's items within the child vector.
type centry struct{ off, size uint64 }

// values views the first n values of a vector as a slice of E, whose size must
// be that of the vector's physical type.
func values[E any](vec mapping.Vector, n int) []E {
	return unsafe.Slice((*E)(mapping.VectorGetData(vec)), n)
}

// validity views the mask of a vector's first n values; nil means that all
// have a value.
func validity(vec mapping.Vector, n int) []uint64 {
	p := mapping.VectorGetValidity(vec)
	if p == nil {
		return nil
	}
	return unsafe.Slice((*uint64)(p), (n+63)/64)
}

// writableValidity is validity for a vector that is being filled.
func writableValidity(vec mapping.Vector, n int) []uint64 {
	mapping.VectorEnsureValidityWritable(vec)
	return validity(vec, n)
}

func isSet(mask []uint64, i int) bool { return mask[i>>6]&(1<<(uint(i)&63)) != 0 }

// column is a view of one engine vector and the Go memory that the view needs
// beside the engine's: widened integers, string headers, list entries.
type column struct {
	vec   types.Vector
	ints  []int64
	strs  []string
	lists []types.ListEntry
	child *column
}

// view points c.vec at the n values of an engine vector of type t.
func (c *column) view(t types.Type, vec mapping.Vector, n int) {
	v := &c.vec
	v.Type, v.Len, v.Valid = t, n, validity(vec, n)
	switch t.Storage() {
	case types.StoreBools:
		v.Bools = values[bool](vec, n)
	case types.StoreFloats:
		v.Floats = values[float64](vec, n)
	case types.StoreStrings:
		c.strs = resize(c.strs, n)
		headers(c.strs, values[cstring](vec, n), v.Valid)
		v.Strings = c.strs
		if t.NeverNull() {
			v.Valid = nil // the header of a null is "" already
		}
	case types.StoreList:
		c.viewList(t, vec, n)
	default:
		if t != types.Int {
			v.Ints = values[int64](vec, n)
			return
		}
		c.ints = resize(c.ints, n)
		for i, x := range values[int32](vec, n) {
			c.ints[i] = int64(x)
		}
		v.Ints = c.ints
	}
}

// viewList copies the entries, because those of null rows hold anything.
func (c *column) viewList(t types.Type, vec mapping.Vector, n int) {
	v := &c.vec
	size := int(mapping.ListVectorGetSize(vec))
	c.lists = resize(c.lists, n)
	for i, e := range values[centry](vec, n) {
		c.lists[i] = types.ListEntry{}
		if v.Valid == nil || isSet(v.Valid, i) {
			c.lists[i] = types.ListEntry{Off: int(e.off), Len: int(e.size)}
		}
	}
	v.Lists = c.lists
	if c.child == nil {
		c.child = &column{}
	}
	c.child.view(t.Elem(), mapping.ListVectorGetChild(vec), size)
	v.Child = &c.child.vec
}

// drop forgets the engine's memory. Headers that outlive it could one day
// point into what has become Go's own memory, which the collector rejects.
func (c *column) drop() {
	clear(c.strs)
	c.vec = types.Vector{}
	if c.child != nil {
		c.child.drop()
	}
}

// headers fills dst with Go headers over src; the null rows of mask become "".
func headers(dst []string, src []cstring, mask []uint64) {
	if mask == nil {
		for i := range dst {
			dst[i] = src[i].text()
		}
		return
	}
	for i := range dst {
		if isSet(mask, i) {
			dst[i] = src[i].text()
		} else {
			dst[i] = ""
		}
	}
}

// resize gives s length n; its contents are whatever was there.
func resize[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}

// narrow reports whether x fits KQL's int.
func narrow(x int64) bool { return x >= math.MinInt32 && x <= math.MaxInt32 }
