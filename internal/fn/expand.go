package fn

import (
	"fmt"
	"math"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// expandRows make the lists that an Unnest takes apart: the items of dynamic
// values for mv-expand, and the values of the tabular range operator. No
// query names them. A list is no constant, so they must not be folded: PerRow.
var expandRows = []Spec{
	{
		Name: "__mv_array", Hidden: true, Ref: "mv-expand-operator",
		Doc:  "What mv-expand makes of a value: the items of an array, a bag for every member of a bag, else the value alone; null gives one null.",
		Sigs: []Sig{{Decl: "(value: dynamic): list(dynamic)"}}, Nulls: NeverNull, Vol: PerRow, Eval: expandEval(false),
	},
	{
		Name: "__mv_pairs", Hidden: true, Ref: "mv-expand-operator",
		Doc:  "__mv_array for kind=array: a member of a bag becomes the array of its name and value.",
		Sigs: []Sig{{Decl: "(value: dynamic): list(dynamic)"}}, Nulls: NeverNull, Vol: PerRow, Eval: expandEval(true),
	},
	{
		Name: "__range_long", Hidden: true, Ref: "range-operator", Doc: "The longs from, from + step … up to to.",
		Sigs: []Sig{{Decl: "(from: long, to: long, step: long): list(long)"}}, Nulls: NeverNull, Vol: PerRow, Eval: wholeListEval, DuckDB: SQL{Build: rangeSQL},
	},
	{
		Name: "__range_ticks", Hidden: true, Ref: "range-operator", Doc: "The datetimes or timespans from, from + step … up to to.",
		Sigs: []Sig{
			{Decl: "(from: datetime, to: datetime, step: timespan): list(datetime)"},
			{Decl: "(from: timespan, to: timespan, step: timespan): list(timespan)"},
		},
		Nulls: NeverNull, Vol: PerRow, Eval: wholeListEval, DuckDB: SQL{Build: rangeSQL},
	},
	{
		Name: "__range_real", Hidden: true, Ref: "range-operator", Doc: "The reals from, from + step … up to to.",
		Sigs: []Sig{{Decl: "(from: real, to: real, step: real): list(real)"}}, Nulls: NeverNull, Vol: PerRow, Eval: realListEval,
	},
}

// maxRange bounds the rows of one range operator.
const maxRange = 10_000_000

func expandEval(pairs bool) Eval {
	return func(c *Call) {
		child := c.Out.Child
		add := func(item string) {
			n := child.Len
			child.Grow(n + 1)
			if item == "null" {
				child.SetNull(n)
			} else {
				child.Strings[n] = item
			}
		}
		for i := range c.N {
			from := child.Len
			text := c.json(0, i)
			switch dynamic.KindOf(text) {
			case dynamic.Array:
				for item := range dynamic.Items(text) {
					add(item)
				}
			case dynamic.Bag:
				for key, value := range dynamic.Members(text) {
					if pairs {
						add("[" + key + "," + value + "]")
					} else {
						add("{" + key + ":" + value + "}")
					}
				}
			default:
				add(text)
			}
			c.Out.Lists[i] = types.ListEntry{Off: from, Len: child.Len - from}
		}
	}
}

// wholeListEval: from, to, step as longs or ticks. A null argument gives an
// empty list.
func wholeListEval(c *Call) {
	for i := range c.N {
		from, step := c.Args[0].Ints[i], c.Args[2].Ints[i]
		n := int64(0)
		if !c.anyNull(i) {
			n = stepCount(from, c.Args[1].Ints[i], step)
		}
		start, ok := c.growList(i, n)
		if !ok {
			return
		}
		for k := range n {
			c.Out.Child.Ints[start+int(k)] = from + k*step
		}
	}
}

func realListEval(c *Call) {
	for i := range c.N {
		from, step := c.Args[0].Floats[i], c.Args[2].Floats[i]
		n := int64(0)
		if !c.anyNull(i) {
			n = realStepCount(from, c.Args[1].Floats[i], step)
		}
		start, ok := c.growList(i, n)
		if !ok {
			return
		}
		for k := range n {
			c.Out.Child.Floats[start+int(k)] = from + float64(k)*step
		}
	}
}

// growList makes room for n items of row i. It sets Err for a range that
// never ends or has too many values.
func (c *Call) growList(i int, n int64) (start int, ok bool) {
	child := c.Out.Child
	start = child.Len
	switch {
	case n < 0:
		c.Err = fmt.Errorf("range: the step must not be 0, and reals must be finite")
		return 0, false
	case n > maxRange-int64(start):
		c.Err = fmt.Errorf("range: more than %d values; take a larger step", maxRange)
		return 0, false
	}
	child.Grow(start + int(n))
	c.Out.Lists[i] = types.ListEntry{Off: start, Len: int(n)}
	return start, true
}

// RangeTable is the call that lists whole numbers, ticks included; DuckDB also
// takes it as a table.
const RangeTable = "generate_series"

// rangeSQL lowers constant whole ranges within the bound; the ends are kept
// away from the ends of 64 bits, where DuckDB raises an error.
func rangeSQL(b *Builder) (sqlx.Expr, bool) {
	for _, a := range b.Args {
		if a.Const == nil || a.Const.Null || a.Const.I > math.MaxInt64/4 || a.Const.I < math.MinInt64/4 {
			return sqlx.Expr{}, false
		}
	}
	if n := stepCount(b.Args[0].Const.I, b.Args[1].Const.I, b.Args[2].Const.I); n < 0 || n > maxRange {
		return sqlx.Expr{}, false
	}
	return sqlx.Call(RangeTable, b.Args[0].SQL, b.Args[1].SQL, b.Args[2].SQL), true
}
