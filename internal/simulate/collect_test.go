package simulate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

// memory is a sink that keeps rows, and their hash.
type memory struct {
	keep   bool
	ids    map[string]bool
	tables map[string][]*catalog.Batch
	counts map[string]int64
	hash   hash.Hash
	fail   error
}

func newMemory(keep bool) *memory {
	return &memory{keep: keep, ids: map[string]bool{}, tables: map[string][]*catalog.Batch{}, counts: map[string]int64{}, hash: sha256.New()}
}

func (m *memory) Write(_ context.Context, id string, batches []*catalog.Batch) (bool, error) {
	if m.fail != nil {
		return false, m.fail
	}
	if m.ids[id] {
		return false, nil
	}
	m.ids[id] = true
	for _, b := range batches {
		m.counts[b.Table.Name] += int64(b.N)
		m.digest(b)
		if m.keep {
			m.tables[b.Table.Name] = append(m.tables[b.Table.Name], clone(b))
		}
	}
	return true, nil
}

// digest hashes what is not null, by column name: a column more in the
// catalog changes nothing.
func (m *memory) digest(b *catalog.Batch) {
	for i := range b.N {
		fmt.Fprintf(m.hash, "%s\n", b.Table.Name)
		for c, v := range b.Cols {
			if x := v.Value(i); !x.Null && (x.Type != types.String || x.S != "") {
				fmt.Fprintf(m.hash, "%s=%d %v %s\n", b.Table.Columns[c].Name, x.I, x.F, x.S)
			}
		}
	}
}

func (m *memory) sum() string { return hex.EncodeToString(m.hash.Sum(nil))[:32] }

func (m *memory) total() (n int64) {
	for _, c := range m.counts {
		n += c
	}
	return n
}

func clone(b *catalog.Batch) *catalog.Batch {
	out := &catalog.Batch{Table: b.Table, N: b.N}
	for _, v := range b.Cols {
		x := *v
		x.Valid = append([]uint64(nil), v.Valid...)
		if v.Valid == nil {
			x.Valid = nil
		}
		x.Bools, x.Ints = append([]bool(nil), v.Bools...), append([]int64(nil), v.Ints...)
		x.Floats, x.Strings = append([]float64(nil), v.Floats...), append([]string(nil), v.Strings...)
		out.Cols = append(out.Cols, &x)
	}
	return out
}

// record is a row of a kept batch.
type record struct {
	b *catalog.Batch
	i int
}

// each hands out the rows of a table in order.
func (m *memory) each(table string, do func(record)) {
	for _, b := range m.tables[table] {
		for i := range b.N {
			do(record{b, i})
		}
	}
}

// match counts the rows of a table that a predicate holds for.
func (m *memory) match(table string, is func(record) bool) (n int) {
	m.each(table, func(r record) {
		if is(r) {
			n++
		}
	})
	return n
}

func (r record) value(column string) types.Value {
	c := r.b.Table.Ordinal(column)
	if c < 0 {
		panic("no column " + r.b.Table.Name + "." + column)
	}
	return r.b.Cols[c].Value(r.i)
}

func (r record) has(column string) bool {
	return r.b.Table.Ordinal(column) >= 0 && !r.value(column).Null
}

func (r record) text(column string) string { return r.value(column).S }
func (r record) num(column string) int64   { return r.value(column).I }
func (r record) time() int64               { return r.b.Cols[r.b.Table.Time].Value(r.i).I }

// process identifies a process by the columns of its id and start.
func (r record) process(id, start string) string {
	return r.text("DeviceId") + " " + strconv.FormatInt(r.num(id), 10) + " " + strconv.FormatInt(r.num(start), 10)
}

func builtin(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// thursday is when the windows of the tests end, if it does not matter.
var thursday = time.Date(2026, 10, 15, 16, 30, 0, 0, time.UTC)

func options(t testing.TB) Options {
	return Options{Catalog: builtin(t), Seed: 7, Devices: 24, Days: 4, Events: 40_000, End: thursday}
}

func simulate(t testing.TB, o Options, m *memory) Report {
	t.Helper()
	rep, err := Run(context.Background(), o, m)
	if err != nil {
		t.Fatalf("%d devices, %d days, seed %d: %v", o.Devices, o.Days, o.Seed, err)
	}
	return rep
}

// discard is a sink that takes everything and keeps nothing.
type discard struct{}

func (discard) Write(context.Context, string, []*catalog.Batch) (bool, error) { return true, nil }
