package dynamic

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

func TestCompact(t *testing.T) {
	cases := []struct{ in, want string }{
		{`{"a":1,"b":[1,2,3]}`, `{"a":1,"b":[1,2,3]}`},
		{" { \"a\" : 1 ,\n\"b\":[ 1 , 2 ] } ", `{"a":1,"b":[1,2]}`},
		{`[]`, `[]`}, {` { } `, `{}`}, {`null`, `null`}, {` true `, `true`}, {`"x"`, `"x"`},
		{`118.0`, `118.0`}, {`1.50`, `1.5`}, {`1e3`, `1000.0`}, {`-2.5E-2`, `-0.025`}, {`0.0000001`, `1e-7`},
		{`-0`, `0`}, {`-0.0`, `-0.0`}, {`9223372036854775807`, `9223372036854775807`},
		{`-9223372036854775808`, `-9223372036854775808`}, {`9223372036854775808`, `9223372036854776000.0`},
		{`1e400`, `"Infinity"`}, {`-1e400`, `"-Infinity"`},
		{`"\u0041\/\u00e9\u001F\u0009\n"`, `"A/é\u001f\t\n"`}, {`"\ud83d\ude00"`, `"😀"`}, {`"\ud83d"`, "\"\uFFFD\""},
		{`"\ud83dx\u0041"`, "\"\uFFFDxA\""}, {"\"a\xffb\"", "\"a\uFFFDb\""}, {`"\u0022\u005c"`, `"\"\\"`},
		{`{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`}, {`[{"a":{"x":1,"x":2}}]`, `[{"a":{"x":2}}]`},
		{`{"a":1,"\u0061":2}`, `{"a":2}`}, {`{"":1}`, `{"":1}`},
	}
	for _, c := range cases {
		got, ok := Compact(c.in)
		if !ok || got != c.want {
			t.Errorf("Compact(%s) = %s, %v, want %s", c.in, got, ok, c.want)
		}
		if again, ok := Compact(got); !ok || again != got {
			t.Errorf("Compact(%s) is not canonical: %s", c.in, again)
		}
	}
}

func TestCompactTimes(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"t":"2021-11-18T00:03:35","u":[ "2021-11-18T00:03:35Z" ]}`, `{"t":"2021-11-18T00:03:35.0000000Z","u":["2021-11-18T00:03:35.0000000Z"]}`},
		{`["2021-11-18T00:03:35.1","2021-11-18T00:03:35.1234567"]`, `["2021-11-18T00:03:35.1000000Z","2021-11-18T00:03:35.1234567Z"]`},
		{`"2021-11-18T00:03:35.0000000Z"`, `"2021-11-18T00:03:35.0000000Z"`},
		{`{"2021-11-18T00:03:35":"2021-11-18T00:03:35"}`, `{"2021-11-18T00:03:35":"2021-11-18T00:03:35.0000000Z"}`},
		{`["2021-11-18","2021-11-18 00:03:35","2021-11-18T00:03","2021-11-18T00:03:35+01:00","2021-13-18T00:03:35","2021-11-18T00:03:35Z[UTC]","2021-11-18T00:03:35.472380514Z","x021-11-18T00:03:35"]`, ""},
		{`"2021-11-18T00:03:35`, "refused"}, {`"2021-11-18T00:03:3"`, ""}, {`"2021-11-18T00:03:35Z1"`, ""}, {`"2021-11-18T00:03:35..1"`, ""},
	} {
		got, ok := CompactTimes(c.in)
		if c.want == "" {
			c.want = c.in
		}
		if ok != (c.want != "refused") || ok && got != c.want {
			t.Errorf("CompactTimes(%s) = %s, %v, want %s", c.in, got, ok, c.want)
		}
		if again, _ := CompactTimes(got); again != got {
			t.Errorf("CompactTimes(%s) is not canonical: %s", c.in, again)
		}
	}
}

