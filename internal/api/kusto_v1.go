package api

import (
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// encodeKustoV1 writes {"Tables":[…]}: the result, @ExtendedProperties, QueryStatus and the table of contents. A command
// is answered with its one table. Tools find the result by the name Table_0 (contract §6.2, §6.6).
func encodeKustoV1(out *buffer, a *answer) error {
	w := primary(out, a)
	dst := append(out.tail(), `{"Tables":[{"TableName":"Table_0","Columns":`...)
	dst = append(appendColumns(dst, a.Columns, true), `,"Rows":[`...)
	if err := out.put(dst); err != nil {
		return err
	}
	if err := w.all(out); err != nil {
		return err
	}
	dst = append(out.tail(), `]}`...)
	why := w.partial()
	if !isCommand(a.x.kusto.text) {
		for i, t := range []*kustoTable{
			tableOf("Value", types.String).add(visualization(a)),
			queryStatus(w, why),
			contents(a),
		} {
			dst = strconv.AppendInt(append(dst, `,{"TableName":"Table_`...), int64(i+1), 10)
			dst = appendColumns(append(dst, `","Columns":`...), t.cols, true)
			dst = append(t.appendRows(append(dst, `,"Rows":`...)), '}')
		}
	}
	dst = append(dst, ']')
	if why != "" {
		// Tools that take a row for an array fail on an object among the rows, where Kusto repeats the error.
		dst = append(dynamic.AppendString(append(dst, `,"Exceptions":[`...), exceptionText(a, why)), ']')
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
func queryStatus(w *rowWriter, why string) *kustoTable {
	x := w.a.x
	t := tableOf("Timestamp", types.Datetime, "Severity", types.Int, "SeverityName", types.String, "StatusCode", types.Int, "StatusDescription", types.String,
		"Count", types.Int, "RequestId", types.Guid, "ActivityId", types.Guid, "SubActivityId", types.Guid, "ClientActivityId", types.String)
	add := func(severity int, name string, code int, text string) {
		t.add(x.now(), severity, name, code, text, 1, x.id, x.id, x.id, x.clientID())
	}
	if why == "" {
		add(4, "Info", 0, "Query completed successfully")
	} else {
		add(2, "Error", statusTooLarge, why)
	}
	add(6, "Stats", 0, statistics(w))
	return t
}

// contents lists the tables before it.
func contents(a *answer) *kustoTable {
	const none = "00000000-0000-0000-0000-000000000000"
	return tableOf("Ordinal", types.Long, "Kind", types.String, "Name", types.String, "Id", types.String, "PrettyName", types.String).
		add(0, "QueryResult", "PrimaryResult", a.x.id, "").
		add(1, "QueryProperties", "@ExtendedProperties", a.x.id, "").
		add(2, "QueryStatus", "QueryStatus", none, "")
}
