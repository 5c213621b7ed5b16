package external

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// How types are inferred. The engine's rule is not published; this one is ours.
// The first maxInferred records of a file count. A field's text is
//
//   - bool: true or false;
//   - long: digits, with a sign or none, that fit; not with leading zeros,
//     which a number would lose;
//   - real: any other decimal number, but for inf and nan;
//   - datetime: what begins with yyyy-MM-dd and converts to one;
//   - timespan: what holds a colon and converts to one;
//   - guid: 8-4-4-4-12 hexadecimal digits;
//   - dynamic: a JSON object or array;
//   - string: all else.
//
// Fields that are empty, and JSON's null, tell nothing. A JSON number is long
// or real, true and false are bool, objects and arrays dynamic, and a text is
// a datetime, timespan, guid or string. Parquet says its types. Columns of
// several types are the wider number, else dynamic in JSON and Parquet, which
// keeps the values, and string in text; of no type, string.
const (
	maxInferred      = 1000
	maxSchemaColumns = 10_000
)

// errEnough ends reading after maxInferred records.
var errEnough = errors.New("enough records were read")

// schema is columns in the order in which they were met.
type schema struct {
	cols []schemaColumn
	at   map[string]int
}

type schemaColumn struct {
	name string
	kind types.Type // Unknown: nothing told
}

// see adds what one value tells.
func (s *schema) see(name string, t, mixed types.Type) {
	i, ok := s.at[name]
	if !ok {
		if s.at == nil {
			s.at = map[string]int{}
		}
		i = len(s.cols)
		s.at[name] = i
		s.cols = append(s.cols, schemaColumn{name: name})
	}
	s.cols[i].kind = widen(s.cols[i].kind, t, mixed)
}

// widen is the type for values of a and of b.
func widen(a, b, mixed types.Type) types.Type {
	switch {
	case a == b || b == types.Unknown:
		return a
	case a == types.Unknown:
		return b
	case !a.IsNumber() || !b.IsNumber():
		return mixed
	case a == types.Real || b == types.Real:
		return types.Real
	case a == types.Decimal || b == types.Decimal:
		return types.Decimal
	}
	return types.Long
}

// text writes "name:type, …".
func (s *schema) text() string {
	var b strings.Builder
	for i, c := range s.cols {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(columnName(c.name))
		b.WriteByte(':')
		if c.kind == types.Unknown {
			c.kind = types.String
		}
		b.WriteString(c.kind.String())
	}
	return b.String()
}

// columnName writes a name as it stands in a schema.
func columnName(name string) string {
	for i, c := range name {
		letter := c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return "['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(strings.ToValidUTF8(name, "\uFFFD")) + "']"
		}
	}
	return name
}

// addText adds the columns of delimited text. Those without a name of their
// own are Column1, Column2, ….
func (s *schema) addText(split splitter, data []byte, header bool) error {
	var names []string
	taken := map[string]bool{}
	n := 0
	name := func(wish string) {
		if wish == "" || taken[wish] {
			wish = fmt.Sprintf("Column%d", len(names)+1)
		}
		for taken[wish] {
			wish += "_"
		}
		taken[wish] = true
		names = append(names, wish)
	}
	return split(data, false, func(fields []string) error {
		if len(fields) > maxSchemaColumns {
			return fmt.Errorf("it has more than %d columns", maxSchemaColumns)
		}
		if header {
			header = false
			for _, f := range fields {
				name(strings.TrimSpace(f))
				s.see(names[len(names)-1], types.Unknown, types.String)
			}
			return nil
		}
		for i, f := range fields {
			if i == len(names) {
				name("")
			}
			s.see(names[i], textType(f), types.String)
		}
		if n++; n == maxInferred {
			return errEnough
		}
		return nil
	})
}

