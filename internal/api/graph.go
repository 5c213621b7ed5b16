package api

import (
	"net/http"
	"strings"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/types"
)

// qualified stands before a name where an SDK writes it out.
const qualified = "microsoft.graph.security."

// graphRoutes are the security API of Microsoft Graph (contract §3), in its two versions. The SDKs write the full names
// of actions and functions, and parentheses behind a function without parameters.
func graphRoutes() []route {
	need := auth.Permission{Role: "ThreatHunting.Read.All", Scope: "ThreatHunting.Read.All"}
	base := route{Contract: "graph", Permission: need, Profile: "graph-2026", Fail: failGraph, Head: headGraph}
	var out []route
	for _, version := range []string{"v1.0", "beta"} {
		root := "/" + version + "/security/"
		run := base
		run.Method, run.Path, run.Aliases = http.MethodPost, root+"runHuntingQuery", []string{root + qualified + "runHuntingQuery"}
		run.Decode, run.Encode = decodeGraph, encodeGraph(version)
		run.Doc = operation{Summary: "Microsoft Graph " + version + ": run a query", Request: "GraphQuery", Answer: "GraphResults", Error: "GraphError"}
		schema := base
		schema.Method, schema.Path = http.MethodGet, root+"getHuntingSchema"
		schema.Aliases = []string{root + "getHuntingSchema()", root + qualified + "getHuntingSchema", root + qualified + "getHuntingSchema()"}
		schema.Answer = huntingSchema
		schema.Doc = operation{Summary: "Microsoft Graph " + version + ": tables and functions that the caller may read", Answer: "GraphSchema", Error: "GraphError"}
		out = append(out, run, schema)
	}
	get := base
	get.Method, get.Path = http.MethodGet, "/beta/security/getRunHuntingQuery({arguments...})"
	get.Aliases = []string{"/beta/security/" + qualified + "getRunHuntingQuery({arguments...})"}
	get.Decode, get.Encode = decodeGraphCall, encodeGraph("beta")
	get.Doc = operation{Summary: "Microsoft Graph beta: run a query in the address", Answer: "GraphResults", Error: "GraphError",
		Params: []parameter{{Name: "arguments", In: "path", Required: true,
			Doc: "query='…' (a quote is doubled), and, if wanted, timespan='P1D' and workspaceId=GUID, with commas between them."}}}
	return append(out, get)
}

// headGraph gives every request a name of its client's: the server's, where the client gives none.
func headGraph(c *call) {
	if h := c.out.Header(); h.Get("Client-Request-Id") == "" {
		h.Set("Client-Request-Id", c.id)
	}
}

// The members of a Graph request; their names are not case-sensitive (contract §3).
var graphMembers = [...]string{"Query", "Timespan", "workspaceId"}

func graphMember(name string) string {
	for _, m := range graphMembers {
		if strings.EqualFold(name, m) {
			return m
		}
	}
	return ""
}

func decodeGraph(r *http.Request, body []byte) (hunt.Request, *failure) {
	values, f := membersOf(r.Header, body, graphMember)
	if f != nil {
		return hunt.Request{}, f
	}
	texts := map[string]string{}
	for name, raw := range values {
		if string(raw) == "null" && name != "Query" {
			continue
		}
		if texts[name], f = textOf(values, name); f != nil {
			return hunt.Request{}, f
		}
	}
	return graphRequest(texts)
}

// decodeGraphCall reads the arguments of getRunHuntingQuery in the path.
func decodeGraphCall(r *http.Request, _ []byte) (hunt.Request, *failure) {
	values, f := queryParameters(r)
	if f != nil {
		return hunt.Request{}, f
	}
	texts, ok := callArguments(r.PathValue("arguments"), values)
	if !ok {
		return hunt.Request{}, bad(badRequest, "The arguments cannot be read. Write getRunHuntingQuery(query='…',timespan='P1D'), with every quote within a text doubled.")
	}
	return graphRequest(texts)
}

