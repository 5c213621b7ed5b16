package catalog

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/harrier-hunting/harrier/internal/types"
)

//go:generate go run ./gen -from ../../../shared/schema -to data

//go:embed data/tables.txt
var tablesData string

//go:embed data/legacy.txt
var legacyData string

//go:embed data/compat.txt
var compatData string

//go:embed data/own.txt
var ownData string

//go:embed data/action_types.txt
var actionData string

var builtin = sync.OnceValues(func() (*Catalog, error) {
	c, err := load(tablesData, ownData, legacyData, actionData)
	if err != nil {
		return nil, err
	}
	if err := c.loadCompat(compatData); err != nil {
		return nil, err
	}
	c.public = c.Only(func(t *Table) bool { return !t.Private })
	return c, nil
})

// Builtin is the catalog of the hunting tables, parsed on first use.
func Builtin() (*Catalog, error) { return builtin() }

// load reads the four files. Each is a list of lines of tab-separated
// fields; "#" starts a comment, a first field in brackets names a section.
func load(tables, own, legacy, actions string) (*Catalog, error) {
	today, err := loadTables("tables.txt", tables)
	if err != nil {
		return nil, err
	}
	ours, err := loadTables("own.txt", own)
	if err != nil {
		return nil, err
	}
	for _, t := range ours {
		t.Own = true
		t.Private = t.Status == "private"
	}
	c, err := New(append(today, ours...)...)
	if err != nil {
		return nil, err
	}
	if err := c.loadLegacy(legacy); err != nil {
		return nil, err
	}
	return c, c.loadActions(actions)
}

// loadTables reads "[name] family status doc" and "column type doc" lines.
func loadTables(file, text string) ([]*Table, error) {
	var out []*Table
	err := eachLine(file, text, func(f []string, section bool) error {
		switch {
		case section && len(f) == 4:
			out = append(out, &Table{Name: f[0], Family: f[1], Status: f[2], Doc: f[3]})
		case !section && len(f) == 3 && len(out) > 0:
			typ, ok := types.ByName(f[1])
			if !ok {
				return fmt.Errorf("unknown type %q", f[1])
			}
			t := out[len(out)-1]
			t.Columns = append(t.Columns, Column{Name: f[0], Type: typ, Doc: f[2]})
		default:
			return fmt.Errorf("%d fields make neither a table nor a column", len(f))
		}
		return nil
	})
	for _, t := range out {
		t.Time = timeColumn(t)
		t.Device = t.Ordinal("DeviceId")
		for i, c := range t.Columns {
			if c.Type == types.String && strings.Contains(c.Doc, "JSON") {
				t.JSON = append(t.JSON, i)
			}
		}
	}
	return out, err
}

// timeColumn picks the event time. All event tables call it Timestamp except
// CallActivityEvents (ActivityTimestamp) and the custom collection tables,
// which live in Log Analytics and have its TimeGenerated. The remaining
// tables describe a state, not events; their dates are data.
func timeColumn(t *Table) int {
	for _, name := range []string{"Timestamp", "ActivityTimestamp", "TimeGenerated"} {
		if i := t.Ordinal(name); i >= 0 && t.Columns[i].Type == types.Datetime {
			return i
		}
	}
	return -1
}

// loadLegacy reads "[old] today" and "column today type" lines ("-": gone),
// and the section "[]" of renamed columns, "old today".
func (c *Catalog) loadLegacy(text string) error {
	var cur *Table
	var all []*Table
	err := eachLine("legacy.txt", text, func(f []string, section bool) error {
		switch {
		case section && f[0] == "":
			cur = nil
		case section && len(f) == 2:
			now := c.tables[f[1]]
			if now == nil {
				return fmt.Errorf("unknown table %q", f[1])
			}
			cur = &Table{Name: f[0], Family: now.Family, Status: "deprecated",
				Doc:  "Name of 2018 for " + now.Name + ": " + now.Doc,
				Time: -1, Device: -1, Legacy: &Legacy{Today: now}}
			all = append(all, cur)
		case cur == nil && len(f) == 2:
			c.renamed[f[0]] = f[1]
		case cur != nil && len(f) == 3:
			return cur.addLegacy(f[0], f[1], f[2])
		default:
			return fmt.Errorf("%d fields do not belong here", len(f))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range all {
		if err := c.add(t); err != nil {
			return err
		}
	}
	return nil
}

// addLegacy appends the old column name, which reads today's column now and
// had the type declared; the type of today wins where the column lives on.
func (t *Table) addLegacy(name, now, declared string) error {
	col := Column{Name: name}
	at := -1
	if now == "-" {
		typ, ok := types.ByName(declared)
		if !ok {
			return fmt.Errorf("unknown type %q", declared)
		}
		col.Type, col.Doc = typ, "No counterpart today; always empty"
	} else {
		if at = t.Legacy.Today.Ordinal(now); at < 0 {
			return fmt.Errorf("%s has no column %q", t.Legacy.Today.Name, now)
		}
		col.Type, col.Doc = t.Legacy.Today.Columns[at].Type, t.Legacy.Today.Columns[at].Doc
	}
	if at >= 0 && at == t.Legacy.Today.Time {
		t.Time = len(t.Columns)
	}
	if at >= 0 && at == t.Legacy.Today.Device {
		t.Device = len(t.Columns)
	}
	t.Columns = append(t.Columns, col)
	t.Legacy.Map = append(t.Legacy.Map, at)
	return nil
}

// loadActions reads "[table]" sections of values, one a line.
func (c *Catalog) loadActions(text string) error {
	table := ""
	return eachLine("action_types.txt", text, func(f []string, section bool) error {
		if section {
			table = f[0]
			if t := c.tables[table]; t == nil || t.Legacy != nil {
				return fmt.Errorf("unknown table %q", table)
			}
			return nil
		}
		c.actions[table] = append(c.actions[table], f[0])
		return nil
	})
}

// eachLine splits a data file and adds file and line number to errors.
func eachLine(file, text string, do func(f []string, section bool) error) error {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		name, section := strings.CutPrefix(f[0], "[")
		if section {
			f[0] = strings.TrimSuffix(name, "]")
		}
		if err := do(f, section); err != nil {
			return fmt.Errorf("catalog: %s line %d: %w", file, n, err)
		}
	}
	return nil
}
