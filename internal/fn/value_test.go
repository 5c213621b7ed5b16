package fn

import (
	"math"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

// The tests of comparisons, conversions and dynamic functions give arguments
// as Go values: tv turns them into KQL values.

type (
	guidText string
	decText  string
	jsonText string
	ticks    int64
	day      int64 // a datetime, in ticks
)

func tv(t *testing.T, x any) types.Value {
	t.Helper()
	switch x := x.(type) {
	case types.Value:
		return x
	case types.Type:
		return types.Null(x)
	case bool:
		return types.BoolValue(x)
	case int32:
		return types.IntValue(x)
	case int:
		return types.LongValue(int64(x))
	case int64:
		return types.LongValue(x)
	case float64:
		return types.RealValue(x)
	case string:
		return types.StringValue(x)
	case jsonText:
		return types.DynamicValue(string(x))
	case guidText:
		return types.Value{Type: types.Guid, S: string(x)}
	case decText:
		return types.Value{Type: types.Decimal, S: string(x)}
	case ticks:
		return types.TimespanValue(int64(x))
	case day:
		return types.DatetimeValue(int64(x))
	}
	t.Fatalf("no KQL value for %T", x)
	return types.Value{}
}

// sigFor finds the first overload of a row that takes the arguments.
func sigFor(t *testing.T, kind Kind, name string, args []types.Value) *Sig {
	t.Helper()
	table, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	spec := table.Lookup(kind, name)
	if spec == nil {
		t.Fatalf("no row %s", name)
	}
	for i := range spec.Sigs {
		if sig := &spec.Sigs[i]; takes(sig.Signature(), args) {
			return sig
		}
	}
	t.Fatalf("no overload of %s takes %v", name, args)
	return nil
}

// takes matches arguments with parameters, repeated ones as a group.
func takes(s *Signature, args []types.Value) bool {
	k := 0
	for p := 0; p < len(s.Params); p++ {
		param := s.Params[p]
		if param.Max == 1 {
			if k < len(args) && param.fits(args[k], args) {
				k++
			} else if param.Min > 0 {
				return false
			}
			continue
		}
		group := 1
		for p+group < len(s.Params) && s.Params[p+group].Max > 1 {
			group++
		}
		fixed := len(s.Params) - p - group
		for k+group+fixed <= len(args) && param.fits(args[k], args) {
			k += group
		}
		p += group - 1
	}
	return k == len(args)
}

func (p Param) fits(v types.Value, args []types.Value) bool {
	if p.Class == ClassArg0 {
		return v.Type == args[0].Type
	}
	return p.Types.Has(v.Type)
}

// call evaluates a row; the result type is result, or the declared one.
func call(t *testing.T, kind Kind, name string, result types.Type, args ...any) types.Value {
	t.Helper()
	vals := make([]types.Value, len(args))
	for i, a := range args {
		vals[i] = tv(t, a)
	}
	sig := sigFor(t, kind, name, vals)
	if result == types.Unknown {
		result = sig.Signature().Type
	}
	v, err := Apply(sig.Eval, 0, result, vals...)
	if err != nil {
		t.Fatalf("%s(%v): %v", name, args, err)
	}
	return v
}

func sameAs(a, b types.Value) bool {
	return a == b || a.Type == b.Type && !a.Null && !b.Null && math.IsNaN(a.F) && math.IsNaN(b.F)
}

// row is one case: a call and its value.
type row struct {
	name string
	args []any
	want any
}

func checkRows(t *testing.T, kind Kind, rows []row) {
	t.Helper()
	for _, r := range rows {
		want := tv(t, r.want)
		if got := call(t, kind, r.name, want.Type, r.args...); !sameAs(got, want) {
			t.Errorf("%s%v = %+v, want %+v", r.name, r.args, got, want)
		}
	}
}

func list(args ...any) []any { return args }