func graphRequest(texts map[string]string) (hunt.Request, *failure) {
	q := hunt.Request{Query: texts["Query"]}
	if strings.TrimSpace(q.Query) == "" {
		f := missingParameter()
		f.message = "The request must contain the parameter 'Query', a text that is not empty."
		return q, f
	}
	if id := texts["workspaceId"]; id != "" {
		if _, ok := types.ParseGuid(id); !ok {
			return q, bad(badRequest, "The parameter 'workspaceId' must be a GUID.")
		}
	}
	var err error
	if q.Span, err = hunt.ParseSpan(texts["Timespan"]); err != nil {
		return q, bad(badRequest, "The parameter 'Timespan' is not valid: "+err.Error()+".")
	}
	return q, nil
}

// callArguments reads name=value pairs with commas between them (OData 4.01, URL conventions, 4.3 and 5.1.1): a value is
// a text in quotes, in which a quote is doubled, a plain word, or an alias (@q) whose value is a parameter of the
// address. The text is decoded already.
func callArguments(left string, aliases map[string]string) (map[string]string, bool) {
	out := map[string]string{}
	for {
		name, text, ok := strings.Cut(left, "=")
		name = graphMember(strings.TrimSpace(name))
		if _, twice := out[name]; !ok || name == "" || twice {
			return nil, false
		}
		value, rest, ok := callValue(text)
		if alias, is := strings.CutPrefix(value, "@"); is && ok && rest.bare {
			if value, _, ok = callValue(aliases["@"+alias]); !ok {
				return nil, false
			}
		}
		if !ok {
			return nil, false
		}
		if out[name] = value; rest.text == "" {
			return out, !rest.comma
		}
		left = rest.text
	}
}

// afterValue is what follows a value.
type afterValue struct {
	text  string
	comma bool // there was a comma
	bare  bool // the value stood without quotes
}

func callValue(text string) (value string, after afterValue, ok bool) {
	text = strings.TrimLeft(text, " ")
	if !strings.HasPrefix(text, "'") {
		value, after.text, after.comma = strings.Cut(text, ",")
		after.bare = true
		value = strings.TrimSpace(value)
		return value, after, value != "" && !strings.ContainsAny(value, "'()")
	}
	var b strings.Builder
	for text = text[1:]; ; {
		part, rest, closed := strings.Cut(text, "'")
		if !closed {
			return "", after, false
		}
		b.WriteString(part)
		if text, ok = strings.CutPrefix(rest, "'"); !ok {
			rest = strings.TrimLeft(rest, " ")
			after.text, after.comma = strings.CutPrefix(rest, ",")
			return b.String(), after, rest == "" || after.comma
		}
		b.WriteByte('\'')
	}
}

// encodeGraph writes {"@odata.context","schema":[{"name","type"}],"results":[{…}]}: camelCase, but types and columns keep
// their names. The context names the published vocabulary, wherever this service runs.
func encodeGraph(version string) func(*buffer, *answer) error {
	head := `"@odata.context":"https://graph.microsoft.com/` + version + `/$metadata#microsoft.graph.security.huntingQueryResults","schema":[`
	return func(out *buffer, a *answer) error {
		return encodeObjects(out, a, '{', head, `{"name":`, `,"type":"`, `],"results":[`)
	}
}

// failGraph writes {"error":{"code","message","innerError":{"date","request-id","client-request-id"}}}. Faults of the
// server have the code and the empty message that are documented; what is wrong is in the log under the request's id.
func failGraph(dst []byte, f *failure, c *call) []byte {
	code, message := f.code, f.message
	switch f.status {
	case http.StatusBadRequest, http.StatusRequestURITooLong, http.StatusMethodNotAllowed:
		code = "BadRequest"
	case http.StatusUnauthorized:
		code = "InvalidAuthenticationToken"
	case http.StatusTooManyRequests:
		code = "TooManyRequests"
	case http.StatusInternalServerError, http.StatusGatewayTimeout:
		code, message = "UnknownError", ""
	}
	dst = dynamic.AppendString(append(dst, `{"error":{"code":`...), code)
	dst = dynamic.AppendString(append(dst, `,"message":`...), message)
	dst = appendDetails(dst, f.details)
	dst = c.start.UTC().AppendFormat(append(dst, `,"innerError":{"date":"`...), "2006-01-02T15:04:05")
	dst = dynamic.AppendString(append(dst, `","request-id":`...), c.id)
	client := c.r.Header.Get("Client-Request-Id")
	if !saneID(client) {
		client = c.id
	}
	dst = dynamic.AppendString(append(dst, `,"client-request-id":`...), client)
	return append(dst, "}}}"...)
}