func TestCompactRefuses(t *testing.T) {
	cases := []string{
		``, ` `, `{`, `}`, `[`, `[1`, `[1,]`, `[,1]`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{a:1}`, `'a'`, `"a`, `"\x"`, `"\u12"`,
		"\"a\nb\"", `01`, `1.`, `.5`, `+1`, `1e`, `--1`, `tru`, `nul`, `NaN`, `1 2`, `[1]]`, `{"a":1}x`,
		strings.Repeat("[", MaxDepth+2) + strings.Repeat("]", MaxDepth+2),
		`"` + strings.Repeat("x", MaxSize) + `"`,
	}
	for _, in := range cases {
		if got, ok := Compact(in); ok {
			t.Errorf("Compact(%.40s) = %.40s, want a refusal", in, got)
		}
	}
	deep := strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth)
	if _, ok := Compact(deep); !ok {
		t.Error("the depth that is allowed is refused")
	}
}

const sample = `{"a":1,"b":{"c":[10,"x,]}",{"d":null}],"a":2},"q\"k":true,"back\\":1.5,"é":"\n","":[]}`

func TestGetAndIndex(t *testing.T) {
	get := map[string]string{
		"a": "1", "b": `{"c":[10,"x,]}",{"d":null}],"a":2}`, `q"k`: "true", `back\`: "1.5", "é": `"\n"`, "": "[]",
	}
	for k, want := range get {
		if v, ok := Get(sample, k); !ok || v != want {
			t.Errorf("Get(%q) = %s, %v, want %s", k, v, ok, want)
		}
	}
	for _, k := range []string{"c", `q\"k`, `back\\`, "A", "é "} {
		if v, ok := Get(sample, k); ok || v != "null" {
			t.Errorf("Get(%q) = %s, want nothing", k, v)
		}
	}
	b, _ := Get(sample, "b")
	c, _ := Get(b, "c")
	index := map[int]string{0: "10", 1: `"x,]}"`, 2: `{"d":null}`, 3: "null", -1: `{"d":null}`, -3: "10", -4: "null", math.MinInt: "null"}
	for i, want := range index {
		if v, ok := Index(c, i); v != want || ok != (want != "null") {
			t.Errorf("Index(%d) = %s, %v, want %s", i, v, ok, want)
		}
	}
	if _, ok := Index(sample, 0); ok {
		t.Error("Index of a bag")
	}
	if _, ok := Get(c, "d"); ok {
		t.Error("Get of an array")
	}
	if Len(sample) != 6 || Len(c) != 3 || Len("[]") != 0 || Len("{}") != 0 || Len(`"a,b"`) != 0 {
		t.Error("Len is wrong")
	}
}

func TestReadersDoNotAllocate(t *testing.T) {
	total := 0
	n := testing.AllocsPerRun(100, func() {
		b, _ := Get(sample, "b")
		c, _ := Get(b, "c")
		for item := range Items(c) {
			total += len(item)
		}
		for k, v := range Members(sample) {
			total += len(k) + len(v)
		}
		s, _ := Compact(sample)
		total += Len(s)
	})
	if n != 0 || total == 0 {
		t.Errorf("%v allocations per run", n)
	}
}

func TestConversions(t *testing.T) {
	// Recorded from the engine: value, toint, tolong, todouble, tobool, tostring.
	null := math.Inf(1)
	cases := []struct {
		in                  string
		toint, tolong, real float64
		b                   string
		s                   string
	}{
		{`2147483648`, -2147483648, 2147483648, 2147483648, "true", "2147483648"},
		{`1.9`, 1, 1, 1.9, "true", "1.9"},
		{`"42"`, 42, 42, 42, "true", "42"},
		{`"3.14"`, null, null, 3.14, "null", "3.14"},
		{`"0x10"`, 16, 16, null, "true", "0x10"},
		{`true`, 1, 1, 1, "true", "true"},
		{`null`, null, null, null, "null", ""},
		{`[1]`, null, null, null, "null", "[1]"},
		{`{"a":1}`, null, null, null, "null", `{"a":1}`},
		{`9.99`, 9, 9, 9.99, "true", "9.99"},
		{`"true"`, null, null, null, "true", "true"},
		{`"[1,2]"`, null, null, null, "null", "[1,2]"},
		{`0.0`, 0, 0, 0, "false", "0.0"},
	}
	for _, c := range cases {
		if n, ok := AsInt(c.in); ok == (c.toint == null) || ok && float64(n) != c.toint {
			t.Errorf("AsInt(%s) = %d, %v", c.in, n, ok)
		}
		if n, ok := AsLong(c.in); ok == (c.tolong == null) || ok && float64(n) != c.tolong {
			t.Errorf("AsLong(%s) = %d, %v", c.in, n, ok)
		}
		if f, ok := AsReal(c.in); ok == (c.real == null) || ok && f != c.real {
			t.Errorf("AsReal(%s) = %g, %v", c.in, f, ok)
		}
		if b, ok := AsBool(c.in); ok == (c.b == "null") || ok && b != (c.b == "true") {
			t.Errorf("AsBool(%s) = %v, %v", c.in, b, ok)
		}
		if s := AsString(c.in); s != c.s {
			t.Errorf("AsString(%s) = %s", c.in, s)
		}
	}
}

