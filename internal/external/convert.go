package external

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// fromText converts a field of a text format, as Kusto's ingestion does: what
// does not convert is null.
func fromText(text string, t types.Type) types.Value {
	if t == types.String {
		return types.StringValue(strings.ToValidUTF8(text, "\uFFFD"))
	}
	if text == "" {
		return types.Null(t)
	}
	var ok bool
	v := types.Value{Type: t}
	switch t {
	case types.Bool:
		var b bool
		if b, ok = types.ParseBool(text); ok {
			return types.BoolValue(b)
		}
	case types.Int:
		v.I, ok = types.ParseInt(text)
	case types.Long:
		v.I, ok = types.ParseLong(text)
	case types.Real:
		v.F, ok = types.ParseReal(text)
	case types.Decimal:
		v.S, ok = types.ParseDecimal(text)
	case types.Datetime:
		v.I, ok = types.ParseDatetime(text)
	case types.Timespan:
		v.I, ok = types.ParseTimespan(text)
	case types.Guid:
		v.S, ok = types.ParseGuid(text)
	case types.Dynamic:
		if v.S, ok = dynamic.Compact(text); !ok { // plain text is a string
			v.S, ok = dynamic.Quote(strings.ToValidUTF8(text, "\uFFFD")), true
		}
		ok = ok && v.S != "null"
	}
	if !ok {
		return types.Null(t)
	}
	return v
}
