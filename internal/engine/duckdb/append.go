package duckdb

import (
	"errors"
	"fmt"

	mapping "github.com/duckdb/duckdb-go-bindings"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

// appendRows appends rows of b, in the order given, to a table that has b's
// columns. It runs inside the connection's transaction.
func appendRows(c *conn, physical string, b *catalog.Batch, rows []int32) error {
	var app mapping.Appender
	if mapping.AppenderCreate(c.raw, "main", physical, &app) == mapping.StateError {
		err := appenderError(app)
		mapping.AppenderDestroy(&app)
		return err
	}
	return appendTo(app, b.Cols, rows)
}

// appendTo appends rows of some columns, in the order given, and ends app.
func appendTo(app mapping.Appender, cols []*types.Vector, rows []int32) (err error) {
	defer func() {
		// Destroying flushes, and so may fail, even after an error.
		if mapping.AppenderDestroy(&app) == mapping.StateError && err == nil {
			err = errors.New("the engine could not finish appending")
		}
	}()
	f := newFiller(cols)
	defer f.close()
	for len(rows) > 0 {
		n := min(len(rows), f.size)
		if err := f.fill(rows[:n]); err != nil {
			return err
		}
		if mapping.AppendDataChunk(app, f.chunk) == mapping.StateError {
			return appenderError(app)
		}
		rows = rows[n:]
	}
	if mapping.AppenderClose(app) == mapping.StateError {
		return appenderError(app)
	}
	return nil
}

func appenderError(app mapping.Appender) error {
	data := mapping.AppenderErrorData(app)
	defer mapping.DestroyErrorData(&data)
	return &sqlError{mapping.ErrorDataErrorType(data), mapping.ErrorDataMessage(data)}
}

// filler copies rows of a batch into one chunk, over and over.
type filler struct {
	cols  []*types.Vector
	chunk mapping.DataChunk
	size  int // rows per chunk
	sink  stringSink
}

func newFiller(cols []*types.Vector) *filler {
	lts := make([]mapping.LogicalType, len(cols))
	for i, v := range cols {
		lts[i] = logicalType(v.Type)
	}
	f := &filler{cols: cols, chunk: mapping.CreateDataChunk(lts), size: int(mapping.VectorSize())}
	for i := range lts {
		mapping.DestroyLogicalType(&lts[i])
	}
	return f
}

func (f *filler) close() { mapping.DestroyDataChunk(&f.chunk) }

func (f *filler) fill(rows []int32) error {
	mapping.DataChunkReset(f.chunk)
	for i, v := range f.cols {
		if err := f.column(mapping.DataChunkGetVector(f.chunk, mapping.IdxT(i)), v, rows); err != nil {
			return fmt.Errorf("column %d: %w", i, err)
		}
	}
	mapping.DataChunkSetSize(f.chunk, mapping.IdxT(len(rows)))
	return nil
}

func (f *filler) column(dst mapping.Vector, v *types.Vector, rows []int32) error {
	n := len(rows)
	if v.Valid != nil && !v.Type.NeverNull() {
		var mask []uint64
		for k, r := range rows {
			if !isSet(v.Valid, int(r)) {
				if mask == nil {
					mask = writableValidity(dst, n)
				}
				mask[k>>6] &^= 1 << (uint(k) & 63)
			}
		}
	}
	switch v.Type.Storage() {
	case types.StoreBools:
		gather(values[bool](dst, n), v.Bools, rows)
	case types.StoreFloats:
		gather(values[float64](dst, n), v.Floats, rows)
	case types.StoreStrings:
		return f.strings(dst, v, rows)
	default:
		if v.Type == types.Int {
			return gatherInts(values[int32](dst, n), v, rows)
		}
		gather(values[int64](dst, n), v.Ints, rows)
	}
	return nil
}

func gather[E any](dst, src []E, rows []int32) {
	for k, r := range rows {
		dst[k] = src[r]
	}
}

func gatherInts(dst []int32, v *types.Vector, rows []int32) error {
	for k, r := range rows {
		x := v.Ints[r]
		if !narrow(x) && !v.IsNull(int(r)) {
			return fmt.Errorf("%d is not an int", x)
		}
		dst[k] = int32(x)
	}
	return nil
}

func (f *filler) strings(dst mapping.Vector, v *types.Vector, rows []int32) error {
	if err := f.sink.open(dst, len(rows)); err != nil {
		return err
	}
	for k, r := range rows {
		if err := f.sink.put(k, v.Strings[r]); err != nil {
			return err
		}
	}
	f.sink.flush()
	return nil
}