// addJSON adds the members of objects, one after the other or in arrays.
func (s *schema) addJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, bom)))
	n := 0
	for {
		var raw json.RawMessage
		switch err := d.Decode(&raw); {
		case err == io.EOF:
			return nil
		case err != nil:
			return errors.New("it is not valid JSON")
		}
		value, ok := dynamic.Compact(string(raw))
		if !ok {
			return errors.New("it is not valid JSON")
		}
		items := []string{value}
		if dynamic.KindOf(value) == dynamic.Array {
			items = dynamic.AppendItems(nil, value)
		}
		for _, item := range items {
			if dynamic.KindOf(item) != dynamic.Bag {
				return errors.New("a record is not a JSON object")
			}
			for k, v := range dynamic.Members(item) {
				s.see(dynamic.Unquote(k), jsonType(v), types.Dynamic)
			}
			if len(s.cols) > maxSchemaColumns {
				return fmt.Errorf("it has more than %d columns", maxSchemaColumns)
			}
			if n++; n == maxInferred {
				return errEnough
			}
		}
	}
}

// addParquet adds the columns that the file declares.
func (s *schema) addParquet(data []byte) error {
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)), parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return errors.New("it is not a Parquet file")
	}
	for _, c := range f.Schema().Fields() {
		t := types.Dynamic
		if c.Leaf() && !c.Repeated() {
			t = parquetType(c.Type())
		}
		s.see(c.Name(), t, types.Dynamic)
	}
	return nil
}

// parquetType is the type that keeps the values of a leaf.
func parquetType(t parquet.Type) types.Type {
	if l := t.LogicalType(); l != nil {
		switch l.Value.(type) {
		case *format.TimestampType, *format.DateType:
			return types.Datetime
		case *format.DecimalType:
			return types.Decimal
		case *format.UUIDType:
			return types.Guid
		case *format.JsonType:
			return types.Dynamic
		}
	}
	switch t.Kind() {
	case parquet.Boolean:
		return types.Bool
	case parquet.Int32:
		return types.Int
	case parquet.Int64:
		return types.Long
	case parquet.Int96:
		return types.Datetime
	case parquet.Float, parquet.Double:
		return types.Real
	}
	return types.String
}

// jsonType is what a JSON value tells.
func jsonType(v string) types.Type {
	switch dynamic.KindOf(v) {
	case dynamic.Null:
		return types.Unknown
	case dynamic.Bool:
		return types.Bool
	case dynamic.Long:
		if _, ok := types.ParseLong(v); ok {
			return types.Long
		}
		return types.Real
	case dynamic.Real:
		return types.Real
	case dynamic.String:
		switch t := textType(dynamic.AsString(v)); t {
		case types.Datetime, types.Timespan, types.Guid:
			return t
		}
		return types.String
	}
	return types.Dynamic
}

// textType is what a field tells.
func textType(s string) types.Type {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return types.Unknown
	case strings.EqualFold(s, "true") || strings.EqualFold(s, "false"):
		return types.Bool
	case s[0] == '{' || s[0] == '[':
		if _, ok := dynamic.Compact(s); ok {
			return types.Dynamic
		}
		return types.String
	}
	if t := numberType(s); t != types.Unknown {
		return t
	}
	if len(s) >= 10 && s[4] == '-' && s[7] == '-' {
		if _, ok := types.ParseDatetime(s); ok {
			return types.Datetime
		}
	}
	if strings.Contains(s, ":") {
		if _, ok := types.ParseTimespan(s); ok {
			return types.Timespan
		}
	}
	if len(s) == 36 && s[8] == '-' {
		if _, ok := types.ParseGuid(s); ok {
			return types.Guid
		}
	}
	return types.String
}

// numberType is long or real for a number in decimal digits.
func numberType(s string) types.Type {
	digits := strings.TrimLeft(s, "+-")
	if digits == "" || digits[0] != '.' && (digits[0] < '0' || digits[0] > '9') || len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9' {
		return types.Unknown
	}
	if len(digits) > 1 && digits[1]|0x20 == 'x' {
		return types.Unknown
	}
	if _, ok := types.ParseLong(s); ok {
		return types.Long
	}
	if _, ok := types.ParseReal(s); ok {
		return types.Real
	}
	return types.Unknown
}
