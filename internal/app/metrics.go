package app

import (
	"crypto/subtle"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the daemon's figures for Prometheus. What happens is counted when it is heard of; how things stand is looked up by a scrape.
type metrics struct {
	registry  *prometheus.Registry
	snapshots *prometheus.CounterVec
	attempts  *prometheus.CounterVec
	stages    *prometheus.HistogramVec
	events    *prometheus.CounterVec

	mu   sync.Mutex
	seen standing
}

// standing is how the daemon's surroundings stood when they were last looked at.
type standing struct {
	kept      map[[2]string]time.Time // last account-wide snapshot by tenant and account
	keptKnown bool                    // the archive has been listed
	tick      time.Time
	storeUp   float64 // 1, 0; -1: not known
	proof     float64 // 1: a locked object could not be removed; 0: it could, or takes no lock; -1: not tried
	proofAt   time.Time
	logins    []loginAge
}

// loginAge is a stored login as the metrics show it.
type loginAge struct {
	Name    string
	Age     time.Duration
	Expires *time.Time
	Person  bool // somebody should log in again
	SV, EN  string
}

func newMetrics(version string, look func() figures) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), seen: standing{kept: map[[2]string]time.Time{}, storeUp: -1, proof: -1}}
	m.snapshots = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "arsring_snapshots_total", Help: "Snapshots delivered, by outcome of the capture."}, []string{"outcome", "trigger"})
	m.attempts = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "arsring_failed_attempts_total", Help: "Attempts that kept nothing, by what came of the job: failed (tried again), needs-person, given-up."}, []string{"outcome", "state"})
	m.stages = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "arsring_stage_duration_seconds", Help: "How long each stage of a passage took.",
		Buckets: []float64{0.1, 0.5, 1, 5, 15, 60, 180, 600, 1800, 3600}}, []string{"stage"})
	m.events = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "arsring_events_total", Help: "What the daemon has noticed, by kind."}, []string{"kind"})
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "arsring_build_info", Help: "Always 1; the version is the label.", ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.registry.MustRegister(m.snapshots, m.attempts, m.stages, m.events, build, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &lookup{look: look})
	return m
}

// hear counts an event.
func (m *metrics) hear(e Event) {
	m.events.WithLabelValues(string(e.Kind)).Inc()
	m.mu.Lock()
	defer m.mu.Unlock()
	switch e.Kind {
	case EventTick:
		m.seen.tick = e.At
	case EventStoreRefuses:
		m.seen.storeUp = 0
	case EventStoreBack:
		m.seen.storeUp = 1
	case EventFailed, EventNeedsPerson, EventGivenUp:
		m.attempts.WithLabelValues(codeOf(e), string(e.Kind)).Inc()
	case EventKept:
		m.kept(e)
	}
	if e.Result != nil {
		for stage, seconds := range e.Result.Stages {
			m.stages.WithLabelValues(stage).Observe(seconds)
		}
	}
}

func (m *metrics) kept(e Event) {
	m.seen.storeUp = 1
	outcome := "unknown"
	if e.Result != nil && e.Result.Outcome != nil {
		outcome = string(*e.Result.Outcome)
	}
	m.snapshots.WithLabelValues(outcome, string(e.Trigger)).Inc()
	if wholeAccount(e.Trigger) {
		m.seen.kept[[2]string{e.Tenant, e.Account}] = e.At
	}
}

// note changes what was seen.
func (m *metrics) note(change func(*standing)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(&m.seen)
}

// handler serves the metrics to those who may read them: this machine, or who shows the token. A request that came through a proxy is not from
// this machine, whatever its sender's address says.
func (m *metrics) handler(who, token string) http.Handler {
	serve := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4, Timeout: 30 * time.Second})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case who == "token" && token != "" && bearer(r, token), who == "loopback" && direct(r):
			serve.ServeHTTP(w, r)
		case who == "token":
			w.Header().Set("WWW-Authenticate", `Bearer realm="arsring"`)
			http.Error(w, "show the token of telemetry.metrics_token_file as Authorization: Bearer", http.StatusUnauthorized)
		case who == "loopback":
			http.Error(w, "metrics are read from this machine only; see telemetry.metrics", http.StatusForbidden)
		default:
			http.NotFound(w, r)
		}
	})
}

func bearer(r *http.Request, token string) bool {
	got, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && subtle.ConstantTimeCompare([]byte(got), []byte(token)) == 1
}

func direct(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !net.ParseIP(host).IsLoopback() {
		return false
	}
	for _, h := range []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	return true
}
