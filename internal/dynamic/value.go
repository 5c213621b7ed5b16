package dynamic

import (
	"strconv"

	"github.com/harrier-hunting/harrier/internal/types"
)

// ToValue is a JSON scalar as a constant of its own KQL type: bool, long,
// real or string; arrays and bags stay dynamic.
func ToValue(text string) types.Value {
	switch KindOf(text) {
	case Null:
		return types.Null(types.Dynamic)
	case Bool:
		return types.BoolValue(text == "true")
	case Long:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return types.LongValue(n)
		}
	case Real:
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return types.RealValue(f)
		}
	case String:
		return types.StringValue(AsString(text))
	}
	return types.DynamicValue(text)
}
