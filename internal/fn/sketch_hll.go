package fn

import (
	"encoding/base64"
	"hash/fnv"
	"math"
	"math/bits"
	"slices"
	"strconv"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// A count sketch is what hll() keeps of a group: the hashes of its different
// values, exactly, while they are few, then HyperLogLog registers. As a
// dynamic value it is [[limit,bits],[hashes],[registers]], the form that the
// reference prints, registers as one base64 text. Hashes are our own: sketches
// made by Kusto count alike but do not merge with these.

// sketchSize gives the registers (2^bits) and the number of values counted
// exactly, by accuracy (reference: 1.6, 0.8, 0.4, 0.28 and 0.2 % error; at
// least 1000 exact values for accuracy 1, 8000 for 2).
var sketchSize = [...]struct{ bits, limit int }{{12, 256}, {14, 1024}, {16, 8192}, {17, 16384}, {18, 32768}}

// countSketch has either hashes or registers.
type countSketch struct {
	bits, limit int
	hashes      map[uint64]struct{}
	registers   []byte
}

func newCountSketch(accuracy int) *countSketch {
	size := sketchSize[accuracy]
	return &countSketch{bits: size.bits, limit: size.limit, hashes: map[uint64]struct{}{}}
}

// sketchHash hashes a value by its text as a dynamic value, so that 1 as int
// and as long are the same value.
func sketchHash(text []byte) uint64 {
	f := fnv.New64a()
	f.Write(text)
	// FNV's high bits change too little with short texts: mix (MurmurHash3's
	// finalizer).
	h := f.Sum64()
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

func (s *countSketch) add(h uint64) {
	if s.registers != nil {
		s.raise(h)
		return
	}
	if s.hashes[h] = struct{}{}; len(s.hashes) > s.limit {
		s.spread()
	}
}

// spread turns hashes into registers.
func (s *countSketch) spread() {
	s.registers = make([]byte, 1<<s.bits)
	for h := range s.hashes {
		s.raise(h)
	}
	s.hashes = nil
}

// raise notes the number of leading zeros after the register's index.
func (s *countSketch) raise(h uint64) {
	place := h >> (64 - s.bits)
	zeros := byte(bits.LeadingZeros64(h<<s.bits|1<<(s.bits-1))) + 1
	s.registers[place] = max(s.registers[place], zeros)
}

// merge takes in a sketch of the same size.
func (s *countSketch) merge(o *countSketch) bool {
	if s.bits != o.bits {
		return false
	}
	for h := range o.hashes {
		s.add(h)
	}
	if o.registers == nil {
		return true
	}
	if s.registers == nil {
		s.spread()
	}
	for i, r := range o.registers {
		s.registers[i] = max(s.registers[i], r)
	}
	return true
}

// count is the number of different values: exact for hashes, else the
// HyperLogLog estimate, with linear counting while many registers are unused.
func (s *countSketch) count() int64 {
	if s.registers == nil {
		return int64(len(s.hashes))
	}
	m := float64(len(s.registers))
	sum, unused := 0.0, 0
	for _, r := range s.registers {
		sum += math.Ldexp(1, -int(r))
		if r == 0 {
			unused++
		}
	}
	estimate := 0.7213 / (1 + 1.079/m) * m * m / sum
	if estimate <= 2.5*m && unused > 0 {
		estimate = m * math.Log(m/float64(unused))
	}
	n, _ := types.RealToLong(math.Round(estimate))
	return n
}

// append writes the sketch, hashes in order so that equal sets are equal text.
func (s *countSketch) append(dst []byte) []byte {
	dst = append(dst, "[["...)
	dst = append(dynamic.AppendLong(dst, int64(s.limit)), ',')
	dst = append(dynamic.AppendLong(dst, int64(s.bits)), "],["...)
	hashes := make([]int64, 0, len(s.hashes))
	for h := range s.hashes {
		hashes = append(hashes, int64(h))
	}
	slices.Sort(hashes)
	for i, h := range hashes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dynamic.AppendLong(append(dst, '"'), h), '"')
	}
	dst = append(dst, "],["...)
	if s.registers != nil {
		dst = base64.StdEncoding.AppendEncode(append(dst, '"'), s.registers)
		dst = append(dst, '"')
	}
	return append(dst, "]]"...)
}

// readCountSketch reads what append writes; ok is false for anything else.
func readCountSketch(text string) (s *countSketch, ok bool) {
	parts := slices.Collect(dynamic.Items(text))
	if len(parts) != 3 {
		return nil, false
	}
	accuracy := slices.IndexFunc(sketchSize[:], func(z struct{ bits, limit int }) bool {
		return parts[0] == "["+strconv.Itoa(z.limit)+","+strconv.Itoa(z.bits)+"]"
	})
	if accuracy < 0 {
		return nil, false
	}
	s = newCountSketch(accuracy)
	for item := range dynamic.Items(parts[1]) {
		h, err := strconv.ParseInt(dynamic.Unquote(item), 10, 64)
		if err != nil {
			return nil, false
		}
		s.add(uint64(h))
	}
	for item := range dynamic.Items(parts[2]) {
		raw, err := base64.StdEncoding.DecodeString(dynamic.Unquote(item))
		if err != nil || len(raw) != 1<<s.bits {
			return nil, false
		}
		s.merge(&countSketch{bits: s.bits, registers: raw})
	}
	return s, true
}
