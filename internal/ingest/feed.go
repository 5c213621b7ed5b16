package ingest

import (
	"bytes"
	"errors"
	"io"
)

// The faults of a single record; the feed goes on after it.
var (
	errTooLong = errors.New("longer than the limit of one record")
	errStray   = errors.New("text where a record should start")
)

// feed cuts a stream into records. Two layouts occur: JSON Lines, where a
// line is a record and a broken one costs only itself; and documents, where
// records sit in an array, possibly inside {"records":[…]}, and lines mean
// nothing. The first line decides (see layout).
type feed struct {
	r     io.Reader
	limit int // bytes of one record
	buf   []byte
	pos   int // of the next byte not yet handed out
	err   error
	line  int64 // number of the line at pos
	read  int64 // bytes taken from r

	started bool
	doc     bool
	inside  bool // a document: inside its array
	wrapped bool // that array sits in an object
}

func newFeed(r io.Reader, limit int) *feed { return &feed{r: r, limit: limit, line: 1} }

// fill reads more; false at the end of the stream. What is before pos is
// dropped, so slices handed out earlier are lost.
func (f *feed) fill() bool {
	if f.err != nil {
		return false
	}
	if f.pos > 0 {
		f.buf = f.buf[:copy(f.buf, f.buf[f.pos:])]
		f.pos = 0
	}
	if len(f.buf) == cap(f.buf) {
		grown := make([]byte, len(f.buf), max(256<<10, 2*cap(f.buf)))
		copy(grown, f.buf)
		f.buf = grown
	}
	for range 100 {
		n, err := f.r.Read(f.buf[len(f.buf):cap(f.buf)])
		f.buf = f.buf[:len(f.buf)+n]
		f.read += int64(n)
		f.err = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	f.err = io.ErrNoProgress
	return false
}

// start reads enough to see the layout.
func (f *feed) start() {
	f.started = true
	for len(f.buf) < sniffLen && f.fill() {
	}
	if bytes.HasPrefix(f.buf, []byte("\xEF\xBB\xBF")) {
		f.pos = 3
	}
	f.doc = isDocument(f.buf[f.pos:], f.err != nil)
}

// head is the start of the stream, for sniffing what it is.
func (f *feed) head() []byte {
	if !f.started {
		f.start()
	}
	return f.buf[f.pos:min(len(f.buf), f.pos+sniffLen)]
}

// next returns the next record and its line number. The record is good until
// the next call. At the end err is io.EOF or what broke the stream; errTooLong,
// errStray and errJSONEnd concern one record.
func (f *feed) next() (rec []byte, line int64, err error) {
	if !f.started {
		f.start()
	}
	if f.doc {
		return f.nextElement()
	}
	return f.nextLine()
}

func (f *feed) nextLine() ([]byte, int64, error) {
	for seen := 0; ; {
		at := bytes.IndexByte(f.buf[f.pos+seen:], '\n')
		end := f.pos + seen + at
		if at < 0 {
			if len(f.buf)-f.pos > f.limit {
				line := f.line
				f.skipLine()
				return nil, line, errTooLong
			}
			seen = len(f.buf) - f.pos
			if f.fill() {
				continue
			}
			if end = len(f.buf); end == f.pos {
				return nil, f.line, f.err
			}
		}
		rec, line := bytes.Trim(f.buf[f.pos:end], " \t\r"), f.line
		f.pos = min(end+1, len(f.buf))
		f.line++
		if len(rec) > f.limit {
			return nil, line, errTooLong
		}
		if len(rec) > 0 {
			return rec, line, nil
		}
		seen = 0
	}
}

// skipLine drops the rest of the line.
func (f *feed) skipLine() {
	for {
		if at := bytes.IndexByte(f.buf[f.pos:], '\n'); at >= 0 {
			f.pos += at + 1
			f.line++
			return
		}
		f.pos = len(f.buf)
		if !f.fill() {
			return
		}
	}
}

// skip drops n bytes, counting the line ends among them.
func (f *feed) skip(n int) {
	f.line += int64(bytes.Count(f.buf[f.pos:f.pos+n], []byte{'\n'}))
	f.pos += n
}

// peek shows the next byte that is neither white space nor a comma.
func (f *feed) peek() (byte, bool) {
	for {
		for i, c := range f.buf[f.pos:] {
			switch c {
			case ' ', '\t', '\r', '\n', ',':
			default:
				f.skip(i)
				return c, true
			}
		}
		f.skip(len(f.buf) - f.pos)
		if !f.fill() {
			return 0, false
		}
	}
}

func (f *feed) nextElement() ([]byte, int64, error) {
	for {
		c, ok := f.peek()
		if !ok && f.inside {
			f.inside = false
			return nil, f.line, errJSONEnd
		}
		if !ok {
			return nil, f.line, f.err
		}
		switch {
		case f.inside && c == ']':
			f.skip(1)
			f.inside = false
			if f.wrapped {
				f.close(1)
			}
		case !f.inside && c == '[':
			f.skip(1)
			f.inside, f.wrapped = true, false
		case !f.inside && c == '{' && f.wrapper() > 0:
			f.skip(f.wrapper())
			f.inside, f.wrapped = true, true
		case c == '{':
			return f.object()
		default:
			line := f.line
			f.skipStray()
			return nil, line, errStray
		}
	}
}

// skipStray drops what is no record, up to where one may start again.
func (f *feed) skipStray() {
	f.skip(1)
	for {
		if at := bytes.IndexAny(f.buf[f.pos:], "{[]\n"); at >= 0 {
			f.skip(at)
			return
		}
		f.skip(len(f.buf) - f.pos)
		if !f.fill() {
			return
		}
	}
}

// wrapper is the length of `{"records":[` at pos, 0 when something else is
// there.
func (f *feed) wrapper() int {
	for len(f.buf)-f.pos < 256 && f.fill() {
	}
	b := f.buf[f.pos:]
	n := 0
	for _, token := range []string{"{", `"records"`, ":", "["} {
		for n < len(b) && (b[n] == ' ' || b[n] == '\t' || b[n] == '\r' || b[n] == '\n') {
			n++
		}
		if !bytes.HasPrefix(b[n:], []byte(token)) {
			return 0
		}
		n += len(token)
	}
	return n
}

// object returns the object at pos, up to its closing brace.
func (f *feed) object() ([]byte, int64, error) {
	line := f.line
	var n nesting
	for at := 0; ; {
		if end := n.close(f.buf[f.pos+at:], 0); end >= 0 {
			rec := f.buf[f.pos : f.pos+at+end]
			f.skip(at + end)
			if len(rec) > f.limit {
				return nil, line, errTooLong
			}
			return rec, line, nil
		}
		at = len(f.buf) - f.pos
		if at > f.limit {
			f.skip(at)
			f.drain(&n, 0)
			return nil, line, errTooLong
		}
		if !f.fill() {
			rec := f.buf[f.pos : f.pos+at]
			f.skip(at)
			return rec, line, nil // unfinished: the parser says so
		}
	}
}

// close drops everything up to where depth open brackets are closed.
func (f *feed) close(depth int) {
	n := nesting{depth: depth}
	f.drain(&n, 0)
}

func (f *feed) drain(n *nesting, to int) {
	for {
		if end := n.close(f.buf[f.pos:], to); end >= 0 {
			f.skip(end)
			return
		}
		f.skip(len(f.buf) - f.pos)
		if !f.fill() {
			return
		}
	}
}

// nesting follows brackets and strings across pieces of a JSON text.
type nesting struct {
	depth   int
	str     bool
	escaped bool
}

// close scans b until the depth falls to the given one and returns the offset
// behind that bracket, or -1 when it is not in b.
func (n *nesting) close(b []byte, to int) int {
	for i, c := range b {
		switch {
		case n.escaped:
			n.escaped = false
		case n.str:
			n.escaped = c == '\\'
			n.str = c != '"'
		case c == '"':
			n.str = true
		case c == '{' || c == '[':
			n.depth++
		case c == '}' || c == ']':
			if n.depth--; n.depth <= to {
				return i + 1
			}
		}
	}
	return -1
}
