package simulate

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
)

// Times are ticks of 100 ns, as everywhere.
const (
	millisecond = 10_000
	second      = 1000 * millisecond
	minute      = 60 * second
	hour        = 60 * minute
	day         = 24 * hour
)

// dice is a stream of chance. It knows whole numbers only: the rounding of
// floating-point arithmetic differs between processors, and the rows must not.
type dice struct{ r *rand.Rand }

// newDice makes the stream of a seed that belongs to a name.
func newDice(seed uint64, name string) dice {
	h := sha256.Sum256([]byte(name))
	return dice{rand.New(rand.NewPCG(seed, binary.LittleEndian.Uint64(h[:8])))}
}

// below is a number from 0 to n-1; 0 if there is no such number.
func (d dice) below(n int) int {
	if n <= 1 {
		return 0
	}
	return int(d.r.Uint64N(uint64(n)))
}

// between is a number from lo to hi.
func (d dice) between(lo, hi int64) int64 {
	if hi <= lo {
		return lo
	}
	return lo + int64(d.r.Uint64N(uint64(hi-lo+1)))
}

// chance is true n times of 1000.
func (d dice) chance(n int) bool { return d.below(1000) < n }

// around is a span of about the given mean, mostly shorter, at times longer.
func (d dice) around(mean int64) int64 {
	n := d.between(mean/4, mean)
	if d.chance(250) {
		n += d.between(mean/2, 3*mean)
	}
	return n
}

// hex is a text of n hexadecimal digits.
func (d dice) hex(n int) string {
	const digits = "0123456789abcdef"
	b := make([]byte, n)
	for i := range b {
		b[i] = digits[d.r.Uint64N(16)]
	}
	return string(b)
}

// guid is a version 4 UUID.
func (d dice) guid() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], d.r.Uint64())
	binary.BigEndian.PutUint64(b[8:], d.r.Uint64())
	return guidOf(b)
}

func guidOf(b [16]byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	var out [36]byte
	n := 0
	for i, c := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			out[n] = '-'
			n++
		}
		hex.Encode(out[n:], []byte{c})
		n += 2
	}
	return string(out[:])
}

// stableGUID is the UUID of a name, the same in every run.
func stableGUID(name string) string {
	h := sha256.Sum256([]byte(name))
	return guidOf([16]byte(h[:16]))
}

// stable is a number from 0 to n-1 that belongs to a name.
func stable(n int, names ...string) int {
	x := uint64(14695981039346656037) // FNV-1a
	for _, s := range names {
		for i := range len(s) {
			x = (x ^ uint64(s[i])) * 1099511628211
		}
		x = (x ^ 0xff) * 1099511628211
	}
	x ^= x >> 32
	return int(x % uint64(n))
}

// weighted is a list to choose from, each item as often as its weight says.
type weighted[E any] struct {
	items []E
	upTo  []int // running sums
}

func (w *weighted[E]) add(e E, weight int) {
	w.items = append(w.items, e)
	w.upTo = append(w.upTo, w.total()+weight)
}

func (w *weighted[E]) total() int {
	if len(w.upTo) == 0 {
		return 0
	}
	return w.upTo[len(w.upTo)-1]
}

// pick chooses; the list has items.
func (w *weighted[E]) pick(d dice) E {
	n := d.below(w.total())
	lo, hi := 0, len(w.upTo)-1
	for lo < hi {
		if mid := (lo + hi) / 2; w.upTo[mid] > n {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return w.items[lo]
}

// zipf makes a list in which the n-th item has 1/n of the first one's weight.
func zipf[E any](items []E) weighted[E] {
	var w weighted[E]
	for i, e := range items {
		w.add(e, 100_000/(i+1)+1)
	}
	return w
}
