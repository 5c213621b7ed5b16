package wire

import (
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// AppendText writes row i of v for people and for CSV: strings bare, null as
// nothing.
func AppendText(dst []byte, v *types.Vector, i int) []byte {
	if v.IsNull(i) {
		return dst
	}
	switch v.Type {
	case types.Bool:
		return strconv.AppendBool(dst, v.Bools[i])
	case types.Int, types.Long:
		return strconv.AppendInt(dst, v.Ints[i], 10)
	case types.Real:
		return types.AppendReal(dst, v.Floats[i])
	case types.Datetime:
		return AppendTime(dst, v.Ints[i], TimeTrimmed)
	case types.Timespan:
		return types.AppendTimespan(dst, v.Ints[i])
	}
	return append(dst, v.Strings[i]...)
}

// AppendCSV writes a field of a CSV file, quoted where it must be (RFC 4180).
func AppendCSV(dst []byte, field string) []byte {
	if !strings.ContainsAny(field, ",\"\r\n") && strings.TrimSpace(field) == field {
		return append(dst, field...)
	}
	dst = append(dst, '"')
	dst = append(dst, strings.ReplaceAll(field, `"`, `""`)...)
	return append(dst, '"')
}
