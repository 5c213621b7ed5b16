package plugin

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// memory is rows in memory, handed out three at a time in memory that is used
// again, as an engine does.
type memory struct {
	cols []plan.Column
	rows [][]types.Value
	next int
	b    *types.Batch
}

func (m *memory) Columns() []plan.Column { return m.cols }

func (m *memory) Next(context.Context) (*types.Batch, error) {
	if m.next == len(m.rows) {
		return nil, nil
	}
	if m.b == nil {
		m.b = types.NewBatch(len(m.cols))
		for i := range m.cols {
			m.b.Cols[i] = &types.Vector{}
		}
	}
	n := min(3, len(m.rows)-m.next)
	for i, c := range m.cols {
		m.b.Cols[i].Reset(c.Type, n)
		for k := range n {
			m.b.Cols[i].Set(k, m.rows[m.next+k][i])
		}
	}
	m.b.N = n
	m.next += n
	return m.b, nil
}

// text gathers rows as text.
type text struct{ lines []string }

func (w *text) Write(_ context.Context, b *types.Batch) error {
	for i := range b.N {
		var cells []string
		for _, v := range b.Cols {
			cells = append(cells, string(dynamic.AppendRow(nil, v, i)))
		}
		w.lines = append(w.lines, strings.Join(cells, ","))
	}
	return nil
}

func runOp(t *testing.T, op plan.RowOp, in ...*memory) []string {
	t.Helper()
	var readers []plan.RowReader
	for _, m := range in {
		readers = append(readers, m)
	}
	w := &text{}
	if err := op.Run(context.Background(), readers, w); err != nil {
		t.Fatalf("%s: %v", op.Name(), err)
	}
	return w.lines
}

func table(decl string, rows ...[]types.Value) *memory {
	m := &memory{rows: rows}
	for _, c := range strings.Split(decl, ",") {
		name, kind, _ := strings.Cut(c, ":")
		k, _ := types.ByName(kind)
		m.cols = append(m.cols, plan.Column{Name: name, Type: k})
	}
	return m
}

// TestTable: every row says what it is, and refused ones why.
func TestTable(t *testing.T) {
	all, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Specs()) < 45 {
		t.Errorf("only %d plugins", len(all.Specs()))
	}
	for _, s := range all.Specs() {
		if s.Doc == "" || s.Ref == "" || (s.Refused == "") == (len(s.Sigs) == 0) {
			t.Errorf("%s: needs a doc, a page, and either signatures or a reason", s.Name)
		}
		if all.Lookup(s.Name) != s {
			t.Errorf("%s is not found by its name", s.Name)
		}
	}
	if all.Lookup("nosuch") != nil || slices.Contains(all.Names(), "python") || !slices.Contains(all.Names(), "pivot") {
		t.Error("names: want those that run and no others")
	}
	if _, err := newTable([]Spec{{Name: "a"}, {Name: "a"}}); err == nil {
		t.Error("two rows of one name are accepted")
	}
	if _, err := newTable([]Spec{{Name: "a", Sigs: []string{"(x: nonsense): table"}}}); err == nil {
		t.Error("a signature of nonsense is accepted")
	}
}

// TestAxis: bins have the numbers of their order, and start where they say.
func TestAxis(t *testing.T) {
	long, day := types.LongValue, types.TicksPerDay
	axes := []Axis{
		{Type: types.Long, Origin: long(-7), Step: long(10)},
		{Type: types.Real, Origin: types.RealValue(0.3), Step: types.RealValue(0.1)},
		{Type: types.Datetime, Origin: types.DatetimeValue(700000 * day), Step: types.TimespanValue(7 * day)},
		{Type: types.Datetime, Unit: "week"}, {Type: types.Datetime, Unit: "month"}, {Type: types.Datetime, Unit: "year"},
	}
	for _, a := range axes {
		from := int64(-20)
		if a.Unit != "" {
			from = a.Index(types.DatetimeValue(700000 * day))
		}
		for i := from; i < from+40; i++ {
			v := a.Start(i)
			if got := a.Index(v); got != i || v.Type != a.Type {
				t.Errorf("%+v: bin %d starts at %+v, which is in bin %d", a, i, v, got)
			}
			if i > from && !a.less(a.Start(i-1), v) {
				t.Errorf("%+v: bin %d does not start after the one before", a, i)
			}
		}
	}
	if n := axes[0].Bins(long(25)); n != 2 {
		t.Errorf("25 hold %d whole bins of 10, want 2", n)
	}
	if n := axes[4].Bins(types.TimespanValue(day)); n != 1 {
		t.Errorf("a day holds %d bins of a month, want at least 1", n)
	}
}

