package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"arsring/internal/access"
	"arsring/internal/register"
)

// visitor is who looks at a demonstration: somebody who may do everything in it, without signing in.
var visitor = access.Actor{UserID: 1, Login: "forevisning", Name: "Förevisning", Via: "session", Grants: []access.Grant{{Tenant: access.AnyTenant, Role: access.Admin, Class: register.ClassSecret}}}

// Page is the demonstration's web page, in which nobody signs in. It answers only requests made to a loopback address by name or number, so
// that no foreign page can have a browser read it. Orders that are placed on it are carried out until ctx ends.
func (d *Demo) Page(ctx context.Context) (*Page, http.Handler, error) {
	d.app.queueless = true
	p, err := d.app.OpenPage(ctx, visitor)
	if err != nil {
		return nil, nil, err
	}
	return p, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopbackHost(r.Host) {
			http.Error(w, "Sidan finns bara på den här datorn.", http.StatusForbidden)
			return
		}
		p.Handler().ServeHTTP(w, r)
	}), nil
}

func isLoopbackHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

// Serve shows the page on loopback until ctx ends, and tells its address once it can be opened.
func (d *Demo) Serve(ctx context.Context, ready func(url string)) error {
	page, handler, err := d.Page(ctx)
	if err != nil {
		return err
	}
	defer page.Close()
	ln, err := listenLoopback(ctx, "127.0.0.1:8080")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		BaseContext: func(net.Listener) context.Context { return ctx }}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	ready("http://" + ln.Addr().String() + "/")
	if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
