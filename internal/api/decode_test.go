package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/diag"
)

func TestDecodeQuery(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`{"Query":"print 1"}`, "print 1"},
		{" {\n\t\"Query\" : \"a\\u0041\\n\\ud83d\\ude00\" }\r\n", "aA\n😀"},
		{`{"\u0051uery":"x"}`, "x"},
		{`{"Query":"\ufffd"}`, "\ufffd"},
		{`{"Query":"` + "\ufffd" + `"}`, "\ufffd"},
		{`{"query":"a","Query":"b","QUERY":"c"}`, "b"},
		{`{"a":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `,"Query":"x"}`, "x"},
	} {
		if got, f := queryOf(http.Header{}, []byte(c.body)); f != nil || got != c.want {
			t.Errorf("%.80s: %q, %v", c.body, got, f)
		}
	}
	for _, body := range []string{
		`{"Query":"a","\u0051uery":"b"}`, `{"Query":"\ud83d"}`, `{"Query":"\ude00\ud83d"}`, `{"Query":"\ud83dx"}`, `{"Query":"\ud83d\n\ude00"}`,
		`{"Query":null}`, `{"Query":1}`, `{"Query":{"Query":"x"}}`, `{"Query":"a",}`, `{"Query" "a"}`, `{"Query":"a" "b":1}`, `{Query:"a"}`, `{'Query':'a'}`,
		`{"Query":"a` + "\n" + `"}`, `{"a":` + strings.Repeat("[", 1<<20) + `}`, `{"a":01,"Query":"x"}`, `"Query"`, `{"Query":"a"}x`, `{"Query":"a"}]`, ``, ` `,
	} {
		if got, f := queryOf(http.Header{}, []byte(body)); f == nil || f.status != 400 {
			t.Errorf("%.80s: accepted as %q", body, got)
		}
	}
}

// FuzzDecodeQuery holds the decoder against the standard library's view of
// the same body.
func FuzzDecodeQuery(f *testing.F) {
	for _, s := range []string{`{"Query":"print 1"}`, `{"Query":"a","Query":"b"}`, `{"x":[{}],"Query":"\ud83d\ude00"}`, `{"Query":"\ud800"}`, "\ufeff{}", `[`, `{"Query":`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, fail := queryOf(http.Header{}, body)
		if fail != nil {
			if fail.status != 400 || fail.code == "" || fail.message == "" || got != "" {
				t.Fatalf("failure %+v, text %q", fail, got)
			}
			if out := failEnvelope(nil, fail, &call{id: "id"}); !json.Valid(out) {
				t.Fatalf("envelope %s", out)
			}
			return
		}
		var members map[string]any
		if err := json.Unmarshal([]byte(strings.TrimPrefix(string(body), "\ufeff")), &members); err != nil {
			t.Fatalf("accepted %q, which is not JSON: %v", body, err)
		}
		if members["Query"] != got || !utf8.ValidString(got) || strings.TrimSpace(got) == "" {
			t.Fatalf("read %q of %q", got, body)
		}
	})
}

func TestNegotiate(t *testing.T) {
	for accept, want := range map[string]string{
		"": "", "identity": "", "gzip": "gzip", "deflate": "deflate", "gzip, deflate": "gzip", "deflate, gzip": "gzip", "deflate;q=1, gzip;q=0.5": "deflate",
		"gzip;q=0": "", "gzip; Q=0.1": "gzip", "GZIP": "gzip", "x-gzip": "gzip", "br, zstd": "", "*": "", "gzip;q=nan": "", "gzip;q=2": "", "gzip;q": "", ",,gzip,": "gzip",
	} {
		if got := negotiate([]string{accept}); got != want {
			t.Errorf("%q: %q, want %q", accept, got, want)
		}
	}
	if got := negotiate(nil); got != "" {
		t.Errorf("no header: %q", got)
	}
}

// TestWarningValue: whatever a query contains, the header stays a header and
// the text comes back.
func TestWarningValue(t *testing.T) {
	text := "a\r\nSet-Cookie: x é 😀 \x7f"
	v := warningValue(diag.Diagnostic{Code: "W1", Message: text, Hint: strings.Repeat("é", 1000), Span: diag.Span{Start: 4}}, "ab\nc")
	for _, c := range []byte(v) {
		if c < ' ' || c > '~' {
			t.Fatalf("byte %#x in %s", c, v)
		}
	}
	var got struct {
		Code, Message, Hint string
		Line, Column        int
	}
	if err := json.Unmarshal([]byte(v), &got); err != nil || got.Message != text || got.Code != "W1" || got.Line != 2 || got.Column != 2 ||
		len(got.Hint) > maxWarningText+3 {
		t.Errorf("%s: %+v, error %v", v, got, err)
	}
}

func TestSaneID(t *testing.T) {
	for id, want := range map[string]bool{
		"": false, "a b": false, "a\"": false, "7f8c0e4e-0000-0000-0000-00000000abcd": true, "|1d25001e-48e8e09dbddde4f4.": true,
		strings.Repeat("a", 128): true, strings.Repeat("a", 129): false, "é": false, "<": false,
	} {
		if got := saneID(id); got != want {
			t.Errorf("%q: %v", id, got)
		}
	}
}
