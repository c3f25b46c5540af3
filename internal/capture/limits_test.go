package capture

import (
	"testing"
	"time"

	"arsring/internal/register"
	"arsring/testdata/sites"
)

// A limit ends a capture in order: what was kept until then stays, and is called partial, with the limit named.
func TestLimits(t *testing.T) {
	srv := serveSites(t, sites.Options{Seed: 5, Posts: 30})
	for _, c := range []struct {
		name, path, code string
		limits           Limits
	}{
		{"posts of a feed", "/feed/", "limit-posts", Limits{Posts: 8}},
		{"sheets of a feed", "/virtual/", "limit-sheets", Limits{Sheets: 5}},
		{"bytes of a feed", "/feed/", "limit-bytes", Limits{Bytes: 200_000}},
		{"time of a feed", "/feed/?posts=400", "limit-minutes", Limits{Time: time.Second}},
		{"posts of a grid", "/instagram/", "limit-posts", Limits{Posts: 4}},
		{"sheets of a page", "/tall/", "limit-sheets", Limits{Sheets: 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			job := Job{SnapshotID: "konto-20261015T073000Z-manual-aaaa", Trigger: TriggerManual, URL: srv.URL + c.path, Image: "jpeg", Lang: "sv",
				Account: register.Account{ID: "konto", Tenant: "default", URL: srv.URL + c.path}}
			got, _ := captureWith(t, job, Options{Limits: c.limits})
			if got.Outcome != Partial || got.Period.Stop != StopLimit {
				t.Errorf("%s, stopped by %q, missing %v: want partial, limit", got.Outcome, got.Period.Stop, got.Missing)
			}
			if !lacks(got, c.code) {
				t.Errorf("missing is %v, want %s", got.Missing, c.code)
			}
			if len(got.Tiles) == 0 || c.limits.Posts > 0 && (len(got.Posts) < c.limits.Posts || len(got.Posts) > c.limits.Posts+12) {
				t.Errorf("%d tiles and %d posts were kept", len(got.Tiles), len(got.Posts))
			}
		})
	}
}

func lacks(c *Capture, code string) bool {
	for _, m := range c.Missing {
		if m.Code == code {
			return true
		}
	}
	return false
}
