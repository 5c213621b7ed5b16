package testkit

import (
	"math"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Literal writes a value as KQL, so that generated queries can hold it.
func Literal(v types.Value) string {
	if v.Null {
		return v.Type.String() + "(null)"
	}
	switch v.Type {
	case types.Bool:
		return strconv.FormatBool(v.I != 0)
	case types.Int:
		return "int(" + strconv.FormatInt(v.I, 10) + ")"
	case types.Long:
		return "long(" + strconv.FormatInt(v.I, 10) + ")"
	case types.Real:
		return realLiteral(v.F)
	case types.Decimal:
		return "decimal(" + v.S + ")"
	case types.Datetime:
		return "datetime(" + types.FormatDatetime(v.I) + ")"
	case types.Timespan:
		return "timespan(" + types.FormatTimespan(v.I) + ")"
	case types.Guid:
		return "guid(" + v.S + ")"
	case types.Dynamic:
		return "dynamic(" + v.S + ")"
	}
	return Quote(v.S)
}

func realLiteral(f float64) string {
	switch {
	case math.IsNaN(f):
		return "real(nan)"
	case math.IsInf(f, 1):
		return "real(+inf)"
	case math.IsInf(f, -1):
		return "real(-inf)"
	}
	return "real(" + strconv.FormatFloat(f, 'e', -1, 64) + ")"
}

// Quote writes text as a KQL string literal.
func Quote(s string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			b.WriteString(`\u00`)
			b.WriteByte(hex[r>>4])
			b.WriteByte(hex[r&15])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
