package simulate

import (
	"context"
	"errors"

	"github.com/harrier-hunting/harrier/internal/ingest"
)

// world is a simulation while it runs.
type world struct {
	o          Options
	start, end int64 // the window
	now        int64
	tasks      queue
	out        *output
	tables     [tableCount]*sheet
	lib        *library
	dice       dice
	images     map[imageKey]*image
	runs       map[string][]weighted[*role] // by class and role: what it starts there
	accounts   *accounts
	devices    []*device
	pace       *pace
	attacks    []*attack
	alerts     int

	stations, servers, linux   []*device
	dc, fs, web, sql, db, jump *device
}

// Run simulates a company and writes what its devices report to the sink, in
// order of time. Running it again with equal options changes nothing.
func Run(ctx context.Context, o Options, sink ingest.Sink) (Report, error) {
	rep := Report{Options: o, Rows: ingest.Counts{}, Present: ingest.Counts{}}
	if err := o.Check(); err != nil {
		return rep, err
	}
	if sink == nil {
		return rep, errors.New("simulate: no sink given")
	}
	w, err := newWorld(ctx, o, sink, &rep)
	if err != nil {
		return rep, err
	}
	w.inventory()
	w.pace = w.newPace()
	w.at(w.start, func() { w.slotTask(0) })
	w.run()
	return rep, w.out.err
}

func newWorld(ctx context.Context, o Options, sink ingest.Sink, rep *Report) (*world, error) {
	w := &world{o: o, dice: newDice(o.Seed, "world"), images: map[imageKey]*image{}, runs: map[string][]weighted[*role]{}}
	w.start, w.end = o.window()
	var err error
	if w.lib, err = loadLibrary(); err != nil {
		return nil, err
	}
	if w.out, err = newOutput(ctx, o.Catalog, sink, o.id(), rep); err != nil {
		return nil, err
	}
	for i, name := range tableNames {
		w.tables[i] = w.out.byName[name]
	}
	w.newFleet(o.Devices)
	for _, d := range w.devices {
		w.compileRuns(d.class)
		if !d.class.server {
			d.makePlan()
		}
	}
	w.plotAttacks()
	w.discover()
	for _, d := range w.devices {
		d.live()
		d.beats()
	}
	for _, a := range w.attacks {
		rep.Attacks = append(rep.Attacks, a.describe())
	}
	return w, nil
}

// compileRuns notes what each role starts on a kind of device.
func (w *world) compileRuns(c *class) {
	if w.runs[c.name] != nil {
		return
	}
	for _, m := range c.mix {
		c.total += m
	}
	lists := make([]weighted[*role], len(w.lib.roles))
	for i, r := range w.lib.roles {
		last := 0
		for j, child := range r.runs.items {
			if child.fits(c) {
				lists[i].add(child, r.runs.upTo[j]-last)
			}
			last = r.runs.upTo[j]
		}
	}
	w.runs[c.name] = lists
}

// at schedules something.
func (w *world) at(t int64, run func()) { w.tasks.add(t, run) }

// run lets time pass until the window ends or something goes wrong.
func (w *world) run() {
	told := int64(0)
	for w.out.err == nil {
		t, ok := w.tasks.next()
		if !ok || t.at >= w.end {
			break
		}
		w.now = t.at
		t.run()
		if w.out.pending < chunkRows {
			continue
		}
		w.out.flush()
		if w.o.Progress != nil && w.out.made-told > chunkRows {
			told = w.out.made
			w.o.Progress(min(told, w.o.Events), w.o.Events)
		}
		if err := w.out.ctx.Err(); err != nil {
			w.out.fail(err)
		}
	}
	w.out.flush()
	if w.o.Progress != nil && w.out.err == nil {
		w.o.Progress(w.o.Events, w.o.Events)
	}
}
