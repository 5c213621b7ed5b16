package fn

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/terms"
	"github.com/harrier-hunting/harrier/internal/types"
)

// infixInRows are membership in a list. The binder has brought the items to
// the type of x. Null is in no list, so the negated forms are true on null.
// "in array" and its kin take a dynamic array instead of items.
var infixInRows = []Spec{
	inRow("in", "in-cs-operator", "x equals one of the items.", false, false,
		Example{`"abc" in ("123", "345", "abc")`, `true`}, Example{`"ABC" in ("abc")`, `false`}, Example{`long(null) in (1, 2)`, `false`}),
	inRow("!in", "not-in-cs-operator", "x equals none of the items; true on null.", false, true,
		Example{`"bca" !in ("123", "345", "abc")`, `true`}, Example{`3 !in (1, 2, 3)`, `false`}, Example{`long(null) !in (1, 2)`, `true`}),
	inRow("in~", "in-operator", "x equals one of the items without case.", true, false,
		Example{`"Abc" in~ ("123", "345", "abc")`, `true`}, Example{`"NAÏVE" in~ ("naïve")`, `true`}),
	inRow("!in~", "not-in-operator", "x equals none of the items even without case.", true, true,
		Example{`"bCa" !in~ ("123", "345", "ABC")`, `true`}, Example{`"aBc" !in~ ("ABC")`, `false`}),
	inArrayRow("in array", "in-cs-operator", "x equals an item of the array.", false, false,
		Example{`"b" in (dynamic(["a", "b"]))`, `true`}, Example{`3 in (dynamic([1, 2]))`, `false`}),
	inArrayRow("!in array", "not-in-cs-operator", "x equals no item of the array.", false, true,
		Example{`"b" !in (dynamic(["a", "b"]))`, `false`}, Example{`"b" !in (dynamic(null))`, `true`}),
	inArrayRow("in~ array", "in-operator", "x equals an item of the array without case.", true, false,
		Example{`"B" in~ (dynamic(["a", "b"]))`, `true`}, Example{`"c" in~ (dynamic(["a", "b"]))`, `false`}),
	inArrayRow("!in~ array", "not-in-operator", "x equals no item of the array even without case.", true, true,
		Example{`"B" !in~ (dynamic(["a", "b"]))`, `false`}, Example{`"c" !in~ (dynamic(["a", "b"]))`, `true`}),
}

func inRow(name, ref, doc string, fold, not bool, examples ...Example) Spec {
	return Spec{
		Name: name, Kind: Infix, Doc: doc, Ref: ref, Examples: examples,
		Sigs:  []Sig{{Decl: "(x: scalar, item: arg0{1,100000}): bool"}},
		Nulls: NeverNull, Eval: inEval(fold, not), DuckDB: SQL{Build: inSQL(fold, not)},
	}
}

func inArrayRow(name, ref, doc string, fold, not bool, examples ...Example) Spec {
	return Spec{
		Name: name, Kind: Infix, Hidden: true, Doc: doc, Ref: ref, Examples: examples,
		Sigs:  []Sig{{Decl: "(x: scalar, list: dynamic): bool"}},
		Nulls: NeverNull, Eval: inArrayEval(fold, not),
	}
}

func inEval(fold, not bool) Eval {
	return func(c *Call) {
		x := c.Args[0]
		for i := range c.N {
			found := false
			for k := 1; k < len(c.Args) && !found && !x.IsNull(i); k++ {
				item := c.Args[k]
				found = !item.IsNull(i) && sameValue(x, item, i, fold)
			}
			c.Out.Bools[i] = found != not
		}
	}
}

// sameValue compares row i of two vectors of one type; neither is null.
func sameValue(a, b *types.Vector, i int, fold bool) bool {
	switch a.Type.Storage() {
	case types.StoreBools:
		return a.Bools[i] == b.Bools[i]
	case types.StoreFloats:
		return a.Floats[i] == b.Floats[i]
	case types.StoreInts:
		return a.Ints[i] == b.Ints[i]
	}
	switch {
	case fold:
		return terms.EqualFold(textOf(a, i), textOf(b, i))
	case a.Type == types.Dynamic:
		return dynamic.Equal(a.Strings[i], b.Strings[i])
	}
	return a.Strings[i] == b.Strings[i]
}

// inSQL lowers membership among constants to IN.
func inSQL(fold, not bool) func(b *Builder) (sqlx.Expr, bool) {
	return func(b *Builder) (sqlx.Expr, bool) {
		x := b.Args[0]
		items := make([]sqlx.Expr, 0, len(b.Args)-1)
		sizes := false
		for _, a := range b.Args[1:] {
			if a.Const == nil || a.Const.Null || a.Type != x.Type {
				return sqlx.Expr{}, false
			}
			if !fold {
				items = append(items, a.SQL)
				continue
			}
			if !terms.ASCII(a.Const.S) {
				return sqlx.Expr{}, false
			}
			want := terms.Fold(a.Const.S)
			items = append(items, b.Dialect.Literal(types.StringValue(want)))
			sizes = sizes || lowersFromAbroad(want)
		}
		switch x.Type {
		case types.String:
		case types.Int, types.Long, types.Datetime, types.Timespan, types.Guid, types.Bool:
			if fold {
				return sqlx.Expr{}, false
			}
		default: // equality of real, decimal and dynamic is not SQL's
			return sqlx.Expr{}, false
		}
		return inList(b, x, items, fold, sizes, not), true
	}
}

