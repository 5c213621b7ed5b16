package api

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	maxHeaderBytes = 64 << 10 // a token has at most 16 KiB
	idleTimeout    = 2 * time.Minute
	maxStreams     = 64               // requests at a time on one HTTP/2 connection
	pingAfter      = 15 * time.Second // of silence on an HTTP/2 connection, and for its answer
)

// HTTPServer wraps the server for a listener. Bodies and answers have deadlines of their own, see begin and paced.
// Cancelling base with ErrStopping ends the queries that are running. The listener should be one of Listener's.
func (s *Server) HTTPServer(base context.Context) *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.cfg.Ops.HeaderTimeout, // the TLS handshake's, too
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		HTTP2: &http.HTTP2Config{MaxConcurrentStreams: maxStreams, SendPingTimeout: pingAfter, PingTimeout: pingAfter,
			WriteByteTimeout: s.cfg.Ops.SendTimeout},
		BaseContext: func(net.Listener) context.Context { return base },
		ConnState:   s.conns.state,
		ErrorLog:    slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelWarn),
	}
}

// Listener bounds the connections of a listener.
func (s *Server) Listener(ln net.Listener) net.Listener { return &boundedListener{ln, s.conns} }
