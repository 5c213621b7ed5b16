package fn

import (
	"cmp"
	"errors"
	"math"
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// An aggregate's Eval sees one list per group. All list arguments of a call
// have the same length in a group; a group without rows has null lists.
// Constant parameters (a percentile, a maximum size) come as plain vectors or
// as lists that repeat the constant.

// errNoLists tells a caller that passed an aggregate plain vectors.
var errNoLists = errors.New("an aggregate needs the lists of its groups' values")

// aggItems are the items of one group: rows from to to of the vector.
type aggItems struct {
	*types.Vector
	from, to int
}

// groupItems returns the items of group g of a list argument.
func (c *Call) groupItems(arg, g int) aggItems {
	v := c.Args[arg]
	if v.IsNull(g) {
		return aggItems{v.Child, 0, 0}
	}
	l := v.Lists[g]
	return aggItems{v.Child, l.Off, l.Off + l.Len}
}

// groupParam finds a constant parameter: row i of vector v. ok is false when it is
// left out or null, or the group is empty.
func (c *Call) groupParam(arg, g int) (v *types.Vector, i int, ok bool) {
	if arg >= len(c.Args) {
		return nil, 0, false
	}
	v, i = c.Args[arg], g
	if v.Type.IsList() {
		it := c.groupItems(arg, g)
		if it.from == it.to {
			return nil, 0, false
		}
		v, i = it.Vector, it.from
	}
	return v, i, !v.IsNull(i)
}

// setNone gives a group without a value null, or "".
func (c *Call) setNone(g int) {
	if c.Out.Type != types.String {
		c.Out.SetNull(g)
	}
}

// compareItems orders two values that are not null; NaN is greater than all.
func compareItems(v *types.Vector, i, j int) int {
	switch v.Type {
	case types.Bool:
		switch a, b := v.Bools[i], v.Bools[j]; {
		case a == b:
			return 0
		case a:
			return 1
		}
		return -1
	case types.Real:
		return orderReals(v.Floats[i], v.Floats[j])
	case types.Decimal:
		return compareDecimals(v.Strings[i], v.Strings[j])
	case types.String, types.Guid, types.Dynamic:
		return strings.Compare(v.Strings[i], v.Strings[j])
	}
	return cmp.Compare(v.Ints[i], v.Ints[j])
}

func orderReals(a, b float64) int {
	switch an, bn := math.IsNaN(a), math.IsNaN(b); {
	case an && bn:
		return 0
	case an:
		return 1
	case bn:
		return -1
	}
	return cmp.Compare(a, b)
}

// whereTrue makes the meaning of an aggregate's "if" form: it drops argument
// pred and all items for which that is not true, and calls e.
func whereTrue(pred int, e Eval) Eval {
	return func(c *Call) {
		if pred >= len(c.Args) || !c.Args[pred].Type.IsList() {
			c.Err = errNoLists
			return
		}
		some := Call{N: c.N, Out: c.Out, Now: c.Now}
		for i, a := range c.Args {
			switch {
			case i == pred:
			case a.Type.IsList():
				some.Args = append(some.Args, keepItems(c, i, pred))
			default:
				some.Args = append(some.Args, a)
			}
		}
		e(&some)
		c.Err = some.Err
	}
}

// keepItems copies the items of a list argument for which pred is true.
func keepItems(c *Call, arg, pred int) *types.Vector {
	in := c.Args[arg]
	out := types.NewVector(in.Type, c.N)
	var rows []int
	for g := range c.N {
		p, it := c.groupItems(pred, g), c.groupItems(arg, g)
		off := len(rows)
		for k := range p.to - p.from {
			if i := p.from + k; !p.IsNull(i) && p.Bools[i] {
				rows = append(rows, it.from+k)
			}
		}
		out.Lists[g] = types.ListEntry{Off: off, Len: len(rows) - off}
	}
	out.Child = types.NewVector(in.Type.Elem(), len(rows))
	for i, j := range rows {
		copyRow(out.Child, i, in.Child, j)
	}
	return out
}

// distinctItems is a set of values of one type; equal reals and all NaNs are
// one value.
type distinctItems struct {
	ints  map[int64]struct{}
	texts map[string]struct{}
}

// reset empties the set. A large table is left to the collector: clearing it
// for each of many small groups would cost more than they do.
func (d *distinctItems) reset() {
	if d.ints == nil || len(d.ints) > 1024 {
		d.ints = map[int64]struct{}{}
	}
	if d.texts == nil || len(d.texts) > 1024 {
		d.texts = map[string]struct{}{}
	}
	clear(d.ints)
	clear(d.texts)
}

func (d *distinctItems) len() int { return len(d.ints) + len(d.texts) }

// add reports whether row i of v is new in the set.
func (d *distinctItems) add(v *types.Vector, i int) bool {
	switch v.Type.Storage() {
	case types.StoreStrings:
		return d.addText(v.Strings[i])
	case types.StoreFloats:
		return d.addInt(distinctReal(v.Floats[i]))
	case types.StoreBools:
		if v.Bools[i] {
			return d.addInt(1)
		}
		return d.addInt(0)
	}
	return d.addInt(v.Ints[i])
}

func (d *distinctItems) addInt(n int64) bool {
	before := len(d.ints)
	d.ints[n] = struct{}{}
	return len(d.ints) > before
}

func (d *distinctItems) addText(s string) bool {
	before := len(d.texts)
	d.texts[s] = struct{}{}
	return len(d.texts) > before
}

func distinctReal(f float64) int64 {
	switch {
	case math.IsNaN(f):
		f = math.NaN()
	case f == 0:
		f = 0 // not -0
	}
	return int64(math.Float64bits(f))
}
