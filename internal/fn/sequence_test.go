package fn

import (
	"math"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

func TestSequences(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"pack_array", list(1, "2", ticks(40000000), types.Real), jsonText(`[1,"2","00:00:04",null]`)}, {"pack_array", list(jsonText(`{"a":1}`), math.NaN()), jsonText(`[{"a":1},"NaN"]`)},
		{"range", list(1, 8, 3), jsonText("[1,4,7]")}, {"range", list(1, 3), jsonText("[1,2,3]")}, {"range", list(1.0, 3, 1), jsonText("[1.0,2.0,3.0]")}, {"range", list(1, 2, 0.5), jsonText("[1.0,1.5,2.0]")},
		{"range", list(3, 1, -1), jsonText("[3,2,1]")}, {"range", list(3, 1), jsonText("[]")}, {"range", list(1, 3, 0), types.Dynamic}, {"range", list(1, types.Long), types.Dynamic},
		{"range", list(ticks(36000000000), ticks(72000000000)), jsonText(`["01:00:00","02:00:00"]`)},
		{"range", list(day(0), day(types.TicksPerDay), ticks(types.TicksPerDay)), jsonText(`["0001-01-01T00:00:00.0000000Z","0001-01-02T00:00:00.0000000Z"]`)},
		{"range", list(math.MaxInt64-1, math.MaxInt64, 5), jsonText("[9223372036854775806]")}, {"range", list(0.0, math.Inf(1)), types.Dynamic},
		{"repeat", list("a", 2), jsonText(`["a","a"]`)}, {"repeat", list(1, 0), jsonText("[]")}, {"repeat", list(1, -1), types.Dynamic},
		{"zip", list(jsonText(`["A",1,1.5]`), jsonText(`[{},"B"]`)), jsonText(`[["A",{}],[1,"B"],[1.5,null]]`)}, {"zip", list(types.Dynamic, types.Dynamic), types.Dynamic},
		{"treepath", list(jsonText(`{"listProperty":[100,200,300,"abcde",{"x":"y"}]}`)), jsonText(`["['listProperty']","['listProperty'][0]","['listProperty'][0]['x']"]`)},
		{"treepath", list(jsonText(`{"prop1":[1,2],"prop2":"value2"}`)), jsonText(`["['prop1']","['prop1'][0]","['prop2']"]`)}, {"treepath", list(jsonText("1")), types.Dynamic},
	})
}

// The page of range says where it is cut off.
func TestRangeIsCutOff(t *testing.T) {
	v := call(t, Scalar, "range", types.Dynamic, 1, 1000000000)
	if n := dynamic.Len(v.S); n != 1048576 {
		t.Errorf("%d items, want 1048576", n)
	}
	if v := call(t, Scalar, "repeat", types.Dynamic, strings.Repeat("x", 1000), 1000000); !v.Null {
		t.Error("a billion characters are repeated")
	}
}

// expand evaluates a list-valued row and gives the items as JSON.
func expand(t *testing.T, name string, args ...any) (string, error) {
	t.Helper()
	vals := make([]types.Value, len(args))
	c := &Call{N: 1}
	for i, a := range args {
		vals[i] = tv(t, a)
		x := types.NewVector(vals[i].Type, 1)
		x.Set(0, vals[i])
		c.Args = append(c.Args, x)
	}
	sig := sigFor(t, Scalar, name, vals)
	c.Out = types.NewVector(sig.Signature().Type, 1)
	if sig.Eval(c); c.Err != nil {
		return "", c.Err
	}
	var out []string
	for k := range c.Out.Lists[0].Len {
		out = append(out, string(dynamic.AppendRow(nil, c.Out.Child, c.Out.Lists[0].Off+k)))
	}
	return strings.Join(out, " "), nil
}

