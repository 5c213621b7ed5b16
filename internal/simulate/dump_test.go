package simulate

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

type dumper struct{ w *bufio.Writer }

func (c *dumper) Write(_ context.Context, _ string, bs []*catalog.Batch) (bool, error) {
	for _, b := range bs {
		for i := range b.N {
			m := map[string]any{"_": b.Table.Name}
			for j, v := range b.Cols {
				x := v.Value(i)
				if x.Null || x.Type == types.String && x.S == "" {
					continue
				}
				switch {
				case x.Type == types.Datetime:
					m[b.Table.Columns[j].Name] = types.TimeOf(x.I).Format("2006-01-02T15:04:05.0000000")
				case x.Type == types.Bool:
					m[b.Table.Columns[j].Name] = x.I != 0
				case x.Type == types.Real:
					m[b.Table.Columns[j].Name] = x.F
				case x.Type.Storage() == types.StoreStrings:
					m[b.Table.Columns[j].Name] = x.S
				default:
					m[b.Table.Columns[j].Name] = x.I
				}
			}
			bb, _ := json.Marshal(m)
			c.w.Write(bb)
			c.w.WriteByte('\n')
		}
	}
	return true, nil
}

func TestDump(t *testing.T) {
	name := os.Getenv("SIMDUMP")
	if name == "" {
		t.Skip()
	}
	cat, _ := catalog.Builtin()
	f, _ := os.Create(name)
	defer f.Close()
	d := &dumper{bufio.NewWriter(f)}
	o := Options{Catalog: cat, Seed: 1, Devices: 50, Days: 30, Events: 300000, End: time.Date(2026, 9, 23, 17, 0, 0, 0, time.UTC)}
	rep, err := Run(context.Background(), o, d)
	d.w.Flush()
	t.Log(rep, err)
}
