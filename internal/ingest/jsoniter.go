package ingest

// iter goes over the members of an object or the elements of an array.
type iter struct {
	s     scanner
	depth int
	end   byte
	more  bool // an item was read
	done  bool
	key   value // of an object's member
	val   value
}

// items iterates over raw, the text of an object or an array.
func items(raw []byte) iter {
	it := iter{s: scanner{b: raw}, depth: 1, end: '}'}
	it.s.space()
	if it.s.i >= len(raw) {
		it.s.fail(errJSONEnd)
		return it
	}
	switch raw[it.s.i] {
	case '{':
	case '[':
		it.end = ']'
	default:
		it.s.fail(errJSONSyntax)
	}
	it.s.i++
	return it
}

// next reads the next item into key and val.
func (it *iter) next() bool {
	s := &it.s
	if s.err != nil || it.done {
		return false
	}
	s.space()
	if s.i >= len(s.b) {
		return s.fail(errJSONEnd)
	}
	switch c := s.b[s.i]; {
	case c == it.end:
		s.i++
		it.done = true
		return false
	case !it.more:
	case c == ',':
		s.i++
		s.space()
	default:
		return s.fail(errJSONSyntax)
	}
	it.more = true
	if it.end == '}' && !it.readKey() {
		return false
	}
	v, ok := s.value(it.depth)
	it.val = v
	return ok
}

func (it *iter) readKey() (ok bool) {
	s := &it.s
	if s.i >= len(s.b) {
		return s.fail(errJSONEnd)
	}
	if s.b[s.i] != '"' {
		return s.fail(errJSONSyntax)
	}
	if it.key, ok = s.str(); !ok {
		return false
	}
	s.space()
	if s.i >= len(s.b) {
		return s.fail(errJSONEnd)
	}
	if s.b[s.i] != ':' {
		return s.fail(errJSONSyntax)
	}
	s.i++
	return true
}

// close reports the fault met, or text after the closing bracket.
func (it *iter) close() error {
	if it.s.err == nil && it.done {
		it.s.space()
		if it.s.i < len(it.s.b) {
			return errJSONTail
		}
	}
	return it.s.err
}
