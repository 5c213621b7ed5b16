package bind

import (
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// scope is a chain of let names; an inner name hides an outer one.
type scope struct {
	parent *scope
	names  map[string]*variable
	// rowID is the row over which a function is called: its parameters, and
	// what its statements compute from them, may refer to columns of that row.
	rowID int
	// stored finds functions from outside the query; set at the root only.
	stored func(string) *variable
	// limit hides names further out; see restrict.
	limit *restriction
}

// variable is what a let statement, a parameter or "as" bound a name to:
// one of x, rel and fun, or one of the rarer things below.
type variable struct {
	x     plan.Expr
	rowID int // the row x was bound over; 0 when it needs none
	size  int // nodes of x, once it was counted
	rel   *rel
	fun   *function
	// A pattern, an entity group, or the scope of macro-expand that stands
	// for the own database.
	pattern    *tablePattern
	group      *syntax.EntityGroup
	groupScope *scope
	database   bool
}

// function is a user-defined function and the scope it closes over.
type function struct {
	decl *syntax.FunctionDecl
	sc   *scope
	at   diag.Span
	// stored tells that its text is not the query's.
	stored bool
	// once is the value of a function without parameters that is a
	// toscalar(): every call means the same cell.
	once *plan.ScalarQuery
}

func (s *scope) lookup(name string) *variable {
	for from := s; s != nil; s = s.parent {
		if v := s.names[name]; v != nil {
			return v
		}
		if s.limit != nil && s.limit.blocked[name] {
			return nil
		}
		if s.stored != nil {
			if !from.sees(name) {
				return nil
			}
			return s.stored(name)
		}
	}
	return nil
}

// use accounts for one more mention of a variable's expression. Functions that
// mention a parameter twice and call each other double it at every level.
func (b *binder) use(v *variable, at diag.Span) bool {
	if v.size == 0 {
		v.size = sizeOf(v.x, maxExprs)
	}
	if b.exprs += v.size; b.exprs > maxExprs {
		b.tooLarge(at)
		return false
	}
	return true
}

// sizeOf counts the nodes of x, up to a limit.
func sizeOf(x plan.Expr, limit int) int {
	n := 1
	if c, ok := x.(*plan.Call); ok {
		for _, a := range c.Args {
			if n > limit {
				break
			}
			n += sizeOf(a, limit-n)
		}
	}
	return n
}

func (s *scope) set(name string, v *variable) {
	if s.names == nil {
		s.names = map[string]*variable{}
	}
	s.names[name] = v
}

func (s *scope) child() *scope { return &scope{parent: s} }

// visible lists the names in reach, for "did you mean".
func (s *scope) visible(keep func(*variable) bool) []string {
	var names []string
	for from := s; s != nil; s = s.parent {
		for n, v := range s.names {
			if keep(v) && from.lookup(n) == v {
				names = append(names, n)
			}
		}
	}
	return names
}