// inList writes the list. Where an item could come from lowering a character
// outside ASCII, the size of x must survive the lowering (lowersFromAbroad).
func inList(b *Builder, x Arg, items []sqlx.Expr, fold, sizes, not bool) sqlx.Expr {
	list := sqlx.Call("", items...)
	subject := x.SQL
	if fold {
		subject = sqlx.Call("lower", x.SQL)
	}
	var e sqlx.Expr
	switch {
	case sizes:
		e = sqlx.Format(sqlx.And, "{0} IN {1} AND strlen({0}) = strlen({2})", subject, list, x.SQL)
	case not && !x.Nullable:
		return sqlx.Format(sqlx.Cmp, "{0} NOT IN {1}", subject, list)
	default:
		e = sqlx.Format(sqlx.Cmp, "{0} IN {1}", subject, list)
	}
	if x.Nullable && (not || !b.Filter) {
		e = sqlx.Format(sqlx.Atom, "coalesce({0}, false)", e)
	}
	if not {
		e = sqlx.Format(sqlx.Not, "NOT {0}", e)
	}
	return e
}

func inArrayEval(fold, not bool) Eval {
	return func(c *Call) {
		x, list := c.Args[0], c.Args[1]
		var set itemSet
		for i := range c.N {
			found := false
			if !x.IsNull(i) && !list.IsNull(i) {
				set.load(list.Strings[i], x.Type, fold)
				found = set.has(x, i)
			}
			c.Out.Bools[i] = found != not
		}
	}
}

// itemSet is the items of an array, as values of one type.
type itemSet struct {
	list  string // the array now loaded; "" when none is
	fold  bool
	texts map[string]bool
	ints  map[int64]bool
	reals map[float64]bool
	other []string // items as JSON, for types without a set
}

// load takes the items of list that can equal a value of type t.
func (s *itemSet) load(list string, t types.Type, fold bool) {
	if list == s.list {
		return
	}
	*s = itemSet{list: list, fold: fold, texts: map[string]bool{}, ints: map[int64]bool{}, reals: map[float64]bool{}}
	for item := range dynamic.Items(list) {
		if dynamic.KindOf(item) != dynamic.Null {
			s.add(item, t)
		}
	}
}

func (s *itemSet) add(item string, t types.Type) {
	var n int64
	ok := false
	switch t {
	case types.Dynamic:
		if !s.fold {
			s.other = append(s.other, item)
			return
		}
		s.texts[terms.Fold(dynamic.AsString(item))] = true
	case types.Real:
		if f, ok := dynamic.AsReal(item); ok {
			s.reals[f] = true
		}
	case types.Int, types.Long:
		f, isReal := dynamic.AsReal(item)
		if n, ok = dynamic.AsLong(item); ok && isReal && dynamic.KindOf(item) == dynamic.Real && f != float64(n) {
			ok = false // 1.5 is not 1
		}
	case types.Datetime:
		n, ok = dynamic.AsDatetime(item)
	case types.Timespan:
		n, ok = dynamic.AsTimespan(item)
	case types.Bool:
		var b bool
		if b, ok = dynamic.AsBool(item); b {
			n = 1
		}
	case types.Guid:
		if g, ok := types.ParseGuid(dynamic.AsString(item)); ok {
			s.texts[g] = true
		}
	case types.Decimal:
		if d, ok := dynamic.AsDecimal(item); ok {
			s.texts[d] = true
		}
	default:
		if text := dynamic.AsString(item); s.fold {
			s.texts[terms.Fold(text)] = true
		} else {
			s.texts[text] = true
		}
	}
	if ok {
		s.ints[n] = true
	}
}

func (s *itemSet) has(x *types.Vector, i int) bool {
	switch x.Type.Storage() {
	case types.StoreBools:
		n := int64(0)
		if x.Bools[i] {
			n = 1
		}
		return s.ints[n]
	case types.StoreFloats:
		return s.reals[x.Floats[i]]
	case types.StoreInts:
		return s.ints[x.Ints[i]]
	}
	if s.fold {
		return s.texts[terms.Fold(textOf(x, i))]
	}
	if x.Type != types.Dynamic {
		return s.texts[x.Strings[i]]
	}
	for _, item := range s.other {
		if dynamic.Equal(item, x.Strings[i]) {
			return true
		}
	}
	return false
}
