package app

import (
	"context"

	"arsring/internal/capture"
	"arsring/internal/egress"
	"arsring/internal/register"
)

// wayOut adapts the proxy to what a capture asks of it.
type wayOut struct{ p *egress.Proxy }

func (w wayOut) Addr() string { return w.p.Addr() }

func (w wayOut) IP(hostport string) string {
	peer, ok := w.p.Peer(hostport)
	if !ok || !peer.IP.IsValid() {
		return ""
	}
	return peer.IP.String()
}

func (w wayOut) Failure(hostport string) string {
	if f, ok := w.p.Failure(hostport); ok {
		return f.Code
	}
	return ""
}

func (w wayOut) Refused() []capture.RefusedRequest {
	var out []capture.RefusedRequest
	for _, r := range w.p.Refused() {
		out = append(out, capture.RefusedRequest{Host: r.Host, Reason: r.Reason, N: r.N})
	}
	return out
}

// startEgress starts the one proxy of a capture: each has its own, so that pinned addresses and refusals belong to it alone.
func (a *App) startEgress(ctx context.Context, acc register.Account) (*egress.Proxy, error) {
	return egress.Start(ctx, a.egressOptions(acc))
}

func (a *App) egressOptions(acc register.Account) egress.Options {
	return egress.Options{
		Allow:    append(append([]string{}, a.cfg.Capture.AllowPrivate...), acc.AllowedHosts...),
		Upstream: a.cfg.Capture.Proxy.Reveal(), MaxBytes: 4 * int64(a.cfg.Capture.Limits.Bytes), MaxRequests: 200_000, Now: a.now,
	}
}
