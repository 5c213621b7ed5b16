package quota

import (
	"slices"
	"sort"
	"time"
)

// Times inside the package are durations since the limiter's start. A window of length w at time t covers (t-w, t].

// calls are the times of the accepted calls, oldest first. Their number is bounded by the limits that admit them.
type calls struct{ at []time.Duration }

// since counts the calls after a time.
func (c *calls) since(cut time.Duration) int {
	return len(c.at) - sort.Search(len(c.at), func(i int) bool { return c.at[i] > cut })
}

// renews is how long until fewer than maximum calls are in the window: when the call that is maximum-th from the end
// leaves it.
func (c *calls) renews(now, window time.Duration, maximum int) time.Duration {
	return c.at[len(c.at)-maximum] + window - now
}

// remove forgets one call of a time, if there is one.
func (c *calls) remove(at time.Duration) {
	if i, found := slices.BinarySearch(c.at, at); found {
		c.at = slices.Delete(c.at, i, i+1)
	}
}

// drop forgets calls up to a time.
func (c *calls) drop(cut time.Duration) {
	if n := len(c.at) - c.since(cut); worthDropping(n, len(c.at)) {
		c.at = slices.Clone(c.at[n:])
	}
}

// worthDropping delays the copy until half of a list is out of date, which makes its cost constant per entry and gives
// the memory back.
func worthDropping(n, of int) bool { return n > 0 && 2*n >= of }

// run is one finished query: it ran from start to end. sum is the running time of all queries up to and with this one,
// which makes the sum over a window a subtraction.
type run struct{ start, end, sum time.Duration }

// runs are the finished queries in the order of their end.
type runs struct {
	list    []run
	dropped time.Duration // sum of what is no longer in the list
	longest time.Duration // bounds how far before its end a query can have started
}

// maxRuns bounds the memory of one account. No documented profile gets near it (1,500 calls an hour are 36,000 a day),
// so only a profile without a limit of calls can, and then runs are merged in pairs.
const maxRuns = 1 << 16

// add records a query that ended now.
func (r *runs) add(now, elapsed time.Duration) {
	if elapsed <= 0 {
		return
	}
	if len(r.list) >= maxRuns {
		r.merge()
	}
	r.list = append(r.list, run{now - elapsed, now, r.total() + elapsed})
	r.longest = max(r.longest, elapsed)
}

// merge joins neighbours: from then on a pair counts as one query that ended with the younger of the two. Its time leaves
// a window at about the time it should.
func (r *runs) merge() {
	out := r.list[:0]
	before := r.dropped
	for i := 1; i < len(r.list); i += 2 {
		last := r.list[i]
		out = append(out, run{last.end - (last.sum - before), last.end, last.sum})
		r.longest = max(r.longest, last.sum-before)
		before = last.sum
	}
	r.list = out
}

func (r *runs) total() time.Duration { return r.before(len(r.list)) }

// before is the sum of all runs in front of index i.
func (r *runs) before(i int) time.Duration {
	if i == 0 {
		return r.dropped
	}
	return r.list[i-1].sum
}

// since is the running time after a time; a run across it counts in part.
func (r *runs) since(cut time.Duration) time.Duration {
	i := r.firstAfter(cut)
	used := r.total() - r.before(i)
	for ; i < len(r.list) && r.list[i].end < cut+r.longest; i++ {
		if start := r.list[i].start; start < cut {
			used -= cut - start
		}
	}
	return used
}

func (r *runs) firstAfter(cut time.Duration) int {
	return sort.Search(len(r.list), func(i int) bool { return r.list[i].end > cut })
}

// drop forgets queries that ended up to a time.
func (r *runs) drop(cut time.Duration) {
	if i := r.firstAfter(cut); worthDropping(i, len(r.list)) {
		r.dropped = r.before(i)
		r.list = slices.Clone(r.list[i:])
	}
	if len(r.list) == 0 {
		r.longest = 0
	}
}

// insert records a query that ended at some time, perhaps before others that are known.
func (r *runs) insert(end, elapsed time.Duration) {
	if n := len(r.list); n == 0 || r.list[n-1].end <= end {
		r.add(end, elapsed)
		return
	}
	if elapsed <= 0 {
		return
	}
	i := r.firstAfter(end)
	before := r.before(i)
	r.list = slices.Insert(r.list, i, run{end - elapsed, end, before + elapsed})
	for k := i + 1; k < len(r.list); k++ {
		r.list[k].sum += elapsed
	}
	r.longest = max(r.longest, elapsed)
}
