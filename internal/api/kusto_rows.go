package api

import (
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/bind"
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

// rowWriter writes the rows of the primary results, one after the other, as many as the request lets through.
type rowWriter struct {
	a      *answer
	left   int64 // bytes of rows that may follow
	limit  int64
	cut    bool
	why    string // the first reason why the answer is not whole, or ""
	tables []tableCount
}

// tableCount is what was written of one result.
type tableCount struct {
	rows  int
	bytes int64
	why   string // why it is not whole, or ""
}

// primary prepares the rows of the primary results. Rows beyond the size that may be answered are left out, which the
// answer tells; the frames around them have room of their own.
func primary(out *buffer, a *answer) *rowWriter {
	limit := out.limit
	if size := a.x.kusto.options.maxSize; size > 0 && size < limit && !a.x.kusto.options.noTrunc {
		limit = size
	}
	out.limit += frameBytes
	return &rowWriter{a: a, left: limit, limit: limit, tables: make([]tableCount, 1)}
}

// table is what was written of the result at hand.
func (w *rowWriter) table() *tableCount { return &w.tables[len(w.tables)-1] }

// next goes on to the query's next result. Behind one that was cut off for its size, results have no rows.
func (w *rowWriter) next() (bool, error) {
	if len(w.tables) == len(w.a.Results) {
		return false, nil
	}
	if !w.cut {
		if ok, err := w.a.Advance(); !ok || err != nil {
			return false, err
		}
	}
	w.tables = append(w.tables, tableCount{})
	if w.cut {
		w.end()
	}
	return true, nil
}

// columns are those of the result at hand.
func (w *rowWriter) columns() []plan.Column {
	if w.cut {
		return w.a.Results[len(w.tables)-1].Node.Columns()
	}
	return w.a.Columns
}

// batch writes the next rows with commas between them, the first behind what is to stand before. n is how many were
// written; none are at the end.
func (w *rowWriter) batch(out *buffer, before string) (n int, err error) {
	if w.cut {
		return 0, nil
	}
	b, err := w.a.Next()
	if err != nil {
		return 0, err
	}
	if b == nil {
		w.end()
		return 0, nil
	}
	t := w.table()
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
			w.a.dropped = w.a.Rows.Count() - t.rows
			w.end()
			return n, nil // what was appended is not put
		}
		w.left, t.bytes, t.rows = w.left-size, t.bytes+size, t.rows+1
		if err := out.put(dst); err != nil {
			return n, err
		}
	}
	return n, nil
}

// end notes at the end of a result why it is not whole.
func (w *rowWriter) end() {
	const prefix, suffix = "Query execution has exceeded the allowed limits (80DA0003): ", " (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003)."
	t := w.table()
	switch {
	case w.cut:
		t.why = prefix + "The results of this query exceed the set limit of " + strconv.FormatInt(w.limit, 10) + " bytes, so not all records were returned" + suffix
	case w.a.Rows.Truncated():
		t.why = prefix + "The results of this query exceed the set limit of " + strconv.Itoa(t.rows) + " records, so not all records were returned" + suffix
	}
	if w.why == "" {
		w.why = t.why
	}
}

// all writes all rows of the result at hand with commas between them.
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

// resultName is what tools call a result.
func resultName(r bind.Result) string {
	if r.Name == "" {
		return "PrimaryResult"
	}
	return r.Name
}

// visualization is what the render operator of a result asks for, as JSON.
func visualization(r bind.Result) string {
	var chart string
	props := map[string]string{}
	if r.Render != nil {
		chart, props = r.Render.Chart, r.Render.Props
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
	dst = append(dst, `}},"dataset_statistics":[`...)
	for i, t := range w.tables {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = dynamic.AppendLong(append(dst, `{"table_row_count":`...), int64(t.rows))
		dst = append(dynamic.AppendLong(append(dst, `,"table_size":`...), t.bytes), '}')
	}
	return string(append(dst, `]}`...))
}
