package ingest

import (
	"errors"
	"strings"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

// The faults of a Streaming API record.
var (
	errNoProperties = errors.New("a record with a category but without properties")
	errNoEventTime  = errors.New("a record without the time of its event")
)

// categoryPrefix stands before the table's name in a record's category.
const categoryPrefix = "AdvancedHunting-"

// machineGroup is the one property that Defender adds to every record though
// only some tables have a column for it.
const machineGroup = "MachineGroup"

// defender turns Streaming API records into rows.
type defender struct {
	cat    *catalog.Catalog
	tables map[string]*feedTable // by category
	tenant string

	chunk *chunk
	rep   *Report
	shift int64
}

// feedTable is a table with its columns by the names of properties.
type feedTable struct {
	table  *catalog.Table // of today
	old    *catalog.Table // the table the category names, when of 2018
	exact  map[string]int // ordinals in table; -1: a column of 2018 that is gone
	folded map[string]int // by name in lower case, where only one column has it
}

func newDefender(o Options) *defender {
	return &defender{cat: o.Catalog, tables: map[string]*feedTable{}, tenant: o.TenantID}
}

// table finds what a category names; nil if nothing.
func (d *defender) table(category string) *feedTable {
	if t, ok := d.tables[category]; ok {
		return t
	}
	name, ok := strings.CutPrefix(category, categoryPrefix)
	named := d.cat.Table(name)
	if !ok || named == nil || named.Private {
		return nil
	}
	t := &feedTable{table: named, exact: map[string]int{}, folded: map[string]int{}}
	if named.Legacy != nil {
		t.table, t.old = named.Legacy.Today, named
	}
	for i, c := range named.Columns {
		at := i
		if t.old != nil {
			at = named.Legacy.Map[i]
		}
		t.exact[c.Name] = at
		low := strings.ToLower(c.Name)
		if _, twice := t.folded[low]; twice {
			at = -2
		}
		t.folded[low] = at
	}
	d.tables[category] = t
	return t
}

// column finds a property's column: -1 for none.
func (t *feedTable) column(key value) int {
	if i, ok := t.exact[string(key.raw)]; ok && key.plain {
		return i
	}
	if i, ok := t.folded[strings.ToLower(key.text())]; ok && i >= 0 {
		return i
	}
	return -1
}

// record maps one record: its row, or a line in the report.
func (d *defender) record(e *event) error {
	if d.tenant != "" && e.has(fTenantID) && !strings.EqualFold(e.text(fTenantID), d.tenant) {
		d.rep.Foreign++
		return nil
	}
	category := e.text(fCategory)
	t := d.table(category)
	if t == nil {
		d.rep.UnknownCategories.add(category, 1)
		return nil
	}
	if e.vals[fProperties].kind != jsonObject {
		return errNoProperties
	}
	received := e.time(fReceived)
	if t.table.Time >= 0 && received == 0 && eventTime(t, e) == 0 {
		return errNoEventTime
	}
	b, n := d.chunk.add(t.table)
	it := items(e.vals[fProperties].raw)
	for it.next() {
		d.property(t, b, n, it.key, it.val)
	}
	if at := t.table.Time; at >= 0 && b.Cols[at].IsNull(n) {
		b.Cols[at].Ints[n] = clamp(received + d.shift)
		b.Cols[at].SetValid(n)
	}
	return nil
}

func (d *defender) property(t *feedTable, b *catalog.Batch, n int, key, val value) {
	at := t.column(key)
	if at >= 0 {
		if !store(b.Cols[at], n, val, d.shift) {
			d.rep.BadValues.add(t.table.Name+"."+t.table.Columns[at].Name, 1)
		}
		return
	}
	if string(key.raw) == machineGroup {
		if val.kind == jsonString {
			d.rep.MachineGroups.add(val.text(), 1)
		}
		return
	}
	name := t.table.Name
	if t.old != nil {
		name = t.old.Name
	}
	d.rep.UnknownProperties.add(name+"."+key.text(), 1)
}

// eventTime is a record's event time: that of its properties, or else when
// the service received it; 0 if it has neither.
func eventTime(t *feedTable, e *event) int64 {
	it := items(e.vals[fProperties].raw)
	var when int64
	for it.next() {
		if t.table.Time >= 0 && t.column(it.key) == t.table.Time && it.val.kind == jsonString {
			when, _, _ = parseTime(it.val.raw)
		}
	}
	if when == 0 {
		when = e.time(fReceived)
	}
	return when
}

// latest is the event time of a record, for the first pass of a rebase.
func (d *defender) latest(e *event) int64 {
	t := d.table(e.text(fCategory))
	if t == nil || e.vals[fProperties].kind != jsonObject {
		return 0
	}
	return eventTime(t, e)
}

// timeType guards the assumption that an event time is a datetime.
func timeType(cat *catalog.Catalog) error {
	for _, name := range cat.Stored() {
		if t := cat.Table(name); t.Time >= 0 && t.Columns[t.Time].Type != types.Datetime {
			return errors.New("ingest: the time column of " + name + " is no datetime")
		}
	}
	return nil
}
