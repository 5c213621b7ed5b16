package simulate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/ingest"
)

// Report says what a simulation made.
type Report struct {
	Options        Options
	Rows           ingest.Counts // rows written, by table
	Present        ingest.Counts // rows of chunks that the sink had already, by table
	Batches        int64         // chunks written
	BatchesPresent int64         // chunks the sink had already
	Attacks        []Attack      // what was injected, in order of time
}

// Attack is where and when an injected attack takes place.
type Attack struct {
	Name       string
	Device     string
	Start      time.Time
	Techniques []string // of MITRE ATT&CK
	Hunt       string   // a query that finds it
}

// count books a chunk.
func (r *Report) count(batches []*catalog.Batch, written bool) {
	to := r.Present
	if written {
		to = r.Rows
		r.Batches++
	} else {
		r.BatchesPresent++
	}
	for _, b := range batches {
		to[b.Table.Name] += int64(b.N)
	}
}

// String prints the report, with what it takes to get the same rows again.
func (r Report) String() string {
	var b strings.Builder
	o := r.Options
	fmt.Fprintf(&b, "%d devices, %d days to %s, seed %d\n", o.Devices, o.Days, o.End.UTC().Format(time.RFC3339Nano), o.Seed)
	fmt.Fprintf(&b, "same rows again: --seed %d --devices %d --days %d --events %d --end %s\n",
		o.Seed, o.Devices, o.Days, o.Events, o.End.UTC().Format(time.RFC3339Nano))
	fmt.Fprintf(&b, "%d batches written, %d present already\n", r.Batches, r.BatchesPresent)
	section(&b, "rows written", r.Rows)
	section(&b, "rows present already", r.Present)
	if len(r.Attacks) > 0 {
		fmt.Fprintf(&b, "attacks injected: %d\n", len(r.Attacks))
	}
	for _, a := range r.Attacks {
		fmt.Fprintf(&b, "  %s  %s on %s: %s\n      hunt: %s\n", a.Start.UTC().Format("2006-01-02 15:04"), a.Name, a.Device,
			strings.Join(a.Techniques, ", "), a.Hunt)
	}
	return b.String()
}

// section prints counts by name.
func section(b *strings.Builder, title string, c ingest.Counts) {
	if len(c) == 0 {
		return
	}
	fmt.Fprintf(b, "%s: %d\n", title, c.Total())
	for _, n := range slices.Sorted(maps.Keys(c)) {
		fmt.Fprintf(b, "  %10d  %s\n", c[n], n)
	}
}
