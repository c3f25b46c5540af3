package app

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

func TestTracesOfASnapshotReachTheCollector(t *testing.T) {
	var mu sync.Mutex
	spans := map[string]*tracepb.Span{}
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Error(err)
				return
			}
			body = z
		}
		b, err := io.ReadAll(body)
		var data tracepb.TracesData // the same on the wire as the request around it
		if err != nil || proto.Unmarshal(b, &data) != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, rs := range data.GetResourceSpans() {
			for _, ss := range rs.GetScopeSpans() {
				for _, s := range ss.GetSpans() {
					spans[s.GetName()] = s
				}
			}
		}
	}))
	defer collector.Close()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<!doctype html><html lang="sv"><title>Sida</title><h1>En sida</h1><p>Text som står på sidan, tillräckligt för att inte vara tom.</p>`)
	}))
	defer page.Close()
	dir := testDir(t)
	a, err := testApp(dir)
	if err != nil {
		t.Fatal(err)
	}
	a.cfg.Telemetry.OTLP = collector.URL
	r := a.SnapshotURL(t.Context(), page.URL, dir, Request{Trigger: "manual"})
	if r.Err != nil || r.Package == nil {
		t.Fatalf("%+v", r)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	root := spans["passage"]
	if root == nil {
		t.Fatalf("spans %v", spans)
	}
	for _, stage := range []string{"capture", "record", "pdfa", "package"} {
		s := spans[stage]
		if s == nil || string(s.GetParentSpanId()) != string(root.GetSpanId()) || s.GetEndTimeUnixNano() <= s.GetStartTimeUnixNano() || s.GetStatus().GetCode() == tracepb.Status_STATUS_CODE_ERROR {
			t.Errorf("span of %s: %v", stage, s)
		}
	}
	found := false
	for _, kv := range root.GetAttributes() {
		found = found || kv.GetKey() == "arsring.snapshot" && kv.GetValue().GetStringValue() == r.ID
	}
	if !found {
		t.Errorf("the passage's span does not name the snapshot: %v", root.GetAttributes())
	}
}
