package hunt

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// The subqueries of mv-apply and partition run for all rows or keys at once
// (ADR 0014). These tests run the same subquery for each of them alone.

var apart = []catalog.Column{
	{Name: "id", Type: types.Long}, {Name: "k", Type: types.String}, {Name: "g", Type: types.Long}, {Name: "f", Type: types.Real},
	{Name: "a", Type: types.Dynamic}, {Name: "b", Type: types.Dynamic},
}

const apartLet = "let L = datatable(x:long, w:string)[0, 'p', 1, 'q', 1, 'r', 2, 's', long(null), 't'];\n"

// splitter draws rows and subqueries.
type splitter struct {
	t     *testing.T
	r     *rand.Rand
	env   bind.Env
	scope guard.Scope
	store *duckdb.Store
	rows  [][]types.Value
	// unordered: an operator forgot the order of rows, so that none may depend
	// on it any more.
	unordered bool
}

func newSplitter(t *testing.T) *splitter {
	t.Logf("seed %d (repeat with -seed=%d)", *seed, *seed)
	table := &catalog.Table{Name: "Apart", Time: -1, Device: -1, Columns: apart}
	cat, err := catalog.New(table)
	if err != nil {
		t.Fatal(err)
	}
	s := &splitter{t: t, r: rand.New(rand.NewPCG(*seed, 7)), env: testEnv(t), scope: guard.Scope{From: 0, To: types.MaxDatetime}}
	s.env.Catalog = cat
	batch := catalog.NewBatch(table)
	for range 9 {
		row := s.row()
		s.rows = append(s.rows, row)
		at := batch.AddRow()
		for k, v := range row {
			batch.Set(at, k, v)
		}
	}
	if s.store, err = duckdb.Open(duckdb.Config{Catalog: cat, Threads: 2}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := s.store.Write(context.Background(), "apart", []*catalog.Batch{batch}); err != nil {
		t.Fatal(causes(err))
	}
	return s
}

// row draws a row; rows may be equal.
func (s *splitter) row() []types.Value {
	array := func(item func() string) types.Value {
		switch s.r.IntN(7) {
		case 0:
			return types.Null(types.Dynamic)
		case 1:
			return types.DynamicValue("[]")
		}
		var items []string
		for range s.r.IntN(5) {
			items = append(items, item())
		}
		return types.DynamicValue("[" + strings.Join(items, ",") + "]")
	}
	g := types.LongValue(int64(s.r.IntN(3)))
	f := types.RealValue(float64(s.r.IntN(2)) / 2)
	if s.r.IntN(4) == 0 {
		g, f = types.Null(types.Long), types.Null(types.Real)
	}
	return []types.Value{types.LongValue(int64(s.r.IntN(6))), types.StringValue(pick(s.r, []string{"", "u", "v"})), g, f,
		array(func() string { return pick(s.r, []string{"0", "1", "2", "3", "null"}) }),
		array(func() string { return pick(s.r, []string{`"m"`, `"n"`, `""`}) })}
}

// table writes rows as a datatable.
func table(rows ...[]types.Value) string {
	var decl, cells []string
	for _, c := range apart {
		decl = append(decl, c.Name+":"+c.Type.String())
	}
	for _, row := range rows {
		for _, v := range row {
			cells = append(cells, testkit.Literal(v))
		}
	}
	return "datatable(" + strings.Join(decl, ", ") + ")[" + strings.Join(cells, ", ") + "]"
}

// step draws an operator of a subquery over columns x, y and those of the row.
func (s *splitter) step() string {
	kind := pick(s.r, []string{"inner", "leftouter", "rightouter", "fullouter", "leftsemi", "leftanti", "rightsemi", "rightanti"})
	n := s.r.IntN(3)
	free := []string{
		fmt.Sprintf("where x > %d", n), "where isnotnull(x)", "where false", "extend z = x + g", "extend u = strcat(k, '-', y)",
		"project x, y", "project x, g", "project-away k", "project id, x, y", "extend id = id + 1", "project y, x = x * 2, g, k",
		"summarize c = count(), s = sum(x), m = max(y)", "summarize c = count(), av = avg(x) by y", "summarize x = min(x) by g, y", "count",
		"summarize dcount(x), countif(x > 1)", "distinct x", "distinct x, y, g", "summarize by y",
		"extend q = range(0, x) | mv-expand q to typeof(long)",
		"extend t = toscalar(L | summarize max(w))", "where x in ((L | where w != 's' | project x))",
		"as Z | extend t = toscalar(Z | summarize sum(x))", "as Z | extend t = toscalar(Z | where x > 1 | summarize max(x))",
		"as Z | where x in ((Z | where x > 0 | project x))", "as Z | extend e = x in ((Z | where x < 2 | project x))",
		"as Z | where x !in ((Z | where y == 'm' | project x))",
		"partition by y (summarize x = sum(x), n = count() by y)", "partition by g (where x > 0 | summarize c = count(), mx = max(x))",
		"mv-apply w = pack_array(x, 1, x) to typeof(long) on (summarize x = sum(w), c = count())",
		"mv-apply w = pack_array(x, y) on (where isnotempty(tostring(w)))",
		"mv-apply w = pack_array(x, 2) to typeof(long) on (where w > 1 | summarize c = count() | where c > 0)",
	}
	spoils := []string{
		"lookup (L | distinct x) on x", "lookup kind=inner L on x",
		fmt.Sprintf("join kind=%s L on x", kind), fmt.Sprintf("join kind=%s (L | summarize w = max(w) by x) on x", kind),
		fmt.Sprintf("as Z | join kind=%s (Z | where x != 1 | project x, w = y) on x", kind), fmt.Sprintf("join kind=%s L on $left.g == $right.x", kind),
		"union L", "union (L | where x > 0 | project x, y = w)", "as Z | union Z", "as Z | union (Z | summarize x = sum(x))", "union (L | count)",
		fmt.Sprintf("as Z | join kind=%s (Z | summarize n = count() by y) on y", kind),
	}
	listing := []string{
		fmt.Sprintf("top %d by x asc", n), fmt.Sprintf("top %d by y", n+1), fmt.Sprintf("take %d", n), "sort by x asc", "sort by y asc, x desc",
		"summarize l = make_list(x), m = make_list(y)", "summarize l = make_list(x) by y", "summarize arg_max(x, *)", "summarize arg_min(x, y) by g",
		"summarize make_set(y) by g", "serialize rn = row_number(), p = prev(x), nx = next(y)", "sort by x desc | extend cs = row_cumsum(x), rk = row_rank_dense(y)",
		"serialize r = row_number(1, x == 1)", "sort by x asc | as Z | extend t = toscalar(Z | count) | serialize pv = prev(x)",
		"as Z | extend t = toscalar(Z | project x)", "mv-apply w = pack_array(x, 5, 3) to typeof(long) on (top 1 by w | project w)",
		"partition by y (sort by x asc | take 1)", "mv-apply w = pack_array(x, 4) to typeof(long) on (summarize x = make_list(w))",
		"sort by x asc | serialize s = row_window_session(datetime(2024-01-01) + x * 1h, 1d, 1h)", "sort by x asc nulls first | scan with (step s: true => x = x + coalesce(s.x, 0);)",
	}
	if s.unordered {
		return pick(s.r, slices.Concat(free, spoils))
	}
	step := pick(s.r, slices.Concat(free, free, spoils, listing, listing))
	// Groups come in no order that one may rely on.
	s.unordered = slices.Contains(spoils, step) || strings.HasPrefix(step, "distinct") || strings.HasPrefix(step, "partition") ||
		strings.Contains(step, "summarize") && strings.Contains(step, " by ")
	return step
}

// subquery draws a pipeline that binds behind head.
func (s *splitter) subquery(head string) string {
	s.unordered = false
	text := ""
	for range 1 + s.r.IntN(4) {
		before := s.unordered
		step := s.step()
		if text != "" {
			step = text + " | " + step
		}
		if _, err := s.bound(apartLet + head + " | " + step); err != nil {
			s.unordered = before
			continue
		}
		text = step
	}
	return text
}

func (s *splitter) bound(query string) ([]plan.Column, error) {
	c, err := Prepare(context.Background(), query, s.env, s.scope, s.store)
	return c.Query.Columns, err
}

// lines are rows as sorted text, under the columns' names.
func lines(cols []string, rows []map[string]types.Value) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		for _, c := range cols {
			out[i] += c + "=" + testkit.Literal(r[c]) + " "
		}
	}
	slices.Sort(out)
	return out
}

