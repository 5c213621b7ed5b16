package regex

import (
	"regexp/syntax"
	"unicode/utf8"
)

// machine runs a compiled pattern on texts that are not ASCII when it holds
// \b or \B: Go's own machines only know the ASCII word boundary. It is the
// machine of Pike (R. Cox, "Regular Expression Matching: the Virtual Machine
// Approach", 2009): one thread per instruction, in order of preference, so a
// text takes time in proportion to its length whatever the pattern.
type machine struct {
	prog *syntax.Prog
	size int // positions kept per thread

	now, next queue
	free      [][]int
	best      []int
	found     bool
}

// queue is a list of threads with at most one per instruction.
type queue struct {
	threads []thread
	at      []int32 // by instruction: its place in threads, if it is there
}

type thread struct {
	pc  uint32
	pos []int
}

func newMachine(pattern string) (*machine, error) {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, err
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, err
	}
	m := &machine{prog: prog}
	m.now.at = make([]int32, len(prog.Inst))
	m.next.at = make([]int32, len(prog.Inst))
	return m, nil
}

// find returns the first match that begins at or after from, with the given
// number of groups (the whole match is one; with none only that there is a
// match can be told). nil: no match.
func (m *machine) find(text string, from, groups int) []int {
	m.size, m.found = 2*groups, false
	m.best = make([]int, m.size)
	m.now.threads = m.now.threads[:0]
	before, pos := runeBefore(text, from), from
	for {
		r, n := runeAt(text, pos)
		if !m.found {
			m.add(&m.now, uint32(m.prog.Start), pos, boundaries(before, r), m.start(pos))
		}
		if len(m.now.threads) == 0 && m.found {
			break
		}
		after, _ := runeAt(text, pos+n)
		m.step(r, pos, pos+n, boundaries(r, after))
		m.now, m.next = m.next, m.now
		if n == 0 {
			break
		}
		before, pos = r, pos+n
	}
	if !m.found {
		return nil
	}
	return m.best
}

// findAll returns all matches that do not overlap; an empty one directly after
// another does not count.
func (m *machine) findAll(text string, groups int) [][]int {
	var all [][]int
	for from, end := 0, -1; from <= len(text); {
		match := m.find(text, from, groups)
		if match == nil {
			break
		}
		if match[1] > match[0] || match[0] != end {
			all = append(all, match)
		}
		if from = match[1]; match[1] == match[0] {
			_, n := runeAt(text, from)
			from += max(n, 1)
		}
		end = match[1]
	}
	return all
}

// start makes the positions of a thread that begins at pos.
func (m *machine) start(pos int) []int {
	p := m.fresh()
	for i := range p {
		p[i] = -1
	}
	if m.size > 0 {
		p[0] = pos
	}
	return p
}

// fresh returns memory for the positions of one thread.
func (m *machine) fresh() []int {
	if n := len(m.free); n > 0 && len(m.free[n-1]) == m.size {
		p := m.free[n-1]
		m.free = m.free[:n-1]
		return p
	}
	return make([]int, m.size)
}

// step moves all threads over the character r, which stands at pos.
func (m *machine) step(r rune, pos, next int, cond syntax.EmptyOp) {
	m.next.threads = m.next.threads[:0]
	for i, t := range m.now.threads {
		switch in := &m.prog.Inst[t.pc]; in.Op {
		case syntax.InstMatch:
			if copy(m.best, t.pos); m.size > 1 {
				m.best[1] = pos
			}
			m.found = true
			// The threads after this one are less preferred.
			for _, rest := range m.now.threads[i:] {
				m.drop(rest.pos)
			}
			return
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			if r >= 0 && in.MatchRune(r) {
				m.add(&m.next, in.Out, next, cond, t.pos)
			} else {
				m.drop(t.pos)
			}
		}
	}
}

func (m *machine) drop(pos []int) {
	if pos != nil {
		m.free = append(m.free, pos)
	}
}

// add puts a thread at pc, or, where pc reads nothing, at what follows; pc
// itself is then only marked as seen. It owns pos.
func (m *machine) add(q *queue, pc uint32, at int, cond syntax.EmptyOp, pos []int) {
	if k := int(q.at[pc]); k < len(q.threads) && q.threads[k].pc == pc {
		m.drop(pos)
		return
	}
	q.at[pc] = int32(len(q.threads))
	q.threads = append(q.threads, thread{pc: pc})
	switch in := &m.prog.Inst[pc]; in.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		other := m.fresh()
		copy(other, pos)
		m.add(q, in.Out, at, cond, other)
		m.add(q, in.Arg, at, cond, pos)
	case syntax.InstEmptyWidth:
		if syntax.EmptyOp(in.Arg)&^cond == 0 {
			m.add(q, in.Out, at, cond, pos)
		} else {
			m.drop(pos)
		}
	case syntax.InstNop:
		m.add(q, in.Out, at, cond, pos)
	case syntax.InstCapture:
		if int(in.Arg) < m.size {
			pos[in.Arg] = at
		}
		m.add(q, in.Out, at, cond, pos)
	case syntax.InstFail:
		m.drop(pos)
	default:
		q.threads[len(q.threads)-1].pos = pos
	}
}

// boundaries tells which assertions hold between two characters, -1 being an
// end of the text.
func boundaries(before, after rune) syntax.EmptyOp {
	cond := syntax.EmptyOpContext(before, after) &^ (syntax.EmptyWordBoundary | syntax.EmptyNoWordBoundary)
	if isWord(before) != isWord(after) {
		return cond | syntax.EmptyWordBoundary
	}
	return cond | syntax.EmptyNoWordBoundary
}

func runeAt(text string, i int) (rune, int) {
	if i >= len(text) {
		return -1, 0
	}
	return utf8.DecodeRuneInString(text[i:])
}

func runeBefore(text string, i int) rune {
	if i == 0 {
		return -1
	}
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return r
}
