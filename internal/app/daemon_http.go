package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// webServer is the daemon's web server.
type webServer struct {
	server *http.Server
	done   chan struct{}
}

// serve listens at web.listen; with none set it serves nothing.
func (d *daemon) serve(ctx context.Context) (*webServer, error) {
	c := d.a.cfg.Web
	if c.Listen == "" {
		return &webServer{}, nil
	}
	handler, err := d.handler()
	if err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("web.listen %s cannot be used: %w; set web.listen (ARSRING_WEB_LISTEN) to a free address, or to nothing for no page", c.Listen, err)
	}
	w := &webServer{done: make(chan struct{}), server: &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(d.a.log.Handler(), slog.LevelDebug)}}
	d.a.log.Info("listening", "address", ln.Addr().String())
	go func() {
		defer close(w.done)
		var err error
		if c.CertFile != "" {
			err = w.server.ServeTLS(ln, c.CertFile, c.KeyFile)
		} else {
			err = w.server.Serve(ln)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			d.a.log.Error("the web server ended", "error", err)
		}
	}()
	return w, nil
}

func (w *webServer) close(ctx context.Context) {
	if w.server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := w.server.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
		_ = w.server.Close()
	}
	<-w.done
}

// handler serves the daemon's own health, and beside it what others plugged in.
func (d *daemon) handler() (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", d.livez)
	mux.HandleFunc("GET /readyz", d.readyz)
	mux.Handle("GET /metrics", d.watcher.Metrics())
	if d.a.hooks.Handler != nil {
		more, err := d.a.hooks.Handler(d.a)
		if err != nil {
			return nil, err
		}
		if more != nil {
			mux.Handle("/", more)
		}
	}
	return mux, nil
}

// stuck is how long one asking of the calendar may last before the process counts as hanging: a first look at a large archive takes minutes.
const stuck = 30 * time.Minute

// livez says whether the process does its work: a supervisor restarts it when not.
func (d *daemon) livez(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	began := d.began
	d.mu.Unlock()
	if !began.IsZero() && time.Since(began) > stuck {
		health(w, fmt.Errorf("the calendar has been asked since %s without an answer", began.Format(time.RFC3339)))
		return
	}
	health(w, nil)
}

// readyz says whether it can do its work now: register, calendar, queue and archive answered at the last tick.
func (d *daemon) readyz(w http.ResponseWriter, r *http.Request) {
	health(w, d.ready(r.Context()))
}

// ready is nil when the last tick went well and none hangs; the heartbeat asks it, too.
func (d *daemon) ready(context.Context) error {
	d.mu.Lock()
	good, began, err := d.lastGood, d.began, d.lastErr
	d.mu.Unlock()
	switch {
	case err != nil:
		return errors.New(Sentence(err))
	case good.IsZero():
		return errors.New("the first look at archive and calendar is not done yet")
	case !began.IsZero() && time.Since(began) > stuck:
		return fmt.Errorf("the calendar has been asked since %s without an answer", began.Format(time.RFC3339))
	}
	return nil
}

func health(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, err.Error()+"\n")
		return
	}
	_, _ = io.WriteString(w, "ok\n")
}
