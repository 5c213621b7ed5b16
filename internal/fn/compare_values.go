package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// meetingType is the type in which two values of unlike types are compared:
// numbers and bools in the widest of them, a dynamic in the other's type.
func meetingType(a, b types.Type) types.Type {
	if a == types.Dynamic {
		a, b = b, a
	}
	switch {
	case b == types.Dynamic && a == types.Int:
		return types.Long
	case b == types.Dynamic:
		return a
	case a == types.Real || b == types.Real:
		return types.Real
	case a == types.Decimal || b == types.Decimal:
		return types.Decimal
	}
	return types.Long
}

// isJSONReal reports a dynamic value that holds a number with a fraction.
func isJSONReal(v *types.Vector, i int) bool {
	return v.Type == types.Dynamic && !v.IsNull(i) && dynamic.KindOf(v.Strings[i]) == dynamic.Real
}

// relateValues relates two values of one type that are not null.
func relateValues(x, y types.Value) relation {
	switch {
	case x.Type == types.Real:
		if math.IsNaN(x.F) || math.IsNaN(y.F) {
			return unordered
		}
		return relateOrdered(x.F, y.F)
	case x.Type == types.Decimal:
		return relateOrdered(compareDecimals(x.S, y.S), 0)
	case x.Type.Storage() == types.StoreStrings:
		return relateOrdered(x.S, y.S)
	}
	return relateOrdered(x.I, y.I)
}

func relateOrdered[T int | int64 | float64 | string](x, y T) relation {
	switch {
	case x < y:
		return less
	case x > y:
		return greater
	}
	return equal
}

// relateDynamics orders two dynamic values: numbers by value, texts by their
// characters. Other pairs have no order, like a null.
func relateDynamics(x, y string) relation {
	kx, ky := dynamic.KindOf(x), dynamic.KindOf(y)
	switch {
	case isNumberKind(kx) && isNumberKind(ky):
		return relateOrdered(dynamic.CompareNumbers(x, y), 0)
	case kx == dynamic.String && ky == dynamic.String:
		return relateOrdered(dynamic.Unquote(x), dynamic.Unquote(y))
	}
	return bothNull
}

func isNumberKind(k dynamic.Kind) bool { return k == dynamic.Long || k == dynamic.Real }