// run asks for rows by name.
func (s *splitter) run(query string) ([]string, []map[string]types.Value, string, bool) {
	a, err := ask(s.store, apartLet+query, s.env, s.scope)
	if err != nil {
		if !invalid(err) {
			s.t.Errorf("%s\n%s\n%s", query, causes(err), a.compiled.Query.Text())
		}
		return nil, nil, "", false
	}
	cols := make([]string, len(a.compiled.Query.Columns))
	for i, c := range a.compiled.Query.Columns {
		cols[i] = c.Name
	}
	out := make([]map[string]types.Value, len(a.rows))
	for i, r := range a.rows {
		out[i] = map[string]types.Value{}
		for k, v := range r {
			out[i][cols[k]] = v
		}
	}
	return cols, out, a.compiled.Query.Text(), true
}

func (s *splitter) compare(query, sql string, cols []string, got, want []map[string]types.Value) {
	g, w := lines(cols, got), lines(cols, want)
	if !slices.Equal(g, w) {
		s.t.Errorf("%s\n\nat once:\n%s\n\none by one:\n%s\n\n%s", apartLet+query, strings.Join(g, "\n"), strings.Join(w, "\n"), sql)
	}
}

// TestMvApplyRowByRow compares mv-apply with its subquery over each row alone,
// expanded by mv-expand.
func TestMvApplyRowByRow(t *testing.T) {
	s := newSplitter(t)
	n, deadline := effort(120)
	const expand = "with_itemindex=i x = a to typeof(long), y = b to typeof(string)"
	for round, ran := 0, 0; round < n && time.Now().Before(deadline) && !t.Failed(); round++ {
		sub := s.subquery(table() + " | mv-expand " + expand + " | serialize")
		if sub == "" {
			continue
		}
		source := pick(s.r, []string{"Apart", table(s.rows...), "Apart | sort by id asc", table(s.rows...) + " | where id > 1"})
		query := source + " | mv-apply " + expand + " on (" + sub + ")"
		cols, got, sql, ok := s.run(query)
		if !ok {
			continue
		}
		var want []map[string]types.Value
		for _, row := range s.rows {
			if strings.Contains(source, "id > 1") && row[0].I <= 1 || row[4].S == "[]" && row[5].S == "[]" {
				continue
			}
			_, rows, _, _ := s.run(table(row) + " | mv-expand " + expand + " | serialize | " + sub)
			for _, r := range rows {
				for k, c := range apart {
					if _, given := r[c.Name]; !given {
						r[c.Name] = row[k]
					}
				}
				want = append(want, r)
			}
		}
		s.compare(query, sql, cols, got, want)
		if ran++; round == n-1 && ran < n/4 {
			t.Errorf("only %d of %d subqueries ran", ran, n)
		}
	}
}

