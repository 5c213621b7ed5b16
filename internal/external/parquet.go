package external

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/harrier-hunting/harrier/internal/types"
)

// maxParquetBytes bounds what the columns of a file unpack to.
const maxParquetBytes = 512 << 20

// parquetRows reads a Parquet file; columns go by name, nested ones are null.
func parquetRows(data []byte, _ Request, w *writer) error {
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)), parquet.SkipBloomFilters(true))
	if err != nil {
		return errors.New("it is not a Parquet file")
	}
	var size int64
	for _, g := range f.Metadata().RowGroups {
		if size += g.TotalByteSize; g.TotalByteSize < 0 || size > maxParquetBytes {
			return errTooLarge
		}
	}
	at := map[int]int{} // leaf column -> our column
	leaves := map[int]parquet.Node{}
	for i, c := range w.cols {
		if leaf, ok := f.Schema().Lookup(c.Name); ok && leaf.MaxRepetitionLevel == 0 {
			at[leaf.ColumnIndex], leaves[leaf.ColumnIndex] = i, leaf.Node
		}
	}
	for _, g := range f.RowGroups() {
		if err := parquetGroup(g, at, leaves, w); err != nil {
			return err
		}
	}
	return nil
}

func parquetGroup(g parquet.RowGroup, at map[int]int, leaves map[int]parquet.Node, w *writer) error {
	rows := g.Rows()
	defer rows.Close()
	buf := make([]parquet.Row, 256)
	for {
		n, err := rows.ReadRows(buf)
		if err != nil && err != io.EOF {
			return errors.New("its Parquet data is broken")
		}
		for _, row := range buf[:n] {
			i, werr := w.row()
			if werr != nil {
				return werr
			}
			row.Range(func(leaf int, values []parquet.Value) bool {
				if c, ok := at[leaf]; ok && len(values) == 1 && !values[0].IsNull() {
					w.set(i, c, fromParquet(values[0], leaves[leaf], w.cols[c].Type))
				}
				return true
			})
		}
		if err == io.EOF || n == 0 {
			return nil
		}
	}
}

// fromParquet converts a value by its logical type.
func fromParquet(v parquet.Value, n parquet.Node, t types.Type) types.Value {
	if l := n.Type().LogicalType(); l != nil {
		switch l := l.Value.(type) {
		case *format.TimestampType:
			return as(types.DatetimeValue(unixTicks(v.Int64(), l.Unit)), t)
		case *format.DateType:
			return as(types.DatetimeValue(epoch+int64(v.Int32())*types.TicksPerDay), t)
		case *format.DecimalType:
			return fromText(decimalText(v, int(l.Scale)), t)
		case *format.UUIDType:
			if b := v.ByteArray(); len(b) == 16 {
				return fromText(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), t)
			}
		}
	}
	switch v.Kind() {
	case parquet.Boolean:
		return as(types.BoolValue(v.Boolean()), t)
	case parquet.Int32:
		return as(types.LongValue(int64(v.Int32())), t)
	case parquet.Int64:
		return as(types.LongValue(v.Int64()), t)
	case parquet.Int96: // the old form of timestamps: nanoseconds of the day, Julian day
		x := v.Int96()
		nanos := int64(x[0]) | int64(x[1])<<32
		return as(types.DatetimeValue(epoch+(int64(x[2])-2440588)*types.TicksPerDay+nanos/100), t)
	case parquet.Float:
		return as(types.RealValue(float64(v.Float())), t)
	case parquet.Double:
		return as(types.RealValue(v.Double()), t)
	}
	return fromText(string(v.ByteArray()), t)
}

// epoch is 1970-01-01 in ticks.
var epoch = types.TicksOf(time.Unix(0, 0))

func unixTicks(n int64, unit format.TimeUnit) int64 {
	switch unit.Value.(type) {
	case *format.MilliSeconds:
		return epoch + n*10_000
	case *format.NanoSeconds:
		return epoch + n/100
	}
	return epoch + n*10
}

func decimalText(v parquet.Value, scale int) string {
	n := new(big.Int)
	switch v.Kind() {
	case parquet.Int32:
		n.SetInt64(int64(v.Int32()))
	case parquet.Int64:
		n.SetInt64(v.Int64())
	default: // two's complement, the highest byte first
		b := v.ByteArray()
		n.SetBytes(b)
		if len(b) > 0 && b[0]&0x80 != 0 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(len(b))*8))
		}
	}
	if scale < 0 || scale > 64 {
		scale = 0
	}
	return new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)).FloatString(scale)
}

// as converts between plain values by their text.
func as(v types.Value, t types.Type) types.Value {
	if v.Type == t {
		return v
	}
	if v.Type == types.Long && (t == types.Int || t == types.Datetime || t == types.Timespan) {
		if t == types.Int && v.I != int64(int32(v.I)) {
			return types.Null(t)
		}
		return types.Value{Type: t, I: v.I}
	}
	return fromText(textOf(v), t)
}

func textOf(v types.Value) string {
	switch v.Type {
	case types.Bool:
		return types.FormatBool(v.I != 0)
	case types.Real:
		return types.FormatReal(v.F)
	case types.Datetime:
		return types.FormatDatetime(v.I)
	}
	return fmt.Sprint(v.I)
}
