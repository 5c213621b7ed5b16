package wire_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
	"github.com/harrier-hunting/harrier/internal/wire"
)

// vector makes a column of values.
func vector(t types.Type, vals ...types.Value) *types.Vector {
	v := types.NewVector(t, len(vals))
	for i, x := range vals {
		v.Set(i, x)
	}
	return v
}

func ticks(t *testing.T, s string) int64 {
	t.Helper()
	n, ok := types.ParseDatetime(s)
	if !ok {
		t.Fatal(s)
	}
	return n
}

func TestTimeStyles(t *testing.T) {
	for _, c := range []struct{ time, seed, trimmed, full string }{
		{"2018-07-09T07:16:26.8017265Z", "2018-07-09T07:16:26.8017265", "2018-07-09T07:16:26.8017265Z", "2018-07-09T07:16:26.8017265Z"},
		{"2018-07-09T07:16:26.8Z", "2018-07-09T07:16:26.8000000", "2018-07-09T07:16:26.8Z", "2018-07-09T07:16:26.8000000Z"},
		{"2018-07-09T07:16:20Z", "2018-07-09T07:16:20.0000000", "2018-07-09T07:16:20Z", "2018-07-09T07:16:20.0000000Z"},
		{"2018-07-09T07:16:00Z", "2018-07-09T07:16:00.0000000", "2018-07-09T07:16:00Z", "2018-07-09T07:16:00.0000000Z"},
		{"2020-10-10T00:00:00Z", "2020-10-10T00:00:00.0000000", "2020-10-10T00:00:00Z", "2020-10-10T00:00:00.0000000Z"},
		{"2020-10-10T00:00:00.0000001Z", "2020-10-10T00:00:00.0000001", "2020-10-10T00:00:00.0000001Z", "2020-10-10T00:00:00.0000001Z"},
		{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000Z"},
		{"9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z"},
		{"2020-10-10T10:10:10.1010Z", "2020-10-10T10:10:10.1010000", "2020-10-10T10:10:10.101Z", "2020-10-10T10:10:10.1010000Z"},
	} {
		n := ticks(t, c.time)
		for style, want := range map[wire.TimeStyle]string{wire.TimeSeed: c.seed, wire.TimeTrimmed: c.trimmed, wire.TimeFull: c.full} {
			if got := string(wire.AppendTime([]byte("at "), n, style)); got != "at "+want {
				t.Errorf("style %d: %s, want %s", style, got, want)
			}
		}
	}
}

// TestTrimmedReadsBack: however many digits are cut off, the time is the same.
func TestTrimmedReadsBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20000 {
		n := r.Int64N(types.MaxDatetime)
		for range r.IntN(8) {
			n -= n % int64(math.Pow10(r.IntN(10)))
		}
		text := string(wire.AppendTime(nil, n, wire.TimeTrimmed))
		if back, ok := types.ParseDatetime(text); !ok || back != n {
			t.Fatalf("%d became %s", n, text)
		}
		if frac, ok := strings.CutPrefix(text[min(19, len(text)):], "."); ok && (strings.HasSuffix(frac, "0Z") || frac == "Z") {
			t.Fatalf("%s keeps zeros", text)
		}
	}
}

func TestValues(t *testing.T) {
	for _, c := range []struct {
		v    types.Value
		want string
	}{
		{types.BoolValue(true), `true`},
		{types.IntValue(-5), `-5`},
		{types.LongValue(math.MinInt64), `-9223372036854775808`},
		{types.RealValue(1), `1.0`},
		{types.RealValue(1e300), `1e300`},
		{types.RealValue(math.NaN()), `"NaN"`},
		{types.RealValue(math.Inf(1)), `"Infinity"`},
		{types.RealValue(math.Inf(-1)), `"-Infinity"`},
		{types.Value{Type: types.Decimal, S: "1.50"}, `"1.50"`},
		{types.TimespanValue(-1), `"-00:00:00.0000001"`},
		{types.TimespanValue(types.TicksPerDay), `"1.00:00:00"`},
		{types.StringValue("a\"b\\c\n\x01é\u2028😀"), `"a\"b\\c\n\u0001é` + "\u2028" + `😀"`},
		{types.StringValue("bad \xff"), `"bad ` + "\ufffd" + `"`},
		{types.StringValue(""), `""`},
		{types.DynamicValue(`{"a":[1,null]}`), `{"a":[1,null]}`},
		{types.Null(types.Dynamic), `null`},
		{types.Null(types.Long), `null`},
		{types.Null(types.Datetime), `null`},
		{types.Value{Type: types.Guid, S: "74be27de-1e4e-49d9-b579-fe0b331d3642"}, `"74be27de-1e4e-49d9-b579-fe0b331d3642"`},
	} {
		got := wire.AppendValue(nil, vector(c.v.Type, c.v), 0, wire.TimeFull)
		if string(got) != c.want || !json.Valid(got) {
			t.Errorf("%v is written %s, want %s", c.v, got, c.want)
		}
	}
}