// TestPartitionKeyByKey compares partition with its subquery over the rows of
// each key alone.
func TestPartitionKeyByKey(t *testing.T) {
	s := newSplitter(t)
	n, deadline := effort(120)
	own := []string{"", "", "", "L | where x == toscalar(KEY)", "L | where w != 'q' and x < toscalar(KEY) | summarize c = count(), m = max(w)", "print x = toscalar(KEY), y = 'o', g = 1",
		"range x from 0 to toscalar(KEY) step 1", "L | count", "L | extend y = strcat(w, toscalar(KEY)), g = 4", "L | where x in ((L | where x <= toscalar(KEY) | project x)) | extend y = w",
		"L | extend y = tostring(toscalar(L | where x >= toscalar(KEY) | summarize min(w))), g = 2", "L | take 2 | extend g = toscalar(KEY), y = w"}
	for round, ran := 0, 0; round < n && time.Now().Before(deadline) && !t.Failed(); round++ {
		key := pick(s.r, []int{1, 2, 2, 3})
		name := apart[key].Name
		head := pick(s.r, own)
		if head != "" {
			head += " | serialize"
			key, name = 2, "g"
		}
		start := strings.ReplaceAll(head, "KEY", "long(1)")
		source := table(s.rows...) + " | extend x = tolong(a[0]), y = tostring(b[0]) | sort by id asc"
		if head == "" {
			start = source
		}
		sub := s.subquery(start)
		if sub == "" {
			continue
		}
		query := source + " | partition hint.strategy=native by " + name + " (" + sub + ")"
		if head != "" {
			sub = strings.ReplaceAll(head, "KEY", name) + " | " + sub
			query = source + " | partition by " + name + " { " + sub + " }"
		}
		cols, got, sql, ok := s.run(query)
		if !ok {
			continue
		}
		var want []map[string]types.Value
		seen := map[types.Value]bool{}
		for _, row := range s.rows {
			v := row[key]
			if seen[v] {
				continue
			}
			seen[v] = true
			one := strings.ReplaceAll(sub, "toscalar("+name+")", testkit.Literal(v))
			if head == "" {
				var rows [][]types.Value
				for _, r := range s.rows {
					if r[key] == v {
						rows = append(rows, r)
					}
				}
				one = strings.Replace(source, table(s.rows...), table(rows...), 1) + " | " + one
			}
			_, rows, _, _ := s.run(one)
			want = append(want, rows...)
		}
		s.compare(query, sql, cols, got, want)
		if ran++; round == n-1 && ran < n/4 {
			t.Errorf("only %d of %d subqueries ran", ran, n)
		}
	}
}

