package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
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
	if why := notJSON(h, body); why != "" {
		return "", badBody(why)
	}
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff")))) // .NET clients send the mark
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return "", badBody("The request body must be a JSON object.")
	}
	var text string
	found := false
	for dec.More() {
		name, err := dec.Token()
		var value json.RawMessage
		if err == nil {
			err = dec.Decode(&value)
		}
		switch {
		case err != nil:
			return "", badBody("The request body is not valid JSON.")
		case name != queryMember:
			continue
		case found:
			return "", badBody("The member 'Query' is given twice.")
		}
		found = true
		var ok bool
		if text, ok = stringOf(value); !ok {
			return "", badBody("The member 'Query' must be a string of Unicode text.")
		}
	}
	if t, err := dec.Token(); err != nil || t != json.Delim('}') {
		return "", badBody("The request body is not valid JSON.")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return "", badBody("The request body goes on after the JSON object.")
	}
	if strings.TrimSpace(text) == "" {
		return "", missingParameter()
	}
	return text, nil
}

// notJSON says what in the headers or the encoding contradicts a JSON body, or "". A body without Content-Type is
// taken for JSON.
func notJSON(h http.Header, body []byte) string {
	if e := h.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return "The request body must not be compressed."
	}
	if ct := h.Get("Content-Type"); ct != "" {
		media, params, err := mime.ParseMediaType(ct)
		if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) || !isJSON(media) {
			return "The Content-Type must be application/json."
		}
		switch strings.ToLower(params["charset"]) {
		case "", "utf-8", "utf8", "us-ascii":
		default:
			return "The request body must be encoded in UTF-8."
		}
	}
	if !utf8.Valid(body) {
		return "The request body must be encoded in UTF-8."
	}
	return ""
}

func isJSON(media string) bool {
	return media == "application/json" || media == "text/json" || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
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
