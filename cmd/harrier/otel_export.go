package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/slim/otlp/common/v1"
	otlpresource "go.opentelemetry.io/proto/slim/otlp/resource/v1"
	otlp "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// exportTimeout bounds one call of the collector, and the last one of the
// program.
const exportTimeout = 10 * time.Second

// spanExporter sends spans as OTLP over HTTP. The official exporter would bring
// gRPC and its gateway along, which this protocol does not use: see
// docs/adr/0040-traces-without-grpc.md.
type spanExporter struct {
	client   *http.Client
	url      string
	headers  map[string]string
	resource *resource.Resource
	log      *slog.Logger

	mu     sync.Mutex
	failed time.Time // when a failure was logged last
}

// ExportSpans is sdk.SpanExporter. Spans that the collector does not take are
// lost: traces are an aid, and must not fill the memory.
func (e *spanExporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	scope := &otlp.ScopeSpans{Scope: &common.InstrumentationScope{Name: "harrier"}}
	for _, s := range spans {
		scope.Spans = append(scope.Spans, wireSpan(s))
	}
	body, err := proto.Marshal(&collector.ExportTraceServiceRequest{ResourceSpans: []*otlp.ResourceSpans{{
		Resource: &otlpresource.Resource{Attributes: wireAttributes(e.resource.Attributes())}, ScopeSpans: []*otlp.ScopeSpans{scope},
	}}})
	if err == nil {
		err = e.post(ctx, body)
	}
	if err != nil {
		e.tell(err, len(spans))
	}
	return nil // told here; the library would print it on standard error
}

// Shutdown is sdk.SpanExporter.
func (e *spanExporter) Shutdown(context.Context) error { return nil }

func (e *spanExporter) post(ctx context.Context, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	for name, value := range e.headers {
		req.Header.Set(name, value)
	}
	res, err := e.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("the collector answered %s", res.Status)
	}
	return nil
}

// tell logs a failure, once a minute at most.
func (e *spanExporter) tell(err error, spans int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if time.Since(e.failed) > time.Minute {
		e.failed = time.Now()
		e.log.Warn("traces cannot be sent and are dropped", "spans", spans, "error", err)
	}
}

func wireSpan(s sdk.ReadOnlySpan) *otlp.Span {
	at, trace, id := s.SpanContext(), s.SpanContext().TraceID(), s.SpanContext().SpanID()
	out := &otlp.Span{
		TraceId: trace[:], SpanId: id[:], TraceState: at.TraceState().String(), Flags: uint32(at.TraceFlags()), Name: s.Name(),
		Kind:              otlp.Span_SpanKind(s.SpanKind()), // the numbers are the same from internal = 1 on
		StartTimeUnixNano: uint64(s.StartTime().UnixNano()), EndTimeUnixNano: uint64(s.EndTime().UnixNano()),
		Attributes: wireAttributes(s.Attributes()),
	}
	if parent := s.Parent(); parent.HasSpanID() {
		id := parent.SpanID()
		out.ParentSpanId = id[:]
	}
	if s.Status().Code == codes.Error {
		out.Status = &otlp.Status{Code: otlp.Status_STATUS_CODE_ERROR, Message: s.Status().Description}
	}
	return out
}

func wireAttributes(attrs []attribute.KeyValue) []*common.KeyValue {
	var out []*common.KeyValue
	for _, a := range attrs {
		v := &common.AnyValue{}
		switch a.Value.Type() {
		case attribute.INT64:
			v.Value = &common.AnyValue_IntValue{IntValue: a.Value.AsInt64()}
		default:
			v.Value = &common.AnyValue_StringValue{StringValue: a.Value.Emit()}
		}
		out = append(out, &common.KeyValue{Key: string(a.Key), Value: v})
	}
	return out
}
