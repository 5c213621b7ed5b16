package duckdb

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/types"
)

func using(q lower.Query, natives ...fn.Native) lower.Query {
	q.Natives = natives
	return q
}

// TestNativeTypes sends every type through a function and back, with nulls,
// in more rows than one chunk.
func TestNativeTypes(t *testing.T) {
	s := memory(t)
	source := map[types.Type]string{
		types.Bool: "i % 2 = 0", types.Int: "(i - 2500)::INTEGER", types.Long: "i * 1000000007", types.Real: "i / 4",
		types.Decimal: "i::VARCHAR || '.5'", types.Datetime: "i * 864000000000", types.Timespan: "-i",
		types.Guid: "'00000000-0000-0000-0000-' || lpad(i::VARCHAR, 12, '0')", types.String: "repeat('é', i % 20)",
		types.Dynamic: "'{\"a\":' || i || '}'",
	}
	for _, typ := range types.Scalars() {
		t.Run(typ.String(), func(t *testing.T) {
			expr := source[typ]
			same := nativeFn("same_"+typ.String(), typ, func(c *fn.Call) {
				for i := range c.N {
					c.Out.Set(i, c.Args[0].Value(i))
				}
			}, typ)
			q := fmt.Sprintf("SELECT v, %s(v) FROM (SELECT CASE WHEN i %% 3 = 0 THEN NULL ELSE %s END AS v FROM range(5000) r(i)) ORDER BY ALL",
				same.Name, expr)
			rows := mustAll(t, s, using(sql(q, typ, typ), same))
			if len(rows) != 5000 {
				t.Fatalf("%d rows", len(rows))
			}
			nulls := 0
			for _, r := range rows {
				if r[0] != r[1] {
					t.Fatalf("%v became %v", r[0], r[1])
				}
				if r[0].Null || r[0] == types.StringValue("") {
					nulls++
				}
			}
			if nulls < 1667 {
				t.Errorf("%d nulls, want at least 1667", nulls)
			}
		})
	}
}

