package main

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/hunt"
)

func TestFit(t *testing.T) {
	for _, c := range []struct {
		name  string
		in    []int
		total int
		want  []int
	}{
		{"any width", []int{100, 5}, 0, []int{100, 5}},
		{"fits", []int{10, 5}, 17, []int{10, 5}},
		{"the widest gives", []int{60, 5}, 40, []int{33, 5}},
		{"two give", []int{40, 40, 3}, 57, []int{25, 25, 3}},
		{"the last is dropped", []int{40, 40, 40}, 40, []int{19, 19}},
		{"one remains", []int{40, 40}, 10, []int{10}},
		{"no columns", []int{}, 10, []int{}},
	} {
		if got := fit(slices.Clone(c.in), c.total); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
		used  int
	}{
		{"abc", 3, "abc", 3}, {"abcd", 3, "ab…", 3}, {"日本語", 6, "日本語", 6}, {"日本語", 5, "日本…", 5}, {"日本語", 4, "日…", 3},
		{"e\u0301e\u0301", 2, "e\u0301e\u0301", 2}, {"😀😀", 3, "😀…", 3}, {"", 0, "", 0}, {"ab", 1, "…", 1},
	} {
		if got, used := cut(c.in, c.width); got != c.want || used != c.used {
			t.Errorf("%q in %d: %q, %d", c.in, c.width, got, used)
		}
	}
}

// TestClean: nothing that a terminal obeys is left.
func TestClean(t *testing.T) {
	if got := clean("a\x1b[2J\r\n\tb\u202e\u200bc\u009b日"); got != "a·[2J···b··c·日" {
		t.Errorf("%q", got)
	}
}

func TestOffset(t *testing.T) {
	text := "a\nbé😀c\n\nd"
	for at := range text {
		p := diag.At(text, at)
		if got := offset(text, p.Line, p.Column); got != at && text[at] != '\n' {
			t.Errorf("%v of %q: offset %d, want %d", p, text, got, at)
		}
	}
	for _, p := range []diag.Position{{Line: 9, Column: 1}, {Line: 4, Column: 99}, {Line: -1, Column: -1}} {
		if got := offset(text, p.Line, p.Column); got < 0 || got > len(text) {
			t.Errorf("%v: offset %d", p, got)
		}
	}
}

