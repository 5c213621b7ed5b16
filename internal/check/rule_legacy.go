package check

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// legacySchema finds tables of 2018. The fix renames them with all their
// columns at once; the result's columns are renamed by that.
func legacySchema() Rule {
	return Rule{
		ID: "HK105", Name: "legacy-schema", Severity: Warning,
		Summary: "a table of the schema of 2018",
		Why:     "The tables and many columns were renamed in 2020. Old names are read here, but not by the service of today.",
		Bad: []Bad{
			{`ProcessCreationEvents | where EventTime > ago(1d) | project ComputerName, FileName`,
				`DeviceProcessEvents | where Timestamp > ago(1d) | project DeviceName, FileName`},
		},
		Good: []string{`DeviceProcessEvents | where Timestamp > ago(1d) | project DeviceName`},
		look: func(q *query, n syntax.Node) {
			ref, ok := n.(*syntax.NameRef)
			if !ok || q.declared[ref.Name] {
				return
			}
			t := q.env.Catalog.Table(ref.Name)
			if t == nil || t.Legacy == nil || !q.isTableRef(ref) {
				return
			}
			q.report(ref.Pos, fmt.Sprintf("Table '%s' was renamed to '%s' in 2020", t.Name, t.Legacy.Today.Name),
				"use "+t.Legacy.Today.Name+" and its columns", q.modernise(t))
		},
	}
}

// modernise renames a table and its columns wherever they stand. It gives up
// where a name is not sure to be the table's.
func (q *query) modernise(t *catalog.Table) *Fix {
	names := map[string]string{t.Name: t.Legacy.Today.Name}
	for i, c := range t.Columns {
		if now := t.Legacy.Map[i]; now >= 0 && t.Legacy.Today.Columns[now].Name != c.Name {
			names[c.Name] = t.Legacy.Today.Columns[now].Name
		} else if now < 0 && len(q.uses[c.Name]) > 0 {
			return nil // gone
		}
	}
	fix := &Fix{Title: "use the names of today"}
	ok := true
	syntax.Walk(q.tree, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.NameRef:
			if other := q.env.Catalog.Table(n.Name); other != nil && other != t && (other.Legacy == nil || other.Legacy.Today != t.Legacy.Today) {
				ok = false // columns could be another table's
			}
			if now := names[n.Name]; now != "" {
				fix.Edits = append(fix.Edits, Edit{n.Pos, now})
			}
		case *syntax.Name:
			_, call := q.parent[n].(*syntax.Call)
			ok = ok && (call || names[n.Text] == "")
		}
		return ok
	})
	if !ok {
		return nil
	}
	return fix
}
