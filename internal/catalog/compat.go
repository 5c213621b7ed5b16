package catalog

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// loadCompat reads "[table]" and "column type source" lines; the section "*"
// is for all tables. A column that a table has already is left alone.
func (c *Catalog) loadCompat(text string) error {
	section := ""
	var common []CompatColumn
	own := map[string][]CompatColumn{}
	err := eachLine("compat.txt", text, func(f []string, head bool) error {
		if head {
			if section = f[0]; section != "*" && c.tables[section] == nil {
				return fmt.Errorf("unknown table %q", section)
			}
			return nil
		}
		if len(f) != 3 || section == "" || section == "*" && f[2] == "json" {
			return fmt.Errorf("%d fields make no column", len(f))
		}
		t, ok := types.ByName(f[1])
		if f[2] == "json" {
			if i := c.tables[section].Ordinal(f[0]); i >= 0 && c.tables[section].Columns[i].Type == types.String {
				c.tables[section].JSON = append(c.tables[section].JSON, i)
			}
			return nil
		}
		name, other := strings.CutPrefix(f[2], "=")
		if !other {
			name = ""
		}
		from, known := map[string]CompatSource{"empty": CompatEmpty, "time": CompatTime, "table": CompatTable}[f[2]]
		if !ok || !known && !other || other && section == "*" {
			return fmt.Errorf("unknown type %q or source %q", f[1], f[2])
		}
		col := CompatColumn{Name: f[0], Type: t, From: from}
		if name != "" {
			if col.Of = c.tables[section].Ordinal(name); col.Of < 0 {
				return nil // this version of the table has no such column
			}
			col.From = CompatOther
		}
		if section == "*" {
			common = append(common, col)
		} else {
			own[section] = append(own[section], col)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range c.tables {
		seen := map[string]bool{}
		for _, col := range t.Columns {
			seen[col.Name] = true
		}
		for _, col := range append(own[t.Name][:len(own[t.Name]):len(own[t.Name])], common...) {
			if !seen[col.Name] && (col.From != CompatTime || t.Time >= 0) {
				seen[col.Name] = true
				t.Compat = append(t.Compat, col)
			}
		}
	}
	return nil
}
