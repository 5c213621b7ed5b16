package fn

import (
	"strconv"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// An argument is written "type: item item …", "_" for an empty string. A
// constant parameter has "=" in front.
type testArg struct {
	t        types.Type
	items    []types.Value
	constant bool
}

func readArg(t *testing.T, text string) testArg {
	t.Helper()
	name, items, ok := strings.Cut(text, ":")
	a := testArg{constant: strings.HasPrefix(name, "=")}
	if a.t, ok = types.ByName(strings.TrimPrefix(name, "=")); !ok {
		t.Fatalf("argument %q: no such type", text)
	}
	for _, item := range strings.Fields(items) {
		a.items = append(a.items, readItem(t, a.t, item))
	}
	return a
}

func readItem(t *testing.T, typ types.Type, s string) types.Value {
	t.Helper()
	v, ok := types.Value{Type: typ}, true
	switch typ {
	case types.Bool:
		ok, v = true, types.BoolValue(s == "true")
	case types.Real:
		v.F, ok = types.ParseReal(s)
	case types.Int, types.Long:
		v.I, ok = types.ParseLong(s)
	case types.Datetime:
		v.I, ok = types.ParseDatetime(s)
	case types.Timespan:
		v.I, ok = types.ParseTimespan(s)
	case types.String:
		v.S = strings.TrimPrefix(s, "_")
		return v
	default:
		v.S = s
	}
	if s == "null" {
		return types.Null(typ)
	}
	if !ok {
		t.Fatalf("%q is no %s", s, typ)
	}
	return v
}

// lists makes the vector of an argument for three groups: the items, the items
// again, and a null list. pad unused rows come first, so that the arguments'
// items stand at different places. A constant is plain or repeated.
func (a testArg) lists(n, pad int, repeat bool) *types.Vector {
	items := a.items
	if a.constant && !repeat {
		v := types.NewVector(a.t, 3)
		for g := range 3 {
			v.Set(g, items[0])
		}
		return v
	}
	v := types.NewVector(a.t.List(), 3)
	v.Child = types.NewVector(a.t, pad+2*n)
	for k := range 2 * n {
		if a.constant {
			v.Child.Set(pad+k, items[0])
		} else {
			v.Child.Set(pad+k, items[k%n])
		}
	}
	v.Lists[0], v.Lists[1] = types.ListEntry{Off: pad, Len: n}, types.ListEntry{Off: pad + n, Len: n}
	v.SetNull(2)
	return v
}

// aggregate evaluates an aggregate and checks that both equal groups have one
// result. It returns that and the result for a null list.
func aggregate(t *testing.T, name string, repeat bool, texts ...string) (some, none string, err error) {
	t.Helper()
	spec, args := findRow(t, Aggregate, name), []testArg{}
	for _, text := range texts {
		args = append(args, readArg(t, text))
	}
	sig, result := chooseSig(t, spec, args)
	c := Call{N: 3, Out: types.NewVector(result, 3)}
	for i, a := range args {
		c.Args = append(c.Args, a.lists(len(args[0].items), i, repeat))
	}
	sig.Eval(&c)
	first, second := cell(c.Out, 0), cell(c.Out, 1)
	if first != second {
		t.Errorf("%s(%v): two equal groups give %s and %s", name, texts, first, second)
	}
	return first, cell(c.Out, 2), c.Err
}

func cell(v *types.Vector, i int) string { return string(dynamic.AppendRow(nil, v, i)) }

func findRow(t *testing.T, kind Kind, name string) *Spec {
	t.Helper()
	table, err := NewTable(aggCountRows, aggSumRows, aggBestRows, aggBitRows, aggListRows, aggBagRows, aggStatsRows, aggPercentileRows, digestRows, sketchRows, windowRows)
	if err != nil {
		t.Fatal(err)
	}
	spec := table.Lookup(kind, name)
	if spec == nil {
		t.Fatalf("no row %s", name)
	}
	return spec
}

// chooseSig takes the first signature whose parameters have the arguments'
// types; a real binder does more, but not for these rows.
func chooseSig(t *testing.T, spec *Spec, args []testArg) (*Sig, types.Type) {
	t.Helper()
	for i := range spec.Sigs {
		sig := &spec.Sigs[i]
		p := sig.Signature()
		fits, all := len(args) == 0 || len(p.Params) > 0, make([]ArgInfo, len(args))
		for k, a := range args {
			all[k].Type = a.t
			fits = fits && p.Params[min(k, len(p.Params)-1)].Types.Has(a.t)
		}
		if !fits {
			continue
		}
		switch p.Returns {
		case RetArg:
			return sig, args[p.Index].t
		case RetPromoted:
			if args[0].t == types.Int {
				return sig, types.Long
			}
			return sig, args[0].t
		case RetCustom:
			return sig, sig.Result(all)
		}
		return sig, p.Type
	}
	t.Fatalf("%s: no signature for %v", spec.Name, args)
	return nil, 0
}

func TestAggregates(t *testing.T) {
	for _, c := range []struct {
		name string
		args string // separated by ;
		want string
	}{
		{"count", "long: 1 null 3", "3"},
		{"countif", "bool: true null false true", "2"},
		{"dcount", "string: a b a _ _", "3"},
		{"dcount", "int: null null", "0"},
		{"dcount", "real: nan nan 0.0 -0.0 1.5", "3"},
		{"dcount", "bool: true false true null;=long: 4", "2"},
		{"dcountif", "string: a b a c;bool: true true true null;=int: 2", "2"},
		{"count_distinct", `guid: a b null b`, "2"},
		{"count_distinctif", "long: 1 2 3 3;bool: true false true true", "2"},

		{"sum", "long: 9223372036854775807 1 2", "-9223372036854775806"},
		{"sum", "int: null null", "0"},
		{"sum", "real: 1e300 1e300 -1e300", "1e300"},
		{"sum", "real: nan nan", `"NaN"`},
		{"sum", "real: inf -inf 1.5", `"NaN"`},
		{"sum", "timespan: 1.00:00:00 00:00:01", `"1.00:00:01"`},
		{"sum", "decimal: 0.1 0.2 null -5", `"-4.7"`},
		{"sum", "decimal: 9999999999999999999999999999999999 0.6", `"10000000000000000000000000000000000"`},
		{"sumif", "long: 9 18 25 7;bool: false false true true", "32"},
		{"avg", "long: 9223372036854775806 1 9223372036854775807", "-0.6666666666666666"},
		{"avg", "long: 9223372036854775807 1 2", "-3074457345618258600.0"},
		{"avg", "int: -5 0 3 7", "1.25"},
		{"avg", "int: null", `"NaN"`},
		{"avg", "real: 1.1 2.2", "1.6500000000000002"},
		{"avg", "real: inf", `"Infinity"`},
		{"avg", "decimal: 1 2 2", `"1.666666666666666666666666666666667"`},
		{"avg", "decimal: null", "null"},
		{"avg", "timespan: -0.00:00:00.0000007 0", `"-00:00:00.0000003"`},
		{"avg", "datetime: 2020-01-01 2020-01-03 null", `"2020-01-02T00:00:00.0000000Z"`},
		{"avgif", "real: 1.5 2.5 3.5 4.5;bool: true false true false", "2.5"},

		{"min", "real: 1.5 nan 2.5", `"NaN"`},
		{"max", "real: 1.5 nan 2.5", `"NaN"`},
		{"min", "real: inf -inf 1.5", `"-Infinity"`},
		{"max", "real: inf -inf 1.5", `"Infinity"`},
		{"min", "int: null null", "null"},
		{"max", "int: null 5 null", "5"},
		{"min", "string: b _ a", `""`},
		{"max", "string: b _ a B", `"b"`},
		{"min", "bool: true false null", "false"},
		{"max", "decimal: 9 10.5 -11 null", `"10.5"`},
		{"min", "decimal: -9 -10.5 -10.25 3", `"-10.5"`},
		{"minif", "long: 1 2 3;bool: false true true", "2"},
		{"maxif", "long: 1 2 3;bool: true true false", "2"},
		{"maxif", "long: 1 2;bool: false null", "null"},
		{"arg_max", "long: 10 20 20 null;string: a b c d", `"b"`},
		{"arg_min", "long: 10 10 20;long: 100 50 200", "100"},
		{"arg_max", "long: null null;string: c d", `"c"`},
		{"arg_min", "long: null 20;string: a b", `"b"`},
		{"arg_max", "real: nan 2.0;real: 10.0 20.0", "10.0"},
		{"arg_min", "real: nan 2.0;real: 10.0 20.0", "10.0"},
		{"arg_max", "real: 5.0 nan;real: inf 3.0", "3.0"},
		{"arg_max", "long: 3 7", "7"},
		{"argmin", "string: b a;long: 1 null", "null"},
		{"take_any", "long: null 7 8", "7"},
		{"any", "string: _ b a", `"b"`},
		{"take_any", "string: _ _", `""`},
		{"take_anyif", "long: 1 2;bool: null true", "2"},
		{"anyif", "long: 1 2;bool: false false", "null"},

		{"binary_all_and", "long: 0xFFFFFFFF 0xFFFFF00F 0xCFFFFFFD 0xFAFEFFFF", "3405705229"},
		{"binary_all_or", "long: 0x88888008 0x42000000 0x00767000 0x00000005", "3405705229"},
		{"binary_all_xor", "long: 0x44404440 0x1E1E1E1E 0x90ABBA09 0x000B105A", "3405705229"},
		{"binary_all_or", "int: null", "null"},
	} {
		checkAggregate(t, c.name, c.args, c.want)
	}
}

// checkAggregate runs a call with its constants plain and as lists.
func checkAggregate(t *testing.T, name, args, want string) {
	t.Helper()
	for _, repeat := range []bool{false, true} {
		got, _, err := aggregate(t, name, repeat, strings.Split(args, ";")...)
		if err != nil || got != want {
			t.Errorf("%s(%s) = %s, %v; want %s", name, args, got, err, want)
		}
	}
}

func TestListAggregates(t *testing.T) {
	for _, c := range []struct{ name, args, want string }{
		{"make_list", "int: 1 null 3", "[1,3]"},
		{"make_list", "int: null", "[]"},
		{"make_list", "real: 3.3 nan", `[3.3,"NaN"]`},
		{"make_list", "real: inf 5", `["Infinity",5.0]`},
		{"make_list", "string: b _ a", `["b","","a"]`},
		{"make_list", `string: a"b`, `["a\"b"]`},
		{"make_list", "bool: true false", "[true,false]"},
		{"make_list", "datetime: 2020-01-01 2020-01-05", `["2020-01-01T00:00:00.0000000Z","2020-01-05T00:00:00.0000000Z"]`},
		{"make_list", `dynamic: {"a":1} {"b":2} [1,2,3]`, `[{"a":1},{"b":2},1,2,3]`},
		{"make_list", `dynamic: [1,[2,3],null] null`, `[1,[2,3]]`},
		{"make_list", "long: 1 2 3 4;=long: 2", "[1,2]"},
		{"make_list", `dynamic: [1,2,3] 4;=int: 2`, "[1,2]"},
		{"make_list_if", "string: John Paul George Ringo;bool: false null true true", `["George","Ringo"]`},
		{"make_list_if", "long: 1 2 3 4;bool: false true true true;=long: 2", "[2,3]"},
		{"make_list_with_nulls", "int: null 5 null", "[null,5,null]"},
		{"make_set", "int: 5 3 9 1 5 7 null", "[5,3,9,1,7]"},
		{"make_set", "string: z y z _", `["z","y",""]`},
		{"make_set", "real: null 5", "[5.0]"},
		{"make_set", `dynamic: ["A1","A2","A3"] ["A2","C1"] ["C2","A3"] ["C2","A1"]`, `["A1","A2","A3","C1","C2"]`},
		{"make_set", "long: 1 1 2 3;=long: 2", "[1,2]"},
		{"make_set_if", "long: 1 1 2 3;bool: true true false true", "[1,3]"},

		{"make_bag", `dynamic: {"a":1} {"b":2} {"a":3,"c":4}`, `{"a":1,"b":2,"c":4}`},
		{"make_bag", `dynamic: {"1":10} {"1":null} {"2":null} null [1] 5`, `{"1":10,"2":null}`},
		{"make_bag", `dynamic: {"a":1,"b":2} {"c":3};=long: 2`, `{"a":1,"b":2}`},
		{"make_bag_if", `dynamic: {"a":1} {"b":2};bool: false true`, `{"b":2}`},
		{"make_dictionary", `dynamic: {"a":{"b":[1]}}`, `{"a":{"b":[1]}}`},

		{"buildschema", `dynamic: {"x":1,"y":3.5} {"x":"somevalue","z":[1,2,3]} {"y":{"w":"zzz"},"t":["aa","bb"],"z":["foo"]}`,
			"{\"x\":[\"long\",\"string\"],\"y\":[\"double\",{\"w\":\"string\"}],\"z\":{\"`indexer`\":[\"long\",\"string\"]},\"t\":{\"`indexer`\":\"string\"}}"},
		{"buildschema", `dynamic: 1 true 2`, `["long","bool"]`},
		{"buildschema", `dynamic: null`, `null`},
		{"buildschema", `dynamic: {"a":[]}`, "{\"a\":{\"`indexer`\":[]}}"},
	} {
		checkAggregate(t, c.name, c.args, c.want)
	}
}

func TestOldListNamesTake128(t *testing.T) {
	items := make([]string, 300)
	for i := range items {
		items[i] = strconv.Itoa(i)
	}
	for _, name := range []string{"makelist", "makeset"} {
		got, _, err := aggregate(t, name, false, "long: "+strings.Join(items, " "))
		if n := dynamic.Len(got); n != 128 || err != nil {
			t.Errorf("%s has %d items, %v; want 128", name, n, err)
		}
		if got, _, _ = aggregate(t, name, false, "long: "+strings.Join(items, " "), "=long: 200"); dynamic.Len(got) != 200 {
			t.Errorf("%s(x, 200) has %d items", name, dynamic.Len(got))
		}
	}
}

func TestStatistics(t *testing.T) {
	for _, c := range []struct{ name, args, want string }{
		{"stdev", "long: 1 2 3 4 5", "1.5811388300841898"},
		{"stdev", "long: 1 2 3 4", "1.2909944487487156"},
		{"stdev", "int: null null", "0.0"},
		{"stdev", "long: 10", "0.0"},
		{"stdev", "real: inf -inf 1.5", `"NaN"`},
		{"variance", "real: nan nan", `"NaN"`},
		{"stdevp", "long: 1 2 3 4 5", "1.4142135623730952"},
		{"stdevif", "long: 1 2 3;bool: true false true", "1.4142135623730952"},
		{"variance", "long: 1 2 3 4 5", "2.5"},
		{"variance", "real: 1000000001 1000000002 1000000003", "1.0"},
		{"variance", "long: 1 2 3 4", "1.6666666667"},
		{"variancep", "real: 1e200 -1e200", `"Infinity"`},
		{"variance", "decimal: 1.5 2.5 3.5", "1.0"},
		{"variance", "timespan: 0.00:00:00.0000001 0.00:00:00.0000003", "2.0"},
		{"varianceif", "long: 1 9 2 3;bool: true false true true", "1.0"},
		{"variancep", "long: 1 2 3 4 5", "2.0"},
		{"variancepif", "long: 1 9 3;bool: true null true", "1.0"},
		{"covariance", "real: 1 2 3 4 5;real: 14 10 17 20 50", "20.5"},
		{"covariancep", "real: 1 2 3 4 5;real: 14 10 17 20 50", "16.4"},
		{"covariance", "real: 1 2 null 4;long: 1 null 3 7", "9.0"},
		{"covarianceif", "long: 1 2 3;long: 2 4 6;bool: true false true", "4.0"},
		{"covariancepif", "long: 1 2 3;long: 2 4 6;bool: true false true", "2.0"},
		{"covariance", "long: 1;long: 2", "0.0"},

		{"percentile", "long: 1 2 3 4;=long: 50", "2"},
		{"percentile", "int: 15 20 35 40 50;=real: 30", "20"},
		{"percentile", "int: 15 20 35 40 50;=real: 0", "15"},
		{"percentile", "int: 50 null 40 35 20 15;=decimal: 100", "50"},
		{"percentile", "real: 4 nan 1;=long: 100", `"NaN"`},
		{"percentile", "decimal: 1.5 0.5;=long: 50", "0.5"},
		{"percentile", "timespan: 00:00:02 00:00:01;=long: 50", `"00:00:01"`},
		{"percentile", "long: null;=long: 50", "null"},
		{"percentiles", "datetime: 2020-01-01 2021-01-01 null;=real: 99.9", `"2021-01-01T00:00:00.0000000Z"`},
		{"percentilew", "long: 10 20 30 40;long: 8 6 3 1;=long: 50", "20"},
		{"percentilesw", "long: 10 20 30 40;long: 8 6 3 1;=real: 99.9", "40"},
		{"percentilew", "long: 10 20 30;int: null -5 1;=long: 1", "30"},
		{"percentiles_array", "long: 3 1 2;=long: 50;=real: 100", "[2,3]"},
		{"percentiles_array", "real: 3 1 2;=dynamic: [0,50.5]", "[1.0,2.0]"},
		{"percentilesw_array", "long: 10 20 30 40;long: 8 6 3 1;=dynamic: [50,75,99.9]", "[20,20,40]"},
		{"percentilesw_array", "long: 10 20 30 40;long: 8 6 3 1;=long: 50;=long: 75;=real: 99.9", "[20,20,40]"},
	} {
		checkAggregate(t, c.name, c.args, c.want)
	}
}

// A group without rows: the list is null.
func TestAggregatesOfNothing(t *testing.T) {
	for _, c := range []struct{ name, args, want string }{
		{"count", "long: 1", "0"},
		{"countif", "bool: true", "0"},
		{"dcount", "string: a", "0"},
		{"dcountif", "long: 1;bool: true", "0"},
		{"sum", "int: 1", "0"},
		{"sum", "real: 1", "0.0"},
		{"sum", "decimal: 1", `"0"`},
		{"sumif", "int: 1;bool: true", "0"},
		{"avg", "long: 1", `"NaN"`},
		{"avg", "datetime: 2020-01-01", "null"},
		{"min", "long: 1", "null"},
		{"max", "string: a", `""`},
		{"arg_max", "long: 1;long: 2", "null"},
		{"arg_max", "long: 1;string: a", `""`},
		{"take_any", "long: 1", "null"},
		{"binary_all_and", "long: 1", "null"},
		{"make_list", "long: 1", "[]"},
		{"make_list_if", "long: 1;bool: true;=long: 5", "[]"},
		{"make_set", "string: a", "[]"},
		{"make_bag", `dynamic: {"a":1}`, "{}"},
		{"buildschema", `dynamic: {"a":1}`, "null"},
		{"stdev", "real: 1", "0.0"},
		{"variance", "real: 1", "0.0"},
		{"covariance", "long: 1;long: 1", "0.0"},
		{"percentile", "long: 1;=long: 50", "null"},
		{"percentiles_array", "long: 1;=long: 50", "null"},
	} {
		for _, repeat := range []bool{false, true} {
			_, got, err := aggregate(t, c.name, repeat, strings.Split(c.args, ";")...)
			if err != nil || got != c.want {
				t.Errorf("%s of nothing = %s, %v; want %s", c.name, got, err, c.want)
			}
		}
	}
}

func TestAggregatesRefuse(t *testing.T) {
	for _, c := range []struct{ name, args, want string }{
		{"make_list", "long: 1;=long: 0", "greater than 0"},
		{"make_bag", `dynamic: {"a":1};=long: -1`, "greater than 0"},
		{"percentile", "long: 1;=long: 101", "101.0 is not between 0 and 100"},
		{"percentile", "long: 1;=real: nan", "is not between 0 and 100"},
		{"percentiles_array", `long: 1;=dynamic: ["a"]`, "is no number"},
		{"percentilew", "long: 1 2;long: 9223372036854775807 1;=long: 5", "weights"},
		{"sum", "decimal: 9999999999999999999999999999999999" + strings.Repeat("0", 300) + " 1", ""},
	} {
		_, _, err := aggregate(t, c.name, false, strings.Split(c.args, ";")...)
		if c.want == "" && err == nil {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s(%.60s): error %v, want one with %q", c.name, c.args, err, c.want)
		}
	}
}

// A list longer than a dynamic value can be is refused, not cut.
func TestListTooLong(t *testing.T) {
	item := strings.Repeat("x", 1<<20)
	_, _, err := aggregate(t, "make_list", false, "string: "+strings.Repeat(item+" ", 17))
	if err == nil || !strings.Contains(err.Error(), "16 MB") {
		t.Errorf("error %v, want one about 16 MB", err)
	}
	got, _, err := aggregate(t, "make_set", false, "string: "+strings.Repeat(item+" ", 17))
	if err != nil || len(got) != len(item)+4 {
		t.Errorf("a set of one text has %d bytes, %v", len(got), err)
	}
}

// Plain vectors instead of lists are refused and do not panic.
func TestAggregateNeedsLists(t *testing.T) {
	c := Call{N: 1, Out: types.NewVector(types.Long, 1), Args: []*types.Vector{types.NewVector(types.Long, 1), types.NewVector(types.Bool, 1)}}
	findRow(t, Aggregate, "sumif").Sigs[0].Eval(&c)
	if c.Err == nil {
		t.Error("no error")
	}
	c = Call{N: 1, Out: types.NewVector(types.Long, 1)}
	if findRow(t, Aggregate, "count").Sigs[0].Eval(&c); c.Err == nil {
		t.Error("count without a list: no error")
	}
}