// TestObjects: a row of every type, with and without values, is one JSON
// object under the columns' names, whatever these are.
func TestObjects(t *testing.T) {
	var cols []plan.Column
	var vecs []*types.Vector
	for _, x := range []types.Value{
		types.BoolValue(false), types.IntValue(1), types.LongValue(2), types.RealValue(math.NaN()), {Type: types.Decimal, S: "3.5"}, types.DatetimeValue(0),
		types.TimespanValue(5), {Type: types.Guid, S: "00000000-0000-0000-0000-000000000000"}, types.StringValue("q\"\\"), types.DynamicValue(`[{"x":1}]`),
	} {
		cols = append(cols, plan.Column{Name: "col \"" + x.Type.String() + "\"\n", Type: x.Type})
		vecs = append(vecs, vector(x.Type, x, types.Null(x.Type)))
	}
	o := wire.NewObject(cols, wire.TimeSeed)
	batch := &engine.Batch{N: 2, Cols: vecs}
	for i := range 2 {
		text := o.Append([]byte("  "), batch, i)
		var m map[string]any
		if err := json.Unmarshal(text, &m); err != nil || len(m) != len(cols) {
			t.Errorf("row %d: %v in %s", i, err, text)
		}
		for _, c := range cols {
			if v, ok := m[c.Name]; !ok || i == 1 && v != nil && c.Type != types.String {
				t.Errorf("row %d: %s is %v", i, c.Name, v)
			}
		}
	}
	if got := string(wire.NewObject(nil, wire.TimeFull).Append(nil, &engine.Batch{N: 1}, 0)); got != "{}" {
		t.Errorf("a row without columns is %s", got)
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		v    types.Value
		want string
	}{
		{types.StringValue("a,b"), "a,b"},
		{types.Null(types.Long), ""},
		{types.RealValue(math.Inf(-1)), "-inf"},
		{types.RealValue(2), "2.0"},
		{types.BoolValue(true), "true"},
		{types.DatetimeValue(0), "0001-01-01T00:00:00Z"},
		{types.TimespanValue(10_000_000), "00:00:01"},
		{types.DynamicValue(`{"a":1}`), `{"a":1}`},
	} {
		if got := string(wire.AppendText(nil, vector(c.v.Type, c.v), 0)); got != c.want {
			t.Errorf("%v is %q, want %q", c.v, got, c.want)
		}
	}
}

// TestCSV: what is written is what a CSV reader reads.
func TestCSV(t *testing.T) {
	fields := []string{"", "plain", "a,b", `say "hi"`, "two\nlines", "cr\r\nlf", " blank at the ends ", "é😀", `"`, ",", "\ttab", "a\rb", "=1+1"}
	var b []byte
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = wire.AppendCSV(b, f)
	}
	b = append(b, '\n')
	got, err := csv.NewReader(bytes.NewReader(b)).Read()
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range fields {
		want := strings.ReplaceAll(f, "\r\n", "\n") // the reader's own doing
		if got[i] != want {
			t.Errorf("%q reads back as %q", f, got[i])
		}
	}
	if s := string(wire.AppendCSV(nil, "plain")); s != "plain" {
		t.Errorf("a plain field is quoted: %s", s)
	}
}
