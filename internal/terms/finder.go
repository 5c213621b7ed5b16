package terms

import (
	"iter"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// Mode says how a Finder compares. The zero Mode is a plain search.
type Mode uint8

// The modes; they add up. Term is has, Start hasprefix, End hassuffix.
const (
	FoldCase Mode = 1 << iota
	Start         // the needle begins where a term begins
	End           // the needle ends where a term ends
	Term     = Start | End
)

// Finder looks for one needle in many texts. It is not safe for concurrent
// use.
type Finder struct {
	needle      string // folded when fold is set
	fold, ascii bool
	start, end  bool // ends of the needle that must be ends of terms

	// The two rarest bytes of the needle: where they stand, the bits that do
	// not count in comparing (letter case), and their value in eight lanes.
	at1, at2     int
	mask1, mask2 uint64
	want1, want2 uint64

	next    []int32 // of the linear search, made when it is needed
	scratch []byte  // a folded text
}

// NewFinder prepares the search for needle.
func NewFinder(needle string, mode Mode) *Finder {
	f := &Finder{}
	f.Reset(needle, mode)
	return f
}

// Reset prepares f for another needle, keeping its memory.
func (f *Finder) Reset(needle string, mode Mode) {
	f.fold = mode&FoldCase != 0
	f.ascii = ASCII(needle)
	f.start = mode&Start != 0 && TermAt(needle, 0)
	f.end = mode&End != 0 && TermBefore(needle, len(needle))
	f.next = f.next[:0]
	if f.fold {
		needle = Fold(needle)
	}
	f.needle = needle
	if needle != "" {
		f.at1, f.at2 = rarest(needle)
		f.mask1, f.want1 = f.lanes(needle[f.at1])
		f.mask2, f.want2 = f.lanes(needle[f.at2])
	}
}

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// lanes spreads a byte of the needle over a word.
func (f *Finder) lanes(c byte) (mask, want uint64) {
	if f.fold && c >= 'a' && c <= 'z' {
		mask = 0x20 * lowBits
	}
	return mask, uint64(c) * lowBits
}

// load reads eight bytes of s, little endian.
func load(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// In reports whether the needle is in s.
func (f *Finder) In(s string) bool {
	n := len(f.needle)
	if n == 0 {
		return true
	}
	if f.fold && !f.ascii {
		// Cased characters outside ASCII: compare folded texts.
		return !ASCII(s) && f.linear(s)
	}
	if len(s) < n+7 {
		return f.short(s)
	}
	// Candidates are positions where both rare bytes fit. A text in which
	// many of them fail is given to the linear search, so that no text takes
	// quadratic time.
	budget := 4*len(s) + 256
	last := len(s) - n - 7
	for i := 0; ; i += 8 {
		if i > last {
			if i >= last+8 {
				return false
			}
			i = last // the last word overlaps the one before
		}
		x := (load(s, i+f.at1)^f.want1)&^f.mask1 | (load(s, i+f.at2)^f.want2)&^f.mask2
		for hit := (x - lowBits) &^ x & highBits; hit != 0; hit &= hit - 1 {
			if f.matches(s, i+bits.TrailingZeros64(hit)>>3) {
				return true
			}
			if budget -= n; budget < 0 {
				return f.linear(s)
			}
		}
	}
}

// matches reports whether the needle stands at s[i:], its ends included.
func (f *Finder) matches(s string, i int) bool {
	t := s[i : i+len(f.needle)]
	if f.fold {
		for k := 0; k < len(t); k++ {
			if lower[t[k]] != f.needle[k] {
				return false
			}
		}
	} else if t != f.needle {
		return false
	}
	return !(f.start && TermBefore(s, i)) && !(f.end && TermAt(s, i+len(t)))
}

// short searches texts that are hardly longer than the needle.
func (f *Finder) short(s string) bool {
	for i := 0; i+len(f.needle) <= len(s); i++ {
		if f.matches(s, i) {
			return true
		}
	}
	return false
}

// linear is the search of Knuth, Morris and Pratt on the folded text: at most
// two comparisons per byte, whatever the text.
func (f *Finder) linear(s string) bool {
	if f.fold {
		f.scratch = appendFold(f.scratch[:0], s)
	} else {
		f.scratch = append(f.scratch[:0], s...)
	}
	if len(f.next) == 0 {
		f.next = failures(f.needle, f.next)
	}
	k := 0
	for i, c := range f.scratch {
		for k > 0 && c != f.needle[k] {
			k = int(f.next[k-1])
		}
		if c == f.needle[k] {
			k++
		}
		if k == len(f.needle) {
			if f.bounded(f.scratch[:i+1-k], f.scratch[i+1:]) {
				return true
			}
			k = int(f.next[k-1])
		}
	}
	return false
}

// bounded reports whether a needle between before and after has the ends it
// must have.
func (f *Finder) bounded(before, after []byte) bool {
	if f.start && len(before) > 0 {
		if r, _ := utf8.DecodeLastRune(before); IsTerm(r) {
			return false
		}
	}
	if f.end && len(after) > 0 {
		if r, _ := utf8.DecodeRune(after); IsTerm(r) {
			return false
		}
	}
	return true
}

// failures computes, for every prefix of the needle, the length of the longest
// shorter prefix that is its suffix.
func failures(needle string, dst []int32) []int32 {
	dst = append(dst, 0)
	k := 0
	for i := 1; i < len(needle); i++ {
		for k > 0 && needle[i] != needle[k] {
			k = int(dst[k-1])
		}
		if needle[i] == needle[k] {
			k++
		}
		dst = append(dst, int32(k))
	}
	return dst
}

// common lists bytes of command lines, paths and URLs, the most frequent
// first. Bytes that are not listed count as rare.
const common = "eitaosnrcl-dp \\mus./0hg1\"wfv2bxy3_k=584:79j6zq"

// rank is the place of a byte in common.
func rank(c byte) int {
	if c = lower[c]; c < utf8.RuneSelf {
		if r := strings.IndexByte(common, c); r >= 0 {
			return r
		}
	}
	return len(common)
}

// rarest picks two positions of the needle whose bytes are least frequent. A
// needle of one byte gives the same position twice.
func rarest(needle string) (at1, at2 int) {
	n := min(len(needle), 64)
	for i := 1; i < n; i++ {
		if rank(needle[i]) > rank(needle[at1]) {
			at1 = i
		}
	}
	if at1 == 0 && n > 1 {
		at2 = 1
	}
	for i := range n {
		if i != at1 && needle[i] != needle[at1] && rank(needle[i]) > rank(needle[at2]) {
			at2 = i
		}
	}
	return at1, at2
}

// rarestPair picks the position of the least frequent pair of neighbours.
func rarestPair(needle string) int {
	at, best := 0, -1
	for i := range min(len(needle), 64) - 1 {
		if r := rank(needle[i]) + rank(needle[i+1]); r > best {
			at, best = i, r
		}
	}
	return at
}

// Occurrences iterates over the places of needle in text, those that overlap
// included, in time proportional to the text. An empty needle has none.
func Occurrences(text, needle string) iter.Seq[int] {
	return func(yield func(int) bool) {
		if len(needle) > 64 {
			occurrencesOfLong(text, needle, yield)
			return
		}
		for at := 0; needle != ""; at++ {
			k := strings.Index(text[at:], needle)
			if k < 0 || !yield(at+k) {
				return
			}
			at += k
		}
	}
}

func occurrencesOfLong(text, needle string, yield func(int) bool) {
	next := failures(needle, make([]int32, 0, len(needle)))
	k := 0
	for i := 0; i < len(text); i++ {
		for k > 0 && text[i] != needle[k] {
			k = int(next[k-1])
		}
		if text[i] == needle[k] {
			k++
		}
		if k == len(needle) {
			if !yield(i + 1 - k) {
				return
			}
			k = int(next[k-1])
		}
	}
}
