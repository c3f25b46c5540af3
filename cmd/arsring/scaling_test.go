package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arsring/internal/job"
	"arsring/internal/validators"
)

// slowSites serves a page at each of n addresses of this machine, each a site of its own for the queue, which makes its reader wait: for the page, and for a
// picture on it. What a capture costs this machine is small beside that.
func slowSites(b *testing.B, n int, page, picture time.Duration) map[string]string {
	b.Helper()
	srv := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			time.Sleep(page)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = fmt.Fprint(w, "<!doctype html><html lang=sv><link rel=icon href='data:,'><title>Långsam sida</title><h1>Kommunens sida</h1><p>Text.</p><img alt='' src='/bild.svg'>")
		case "/bild.svg":
			time.Sleep(picture)
			w.Header().Set("Content-Type", "image/svg+xml")
			_, _ = fmt.Fprint(w, "<svg xmlns='http://www.w3.org/2000/svg' width='200' height='100'><rect width='200' height='100' fill='#135'/></svg>")
		default:
			http.NotFound(w, r)
		}
	})}
	b.Cleanup(func() { _ = srv.Close() })
	accounts := map[string]string{}
	for i := range n {
		ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", i+1))
		if err != nil {
			b.Fatal(err)
		}
		go func() { _ = srv.Serve(ln) }()
		accounts[fmt.Sprintf("sida-%d", i+1)] = "http://" + ln.Addr().String() + "/"
	}
	return accounts
}

// BenchmarkScaling lets 1, 2 and 4 daemons, one capture at a time each, work the same jobs of pages that make them wait, on one Postgres and one bucket. The time
// runs from the beginning of the first job to the end of the last.
func BenchmarkScaling(b *testing.B) {
	const sites = 8
	var one float64
	for _, workers := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			var all time.Duration
			for b.Loop() {
				all += scaled(b, workers, slowSites(b, sites, 5*time.Second, 15*time.Second))
			}
			perMinute := float64(sites*b.N) / all.Minutes()
			if workers == 1 {
				one = perMinute
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(all.Seconds()/float64(b.N), "s/run")
			b.ReportMetric(perMinute, "jobs/min")
			if one > 0 {
				b.ReportMetric(perMinute/one, "x-one-worker")
			}
			load, _ := os.ReadFile("/proc/loadavg")
			b.Logf("%d workers: %d jobs in %.1f s; load %s", workers, sites*b.N, all.Seconds(), strings.TrimSpace(string(load)))
		})
	}
}

// scaled runs so many daemons until all is delivered.
func scaled(b *testing.B, workers int, accounts map[string]string) time.Duration {
	b.Helper()
	lines, _ := bucket(b, filepath.Join(tempDir(b), "elsewhere"))
	w := newTown(b, townOptions{accounts: accounts, database: validators.Postgres(b).Database(b), archive: lines, daemons: workers, parallel: 1, ordered: true})
	for id := range accounts {
		w.program(0, "job", "order", id, "--config", w.configs[0])
	}
	var daemons []*daemon
	for n := range workers {
		daemons = append(daemons, w.start(n))
	}
	daemons[0].wait("all delivered", func() bool { time.Sleep(time.Second); return w.unfinished(0) == 0 })
	var first, last time.Time
	for _, j := range w.jobs(0) {
		if j.State != job.Delivered || j.Started == nil || j.Ended == nil || len(j.Attempts) > 0 {
			b.Errorf("%+v", j)
			continue
		}
		if first.IsZero() || j.Started.Before(first) {
			first = *j.Started
		}
		if j.Ended.After(last) {
			last = *j.Ended
		}
	}
	for _, d := range daemons {
		d.stop()
	}
	return last.Sub(first)
}
