package duckdb

// #include "native.h"
import "C"

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
	"unsafe"

	mapping "github.com/duckdb/duckdb-go-bindings"
)

// flushAt bounds the bytes that wait for one crossing into C.
const flushAt = 1 << 20

// maxString bounds one string. The engine's own limit is 4 GiB.
const maxString = 1 << 30

// stringSink stores strings into a vector. Short ones are written in place;
// the engine must allocate the others, which is done many at a time.
type stringSink struct {
	vec   mapping.Vector
	slots []cstring
	at    []uint32
	size  []uint32
	text  []byte
}

// open points the sink at the first n values of a vector.
func (w *stringSink) open(vec mapping.Vector, n int) error {
	if n > math.MaxUint32 {
		return fmt.Errorf("%d strings in one vector", n)
	}
	w.vec, w.slots = vec, values[cstring](vec, n)
	return nil
}

// put stores s. The engine requires UTF-8: other bytes are replaced.
func (w *stringSink) put(i int, s string) error {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if len(s) <= inlineMax {
		w.slots[i].putShort(s)
		return nil
	}
	if len(s) > maxString {
		return fmt.Errorf("a string of %d bytes; at most %d are possible", len(s), maxString)
	}
	w.at = append(w.at, uint32(i))
	w.size = append(w.size, uint32(len(s)))
	w.text = append(w.text, s...)
	if len(w.text) >= flushAt {
		w.flush()
	}
	return nil
}

// flush stores what waits; it must be called at the end.
func (w *stringSink) flush() {
	if len(w.at) == 0 {
		return
	}
	C.harrier_assign_strings(w.vec.Ptr,
		(*C.uint32_t)(unsafe.Pointer(&w.at[0])), (*C.uint32_t)(unsafe.Pointer(&w.size[0])),
		(*C.char)(unsafe.Pointer(&w.text[0])), C.uint32_t(len(w.at)))
	w.at, w.size, w.text = w.at[:0], w.size[:0], w.text[:0]
	if cap(w.text) > 4*flushAt { // one huge string must not stay allocated
		w.text = nil
	}
}
