package terms

// Set looks for many needles at once, as has_any does: every needle a whole
// term, case not counting. It is not safe for concurrent use.
type Set struct {
	finders []Finder
	few     bool // ask the finders one by one
	always  bool // an empty needle is found everywhere
	wide    bool // some needle has characters outside ASCII

	// The one-pass search looks at every pair of neighbouring bytes. seen is
	// a bitmap of the pairs, the rarest of every needle, that can mean one;
	// slots is a hash table from pairs to needles, those of one slot chained
	// by chain. Needles of one byte are sought singly.
	seen   [1 << 13]uint8
	slots  [256]int16
	chain  []int16
	offset []uint8 // of the pair in the needle
	single []int16

	scratch []byte
}

// none ends a chain of needles.
const none = -1

// maxNeedles bounds the list of a Set: as many as has_any looks at.
const maxNeedles = 10_000

// NewSet prepares the search for needles; those beyond the first 10,000 are
// not looked for, as in Kusto.
func NewSet(needles []string) *Set {
	needles = needles[:min(len(needles), maxNeedles)]
	s := &Set{finders: make([]Finder, len(needles)), few: len(needles) <= 3}
	for i := range needles {
		f := &s.finders[i]
		f.Reset(needles[i], FoldCase|Term)
		s.always = s.always || f.needle == ""
		s.wide = s.wide || !f.ascii
	}
	if !s.few && !s.always {
		s.index()
	}
	return s
}

func (s *Set) index() {
	for i := range s.slots {
		s.slots[i] = none
	}
	s.chain = make([]int16, len(s.finders))
	s.offset = make([]uint8, len(s.finders))
	for i := range s.finders {
		f := &s.finders[i]
		if len(f.needle) == 1 {
			s.single = append(s.single, int16(i))
			continue
		}
		at := rarestPair(f.needle)
		s.offset[i] = uint8(at)
		pair := uint32(f.needle[at])<<8 | uint32(f.needle[at+1])
		s.seen[pair>>3] |= 1 << (pair & 7)
		slot := &s.slots[slotOf(pair)]
		s.chain[i], *slot = *slot, int16(i)
	}
}

func slotOf(pair uint32) uint8 { return uint8(pair * 0x9E3779B1 >> 24) }

// Any reports whether some needle is in text.
func (s *Set) Any(text string) bool {
	if s.always {
		return true
	}
	if s.few {
		return s.First(text) >= 0
	}
	if s.wide && !ASCII(text) {
		s.scratch = appendFold(s.scratch[:0], text)
		text = string(s.scratch)
	}
	return s.scan(text)
}

// All reports whether every needle is in text.
func (s *Set) All(text string) bool {
	for i := range s.finders {
		if !s.finders[i].In(text) {
			return false
		}
	}
	return true
}

// First returns the first needle, in the order of the list, that is in text;
// -1 when there is none.
func (s *Set) First(text string) int {
	for i := range s.finders {
		if s.finders[i].In(text) {
			return i
		}
	}
	return -1
}

// scan looks for all needles in one pass over text. Where the pass would take
// quadratic time it turns to the finders.
func (s *Set) scan(text string) bool {
	for _, k := range s.single {
		if s.finders[k].In(text) {
			return true
		}
	}
	budget := 8*len(text) + 4096
	pair := uint32(0)
	for i := 0; i < len(text); i++ {
		pair = pair<<8&0xff00 | uint32(lower[text[i]])
		if s.seen[pair>>3]>>(pair&7)&1 == 0 {
			continue
		}
		hit, work := s.at(text, i-1, pair)
		if hit {
			return true
		}
		if budget -= work; budget < 0 {
			return s.First(text) >= 0
		}
	}
	return false
}

// at reports whether a needle stands in text with its rarest pair at i, and
// what it took to see.
func (s *Set) at(text string, i int, pair uint32) (hit bool, work int) {
	for k := s.slots[slotOf(pair)]; k != none; k = s.chain[k] {
		f := &s.finders[k]
		work += len(f.needle)
		if from := i - int(s.offset[k]); from >= 0 && from+len(f.needle) <= len(text) && f.matches(text, from) {
			return true, work
		}
	}
	return false, work
}
