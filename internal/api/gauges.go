package api

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/harrier-hunting/harrier/internal/queue"
)

// maxQuotaAccounts bounds the series of quotas: tenants are configured, so they are few, but a series is for ever.
const maxQuotaAccounts = 100

// gauges are read when somebody scrapes.
type gauges struct {
	server *Server

	build, slots, running, waiting, connections, closed, quota, store, backlog *prometheus.Desc
}

func newGauges(s *Server) *gauges {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("harrier_"+name, help, labels, nil)
	}
	return &gauges{
		server:      s,
		build:       desc("build_info", "What this program was built from; always 1.", "version", "commit"),
		slots:       desc("slots", "Hunting requests that may run at a time."),
		running:     desc("slots_used", "Hunting requests that hold a slot."),
		waiting:     desc("queue_waiting", "Hunting requests that wait for a slot."),
		connections: desc("connections", "Open connections.", "state"),
		closed:      desc("connections_closed_total", "Connections closed because there were too many.", "reason"),
		quota:       desc("quota_used_ratio", "Part of a tenant's quota that is used up; the hundred fullest accounts.", "tenant", "contract", "limit"),
		store:       desc("store_bytes", "Size of a tenant's data on disk.", "tenant"),
		backlog:     desc("audit_backlog_bytes", "Part of the audit trail that is not in the audit table yet."),
	}
}

// Describe is prometheus.Collector.
func (g *gauges) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{g.build, g.slots, g.running, g.waiting, g.connections, g.closed, g.quota, g.store, g.backlog} {
		ch <- d
	}
}

// Collect is prometheus.Collector.
func (g *gauges) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	ops := &g.server.cfg.Ops
	gauge(g.build, 1, ops.Version, ops.Commit)
	q := g.server.queue.Stats()
	gauge(g.slots, float64(q.Slots))
	gauge(g.running, float64(q.Running))
	gauge(g.waiting, float64(q.Waiting))
	open, idle, refused, evicted := g.server.conns.figures()
	gauge(g.connections, float64(idle), "idle")
	gauge(g.connections, float64(open-idle), "active")
	ch <- prometheus.MustNewConstMetric(g.closed, prometheus.CounterValue, float64(refused), "refused")
	ch <- prometheus.MustNewConstMetric(g.closed, prometheus.CounterValue, float64(evicted), "idle")
	for _, u := range g.server.cfg.Hunt.Limiter.Usage(maxQuotaAccounts) {
		gauge(g.quota, u.Ratio, u.Tenant, u.Contract, string(u.Limit))
	}
	if ops.StoreBytes != nil {
		for tenant, n := range ops.StoreBytes() {
			gauge(g.store, float64(n), tenant)
		}
	}
	if ops.AuditBacklog != nil {
		if n, err := ops.AuditBacklog(); err == nil { // a gap in the series says that it cannot be read
			gauge(g.backlog, float64(n))
		}
	}
}

// watch adds what is read when somebody scrapes.
func (m *metrics) watch(s *Server) {
	m.registry.MustRegister(newGauges(s), m.queueSeconds, m.queueLeft)
	for _, how := range []string{"full", "timeout", "gone"} {
		m.queueLeft.WithLabelValues(how)
	}
}

// waited counts a wait for a slot.
func (m *metrics) waited(err error, d time.Duration) {
	switch {
	case err == nil:
		m.queueSeconds.Observe(d.Seconds())
	case errors.Is(err, queue.ErrFull):
		m.queueLeft.WithLabelValues("full").Inc()
	case errors.Is(err, queue.ErrTimeout):
		m.queueLeft.WithLabelValues("timeout").Inc()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		m.queueLeft.WithLabelValues("gone").Inc()
	}
}

// metricsHandler lets only those read who should: tenants' names and habits are in the metrics.
func (s *Server) metricsHandler() http.Handler {
	h := s.metrics.handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.mayScrape(r) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Header().Set("WWW-Authenticate", "Bearer")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte("The metrics are for loopback, or for the holder of the token (--metrics-token).\n"))
			return
		}
		h.ServeHTTP(w, r)
	})
}

// mayScrape: with a token configured it decides. Without one a request must come from this machine, and not by way of a
// proxy on it.
func (s *Server) mayScrape(r *http.Request) bool {
	ops := &s.cfg.Ops
	switch {
	case ops.MetricsOpen:
		return true
	case ops.MetricsToken != "":
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare([]byte(token), []byte(ops.MetricsToken)) == 1
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && at.Addr().Unmap().IsLoopback()
}
