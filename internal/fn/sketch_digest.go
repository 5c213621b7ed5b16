package fn

import (
	"cmp"
	"slices"
	"sort"
	"strconv"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// A digest is what tdigest() keeps of a group: values in order, each with the
// number of times it stands for. As a dynamic value it is
// [[7],[values],[counts]], the form that the reference prints. Up to
// maxDigest different values it is exact, and so are percentiles of it and of
// merged digests; beyond, neighbours are joined to their mean, finely at both
// ends and coarsely in the middle, as Kusto's t-digests do.

const (
	maxDigest   = 4096 // values before neighbours are joined
	digestGoal  = 1024 // values after
	digestParts = 1 << 17
)

// digest holds values of one type: Long, Datetime and Timespan in ints, Real
// in reals.
type digest struct {
	t      types.Type
	ints   []int64
	reals  []float64
	counts []int64
	total  int64
}

// digestType is the type whose values a digest of t holds.
func digestType(t types.Type) types.Type {
	switch t {
	case types.Int, types.Long:
		return types.Long
	case types.Datetime, types.Timespan:
		return t
	}
	return types.Real
}

func (d *digest) len() int { return len(d.counts) }

// add takes in row i of v, count times. ok is false when the counts no longer
// fit a long.
func (d *digest) add(v *types.Vector, i int, count int64) (ok bool) {
	if d.t == types.Real {
		return d.addReal(numberAt(v, i), count)
	}
	return d.addInt(v.Ints[i], count)
}

func (d *digest) addInt(x, count int64) bool {
	d.ints = append(d.ints, x)
	return d.count(count)
}

func (d *digest) addReal(x float64, count int64) bool {
	d.reals = append(d.reals, x)
	return d.count(count)
}

func (d *digest) count(n int64) bool {
	d.counts = append(d.counts, n)
	d.total += n
	if len(d.counts) >= digestParts { // no more memory than that
		d.settle()
	}
	return d.total > 0
}

// merge takes in another digest; digests of numbers become real when one is.
func (d *digest) merge(o *digest) (ok bool) {
	switch {
	case d.len() == 0 && d.t != o.t:
		d.t = o.t
	case d.t == types.Long && o.t == types.Real:
		d.toReal()
	case d.t == o.t || d.t == types.Real && o.t == types.Long:
	default:
		return false
	}
	for i, n := range o.counts {
		fits := true
		switch {
		case o.t == types.Real:
			fits = d.addReal(o.reals[i], n)
		case d.t == types.Real:
			fits = d.addReal(float64(o.ints[i]), n)
		default:
			fits = d.addInt(o.ints[i], n)
		}
		if !fits {
			return false
		}
	}
	return true
}

func (d *digest) toReal() {
	for _, x := range d.ints {
		d.reals = append(d.reals, float64(x))
	}
	d.t, d.ints = types.Real, nil
}

// Len, Less and Swap order the values (sort.Interface).
func (d *digest) Len() int { return len(d.counts) }

func (d *digest) Less(i, j int) bool { return d.compare(i, j) < 0 }

func (d *digest) compare(i, j int) int {
	if d.t == types.Real {
		return orderReals(d.reals[i], d.reals[j])
	}
	return cmp.Compare(d.ints[i], d.ints[j])
}

func (d *digest) Swap(i, j int) {
	d.counts[i], d.counts[j] = d.counts[j], d.counts[i]
	if d.t == types.Real {
		d.reals[i], d.reals[j] = d.reals[j], d.reals[i]
	} else {
		d.ints[i], d.ints[j] = d.ints[j], d.ints[i]
	}
}

// settle sorts, adds up equal values, and joins neighbours when there are too
// many.
func (d *digest) settle() {
	sort.Sort(d)
	d.join(func(_, _ int64, same bool) bool { return same })
	for goal := int64(digestGoal); d.len() > maxDigest; goal /= 2 {
		total := d.total
		d.join(func(before, count int64, same bool) bool {
			// 4 q (1-q) / goal of all may stand for one value at quantile q.
			q := (float64(before) + float64(count)/2) / float64(total)
			return same || float64(count) <= 4*q*(1-q)*float64(total)/float64(goal)
		})
	}
}

// join merges each value into the one before when may allows: before is the
// count below both, count that of both together.
func (d *digest) join(may func(before, count int64, same bool) bool) {
	if d.len() == 0 {
		return
	}
	last, before := 0, int64(0)
	for i := 1; i < d.len(); i++ {
		if may(before, d.counts[last]+d.counts[i], d.compare(last, i) == 0) {
			d.mean(last, i)
			continue
		}
		before += d.counts[last]
		last++
		d.move(last, i)
	}
	d.cut(last + 1)
}

func (d *digest) mean(to, from int) {
	n := d.counts[to] + d.counts[from]
	share := float64(d.counts[from]) / float64(n)
	if d.compare(to, from) != 0 {
		if d.t == types.Real {
			d.reals[to] += (d.reals[from] - d.reals[to]) * share
		} else {
			x, _ := types.RealToLong(float64(d.ints[to])*(1-share) + float64(d.ints[from])*share)
			d.ints[to] = min(max(x, d.ints[to]), d.ints[from])
		}
	}
	d.counts[to] = n
}

func (d *digest) move(to, from int) {
	d.counts[to] = d.counts[from]
	if d.t == types.Real {
		d.reals[to] = d.reals[from]
	} else {
		d.ints[to] = d.ints[from]
	}
}

func (d *digest) cut(n int) {
	d.counts = d.counts[:n]
	if d.t == types.Real {
		d.reals = d.reals[:n]
	} else {
		d.ints = d.ints[:n]
	}
}

// percentile is the place of percentile p by nearest rank.
func (d *digest) percentile(p float64) int {
	rank, sum := percentRank(uint64(d.total), p), uint64(0)
	for i, n := range d.counts {
		if sum += uint64(n); sum >= rank {
			return i
		}
	}
	return d.len() - 1
}

// rank counts the values that are not greater than row i of v; ok is false
// for a value of another type.
func (d *digest) rank(v *types.Vector, i int) (n int64, ok bool) {
	one := digest{t: digestType(v.Type)}
	number := d.t == types.Long || d.t == types.Real
	if number != v.Type.IsNumber() || !number && one.t != d.t {
		return 0, false
	}
	x := numberAt(v, i)
	for k, count := range d.counts {
		greater := false
		switch {
		case d.t == types.Real:
			greater = orderReals(d.reals[k], x) > 0
		case one.t == types.Real:
			greater = orderReals(float64(d.ints[k]), x) > 0
		default:
			greater = d.ints[k] > v.Ints[i]
		}
		if greater {
			break
		}
		n += count
	}
	return n, true
}

// vector holds the values as a vector, for printing and converting.
func (d *digest) vector() *types.Vector {
	return &types.Vector{Type: d.t, Len: d.len(), Ints: d.ints, Floats: d.reals}
}

// append writes a settled digest.
func (d *digest) append(dst []byte) []byte {
	v := d.vector()
	dst = append(dst, "[[7],["...)
	for i := range d.len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = dynamic.AppendRow(dst, v, i)
	}
	dst = append(dst, "],["...)
	for i, n := range d.counts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = dynamic.AppendLong(dst, n)
	}
	return append(dst, "]]"...)
}

