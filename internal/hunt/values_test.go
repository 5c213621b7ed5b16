package hunt

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// The values that property tests draw from: the ends of every type, what
// lies just beside them, and text that trips case folding and term search.

var nastyLongs = []int64{
	0, 1, -1, 2, -2, 3, 7, 10, 60, 128, 255, 256, 1000, -1000, math.MaxInt32, math.MinInt32, math.MaxInt32 + 1, math.MinInt32 - 1,
	1 << 53, 1<<53 + 1, math.MaxInt64, math.MaxInt64 - 1, math.MinInt64, math.MinInt64 + 1, types.TicksPerDay, -types.TicksPerDay, 621355968000000000,
}

var nastyInts = []int64{0, 1, -1, 2, -2, 7, 31, 32, 63, 64, 100, -100, math.MaxInt32, math.MaxInt32 - 1, math.MinInt32, math.MinInt32 + 1}

var nastyReals = []float64{
	0, math.Copysign(0, -1), 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3.7, -3.7, 0.1, 1e-7, 1e15, 1e16 + 2, 123456.789, math.MaxFloat64, -math.MaxFloat64,
	math.SmallestNonzeroFloat64, math.NaN(), math.Inf(1), math.Inf(-1), 9223372036854775807, 9223372036854774784, -9223372036854775808, 2147483647.5, 4294967296, 1e300,
}

var nastyDecimals = []string{"0", "1", "-1", "1.5", "-1.50", "0.1", "99999999999999999999.999", "10", "9", "-0.0000001", "123456789012345678901234567890"}

var nastyTicks = []int64{
	0, 1, types.MaxDatetime, types.MaxDatetime - 1, 621355968000000000, 637134336000000000, // 1970-01-01, 2020-01-01
	637185311999999999, 637185312000000000, 639000000000000000, 639135360000000000, types.TicksPerDay, types.TicksPerDay - 1, 4 * 365 * types.TicksPerDay,
}

var nastySpans = []int64{
	0, 1, -1, 10, types.TicksPerHour, -types.TicksPerHour, types.TicksPerDay, -types.TicksPerDay, 7 * types.TicksPerDay, types.TicksPerDay - 1,
	math.MaxInt64, math.MinInt64, math.MinInt64 + 1, 36_000_000_001,
}

var nastyGuids = []string{
	"00000000-0000-0000-0000-000000000000", "74be27de-1e4e-49d9-b579-fe0b331d3642", "ffffffff-ffff-ffff-ffff-ffffffffffff",
}

// K is the Kelvin sign, ſ the long s, ı and İ the dotless and dotted i; e with
// a combining accent is not é; Σ has two small forms.
var nastyTexts = []string{
	"", " ", "a", "A", "abc", "ABC", "aBc", "abcabc", "K", "k", "K", "\u212a", "ſ", "s", "S", "ı", "İ", "i", "I", "ß", "ẞ", "SS", "é", "e\u0301", "É", "Σ", "σ", "ς", "Ǆ", "ǅ", "ǆ",
	"日本語", "日本", "😀", "👩‍👩‍👧", "a😀b", "x\u0000y", "tab\tnew\nline", "  spaces  ", "'", "''", "\"", "\\", "%", "_", "a%b", "100%", "C:\\Windows\\System32\\cmd.exe", "cmd.exe /c whoami /all",
	"one two three", "one-two_three", "One.Two", "true", "True", "false", "1", "0", "-1", " 42 ", "007", "1e3", "1.5", "0x1F", "9223372036854775807", "9223372036854775808", "2147483648", "NaN", "inf",
	"2020-01-01", "2020-02-30", "2020-01-01T12:34:56.7890123Z", "1.02:03:04", "00:00:01", "1d", "74be27de-1e4e-49d9-b579-fe0b331d3642", "{74BE27DE-1E4E-49D9-B579-FE0B331D3642}",
	`{"a":1}`, `[1,2,"x"]`, `"text"`, "null", "{broken", "https://user@Example.com:8080/a/b?c=d#e", "10.0.0.1", "192.168.1.255", "::1", "SGVsbG8=", "\ufffd", "\u00a0", "\u2028",
}