func TestExpand(t *testing.T) {
	for _, c := range []struct {
		name string
		args []any
		want string
	}{
		{"__mv_array", list(jsonText(`[1,null,"a",[2]]`)), `1 null "a" [2]`}, {"__mv_array", list(jsonText(`{"a":1,"b":[1,2]}`)), `{"a":1} {"b":[1,2]}`},
		{"__mv_array", list(types.Dynamic), "null"}, {"__mv_array", list(jsonText("[]")), ""}, {"__mv_array", list(jsonText("{}")), ""}, {"__mv_array", list(jsonText(`"x"`)), `"x"`},
		{"__mv_pairs", list(jsonText(`{"prop1":"a1","p2":null}`)), `["prop1","a1"] ["p2",null]`}, {"__mv_pairs", list(jsonText("[7]")), "7"},
		{"__range_long", list(1, 10, 4), "1 5 9"}, {"__range_long", list(3, 1, -1), "3 2 1"}, {"__range_long", list(1, 0, 1), ""}, {"__range_long", list(types.Long, 1, 1), ""},
		{"__range_long", list(math.MinInt64, math.MaxInt64, math.MaxInt64), "-9223372036854775808 -1 9223372036854775806"},
		{"__range_ticks", list(ticks(0), ticks(20), ticks(10)), `"00:00:00" "00:00:00.0000010" "00:00:00.0000020"`}, {"__range_real", list(1.0, 2.0, 0.25), "1.0 1.25 1.5 1.75 2.0"},
		{"__range_real", list(0.0, 1.0, 0.1), "0.0 0.1 0.2 0.30000000000000007 0.4 0.5 0.6000000000000001 0.7000000000000001 0.8 0.9 1.0"},
	} {
		if got, err := expand(t, c.name, c.args...); err != nil || got != c.want {
			t.Errorf("%s%v = %s, %v, want %s", c.name, c.args, got, err, c.want)
		}
	}
	for _, args := range [][]any{{1, 2, 0}, {0, math.MaxInt64, 1}, {math.MinInt64, math.MaxInt64, 1}} {
		if _, err := expand(t, "__range_long", args...); err == nil {
			t.Errorf("__range_long%v is accepted", args)
		}
	}
	for _, args := range [][]any{{0.0, math.Inf(1), 1.0}, {math.NaN(), 1.0, 1.0}, {0.0, 1.0, 0.0}, {0.0, 1e300, 1e-300}} {
		if _, err := expand(t, "__range_real", args...); err == nil {
			t.Errorf("__range_real%v is accepted", args)
		}
	}
}

// FuzzDynamic runs every function of one to three dynamic values on JSON from
// outside: no panic, and what comes out is canonical.
func FuzzDynamic(f *testing.F) {
	f.Add(`[1,"a",{"b":null}]`, `{"k":{"p":1.5}}`, int64(1))
	f.Add(`["$.k.p","$[","a"]`, `[3,1,2]`, int64(-2))
	f.Fuzz(func(t *testing.T, x, y string, n int64) {
		a, ok1 := dynamic.Compact(x)
		b, ok2 := dynamic.Compact(y)
		if !ok1 || !ok2 {
			return
		}
		d1, d2 := types.DynamicValue(a), types.DynamicValue(b)
		calls := map[string][]types.Value{}
		for _, name := range strings.Fields("array_length array_reverse array_sum bag_keys treepath array_sort_asc tostring tolong toreal tobool todatetime totimespan toguid todecimal gettype dynamic_to_json") {
			calls[name] = []types.Value{d1}
		}
		for _, name := range strings.Fields("array_concat array_split bag_merge bag_remove_keys bag_zip zip set_union set_intersect set_difference set_has_element set_equals jaccard_index array_index_of array_sort_desc") {
			calls[name] = []types.Value{d1, d2}
		}
		for _, name := range strings.Fields("array_rotate_left array_rotate_right array_shift_left array_shift_right") {
			calls[name] = []types.Value{d1, types.LongValue(n)}
		}
		calls["array_slice"] = []types.Value{d1, types.LongValue(n), types.LongValue(-n)}
		calls["array_iff"] = []types.Value{d1, d2, types.LongValue(n)}
		calls["bag_has_key"] = []types.Value{d1, types.StringValue(y)}
		calls["bag_set_key"] = []types.Value{d1, types.StringValue(y), d2}
		for name, args := range calls {
			sig := sigFor(t, Scalar, name, args)
			v, err := Apply(sig.Eval, 0, sig.Signature().Type, args...)
			if err != nil {
				t.Fatalf("%s(%v): %v", name, args, err)
			}
			if v.Type != types.Dynamic || v.Null {
				continue
			}
			if c, ok := dynamic.Compact(v.S); ok && c != v.S || !ok && len(v.S) < 100 {
				t.Fatalf("%s(%v) = %s is not canonical", name, args, v.S)
			}
		}
	})
}
