package duckdb

/*
#include <stdint.h>
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"runtime/cgo"
	"runtime/debug"
	"unsafe"

	mapping "github.com/duckdb/duckdb-go-bindings"

	"github.com/harrier-hunting/harrier/internal/fn"
)

// harrierNativeCall runs a native function over one chunk. The engine calls it
// on its own threads, several at a time.
//
//export harrierNativeCall
func harrierNativeCall(info, chunk, result unsafe.Pointer) {
	i := mapping.FunctionInfo{Ptr: info}
	box := (*uintptr)(mapping.ScalarFunctionGetExtraInfo(i))
	n := cgo.Handle(*box).Value().(*native)
	if msg := n.run(mapping.DataChunk{Ptr: chunk}, mapping.Vector{Ptr: result}); msg != "" {
		mapping.ScalarFunctionSetError(i, msg)
	}
}

// harrierNativeFree is called once, when the engine forgets the function.
//
//export harrierNativeFree
func harrierNativeFree(extra unsafe.Pointer) {
	cgo.Handle(*(*uintptr)(extra)).Delete()
	C.free(extra)
}

// run evaluates the function and returns an error text, or "". Nothing may
// panic through C: that would end the process.
func (n *native) run(chunk mapping.DataChunk, result mapping.Vector) (msg string) {
	defer func() {
		if p := recover(); p != nil {
			n.log.Error("native function panicked", "function", n.name, "panic", p, "stack", string(debug.Stack()))
			msg = fmt.Sprintf("%s panicked: %v", n.name, p)
		}
	}()
	if got := int(mapping.DataChunkGetColumnCount(chunk)); got != len(n.args) {
		return fmt.Sprintf("%s got %d arguments, not %d", n.name, got, len(n.args))
	}
	f := n.pool.Get().(*frame)
	size := int(mapping.DataChunkGetSize(chunk))
	for i, t := range n.args {
		f.args[i].view(t, mapping.DataChunkGetVector(chunk, mapping.IdxT(i)), size)
		f.ptrs[i] = &f.args[i].vec // again each time: the function may have set its own
	}
	f.out.open(n.result, result, size)
	f.call = fn.Call{N: size, Args: f.ptrs, Out: &f.out.vec}
	n.eval(&f.call)
	full := f.call.Err == nil && f.call.Made() > watched && held() > n.ceiling
	if full {
		n.log.Warn("the process holds too much; a query ends", "function", n.name, "ceiling", n.ceiling)
		msg = memoryMark
	} else if f.call.Err != nil {
		msg = userMark + clip(f.call.Err.Error())
	} else if err := f.out.store(f.call.Out, n.result, result, size); err != nil {
		msg = fmt.Sprintf("%s: %s", n.name, err)
	}
	f.drop()
	n.pool.Put(f) // not after a panic: a frame in an unknown state is left to the collector
	return msg
}
