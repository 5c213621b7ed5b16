package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/types"
	"github.com/harrier-hunting/harrier/internal/wire"
)

// logRoutes are the query API of Log Analytics (contract §6.7). Who calls it expects the tables as they are there, so
// queries see them in the compatibility mode.
func logRoutes() []route {
	base := route{
		Path: "/v1/workspaces/{workspaceId}/query", Contract: "loganalytics", Profile: "log-analytics",
		Permission: auth.Permission{Role: "Data.Read", Scope: "Data.Read"},
		Check:      checkWorkspace, Encode: encodeTables, Fail: failLogs,
	}
	id := parameter{Name: "workspaceId", In: "path", Required: true, Doc: "The id of the caller's tenant, or another name that is configured for it."}
	post, get := base, base
	post.Method, post.Open = http.MethodPost, openLogs
	post.Doc = operation{Summary: "Log Analytics: run a query", Request: "LogsQuery", Answer: "LogsResult", Error: "LogsError", Params: []parameter{id}}
	get.Method, get.Decode = http.MethodGet, decodeLogsAddress
	get.Doc = operation{Summary: "Log Analytics: run a query in the address", Answer: "LogsResult", Error: "LogsError", Params: []parameter{id,
		{Name: "query", In: "query", Required: true, Doc: "The query."}, {Name: "timespan", In: "query", Doc: "ISO 8601."}}}
	return []route{post, get}
}

// checkWorkspace accepts the caller's own workspace. Another's is as unknown as one that does not exist.
func checkWorkspace(x *exchange) *failure {
	if x.ownWorkspace(x.r.PathValue("workspaceId")) {
		return nil
	}
	f := notFound()
	f.why = "workspace"
	return f
}

func (x *exchange) ownWorkspace(id string) bool {
	return auth.CanonicalID(id) == x.principal.Tenant || x.s.cfg.Workspaces[strings.ToLower(id)] == x.principal.Tenant
}

// openLogs reads the body. The further workspaces that it may name must be the caller's own: an answer without their rows
// would pass for a whole one.
func openLogs(x *exchange, body []byte) (f *failure) {
	values, f := membersOf(x.r.Header, body, func(name string) string {
		if name == "query" || name == "timespan" || name == "workspaces" {
			return name
		}
		return ""
	})
	if f != nil {
		return f
	}
	var ids []string
	if raw, given := values["workspaces"]; given && json.Unmarshal(raw, &ids) != nil {
		return badBody("The member 'workspaces' must be an array of strings.")
	}
	for _, id := range ids {
		if !x.ownWorkspace(id) {
			f = bad(badRequest, "The parameter 'workspaces' names a workspace that does not exist or that you may not read.")
			f.why = "workspace"
			return f
		}
	}
	delete(values, "workspaces")
	x.query, f = decodeLogs(values)
	return f
}

func decodeLogs(values map[string]json.RawMessage) (hunt.Request, *failure) {
	texts := map[string]string{}
	for name, raw := range values {
		if name == "timespan" && string(raw) == "null" {
			continue
		}
		text, f := textOf(values, name)
		if f != nil {
			return hunt.Request{}, f
		}
		texts[name] = text
	}
	return logsRequest(texts)
}

func decodeLogsAddress(r *http.Request, _ []byte) (hunt.Request, *failure) {
	values, f := queryParameters(r)
	if f == nil {
		values, f = anyCase(values, "query", "timespan")
	}
	if f != nil {
		return hunt.Request{}, f
	}
	return logsRequest(values)
}

func logsRequest(texts map[string]string) (hunt.Request, *failure) {
	q := hunt.Request{Query: texts["query"], Compat: true}
	if strings.TrimSpace(q.Query) == "" {
		f := missingParameter()
		f.message = "The request must contain the parameter 'query', a text that is not empty."
		return q, f
	}
	var err error
	if q.Span, err = hunt.ParseSpan(texts["timespan"]); err != nil {
		return q, bad(badRequest, "The parameter 'timespan' is not valid: "+err.Error()+".")
	}
	return q, nil
}

// encodeTables writes {"tables":[{"name","columns":[{"name","type"}],"rows":[[…]]}]} with KQL's names of types. An answer
// that is cut, at the cap of rows or of bytes, is whole up to there and says so in "error".
func encodeTables(out *buffer, a *answer) error {
	dst := append(out.tail(), `{"tables":[{"name":"PrimaryResult","columns":[`...)
	for i, c := range a.Columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = dynamic.AppendString(append(dst, `{"name":`...), c.Name)
		dst = append(append(append(dst, `,"type":"`...), c.Type.String()...), `"}`...)
	}
	if err := out.put(append(dst, `],"rows":[`...)); err != nil {
		return err
	}
	full, err := encodeArrays(out, a)
	if err != nil {
		return err
	}
	dst = append(out.tail(), "]}]"...)
	switch {
	case full:
		a.x.truncated = true
		dst = appendPartial(dst, "The results of this query exceed the set limit of "+strconv.FormatInt(out.limit, 10)+" bytes")
	case a.Rows.Truncated():
		dst = appendPartial(dst, "The results of this query exceed the set limit of "+strconv.Itoa(a.Rows.Count())+" records")
	}
	out.finish(append(dst, '}'))
	return nil
}

