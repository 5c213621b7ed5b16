package fn

import "github.com/harrier-hunting/harrier/internal/types"

// compareRows are == != < <= > >=.
//
// Null (query/scalar-data-types/null-values.md, and recorded): an equality of
// null and a value is false, an inequality true, either of two nulls null; an
// order with a null is null. NaN equals nothing, itself included, and is in no
// order. A dynamic operand is read as the other side's type; two dynamics are
// not comparable for equality (the engine refuses them), so that overload is
// absent on purpose.
var compareRows = []Spec{
	equalityRow("==", "equals-operator", "Both values are equal; a text only with the same case.", equal,
		Example{`"abc" == "ABC"`, `false`}, Example{`1 == 1.0`, `true`}, Example{`long(null) == 1`, `false`},
		Example{`long(null) == long(null)`, `bool(null)`}, Example{`dynamic({"a":1}).a == 1`, `true`}),
	equalityRow("!=", "not-equals-operator", "The values differ; a text also in case alone.", less|greater|unordered,
		Example{`"abc" != "ABC"`, `true`}, Example{`long(null) != 1`, `true`}, Example{`long(null) != long(null)`, `bool(null)`},
		Example{`real(nan) != real(nan)`, `true`}),
	orderRow("<", "The left value is less.", less,
		Example{`1 < 1.5`, `true`}, Example{`datetime(2020-01-02) < datetime(2020-01-01)`, `false`}, Example{`1 < long(null)`, `bool(null)`}),
	orderRow("<=", "The left value is less or equal.", less|equal,
		Example{`2 <= 2`, `true`}, Example{`1d <= 23h`, `false`}, Example{`real(nan) <= real(nan)`, `false`}),
	orderRow(">", "The left value is greater.", greater,
		Example{`2 > 1.5`, `true`}, Example{`dynamic([10])[0] > 9`, `true`}, Example{`int(null) > 3`, `bool(null)`}),
	orderRow(">=", "The left value is greater or equal.", greater|equal,
		Example{`2 >= 2`, `true`}, Example{`1h >= 90m`, `false`}),
}

// relation is what two values are to each other. An operator is the set of
// relations for which it is true.
type relation uint8

const (
	less relation = 1 << iota
	equal
	greater
	unordered // a NaN
	oneNull
	bothNull
)

func equalityRow(name, ref, doc string, op relation, examples ...Example) Spec {
	return Spec{
		Name: name, Kind: Infix, Doc: doc, Ref: ref, Examples: examples,
		Sigs: []Sig{
			{Decl: "(left: dynamic, right: notdynamic): bool"},
			{Decl: "(left: notdynamic, right: dynamic): bool"},
			{Decl: "(left: number, right: number): bool"},
			{Decl: "(left: notdynamic, right: arg0): bool"},
			{Decl: "(left: numberbool, right: numberbool): bool"},
		},
		Nulls: NullIfAllArgs, Eval: equalityEval(op), DuckDB: SQL{Build: equalitySQL(op != equal)},
	}
}

func orderRow(name, doc string, op relation, examples ...Example) Spec {
	return Spec{
		Name: name, Kind: Infix, Doc: doc, Ref: "numerical-operators", Examples: examples,
		Sigs: []Sig{
			{Decl: "(left: number, right: number): bool"},
			{Decl: "(left: timespan, right: timespan): bool"},
			{Decl: "(left: datetime, right: datetime): bool"},
			{Decl: "(left: dynamic, right: number): bool"},
			{Decl: "(left: number, right: dynamic): bool"},
			{Decl: "(left: dynamic, right: dynamic): bool"},
			{Decl: "(left: numberbool, right: numberbool): bool"},
		},
		Nulls: MayBeNull, Eval: orderEval(op), DuckDB: SQL{Build: orderSQL(name, op)},
	}
}

func equalityEval(op relation) Eval {
	return func(c *Call) {
		relate := relator(c.Args[0], c.Args[1])
		for i := range c.N {
			switch r := relate(i); r {
			case bothNull:
				c.Out.SetNull(i)
			case oneNull:
				c.Out.Bools[i] = op&equal == 0
			default:
				c.Out.Bools[i] = r&op != 0
			}
		}
	}
}

func orderEval(op relation) Eval {
	return func(c *Call) {
		relate := relator(c.Args[0], c.Args[1])
		for i := range c.N {
			if r := relate(i); r >= oneNull {
				c.Out.SetNull(i)
			} else {
				c.Out.Bools[i] = r&op != 0
			}
		}
	}
}

// relator returns how to relate two columns row by row.
func relator(a, b *types.Vector) func(i int) relation {
	if a.Type == b.Type || a.Type.IsInteger() && b.Type.IsInteger() {
		return sameTypeRelator(a, b)
	}
	t := meetingType(a.Type, b.Type)
	return func(i int) relation {
		u := t
		if u == types.Long && (isJSONReal(a, i) || isJSONReal(b, i)) {
			u = types.Real // 1.5 is not 1
		}
		x, ok := castRow(a, i, u)
		y, ok2 := castRow(b, i, u)
		switch {
		case ok && ok2:
			return relateValues(x, y)
		case ok || ok2:
			return oneNull
		}
		return bothNull
	}
}

func sameTypeRelator(a, b *types.Vector) func(i int) relation {
	nulls := func(i int) relation {
		an, bn := a.IsNull(i), b.IsNull(i)
		switch {
		case an && bn:
			return bothNull
		case an || bn:
			return oneNull
		}
		return 0
	}
	switch {
	case a.Type.Storage() == types.StoreInts:
		return func(i int) relation {
			if r := nulls(i); r != 0 {
				return r
			}
			return relateOrdered(a.Ints[i], b.Ints[i])
		}
	case a.Type == types.String:
		return func(i int) relation { return relateOrdered(a.Strings[i], b.Strings[i]) }
	case a.Type == types.Dynamic:
		return func(i int) relation {
			if r := nulls(i); r != 0 {
				return r
			}
			return relateDynamics(a.Strings[i], b.Strings[i])
		}
	}
	return func(i int) relation {
		if r := nulls(i); r != 0 {
			return r
		}
		x, _ := castRow(a, i, a.Type)
		y, _ := castRow(b, i, b.Type)
		return relateValues(x, y)
	}
}