func TestNativeStrictAdapters(t *testing.T) {
	s := memory(t)
	add := nativeFn("add3", types.Long, fn.Map3(func(a, b, c int64) (int64, bool) { return a + b + c, c != 7 }),
		types.Long, types.Int, types.Timespan)
	got := mustAll(t, s, using(sql("SELECT add3(a, b, c) FROM (VALUES (1::BIGINT, 2::INTEGER, 3::BIGINT), (NULL, 2, 3), (1, NULL, 3), (1, 2, 7)) v(a, b, c)",
		types.Long), add))
	want := [][]types.Value{{types.LongValue(6)}, {types.Null(types.Long)}, {types.Null(types.Long)}, {types.Null(types.Long)}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestNativeConstants: the engine hands a constant over as one row or as many,
// and folds at planning time; a null constant has its declared type.
func TestNativeConstants(t *testing.T) {
	s := memory(t)
	join := nativeFn("join2", types.String, fn.Map2(func(a, b string) (string, bool) { return a + "/" + b, true }), types.String, types.String)
	for text, want := range map[string]string{
		"SELECT join2('a constant of some length', 'b')":                                         "a constant of some length/b",
		"SELECT join2(CAST(NULL AS VARCHAR), 'b')":                                               "/b",
		"SELECT join2(x, NULL) FROM (SELECT 'x' AS x)":                                           "x/",
		"SELECT string_agg(DISTINCT join2('k', v), ',') FROM (SELECT 'v' AS v FROM range(5000))": "k/v",
		"SELECT string_agg(DISTINCT join2('k', 'c'), ',') FROM range(5000)":                      "k/c",
	} {
		if got := one(t, s, using(sql(text, types.String), join)); got.S != want {
			t.Errorf("%s: %q, want %q", text, got.S, want)
		}
	}
}

func TestNativeNoArguments(t *testing.T) {
	s := memory(t)
	var n atomic.Int64
	next := nativeFn("next_number", types.Long, func(c *fn.Call) {
		for i := range c.N {
			c.Out.Ints[i] = n.Add(1)
		}
	})
	next.Spec.Vol = fn.PerRow
	got := one(t, s, using(sql("SELECT count(DISTINCT next_number()) FROM range(5000)", types.Long), next))
	if got.I != 5000 {
		t.Errorf("%d different values in 5000 rows", got.I)
	}
	fixed := nativeFn("fixed_number", types.Long, func(c *fn.Call) {
		for i := range c.N {
			c.Out.Ints[i] = 42
		}
	})
	if got := one(t, s, using(sql("SELECT sum(fixed_number())::BIGINT FROM range(5000)", types.Long), fixed)); got.I != 5000*42 {
		t.Errorf("sum %d", got.I)
	}
}

// TestNativeDictionary: a column that is stored as a dictionary reaches the
// function as plain values; the engine may call it once per dictionary entry.
func TestNativeDictionary(t *testing.T) {
	s := openTest(t, Config{Dir: t.TempDir()})
	c, err := s.acquire()
	if err != nil {
		t.Fatal(err)
	}
	err = c.exec("CREATE TABLE d AS SELECT 'a rather long value number ' || (i % 10) AS v, i FROM range(300000) r(i); CHECKPOINT")
	s.release(c, true)
	if err != nil {
		t.Fatal(err)
	}
	var calls atomic.Int64
	up := nativeFn("shout", types.String, func(c *fn.Call) {
		calls.Add(int64(c.N))
		fn.Map1(func(a string) (string, bool) { return strings.ToUpper(a), true })(c)
	}, types.String)
	got := mustAll(t, s, using(sql("SELECT shout(v), count(*), count(DISTINCT upper(v)) FROM d GROUP BY 1 ORDER BY 1", types.String, types.Long, types.Long), up))
	if len(got) != 10 || got[3][0].S != "A RATHER LONG VALUE NUMBER 3" || got[3][1].I != 30000 {
		t.Errorf("got %v", got)
	}
	t.Logf("%d values evaluated for 300000 rows", calls.Load())
	got = mustAll(t, s, using(sql("SELECT shout(v) FROM d WHERE i % 7 = 3 ORDER BY i LIMIT 3", types.String), up))
	if len(got) != 3 || got[0][0].S != "A RATHER LONG VALUE NUMBER 3" || got[1][0].S != "A RATHER LONG VALUE NUMBER 0" {
		t.Errorf("after a filter: %v", got)
	}
}

// sumList is a stand-in for an aggregate: one list per row.
func sumList(c *fn.Call) {
	l := c.Args[0]
	for i := range c.N {
		if l.IsNull(i) {
			c.Out.SetNull(i)
			continue
		}
		e := l.Lists[i]
		for k := e.Off; k < e.Off+e.Len; k++ {
			if !l.Child.IsNull(k) {
				c.Out.Ints[i] += l.Child.Ints[k]
			}
		}
	}
}

func TestNativeListArguments(t *testing.T) {
	s := memory(t)
	sum := nativeFn("sum_list", types.Long, sumList, types.Long.List())
	cat := nativeFn("cat_list", types.String, func(c *fn.Call) {
		l := c.Args[0]
		for i, e := range l.Lists {
			c.Out.Strings[i] = strings.Join(l.Child.Strings[e.Off:e.Off+e.Len], "|")
		}
	}, types.String.List())
	cases := []struct{ name, sql, want string }{
		{"literal", "SELECT sum_list([1, 2, NULL, 4]::BIGINT[])", "7"},
		{"null", "SELECT coalesce(sum_list(NULL::BIGINT[]), -1)", "-1"},
		{"empty", "SELECT sum_list([]::BIGINT[])", "0"},
		{"constant list, many rows", "SELECT sum(sum_list([1, 2]::BIGINT[]))::BIGINT FROM range(5000)", "15000"},
		{"aggregate", "SELECT sum(x)::BIGINT FROM (SELECT sum_list(list(i)) AS x FROM range(100000) r(i) GROUP BY i % 3001)", "4999950000"},
		{"filtered rows", "SELECT sum(sum_list(l))::BIGINT FROM (SELECT list(i) AS l, k FROM (SELECT i, i % 3001 AS k FROM range(100000) r(i)) GROUP BY k) WHERE k % 7 = 0",
			"714802422"},
		{"sliced list", "SELECT sum(sum_list(list_slice([i, 10, 20, 30], 2, 3)))::BIGINT FROM range(3000) r(i)", "90000"},
		{"reversed list", "SELECT sum(sum_list(list_reverse([i, 10])))::BIGINT FROM range(3000) r(i)", "4528500"},
		{"sorted list", "SELECT sum(sum_list(list_sort([10, i])))::BIGINT FROM range(3000) r(i)", "4528500"},
		{"distinct list", "SELECT sum(sum_list(list_distinct([10, 10, i, i])))::BIGINT FROM range(3000) r(i) WHERE i <> 10", "4528480"},
		{"filter lambda", "SELECT sum(sum_list(list_filter([i, 10, 20], lambda x: x >= 10)))::BIGINT FROM range(3000) r(i)", "4588455"},
		{"where lambda odd", "SELECT sum(sum_list(list_filter([1, 2, 3, i], lambda x: x % 2 = 1)))::BIGINT FROM range(3000) r(i)", "2262000"},
		{"transform", "SELECT sum(sum_list(list_transform([i, 10], lambda x: x + 1)))::BIGINT FROM range(3000) r(i)", "4534500"},
		{"select", "SELECT sum(sum_list(list_select([i, 10, 20], [3, 1])))::BIGINT FROM range(3000) r(i)", "4558500"},
		{"where", "SELECT sum(sum_list(list_where([i, 10, 20], [true, false, true])))::BIGINT FROM range(3000) r(i)", "4558500"},
		{"concat", "SELECT sum(sum_list(list_concat([i], [10, 20])))::BIGINT FROM range(3000) r(i)", "4588500"},
		{"dictionary of lists", "SELECT sum(sum_list(b.l))::BIGINT FROM range(3000) r(i) JOIN (SELECT k, [k, 1] AS l FROM range(10) q(k)) b ON b.k = i % 10", "16500"},
		{"case", "SELECT sum(sum_list(CASE WHEN i % 2 = 0 THEN [i] ELSE [1, 1] END))::BIGINT FROM range(3000) r(i)", "2251500"},
		{"strings", "SELECT cat_list(list(v ORDER BY v)) FROM (VALUES ('a value longer than twelve'), ('b'), ('')) t(v)", "|a value longer than twelve|b"},
		{"filtered strings", "SELECT cat_list(list_filter(['aa', 'bb', 'a value longer than twelve'], lambda x: x LIKE 'a%'))", "aa|a value longer than twelve"},
		{"string lists in a join", "SELECT string_agg(DISTINCT cat_list(b.l), ';' ORDER BY cat_list(b.l)) FROM range(3000) r(i) JOIN (SELECT k, ['k' || k, 'long long long text'] AS l FROM range(2) q(k)) b ON b.k = i % 2",
			"k0|long long long text;k1|long long long text"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			// Compared as text, so that one list of cases serves all types.
			q := "SELECT CAST(x AS VARCHAR) FROM (" + c.sql + ") t(x)"
			if got := one(t, s, using(sql(q, types.String), sum, cat)); got.S != c.want {
				t.Errorf("%s: %q, want %q", q, got.S, c.want)
			}
		})
	}
}

func TestNativeListResults(t *testing.T) {
	s := memory(t)
	// split makes n items of row value n; null for 3, and every third item null.
	split := func(item func(v *types.Vector, k int)) fn.Eval {
		return func(c *fn.Call) {
			for i, n := range c.Args[0].Ints {
				if n == 3 {
					c.Out.SetNull(i)
					continue
				}
				off := c.Out.Child.Len
				c.Out.Lists[i] = types.ListEntry{Off: off, Len: int(n)}
				c.Out.Child.Grow(off + int(n))
				for k := range int(n) {
					if k%3 == 2 {
						c.Out.Child.SetNull(off + k)
					} else {
						item(c.Out.Child, off+k)
					}
				}
			}
		}
	}
	longs := nativeFn("split_long", types.Long.List(), split(func(v *types.Vector, k int) { v.Ints[k] = 1 }), types.Long)
	ints := nativeFn("split_int", types.Int.List(), split(func(v *types.Vector, k int) { v.Ints[k] = 1 }), types.Long)
	strs := nativeFn("split_str", types.String.List(), split(func(v *types.Vector, k int) { v.Strings[k] = strings.Repeat("x", k%30) }), types.Long)
	dyns := nativeFn("split_dyn", types.Dynamic.List(), split(func(v *types.Vector, k int) { v.Strings[k] = "[1,2,3,4,5,6,7]" }), types.Long)
	for text, want := range map[string]string{
		// 0..9 without 3: 42 items; null items: n/3 of each
		"SELECT count(*)::VARCHAR FROM (SELECT unnest(split_long(i)) AS u FROM range(10) r(i))":                                  "42",
		"SELECT sum(u)::VARCHAR FROM (SELECT unnest(split_long(i)) AS u FROM range(10) r(i))":                                    "31",
		"SELECT sum(u)::VARCHAR FROM (SELECT unnest(split_int(i)) AS u FROM range(10) r(i))":                                     "31",
		"SELECT sum(u)::VARCHAR FROM (SELECT unnest(split_long(i % 10)) AS u FROM range(100000) r(i))":                           "310000",
		"SELECT count(*)::VARCHAR FROM range(10) r(i) WHERE split_long(i) IS NULL":                                               "1",
		"SELECT string_agg(len(split_str(i))::VARCHAR, ',' ORDER BY i) FROM range(6) r(i)":                                       "0,1,2,4,5",
		"SELECT count(u)::VARCHAR || '/' || count(*)::VARCHAR FROM (SELECT unnest(split_dyn(i % 5)) AS u FROM range(5000) r(i))": "6000/7000",
		"SELECT sum(length(u))::VARCHAR FROM (SELECT unnest(split_str(i)) AS u FROM (VALUES (40)) r(i))":                         "310",
	} {
		if got := one(t, s, using(sql(text, types.String), longs, ints, strs, dyns)); got.S != want {
			t.Errorf("%s: %q, want %q", text, got.S, want)
		}
	}
}

// TestNativeFaults: nothing that a function does may end the process.
func TestNativeFaults(t *testing.T) {
	var log logs
	s := openTest(t, Config{Log: log.logger()})
	bad := func(name string, result types.Type, eval fn.Eval) fn.Native {
		return nativeFn(name, result, eval, types.Long)
	}
	cases := []struct {
		name    string
		f       fn.Native
		kind    engine.Kind
		message string
	}{
		{"says so", bad("f_err", types.Long, func(c *fn.Call) {
			c.Err = errors.New("invalid regular expression: 100 %d \"missing )\"\nsecond line é")
		}),
			engine.Invalid, "invalid regular expression: 100 %d \"missing )\"\nsecond line é"},
		{"long message", bad("f_long", types.Long, func(c *fn.Call) { c.Err = errors.New(strings.Repeat("é", 5000)) }), engine.Invalid, strings.Repeat("é", 500) + "…"},
		{"panics", bad("f_panic", types.Long, func(c *fn.Call) { panic("boom") }), engine.Internal, ""},
		{"index", bad("f_index", types.Long, func(c *fn.Call) { _ = c.Args[7] }), engine.Internal, ""},
		{"nil map", bad("f_map", types.Long, func(c *fn.Call) { var m map[int]int; m[1] = 1 }), engine.Internal, ""},
		{"short result", bad("f_short", types.Long, func(c *fn.Call) { c.Out.Ints = c.Out.Ints[:0] }), engine.Internal, ""},
		{"no result", bad("f_none", types.Long, func(c *fn.Call) { c.Out = nil }), engine.Internal, ""},
		{"other type", bad("f_type", types.Long, func(c *fn.Call) { c.Out = types.NewVector(types.Real, c.N) }), engine.Internal, ""},
		{"too large for int", bad("f_wide", types.Int, func(c *fn.Call) { c.Out.Ints[0] = 1 << 40 }), engine.Internal, ""},
		{"bad list", bad("f_list", types.Long.List(), func(c *fn.Call) { c.Out.Lists[0] = types.ListEntry{Off: 5, Len: 5} }), engine.Internal, ""},
		{"huge list", bad("f_huge", types.Long.List(), func(c *fn.Call) { c.Out.Lists[0] = types.ListEntry{Off: 1 << 62, Len: 1 << 62} }), engine.Internal, ""},
		{"large list", bad("f_large", types.Long.List(), func(c *fn.Call) { c.Out.Lists[0] = types.ListEntry{Off: 0, Len: 1 << 39} }), engine.Internal, ""},
		{"list without items", bad("f_orphan", types.Long.List(), func(c *fn.Call) { c.Out.Child, c.Out.Lists[0].Len = nil, 1 }), engine.Internal, ""},
		{"list of others", bad("f_other", types.Long.List(), func(c *fn.Call) { c.Out.Child, c.Out.Lists[0].Len = types.NewVector(types.String, 1), 1 }), engine.Internal, ""},
		{"short mask", bad("f_mask", types.Long, func(c *fn.Call) { c.Out.Valid = []uint64{} }), engine.Internal, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			q := fmt.Sprintf("SELECT count(%s(i)) FROM range(10000) r(i)", c.f.Name)
			_, err := all(s, using(sql(q, types.Long), c.f))
			wantKind(t, err, c.kind)
			var e *engine.Error
			errors.As(err, &e)
			if c.kind == engine.Invalid && e.Message != c.message {
				t.Errorf("message %q, want %q", e.Message, c.message)
			}
			if c.kind == engine.Internal && strings.Contains(e.Message, c.f.Name) {
				t.Errorf("an internal message shows details: %q", e.Message)
			}
			if got := one(t, s, sql("SELECT 1::BIGINT", types.Long)); got.I != 1 {
				t.Error("the store does not work afterwards")
			}
		})
	}
	if !strings.Contains(log.String(), "boom") {
		t.Error("the panic was not logged")
	}
}

