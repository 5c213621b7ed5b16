package fn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// scalarCall evaluates a function on one row.
func scalarCall(t *testing.T, name string, result types.Type, args ...types.Value) (string, error) {
	t.Helper()
	v, err := Apply(findRow(t, Scalar, name).Sigs[0].Eval, 0, result, args...)
	return dynamic.FromValue(v), err
}

func TestDigests(t *testing.T) {
	for _, c := range []struct{ name, args, want string }{
		{"tdigest", "long: 3 1 3 null 2", "[[7],[1,2,3],[1,1,2]]"},
		{"tdigest", "real: 1 2;long: 1 2", "[[7],[1.0,2.0],[1,2]]"},
		{"tdigest", "int: 1 2 3;int: 1 0 null", "[[7],[1],[1]]"},
		{"tdigest", "datetime: 2020-01-01", `[[7],["2020-01-01T00:00:00.0000000Z"],[1]]`},
		{"tdigest", "real: nan inf", `[[7],["Infinity","NaN"],[1,1]]`},
		{"tdigest", "long: null", "null"},
		{"tdigest_merge", `dynamic: [[7],[1,3],[1,1]] [[7],[3,2],[5,1]] [1] null`, "[[7],[1,2,3],[1,1,6]]"},
		{"merge_tdigest", `dynamic: [[7],[1],[1]] [[7],[1.5],[1]]`, "[[7],[1.0,1.5],[1,1]]"},
		{"tdigest_merge", `dynamic: null`, "null"},
	} {
		checkAggregate(t, c.name, c.args, c.want)
	}
	_, _, err := aggregate(t, "tdigest_merge", false, `dynamic: [[7],[1],[1]] [[7],["2020-01-01T00:00:00.0000000Z"],[1]]`)
	if err == nil || !strings.Contains(err.Error(), "cannot be merged") {
		t.Errorf("merging a datetime with a long: %v", err)
	}
}

func TestDigestFunctions(t *testing.T) {
	digest := types.DynamicValue("[[7],[10,20,30],[1,2,1]]")
	dates := types.DynamicValue(`[[7],["2020-01-01T00:00:00.0000000Z"],[1]]`)
	real50 := types.RealValue(50)
	for _, c := range []struct {
		name   string
		result types.Type
		args   []types.Value
		want   string
	}{
		{"percentile_tdigest", types.Dynamic, []types.Value{digest, real50}, "20"},
		{"percentile_tdigest", types.Dynamic, []types.Value{digest, types.RealValue(100)}, "30"},
		{"percentile_tdigest", types.Long, []types.Value{digest, types.RealValue(76), types.StringValue("long")}, "30"},
		{"percentile_tdigest", types.Real, []types.Value{digest, types.RealValue(0), types.StringValue("real")}, "10.0"},
		{"percentile_tdigest", types.Datetime, []types.Value{digest, real50, types.StringValue("datetime")}, "null"},
		{"percentile_tdigest", types.Datetime, []types.Value{dates, real50, types.StringValue("datetime")}, `"2020-01-01T00:00:00.0000000Z"`},
		{"percentile_tdigest", types.Dynamic, []types.Value{types.DynamicValue(`"x"`), real50}, "null"},
		{"percentile_tdigest", types.Dynamic, []types.Value{types.DynamicValue(`[[7],[],[]]`), real50}, "null"},
		{"percentiles_array_tdigest", types.Dynamic, []types.Value{digest, real50, types.RealValue(100)}, "[20,30]"},
		{"percentiles_array_tdigest", types.Dynamic, []types.Value{digest, types.DynamicValue("[0,50]")}, "[10,20]"},
		{"rank_tdigest", types.Real, []types.Value{digest, types.LongValue(20)}, "3.0"},
		{"rank_tdigest", types.Real, []types.Value{digest, types.RealValue(29.5)}, "3.0"},
		{"rank_tdigest", types.Real, []types.Value{digest, types.DynamicValue("9")}, "0.0"},
		{"rank_tdigest", types.Real, []types.Value{digest, types.DatetimeValue(0)}, "null"},
		{"rank_tdigest", types.Real, []types.Value{dates, types.DatetimeValue(types.MaxDatetime)}, "1.0"},
		{"percentrank_tdigest", types.Real, []types.Value{digest, types.LongValue(20)}, "75.0"},
		{"merge_tdigest", types.Dynamic, []types.Value{digest, types.DynamicValue("[[7],[5],[9]]")}, "[[7],[5,10,20,30],[9,1,2,1]]"},
		{"tdigest_merge", types.Dynamic, []types.Value{types.Null(types.Dynamic), types.Null(types.Dynamic)}, "null"},
	} {
		if got, err := scalarCall(t, c.name, c.result, c.args...); err != nil || got != c.want {
			t.Errorf("%s(%v) = %s, %v; want %s", c.name, c.args, got, err, c.want)
		}
	}
}

