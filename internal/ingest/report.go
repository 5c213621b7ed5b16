package ingest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Counts counts things by name. The number of names is bounded, for names
// come from the input; what goes beyond is counted under Other.
type Counts map[string]int64

const (
	maxNames = 2000
	// Other is the name of what did not get a name of its own.
	Other = "(other)"
)

func (c Counts) add(name string, n int64) {
	if _, ok := c[name]; !ok && len(c) >= maxNames {
		name = Other
	}
	c[name] += n
}

// addBytes is add for a name that is only needed when new.
func (c Counts) addBytes(name []byte) {
	if n, ok := c[string(name)]; ok {
		c[string(name)] = n + 1
		return
	}
	c.add(strings.ToValidUTF8(string(name), "\uFFFD"), 1)
}

// Total is the sum over all names.
func (c Counts) Total() int64 {
	var sum int64
	for _, n := range c {
		sum += n
	}
	return sum
}

// BrokenLine is a record that could not be taken.
type BrokenLine struct {
	File   string // with "!" and the member for an archive
	Line   int64
	Reason string
}

// Problem is a file that could not be read, or not to its end.
type Problem struct{ File, Reason string }

// maxListed bounds the lists of a report; the totals go on counting.
const maxListed = 100

// Report says what became of every record.
type Report struct {
	Files   int   // files with records in them, members of archives included
	Records int64 // records read: rows, unmapped, unknown, foreign and broken ones

	Rows           Counts // rows written, by table
	Present        Counts // rows of batches that the sink had already, by table
	Batches        int64  // batches written
	BatchesPresent int64  // batches the sink had already

	Unmapped          Counts // Windows events of a kind without a mapping, by channel and event
	UnknownCategories Counts // Streaming API records of no known table, by category
	UnknownProperties Counts // properties without a column, by table and name
	MachineGroups     Counts // MachineGroup of records whose table has no such column, by group
	BadValues         Counts // values that are not of their column's type, by table and column
	Assumed           Counts // values filled in by rule because the record lacks them, by rule
	Foreign           int64  // records of another tenant

	Broken      []BrokenLine // the first ones
	BrokenTotal int64
	Problems    []Problem // the first ones
	ProblemsAll int64
}

func newReport() Report {
	return Report{
		Rows: Counts{}, Present: Counts{}, Unmapped: Counts{}, UnknownCategories: Counts{},
		UnknownProperties: Counts{}, MachineGroups: Counts{}, BadValues: Counts{}, Assumed: Counts{},
	}
}

func (r *Report) broken(file string, line int64, err error) {
	r.BrokenTotal++
	if len(r.Broken) < maxListed {
		r.Broken = append(r.Broken, BrokenLine{file, line, err.Error()})
	}
}

func (r *Report) problem(file, reason string) {
	r.ProblemsAll++
	if len(r.Problems) < maxListed {
		r.Problems = append(r.Problems, Problem{file, reason})
	}
}

// String prints the report, the same text for the same input.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d records in %d files\n", r.Records, r.Files)
	fmt.Fprintf(&b, "%d batches written, %d present already\n", r.Batches, r.BatchesPresent)
	section(&b, "rows written", r.Rows)
	section(&b, "rows present already", r.Present)
	section(&b, "events without a mapping", r.Unmapped)
	section(&b, "records of unknown tables", r.UnknownCategories)
	section(&b, "properties without a column", r.UnknownProperties)
	section(&b, "machine groups without a column", r.MachineGroups)
	section(&b, "values of the wrong type", r.BadValues)
	section(&b, "values assumed", r.Assumed)
	if r.Foreign > 0 {
		fmt.Fprintf(&b, "records of another tenant: %d\n", r.Foreign)
	}
	if r.BrokenTotal > 0 {
		fmt.Fprintf(&b, "broken records: %d\n", r.BrokenTotal)
		for _, l := range r.Broken {
			fmt.Fprintf(&b, "  %s:%d: %s\n", l.File, l.Line, l.Reason)
		}
		more(&b, r.BrokenTotal-int64(len(r.Broken)))
	}
	if r.ProblemsAll > 0 {
		fmt.Fprintf(&b, "files not read or not to their end: %d\n", r.ProblemsAll)
		for _, p := range r.Problems {
			fmt.Fprintf(&b, "  %s: %s\n", p.File, p.Reason)
		}
		more(&b, r.ProblemsAll-int64(len(r.Problems)))
	}
	return b.String()
}

func more(b *strings.Builder, n int64) {
	if n > 0 {
		fmt.Fprintf(b, "  and %d more\n", n)
	}
}

// section prints counts, the largest first.
func section(b *strings.Builder, title string, c Counts) {
	if len(c) == 0 {
		return
	}
	fmt.Fprintf(b, "%s: %d\n", title, c.Total())
	names := slices.SortedFunc(maps.Keys(c), func(x, y string) int {
		if d := cmp.Compare(c[y], c[x]); d != 0 {
			return d
		}
		return cmp.Compare(x, y)
	})
	for _, n := range names {
		fmt.Fprintf(b, "  %10d  %s\n", c[n], n)
	}
}
