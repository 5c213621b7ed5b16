package bind

import "github.com/harrier-hunting/harrier/internal/syntax"

// restriction is "restrict access to (…)": what follows it sees no tables,
// views and patterns but the listed ones. Functions and views that were
// defined before see what they always saw: that is how a query is let at some
// rows of a table it may not read.
type restriction struct {
	tables  []string        // names and patterns of stored tables and functions
	blocked map[string]bool // let names that went out of sight
}

// restrict puts everything defined so far behind a restriction. The names move
// into a scope around sc, and with them the scope that functions close over.
func (b *binder) restrict(s *syntax.RestrictStatement, sc *scope) {
	lim := &restriction{blocked: map[string]bool{}}
	var local []string
	for _, e := range s.To {
		switch e := e.(type) {
		case *syntax.NameRef:
			if e.Wildcard || sc.lookup(e.Name) != nil {
				local = append(local, e.Name)
			} else {
				lim.tables = append(lim.tables, e.Name)
			}
			continue
		case *syntax.Path:
			if m, ok := e.Member.(*syntax.NameRef); ok && b.isOwnDatabase(e.X, ctx{sc: sc}) {
				lim.tables = append(lim.tables, m.Name)
				continue
			}
		case *syntax.Bad:
			continue
		}
		b.unsupported(e.Span(), "Access to "+syntax.Print(e), "name tables and views of this database")
	}
	hidden := &scope{parent: sc.parent, names: sc.names, rowID: sc.rowID, stored: sc.stored, limit: sc.limit}
	for _, v := range hidden.names {
		v.move(sc, hidden)
	}
	for at := hidden; at != nil; at = at.parent {
		for name, v := range at.names {
			if (v.rel != nil || v.pattern != nil || v.group != nil || v.fun != nil && b.functionIsTabular(v.fun)) && !anyMatches(local, name) {
				lim.blocked[name] = true
			}
		}
	}
	*sc = scope{parent: hidden, rowID: sc.rowID, limit: lim}
}

// move makes what v closes over part of scope to.
func (v *variable) move(from, to *scope) {
	if v.fun != nil && v.fun.sc == from {
		f := *v.fun
		f.sc = to
		v.fun = &f
	}
	if v.pattern != nil && v.pattern.sc == from {
		v.pattern = &tablePattern{decl: v.pattern.decl, sc: to}
	}
	if v.groupScope == from {
		v.groupScope = to
	}
}

func anyMatches(patterns []string, name string) bool {
	for _, p := range patterns {
		if matchWildcard(p, name) {
			return true
		}
	}
	return false
}

// sees reports whether a stored table or function may be named.
func (s *scope) sees(name string) bool {
	for ; s != nil; s = s.parent {
		if s.limit != nil && !anyMatches(s.limit.tables, name) {
			return false
		}
	}
	return true
}

// database is the scope of names in the own database, seen from s: without
// let names, but with the restrictions.
func (s *scope) database(stored func(string) *variable) *scope {
	out := &scope{stored: stored}
	for ; s != nil; s = s.parent {
		if s.limit != nil {
			out = &scope{parent: out, limit: &restriction{tables: s.limit.tables}}
		}
	}
	return out
}
