package api

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// call is one HTTP request of any kind, from arrival to the line in the request log.
type call struct {
	s       *Server
	out     *recorder
	r       *http.Request
	control *http.ResponseController
	id      string
	start   time.Time

	// For the log.
	contract string
	outcome  outcome
	tenant   string
	app      string
	rows     int
	text     string // of the query, if the log is to have it
	quiet    bool   // a probe or a scrape

	// For the audit trail of what only the service itself has: which thing was asked for, and what was stored.
	thing, stored string

	kusto *kustoRequest // as far as it was read; nil for other contracts
}

// recorder remembers what has been sent.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader keeps the status.
func (o *recorder) WriteHeader(status int) {
	if o.status == 0 && status >= 200 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

// Write counts.
func (o *recorder) Write(p []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	n, err := o.ResponseWriter.Write(p)
	o.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (o *recorder) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// begin gives the request an id, bounds the time its client may take to send it, and sets the headers that every
// answer has.
//
// The deadlines are set here rather than on the http.Server: its ReadTimeout also ends the read by which it notices
// that a client has gone, which cancels every query that runs longer.
func (s *Server) begin(w http.ResponseWriter, r *http.Request) *call {
	c := &call{s: s, out: &recorder{ResponseWriter: w}, r: r, id: s.cfg.NewID(), start: s.cfg.Clock()}
	c.control = http.NewResponseController(w)
	_ = c.control.SetReadDeadline(time.Now().Add(s.cfg.BodyTimeout)) // in vain only in tests without a connection
	h := w.Header()
	h.Set("Request-Id", c.id)
	for _, name := range []string{"Client-Request-Id", "X-Ms-Client-Request-Id"} {
		if id := r.Header.Get(name); saneID(id) {
			h.Set(name, id)
		}
	}
	h.Set("X-Content-Type-Options", "nosniff")
	if r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=15724800; includeSubDomains")
	}
	return c
}

// saneID accepts what clients use to name their requests: GUIDs, and texts such as "KGC.execute;…" or "|1d25….".
func saneID(id string) bool {
	if id == "" || len(id) > 128 {
		return false
	}
	return !strings.ContainsFunc(id, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("-_.:;|/", r)
	})
}

// fail answers a request that reached no contract.
func (c *call) fail(f *failure) {
	c.outcome = f.outcome
	c.head(f)
	c.send(f.status, bytesBody(failEnvelope(nil, f, c)))
}

// end writes the request log. A panic becomes a 500 when nothing has been sent yet, and a broken connection when
// something has; its text and stack go to the log only.
func (c *call) end() {
	if p := recover(); p != nil {
		if p == http.ErrAbortHandler {
			c.log()
			panic(p)
		}
		f := c.panicked(p)
		if c.out.status != 0 {
			c.log()
			panic(http.ErrAbortHandler)
		}
		c.fail(f)
	}
	c.log()
}

func (c *call) panicked(p any) *failure {
	c.s.cfg.Log.Error("panic", "id", c.id, "value", p, "stack", string(debug.Stack()))
	c.s.metrics.panics.Inc()
	return internal(nil)
}

func (c *call) log() {
	level := slog.LevelInfo
	switch {
	case c.out.status >= 500:
		level = slog.LevelError
	case c.quiet && c.out.status == http.StatusOK:
		level = slog.LevelDebug
	}
	status := c.out.status
	if status == 0 {
		status = statusGone
	}
	log := c.s.cfg.Log
	if c.text != "" {
		log = log.With("query", c.text)
	}
	log.Log(c.r.Context(), level, "request", "id", c.id, "method", c.r.Method, "path", logPath(c.r.URL.Path), "contract", c.contract,
		"status", status, "outcome", string(c.outcome), "tenant", c.tenant, "app", c.app, "rows", c.rows, "bytes", c.out.bytes,
		"ms", millis(c.s.cfg.Clock().Sub(c.start)), "source", c.r.RemoteAddr)
}

// logPath leaves the arguments of a function in a path out of the log: one of them is a query.
func logPath(path string) string {
	if name, _, called := strings.Cut(path, "("); called {
		return short(name) + "(…)"
	}
	return short(path)
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
