package app

import (
	"context"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"arsring/config"
	"arsring/internal/capture"
	"arsring/internal/job"
)

const twoAccounts = `tenant: default
accounts:
  - &a
    id: facebook
    platform: facebook
    url: https://www.facebook.com/exempelkommun
    title: Kommunen
    archive_creator: Kommunstyrelsen
    unit: Kommunikation
    responsible: {name: Anna Exempel, email: anna@example.org}
    administrators:
      - {name: Anna Exempel, email: anna@example.org}
      - {name: Bo Prov, email: bo@example.org}
    purpose: Information
    class: öppen
    disposal: {action: bevara, plan: "4.2"}
  - id: webb
    platform: web
    url: https://www.example/
    title: Webbplatsen
    archive_creator: Kommunstyrelsen
    unit: Kommunikation
    responsible: {name: Anna Exempel, email: anna@example.org}
    administrators:
      - {name: Anna Exempel, email: anna@example.org}
      - {name: Bo Prov, email: bo@example.org}
    purpose: Information
    class: öppen
    disposal: {action: bevara, plan: "4.2"}
`

// observed is an observer of an app with two accounts, at a time that stands still.
func observed(t *testing.T, over map[string]any) (*Observer, *App) {
	t.Helper()
	dir := t.TempDir()
	reg := filepath.Join(dir, "register.yaml")
	if err := os.WriteFile(reg, []byte(strings.Replace(twoAccounts, "&a\n    ", "", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	all := map[string]any{"data_dir": dir, "register.path": reg}
	for k, v := range over {
		all[k] = v
	}
	cfg, err := config.Load(config.Options{Overrides: all})
	if err != nil {
		t.Fatal(err)
	}
	a := New(Options{Config: cfg, Version: "1.2.3", Now: func() time.Time { return time.Date(2026, 10, 14, 12, 0, 0, 0, time.UTC) }, Env: os.Environ()})
	o, err := a.Observe(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o, a
}

// scrape reads the metrics as Prometheus does.
func scrape(t *testing.T, h http.Handler) map[string]*dto.MetricFamily {
	t.Helper()
	srv := httptest.NewServer(h)
	defer srv.Close()
	body, _ := get(t, srv.URL, http.StatusOK)
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(string(body)))
	if err != nil {
		t.Fatalf("%v in:\n%s", err, body)
	}
	problems, err := promlint.New(strings.NewReader(string(body))).Lint()
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "arsring_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	if err != nil {
		t.Error(err)
	}
	return families
}

// value is a series' value; NaN when there is no such series.
func value(families map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	for _, m := range families[name].GetMetric() {
		has := map[string]string{}
		for _, l := range m.GetLabel() {
			has[l.GetName()] = l.GetValue()
		}
		match := true
		for i := 0; i+1 < len(labels); i += 2 {
			match = match && has[labels[i]] == labels[i+1]
		}
		if match {
			return m.GetGauge().GetValue() + m.GetCounter().GetValue() + m.GetHistogram().GetSampleSum()
		}
	}
	return math.NaN()
}

func TestMetricsSayHowThingsStand(t *testing.T) {
	o, a := observed(t, nil)
	families := scrape(t, o.Metrics())
	for _, absent := range []string{"arsring_last_kept_age_seconds", "arsring_store_up", "arsring_jobs", "arsring_last_tick_age_seconds", "arsring_mail_queue"} {
		if _, there := families[absent]; there {
			t.Errorf("%s is told although nothing is known of it", absent)
		}
	}
	o.Jobs = func(context.Context) (map[job.State]int, error) {
		return map[job.State]int{job.Waiting: 7, job.Running: 1}, nil
	}
	now := a.now()
	outcome, expires := capture.Complete, now.Add(48*time.Hour)
	o.m.note(func(s *standing) {
		s.keptKnown, s.proof, s.proofAt = true, 1, now.Add(-time.Hour)
		s.kept[[2]string{"default", "webb"}] = now.Add(-24 * time.Hour)
		s.logins = []loginAge{{Name: "kommunen", Age: 10 * 24 * time.Hour, Expires: &expires, Person: true}}
	})
	o.Hear(Event{Kind: EventTick, At: now.Add(-30 * time.Second)})
	o.Hear(Event{Kind: EventFailed, Account: "webb", Tenant: "default", Result: &Result{Code: "timeout", Stages: map[string]float64{"capture": 30}}})
	o.Hear(Event{Kind: EventKept, At: now.Add(-time.Hour), Account: "webb", Tenant: "default", Trigger: capture.TriggerScheduled, Snapshot: "s1",
		Result: &Result{Outcome: &outcome, Stages: map[string]float64{"capture": 12, "pdfa": 1}}})
	o.Hear(Event{Kind: EventKept, At: now, Account: "webb", Tenant: "default", Trigger: capture.TriggerEvidence, Snapshot: "s2", Result: &Result{Outcome: &outcome}})
	passage := a.spool("default", "s3")
	if err := mkdir(passage); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(passage, "raw.pdf"), make([]byte, 1234), 0o600); err != nil {
		t.Fatal(err)
	}
	families = scrape(t, o.Metrics())
	for _, want := range []struct {
		name   string
		labels []string
		value  float64
	}{
		{"arsring_last_kept_age_seconds", []string{"account", "webb", "tenant", "default", "platform", "web"}, 3600},
		{"arsring_last_kept_age_seconds", []string{"account", "facebook"}, math.Inf(1)},
		{"arsring_accounts", []string{"tenant", "default"}, 2},
		{"arsring_jobs", []string{"state", "waiting"}, 7},
		{"arsring_snapshots_total", []string{"outcome", "complete", "trigger", "scheduled"}, 1},
		{"arsring_snapshots_total", []string{"trigger", "evidence"}, 1},
		{"arsring_failed_attempts_total", []string{"outcome", "timeout", "state", "failed"}, 1},
		{"arsring_stage_duration_seconds", []string{"stage", "capture"}, 42},
		{"arsring_store_up", nil, 1},
		{"arsring_store_lock_proven", nil, 1},
		{"arsring_store_lock_proof_age_seconds", nil, 3600},
		{"arsring_login_age_seconds", []string{"profile", "kommunen"}, 864000},
		{"arsring_login_expires_seconds", []string{"profile", "kommunen"}, 172800},
		{"arsring_login_needs_person", []string{"profile", "kommunen"}, 1},
		{"arsring_last_tick_age_seconds", nil, 30},
		{"arsring_spool_bytes", nil, 1234},
		{"arsring_spool_passages", nil, 1},
		{"arsring_build_info", []string{"version", "1.2.3"}, 1},
		{"arsring_events_total", []string{"kind", "kept"}, 2},
	} {
		if got := value(families, want.name, want.labels...); got != want.value {
			t.Errorf("%s%v is %v, want %v", want.name, want.labels, got, want.value)
		}
	}
	if free := value(families, "arsring_disk_free_bytes"); !(free > 0) || !(value(families, "arsring_disk_size_bytes") >= free) {
		t.Errorf("free %v", free)
	}
}

func TestMetricsAreReadByWhomTheSettingNames(t *testing.T) {
	for name, c := range map[string]struct {
		over   map[string]any
		header map[string]string
		remote string
		want   int
	}{
		"this machine":       {nil, nil, "127.0.0.1:5", 200},
		"this machine by v6": {nil, nil, "[::1]:5", 200},
		"another":            {nil, nil, "192.0.2.1:5", 403},
		"through a proxy":    {nil, map[string]string{"X-Forwarded-For": "192.0.2.1"}, "127.0.0.1:5", 403},
		"off":                {map[string]any{"telemetry.metrics": "off"}, nil, "127.0.0.1:5", 404},
		"no token":           {map[string]any{"telemetry.metrics": "token", "telemetry.metrics_token": "hemligt"}, nil, "127.0.0.1:5", 401},
		"wrong token":        {map[string]any{"telemetry.metrics": "token", "telemetry.metrics_token": "hemligt"}, map[string]string{"Authorization": "Bearer fel"}, "127.0.0.1:5", 401},
		"token":              {map[string]any{"telemetry.metrics": "token", "telemetry.metrics_token": "hemligt"}, map[string]string{"Authorization": "Bearer hemligt"}, "192.0.2.1:5", 200},
	} {
		t.Run(name, func(t *testing.T) {
			o, _ := observed(t, c.over)
			r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
			r.RemoteAddr = c.remote
			for k, v := range c.header {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			o.Metrics().ServeHTTP(w, r)
			body, err := io.ReadAll(w.Body)
			if err != nil || w.Code != c.want || strings.Contains(string(body), "arsring_build_info") != (c.want == 200) || strings.Contains(string(body), "hemligt") {
				t.Errorf("%d: %s", w.Code, body)
			}
		})
	}
}

// What the alarms ask for must be what is told.
func TestAlarmsNameMetricsThatExist(t *testing.T) {
	rules, err := os.ReadFile("../../config/deploy/prometheus-rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var code string
	for _, f := range []string{"metrics.go", "metrics_look.go"} {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		code += string(b)
	}
	names := regexp.MustCompile(`\barsring_[a-z_]+`).FindAllString(string(rules), -1)
	for _, n := range names {
		if !strings.Contains(code, `"`+n+`"`) && !strings.Contains(code, `desc("`+strings.TrimPrefix(n, "arsring_")+`"`) {
			t.Errorf("%s is no metric", n)
		}
	}
	if len(names) < 9 {
		t.Errorf("only %d metrics are asked for", len(names))
	}
}
