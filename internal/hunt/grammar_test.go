package hunt

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
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

// few is a small table of tame values: keys that repeat, edges of a graph,
// times of one day, arrays and bags.
var few = &catalog.Table{Name: "Few", Time: -1, Device: -1, Columns: []catalog.Column{
	{Name: "Id", Type: types.Long}, {Name: "k", Type: types.String}, {Name: "j", Type: types.String}, {Name: "n", Type: types.Long}, {Name: "v", Type: types.Real},
	{Name: "at", Type: types.Datetime}, {Name: "on", Type: types.Bool}, {Name: "arr", Type: types.Dynamic}, {Name: "bag", Type: types.Dynamic}, {Name: "kv", Type: types.String},
	{Name: "Ünï code", Type: types.String}, {Name: "ip", Type: types.String},
}}

// newPipeArgs has the table of random values, an empty one with the same
// columns, a small one, and the fixture.
func newPipeArgs(t *testing.T) *args {
	t.Helper()
	all, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	more := []*catalog.Table{few}
	for _, name := range all.Stored() {
		more = append(more, all.Table(name))
	}
	a := newArgs(t, more...)
	batches, err := testkit.Fixture(a.env.Catalog)
	if err != nil {
		t.Fatal(err)
	}
	b := catalog.NewBatch(few)
	for i := range 14 {
		row := b.AddRow()
		node := func() string { return pick(a.r, []string{"a", "b", "c", "d", "e", ""}) }
		var items []string
		for range a.r.IntN(5) {
			items = append(items, pick(a.r, []string{"1", "2", "3.5", "null", `"x"`, `{"p":1}`, "[7,8]"}))
		}
		bag := pick(a.r, []string{`{"x":1,"y":"s"}`, `{"x":2.5}`, `{}`, `{"y":[1],"n":null}`, `{"k":"clash","x":true}`})
		vals := []types.Value{types.LongValue(int64(i)), types.StringValue(node()), types.StringValue(node()), types.LongValue(int64(a.r.IntN(5))), types.RealValue(float64(a.r.IntN(64)) / 8),
			types.DatetimeValue(a.env.Now - int64(a.r.IntN(48))*types.TicksPerHour/2), types.BoolValue(a.r.IntN(2) == 0), types.DynamicValue("[" + strings.Join(items, ",") + "]"), types.DynamicValue(bag),
			types.StringValue(pick(a.r, []string{"a=1;b=x", "b=2;a=", "", "a=zz;c=3", "k:1 b"})), types.StringValue(pick(a.r, []string{"é", "日本", "", "x"})), types.StringValue(pick(a.r, []string{"10.1.2.3", "10.0.0.0/8", "::1", "no"}))}
		for k, v := range vals {
			if k > 0 && a.r.IntN(8) == 0 {
				v = types.Null(v.Type)
			}
			b.Set(row, k, v)
		}
	}
	if _, err := a.store.Write(context.Background(), "more", append(batches, b)); err != nil {
		t.Fatal(causes(err))
	}
	a.scope.From, a.scope.MaxRows = a.env.Now-30*types.TicksPerDay, 20_000
	return a
}

// pipe grows a random query operator by operator. Every operator must bind;
// most do, for names and types come from the columns so far.
type pipe struct {
	*args
	*grown
	src   string
	steps []string
	cols  []plan.Column
	// strict: only operators whose answer is one, whatever the order of rows.
	strict bool
	// unique is a column that tells all rows apart; sorted: rows are in an
	// order that is one.
	unique string
	sorted bool
	closed bool
	depth  int
}

// grown is what the pipelines of one query share.
type grown struct {
	lets        *[]letTable
	used, forms map[string]int
	broken      []string          // probes that failed
	reasons     map[string]string // why forms did not bind
}

// functions are there for every query.
const functions = "let twice_ = (x:long) { x * 2 };\nlet pass_ = (T:(*)) { T | where true };\nlet first_ = (T:(*), n:long) { T | take n };\nlet add_z_ = (T:(*)) { T | extend added = 1 };\nlet ids_ = (n:long) { range Id from 1 to 7 step 1 | where Id <= n };\n"

