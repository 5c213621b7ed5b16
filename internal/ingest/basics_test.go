package ingest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestParseTime(t *testing.T) {
	for _, x := range []struct{ in, want string }{
		{"2022-08-04T08:20:10.527Z", "2022-08-04T08:20:10.527Z"},
		{"2022-08-04 08:20:10.5271234", "2022-08-04T08:20:10.5271234Z"},
		{"2022-08-04T08:20:10.527123456789Z", "2022-08-04T08:20:10.5271234Z"},
		{"2022-08-04T10:20:10+02:00", "2022-08-04T08:20:10Z"},
		{"2022-08-04T01:20:10-0700", "2022-08-04T08:20:10Z"},
		{"2022-08-04T10:20+02", "2022-08-04T08:20:00Z"},
		{"20220804T082010Z", "2022-08-04T08:20:10Z"},
		{"20220804", "2022-08-04T00:00:00Z"},
		{"2022-08-04", "2022-08-04T00:00:00Z"},
		{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
		{"9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z"},
		{"2000-02-29T00:00:00", "2000-02-29T00:00:00Z"},
		{"2024-03-01 00:00:00,5", "2024-03-01T00:00:00.5Z"},
	} {
		ticks, _, ok := parseTime(x.in)
		want, err := time.Parse(time.RFC3339Nano, x.want)
		if err != nil {
			t.Fatal(err)
		}
		w := (want.Unix()+62135596800)*second + int64(want.Nanosecond())/100
		if !ok || ticks != w {
			t.Errorf("%s: %d, %v; want %d", x.in, ticks, ok, w)
		}
	}
	for _, in := range []string{"", "2022", "2022-13-01", "1900-02-29", "2022-08-04T", "2022-08-04T08", "2022-08-04T24:00:00Z",
		"2022-08-04T08:20:60Z", "2022-08-04T08:20:10.Z", "2022-08-04T08:20:10Zx", "2022-08-04x08:20", "0000-01-01", "2022-0804",
		"0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "12/31/2022", "2022-08-04T08:20:10+2"} {
		if ticks, _, ok := parseTime(in); ok {
			t.Errorf("%q was read as %d", in, ticks)
		}
	}
	if _, zoned, _ := parseTime("2022-08-04T08:20:10"); zoned {
		t.Error("a time without a zone counts as zoned")
	}
}

func TestEveryDayCounts(t *testing.T) {
	want := int64(0)
	for y := int64(1); y <= 9999; y++ {
		for m := int64(1); m <= 12; m++ {
			if got := days(y, m, 1); got != want {
				t.Fatalf("days(%d, %d, 1) = %d, want %d", y, m, got, want)
			}
			want += daysIn(y, m)
		}
	}
	if days(1970, 1, 1)*day != unixEpoch {
		t.Error("the Unix epoch is off")
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		`"plain"`: "plain", `"a\"b\\c\/d\b\f\n\r\t"`: "a\"b\\c/d\b\f\n\r\t", `"é€😀"`: "é€😀",
		`"\u00e9\u20AC"`: "é€", `"\ud83d\ude00!"`: "😀!", `"\ud83d!"`: "\uFFFD!", `"\ud83d\ud83d"`: "\uFFFD\uFFFD", "\"a\xffb\"": "a\uFFFDb",
		`""`: "",
	} {
		v, err := parseValue([]byte(in))
		if err != nil || v.text() != want {
			t.Errorf("%s: %q, %v; want %q", in, v.text(), err, want)
		}
	}
}

func TestCompact(t *testing.T) {
	for in, want := range map[string]string{
		"{ \"a b\" :\t[1 , 2,\r\n{ } ] }": `{"a b":[1,2,{}]}`, `"a \" b"`: `"a \" b"`, " 12 ": "12", `["\ud83d\ude00","\ud83d"]`: `["\ud83d\ude00","\ufffd"]`, "[ \"\xff \" ]": "[\"\uFFFD \"]",
	} {
		v, err := parseValue([]byte(in))
		if err != nil || v.compact() != want {
			t.Errorf("%s: %s, %v; want %s", in, v.compact(), err, want)
		}
	}
}

func TestJSONFields(t *testing.T) {
	var f jsonFields
	got := f.reset().text("A", "x\"\\\n\r\t\x01é").text("B", "").raw("C", "12").String()
	var back map[string]any
	if err := json.Unmarshal([]byte(got), &back); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	if back["A"] != "x\"\\\n\r\t\x01é" || back["C"] != 12.0 || len(back) != 2 {
		t.Errorf("%s", got)
	}
	if f.reset().String() != "" {
		t.Error("an empty object has text")
	}
}

// FuzzJSON holds the scanner against encoding/json: the same texts are JSON,
// strings mean the same, and compact text is JSON again.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e+3,true,null,"\u00e9\ud83d\ude00"]}`, `{"a":{"b":[[]]}} `, "[01]", `"\x"`, `{"a":1,}`, "[1 2]",
		"\"\x01\"", `{"a" 1}`, "-", "1e", "tru", "[[[[", "\"\xff\xfe\"", strings.Repeat("[", 200)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := parseValue(b)
		valid := json.Valid(b)
		if valid != (err == nil) && err != errJSONDepth {
			t.Fatalf("%q: %v, encoding/json says valid=%v", b, err, valid)
		}
		if err != nil {
			return
		}
		if c := v.compact(); !json.Valid([]byte(c)) || !utf8.ValidString(c) {
			t.Fatalf("%q: compact text %q is not JSON", b, c)
		}
		if v.kind == jsonString {
			var want string
			if err := json.Unmarshal(b, &want); err != nil || v.text() != want {
				t.Fatalf("%q: %q, want %q (%v)", b, v.text(), want, err)
			}
		}
	})
}