func TestEqual(t *testing.T) {
	cases := []struct {
		a, b string
		want bool
	}{
		{`{"a":1,"b":[1,{"x":2,"y":3}]}`, `{"b":[1.0,{"y":3,"x":2}],"a":1}`, true},
		{`{"a":1}`, `{"a":1,"b":2}`, false}, {`{"a":1,"c":2}`, `{"a":1,"b":2}`, false}, {`[1,2]`, `[2,1]`, false},
		{`[1,2]`, `[1,2,3]`, false}, {`"1"`, `1`, false}, {`null`, `null`, true}, {`1`, `1.5`, false}, {`"a"`, `"b"`, false},
	}
	for _, c := range cases {
		if Equal(c.a, c.b) != c.want || Equal(c.b, c.a) != c.want {
			t.Errorf("Equal(%s, %s) is not %v", c.a, c.b, c.want)
		}
	}
}

func TestAppendRow(t *testing.T) {
	cases := []struct {
		v    types.Value
		want string
	}{
		{types.LongValue(-5), `-5`}, {types.RealValue(2), `2.0`}, {types.RealValue(math.NaN()), `"NaN"`}, {types.BoolValue(true), `true`},
		{types.StringValue("a\"\x01\xff/é"), `"a\"\u0001` + "\uFFFD" + `/é"`}, {types.StringValue(""), `""`},
		{types.DatetimeValue(0), `"0001-01-01T00:00:00.0000000Z"`}, {types.TimespanValue(types.TicksPerDay), `"1.00:00:00"`},
		{types.DynamicValue(`{"a":1}`), `{"a":1}`}, {types.Null(types.Dynamic), `null`}, {types.Null(types.Long), `null`},
		{types.Value{Type: types.Decimal, S: "1.5"}, `"1.5"`},
	}
	for _, c := range cases {
		if got := FromValue(c.v); got != c.want {
			t.Errorf("FromValue(%+v) = %s, want %s", c.v, got, c.want)
		}
	}
}

// Whatever Compact accepts is what encoding/json accepts, means the same, and
// can be read without a panic.
func FuzzCompact(f *testing.F) {
	for _, s := range []string{sample, `[1,2.5e3,"\u0041\ud83d"]`, `{"a":1,"a":{"b":1}}`, "[[[", `"\`, "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := Compact(s)
		var want, have any
		valid := json.Valid([]byte(s))
		if ok && !valid || valid && !ok && len(s) < 100 {
			t.Fatalf("Compact(%q) ok %v, encoding/json %v", s, ok, valid)
		}
		walk(s, 0)
		if !ok {
			return
		}
		if again, ok := Compact(got); !ok || again != got {
			t.Fatalf("Compact(%q) = %q is not canonical: %q", s, got, again)
		}
		if walk(got, 0); !Equal(got, got) {
			t.Fatalf("%q does not equal itself", got)
		}
		if json.Unmarshal([]byte(s), &want) == nil && json.Unmarshal([]byte(got), &have) == nil && !reflect.DeepEqual(want, have) {
			t.Fatalf("Compact(%q) = %q means something else", s, got)
		}
	})
}

// walk reads everything there is, canonical or not.
func walk(s string, depth int) {
	AsString(s)
	AsLong(s)
	AsReal(s)
	Len(s)
	Index(s, -1)
	Get(s, "a")
	if depth > 3 {
		return
	}
	for item := range Items(s) {
		walk(item, depth+1)
	}
	for k, v := range Members(s) {
		Unquote(k)
		walk(v, depth+1)
	}
}

func BenchmarkGet(b *testing.B) {
	for range b.N {
		Get(sample, "é")
	}
}

func BenchmarkCompact(b *testing.B) {
	b.SetBytes(int64(len(sample)))
	for range b.N {
		Compact(sample)
	}
}