// TestIPMatch holds the lookup against comparing every pair.
func TestIPMatch(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	network := func() (text string, p netip.Prefix, code string) {
		addr := netip.AddrFrom4([4]byte{10, byte(r.IntN(3)), byte(r.IntN(3)), byte(r.IntN(4))})
		bits := []int{8, 15, 16, 23, 24, 31, 32, 0}[r.IntN(8)]
		p = netip.PrefixFrom(addr, bits)
		b := addr.As16()
		return p.String(), p, fmt.Sprintf("%x%02x", b, bits+96)
	}
	var sources, nets [][]types.Value
	byText := map[string]netip.Prefix{}
	add := func(list *[][]types.Value) {
		s, p, code := network()
		byText[s] = p
		row := []types.Value{types.StringValue(s), types.StringValue(code)}
		if !slices.ContainsFunc(*list, func(x []types.Value) bool { return x[0].S == s }) {
			*list = append(*list, row)
		}
	}
	for range 200 {
		add(&sources)
		add(&nets)
	}
	var want []string
	for _, s := range sources {
		for _, n := range nets {
			a, b := byText[s[0].S], byText[n[0].S]
			bits := min(a.Bits(), b.Bits())
			x, _ := a.Addr().Prefix(bits)
			y, _ := b.Addr().Prefix(bits)
			if x == y {
				want = append(want, dynamic.Quote(s[0].S)+","+dynamic.Quote(n[0].S))
			}
		}
	}
	bad := [][]types.Value{{types.StringValue("x"), types.StringValue("")}, {types.StringValue("y"), types.StringValue(strings.Repeat("z", 34))}}
	got := runOp(t, IPMatch{"ipv4_lookup"}, table("t:string,c:string", append(sources, bad...)...), table("t:string,c:string", append(nets, bad...)...))
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%d pairs, want %d", len(got), len(want))
	}
}

// TestSlidingCounts holds the moving window against counting each window anew.
func TestSlidingCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		var rows [][]types.Value
		seen := map[[2]int64]int64{}
		for range r.IntN(30) {
			seen[[2]int64{r.Int64N(5), r.Int64N(25)}] = 1 + r.Int64N(3)
		}
		for k, n := range seen {
			rows = append(rows, []types.Value{types.LongValue(k[0]), types.LongValue(k[1]), types.LongValue(n)})
		}
		size := 1 + r.Int64N(6)
		var want []string
		for bin := int64(5); bin <= 30; bin++ {
			ids, n := map[int64]bool{}, int64(0)
			for k, c := range seen {
				if k[1] <= bin && k[1] > bin-size {
					ids[k[0]] = true
					n += c
				}
			}
			if n > 0 {
				want = append(want, fmt.Sprintf("%d,%d,%d", bin, n, len(ids)))
			}
		}
		op := SlidingCounts{Axis: Axis{Type: types.Long, Step: types.LongValue(1)}, Window: types.LongValue(size), First: 5, Last: 30}
		if got := runOp(t, op, table("u:long,t:long,n:long", rows...)); !slices.Equal(got, want) {
			t.Fatalf("window %d of %v gives\n%v want\n%v", size, seen, got, want)
		}
	}
}

// TestSequenceDetect holds the search against trying every combination.
func TestSequenceDetect(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		var rows [][]types.Value
		at := make([][]int64, 3)
		for range r.IntN(12) {
			row := []types.Value{types.DatetimeValue(r.Int64N(20))}
			for s := range 3 {
				is := r.IntN(3) == 0
				row = append(row, types.BoolValue(is))
				if is && !slices.Contains(at[s], row[0].I) {
					at[s] = append(at[s], row[0].I)
				}
			}
			rows = append(rows, row)
		}
		gap, whole := 1+r.Int64N(8), 1+r.Int64N(12)
		want := 0
		for _, a := range at[0] {
			for _, b := range at[1] {
				for _, c := range at[2] {
					if a < b && b < c && b-a <= gap && c-b <= gap && c-a <= whole {
						want++
					}
				}
			}
		}
		got := runOp(t, SequenceDetect{Steps: 3, Gap: gap, Span: whole}, table("t:datetime,a:bool,b:bool,c:bool", rows...))
		if len(got) != want || !slices.IsSorted(got) {
			t.Fatalf("%v, gap %d, span %d: %d sequences, want %d in order:\n%s", at, gap, whole, len(got), want, strings.Join(got, "\n"))
		}
	}
}