// Beyond maxDigest values a digest stays small and near the truth.
func TestLargeDigest(t *testing.T) {
	const n = 100_000
	d := &digest{t: types.Long}
	for _, i := range rand.New(rand.NewPCG(1, 1)).Perm(n) {
		d.addInt(int64(i+1), 1)
	}
	d.settle()
	if d.len() > maxDigest || d.total != n {
		t.Fatalf("%d values stand for %d", d.len(), d.total)
	}
	o, ok := readDigest(string(d.append(nil)))
	if !ok || o.len() != d.len() || o.total != n {
		t.Fatalf("read back: %v", ok)
	}
	for p, within := range map[float64]float64{0: 0, 1: 10, 50: 200, 99.9: 10, 100: 0} {
		want := max(1, p/100*n)
		if got := float64(o.ints[o.percentile(p)]); math.Abs(got-want) > within {
			t.Errorf("percentile %v is %v, want %v", p, got, want)
		}
	}
}

func TestCountSketches(t *testing.T) {
	list := func(from, to int) string {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprint(&b, i, " ")
		}
		return b.String()
	}
	few, none, err := aggregate(t, "hll", false, "long: 1 2 1 null")
	if err != nil || none != "null" {
		t.Errorf("hll of nothing is %s, %v", none, err)
	}
	same, _, _ := aggregate(t, "hll", false, "int: 2 1")
	if few != same || !strings.HasPrefix(few, `[[1024,14],["`) {
		t.Errorf("hll of the same values: %s and %s", few, same)
	}
	some, _, err := aggregate(t, "hll_if", true, "string: a b c", "bool: true null true")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		a, b string
		want float64
		far  float64
	}{
		{few, few, 2, 0},
		{few, some, 4, 0},
		{sketchOf(t, "long: "+list(0, 1000)), sketchOf(t, "long: "+list(500, 1010)), 1010, 0},
		{sketchOf(t, "long: "+list(0, 30000)), sketchOf(t, "long: "+list(20000, 60000)), 60000, 0.03},
		{sketchOf(t, "long: "+list(0, 3000)), few, 3000, 0.03},
	} {
		merged, err := scalarCall(t, "hll_merge", types.Dynamic, types.DynamicValue(c.a), types.DynamicValue(c.b))
		if err != nil {
			t.Fatal(err)
		}
		got, err := scalarCall(t, "dcount_hll", types.Long, types.Value{Type: types.Dynamic, S: merged})
		n, _ := types.ParseLong(got)
		if err != nil || math.Abs(float64(n)-c.want) > c.far*c.want {
			t.Errorf("count %s, %v; want %v", got, err, c.want)
		}
	}
	merged, _, err := aggregate(t, "hll_merge", false, "dynamic: "+few+" "+some+" null 5")
	if n, _ := scalarCall(t, "dcount_hll", types.Long, types.DynamicValue(merged)); n != "4" {
		t.Errorf("merged in a group: %s, %v", n, err)
	}
}

