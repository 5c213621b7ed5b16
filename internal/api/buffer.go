package api

import (
	"errors"
	"io"
	"sync"
)

// errTooLarge is an answer beyond the allowed size.
var errTooLarge = errors.New("api: the result is too large")

const chunkBytes = 256 << 10

// buffer holds an answer in chunks: a large one is neither copied while it grows nor kept by the pool afterwards.
type buffer struct {
	pool  *sync.Pool // of *[]byte with capacity chunkBytes
	head  []byte     // comes before everything: what is known only after the rows
	full  []*[]byte
	cur   *[]byte
	size  int64 // of the full chunks
	limit int64
}

func newBuffer(pool *sync.Pool, limit int64) *buffer {
	return &buffer{pool: pool, limit: limit, cur: pool.Get().(*[]byte)}
}

func newChunk() any {
	c := make([]byte, 0, chunkBytes)
	return &c
}

// tail is what is appended to; the result must be given to put.
func (b *buffer) tail() []byte { return *b.cur }

// put takes back the extended tail.
func (b *buffer) put(tail []byte) error {
	*b.cur = tail
	if b.len() > b.limit {
		return errTooLarge
	}
	if len(tail) >= chunkBytes-chunkBytes/8 { // most rows fit into the rest
		b.size += int64(len(tail))
		b.full = append(b.full, b.cur)
		b.cur = b.pool.Get().(*[]byte)
	}
	return nil
}

// finish takes back the tail without a look at the limit: the end of an answer that was cut at it.
func (b *buffer) finish(tail []byte) { *b.cur = tail }

func (b *buffer) len() int64 { return int64(len(b.head)) + b.size + int64(len(*b.cur)) }

// WriteTo writes everything.
func (b *buffer) WriteTo(w io.Writer) (n int64, err error) {
	if len(b.head) > 0 {
		m, err := w.Write(b.head)
		n += int64(m)
		if err != nil {
			return n, err
		}
	}
	for _, c := range append(b.full, b.cur) {
		m, err := w.Write(*c)
		n += int64(m)
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// release gives the chunks back; those that one huge row has grown are left to the collector.
func (b *buffer) release() {
	for _, c := range append(b.full, b.cur) {
		if cap(*c) <= 2*chunkBytes {
			*c = (*c)[:0]
			b.pool.Put(c)
		}
	}
	b.full, b.cur = nil, nil
}
