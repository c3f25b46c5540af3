package app

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"arsring/internal/job"
)

// tracing makes traces where telemetry.otlp names a collector, and nothing at all where it does not. It is set up when the first span begins.
type tracing struct {
	once   sync.Once
	tracer trace.Tracer
	end    func() error // nil: no traces
}

// tracesPath is where a collector takes traces over HTTP when its address names no path (OTLP 1.0, section "OTLP/HTTP Request").
const tracesPath = "/v1/traces"

func (a *App) tracer() trace.Tracer {
	a.traces.once.Do(func() {
		a.traces.tracer = noop.NewTracerProvider().Tracer("arsring")
		address := a.cfg.Telemetry.OTLP
		if address == "" {
			return
		}
		if u, err := url.Parse(address); err == nil && (u.Path == "" || u.Path == "/") {
			address = u.JoinPath(tracesPath).String()
		}
		otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { a.log.Warn("a trace could not be sent", "error", err) }))
		out, err := otlptracehttp.New(context.Background(), otlptracehttp.WithEndpointURL(address), otlptracehttp.WithTimeout(10*time.Second))
		if err != nil {
			a.log.Error("traces cannot be sent", "error", err)
			return
		}
		provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(out), sdktrace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "arsring"), attribute.String("service.version", a.version))))
		a.traces.tracer = provider.Tracer("arsring")
		a.traces.end = func() error {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			return provider.Shutdown(ctx)
		}
	})
	return a.traces.tracer
}

// span begins a step of a trace; end ends it, with the error that it had.
func (a *App) span(ctx context.Context, name string, attributes ...attribute.KeyValue) (_ context.Context, end func(error)) {
	ctx, s := a.tracer().Start(ctx, name, trace.WithAttributes(attributes...))
	return ctx, func(err error) {
		if err != nil {
			s.SetStatus(codes.Error, Sentence(err))
		}
		s.End()
	}
}

// spans begins the trace of a passage.
func (p *passage) spans(ctx context.Context) (context.Context, func(error)) {
	j := p.job
	return p.a.span(ctx, "passage", attribute.String("arsring.snapshot", j.SnapshotID), attribute.String("arsring.tenant", j.Account.Tenant),
		attribute.String("arsring.account", j.Account.ID), attribute.String("arsring.platform", j.Account.Platform), attribute.String("arsring.trigger", string(j.Trigger)))
}

// noStop leaves out the early end of a passage, which is no error.
func noStop(err error) error {
	if errors.Is(err, job.ErrStop) {
		return nil
	}
	return err
}

// endTraces sends what is left.
func (a *App) endTraces() error {
	if a.traces.end == nil {
		return nil
	}
	return a.traces.end()
}
