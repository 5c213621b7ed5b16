package ingest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

// telemetry is where the recorded attacks are, seen from this package.
const telemetry = "../../../shared/telemetry"

// memory is a sink that keeps counts, and rows if asked to.
type memory struct {
	keep bool
	ids  map[string]bool
	rows map[string]int64
	all  map[string][]map[string]types.Value
	fail error
}

func newMemory(keep bool) *memory {
	return &memory{keep: keep, ids: map[string]bool{}, rows: map[string]int64{}, all: map[string][]map[string]types.Value{}}
}

func (m *memory) Write(ctx context.Context, id string, batches []*catalog.Batch) (bool, error) {
	if m.fail != nil {
		return false, m.fail
	}
	if m.ids[id] {
		return false, nil
	}
	m.ids[id] = true
	for _, b := range batches {
		m.rows[b.Table.Name] += int64(b.N)
		if !m.keep {
			continue
		}
		for i := range b.N {
			row := map[string]types.Value{}
			for c, v := range b.Cols {
				if x := v.Value(i); !x.Null && (x.Type != types.String || x.S != "") {
					row[b.Table.Columns[c].Name] = x
				}
			}
			m.all[b.Table.Name] = append(m.all[b.Table.Name], row)
		}
	}
	return true, nil
}

func builtin1(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ingestText writes texts to files and ingests them.
func ingestText(t testing.TB, o Options, files map[string]string) (*memory, Report) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return ingestPaths(t, o, dir)
}

func ingestPaths(t testing.TB, o Options, paths ...string) (*memory, Report) {
	t.Helper()
	if o.Catalog == nil {
		o.Catalog = builtin1(t)
	}
	m := newMemory(true)
	rep, err := Files(context.Background(), o, m, paths...)
	if err != nil {
		t.Fatal(err)
	}
	return m, rep
}

// valueText shows a value the way a person writes it down.
func valueText(v types.Value) string {
	switch v.Type {
	case types.Datetime:
		return formatTime(v.I)
	case types.Bool:
		return strconv.FormatBool(v.I != 0)
	case types.Real:
		return strconv.FormatFloat(v.F, 'g', -1, 64)
	}
	if v.Type.Storage() == types.StoreStrings {
		return v.S
	}
	return strconv.FormatInt(v.I, 10)
}

// ingestBytes ingests a text as both passes see it, without a file.
func ingestBytes(t testing.TB, o Options, b []byte) (*memory, Report) {
	t.Helper()
	if o.Catalog == nil {
		o.Catalog = builtin1(t)
	}
	m, rep := newMemory(true), newReport()
	r, err := newRun(context.Background(), o, m, &rep)
	if err != nil {
		t.Fatal(err)
	}
	rec := newRecording()
	first, err := r.first(rec, "x", bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	rec.settle()
	r.rebase(max(first.latest, rec.end))
	r.mapper.rec = rec
	if !first.refused {
		if err := r.second(first, "x", bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
	}
	return m, rep
}
