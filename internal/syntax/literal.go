package syntax

import (
	"math"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/types"
)

// literal parses a constant token; adjacent strings are one string.
func (p *parser) literal() Expr {
	start := p.here()
	k := p.at()
	switch k {
	case tString:
		return p.strings()
	case tRawGuid:
		x := p.rawGuid()
		p.report(diag.Syntax, "KS214", x.Span(), "Raw guid literals are not allowed in this context, use guid(...) instead.", "")
		return x
	}
	text := p.text(0)
	p.pos++
	return constant(k, p.since(start), text)
}

// strings parses one or more adjacent string literals.
func (p *parser) strings() *Literal {
	start := p.here()
	first := p.pos
	value, hidden := stringValue(p.text(0))
	p.pos++
	if p.at() == tString {
		var b strings.Builder
		b.WriteString(value)
		for p.at() == tString {
			s, h := stringValue(p.text(0))
			b.WriteString(s)
			hidden = hidden || h
			p.pos++
		}
		value = b.String()
	}
	at := p.since(start)
	text := p.src[p.toks[first].start:at.Pos.End]
	return &Literal{At: at, Value: types.StringValue(value), Text: text, Hidden: hidden}
}

// strict reports a malformed literal at once, where binding would not see it.
func (p *parser) strict(x Expr) Expr {
	if l, ok := x.(*Literal); ok && l.Malformed != "" {
		p.report(diag.Semantic, "KS004", l.Span(), "Malformed literal", l.Malformed)
	}
	return x
}

// constant makes the literal of a token that is no string. A content that is
// no value of the type is kept as malformed; "datetime()" is the current time.
func constant(k kind, at At, text string) Expr {
	inner, typed := innerText(text)
	if typed && k == tDatetime && inner == "" {
		return &Call{At: at, Name: Name{At: at, Text: "now"}}
	}
	t := literalType(k)
	if typed && inner == "null" {
		return &Literal{At: at, Value: types.Null(t), Text: text}
	}
	if k == tDatetime && isTimeOfDay(inner) {
		return timeOfDay(at, inner, text)
	}
	v, ok := constantValue(t, inner, typed)
	l := &Literal{At: at, Value: v, Text: text}
	if !ok {
		l.Value, l.Malformed = types.Null(t), "'"+inner+"' is no value of type "+t.String()
	}
	return l
}

// innerText returns what stands between the parentheses of a typed literal,
// or the text itself.
func innerText(text string) (string, bool) {
	open := strings.IndexByte(text, '(')
	if open < 0 {
		return text, false
	}
	inner := strings.TrimSuffix(text[open+1:], ")")
	return strings.TrimFunc(inner, isSpace), true
}

// unquoted strips one pair of quotes: datetime("2020-01-01").
func unquoted(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return strings.TrimFunc(s[1:len(s)-1], isSpace)
	}
	return s
}

func literalType(k kind) types.Type {
	switch k {
	case tBool:
		return types.Bool
	case tLong:
		return types.Long
	case tInt:
		return types.Int
	case tReal:
		return types.Real
	case tDecimal:
		return types.Decimal
	case tDatetime:
		return types.Datetime
	case tTimespan:
		return types.Timespan
	case tGuid, tRawGuid:
		return types.Guid
	}
	return types.String
}

// constantValue reads the content of a literal of type t. typed is set for
// the form "type(…)", which knows "min" and "max".
func constantValue(t types.Type, s string, typed bool) (types.Value, bool) {
	v := types.Value{Type: t}
	ok := false
	switch t {
	case types.Bool:
		switch strings.ToLower(s) {
		case "true", "1":
			v.I, ok = 1, true
		case "false", "0":
			ok = true
		}
	case types.Int:
		v.I, ok = integer(s, typed, math.MinInt32, math.MaxInt32, 8)
	case types.Long:
		v.I, ok = integer(s, typed, math.MinInt64, math.MaxInt64, 16)
	case types.Real:
		v.F, ok = realValue(s, typed)
	case types.Decimal:
		v.S, ok = types.ParseDecimal(s)
	case types.Datetime:
		v.I, ok = bounded(unquoted(s), 0, types.MaxDatetime, types.ParseDatetime)
	case types.Timespan:
		v.I, ok = bounded(unquoted(s), math.MinInt64, math.MaxInt64, types.ParseTimespan)
	case types.Guid:
		v.S, ok = types.ParseGuid(unquoted(s))
	}
	return v, ok
}

func bounded(s string, lo, hi int64, parse func(string) (int64, bool)) (int64, bool) {
	switch s {
	case "min":
		return lo, true
	case "max":
		return hi, true
	}
	return parse(s)
}

// integer reads a decimal or hexadecimal integer. A hexadecimal of full width
// is the two's complement.
func integer(s string, typed bool, lo, hi int64, hexDigits int) (int64, bool) {
	if typed && s == "min" {
		return lo, true
	}
	if typed && s == "max" {
		return hi, true
	}
	if hex := strings.TrimPrefix(s, "-"); len(hex) > 2 && hex[0] == '0' && hex[1]|0x20 == 'x' {
		u, err := strconv.ParseUint(hex[2:], 16, 4*hexDigits)
		n := int64(u)
		if hexDigits == 8 {
			n = int64(int32(u))
		}
		if hex != s {
			n = -n
		}
		return n, err == nil && n >= lo && n <= hi
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= lo && n <= hi
}

func realValue(s string, typed bool) (float64, bool) {
	if typed {
		switch strings.ToLower(s) {
		case "nan":
			return math.NaN(), true
		case "inf", "+inf":
			return math.Inf(1), true
		case "-inf":
			return math.Inf(-1), true
		case "min":
			return -math.MaxFloat64, true
		case "max":
			return math.MaxFloat64, true
		}
	}
	for i := 0; i < len(s); i++ { // no hexadecimal floats, no underscores
		if c := s[i]; !isDigit(c) && c != '.' && c|0x20 != 'e' && c != '+' && c != '-' {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) { // beyond the range is infinite, as in todouble()
		return 0, false
	}
	return f, true
}
