package api

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	maxHeaderBytes    = 64 << 10 // a token has at most 16 KiB
	readHeaderTimeout = 10 * time.Second
	idleTimeout       = 2 * time.Minute
)

// HTTPServer wraps the server for a listener. Bodies and answers have deadlines of their own, see begin and send.
// Cancelling base with ErrStopping ends the queries that are running.
func (s *Server) HTTPServer(base context.Context) *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelWarn),
	}
}
