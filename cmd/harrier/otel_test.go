package main

import (
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/harrier-hunting/harrier/internal/api"
	"github.com/harrier-hunting/harrier/internal/hunt"
)

// TestTraces: a request becomes a span with its stages under it, in its
// caller's trace, without the text of its query.
func TestTraces(t *testing.T) {
	var got collector.ExportTraceServiceRequest
	var header, raw string
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		raw, header = string(body), r.Header.Get("X-Key")+" "+r.Header.Get("Content-Type")+" "+r.URL.Path
		if err := proto.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
	}))
	defer srv.Close()
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for _, queries := range []bool{false, true} {
		f := traceFlags{OTLPEndpoint: srv.URL + "/", OTLPHeader: map[string]string{"X-Key": "k"}, TraceQueries: queries} // ratio 0: the caller decides
		tr, err := f.tracer(slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		tr.observe(context.Background(), api.Exchange{ID: "id-1", Contract: "mde", Outcome: "internal", Status: 500, Query: "confidential",
			Start: at, Encoded: at.Add(10 * time.Millisecond), End: at.Add(12 * time.Millisecond),
			Stages: []hunt.Stage{{Name: "parse", Elapsed: 2 * time.Millisecond}, {Name: "read", Elapsed: 5 * time.Millisecond}},
			Header: http.Header{"Traceparent": {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}})
		tr.observe(context.Background(), api.Exchange{Contract: "mde", Start: at, Encoded: at, End: at}) // not sampled
		if err := tr.stop(); err != nil {
			t.Fatal(err)
		}
		spans := got.ResourceSpans[0].ScopeSpans[0].Spans
		times := map[string][2]uint64{}
		for _, s := range spans {
			if hex.EncodeToString(s.TraceId) != "0af7651916cd43dd8448eb211c80319c" {
				t.Errorf("%s is in trace %x", s.Name, s.TraceId)
			}
			zero := uint64(at.UnixNano())
			times[s.Name] = [2]uint64{(s.StartTimeUnixNano - zero) / 1e6, (s.EndTimeUnixNano - zero) / 1e6}
		}
		want := map[string][2]uint64{"receive": {0, 3}, "parse": {3, 5}, "read": {5, 10}, "send": {10, 12}, "hunt mde": {0, 12}}
		for name, w := range want {
			if times[name] != w {
				t.Errorf("%s: %v, want %v", name, times[name], w)
			}
		}
		if root := spans[len(spans)-1]; len(spans) != 5 || root.Status == nil || hex.EncodeToString(root.ParentSpanId) != "b7ad6b7169203331" {
			t.Errorf("%d spans, root %v", len(spans), root)
		}
		if header != "k application/x-protobuf /v1/traces" || strings.Contains(raw, "confidential") != queries {
			t.Errorf("header %q, text sent: %v", header, !queries)
		}
	}
}

// TestTracesOff: no endpoint, no tracer; a collector that is down disturbs
// nobody and is told once.
func TestTracesOff(t *testing.T) {
	if tr, err := (traceFlags{}).tracer(nil); tr != nil || err != nil || tr.stop() != nil {
		t.Errorf("%v %v", tr, err)
	}
	for _, f := range []traceFlags{{OTLPEndpoint: "127.0.0.1:4318"}, {OTLPEndpoint: "http://u:p@x"}, {OTLPEndpoint: "http://x", TraceRatio: 2}} {
		if _, err := f.tracer(nil); err == nil {
			t.Errorf("%+v", f)
		}
	}
	var log strings.Builder
	tr, err := traceFlags{OTLPEndpoint: "http://127.0.0.1:1", TraceRatio: 1}.tracer(slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		tr.observe(context.Background(), api.Exchange{Contract: "mde"})
		_ = tr.provider.ForceFlush(context.Background())
	}
	if err := tr.stop(); err != nil || strings.Count(log.String(), "traces cannot be sent") != 1 {
		t.Errorf("%v\n%s", err, log.String())
	}
}