// BenchmarkMvApply runs subqueries over 100,000 stored rows of five items.
func BenchmarkMvApply(b *testing.B) {
	table := &catalog.Table{Name: "Many", Time: -1, Device: -1, Columns: []catalog.Column{
		{Name: "i", Type: types.Long}, {Name: "d", Type: types.String}, {Name: "c", Type: types.String}, {Name: "a", Type: types.Dynamic}}}
	cat, err := catalog.New(table)
	if err != nil {
		b.Fatal(err)
	}
	store, err := duckdb.Open(duckdb.Config{Catalog: cat, Threads: 2})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	batch := catalog.NewBatch(table)
	for i := range 100_000 {
		at := batch.AddRow()
		batch.Set(at, 0, types.LongValue(int64(i)))
		batch.Set(at, 1, types.StringValue(fmt.Sprint("device", i%1000)))
		batch.Set(at, 2, types.StringValue(fmt.Sprint("a command line of some length ", i)))
		batch.Set(at, 3, types.DynamicValue(fmt.Sprintf("[%d,%d,%d,%d,%d]", i%7, i%11, i%13, i%17, i%19)))
	}
	if _, err := store.Write(context.Background(), "many", []*catalog.Batch{batch}); err != nil {
		b.Fatal(causes(err))
	}
	env := testEnv(b)
	env.Catalog = cat
	for _, c := range []struct{ name, query string }{
		{"expand", "Many | mv-expand x = a to typeof(long) | summarize sum(x), sum(strlen(c))"},
		{"row", "Many | mv-apply x = a to typeof(long) on (where x > 5 | project x) | summarize sum(x), sum(strlen(c))"},
		{"sum", "Many | mv-apply x = a to typeof(long) on (summarize s = sum(x)) | summarize sum(s), sum(strlen(c))"},
		{"filtered", "Many | mv-apply x = a to typeof(long) on (where x > 9 | summarize s = sum(x)) | summarize sum(s), sum(strlen(c))"},
		{"top", "Many | mv-apply x = a to typeof(long) on (top 2 by x) | summarize sum(x), sum(strlen(c))"},
		{"list", "Many | mv-apply x = a to typeof(long) on (top 2 by x | summarize l = make_list(x)) | summarize sum(array_length(l)), sum(strlen(c))"},
		{"prev", "Many | mv-apply x = a to typeof(long) on (extend p = prev(x) | where x > p) | summarize sum(x), sum(strlen(c))"},
		{"toscalar", "Many | mv-apply x = a to typeof(long) on (as V | extend s = x * 1.0 / toscalar(V | summarize sum(x))) | summarize sum(s), sum(strlen(c))"},
		{"scan", "Many | mv-apply x = a to typeof(long) on (scan declare (s:long=0) with (step q: true => s = q.s + x;) | summarize m = max(s)) | summarize sum(m), sum(strlen(c))"},
		{"partition", "Many | partition hint.strategy=native by d (top 3 by i | project i, c) | summarize sum(i), sum(strlen(c))"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for range b.N {
				if _, err := ask(store, c.query, env, guard.Scope{From: 0, To: types.MaxDatetime}); err != nil {
					b.Fatal(causes(err))
				}
			}
		})
	}
}
