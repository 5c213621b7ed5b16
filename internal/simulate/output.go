package simulate

import (
	"context"
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/ingest"
	"github.com/harrier-hunting/harrier/internal/types"
)

// chunkRows is the size of what is written at once. It is part of the batch
// ids' meaning: raise edition when changing it.
const chunkRows = 20_000

// output collects rows and hands them to the sink, chunk by chunk.
type output struct {
	ctx     context.Context
	sink    ingest.Sink
	id      string
	chunk   int
	sheets  []*sheet // in order of the tables' names
	byName  map[string]*sheet
	pending int
	made    int64 // rows made, written or not
	report  *Report
	err     error // the first thing that went wrong
}

// sheet is a table being filled.
type sheet struct {
	out     *output
	table   *catalog.Table
	batch   *catalog.Batch
	at      [columnCount]int16 // -1: the table has no such column
	ordinal map[string]int
}

func newOutput(ctx context.Context, cat *catalog.Catalog, sink ingest.Sink, id string, rep *Report) (*output, error) {
	o := &output{ctx: ctx, sink: sink, id: id, report: rep, byName: map[string]*sheet{}}
	names := filledTables()
	slices.Sort(names)
	for _, name := range names {
		t := cat.Table(name)
		if t == nil || t.Legacy != nil {
			return nil, fmt.Errorf("simulate: the catalog has no table %s", name)
		}
		s, err := newSheet(o, t)
		if err != nil {
			return nil, err
		}
		o.sheets = append(o.sheets, s)
		o.byName[name] = s
	}
	return o, nil
}

func newSheet(o *output, t *catalog.Table) (*sheet, error) {
	s := &sheet{out: o, table: t, batch: catalog.NewBatch(t), ordinal: make(map[string]int, len(t.Columns))}
	for i, c := range t.Columns {
		s.ordinal[c.Name] = i
	}
	for c, name := range columnNames {
		s.at[c] = -1
		if i, ok := s.ordinal[name]; ok {
			if !column(c).fits(t.Columns[i].Type) {
				return nil, fmt.Errorf("simulate: column %s.%s of the catalog has type %s, which the simulation cannot fill",
					t.Name, name, t.Columns[i].Type)
			}
			s.at[c] = int16(i)
		}
	}
	return s, nil
}

// fits tells whether a catalog's column can take the values of this one.
func (c column) fits(t types.Type) bool {
	switch {
	case c < firstNumber:
		return t == types.String || t == types.Dynamic
	case c < firstTime:
		return t.IsInteger()
	case c < firstFlag:
		return t == types.Datetime
	}
	return t == types.Bool
}

// add appends an empty row.
func (s *sheet) add() row {
	s.out.pending++
	s.out.made++
	return row{s, s.batch, s.batch.AddRow()}
}

func (o *output) fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

// flush writes the pending rows as one chunk.
func (o *output) flush() {
	if o.pending == 0 || o.err != nil {
		return
	}
	batches := make([]*catalog.Batch, 0, len(o.sheets))
	for _, s := range o.sheets {
		if s.batch.N > 0 {
			batches = append(batches, s.batch)
		}
	}
	written, err := o.sink.Write(o.ctx, fmt.Sprintf("%s-%06d", o.id, o.chunk), batches)
	if err != nil {
		o.fail(fmt.Errorf("simulate: %w", err))
		return
	}
	o.chunk++
	o.report.count(batches, written)
	for _, b := range batches {
		b.Reset()
	}
	o.pending = 0
}