// TestBasket holds the search for closed patterns against looking at every
// combination of values.
func TestBasket(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 60 {
		const columns = 4
		var rows [][]types.Value
		total := int64(0)
		for range 1 + r.IntN(12) {
			row := make([]types.Value, columns+1)
			for c := range columns {
				if row[c] = types.LongValue(r.Int64N(3)); r.IntN(8) == 0 {
					row[c] = types.Null(types.Long)
				}
			}
			row[columns] = types.LongValue(1 + r.Int64N(3))
			total += row[columns].I
			rows = append(rows, row)
		}
		threshold := 0.1 + 0.4*r.Float64()
		op := Basket{Patterns: Patterns{Source: span(0, columns), Wildcard: make([]types.Value, columns)}, Threshold: threshold}
		for c := range columns {
			op.Wildcard[c] = types.Null(types.Long)
		}
		got := runOp(t, op, table("a:long,b:long,c:long,d:long,w:long", rows...))
		for i := range got {
			parts := strings.Split(got[i], ",")
			got[i] = parts[1] + ":" + strings.Join(parts[3:], ",")
		}
		want := closedPatterns(rows, columns, threshold*float64(total))
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%v at %.2f gives\n%s\nwant\n%s", rows, threshold, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// closedPatterns tries every combination of values; weights are in the last
// column.
func closedPatterns(rows [][]types.Value, columns int, least float64) []string {
	found := map[string]bool{}
	var try func(c int, x []types.Value)
	try = func(c int, x []types.Value) {
		if c < columns {
			for _, v := range []types.Value{types.Null(types.Long), types.LongValue(0), types.LongValue(1), types.LongValue(2)} {
				try(c+1, append(x, v))
			}
			return
		}
		var common []types.Value
		weight := int64(0)
		for _, row := range rows {
			fits := true
			for k, v := range x {
				fits = fits && (v.Null || v == row[k])
			}
			if !fits {
				continue
			}
			weight += row[columns].I
			if common == nil {
				common = slices.Clone(row[:columns])
			}
			for k := range common {
				if common[k] != row[k] {
					common[k] = types.Null(types.Long)
				}
			}
		}
		any := false
		cells := make([]string, columns)
		for k := range common {
			if cells[k] = "null"; !common[k].Null {
				any, cells[k] = true, fmt.Sprint(common[k].I)
			}
		}
		if any && float64(weight) >= least {
			found[fmt.Sprintf("%d:%s", weight, strings.Join(cells, ","))] = true
		}
	}
	try(0, nil)
	var out []string
	for k := range found {
		out = append(out, k)
	}
	return out
}

// TestLimits: what would not end is refused.
func TestLimits(t *testing.T) {
	var rows [][]types.Value
	for i := range int64(2000) {
		rows = append(rows, []types.Value{types.DatetimeValue(i), types.BoolValue(true), types.BoolValue(true), types.BoolValue(true)})
	}
	err := SequenceDetect{Steps: 3, Gap: 1 << 40, Span: 1 << 40}.Run(context.Background(),
		[]plan.RowReader{table("t:datetime,a:bool,b:bool,c:bool", rows...)}, &text{})
	var limit *plan.OpError
	if !errors.As(err, &limit) || !limit.Limit {
		t.Errorf("two thousand steps of everything: %v, want a limit", err)
	}
	err = NewActivity{Axis: Axis{Type: types.Long, Step: types.LongValue(1)}, First: 0, Last: 1 << 40}.Run(context.Background(),
		[]plan.RowReader{table("u:long,t:long,n:long")}, &text{})
	if !errors.As(err, &limit) {
		t.Errorf("a trillion cohorts: %v, want a limit", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	wide := Basket{Patterns: Patterns{Source: []int{0}, Wildcard: []types.Value{types.Null(types.Datetime)}}, Threshold: 0.015}
	if err := wide.Run(ctx, []plan.RowReader{table("t:datetime,n:long", []types.Value{types.DatetimeValue(1), types.LongValue(1)})}, &text{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled basket: %v", err)
	}
}
