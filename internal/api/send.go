package api

import (
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// content is an encoded answer: rows in a buffer, or the bytes of an error.
type content interface {
	io.WriterTo
	len() int64
}

type bytesBody []byte

func (b bytesBody) len() int64 { return int64(len(b)) }

// WriteTo writes the bytes.
func (b bytesBody) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(b)
	return int64(n), err
}

// head sets the headers of an error.
func (c *call) head(f *failure) {
	h := c.out.Header()
	if f.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int((f.retry+time.Second-1)/time.Second)))
	}
	if f.challenge != "" {
		h.Set("WWW-Authenticate", f.challenge)
	}
	if f.allow != "" {
		h.Set("Allow", f.allow)
	}
}

// send writes an answer, compressed when the client asks for it. From here on an error means that the client has gone.
func (c *call) send(status int, body content) {
	out := c.pace(body.len())
	h := c.out.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Encoding")
	coding := negotiate(c.r.Header.Values("Accept-Encoding"))
	if coding == "" {
		h.Set("Content-Length", strconv.FormatInt(body.len(), 10))
		c.out.WriteHeader(status)
		_, _ = body.WriteTo(out)
		return
	}
	h.Set("Content-Encoding", coding)
	c.out.WriteHeader(status)
	pool := &c.s.gzips
	if coding == codingDeflate {
		pool = &c.s.zlibs
	}
	z := pool.Get().(compressor)
	z.Reset(out)
	if _, err := body.WriteTo(z); err == nil {
		_ = z.Close()
	}
	z.Reset(io.Discard)
	pool.Put(z)
}

// compressor has two implementations in the standard library. The lowest level is the fastest; rows of telemetry
// shrink about tenfold with it already.
type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

func newGzip() any {
	z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // fails for unknown levels only
	return z
}

// newZlib is HTTP's "deflate", which is the zlib format (RFC 9110, section 8.4.1.2).
func newZlib() any {
	z, _ := zlib.NewWriterLevel(io.Discard, zlib.BestSpeed)
	return z
}

const (
	codingGzip    = "gzip"
	codingDeflate = "deflate"
)

// negotiate picks a content coding, "" for none (RFC 9110, section 12.5.3). Of equals gzip wins: there are clients
// that take "deflate" for the bare format without zlib's header.
func negotiate(accept []string) string {
	best, bestQ := "", 0.0
	for _, item := range strings.Split(strings.Join(accept, ","), ",") {
		name, params, _ := strings.Cut(item, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "x-gzip" {
			name = codingGzip
		}
		if name != codingGzip && name != codingDeflate {
			continue
		}
		if q := quality(params); q > bestQ || q == bestQ && q > 0 && name == codingGzip {
			best, bestQ = name, q
		}
	}
	return best
}

// quality reads ";q=0.5"; what cannot be read is a refusal.
func quality(params string) float64 {
	params = strings.ToLower(strings.ReplaceAll(params, " ", ""))
	if params == "" {
		return 1
	}
	text, ok := strings.CutPrefix(params, "q=")
	q, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}

var _ http.Handler = (*Server)(nil)