// encodeArrays writes the rows until they end or the buffer is full.
func encodeArrays(out *buffer, a *answer) (full bool, err error) {
	first := true
	for {
		b, err := a.Next()
		if b == nil || err != nil {
			return false, err
		}
		for i := range b.N {
			dst := out.tail()
			before := len(dst)
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = append(dst, '[')
			for k, v := range b.Cols {
				if k > 0 {
					dst = append(dst, ',')
				}
				dst = appendLogsValue(dst, v, i, a.style)
			}
			dst = append(dst, ']')
			if err := out.put(dst); errors.Is(err, errTooLarge) {
				out.finish(dst[:before])
				a.dropped = b.N - i
				return true, nil
			}
		}
	}
}

// appendLogsValue writes a value as the other contracts do, but for JSON, which comes as text here: Microsoft's client
// libraries read it as such.
func appendLogsValue(dst []byte, v *types.Vector, i int, s wire.TimeStyle) []byte {
	if v.Type == types.Dynamic && !v.IsNull(i) {
		return dynamic.AppendString(dst, v.Strings[i])
	}
	return wire.AppendValue(dst, v, i, s)
}

// appendPartial writes the error of an answer that is not complete, with Kusto's number for results that are too large.
func appendPartial(dst []byte, what string) []byte {
	dst = append(dst, `,"error":{"code":"PartialError","message":"There were some errors when processing your query.","details":[{"code":"EngineError",`+
		`"message":"Something went wrong processing your query on the server.","innererror":{"code":"-2133196797","message":`...)
	dst = dynamic.AppendString(dst, what+", so not all records were returned (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003).")
	return append(dst, `,"severity":2,"severityName":"Error"}}]}`...)
}

// failLogs writes {"error":{"message","code","correlationId","innererror":{…}}}: the outer code tells the kind of error,
// the inner ones what is wrong.
func failLogs(dst []byte, f *failure, c *call) []byte {
	code, message, kind := f.code, f.message, ""
	switch f.status {
	case http.StatusBadRequest:
		code, message = "BadArgumentError", "The request had some invalid properties"
		switch f.outcome {
		case syntaxError:
			kind = "SyntaxError"
		case semanticError, unsupported:
			kind = "SemanticError"
		default:
			kind = f.code
		}
	case http.StatusUnauthorized:
		code = "InvalidAuthenticationToken"
		if f.why == string(auth.ReasonMissing) {
			code, message = "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."
		}
	case http.StatusForbidden:
		code, message, kind = "InsufficientAccessError", "The provided credentials have insufficient access to perform the requested operation", f.code
	case http.StatusNotFound:
		code, message = "PathNotFoundError", "The requested path does not exist"
	case http.StatusTooManyRequests:
		code = "ThrottledError"
	case http.StatusMethodNotAllowed:
		code = "MethodNotAllowedError"
	case http.StatusRequestURITooLong:
		code = "RequestUriTooLong"
	}
	dst = dynamic.AppendString(append(dst, `{"error":{"message":`...), message)
	dst = dynamic.AppendString(append(dst, `,"code":`...), code)
	dst = dynamic.AppendString(append(dst, `,"correlationId":`...), c.id)
	if kind != "" {
		dst = dynamic.AppendString(append(dst, `,"innererror":{"code":`...), kind)
		dst = dynamic.AppendString(append(dst, `,"message":`...), f.message)
		if len(f.details) > 0 {
			dst = f.details[0].appendInner(append(dst, `,"innererror":`...))
		}
		dst = append(dst, '}')
	}
	dst = appendDetails(dst, f.details)
	return append(dst, "}}"...)
}

// appendInner writes the detail as an inner error, which counts places in a query from "line" and "pos".
func (d detail) appendInner(dst []byte) []byte {
	dst = dynamic.AppendString(append(dst, `{"code":`...), d.code)
	dst = dynamic.AppendString(append(dst, `,"message":`...), d.message)
	if d.line > 0 {
		dst = strconv.AppendInt(append(dst, `,"line":`...), int64(d.line), 10)
		dst = strconv.AppendInt(append(dst, `,"pos":`...), int64(d.column), 10)
	}
	return append(dst, '}')
}
