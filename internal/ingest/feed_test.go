package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// readAll runs a feed and writes down what it gives: "line:record", or
// "line!fault".
func readAll(t testing.TB, r io.Reader, limit int) []string {
	t.Helper()
	f := newFeed(r, limit)
	var out []string
	for range 100_000 {
		rec, line, err := f.next()
		switch {
		case err == errTooLong || err == errStray || err == errJSONEnd:
			out = append(out, fmt.Sprintf("%d!%v", line, err))
		case err != nil:
			if err != io.EOF {
				out = append(out, fmt.Sprintf("%d!%v", line, err))
			}
			return out
		case len(rec) > limit:
			t.Fatalf("a record of %d bytes passed the limit of %d", len(rec), limit)
		default:
			out = append(out, fmt.Sprintf("%d:%s", line, rec))
		}
	}
	t.Fatal("the feed does not end")
	return nil
}

func TestFeed(t *testing.T) {
	long := strings.Repeat("x", 100)
	tooLong, stray, end := fmt.Sprintf("!%v", errTooLong), fmt.Sprintf("!%v", errStray), fmt.Sprintf("!%v", errJSONEnd)
	for _, x := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"blank", "\n \r\n\n", ""},
		{"lines", "{\"a\":1}\n{\"b\":2}\n", `1:{"a":1}|2:{"b":2}`},
		{"CRLF and no end", "{\"a\":1}\r\n\r\n{\"b\":2}", `1:{"a":1}|3:{"b":2}`},
		{"byte order mark", "\xEF\xBB\xBF{\"a\":1}\n", `1:{"a":1}`},
		{"a broken line costs itself", "{\"a\":1}\n{\"b\n{\"c\":3}\n", `1:{"a":1}|2:{"b|3:{"c":3}`},
		{"a long line costs itself", "{\"a\":1}\n" + long + "\n{\"c\":3}\n", `1:{"a":1}|2` + tooLong + `|3:{"c":3}`},
		{"a long last line", "{\"a\":1}\n" + long, `1:{"a":1}|2` + tooLong},
		{"wrapped lines", "{\"records\":[{}]}\n{\"records\":[{}]}\n", `1:{"records":[{}]}|2:{"records":[{}]}`},
		{"array", "[{\"a\":1},\n{\"b\":[2,\"]}\"]}]\n", `1:{"a":1}|2:{"b":[2,"]}"]}`},
		{"two arrays", "[{}] [{\"a\":\"\\\"\"}]", `1:{}|1:{"a":"\""}`},
		{"pretty", "{\n \"a\": 1\n}\n{\n}\n", "1:{\n \"a\": 1\n}|4:{\n}"},
		{"pretty wrapper", "{ \"records\" : [\n{\"a\":1},\n{\"b\":2}\n],\n\"x\":[{\"y\":\"]}\"}]}\n{\"records\":[\n{\"c\":3}]}", `2:{"a":1}|3:{"b":2}|7:{"c":3}`},
		{"stray text", "[\n1, {\"a\":1}, x {\"b\":2}]", "2" + stray + `|2:{"a":1}|2` + stray + `|2:{"b":2}`},
		{"long element", "[{\"a\":\"" + long + "\"},{\"b\":2}]", "1" + tooLong + `|1:{"b":2}`},
		{"unfinished", "[{\"a\":1},{\"b\":", `1:{"a":1}|1:{"b":|1` + end},
		{"unfinished wrapper", "{\"records\":[\n{\"a\":1}\n", `2:{"a":1}|3` + end},
	} {
		t.Run(x.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(x.in), iotest.OneByteReader(strings.NewReader(x.in)), iotest.DataErrReader(strings.NewReader(x.in))} {
				if got := strings.Join(readAll(t, r, 50), "|"); got != x.want {
					t.Errorf("got  %s\nwant %s", got, x.want)
				}
			}
		})
	}
}

// TestFeedLargeWrapper streams a wrapper that is far larger than a record may
// be, all in one line.
func TestFeedLargeWrapper(t *testing.T) {
	const n = 20_000
	in := `{"records":[` + strings.Repeat(`{"category":"x"},`, n-1) + `{"category":"x"}]}`
	if got := readAll(t, strings.NewReader(in), 1000); len(got) != n || got[n-1] != `1:{"category":"x"}` {
		t.Errorf("%d records, last %s", len(got), got[len(got)-1])
	}
}

func TestFeedFault(t *testing.T) {
	broken := errors.New("disk on fire")
	got := readAll(t, io.MultiReader(strings.NewReader("{\"a\":1}\n{\"b\""), iotest.ErrReader(broken)), 50)
	// What was read of the last line is handed on, then the fault.
	if want := `1:{"a":1}|2:{"b"|3!disk on fire`; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
	if got := readAll(t, stuck{}, 50); len(got) != 1 || !strings.Contains(got[0], io.ErrNoProgress.Error()) {
		t.Errorf("a reader that never moves: %q", got)
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// FuzzFeed checks that a feed ends, keeps its limit, and does not depend on
// how its stream comes in pieces.
func FuzzFeed(f *testing.F) {
	for _, s := range []string{"{\"a\":1}\n{\"b\":2}\r\n", "[{},{\"a\":[1]}]", "{\"records\":[{},\n{}]}", "{\n\"a\":\"\\\"}\"\n}", "x\n[{", "[]]}{"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		whole := readAll(t, bytes.NewReader(b), 40)
		pieces := readAll(t, iotest.OneByteReader(bytes.NewReader(b)), 40)
		if strings.Join(whole, "|") != strings.Join(pieces, "|") {
			t.Errorf("%q\nwhole  %q\npieces %q", b, whole, pieces)
		}
	})
}