// TestNativeReplacesOut: a function may point its result at its arguments.
func TestNativeReplacesOut(t *testing.T) {
	s := memory(t)
	alias := nativeFn("alias_out", types.Long, func(c *fn.Call) {
		c.Out.Ints, c.Out.Valid = c.Args[0].Ints, c.Args[0].Valid
		c.Args[0] = nil
	}, types.Long)
	got := one(t, s, using(sql("SELECT sum(alias_out(i) - i)::BIGINT FROM range(100000) r(i)", types.Long), alias))
	if got.I != 0 {
		t.Errorf("difference %d", got.I)
	}
	whole := nativeFn("whole_out", types.String, func(c *fn.Call) {
		c.Out = types.NewVector(types.String, c.N)
		copy(c.Out.Strings, c.Args[0].Strings)
	}, types.String)
	n := one(t, s, using(sql("SELECT count(*) FROM range(10000) r(i) WHERE whole_out('text of some length ' || i) = 'text of some length ' || i", types.Long), whole))
	if n.I != 10000 {
		t.Errorf("%d of 10000 equal", n.I)
	}
}

func TestNativeInvalidUTF8(t *testing.T) {
	s := memory(t)
	broken := nativeFn("broken_text", types.String, func(c *fn.Call) {
		for i := range c.N {
			c.Out.Strings[i] = "ok\xff and some more text"
		}
	}, types.String)
	got := one(t, s, using(sql("SELECT upper(broken_text('x'))", types.String), broken))
	if got.S != "OK\uFFFD AND SOME MORE TEXT" {
		t.Errorf("%q", got.S)
	}
}

