package api

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are kept in a registry of their own. Labels have closed sets of values: contracts, outcomes, stages.
type metrics struct {
	registry    *prometheus.Registry
	requests    *prometheus.CounterVec
	inFlight    *prometheus.GaugeVec
	seconds     *prometheus.HistogramVec
	stages      *prometheus.HistogramVec
	rows        *prometheus.HistogramVec
	bytes       *prometheus.HistogramVec
	truncated   *prometheus.CounterVec
	auditErrors prometheus.Counter
	panics      prometheus.Counter

	queueSeconds prometheus.Histogram
	queueLeft    *prometheus.CounterVec
}

func newMetrics(table []route) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "harrier", Name: name, Help: help})
	}
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "harrier", Name: name, Help: help, Buckets: buckets}, labels)
	}
	times := []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 180, 600}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "harrier", Name: "requests_total",
			Help: "Hunting requests answered."}, []string{"contract", "outcome"}),
		inFlight: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "harrier", Name: "requests_in_flight",
			Help: "Hunting requests being answered."}, []string{"contract"}),
		seconds: histogram("request_seconds", "Time from arrival to the encoded answer.", times, "contract", "outcome"),
		stages:  histogram("stage_seconds", "Time of one stage of a query.", times, "stage"),
		rows:    histogram("result_rows", "Rows of successful answers.", prometheus.ExponentialBuckets(1, 10, 7), "contract"),
		bytes:   histogram("result_bytes", "Size of successful answers before compression.", prometheus.ExponentialBuckets(1024, 8, 7), "contract"),
		truncated: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "harrier", Name: "truncated_total",
			Help: "Answers cut at the row limit."}, []string{"contract"}),
		auditErrors: counter("audit_errors_total", "Audit records that could not be written."),
		panics:      counter("panics_total", "Requests that ended in a panic."),
		queueSeconds: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "harrier", Name: "queue_seconds",
			Help: "Time that requests waited for their slot.", Buckets: times}),
		queueLeft: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "harrier", Name: "queue_left_total",
			Help: "Requests that left the queue without a slot."}, []string{"reason"}),
	}
	m.registry.MustRegister(m.requests, m.inFlight, m.seconds, m.stages, m.rows, m.bytes, m.truncated, m.auditErrors, m.panics,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, r := range table { // the series of a success exist before the first request
		m.requests.WithLabelValues(r.Contract, string(okay))
		m.truncated.WithLabelValues(r.Contract)
	}
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}

// observe counts an exchange whose answer is ready.
func (m *metrics) observe(x *exchange) {
	contract := x.route.Contract
	m.requests.WithLabelValues(contract, string(x.outcome)).Inc()
	m.seconds.WithLabelValues(contract, string(x.outcome)).Observe(x.s.cfg.Clock().Sub(x.start).Seconds())
	for _, s := range x.trace.Stages {
		m.stages.WithLabelValues(s.Name).Observe(s.Elapsed.Seconds())
	}
	if x.outcome != okay {
		return
	}
	m.rows.WithLabelValues(contract).Observe(float64(x.rows))
	m.bytes.WithLabelValues(contract).Observe(float64(x.body.len()))
	if x.truncated {
		m.truncated.WithLabelValues(contract).Inc()
	}
}
