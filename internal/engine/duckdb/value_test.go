package duckdb

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// texts are strings that have broken something somewhere.
var texts = []string{
	"", "x", "exactly12byt", "exactly13byte", "O'Brien '' \" \\ ; -- /* $1 ?", "a\x00b", "\x00", "\x00\x00longer than twelve\x00",
	"日本語テキスト", "é́ combining", "🦆🦆🦆🦆", "\u202eright to left", "\ufeffmark", "line\r\nline\ttab", "\u0085\u2028", "NULL", "null",
	strings.Repeat("long ", 1000), strings.Repeat("ü", 6), strings.Repeat("x", 1<<20), "E'\\x41'", "%s %d", "{\"a\":1}",
}

// samples lists values of a type, the extremes and null among them.
func samples(t types.Type) []types.Value {
	out := []types.Value{types.Null(t)}
	switch t.Storage() {
	case types.StoreBools:
		out = append(out, types.BoolValue(true), types.BoolValue(false))
	case types.StoreFloats:
		for _, f := range []float64{0, math.Copysign(0, -1), 1.5, -1e-300, math.MaxFloat64, -math.MaxFloat64,
			math.SmallestNonzeroFloat64, 0.1, 1 << 53, 1e22, math.Inf(1), math.Inf(-1), math.NaN(), 123456789.123456789} {
			out = append(out, types.RealValue(f))
		}
	case types.StoreStrings:
		for _, s := range texts {
			out = append(out, types.Value{Type: t, S: s})
		}
	default:
		ints := []int64{0, 1, -1, math.MinInt32, math.MaxInt32}
		if t != types.Int {
			ints = append(ints, math.MinInt64, math.MaxInt64, 1<<40, maxTicks)
		}
		for _, i := range ints {
			out = append(out, types.Value{Type: t, I: i})
		}
	}
	return out
}

// same compares values: NaN is itself, whichever of its bit patterns, and 0 is
// not -0.
func same(a, b types.Value) bool {
	return a.Type == b.Type && a.Null == b.Null && a.I == b.I && a.S == b.S &&
		(math.Float64bits(a.F) == math.Float64bits(b.F) || math.IsNaN(a.F) && math.IsNaN(b.F))
}

func TestLiteralRoundTrip(t *testing.T) {
	s := memory(t)
	for _, typ := range types.Scalars() {
		for _, v := range samples(typ) {
			q := sql("SELECT "+sqlx.DuckDB.Literal(v).Text, typ)
			if got := one(t, s, q); !same(got, v) {
				t.Errorf("%s: %.60q came back as %.60v", typ, fmt.Sprint(v), got)
			}
		}
	}
}

// FuzzLiteral: any value, written as a constant, comes back as it was; no
// string gets out of its quotes.
func FuzzLiteral(f *testing.F) {
	for i, s := range texts {
		if len(s) < 10000 {
			f.Add(uint8(i), int64(i)*math.MaxInt64/7, float64(i)/3, s, i%5 == 0)
		}
	}
	f.Add(uint8(0), int64(math.MinInt64), math.NaN(), "'; DROP TABLE x; --", false)
	s := memory(f)
	f.Fuzz(func(t *testing.T, kind uint8, i int64, x float64, text string, null bool) {
		typ := types.Scalars()[int(kind)%len(types.Scalars())]
		v := types.Value{Type: typ}
		switch {
		case null:
			v = types.Null(typ)
		case typ == types.Bool:
			v.I = i & 1
		case typ == types.Int:
			v.I = int64(int32(i))
		case typ.Storage() == types.StoreInts:
			v.I = i
		case typ == types.Real:
			v.F = x
		default:
			v.S = text
		}
		got := one(t, s, sql("SELECT "+sqlx.DuckDB.Literal(v).Text, typ))
		v.S = strings.ToValidUTF8(v.S, "\uFFFD")
		if !same(got, v) {
			t.Errorf("%v came back as %v", v, got)
		}
	})
}

// TestStoredRoundTrip writes every sample of every type and reads it back.
func TestStoredRoundTrip(t *testing.T) {
	dir, table := t.TempDir(), allTypes()
	cfg := Config{Dir: dir, Catalog: catalogOf(t, table)}
	s := openTest(t, cfg)
	b := catalog.NewBatch(table)
	for i := range 3000 { // more than one chunk
		r := b.AddRow()
		b.Set(r, 0, types.DatetimeValue(jan(1, int64(i))))
		for c, col := range table.Columns[1:] {
			b.Set(r, c+1, storedSample(col.Type, i))
		}
	}
	mustWrite(t, s, "one", b)
	check := func(s *Store) {
		t.Helper()
		cols := make([]types.Type, len(table.Columns))
		for i, c := range table.Columns {
			cols[i] = c.Type
		}
		rel := s.Relations(table, math.MinInt64, math.MaxInt64)
		if len(rel) != 1 || rel[0].Columns != len(cols) {
			t.Fatalf("relations %v", rel)
		}
		rows := mustAll(t, s, sql("FROM "+rel[0].Name+" ORDER BY c0", cols...))
		if len(rows) != 3000 {
			t.Fatalf("%d rows", len(rows))
		}
		for i, row := range rows {
			for c := range cols[1:] {
				want := storedSample(cols[c+1], i)
				want.S = strings.ToValidUTF8(want.S, "\uFFFD")
				if !same(row[c+1], want) {
					t.Fatalf("row %d, %s: %.60q came back as %.60q", i, cols[c+1], fmt.Sprint(want), fmt.Sprint(row[c+1]))
				}
			}
		}
	}
	check(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	check(openTest(t, cfg))
}

// storedSample picks a sample; the megabyte only now and then.
func storedSample(t types.Type, i int) types.Value {
	all := samples(t)
	v := all[i%len(all)]
	if len(v.S) > 100000 && i > 100 {
		v.S = "bytes \xff\xfe that are not UTF-8"
	}
	return v
}

// TestNulls: the engine's own nulls in string columns are "" outside.
func TestNulls(t *testing.T) {
	s := memory(t)
	ctx := context.Background()
	rows, err := s.Query(ctx, lower.Query(sql("SELECT NULL::VARCHAR, NULL::VARCHAR", types.String, types.Dynamic)))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	b, err := rows.Next(ctx)
	if err != nil || b == nil {
		t.Fatal(b, err)
	}
	if v := b.Cols[0]; v.IsNull(0) || v.Valid != nil || v.Strings[0] != "" {
		t.Errorf("string: %+v", v)
	}
	if v := b.Cols[1]; !v.IsNull(0) || v.Strings[0] != "" {
		t.Errorf("dynamic: %+v", v)
	}
}
