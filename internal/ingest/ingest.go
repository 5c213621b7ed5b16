package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
)

// Sink takes rows. Write stores the batches in one transaction under id, or
// does nothing and returns false if it has stored id before. The batches are
// the caller's again when Write returns: a sink copies what it keeps.
type Sink interface {
	Write(ctx context.Context, id string, batches []*catalog.Batch) (written bool, err error)
}

// Options say how to ingest.
type Options struct {
	// Catalog has the tables; required.
	Catalog *catalog.Catalog
	// Rebase, unless zero, shifts every datetime of a recording so that its
	// last event happens then.
	Rebase time.Time
	// TenantID, unless empty, leaves out Streaming API records of other tenants.
	TenantID string
	// Progress is told how many bytes of how many were read; nil is fine.
	Progress func(done, total int64)
	// Limits bound hostile input.
	Limits Limits
}

// Files ingests files, folders and archives. It returns an error when the
// call itself cannot be done: a path that does not exist, a sink that fails,
// a context that ends. What is wrong with the data is in the report, which is
// good in either case.
func Files(ctx context.Context, opts Options, sink Sink, paths ...string) (Report, error) {
	rep := newReport()
	r, err := newRun(ctx, opts, sink, &rep)
	if err != nil {
		return rep, err
	}
	files, err := expand(paths)
	if err != nil {
		return rep, err
	}
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			r.total += 2 * info.Size()
		}
	}
	for i, f := range files {
		if err := r.file(f); err != nil {
			return rep, fmt.Errorf("ingest: %s: %w", f, err)
		}
		if i == len(files)-1 {
			r.done = r.total
		}
		r.progress()
	}
	return rep, nil
}

// run is one call of Files.
type run struct {
	ctx      context.Context
	opts     Options
	limits   Limits
	sink     Sink
	rep      *Report
	mapper   *mapper
	defender *defender
	chunk    chunk
	top, sub event // the record at hand, and one inside a wrapper

	shift             int64
	done, told, total int64
}

func newRun(ctx context.Context, opts Options, sink Sink, rep *Report) (*run, error) {
	if opts.Catalog == nil {
		return nil, errors.New("ingest: no catalog given")
	}
	if err := timeType(opts.Catalog); err != nil {
		return nil, err
	}
	m, err := newMapper(opts.Catalog)
	if err != nil {
		return nil, err
	}
	r := &run{ctx: ctx, opts: opts, limits: opts.Limits.withDefaults(), sink: sink, rep: rep, mapper: m,
		defender: newDefender(opts), chunk: chunk{batches: map[*catalog.Table]*catalog.Batch{}}}
	m.chunk, m.rep = &r.chunk, rep
	r.defender.chunk, r.defender.rep = &r.chunk, rep
	return r, nil
}

// progressStep is how often Progress is called.
const progressStep = 1 << 20

func (r *run) count(n int) {
	r.done = min(r.done+int64(n), r.total)
	if r.done-r.told >= progressStep {
		r.progress()
	}
}

func (r *run) progress() {
	r.told = r.done
	if r.opts.Progress != nil {
		r.opts.Progress(r.done, r.total)
	}
}

// file ingests one file, a recording of its own, in two passes.
func (r *run) file(path string) error {
	rec := newRecording()
	src := source{path: path, limits: r.limits, count: r.count}
	var members []member
	var latest int64
	err := src.members(r.ctx, func(name string, in io.Reader) error {
		m, err := r.first(rec, name, in)
		latest = max(latest, m.latest)
		members = append(members, m)
		return err
	})
	var broken *damage
	switch {
	case err != nil && r.ctx.Err() != nil:
		return r.ctx.Err()
	case errors.Is(err, errBomb):
		r.rep.problem(path, err.Error())
		return nil
	case errors.As(err, &broken):
		r.rep.problem(path, broken.Error())
	case err != nil:
		return err
	}
	rec.settle()
	r.rebase(max(latest, rec.end))
	r.mapper.rec = rec
	n := 0
	err = src.members(r.ctx, func(name string, in io.Reader) error {
		if n++; n > len(members) {
			return errChanged
		}
		if m := members[n-1]; !m.refused {
			return r.second(m, name, in)
		}
		return nil
	})
	if missed := rec.procs.missed; missed > 0 {
		r.rep.problem(path, fmt.Sprintf("too much to remember about its processes: %d facts left out", missed))
	}
	if errors.As(err, &broken) && r.ctx.Err() == nil {
		return nil // the first pass has reported it
	}
	return err
}

// errChanged is a file that somebody writes to while it is ingested.
var errChanged = errors.New("the file changed while it was read; ingest it again")

// rebase sets by how much this recording's datetimes move.
func (r *run) rebase(latest int64) {
	shift := int64(0)
	if !r.opts.Rebase.IsZero() && latest > 0 {
		shift = ticksOf(r.opts.Rebase) - latest
	}
	r.shift, r.mapper.shift, r.defender.shift = shift, shift, shift
}

// ticksOf converts to ticks since 0001-01-01.
func ticksOf(t time.Time) int64 {
	return unixEpoch + t.Unix()*second + int64(t.Nanosecond())/100
}
