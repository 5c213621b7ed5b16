package api

import (
	"strconv"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// The v2 answer is an array of frames, whose members have one order: there are clients that read them one after the
// other (contract §6.3, §6.6). The options choose among its forms:
//
//	classic      a result is one DataTable; the default
//	fragmented   TableHeader, TableFragment…, TableCompletion (results_v2_fragment_primary_tables)
//	progressive  the same, with TableProgress, as IsProgressive says (results_progressive_enabled)
//
// and, for all of them, a frame on each line (results_v2_newlines_between_frames).

// The tables' ids are their places in the answer: the properties, the results, and how the query ended.
const (
	propertiesID = 0
	primaryID    = 1 // of the first result
)

// frames writes an array of frames.
type frames struct {
	out *buffer
	sep string
	opt kustoOptions
}

func encodeKustoV2(out *buffer, a *answer) error {
	f := &frames{out: out, sep: ",", opt: a.x.kusto.options}
	if f.opt.newlines {
		f.sep = "\n,"
	}
	w := primary(out, a)
	properties := tableOf("TableId", types.Int, "Key", types.String, "Value", types.Dynamic)
	for i, r := range a.Results {
		properties.add(primaryID+i, "Visualization", dynamic.Quote(visualization(r)))
	}
	if err := f.header(); err != nil {
		return err
	}
	if err := f.dataTable(propertiesID, "QueryProperties", "@ExtendedProperties", properties); err != nil {
		return err
	}
	write := f.whole
	if f.opt.fragmented || f.opt.progressive {
		write = f.fragments
	}
	for more := true; more; {
		id := primaryID + len(w.tables) - 1
		err := write(w, id, resultName(a.Results[len(w.tables)-1]))
		if err == nil {
			more, err = w.next()
		}
		if err != nil {
			return err
		}
	}
	if err := f.dataTable(primaryID+len(w.tables), "QueryCompletionInformation", "QueryCompletionInformation", completion(w)); err != nil {
		return err
	}
	return f.end(w)
}

func (f *frames) header() error {
	dst := append(f.out.tail(), `[{"FrameType":"DataSetHeader","IsProgressive":`...)
	dst = strconv.AppendBool(dst, f.opt.progressive && !f.opt.fragmented)
	dst = strconv.AppendBool(append(dst, `,"Version":"v2.0","IsFragmented":`...), f.opt.fragmented)
	dst = append(append(dst, `,"ErrorReportingPlacement":"`...), f.opt.placement.String()...)
	return f.out.put(append(dst, `"}`...))
}

// open begins a frame of a table, up to its columns.
func (f *frames) open(dst []byte, frame string, id int, kind, name string, cols []plan.Column) []byte {
	dst = append(append(append(dst, f.sep...), `{"FrameType":"`...), frame...)
	dst = strconv.AppendInt(append(dst, `","TableId":`...), int64(id), 10)
	dst = append(append(append(dst, `,"TableKind":"`...), kind...), `","TableName":`...)
	dst = append(dynamic.AppendString(dst, name), `,"Columns":`...)
	return appendColumns(dst, cols, false)
}

func (f *frames) dataTable(id int, kind, name string, t *kustoTable) error {
	dst := f.open(f.out.tail(), "DataTable", id, kind, name, t.cols)
	return f.out.put(append(t.appendRows(append(dst, `,"Rows":`...)), '}'))
}

// whole writes a result as one frame.
func (f *frames) whole(w *rowWriter, id int, name string) error {
	dst := f.open(f.out.tail(), "DataTable", id, "PrimaryResult", name, w.columns())
	if err := f.out.put(append(dst, `,"Rows":[`...)); err != nil {
		return err
	}
	if err := w.all(f.out); err != nil {
		return err
	}
	dst = f.out.tail()
	if t := w.table(); t.why != "" && f.opt.placement == inData {
		if t.rows > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendErrors(append(dst, '{'), w.a.x.call, t.why), '}')
	}
	return f.out.put(append(dst, `]}`...))
}

// fragments writes a result in pieces, one for each batch of the engine.
func (f *frames) fragments(w *rowWriter, id int, name string) error {
	dst := f.open(f.out.tail(), "TableHeader", id, "PrimaryResult", name, w.columns())
	if err := f.out.put(append(dst, '}')); err != nil {
		return err
	}
	before := f.sep + `{"FrameType":"TableFragment","TableFragmentType":"DataAppend","TableId":` + strconv.Itoa(id) +
		`,"FieldCount":` + strconv.Itoa(len(w.columns())) + `,"Rows":[`
	for {
		n, err := w.batch(f.out, before)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		if err := f.out.put(append(f.out.tail(), `]}`...)); err != nil {
			return err
		}
	}
	dst = f.out.tail()
	if f.opt.progressive && !f.opt.fragmented {
		dst = append(append(dst, f.sep...), `{"FrameType":"TableProgress","TableId":`...)
		dst = append(strconv.AppendInt(dst, int64(id), 10), `,"TableProgress":100.0}`...)
	}
	dst = append(append(dst, f.sep...), `{"FrameType":"TableCompletion","TableId":`...)
	dst = append(strconv.AppendInt(dst, int64(id), 10), `,"RowCount":`...)
	dst = strconv.AppendInt(dst, int64(w.table().rows), 10)
	if why := w.table().why; why != "" && f.opt.placement != endOfDataset {
		dst = appendErrors(append(dst, ','), w.a.x.call, why)
	}
	return f.out.put(append(dst, '}'))
}

func (f *frames) end(w *rowWriter) error {
	dst := append(append(f.out.tail(), f.sep...), `{"FrameType":"DataSetCompletion","HasErrors":`...)
	why := w.why
	dst = append(strconv.AppendBool(dst, why != ""), `,"Cancelled":false`...)
	if why != "" {
		dst = appendErrors(append(dst, ','), w.a.x.call, why)
	}
	dst = append(dst, '}')
	if f.opt.newlines {
		dst = append(dst, '\n')
	}
	return f.out.put(append(dst, ']'))
}

// appendErrors writes the member OneApiErrors with a partial failure.
func appendErrors(dst []byte, c *call, why string) []byte {
	dst = append(dst, `"OneApiErrors":[{"error":`...)
	return append(oneAPI(dst, kustoPartial(), why, c), `}}]`...)
}

// completion tells whether the query ended well, and what it used.
func completion(w *rowWriter) *kustoTable {
	x := w.a.x
	t := tableOf("Timestamp", types.Datetime, "ClientRequestId", types.String, "ActivityId", types.Guid, "SubActivityId", types.Guid,
		"ParentActivityId", types.Guid, "Level", types.Int, "LevelName", types.String, "StatusCode", types.Int, "StatusCodeName", types.String,
		"EventType", types.Int, "EventTypeName", types.String, "Payload", types.String)
	add := func(level int, name string, code int, codeName string, event int, eventName, payload string) {
		t.add(x.now(), x.clientID(), x.id, x.id, x.id, level, name, code, codeName, event, eventName, payload)
	}
	text := func(s string) string {
		return string(append(dynamic.AppendString([]byte(`{"Count":1,"Text":`), s), '}'))
	}
	if why := w.why; why == "" {
		add(4, "Info", 0, "S_OK (0)", 4, "QueryInfo", text("Query completed successfully"))
	} else {
		add(2, "Error", statusTooLarge, "E_QUERY_RESULT_SET_TOO_LARGE (-2133196797)", 4, "QueryInfo", text(why))
	}
	add(6, "Stats", 0, "S_OK (0)", 0, "QueryResourceConsumption", statistics(w))
	return t
}
