package api

import (
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
	"github.com/harrier-hunting/harrier/internal/wire"
)

// Both protocols write a row as an array in the order of the columns. Timespans and decimals are texts, a dynamic value
// is nested JSON, NaN and the infinities are the texts "NaN", "Infinity" and "-Infinity", a null is null.

// frameBytes is what frames, tables and statistics may take beside the rows.
const frameBytes = 1 << 20

// rowWriter writes the primary rows, as many as the request lets through.
type rowWriter struct {
	a     *answer
	left  int64 // bytes of rows that may follow
	limit int64
	n     int // rows written
	cut   bool
	bytes int64
}

// primary prepares the rows of the primary result. Rows beyond the size that may be answered are left out, which the
// answer tells; the frames around them have room of their own.
func primary(out *buffer, a *answer) *rowWriter {
	limit := out.limit
	if size := a.x.kusto.options.maxSize; size > 0 && size < limit && !a.x.kusto.options.noTrunc {
		limit = size
	}
	out.limit += frameBytes
	return &rowWriter{a: a, left: limit, limit: limit}
}

// batch writes the next rows with commas between them, the first behind what is to stand before. n is how many were
// written; none are at the end.
func (w *rowWriter) batch(out *buffer, before string) (n int, err error) {
	if w.cut {
		return 0, nil
	}
	b, err := w.a.Next()
	if b == nil || err != nil {
		return 0, err
	}
	for ; n < b.N; n++ {
		dst := out.tail()
		if n > 0 {
			before = ","
		}
		at := len(dst)
		dst = appendRow(append(dst, before...), b, n)
		size := int64(len(dst) - at)
		if size > w.left {
			w.cut = true
			w.a.x.truncated = true
			w.a.dropped = w.a.Rows.Count() - w.n
			return n, nil // what was appended is not put
		}
		w.left, w.bytes, w.n = w.left-size, w.bytes+size, w.n+1
		if err := out.put(dst); err != nil {
			return n, err
		}
	}
	return n, nil
}

// all writes all rows with commas between them.
func (w *rowWriter) all(out *buffer) error {
	before := ""
	for {
		n, err := w.batch(out, before)
		if n == 0 || err != nil {
			return err
		}
		before = ","
	}
}

func appendRow(dst []byte, b *engine.Batch, i int) []byte {
	dst = append(dst, '[')
	for k, v := range b.Cols {
		if k > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendValue(dst, v, i, wire.TimeTrimmed)
	}
	return append(dst, ']')
}

// partial is why an answer is not whole, or "".
func (w *rowWriter) partial() string {
	const prefix, suffix = "Query execution has exceeded the allowed limits (80DA0003): ", " (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003)."
	switch {
	case w.cut:
		return prefix + "The results of this query exceed the set limit of " + strconv.FormatInt(w.limit, 10) + " bytes, so not all records were returned" + suffix
	case w.a.Rows.Truncated():
		return prefix + "The results of this query exceed the set limit of " + strconv.Itoa(w.n) + " records, so not all records were returned" + suffix
	}
	return ""
}

// statusTooLarge is the code of E_QUERY_RESULT_SET_TOO_LARGE: 0x80DA0003 as an int.
const statusTooLarge = -0x7f25fffd

// kustoPartial names the error of an answer that is not whole.
func kustoPartial() kustoKind {
	return kustoKind{code: "LimitsExceeded", message: "Request is invalid and cannot be executed.", exception: "KustoServicePartialQueryFailureLimitsExceededException"}
}

// appendColumns writes the columns of a table; v1 names the .NET type beside Kusto's.
func appendColumns(dst []byte, cols []plan.Column, net bool) []byte {
	dst = append(dst, '[')
	for i, c := range cols {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = dynamic.AppendString(append(dst, `{"ColumnName":`...), c.Name)
		if net {
			name := c.Type.NetName()
			if c.Type == types.Decimal {
				name = "SqlDecimal"
			}
			dst = dynamic.AppendString(append(dst, `,"DataType":`...), name)
		}
		dst = dynamic.AppendString(append(dst, `,"ColumnType":`...), c.Type.String())
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

// visualization is what the query's render operator asks for, as JSON.
func visualization(a *answer) string {
	var chart string
	props := map[string]string{}
	if a.Render != nil {
		chart, props = a.Render.Chart, a.Render.Props
	}
	dst := appendOptional([]byte(`{"Visualization":`), chart)
	for _, p := range []struct{ name, prop, without string }{
		{"Title", "title", "null"}, {"XColumn", "xcolumn", "null"}, {"Series", "series", "null"}, {"YColumns", "ycolumns", "null"},
		{"AnomalyColumns", "anomalycolumns", "null"}, {"XTitle", "xtitle", "null"}, {"YTitle", "ytitle", "null"}, {"XAxis", "xaxis", "null"},
		{"YAxis", "yaxis", "null"}, {"Legend", "legend", "null"}, {"YSplit", "ysplit", "null"}, {"Accumulate", "accumulate", "false"},
		{"IsQuerySorted", "", "false"}, {"Kind", "kind", "null"}, {"Ymin", "ymin", `"NaN"`}, {"Ymax", "ymax", `"NaN"`}, {"Xmin", "xmin", "null"}, {"Xmax", "xmax", "null"},
	} {
		dst = append(dynamic.AppendString(append(dst, ','), p.name), ':')
		switch v, ok := props[p.prop]; {
		case !ok || p.prop == "":
			dst = append(dst, p.without...)
		case p.without == "false":
			dst = dynamic.AppendBool(dst, strings.EqualFold(v, "true"))
		default:
			dst = dynamic.AppendString(dst, v)
		}
	}
	return string(append(dst, '}'))
}

func appendOptional(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, "null"...)
	}
	return dynamic.AppendString(dst, s)
}

// statistics are the figures of the query, in the form that Kusto's tools look for them.
func statistics(w *rowWriter) string {
	u := w.a.Usage()
	text := func(dst []byte, ticks int64) []byte {
		return append(types.AppendTimespan(append(dst, '"'), ticks), '"')
	}
	dst := dynamic.AppendReal([]byte(`{"ExecutionTime":`), w.a.Elapsed().Seconds())
	dst = text(append(dst, `,"resource_usage":{"cpu":{"user":`...), int64(u.User/100))
	dst = text(append(dst, `,"kernel":`...), int64(u.Kernel/100))
	dst = text(append(dst, `,"total cpu":`...), int64((u.User+u.Kernel)/100))
	dst = dynamic.AppendLong(append(dst, `},"memory":{"peak_per_node":`...), u.Peak)
	dst = dynamic.AppendLong(append(dst, `}},"dataset_statistics":[{"table_row_count":`...), int64(w.n))
	dst = dynamic.AppendLong(append(dst, `,"table_size":`...), w.bytes)
	return string(append(dst, `}]}`...))
}
