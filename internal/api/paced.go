package api

import "time"

const (
	slowReader = 64 << 10  // bytes a second that a client must take of a whole answer
	pieceBytes = 256 << 10 // what it must take within the time to send
)

// paced writes an answer to a client that has to take it: each piece within the time to send, and the whole of it at a
// least rate. A reader that has stopped is noticed at the first piece that the buffers of both systems do not hold.
type paced struct {
	c    *call
	end  time.Time // of the whole answer
	left int       // of the piece
}

// pace starts an answer of a size, which is that before compression.
func (c *call) pace(size int64) *paced {
	p := &paced{c: c, end: time.Now().Add(c.s.cfg.Ops.SendTimeout + time.Duration(size/slowReader)*time.Second)}
	p.piece()
	return p
}

func (p *paced) piece() {
	by := time.Now().Add(p.c.s.cfg.Ops.SendTimeout)
	if p.end.Before(by) {
		by = p.end
	}
	_ = p.c.control.SetWriteDeadline(by) // in vain only in tests without a connection
	p.left = pieceBytes
}

// Write writes at most a piece at a time.
func (p *paced) Write(b []byte) (n int, err error) {
	for len(b) > 0 && err == nil {
		if p.left == 0 {
			p.piece()
		}
		now := min(len(b), p.left)
		var m int
		m, err = p.c.out.Write(b[:now])
		n, p.left, b = n+m, p.left-m, b[m:]
	}
	return n, err
}
