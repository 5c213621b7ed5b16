package api

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/types"
)

// openKusto reads {"db","csl","properties"} from the body, or from the address (contract §6.1).
func openKusto(x *exchange, body []byte) *failure {
	k := &kustoRequest{}
	x.kusto = k
	var properties json.RawMessage
	if x.r.Method == http.MethodGet {
		given, f := queryParameters(x.r)
		if f != nil {
			return f
		}
		k.database, k.text, properties = given["db"], given["csl"], json.RawMessage(given["properties"])
	} else {
		members, f := membersOf(x.r.Header, body, oneOf("db", "csl", "properties"))
		if f != nil {
			return f
		}
		var ok bool
		if k.text, ok = kustoText(members["csl"]); !ok {
			return badBody("The member 'csl' must be a string of Unicode text.")
		}
		if k.database, ok = kustoText(members["db"]); !ok {
			return badBody("The member 'db' must be a string of Unicode text.")
		}
		properties = members["properties"]
	}
	if strings.TrimSpace(k.text) == "" {
		return kustoBad("The request has no text: the member 'csl' is the query or command to run").failure()
	}
	x.query.Query = k.text
	return k.read(x, properties)
}

// oneOf knows members by their names. Clients of this contract write them in any case.
func oneOf(names ...string) func(string) string {
	return func(name string) string {
		for _, n := range names {
			if strings.EqualFold(n, name) {
				return n
			}
		}
		return ""
	}
}

// kustoText reads a string; no member, and null, are the empty one.
func kustoText(raw json.RawMessage) (string, bool) {
	if noValue(raw) {
		return "", true
	}
	return stringOf(raw)
}

func noValue(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || string(raw) == "null"
}

// read takes the properties, an object or a string that holds one.
func (k *kustoRequest) read(x *exchange, properties json.RawMessage) *failure {
	if text, ok := stringOf(bytes.TrimSpace(properties)); ok {
		properties = json.RawMessage(text)
	}
	if noValue(properties) {
		return nil
	}
	members, f := membersOf(nil, properties, oneOf("options", "parameters", "clientrequestid"))
	if f != nil {
		return kustoBad("The member 'properties' must be a JSON object, or a string that holds one, with Options and Parameters").failure()
	}
	if id, ok := kustoText(members["clientrequestid"]); ok && saneID(id) && !saneID(x.r.Header.Get(clientIDHeader)) {
		k.clientID = id
		x.out.Header().Set(clientIDHeader, id)
	}
	if f := k.readOptions(members["options"], &x.query.Extras); f != nil {
		return f
	}
	return readParameters(members["parameters"], &x.query.Extras)
}

// readParameters turns values into KQL's literals. Strings are handed on as they are: they hold literals, or the text
// of a parameter that is declared a string (contract §6.1).
func readParameters(raw json.RawMessage, into *hunt.Extras) *failure {
	values, ok := kustoObject(raw)
	if !ok {
		return kustoBad("'Parameters' must be a JSON object with one member for each parameter").failure()
	}
	for name, v := range values {
		if noValue(v) {
			continue // as if it were not given: a default counts
		}
		text, ok := stringOf(v)
		switch {
		case ok:
		case v[0] == '"':
			return kustoBad("The value of parameter '" + short(name) + "' is not Unicode text").failure()
		case v[0] == '{' || v[0] == '[':
			text = "dynamic(" + string(v) + ")"
		default: // numbers, true and false
			text = string(v)
		}
		if into.Parameters == nil {
			into.Parameters = map[string]string{}
		}
		into.Parameters[name] = text
	}
	return nil
}

// kustoObject reads a JSON object; nothing is an empty one.
func kustoObject(raw json.RawMessage) (values map[string]json.RawMessage, ok bool) {
	if noValue(raw) {
		return nil, true
	}
	values, f := membersOf(nil, raw, func(name string) string { return name })
	return values, f == nil
}

