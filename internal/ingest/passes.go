package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/harrier-hunting/harrier/internal/catalog"
)

// errUnknownRecord is JSON of no known shape.
var errUnknownRecord = errors.New("neither a Streaming API record nor a Windows event")

// member is what the first pass learnt about a member of a file.
type member struct {
	sum     string // SHA-256 of its content
	size    int64  // of its content, as far as it could be read
	latest  int64  // event time of its Streaming API records, when rebasing
	refused bool   // it holds no records
}

// first is the first pass over a member: its hash, which names its batches,
// and what its events tell about each other.
func (r *run) first(rec *recording, name string, in io.Reader) (m member, err error) {
	sum := sha256.New()
	f := newFeed(io.TeeReader(in, sum), r.limits.Record)
	reason := refuse(f.head())
	if reason != "" && (f.err == nil || f.err == io.EOF) {
		r.rep.problem(name, choose(f.read == 0, "empty", reason))
		m.refused = true
		return m, nil
	}
	err = r.records(f, pass{record: func(e *event, _ int64) {
		switch {
		case !isDefender(e):
			rec.observe(e)
		case !r.opts.Rebase.IsZero():
			m.latest = max(m.latest, r.defender.latest(e))
		}
	}})
	m.size = f.read
	m.sum = hex.EncodeToString(sum.Sum(nil))
	if err == nil || errors.Is(err, errBomb) || r.ctx.Err() != nil {
		return m, err
	}
	// The stream is damaged; what came before counts.
	r.rep.problem(name, err.Error())
	m.refused = m.size == 0
	return m, nil
}

// second is the second pass over a member: rows, written chunk by chunk.
func (r *run) second(m member, name string, in io.Reader) error {
	f := newFeed(io.LimitReader(in, m.size), r.limits.Record)
	r.rep.Files++
	r.chunk.clear()
	chunks := 0
	broken := func(line int64, err error) {
		r.rep.Records++
		r.rep.broken(name, line, err)
	}
	err := r.records(f, pass{
		record: func(e *event, line int64) {
			var err error
			if isDefender(e) {
				err = r.defender.record(e)
			} else {
				err = r.mapper.event(e)
			}
			if err != nil {
				broken(line, err)
				return
			}
			r.rep.Records++
		},
		broken: broken,
		after: func(bytes int) error {
			r.chunk.bytes += bytes
			if !r.chunk.full() {
				return nil
			}
			chunks++
			return r.flush(m, chunks)
		},
	})
	switch {
	case err != nil:
		return err
	case f.read != m.size:
		return errChanged
	}
	return r.flush(m, chunks+1)
}

// flush writes the chunk under an id made of what was read and how it was
// cut, so that the same content is never stored twice.
func (r *run) flush(m member, chunk int) error {
	batches := r.chunk.take()
	defer r.chunk.clear()
	if len(batches) == 0 {
		return nil
	}
	id := fmt.Sprintf("%s/%06d", m.sum, chunk)
	if r.shift != 0 {
		id += fmt.Sprintf("@%d", r.shift)
	}
	written, err := r.sink.Write(r.ctx, id, batches)
	if err != nil {
		return fmt.Errorf("storing batch %s: %w", id, err)
	}
	if written {
		r.rep.Batches++
		countRows(r.rep.Rows, batches)
	} else {
		r.rep.BatchesPresent++
		countRows(r.rep.Present, batches)
	}
	return nil
}

func countRows(c Counts, batches []*catalog.Batch) {
	for _, b := range batches {
		c.add(b.Table.Name, int64(b.N))
	}
}

// pass is what to do with the records of a stream.
type pass struct {
	record func(e *event, line int64)
	broken func(line int64, err error) // nil: nothing
	after  func(bytes int) error       // after each record, with its length; nil: nothing
}

func (p *pass) lost(line int64, err error) {
	if p.broken != nil {
		p.broken(line, err)
	}
}

// records reads a stream to its end.
func (r *run) records(f *feed, p pass) error {
	for n := 0; ; n++ {
		if n&255 == 0 {
			if err := r.ctx.Err(); err != nil {
				return err
			}
		}
		text, line, err := f.next()
		switch {
		case err == io.EOF:
			return nil
		case err == errTooLong || err == errStray || err == errJSONEnd:
			p.lost(line, err)
			continue
		case err != nil:
			return err
		}
		if err := r.line(text, line, &p); err != nil {
			return err
		}
	}
}

// line hands on the record of a line, or those in its wrapper.
func (r *run) line(text []byte, line int64, p *pass) error {
	e := &r.top
	if err := e.parse(text); err != nil {
		p.lost(line, err)
		return nil
	}
	if e.vals[fRecords].kind != jsonArray {
		return one(e, line, len(text), p)
	}
	it := items(e.vals[fRecords].raw)
	for it.next() {
		if err := r.sub.parse(it.val.raw); err != nil {
			p.lost(line, err)
			continue
		}
		if err := one(&r.sub, line, len(it.val.raw), p); err != nil {
			return err
		}
	}
	return nil
}

func one(e *event, line int64, bytes int, p *pass) error {
	if !isDefender(e) && !e.has(fEventID) {
		p.lost(line, errUnknownRecord)
		return nil
	}
	p.record(e, line)
	if p.after == nil {
		return nil
	}
	return p.after(bytes)
}

// isDefender tells a Streaming API record from a Windows event.
func isDefender(e *event) bool {
	return e.has(fCategory) && (e.has(fProperties) || !e.has(fEventID))
}