func TestServerURL(t *testing.T) {
	for in, want := range map[string]string{
		"http://127.0.0.1:8645/": "http://127.0.0.1:8645" + queryPath, "https://h.example": "https://h.example" + queryPath, "http://[::1]:1": "http://[::1]:1" + queryPath,
		"http://localhost": "http://localhost" + queryPath, "http://h.example": "", "127.0.0.1:8645": "", "ftp://127.0.0.1": "", "": "",
	} {
		if got, err := serverURL(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

const twoRows = `{"Stats":{"x":1},"Schema":[{"Name":"n","Type":"Int64"},{"Name":"s","Type":"String"},{"Name":"S","Type":"Object"}],
"Results":[{"n":9007199254740993,"s":"a,\"b\u001b","S":{"k":[1, 2]}},{"n":null,"s":"","S":null}]}`

// ask sends a query to a server that gives one answer.
func ask(t *testing.T, status int, header http.Header, body, text string) (cursor, error) {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer T" || r.URL.Path != queryPath {
			t.Errorf("request %s with token %q", r.URL, r.Header.Get("Authorization"))
		}
		for k, v := range header {
			w.Header()[k] = v
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(srv.Close)
	return askServer(context.Background(), srv.URL, "T", "", text)
}

// TestFormats prints rows that a server sends, in every format.
func TestFormats(t *testing.T) {
	lines := `{"n":9007199254740993,"s":"a,\"b\u001b","S":{"k":[1, 2]}}` + "\n" + `{"n":null,"s":"","S":null}` + "\n"
	for format, want := range map[string]string{
		"ndjson": lines,
		"csv":    "n,s,S\r\n9007199254740993,\"a,\"\"b\x1b\",\"{\"\"k\"\":[1, 2]}\"\r\n,,\r\n",
		"json": `{"Schema":[{"Name":"n","Type":"Int64"},{"Name":"s","Type":"String"},{"Name":"S","Type":"Object"}],` + "\n\"Results\":[\n" +
			strings.Replace(strings.TrimSpace(lines), "\n", ",\n", 1) + "]}\n",
		"table": "               n  s      S\n────────────────  ─────  ────────────\n9007199254740993  a,\"b·  {\"k\":[1, 2]}\n\n",
	} {
		rows, err := ask(t, 200, nil, twoRows, "q")
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		out := bufio.NewWriter(&b)
		if err := (&queryCmd{Format: format}).print(out, rows); err != nil {
			t.Errorf("%s: %v", format, err)
		}
		out.Flush()
		rows.close()
		if b.String() != want {
			t.Errorf("%s:\n%q\nwant\n%q", format, b.String(), want)
		}
	}
}

// TestLongTable: rows beyond the sample keep its widths.
func TestLongTable(t *testing.T) {
	body := `{"Schema":[{"Name":"s","Type":"String"}],"Results":[` + strings.Repeat(`{"s":"ab"},`, sampleRows+1) + `{"s":"abcdef"}]}`
	rows, err := ask(t, 200, nil, body, "q")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.close()
	var b strings.Builder
	out := bufio.NewWriter(&b)
	if _, err := printTable(out, rows, 80); err != nil {
		t.Fatal(err)
	}
	out.Flush()
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != sampleRows+4 || lines[sampleRows+3] != "a…" || lines[sampleRows+2] != "ab" {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

func TestServerWarnings(t *testing.T) {
	rows, err := ask(t, 200, http.Header{"X-Harrier-Warning": {`{"code":"W1","message":"old \u001bname","line":2,"column":3,"hint":"use new"}`},
		"X-Harrier-Truncated": {"true"}}, twoRows, "a\nb c")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.close()
	want := diag.List{{Kind: diag.Warning, Code: "W1", Message: "old ·name", Hint: "use new", Span: diag.Span{Start: 4, End: 4}}}
	if !slices.Equal(rows.warnings(), want) || !rows.truncated() {
		t.Errorf("%+v", rows.warnings())
	}
}

// TestServerErrors: a refused query has its diagnostics, everything else is
// one line.
func TestServerErrors(t *testing.T) {
	_, err := ask(t, 400, nil, `{"error":{"code":"BadRequest","message":"m","target":"id","details":[{"code":"SEM1","message":"no x","line":1,"column":3}]}}`, "a x")
	var refused *hunt.QueryError
	if !errors.As(err, &refused) || report(err) != 2 || refused.First().Message != "no x" || refused.First().Span.Start != 2 {
		t.Errorf("refused query: %v", err)
	}
	for _, c := range []struct {
		status             int
		header, body, want string
	}{
		{429, "7", `{"error":{"code":"429","message":"too many","target":"id"}}`, "429 Too Many Requests: too many Retry after 7 seconds. (request id)"},
		{400, "", `{"error":{"code":"InvalidRequestBody","message":"Request body is incorrect","target":"id","details":[{"message":"twice"}]}}`, "incorrect twice (request id)"},
		{502, "", `<html>`, "502 Bad Gateway"},
		{302, "", ``, "302 Found"},
		{200, "", `[]`, "cannot be read"},
		{200, "", `{"Results":[]}`, "cannot be read"},
	} {
		h := http.Header{}
		if c.header != "" {
			h.Set("Retry-After", c.header)
		}
		if _, err := ask(t, c.status, h, c.body, "q"); err == nil || !strings.Contains(err.Error(), c.want) || report(err) != 1 {
			t.Errorf("%d %s: %v", c.status, c.body, err)
		}
	}
}

// TestBrokenConnection: an answer that stops is an error, not a short answer.
func TestBrokenConnection(t *testing.T) {
	rows, err := ask(t, 200, nil, twoRows[:len(twoRows)-40], "q")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.close()
	if err := printLines(bufio.NewWriter(&strings.Builder{}), rows); err == nil {
		t.Error("no error")
	}
}