var nastyJSON = []string{
	`{}`, `[]`, `{"a":1}`, `{"a":1.0}`, `{"a":"x","b":null}`, `{"a":{"b":[1,2,{"c":null}]}}`, `[1,2,3]`, `["a","A","abc",""]`, `[null]`, `[[1],[2,[3]]]`, `1`, `-1`, `1.5`, `1.0`, `1e300`,
	`true`, `false`, `"text"`, `"abc"`, `"ABC"`, `""`, `"12"`, `"1.5"`, `"true"`, `"2020-01-01"`, `"00:00:01"`, `"\u212a"`, `"a\"b\\c"`, `9223372036854775807`, `{"A":1,"a":2}`, `{"":0}`, `{"a b":[true]}`,
	`[1,1.0,"1",true,null]`, `"74be27de-1e4e-49d9-b579-fe0b331d3642"`, `{"x":"2020-01-01T00:00:00.0000000Z"}`, `[0.1,0.2]`, `"{\"a\":1}"`,
}

// randomValue draws a value of t; one in eight is null.
func randomValue(r *rand.Rand, t types.Type) types.Value {
	if r.IntN(8) == 0 {
		return types.Null(t)
	}
	return presentValue(r, t)
}

// presentValue draws a value that is not null.
func presentValue(r *rand.Rand, t types.Type) types.Value {
	nasty := r.IntN(3) > 0
	switch t {
	case types.Bool:
		return types.BoolValue(r.IntN(2) == 0)
	case types.Int:
		if nasty {
			return types.IntValue(int32(pick(r, nastyInts)))
		}
		return types.IntValue(int32(r.IntN(40) - 20))
	case types.Long:
		if nasty {
			return types.LongValue(pick(r, nastyLongs))
		}
		return types.LongValue(int64(r.IntN(40) - 20))
	case types.Real:
		if nasty {
			return types.RealValue(pick(r, nastyReals))
		}
		return types.RealValue(math.Round(r.NormFloat64()*1e6) / 1e3)
	case types.Decimal:
		text := pick(r, nastyDecimals)
		if !nasty {
			text = fmt.Sprintf("%de%d", r.IntN(2000)-1000, r.IntN(12)-6)
		}
		s, _ := types.ParseDecimal(text)
		return types.Value{Type: t, S: s}
	case types.Datetime:
		if nasty {
			return types.DatetimeValue(pick(r, nastyTicks))
		}
		return types.DatetimeValue(637134336000000000 + r.Int64N(1000*types.TicksPerDay))
	case types.Timespan:
		if nasty {
			return types.TimespanValue(pick(r, nastySpans))
		}
		return types.TimespanValue(r.Int64N(20*types.TicksPerDay) - 10*types.TicksPerDay)
	case types.Guid:
		if nasty {
			return types.Value{Type: t, S: pick(r, nastyGuids)}
		}
		return types.Value{Type: t, S: fmt.Sprintf("%08x-0000-4000-8000-%012x", r.Uint32(), r.Uint32())}
	case types.Dynamic:
		s, ok := dynamic.Compact(randomJSON(r, 3))
		if !ok || s == "null" {
			s = "[]"
		}
		return types.DynamicValue(s)
	}
	return types.StringValue(randomText(r, nasty))
}

// randomJSON nests the values of nastyJSON in arrays and bags.
func randomJSON(r *rand.Rand, depth int) string {
	if depth == 0 || r.IntN(3) > 0 {
		return pick(r, nastyJSON)
	}
	open, shut := "[", "]"
	bag := r.IntN(2) == 0
	if bag {
		open, shut = "{", "}"
	}
	var parts []string
	for i := range r.IntN(4) {
		item := randomJSON(r, depth-1)
		if bag {
			item = fmt.Sprintf("%q:%s", pick(r, []string{"a", "b", "A", "x y", "é", ""})+strings.Repeat("'", i), item)
		}
		parts = append(parts, item)
	}
	return open + strings.Join(parts, ",") + shut
}

func randomText(r *rand.Rand, nasty bool) string {
	switch {
	case nasty:
		return pick(r, nastyTexts)
	case r.IntN(4) == 0:
		return randomRunes(r)
	case r.IntN(20) == 0:
		return strings.Repeat(pick(r, nastyTexts), 1+r.IntN(200))
	}
	return pick(r, nastyTexts) + pick(r, []string{"", " ", "-", "."}) + pick(r, nastyTexts)
}

// randomRunes is text of characters from anywhere in Unicode.
func randomRunes(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(6) {
		c := rune(r.IntN(0x250))
		switch r.IntN(4) {
		case 0:
			c = rune(r.IntN(0x3000))
		case 1:
			c = rune(r.IntN(0x20000))
		}
		if c >= 0xD800 && c < 0xE000 {
			c = 'x'
		}
		b.WriteRune(c)
	}
	return b.String()
}

func pick[E any](r *rand.Rand, from []E) E { return from[r.IntN(len(from))] }
