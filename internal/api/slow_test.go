package api

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// bounded starts the bed's server once more, on a listener of its own, as the program does.
func (b *bed) bounded() string {
	b.t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(b.server)
	srv.Config = b.server.HTTPServer(context.Background())
	srv.Listener.Close()
	srv.Listener = b.server.Listener(ln)
	srv.Start()
	b.t.Cleanup(srv.Close)
	b.url = srv.URL
	return strings.TrimPrefix(srv.URL, "http://")
}

// ended waits for the server to close a connection and returns what came before.
func ended(t *testing.T, c net.Conn, within time.Duration) string {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(within))
	got, err := io.ReadAll(c)
	if ne, ok := err.(net.Error); ok && ne.Timeout() {
		t.Errorf("still open after %v", within)
	}
	return string(got)
}

// drip sends a text a byte at a time, until the connection breaks.
func drip(c net.Conn, text string) {
	for i := range len(text) {
		if _, err := c.Write([]byte{text[i]}); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestHeaderDrip: a client that never ends its headers is cut off, however lively it seems.
func TestHeaderDrip(t *testing.T) {
	b := newBed(t, &canned{}, context.Background(), func(c *Config) { c.Ops.HeaderTimeout = 150 * time.Millisecond })
	c := b.dial()
	go drip(c, "GET /healthz HTTP/1.1\r\nHost: x\r\n"+strings.Repeat("X-Drip: 1\r\n", 100))
	ended(t, c, 3*time.Second)
}

// TestBodyDrip: a client that drips its body is answered when its time is up, and holds no slot meanwhile.
func TestBodyDrip(t *testing.T) {
	b := newBed(t, &canned{rows: []string{"[1]"}}, context.Background(), func(c *Config) {
		c.BodyTimeout, c.MaxConcurrent, c.Ops.MaxQueued = 300*time.Millisecond, 1, -1
	})
	c := b.dial()
	fmt.Fprintf(c, "POST /api/advancedqueries/run HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 5000\r\n\r\n", b.token("good"))
	go drip(c, strings.Repeat(" ", 5000))
	time.Sleep(50 * time.Millisecond)
	res, err := b.post(context.Background(), "print 1")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 {
		t.Errorf("while a body drips: %s", res.Status)
	}
	if got := ended(t, c, 3*time.Second); !strings.HasPrefix(got, "HTTP/1.1 400") || !strings.Contains(got, "did not arrive in time") {
		t.Error(got)
	}
}

// TestLateBody: of a large body the rest is read when there is a slot.
func TestLateBody(t *testing.T) {
	b := newBed(t, &canned{rows: []string{"[1]"}}, context.Background(), nil)
	for _, n := range []int{earlyBody - 20, earlyBody - 10, earlyBody, 4 * earlyBody} {
		res, err := b.post(context.Background(), "print 1 //"+strings.Repeat("x", n))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 200 {
			t.Errorf("%d bytes: %s %s", n, res.Status, body)
		}
	}
}

// TestReaderThatStops: a client that does not take its answer loses its connection, its slot and its memory.
func TestReaderThatStops(t *testing.T) {
	e := &canned{}
	for range 24 {
		e.rows = append(e.rows, `["`+strings.Repeat("y", 1<<20)+`"]`)
	}
	b := newBed(t, e, context.Background(), func(c *Config) { c.Ops.SendTimeout, c.MaxConcurrent = time.Second, 1 })
	c := b.dial()
	body := `{"Query":"DeviceInfo | project DeviceName"}`
	fmt.Fprintf(c, "POST /api/advancedqueries/run HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", b.token("good"), len(body), body)
	waitFor(t, "the query", func() bool { return len(b.audited()) == 1 })
	at := time.Now()
	waitFor(t, "the slot", func() bool { return b.server.queue.Stats().Running == 0 })
	if d := time.Since(at); d > 5*time.Second {
		t.Errorf("the slot came back after %v", d)
	}
	got := ended(t, c, 3*time.Second)
	if len(got) >= 24<<20 {
		t.Errorf("%d bytes came through", len(got))
	}
	// A reader that goes on, even slowly, gets it all.
	res, err := b.post(context.Background(), "DeviceInfo | project DeviceName")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	n := 0
	buf := make([]byte, 1<<20)
	for err = nil; err == nil; time.Sleep(time.Millisecond) {
		var m int
		m, err = res.Body.Read(buf)
		n += m
	}
	if err != io.EOF || n < 24<<20 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// TestConnections: idle connections make room, busy ones do not; the bound is per source and in all.
func TestConnections(t *testing.T) {
	for _, perSource := range []bool{true, false} {
		b := newBed(t, &canned{}, context.Background(), func(c *Config) {
			if perSource {
				c.Ops.MaxConnectionsPerSource = 3
			} else {
				c.Ops.MaxConnections, c.Ops.MaxConnectionsPerSource = 3, -1
			}
		})
		addr := b.bounded()
		open := func() net.Conn {
			c, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { c.Close() })
			return c
		}
		ask := func(c net.Conn) error {
			fmt.Fprint(c, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
			_ = c.SetReadDeadline(time.Now().Add(3 * time.Second))
			res, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err == nil {
				_, err = io.Copy(io.Discard, res.Body)
			}
			return err
		}
		first := open()
		if err := ask(first); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "an idle connection", func() bool { _, idle, _, _ := b.server.conns.figures(); return idle == 1 })
		for range 2 { // they say nothing, so they are busy
			open()
		}
		waitFor(t, "three connections", func() bool { n, _, _, _ := b.server.conns.figures(); return n == 3 })
		if err := ask(open()); err != nil {
			t.Errorf("a newcomer while one is idle: %v", err)
		}
		ended(t, first, 3*time.Second)
		waitFor(t, "an idle connection", func() bool { _, idle, _, _ := b.server.conns.figures(); return idle == 1 })
		silent := open() // takes the place of the idle one
		waitFor(t, "its place", func() bool { _, idle, _, _ := b.server.conns.figures(); return idle == 0 })
		ended(t, open(), 3*time.Second)
		if n, _, refused, evicted := b.server.conns.figures(); n != 3 || refused != 1 || evicted != 2 {
			t.Errorf("%d open, %d refused, %d evicted", n, refused, evicted)
		}
		silent.Close()
		waitFor(t, "two connections", func() bool { n, _, _, _ := b.server.conns.figures(); return n == 2 })
	}
}

// TestSourceOf: one site is one source.
func TestSourceOf(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.7:1": "192.0.2.7/32", "[::ffff:192.0.2.7]:1": "192.0.2.7/32", "[2001:db8:1:2:3::4]:5": "2001:db8:1:2::/64",
	} {
		a, err := net.ResolveTCPAddr("tcp", in)
		if err != nil {
			t.Fatal(err)
		}
		if got := sourceOf(a).String(); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
	if got := sourceOf(&net.UnixAddr{Name: "/x"}); got.IsValid() {
		t.Errorf("no address: %v", got)
	}
}