// letTable is a let statement that names a table.
type letTable struct {
	name, text, unique string
	cols               []plan.Column
}

// prelude writes the let statements.
func (p *pipe) prelude() string {
	var b strings.Builder
	b.WriteString(functions)
	for _, l := range *p.lets {
		fmt.Fprintf(&b, "let %s = %s;\n", l.name, l.text)
	}
	return b.String()
}

func (p *pipe) body() string { return chain(p.src, p.steps) }

func chain(src string, steps []string) string {
	return strings.Join(append([]string{src}, steps...), "\n| ")
}

// columns binds a query and tells its columns; probes run.
func (a *args) columns(query string) (cols []plan.Column, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("probe: panic: %v\n%s", p, debug.Stack())
		}
	}()
	tree, diags := syntax.Parse(query)
	if err := diags.Err(); err != nil {
		return nil, err
	}
	b, diags := bind.Bind(tree, a.env)
	switch {
	case diags.Err() != nil:
		return nil, diags.Err()
	case len(b.Blocked) > 0:
		return nil, b.Blocked
	case b.Probe != nil:
		c, err := Prepare(context.Background(), query, a.env, a.scope, a.store)
		if err != nil && !invalid(err) {
			return nil, fmt.Errorf("probe: %w", err)
		}
		return c.Query.Columns, err
	}
	return b.Node.Columns(), nil
}

// quoted writes a column's name.
func quoted(name string) string {
	for i, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return "[" + testkit.Quote(name) + "]"
		}
	}
	if slices.Contains([]string{"on", "by", "in", "of", "with", "and", "or", "has", "step", "from", "to", "project", "where", "count"}, name) {
		return "['" + name + "']"
	}
	return name
}

