package api

import (
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// encodeKustoV1 writes {"Tables":[…]}: the results, @ExtendedProperties, QueryStatus and the table of contents. A command
// is answered with its one table. Tools find the first result by the name Table_0 (contract §6.2, §6.6).
func encodeKustoV1(out *buffer, a *answer) error {
	w := primary(out, a)
	for more, before := true, `{"Tables":[`; more; before = "," {
		dst := append(append(out.tail(), before...), `{"TableName":"Table_`...)
		dst = strconv.AppendInt(dst, int64(len(w.tables)-1), 10)
		dst = appendColumns(append(dst, `","Columns":`...), w.columns(), true)
		if err := out.put(append(dst, `,"Rows":[`...)); err != nil {
			return err
		}
		if err := w.all(out); err != nil {
			return err
		}
		if err := out.put(append(out.tail(), `]}`...)); err != nil {
			return err
		}
		var err error
		if more, err = w.next(); err != nil {
			return err
		}
	}
	dst := out.tail()
	if !isCommand(a.x.kusto.text) {
		properties := tableOf("Value", types.String)
		for _, r := range a.Results {
			properties.add(visualization(r))
		}
		for i, t := range []*kustoTable{properties, queryStatus(w), contents(a)} {
			dst = strconv.AppendInt(append(dst, `,{"TableName":"Table_`...), int64(len(w.tables)+i), 10)
			dst = appendColumns(append(dst, `","Columns":`...), t.cols, true)
			dst = append(t.appendRows(append(dst, `,"Rows":`...)), '}')
		}
	}
	dst = append(dst, ']')
	if w.why != "" {
		// Tools that take a row for an array fail on an object among the rows, where Kusto repeats the error.
		dst = append(dynamic.AppendString(append(dst, `,"Exceptions":[`...), exceptionText(a, w.why)), ']')
	}
	return out.put(append(dst, '}'))
}

// exceptionText is a partial failure as this protocol tells it: a text with what names the request.
func exceptionText(a *answer, why string) string {
	return strings.Join([]string{why, "[0]Kusto.Data.Exceptions." + kustoPartial().exception + ": " + why,
		"Timestamp=" + types.FormatDatetime(a.x.now()), "ClientRequestId=" + a.x.clientID(), "ActivityId=" + a.x.id}, "\r\n")
}

func (c *call) now() int64 { return types.TicksOf(c.s.cfg.Clock()) }

// queryStatus tells whether the query ended well, and what it used.
func queryStatus(w *rowWriter) *kustoTable {
	x := w.a.x
	t := tableOf("Timestamp", types.Datetime, "Severity", types.Int, "SeverityName", types.String, "StatusCode", types.Int, "StatusDescription", types.String,
		"Count", types.Int, "RequestId", types.Guid, "ActivityId", types.Guid, "SubActivityId", types.Guid, "ClientActivityId", types.String)
	add := func(severity int, name string, code int, text string) {
		t.add(x.now(), severity, name, code, text, 1, x.id, x.id, x.id, x.clientID())
	}
	if w.why == "" {
		add(4, "Info", 0, "Query completed successfully")
	} else {
		add(2, "Error", statusTooLarge, w.why)
	}
	add(6, "Stats", 0, statistics(w))
	return t
}

// contents lists the tables before it.
func contents(a *answer) *kustoTable {
	const none = "00000000-0000-0000-0000-000000000000"
	t := tableOf("Ordinal", types.Long, "Kind", types.String, "Name", types.String, "Id", types.String, "PrettyName", types.String)
	for i, r := range a.Results {
		t.add(i, "QueryResult", resultName(r), a.x.id, "")
	}
	return t.add(len(a.Results), "QueryProperties", "@ExtendedProperties", a.x.id, "").
		add(len(a.Results)+1, "QueryStatus", "QueryStatus", none, "")
}
