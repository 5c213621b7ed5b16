package ingest

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// store puts a JSON value into row n of a column, converting leniently:
// producers write numbers and booleans as texts and put objects into columns
// that are text. It reports false, leaving the row null, for a value that is
// not of the column's type. shift moves datetimes.
func store(v *types.Vector, n int, x value, shift int64) bool {
	if x.kind == jsonNull || x.kind == jsonNone {
		return true
	}
	if x.kind == jsonString && len(x.raw) == 0 {
		return true // how some producers write null; texts are empty already
	}
	switch v.Type {
	case types.String:
		v.Strings[n] = asText(x)
		return true
	case types.Dynamic:
		return storeDynamic(v, n, x)
	case types.Bool:
		b, ok := asBool(x)
		if ok {
			v.Bools[n] = b
			v.SetValid(n)
		}
		return ok
	case types.Real:
		f, ok := asReal(x)
		if ok {
			v.Floats[n] = f
			v.SetValid(n)
		}
		return ok
	case types.Guid, types.Decimal:
		s, ok := asGUID(x)
		if v.Type == types.Decimal {
			s, ok = asDecimal(x)
		}
		if ok {
			v.Strings[n] = s
			v.SetValid(n)
		}
		return ok
	}
	i, ok := asInt(v.Type, x, shift)
	if ok {
		v.Ints[n] = i
		v.SetValid(n)
	}
	return ok
}

func asText(x value) string {
	switch x.kind {
	case jsonString:
		return x.text()
	case jsonObject, jsonArray:
		return x.compact()
	}
	return string(x.raw)
}

// storeDynamic keeps JSON. A text that holds an object or a list is taken for
// one, because exports of query results write dynamic columns that way.
func storeDynamic(v *types.Vector, n int, x value) bool {
	if x.kind == jsonString {
		s := strings.TrimSpace(x.text())
		if s != "" && (s[0] == '{' || s[0] == '[') {
			if inner, err := parseValue([]byte(s)); err == nil {
				x = inner
			}
		}
	}
	v.Strings[n] = x.compact()
	v.SetValid(n)
	return true
}

// scalar is the text of a number, a boolean or a string, without spaces
// around; it is not valid beyond the next call.
func scalar(x value) []byte {
	switch x.kind {
	case jsonString:
		if x.plain {
			return bytes.TrimSpace(x.raw)
		}
		return []byte(strings.TrimSpace(x.text()))
	case jsonNumber, jsonTrue, jsonFalse:
		return x.raw
	}
	return nil
}

func asBool(x value) (b, ok bool) {
	switch s := scalar(x); {
	case string(s) == "1" || bytes.EqualFold(s, []byte("true")):
		return true, true
	case string(s) == "0" || bytes.EqualFold(s, []byte("false")):
		return false, true
	}
	return false, false
}

func asReal(x value) (float64, bool) {
	if x.kind == jsonTrue || x.kind == jsonFalse {
		return 0, false
	}
	s := scalar(x)
	if len(s) == 0 || len(s) > 400 {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(s), 64)
	return f, err == nil
}

func asInt(t types.Type, x value, shift int64) (int64, bool) {
	s := scalar(x)
	switch {
	case t == types.Datetime:
		ticks, _, ok := parseTime(s)
		if !ok || x.kind != jsonString {
			return 0, false
		}
		return clamp(ticks + shift), true
	case t == types.Timespan:
		return parseTimespan(s, x.kind == jsonNumber)
	}
	if x.kind == jsonTrue || x.kind == jsonFalse {
		return choose(x.kind == jsonTrue, int64(1), 0), true
	}
	i, ok := parseInt(s)
	if !ok {
		// 12.0 and 1e3 are whole numbers, too.
		f, real := asReal(x)
		if !real || f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
			return 0, false
		}
		i = int64(f)
	}
	return i, t != types.Int || i == int64(int32(i))
}

// parseTimespan reads [-][d.]hh:mm[:ss[.fffffff]], or ticks given as a number.
func parseTimespan(s []byte, ticks bool) (int64, bool) {
	if ticks {
		return parseInt(s)
	}
	negative := len(s) > 0 && s[0] == '-'
	if negative {
		s = s[1:]
	}
	var total int64
	head, _, _ := bytes.Cut(s, []byte{':'})
	if d, _, ok := bytes.Cut(head, []byte{'.'}); ok {
		n, fine := parseInt(d)
		if !fine || n < 0 || n > 10_675_198 {
			return 0, false
		}
		total = n * day
		s = s[len(d)+1:]
	}
	r := timeReader[[]byte]{s: s}
	h := r.number(2)
	colon := r.skip(':')
	m := r.number(2)
	var sec int64
	if r.skip(':') {
		sec = r.number(2)
		total += r.fraction()
	}
	if r.bad || !colon || h > 23 || m > 59 || sec > 59 || r.i != len(s) {
		return 0, false
	}
	total += h*hour + m*minute + sec*second
	return choose(negative, -total, total), true
}

// asGUID accepts the usual spellings and writes lower case with hyphens.
func asGUID(x value) (string, bool) {
	s := scalar(x)
	if len(s) == 32 {
		s = []byte(string(s[:8]) + "-" + string(s[8:12]) + "-" + string(s[12:16]) + "-" + string(s[16:20]) + "-" + string(s[20:]))
	}
	if string(s) == "00000000-0000-0000-0000-000000000000" {
		return string(s), true
	}
	g, ok := parseGUID(s)
	return g.String(), ok
}

// asDecimal accepts plain decimal numbers and writes them without needless
// zeros.
func asDecimal(x value) (string, bool) {
	s := string(scalar(x))
	sc := scanner{b: []byte(s)}
	if !sc.number() || sc.i != len(s) || strings.ContainsAny(s, "eE") || len(s) > 60 {
		return "", false
	}
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return choose(s == "-0", "0", s), true
}
