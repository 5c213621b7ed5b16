//go:build unix

package ingest

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
)

// discard is a sink that takes everything.
type discard struct{ rows int }

func (d *discard) Write(_ context.Context, _ string, batches []*catalog.Batch) (bool, error) {
	for _, b := range batches {
		d.rows += b.N
	}
	return true, nil
}

// recorded loads one recording into memory: a passage with about the mix of
// events that all recordings together have.
func recorded(b *testing.B, name string) []byte {
	needTelemetry(b)
	z, err := zip.OpenReader(telemetry + "/" + name)
	if err != nil {
		b.Fatal(err)
	}
	defer z.Close()
	r, err := z.File[0].Open()
	if err != nil {
		b.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// BenchmarkWindowsEvents measures both passes without unpacking. What counts
// is events per second of processor time, garbage collection included, which
// does not suffer from other work on the machine.
func BenchmarkWindowsEvents(b *testing.B) {
	data := recorded(b, "lateral_movement__covenant_dcom_iertutil_dll_hijack.zip")
	events := float64(bytes.Count(data, []byte{'\n'}))
	for _, bench := range []struct {
		name   string
		second bool
	}{{"learn", false}, {"map", true}} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			var used time.Duration
			for b.Loop() {
				b.StopTimer()
				r, rec := benchRun(b)
				before := cpuTime(b)
				b.StartTimer()
				m, err := r.first(rec, "recording", bytes.NewReader(data))
				if err != nil {
					b.Fatal(err)
				}
				rec.settle()
				if bench.second {
					before = cpuTime(b)
					if err := r.second(m, "recording", bytes.NewReader(data)); err != nil {
						b.Fatal(err)
					}
				}
				used += cpuTime(b) - before
			}
			b.ReportMetric(events*float64(b.N)/used.Seconds(), "events/cpu-s")
		})
	}
}

// cpuTime is the processor time this process has used.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchRun(b *testing.B) (*run, *recording) {
	rep := newReport()
	o := Options{Catalog: builtin1(b)}
	r, err := newRun(context.Background(), o, &discard{}, &rep)
	if err != nil {
		b.Fatal(err)
	}
	rec := newRecording()
	r.mapper.rec = rec
	return r, rec
}
