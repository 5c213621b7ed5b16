package bind_test

import (
	"math"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

func requestEnv(t *testing.T) bind.Env {
	t.Helper()
	c, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	fns, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return bind.Env{Catalog: c, Fns: fns, Now: types.TicksOf(testkit.Now())}
}

// bindRequest binds a query that comes with more than its text.
func bindRequest(t *testing.T, query string, env bind.Env) (plan.Node, string) {
	t.Helper()
	tree, diags := syntax.Parse(query)
	if err := diags.Err(); err != nil {
		t.Fatal(err)
	}
	base := requestEnv(t)
	base.Parameters, base.Options, base.Given = env.Parameters, env.Options, env.Given
	b, diags := bind.Bind(tree, base)
	if err := diags.Err(); err != nil {
		return nil, err.Error()
	}
	return b.Node, ""
}

// TestParameters: values are read by the declared type, from literals and from
// what clients write instead of them.
func TestParameters(t *testing.T) {
	day := int64(types.TicksPerDay)
	for _, c := range []struct {
		declared, text string
		want           types.Value
		refused        bool
	}{
		{"string", `"quoted \"text\""`, types.StringValue(`quoted "text"`), false},
		{"string", `'single'`, types.StringValue("single"), false},
		{"string", `@"C:\x"`, types.StringValue(`C:\x`), false},
		{"string", `bare`, types.StringValue("bare"), false},
		{"string", `two words | count`, types.StringValue("two words | count"), false},
		{"string", `5`, types.StringValue("5"), false},
		{"string", `"a" "b"`, types.StringValue("ab"), false}, // literals side by side are one
		{"string", `"a"; "b"`, types.StringValue(`"a"; "b"`), false},
		{"string", `"a" // b`, types.StringValue(`"a" // b`), false}, // not a literal and nothing else
		{"string", "// a\n'b'", types.StringValue("// a\n'b'"), false},
		{"string", ` 'a' `, types.StringValue("a"), false},
		{"string", ``, types.StringValue(""), false},
		{"long", `9007199254740993`, types.LongValue(9007199254740993), false},
		{"long", `long(-9223372036854775808)`, types.LongValue(math.MinInt64), false},
		{"long", `long(7)`, types.LongValue(7), false},
		{"long", `long(null)`, types.Null(types.Long), false},
		{"long", `1.5h`, types.Value{}, true},
		{"long", `1 + 1`, types.Value{}, true},
		{"long", `"7"`, types.Value{}, true},
		{"long", `toscalar(DeviceInfo | count)`, types.Value{}, true},
		{"int", `long(3)`, types.IntValue(3), false},
		{"real", `long(3)`, types.RealValue(3), false},
		{"int", `int(-3)`, types.IntValue(-3), false},
		{"int", `3`, types.IntValue(3), false},
		{"real", `real(1.5)`, types.RealValue(1.5), false},
		{"real", `2`, types.RealValue(2), false},
		{"real", `real(NaN)`, types.RealValue(math.NaN()), false},
		{"real", `real(+Inf)`, types.RealValue(math.Inf(1)), false},
		{"real", `real(-Inf)`, types.RealValue(math.Inf(-1)), false},
		{"string", `'a';`, types.StringValue("'a';"), false},
		{"real", `real(1.0E-10)`, types.RealValue(1e-10), false}, // as the Java SDK writes it
		{"timespan", `time(1.00:00:00)`, types.TimespanValue(day), false},
		{"datetime", `datetime(0001-01-02T00:00:00.0000000Z)`, types.DatetimeValue(day), false},
		{"bool", `true`, types.BoolValue(true), false},
		{"bool", `bool(false)`, types.BoolValue(false), false},
		{"datetime", `datetime(0001-01-02)`, types.DatetimeValue(day), false},
		{"datetime", `now()`, types.Value{}, true},
		{"datetime", `"2020-01-01"`, types.Value{}, true},
		{"datetime", `2020-01-01`, types.Value{}, true},
		{"timespan", `1d`, types.TimespanValue(day), false},
		{"timespan", `timespan(1.00:00:00)`, types.TimespanValue(day), false},
		{"guid", `guid(74be27de-1e4e-49d9-b579-fe0b331d3642)`, types.Value{Type: types.Guid, S: "74be27de-1e4e-49d9-b579-fe0b331d3642"}, false},
		{"guid", `guid(null)`, types.Null(types.Guid), false},
		{"decimal", `decimal(null)`, types.Null(types.Decimal), false},
		{"timespan", `timespan(null)`, types.Null(types.Timespan), false},
		{"bool", `bool(null)`, types.Null(types.Bool), false},
		{"datetime", `datetime(null)`, types.Null(types.Datetime), false},
		{"decimal", `decimal(1.50)`, types.Value{Type: types.Decimal, S: "1.5"}, false},
		{"dynamic", `dynamic({"a":[1,null]})`, types.DynamicValue(`{"a":[1,null]}`), false},
		{"dynamic", `dynamic(null)`, types.Null(types.Dynamic), false},
		{"dynamic", `{"a":1}`, types.Value{}, true},
	} {
		n, errs := bindRequest(t, "declare query_parameters(p:"+c.declared+"); print v = p", bind.Env{Parameters: map[string]string{"p": c.text}})
		if c.refused {
			if !strings.Contains(errs, "query parameter 'p'") || !strings.Contains(errs, c.declared) {
				t.Errorf("%s %s: %q", c.declared, c.text, errs)
			}
			continue
		}
		if errs != "" {
			t.Errorf("%s %s: %s", c.declared, c.text, errs)
			continue
		}
		k, ok := n.(*plan.Project).Exprs[0].(*plan.Const)
		if !ok || k.Value.Type != c.want.Type || k.Value.Null != c.want.Null || k.Value.S != c.want.S || k.Value.I != c.want.I ||
			math.Float64bits(k.Value.F) != math.Float64bits(c.want.F) && !(math.IsNaN(k.Value.F) && math.IsNaN(c.want.F)) {
			t.Errorf("%s %s is %+v, want %+v", c.declared, c.text, k, c.want)
		}
	}
}

// TestParameterMissing: the error says which one has no value; a default is
// one, and values that nobody declares are passed over.
func TestParameterMissing(t *testing.T) {
	if _, errs := bindRequest(t, "declare query_parameters(a:long, b:string); print a, b", bind.Env{Parameters: map[string]string{"a": "1", "c": "]]"}}); !strings.Contains(errs, "'b' has no value") {
		t.Errorf("%q", errs)
	}
	if _, errs := bindRequest(t, "declare query_parameters(a:long = 5); print a", bind.Env{}); errs != "" {
		t.Error(errs)
	}
}

// TestOptions: a request's options mean what set statements mean, and those
// of the text count more.
func TestOptions(t *testing.T) {
	scope := map[string]string{"query_datetimescope_column": "Timestamp", "query_datetimescope_from": "2024-05-01T00:00:00Z", "query_datetimescope_to": "datetime(2024-05-02)"}
	said := `set query_datetimescope_column = "Timestamp"; set query_datetimescope_from = datetime(2024-05-01); set query_datetimescope_to = datetime(2024-05-02); `
	for _, c := range []struct {
		query   string
		options map[string]string
		same    string // as this query
		errs    string
	}{
		{"print now()", map[string]string{"query_now": "2020-01-01"}, "set query_now = datetime(2020-01-01); print now()", ""},
		{"set query_now = datetime(2021-01-01); print now()", map[string]string{"query_now": "2020-01-01"}, "set query_now = datetime(2021-01-01); print now()", ""},
		{"DeviceInfo", map[string]string{"query_take_max_records": "7"}, "set query_take_max_records = 7; DeviceInfo", ""},
		{"DeviceInfo | join DeviceEvents on DeviceId", scope, said + "DeviceInfo | join DeviceEvents on DeviceId", ""},
		{"MachineInfo", map[string]string{"query_datetimescope_column": "EventTime", "query_datetimescope_from": "2024-05-01"},
			`set query_datetimescope_column = "EventTime"; set query_datetimescope_from = datetime(2024-05-01); MachineInfo`, ""},
		{"DeviceInfo", map[string]string{"query_datetimescope_column": "NoSuchColumn", "query_datetimescope_from": "2024-05-01"}, "DeviceInfo", ""},
		{"print 1", map[string]string{"query_now": "soon"}, "", "'query_now' takes a datetime"},
		{"print 1", map[string]string{"query_take_max_records": "-1"}, "", "takes a number of rows"},
		{"print 1", map[string]string{"servertimeout": "]]", "unheard_of": "("}, "print 1", ""},
	} {
		n, errs := bindRequest(t, c.query, bind.Env{Options: c.options})
		if c.errs != "" || errs != "" {
			if c.errs == "" || !strings.Contains(errs, c.errs) {
				t.Errorf("%s with %v: %q", c.query, c.options, errs)
			}
			continue
		}
		want, errs := bindRequest(t, c.same, bind.Env{})
		if errs != "" || plan.Print(n) != plan.Print(want) {
			t.Errorf("%s with %v:\n%swant\n%s%s", c.query, c.options, plan.Print(n), plan.Print(want), errs)
		}
	}
	if n, _ := bindRequest(t, "DeviceInfo", bind.Env{Options: scope}); strings.Count(plan.Print(n), "filter") != 2 {
		t.Errorf("the scope of time is\n%s", plan.Print(n))
	}
}

// TestGiven: a request's own table is one by its name.
func TestGiven(t *testing.T) {
	g := bind.Given{Columns: []plan.Column{{Name: "A", Type: types.Long}}, Rows: [][]types.Value{{types.LongValue(1)}, {types.LongValue(2)}}}
	n, errs := bindRequest(t, "Mine | where A > 1", bind.Env{Given: map[string]bind.Given{"Mine": g}})
	if errs != "" || len(n.Columns()) != 1 || n.Columns()[0].Name != "A" {
		t.Errorf("%v %s", n, errs)
	}
}