func TestNativeNames(t *testing.T) {
	s := memory(t)
	one1 := func(c *fn.Call) { c.Out.Ints[0] = 1 }
	a, b := nativeFn("kql_Name", types.Long, one1), nativeFn("kql_name", types.Long, one1)
	mustAll(t, s, using(sql("SELECT kql_Name()", types.Long), a, a))
	_, err := all(s, using(sql("SELECT kql_name()", types.Long), b))
	wantKind(t, err, engine.Internal)
}

// TestNativeConcurrent registers and runs the same functions from many
// goroutines at once.
func TestNativeConcurrent(t *testing.T) {
	s := memory(t)
	var natives []fn.Native
	for k := range 8 {
		natives = append(natives, nativeFn(fmt.Sprintf("plus_%d", k), types.Long,
			fn.Map1(func(a int64) (int64, bool) { return a + int64(k), true }), types.Long))
	}
	var wg sync.WaitGroup
	errs := make([]error, 16)
	for g := range errs {
		wg.Go(func() {
			for k := range natives {
				k := (k + g) % len(natives)
				q := using(sql(fmt.Sprintf("SELECT sum(plus_%d(i))::BIGINT FROM range(20000) r(i)", k), types.Long), slices.Clone(natives[:k+1])...)
				rows, err := all(s, q)
				if err == nil && rows[0][0].I != 199990000+20000*int64(k) {
					err = fmt.Errorf("plus_%d: %d", k, rows[0][0].I)
				}
				errs[g] = errors.Join(errs[g], err)
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err, cause(err))
	}
}
