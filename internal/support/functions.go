package support

import (
	"fmt"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plugin"
)

// addFunctions takes over the rows of the function table.
func (m *Matrix) addFunctions(fns *fn.Table) {
	var rows []Row
	for _, s := range fns.Specs() {
		if s.Hidden && (s.Obsolete == "" || !fn.Known(kindOf(s.Kind), s.Name)) {
			continue
		}
		r := Row{Name: s.Name, Kind: kindOf(s.Kind), Aliases: s.Aliases, Doc: s.Doc, DuckDB: Go, Source: s.Ref}
		if s.Obsolete != "" {
			r.Doc = strings.TrimSpace("Old name; use " + s.Obsolete + ". " + r.Doc)
		}
		if s.Kind == fn.Scalar {
			r.Family = familyOf(s.Name).title
		}
		for i := range s.Sigs {
			sig := Signature{Text: s.Name + s.Sigs[i].Decl, DuckDB: Go}
			if s.Kind == fn.Infix {
				sig.Text = s.Sigs[i].Decl
			}
			if !s.Sigs[i].DuckDB.Empty() || s.Window != nil {
				sig.DuckDB, r.DuckDB = SQL, SQL
			}
			r.Signatures = append(r.Signatures, sig)
		}
		r.Precision = precisionOf(r.Kind, r.Name)
		for _, x := range s.Examples {
			r.Examples = append(r.Examples, Example{x.KQL, x.Value})
		}
		rows = append(rows, r)
	}
	m.addSorted(rows)
}

// addSorted adds rows by kind and name.
func (m *Matrix) addSorted(rows []Row) {
	order := []string{kindScalar, kindInfix, kindAggregate, kindWindow, kindPlugin}
	slices.SortStableFunc(rows, func(a, b Row) int {
		if d := slices.Index(order, a.Kind) - slices.Index(order, b.Kind); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	m.Rows = append(m.Rows, rows...)
}

func kindOf(k fn.Kind) string {
	return [...]string{kindScalar, kindInfix, kindAggregate, kindWindow, kindPlugin}[k]
}

// addPlugins takes over the table of plugins; how one runs is what compiling
// its first example says.
func (m *Matrix) addPlugins(p prober) error {
	plugins, err := plugin.Builtin()
	if err != nil {
		return err
	}
	var rows []Row
	for _, s := range plugins.Specs() {
		r := Row{Name: s.Name, Kind: kindPlugin, Doc: s.Doc, DuckDB: Refused, Reason: s.Refused, Source: s.Ref, Precision: precisionOf(kindPlugin, s.Name)}
		if r.Precision == "" {
			r.Precision = s.Caution
		}
		if s.Refused == "" {
			if len(s.Examples) == 0 {
				return fmt.Errorf("plugin %s has no example to compile", s.Name)
			}
			if r.DuckDB, r.Reason, err = p.compile(s.Examples[0].KQL); err != nil {
				return fmt.Errorf("plugin %s: %w", s.Name, err)
			}
		}
		for _, sig := range s.Sigs {
			r.Signatures = append(r.Signatures, Signature{s.Name + sig, r.DuckDB})
		}
		for _, x := range s.Examples {
			r.Examples = append(r.Examples, Example{KQL: x.KQL})
		}
		rows = append(rows, r)
	}
	m.addSorted(rows)
	return nil
}

// addKnown adds the functions of Kusto's reference that no table has: forms
// that the binder knows by itself, by their examples, and what is refused.
func (m *Matrix) addKnown(p prober, fns *fn.Table) error {
	have := map[string]bool{}
	for _, r := range m.Rows {
		for _, name := range append([]string{r.Name}, r.Aliases...) {
			have[r.Kind+" "+name] = true
		}
	}
	var rows []Row
	for _, e := range forms() {
		state, reason, err := p.compile(e.example)
		if err != nil {
			return err
		}
		have[kindScalar+" "+e.name] = true
		rows = append(rows, Row{Name: e.name, Kind: kindScalar, Family: familyOf(e.name).title, Aliases: e.aliases, Doc: e.doc, DuckDB: state, Reason: reason,
			Examples: []Example{{KQL: e.example}}, Source: e.page})
		for _, alias := range e.aliases {
			have[kindScalar+" "+alias] = true
		}
	}
	for _, kind := range []fn.Kind{fn.Scalar, fn.Aggregate} {
		for _, name := range fn.KnownNames(kindOf(kind)) {
			if have[kindOf(kind)+" "+name] || have[kindWindow+" "+name] || fns.Lookup(kind, name) != nil || fns.Lookup(fn.Window, name) != nil {
				continue
			}
			rows = append(rows, p.known(kind, name))
		}
	}
	m.addSorted(rows)
	return nil
}

// known compiles a call without arguments. What is refused says so; an error
// about the arguments comes from somebody who knows the function.
func (p prober) known(kind fn.Kind, name string) Row {
	query := "print x = " + name + "()"
	if kind == fn.Aggregate {
		query = "DeviceEvents | summarize x = " + name + "()"
	}
	r := Row{Name: name, Kind: kindOf(kind), DuckDB: SQL}
	if kind == fn.Scalar {
		r.Family = familyOf(name).title
	}
	state, reason, err := p.compile(query)
	switch {
	case err == nil:
		r.DuckDB, r.Reason = state, reason
	case strings.Contains(err.Error(), "Unknown function"):
		r.DuckDB = Refused
	}
	if r.DuckDB == Refused && (r.Reason == "" || strings.HasPrefix(r.Reason, "The function '")) {
		r.Reason = "not supported"
	}
	return r
}