// colOf draws a column, of a type that ok takes; "" when there is none.
func (p *pipe) colOf(ok func(types.Type) bool) string {
	var names []string
	for _, c := range p.cols {
		if ok(c.Type) && c.Name != "" {
			names = append(names, c.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return quoted(pick(p.r, names))
}

// value writes a column of type t, a constant, or the null.
func (p *pipe) value(t types.Type) string {
	c := p.colOf(isType(t))
	switch n := p.r.IntN(10); {
	case c != "" && n < 7:
		return c
	case c != "" && n == 7:
		return fmt.Sprintf("coalesce(%s, %s)", c, testkit.Literal(presentValue(p.r, t)))
	case n == 8 && p.r.IntN(3) == 0:
		return testkit.Literal(types.Null(t))
	}
	return testkit.Literal(presentValue(p.r, t))
}

// shapes are expressions by type; %x is one of the type with that letter, and
// so on; $ and # are columns and constants as in moves.
var shapes = map[types.Type][]string{
	types.Bool: {"%l > %l", "%r <= %r", "%t < %t", "%x == %x", "%l != %l", "%x has %x", "%x contains %x", "%x !in~ ('a', %x)", "%l in (1, 2, %l)", "not(%b)", "%b and %b", "%b or %b", "isnull(%y)",
		"isnotempty(%x)", "isnull(%l)", "%x matches regex 'a.?b'", "%x startswith 'a'", "%l between (0 .. %l)", "%t between (%t .. %s)", "%x in ((@1))", "%x !in ((@1))", "%x has_any ((@1))", "iff(%b, %b, %b)",
		"tobool(%y)", "%s == %s", "%u == %u", "%x endswith %x", "%r == %r", "%l == toscalar(@2)", "%y has 'a'", "set_has_element(%y, %l)", "%l in (%y)"},
	types.Long: {"%l + %l", "%l * 2", "%l %% 3", "%l / %l", "strlen(%x)", "tolong(%x)", "tolong(%y)", "iff(%b, %l, %l)", "case(%b, 1, %b, %l, 3)", "coalesce(%l, 0)", "array_length(%y)", "hash(%x, 10)",
		"datetime_diff('hour', %t, %t)", "bin(%l, 10)", "toscalar(@2)", "indexof(%x, 'a')", "countof(%x, 'a')", "tolong(%r)", "-%l", "min_of(%l, %l)", "binary_and(%l, 255)", "dayofyear(%t)", "tolong(%b)", "twice_(%l)"},
	types.Real: {"%r + %r", "%r / 3", "toreal(%x)", "%l * 0.5", "round(%r, 1)", "todouble(%y)", "iff(%b, %r, 0.5)", "%s / 1h", "sqrt(%r)", "bin(%r, 0.5)", "exp10(%r)"},
	types.String: {"tostring(%y)", "strcat(%x, '-', %l)", "tolower(%x)", "substring(%x, 1, 3)", "extract('(a.*)', 1, %x)", "replace_string(%x, 'a', 'b')", "iff(%b, %x, 'no')", "tostring(%l)", "tostring(%r)", "tostring(%t)", "tostring(%s)",
		"tostring(%y.x)", "split(%x, ' ')[0]", "trim(' ', %x)", "coalesce(%x, 'none')", "strcat_array(%y, ',')", "tostring(%b)", "toupper(%x)", "format_datetime(%t, 'yyyy-MM-dd')", "tostring(toscalar(@3))", "case(%b, %x, 'z')", "reverse(%x)", "base64_encode_tostring(%x)"},
	types.Dynamic: {"pack('a', %l, 'b', %x)", "pack_array(%l, %x, %y)", "%y.x", "%y[0]", "parse_json(%x)", "split(%x, 'a')", "todynamic(%x)", "bag_merge(%y, %y)", "array_concat(%y, %y)", "set_union(%y, %y)", "array_sort_asc(%y)",
		"bag_keys(%y)", "array_slice(%y, 0, 1)", "iff(%b, %y, dynamic([1]))", "zip(%y, %y)", "series_add(%y, %y)", "series_fill_const(%y, 0)", "array_reverse(%y)", "dynamic(null)", "range(0, %l %% 6)", "pack_all()",
		"series_stats_dynamic(%y)", "series_fir(%y, dynamic([1,1]))", "bag_remove_keys(%y, dynamic(['x']))", "treepath(%y)", "parse_url(%x)"},
	types.Datetime: {"%t + %s", "bin(%t, 1h)", "startofday(%t)", "todatetime(%x)", "iff(%b, %t, %t)", "datetime_add('day', 1, %t)", "%t - 1d", "ago(1d)", "now()", "max_of(%t, %t)", "todatetime(%y)"},
	types.Timespan: {"%t - %t", "totimespan(%x)", "1h * %l", "bin(%s, 1h)", "iff(%b, %s, 1d)", "%s + %s", "-%s", "abs(%s)"},
	types.Int:      {"toint(%l)", "toint(%x)", "iff(%b, %i, int(1))", "hourofday(%t)", "getmonth(%t)", "%i"},
	types.Guid:     {"toguid(%x)", "iff(%b, %u, %u)"},
	types.Decimal:  {"todecimal(%l)", "%m + %m", "todecimal(%x)", "iff(%b, %m, decimal(1.5))"},
}

// expr writes an expression of type t.
func (p *pipe) expr(t types.Type, depth int) string {
	if depth <= 0 || p.r.IntN(3) == 0 {
		return p.value(t)
	}
	if p.r.IntN(6) == 0 {
		return p.fill(pick(p.r, []string{"iff(%b, %1, %1)", "coalesce(%1, %1)", "case(%b, %1, %b, %1, %1)", "max_of(%1, %1)"}), t, depth-1)
	}
	return p.fill(pick(p.r, shapes[t]), t, depth-1)
}

// anyExpr writes an expression of some type: a shape, or a call of any row of
// the function table.
func (p *pipe) anyExpr(depth int) string {
	if p.r.IntN(2) == 0 {
		return p.expr(pick(p.r, types.Scalars()), depth)
	}
	specs := p.env.Fns.Specs()
	for {
		s := pick(p.r, specs)
		plain := s.Kind == fn.Scalar && !strings.HasPrefix(s.Name, "__") || s.Kind == fn.Infix
		if s.Vol != fn.Stable || !plain || len(s.Sigs) == 0 || slices.ContainsFunc(dear, func(d string) bool { return strings.HasPrefix(s.Name, d) }) {
			continue
		}
		p.draw = func(t types.Type) string { return p.expr(t, depth-1) }
		list := p.arguments(s, s.Sigs[p.r.IntN(len(s.Sigs))].Signature())
		p.draw = nil
		if text, ok := written(s, list); ok {
			return text
		}
	}
}

// fill writes a form. %x is an expression of the type with that letter, %1 of
// type t, %e of any; $x a column of the type, $c one that is not dynamic, $a
// any, $n a number, $? the unique one; #z a new name, #N a small number; @1 a
// table of one column of text, @3 one whose first row is certain where the
// pipe is strict, @2 of one long, @T any. "" if it cannot.
func (p *pipe) fill(form string, t types.Type, depth int) string {
	var b strings.Builder
	for i := 0; i < len(form); i++ {
		c := form[i]
		if i+1 == len(form) || !strings.ContainsRune("%$#@", rune(c)) {
			b.WriteByte(c)
			continue
		}
		i++
		text := ""
		switch k := form[i]; {
		case c == '%' && k == '%':
			text = "%"
		case c == '%' && k == '1':
			text = p.expr(t, depth)
		case c == '%' && k == 'e':
			text = p.anyExpr(depth)
		case c == '%':
			text = p.expr(typeOf(k), depth)
			if strings.ContainsAny(text, " ") && !strings.HasSuffix(text, ")") || strings.HasPrefix(text, "-") || strings.HasPrefix(text, "(") {
				text = "(" + text + ")"
			}
		case c == '$':
			text = p.columnFor(k)
		case c == '#' && k == 'z':
			text = "z" + fmt.Sprint(p.r.IntN(9))
		case c == '#' && k == 'N':
			text = fmt.Sprint(p.r.IntN(6))
		case c == '#':
			text = testkit.Literal(presentValue(p.r, typeOf(k)))
		case c == '@':
			text = p.sub(k)
		}
		if text == "" {
			return ""
		}
		b.WriteString(text)
	}
	return b.String()
}

func typeOf(letter byte) types.Type {
	for t, l := range letters {
		if l[0] == letter {
			return t
		}
	}
	return types.String
}

func (p *pipe) columnFor(k byte) string {
	switch k {
	case 'c':
		return p.colOf(plainType)
	case 'a':
		return p.colOf(func(types.Type) bool { return true })
	case 'n':
		return p.colOf(numberType)
	case 'd':
		return p.colOf(isType(types.Dynamic))
	case '?':
		return p.unique
	}
	return p.colOf(isType(typeOf(k)))
}

// sub writes a table for use inside an expression or as another's side.
func (p *pipe) sub(k byte) string {
	switch k {
	case '3': // its first row is wanted
		if p.strict {
			return pick(p.r, []string{"Few | summarize max(k)", "Few | distinct k | sort by k asc", "Few | where false | project j", "DeviceInfo | summarize min(DeviceName)", "print x = 'abc'", "Few | distinct kv | top 1 by kv"})
		}
		return p.sub('1')
	case '1':
		return pick(p.r, []string{"Few | project k", "Args | where Id < 9 | project x0", "Few | where false | project j", "DeviceInfo | project DeviceName", "print x = 'abc'", "Few | distinct kv"})
	case '2':
		return pick(p.r, []string{"Few | summarize max(n)", "Args | count", "Few | where false | project n", "print 3", "Args | where Id == 5 | project l0", "Few | summarize sum(Id)"})
	}
	if k == 'S' {
		return p.inner()
	}
	t := p.table()
	if t == nil || k == 'L' && !slices.ContainsFunc(t.cols, func(c plan.Column) bool { return c.Name == "n" }) {
		return pick(p.r, []string{"Few", "Few | where n > 1", "Few | summarize c = count(), mx = max(v) by n, k", "Few | distinct n, k"})
	}
	return t.body()
}

// inner writes operators for a subquery over the columns there are.
func (p *pipe) inner() string {
	q := *p
	q.depth, q.steps, q.src = p.depth+3, nil, p.body()
	for range 3 {
		q.step()
	}
	if len(q.steps) == 0 {
		return "where true"
	}
	return strings.Join(q.steps, " | ")
}