// readOptions reads the options that are honoured and passes over the others: they steer an engine and not an answer.
func (k *kustoRequest) readOptions(raw json.RawMessage, into *hunt.Extras) *failure {
	values, ok := kustoObject(raw)
	if !ok {
		return kustoBad("'Options' must be a JSON object with one member for each option").failure()
	}
	o := &k.options
	var longest, deferred bool
	for name, v := range values {
		if noValue(v) {
			continue
		}
		what, ok := "", true
		switch name {
		case "notruncation":
			o.noTrunc, ok, what = kustoBool(v)
		case "results_v2_fragment_primary_tables":
			o.fragmented, ok, what = kustoBool(v)
		case "results_v2_newlines_between_frames":
			o.newlines, ok, what = kustoBool(v)
		case "results_progressive_enabled":
			o.progressive, ok, what = kustoBool(v)
		case "results_error_reporting_placement":
			o.placement, ok, what = kustoPlacement(v)
		case "servertimeout":
			o.timeout, ok, what = kustoTimespan(v)
		case "norequesttimeout":
			longest, ok, what = kustoBool(v)
		case "deferpartialqueryfailures":
			deferred, ok, what = kustoBool(v)
		case "truncationmaxrecords":
			var n int64
			n, ok, what = kustoCount(v)
			o.maxRecords = int(min(n, math.MaxInt32))
		case "truncationmaxsize":
			o.maxSize, ok, what = kustoCount(v)
		case "request_readonly_hardline", "request_callout_disabled", "request_external_data_disabled":
			var closed bool
			closed, ok, what = kustoBool(v)
			into.Closed = into.Closed || closed
		case "query_language":
			var text string
			text, ok = stringOf(v)
			ok, what = ok && (strings.EqualFold(text, "kql") || strings.EqualFold(text, "csl")), "kql or csl, the languages of this service"
		default:
			k.meaning(name, v, into)
		}
		if !ok {
			return kustoBad("The request option '" + name + "' takes " + what).failure()
		}
	}
	if longest {
		o.timeout = 0
	}
	if _, asked := values["results_error_reporting_placement"]; deferred && !asked {
		o.placement = endOfDataset // readers of the rows are not told; the end tells it always
	}
	return nil
}

// meaning hands on the options that change what a query means. The binder says what they take.
func (k *kustoRequest) meaning(name string, v json.RawMessage, into *hunt.Extras) {
	switch name {
	case "query_now", "query_take_max_records", "query_bin_auto_size", "query_bin_auto_at",
		"query_datetimescope_column", "query_datetimescope_from", "query_datetimescope_to":
	default:
		return
	}
	text, ok := stringOf(v)
	if !ok {
		text = string(v)
	}
	if into.Options == nil {
		into.Options = map[string]string{}
	}
	into.Options[name] = text
}

func kustoBool(v json.RawMessage) (value, ok bool, what string) {
	switch strings.ToLower(strings.Trim(string(v), `"`)) {
	case "true", "1":
		return true, true, ""
	case "false", "0":
		return false, true, ""
	}
	return false, false, "true or false"
}

// kustoCount reads a number that is not negative; some clients send it as a string.
func kustoCount(v json.RawMessage) (int64, bool, string) {
	n, err := strconv.ParseInt(strings.Trim(string(v), `"`), 10, 64)
	return n, err == nil && n >= 0, "a number that is not negative"
}

// kustoTimespan reads a timespan such as "00:04:00" or "50m".
func kustoTimespan(v json.RawMessage) (time.Duration, bool, string) {
	const what = `a timespan greater than 0, such as "00:04:00" or "4m"`
	text, ok := stringOf(v)
	if !ok {
		return 0, false, what
	}
	ticks, ok := types.ParseTimespan(text)
	if !ok || ticks <= 0 {
		return 0, false, what
	}
	return time.Duration(min(ticks, math.MaxInt64/100)) * 100, true, what
}

func kustoPlacement(v json.RawMessage) (placement, bool, string) {
	switch text, _ := stringOf(v); strings.ToLower(text) {
	case "in_data":
		return inData, true, ""
	case "end_of_table":
		return endOfTable, true, ""
	case "end_of_dataset":
		return endOfDataset, true, ""
	}
	return inData, false, "in_data, end_of_table or end_of_dataset"
}