func sketchOf(t *testing.T, items string) string {
	t.Helper()
	s, _, err := aggregate(t, "hll", false, items)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCountSketchesRefuse(t *testing.T) {
	if _, _, err := aggregate(t, "hll", false, "long: 1", "=long: 9"); err == nil || !strings.Contains(err.Error(), "accuracy 9") {
		t.Errorf("accuracy 9: %v", err)
	}
	fine, _, _ := aggregate(t, "hll", false, "long: 1", "=long: 4")
	_, err := scalarCall(t, "hll_merge", types.Dynamic, types.DynamicValue(fine), types.DynamicValue(sketchOf(t, "long: 1")))
	if err == nil || !strings.Contains(err.Error(), "different accuracies") {
		t.Errorf("merging two accuracies: %v", err)
	}
	for _, text := range []string{"5", "[]", "[[1024,14],[]]", `[[1,2],[],[]]`, `[[1024,14],["x"],[]]`, `[[1024,14],[],["AAAA"]]`} {
		if got, err := scalarCall(t, "dcount_hll", types.Long, types.DynamicValue(text)); got != "null" || err != nil {
			t.Errorf("dcount_hll(%s) = %s, %v", text, got, err)
		}
	}
}

// Whatever stands in a dynamic column, the readers of sketches and the
// aggregates over dynamic values give canonical values and do not panic.
func FuzzDynamicAggregates(f *testing.F) {
	for _, s := range []string{`{"a":[1,{"b":null}]}`, `[1,[2],null,"x"]`, `[[7],[1,2.5],[1,1]]`, `[[7],["NaN","00:00:01"],[1,2]]`, `[[1024,14],["5"],[]]`, `5`} {
		f.Add(s, `{"a":2,"c":{}}`)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		var items []types.Value
		for _, s := range []string{a, b} {
			// A list of a value of the greatest depth would be too deep itself.
			if text, ok := dynamic.Compact(s); ok && len(text) < dynamic.MaxDepth {
				items = append(items, types.DynamicValue(text))
			}
		}
		if len(items) == 0 {
			return
		}
		arg := testArg{t: types.Dynamic, items: items}
		for _, name := range []string{"make_list", "make_set", "make_bag", "buildschema", "make_list_with_nulls", "tdigest_merge", "hll_merge", "hll"} {
			c := Call{N: 3, Out: types.NewVector(types.Dynamic, 3), Args: []*types.Vector{arg.lists(len(items), 1, false)}}
			findRow(t, Aggregate, name).Sigs[0].Eval(&c)
			for g := range 3 {
				text := cell(c.Out, g)
				if c.Err != nil {
					continue
				}
				if again, ok := dynamic.Compact(text); !ok || again != text {
					t.Errorf("%s of %s, %s: %s is not canonical", name, a, b, text)
				}
			}
		}
		for _, name := range []string{"dcount_hll", "percentile_tdigest", "rank_tdigest"} {
			spec, result := findRow(t, Scalar, name), types.Real
			if name == "dcount_hll" {
				result = types.Long
			}
			if _, err := Apply(spec.Sigs[0].Eval, 0, result, items[0], types.RealValue(50)); err == errPanic {
				t.Errorf("%s of %s panics", name, a)
			}
		}
	})
}

func FuzzCompareDecimals(f *testing.F) {
	f.Add("1.5", "-2")
	f.Add("0.05", "0.5")
	f.Add("10", "9.99")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, ok := types.ParseDecimal(a)
		y, ok2 := types.ParseDecimal(b)
		if !ok || !ok2 {
			return
		}
		diff, ok := subtractDecimal(x, y)
		want := 1
		switch {
		case !ok:
			return
		case strings.HasPrefix(diff, "-"):
			want = -1
		case x == y:
			want = 0
		}
		if got := compareDecimals(x, y); got != want {
			t.Errorf("compare %s with %s: %d, want %d", x, y, got, want)
		}
	})
}
