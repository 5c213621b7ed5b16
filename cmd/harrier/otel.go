package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/harrier-hunting/harrier/internal/api"
)

// traceFlags say where traces go. Without an endpoint there are none.
type traceFlags struct {
	OTLPEndpoint string            `name:"otlp-endpoint" help:"Send OpenTelemetry traces over HTTP to this collector, e.g. http://127.0.0.1:4318."`
	OTLPHeader   map[string]string `name:"otlp-header" help:"Header for the collector, such as a key: NAME=VALUE." secret:"" placeholder:"NAME=VALUE;..."`
	TraceRatio   float64           `help:"Part of the requests that are traced, unless their caller has decided." default:"1"`
	TraceQueries bool              `help:"Write texts of queries into traces."`
}

// tracer makes a trace of each request that is over. Stop sends what is left.
type tracer struct {
	provider *sdk.TracerProvider
	queries  bool
}

// tracer is nil when traces are off.
func (f traceFlags) tracer(log *slog.Logger) (*tracer, error) {
	if f.OTLPEndpoint == "" {
		return nil, nil
	}
	u, err := url.Parse(f.OTLPEndpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return nil, fmt.Errorf("--otlp-endpoint %q: give an address such as http://127.0.0.1:4318", f.OTLPEndpoint)
	}
	if !(f.TraceRatio >= 0 && f.TraceRatio <= 1) {
		return nil, fmt.Errorf("--trace-ratio %v: give a number from 0 to 1", f.TraceRatio)
	}
	version, _ := built()
	return newTracer(&spanExporter{
		client: &http.Client{Timeout: exportTimeout}, url: strings.TrimRight(f.OTLPEndpoint, "/") + "/v1/traces", headers: f.OTLPHeader, log: log,
		resource: resource.NewSchemaless(attribute.String("service.name", "harrier"), attribute.String("service.version", version)),
	}, f.TraceRatio, f.TraceQueries), nil
}

func newTracer(exporter *spanExporter, ratio float64, queries bool) *tracer {
	return &tracer{queries: queries, provider: sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(exporter.resource),
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(ratio))))}
}

func (t *tracer) stop() error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), exportTimeout)
	defer cancel()
	return t.provider.Shutdown(ctx)
}

// observe is api.Operations.Observe. The spans are made afterwards, out of the
// times that the trail and the metrics have, too: the stages of a request
// follow one another, and the last one ends with the encoded answer.
func (t *tracer) observe(ctx context.Context, x api.Exchange) {
	ctx = propagation.TraceContext{}.Extract(context.WithoutCancel(ctx), propagation.HeaderCarrier(x.Header))
	source := t.provider.Tracer("harrier")
	attrs := []attribute.KeyValue{
		attribute.String("harrier.request_id", x.ID), attribute.String("harrier.contract", x.Contract), attribute.String("harrier.tenant", x.Tenant),
		attribute.String("harrier.app", x.App), attribute.String("harrier.outcome", x.Outcome), attribute.Int("harrier.rows", x.Rows),
		attribute.Int("http.response.status_code", x.Status), attribute.Int64("http.response.body.size", x.Bytes),
	}
	if t.queries && x.Query != "" {
		attrs = append(attrs, attribute.String("db.query.text", x.Query))
	}
	ctx, root := source.Start(ctx, "hunt "+x.Contract, trace.WithTimestamp(x.Start), trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attrs...))
	if x.Status >= 500 {
		root.SetStatus(codes.Error, x.Outcome)
	}
	at := x.Encoded
	for _, s := range x.Stages {
		at = at.Add(-s.Elapsed)
	}
	if at.Before(x.Start) {
		at = x.Start
	}
	stage := func(name string, from, to time.Time) {
		_, span := source.Start(ctx, name, trace.WithTimestamp(from))
		span.End(trace.WithTimestamp(to))
	}
	stage("receive", x.Start, at)
	for _, s := range x.Stages {
		stage(s.Name, at, at.Add(s.Elapsed))
		at = at.Add(s.Elapsed)
	}
	stage("send", x.Encoded, x.End)
	root.End(trace.WithTimestamp(x.End))
}
