package api

import (
	"context"
	"net/http"
	"sync"
	"time"
)

const (
	healthTimeout = 2 * time.Second
	healthAge     = time.Second // anybody may ask, so the store is asked once a second at most
)

// health answers 200 when requests could be answered, as far as the databases and the audit trail decide it, and 503 when
// not; why is in the log.
func (s *Server) health() http.Handler {
	var mu sync.Mutex
	var last error
	var checked time.Time
	check := func() error {
		mu.Lock()
		defer mu.Unlock()
		if !checked.IsZero() && time.Since(checked) < healthAge {
			return last
		}
		ctx, cancel := context.WithTimeout(context.Background(), healthTimeout)
		defer cancel()
		last, checked = s.cfg.Health(ctx), time.Now()
		if last != nil {
			s.cfg.Log.Error("health check failed", "error", last)
		}
		return last
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		if check() != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"status":"unavailable"}`))
			return
		}
		_, _ = w.Write([]byte(`{"status":"ok"}`))
	})
}
