package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/hunt"
)

// queryMember is the one member of a request body. Member names are case-sensitive in this API (contract §1.2).
const queryMember = "Query"

// decodeQuery is for contracts whose body is {"Query": "…"}.
func decodeQuery(r *http.Request, body []byte) (hunt.Request, *failure) {
	text, f := queryOf(r.Header, body)
	return hunt.Request{Query: text}, f
}

// queryOf reads {"Query": "…"}. Members it does not know are passed over; a second Query is refused, because
// readers of JSON disagree on which of two counts, and a gateway in front may have judged the other one.
func queryOf(h http.Header, body []byte) (string, *failure) {
	values, f := membersOf(h, body, func(name string) string {
		if name == queryMember {
			return name
		}
		return ""
	})
	if f != nil {
		return "", f
	}
	text, f := textOf(values, queryMember)
	if f == nil && strings.TrimSpace(text) == "" {
		f = missingParameter()
	}
	if f != nil {
		return "", f
	}
	return text, nil
}

// textOf is a member that is a text; one that is not there is "".
func textOf(values map[string]json.RawMessage, name string) (string, *failure) {
	raw, ok := values[name]
	if !ok {
		return "", nil
	}
	text, ok := stringOf(raw)
	if !ok {
		return "", badBody("The member '" + name + "' must be a string of Unicode text.")
	}
	return text, nil
}

// membersOf reads a JSON object. known gives the member that a name stands for, "" for one to pass over; what stands
// for one member twice is refused.
func membersOf(h http.Header, body []byte, known func(string) string) (map[string]json.RawMessage, *failure) {
	text, f := jsonText(h, body)
	if f != nil {
		return nil, f
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, badBody("The request body must be a JSON object.")
	}
	values := map[string]json.RawMessage{}
	for dec.More() {
		token, err := dec.Token()
		var value json.RawMessage
		if err == nil {
			err = dec.Decode(&value)
		}
		if err != nil {
			return nil, badBody("The request body is not valid JSON.")
		}
		member, _ := token.(string)
		name := known(member)
		if name == "" {
			continue
		}
		if _, twice := values[name]; twice {
			return nil, badBody("The member '" + name + "' is given twice.")
		}
		values[name] = value
	}
	if t, err := dec.Token(); err != nil || t != json.Delim('}') {
		return nil, badBody("The request body is not valid JSON.")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, badBody("The request body goes on after the JSON object.")
	}
	return values, nil
}

// maxURL bounds what a query in an address may take. A query beyond it belongs into a body.
const maxURL = 16 << 10

// queryParameters reads the parameters of an address, each at most once.
func queryParameters(r *http.Request) (map[string]string, *failure) {
	if len(r.RequestURI) > maxURL {
		return nil, addressTooLong()
	}
	// A semicolon separates statements of a query, and nothing in an address (WHATWG URL, 5.1; ASP.NET).
	values, err := url.ParseQuery(strings.ReplaceAll(r.URL.RawQuery, ";", "%3B"))
	if err != nil {
		return nil, bad(badRequest, "The parameters of the address cannot be read. Encode them as a URL needs it.")
	}
	out := map[string]string{}
	for name, v := range values {
		if len(v) > 1 || !utf8.ValidString(v[0]) {
			return nil, bad(badRequest, "A parameter of the address is given twice, or is not in UTF-8.")
		}
		out[name] = v[0]
	}
	return out, nil
}

// anyCase picks parameters of an address by their names, which have no case in ASP.NET. What is given in two spellings
// is given twice.
func anyCase(values map[string]string, names ...string) (map[string]string, *failure) {
	out := map[string]string{}
	for given, value := range values {
		for _, name := range names {
			if !strings.EqualFold(name, given) {
				continue
			}
			if _, twice := out[name]; twice {
				return nil, bad(badRequest, "The parameter '"+name+"' of the address is given twice.")
			}
			out[name] = value
		}
	}
	return out, nil
}

// stringOf decodes a JSON string. The standard decoder turns half of a surrogate pair into U+FFFD; that is not what
// was sent, so it is refused.
func stringOf(raw json.RawMessage) (string, bool) {
	var s string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	if strings.ContainsRune(s, utf8.RuneError) && replaced(raw) {
		return "", false
	}
	return s, true
}

// replaced reports an escaped half of a surrogate pair in a valid JSON string.
func replaced(raw []byte) bool {
	half := false // the last escape was a first half
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			if half {
				return true
			}
			i++
			continue
		}
		if raw[i+1] != 'u' {
			if half {
				return true
			}
			i += 2
			continue
		}
		unit := hexUnit(raw[i+2 : i+6])
		first, second := unit >= 0xd800 && unit < 0xdc00, unit >= 0xdc00 && unit < 0xe000
		if half != second {
			return true
		}
		half = first
		i += 6
	}
	return half
}

func hexUnit(digits []byte) (n uint32) {
	for _, c := range digits {
		switch {
		case c <= '9':
			n = n<<4 | uint32(c-'0')
		default:
			n = n<<4 | uint32(c|0x20-'a'+10)
		}
	}
	return n
}
