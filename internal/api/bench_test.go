package api

import (
	"context"
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/types"
	"github.com/harrier-hunting/harrier/internal/wire"
)

// repeated is an engine that answers with the same batch again and again.
type repeated struct {
	canned
	times int
	batch *engine.Batch
}

func (e *repeated) Query(_ context.Context, q lower.Query) (engine.Rows, error) {
	if e.batch == nil {
		e.batch = &engine.Batch{N: 2000}
		for _, c := range q.Columns {
			v := types.NewVector(c.Type, e.batch.N)
			for i := range v.Strings {
				v.Strings[i] = fmt.Sprintf("value %d of a column of type %s", i, c.Type)
			}
			for i := range v.Ints {
				v.Ints[i] = 636_000_000_000_000_000 + int64(i)*1_234_567
			}
			e.batch.Cols = append(e.batch.Cols, v)
		}
	}
	return &repeatedRows{*e.batch, e.times}, nil
}

type repeatedRows struct {
	batch engine.Batch
	left  int
}

func (*repeatedRows) Close() {}

func (r *repeatedRows) Next(context.Context) (*engine.Batch, error) {
	if r.left--; r.left < 0 {
		return nil, nil
	}
	return &r.batch, nil
}

// BenchmarkAnswer encodes 10,000 rows of 14 columns, plain and compressed.
func BenchmarkAnswer(b *testing.B) {
	svc := service(b, &repeated{times: 5})
	p := auth.Principal{Tenant: tenant, App: true}
	pool := &sync.Pool{New: newChunk}
	query := "DeviceProcessEvents | project Timestamp, DeviceId, DeviceName, ActionType, FileName, FolderPath, SHA1, SHA256, ProcessId, " +
		"ProcessCommandLine, ProcessCreationTime, AccountName, InitiatingProcessFileName, InitiatingProcessId"
	for _, compressed := range []bool{false, true} {
		b.Run(fmt.Sprintf("gzip=%v", compressed), func(b *testing.B) {
			z := newGzip().(compressor)
			b.ReportAllocs()
			for b.Loop() {
				res, err := svc.Run(context.Background(), p, hunt.Request{Query: query, Profile: quota.Profile{Name: "unlimited"}})
				if err != nil {
					b.Fatal(err)
				}
				out := newBuffer(pool, 1<<30)
				if err := encodeSchemaResults(out, &answer{Result: res, style: wire.TimeSeed}); err != nil {
					b.Fatal(err)
				}
				res.Close()
				b.SetBytes(out.len())
				to := io.Writer(io.Discard)
				if compressed {
					z.Reset(io.Discard)
					to = z
				}
				if _, err := out.WriteTo(to); err != nil {
					b.Fatal(err)
				}
				out.release()
			}
		})
	}
}
