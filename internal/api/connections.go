package api

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// connections bounds the open connections, in all and per source address. A connection costs memory and a descriptor
// before it has said who it is, so its number is bounded before anything else. When a bound is reached, the connection
// that has been idle between requests for the longest makes room: clients open a new one without noticing. When none is
// idle, the newcomer is closed.
type connections struct {
	most, perSource int // negative: no limit

	mu       sync.Mutex
	open     map[*connection]struct{}
	bySource map[netip.Prefix]int
	refused  int // newcomers closed
	evicted  int // idle ones closed
}

func newConnections(most, perSource int) *connections {
	return &connections{most: most, perSource: perSource, open: map[*connection]struct{}{}, bySource: map[netip.Prefix]int{}}
}

// connection is counted until it is closed.
type connection struct {
	net.Conn
	all    *connections
	source netip.Prefix
	idle   time.Time // since when; zero while it is used
	closed bool
}

type boundedListener struct {
	net.Listener
	all *connections
}

// Accept returns the next connection that is within the bounds.
func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if counted := l.all.admit(c); counted != nil {
			return counted, nil
		}
		_ = c.Close()
	}
}

// Close uncounts the connection.
func (c *connection) Close() error {
	c.all.forget(c)
	return c.Conn.Close()
}

// sourceOf is an address, of IPv6 the network that one site has.
func sourceOf(a net.Addr) netip.Prefix {
	var addr netip.Addr
	if t, ok := a.(*net.TCPAddr); ok {
		addr = t.AddrPort().Addr().Unmap().WithZone("")
	}
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	p, _ := addr.Prefix(bits) // of no address: the zero prefix, which all such connections share
	return p
}

func (s *connections) admit(raw net.Conn) net.Conn {
	c := &connection{Conn: raw, all: s, source: sourceOf(raw.RemoteAddr())}
	s.mu.Lock()
	var evict *connection
	room := true
	if s.perSource > 0 && s.bySource[c.source] >= s.perSource {
		evict = s.longestIdle(func(o *connection) bool { return o.source == c.source })
		room = evict != nil
	} else if s.most > 0 && len(s.open) >= s.most {
		evict = s.longestIdle(func(*connection) bool { return true })
		room = evict != nil
	}
	if evict != nil {
		s.drop(evict)
		s.evicted++
	}
	if room {
		s.open[c] = struct{}{}
		s.bySource[c.source]++
	} else {
		s.refused++
	}
	s.mu.Unlock()
	if evict != nil {
		_ = evict.Conn.Close()
	}
	if !room {
		return nil
	}
	return c
}

func (s *connections) longestIdle(of func(*connection) bool) *connection {
	var longest *connection
	for o := range s.open {
		if !o.idle.IsZero() && of(o) && (longest == nil || o.idle.Before(longest.idle)) {
			longest = o
		}
	}
	return longest
}

func (s *connections) forget(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(c)
}

func (s *connections) drop(c *connection) {
	if c.closed {
		return
	}
	c.closed = true
	delete(s.open, c)
	if s.bySource[c.source]--; s.bySource[c.source] == 0 {
		delete(s.bySource, c.source)
	}
}

// state is the http.Server's hook: which connections are idle.
func (s *connections) state(raw net.Conn, state http.ConnState) {
	if t, ok := raw.(interface{ NetConn() net.Conn }); ok { // *tls.Conn
		raw = t.NetConn()
	}
	c, ok := raw.(*connection)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.idle = time.Time{}
	if state == http.StateIdle {
		c.idle = time.Now()
	}
}

// figures are for the metrics.
func (s *connections) figures() (open, idle, refused, evicted int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		if !c.idle.IsZero() {
			idle++
		}
	}
	return len(s.open), idle, s.refused, s.evicted
}