// readDigest reads what append writes; ok is false for anything else.
func readDigest(text string) (d *digest, ok bool) {
	parts := slices.Collect(dynamic.Items(text))
	if len(parts) != 3 || parts[0] != "[7]" {
		return nil, false
	}
	d = &digest{t: types.Long}
	values, counts := slices.Collect(dynamic.Items(parts[1])), slices.Collect(dynamic.Items(parts[2]))
	if len(values) != len(counts) || len(values) > digestParts {
		return nil, false
	}
	d.t = typeOfDigest(values)
	for i, text := range values {
		n, err := strconv.ParseInt(counts[i], 10, 64)
		if err != nil || n <= 0 || !d.read(text, n) {
			return nil, false
		}
	}
	d.settle()
	return d, true
}

// typeOfDigest tells the type of printed values: one real makes all real, and
// text is a datetime, a timespan, or a real that JSON cannot write.
func typeOfDigest(values []string) types.Type {
	t := types.Long
	for _, v := range values {
		switch dynamic.KindOf(v) {
		case dynamic.String:
			s := dynamic.Unquote(v)
			if _, ok := types.ParseReal(s); ok {
				t = types.Real
			} else if _, ok := types.ParseTimespan(s); ok {
				return types.Timespan
			} else {
				return types.Datetime
			}
		case dynamic.Real:
			t = types.Real
		}
	}
	return t
}

func (d *digest) read(text string, n int64) bool {
	switch d.t {
	case types.Long:
		x, err := strconv.ParseInt(text, 10, 64)
		return err == nil && d.addInt(x, n)
	case types.Datetime:
		x, ok := types.ParseDatetime(dynamic.Unquote(text))
		return ok && d.addInt(x, n)
	case types.Timespan:
		x, ok := types.ParseTimespan(dynamic.Unquote(text))
		return ok && d.addInt(x, n)
	}
	if dynamic.KindOf(text) == dynamic.String {
		text = dynamic.Unquote(text)
	}
	x, ok := types.ParseReal(text)
	return ok && d.addReal(x, n)
}
