package app

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"arsring/config"
	"arsring/internal/capture"
	"arsring/internal/job"
)

// TestSnapshotTakesTurns: a snapshot at the command line waits for the lane that a daemon's capture is on, and gives it back when it has left the page. A job
// database that does not answer does not stand in its way.
func TestSnapshotTakesTurns(t *testing.T) {
	var free atomic.Bool
	var early atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !free.Load() {
			early.Add(1)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!doctype html><html lang=sv><link rel=icon href='data:,'><title>Sida</title><h1>Sida</h1><p>Text."))
	}))
	t.Cleanup(srv.Close)
	c := newCounter(t, map[string][2]string{"sida": {"web", srv.URL + "/"}})
	acc, err := c.Account("sida")
	if err != nil {
		t.Fatal(err)
	}
	leave, err := c.queue.Visit(t.Context(), laneOf(&acc), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	waited := make(chan struct{})
	var stages []string
	ended := make(chan Result)
	go func() {
		ended <- c.Snapshot(t.Context(), Request{Account: acc, Trigger: capture.TriggerManual, Reason: "Prov", Tell: func(p Progress) {
			if stages = append(stages, p.Stage); p.Stage == "wait" {
				close(waited)
			}
			if p.Stage == "pdfa" { // the page has been left, and so has the lane
				if back, err := c.queue.Visit(t.Context(), laneOf(&acc), 0, nil); err != nil {
					t.Error(err)
				} else {
					back()
				}
			}
		}})
	}()
	<-waited
	free.Store(true)
	leave()
	if r := <-ended; r.Err != nil || r.State != job.Delivered || early.Load() > 0 {
		t.Errorf("%s %v, %d requests while another had the lane; %v", r.Sentence, r.Err, early.Load(), stages)
	}
	if len(stages) < 3 || stages[0] != "wait" || stages[1] != "capture" {
		t.Errorf("told of %v", stages)
	}
	held, err := c.queue.Visit(t.Context(), laneOf(&acc), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer held()
	cfg, err := config.Load(config.Options{Overrides: map[string]any{"data_dir": c.cfg.DataDir, "jobs.database": "postgres://u:p@" + nobodyListens(t) + "/x?connect_timeout=2"}})
	if err != nil {
		t.Fatal(err)
	}
	c.cfg.Jobs = cfg.Jobs
	if r := c.Snapshot(t.Context(), Request{Account: acc, Trigger: capture.TriggerManual, Reason: "Prov igen"}); r.Err != nil || r.State != job.Delivered {
		t.Errorf("without the database: %s %v", r.Sentence, r.Err)
	}
}
