package bind

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Entities are the things in front of a table's name: this service is one
// database, which queries may name; others are refused by name.

// defaultDatabase is the name of the own database unless Env says otherwise.
const defaultDatabase = "Harrier"

// entityKind tells what an expression in front of a table's name stands for.
type entityKind uint8

const (
	notEntity entityKind = iota
	ownEntity
	foreignEntity
	patternEntity
)

// entity looks at what stands in front of a table's name: database("…"), an
// alias or scope name for it, a foreign cluster, or a call of a pattern.
func (b *binder) entity(x syntax.Expr, c ctx) entityKind {
	switch x := x.(type) {
	case *syntax.NameRef:
		if v := c.sc.lookup(x.Name); v != nil && v.database {
			return ownEntity
		}
	case *syntax.Paren:
		return b.entity(x.X, c)
	case *syntax.Call:
		if v := c.sc.lookup(x.Name.Text); v != nil {
			if v.pattern != nil {
				return patternEntity
			}
			return notEntity
		}
		if !isForeignRoot(x) {
			return notEntity
		}
		if x.Name.Text == "database" && b.isOwnName(x.Args, c) {
			return ownEntity
		}
		return foreignEntity
	case *syntax.Path:
		if isForeignRoot(x) {
			return foreignEntity
		}
	}
	return notEntity
}

// isOwnDatabase reports database() and database("own name").
func (b *binder) isOwnDatabase(x syntax.Expr, c ctx) bool { return b.entity(x, c) == ownEntity }

func (b *binder) ownDatabase() string {
	if b.env.Database != "" {
		return b.env.Database
	}
	return defaultDatabase
}

func (b *binder) isOwnName(args []syntax.Expr, c ctx) bool {
	if len(args) == 0 {
		return true
	}
	l, ok := args[0].(*syntax.Literal)
	if !ok || len(args) > 1 || l.Value.Type != types.String {
		return false
	}
	name := l.Value.S
	return name == "" || strings.EqualFold(name, b.ownDatabase()) || b.aliases[name]
}

// entityTable binds entity.Table, entity.table("Table") and entity.Function().
func (b *binder) entityTable(x *syntax.Path, c ctx) rel {
	switch b.entity(x.X, c) {
	case ownEntity:
		inner := ctx{sc: c.sc.database(b.stored), op: c.op} // let names are not in the database
		switch m := x.Member.(type) {
		case *syntax.NameRef:
			return b.tableNamed(m, inner)
		case *syntax.Call:
			return b.tableCall(m, inner)
		}
	case patternEntity:
		if m, ok := x.Member.(*syntax.NameRef); ok {
			return b.patternTable(x.X.(*syntax.Call), m.Name, c, x.Span())
		}
	}
	b.unsupported(x.Span(), "A table of another database or cluster ("+syntax.Print(x.X)+")",
		"name the table without database(…), cluster(…) or workspace(…)")
	return rel{open: true}
}

// entityValue binds the values a database has: its name.
func (b *binder) entityValue(x *syntax.Path, c ctx) (plan.Expr, bool) {
	ref, ok := x.X.(*syntax.NameRef)
	m, isName := x.Member.(*syntax.NameRef)
	if !ok || !isName || findColumn(c.row, ref.Name) >= 0 || b.entity(x.X, c) != ownEntity {
		return nil, false
	}
	switch m.Name {
	case "$current_database":
		return &plan.Const{Value: types.StringValue(b.ownDatabase()), Pos: x.Span()}, true
	case "$current_cluster_endpoint":
		return &plan.Const{Value: types.StringValue(b.endpoint()), Pos: x.Span()}, true
	}
	return nil, false
}
