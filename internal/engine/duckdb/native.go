package duckdb

/*
#include <stdint.h>
#include <stdlib.h>

void harrierNativeCall(void *info, void *chunk, void *result);
void harrierNativeFree(void *extra);

// The engine keeps a pointer per function. A small integer is not one to Go,
// so the number of the Go value goes into a box in C memory.
static uintptr_t *harrier_box(uintptr_t number) {
	uintptr_t *box = malloc(sizeof *box);
	if (box) *box = number;
	return box;
}
*/
import "C"

import (
	"fmt"
	"log/slog"
	"runtime/cgo"
	"strings"
	"sync"
	"unsafe"

	mapping "github.com/duckdb/duckdb-go-bindings"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/types"
)

// natives remembers which functions the database instance has. They live in
// memory, not in the file.
type natives struct {
	mu      sync.Mutex
	ceiling int64             // of what the process may hold
	names   map[string]string // by lower-case name, because the engine ignores case
}

// provide registers the functions that are still missing.
func (ns *natives) provide(c *conn, want []fn.Native, log *slog.Logger) error {
	if len(want) == 0 {
		return nil
	}
	ns.mu.Lock()
	defer ns.mu.Unlock()
	for _, w := range want {
		key := strings.ToLower(w.Name)
		switch have, ok := ns.names[key]; {
		case ok && have == w.Name:
			continue
		case ok:
			return fmt.Errorf("native functions %s and %s differ only in case", have, w.Name)
		}
		if err := register(c, w, ns.ceiling, log); err != nil {
			return err
		}
		if ns.names == nil {
			ns.names = map[string]string{}
		}
		ns.names[key] = w.Name
	}
	return nil
}

// register makes w a scalar function of the engine. The function decides about
// nulls itself (special handling).
func register(c *conn, w fn.Native, ceiling int64, log *slog.Logger) error {
	if w.Name == "" || w.Eval == nil || len(w.Args) > fn.MaxNativeArgs {
		return fmt.Errorf("native function %q has no name, no meaning or too many arguments", w.Name)
	}
	f := mapping.CreateScalarFunction()
	defer mapping.DestroyScalarFunction(&f)
	mapping.ScalarFunctionSetName(f, w.Name)
	mapping.ScalarFunctionSetSpecialHandling(f)
	if w.Spec != nil && w.Spec.Vol == fn.PerRow {
		mapping.ScalarFunctionSetVolatile(f)
	}
	for _, t := range w.Args {
		lt := logicalType(t)
		mapping.ScalarFunctionAddParameter(f, lt)
		mapping.DestroyLogicalType(&lt)
	}
	lt := logicalType(w.Result)
	defer mapping.DestroyLogicalType(&lt)
	mapping.ScalarFunctionSetReturnType(f, lt)

	n := &native{name: w.Name, eval: w.Eval, args: w.Args, result: w.Result, ceiling: ceiling, log: log}
	n.pool.New = func() any { return newFrame(len(n.args)) }
	handle := cgo.NewHandle(n)
	box := C.harrier_box(C.uintptr_t(handle))
	if box == nil {
		handle.Delete()
		return fmt.Errorf("native function %s: no memory", w.Name)
	}
	mapping.ScalarFunctionSetExtraInfo(f, unsafe.Pointer(box), C.harrierNativeFree)
	mapping.ScalarFunctionSetFunction(f, C.harrierNativeCall)
	if mapping.RegisterScalarFunction(c.raw, f) == mapping.StateError {
		return fmt.Errorf("the engine refuses native function %s", w.Name)
	}
	return nil
}

// native is one registered function.
type native struct {
	name    string
	eval    fn.Eval
	args    []types.Type
	result  types.Type
	log     *slog.Logger
	ceiling int64
	pool    sync.Pool // of *frame
}

// frame is the memory of one call.
type frame struct {
	call fn.Call
	args []column
	ptrs []*types.Vector
	out  output
}

func newFrame(args int) *frame {
	return &frame{args: make([]column, args), ptrs: make([]*types.Vector, args)}
}

func (f *frame) drop() {
	for i := range f.args {
		f.args[i].drop()
	}
	f.out.drop()
	f.call = fn.Call{}
}
