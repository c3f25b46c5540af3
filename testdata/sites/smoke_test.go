package sites

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestFirstBatchIsShown opens feeds in a browser as anybody would, and finds their first posts in the document.
func TestFirstBatchIsShown(t *testing.T) {
	o := Options{Now: testNow, Posts: 30, NoImages: true}
	srv := serve(t, o)
	for _, name := range []string{"feed", "mastodon", "gen/4"} {
		t.Run(name, func(t *testing.T) {
			s, _ := ByName(name, o)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			out, err := chromium(ctx, t, "--virtual-time-budget=6000", "--dump-dom", srv.URL+s.Path).Output()
			if err != nil {
				t.Fatal(err)
			}
			shown := 0
			for _, p := range s.Truth.Posts[:8] {
				if strings.Contains(string(out), p.Mark) {
					shown++
				}
			}
			if shown < 2 {
				t.Errorf("%d of the first 8 posts are shown", shown)
			}
		})
	}
}
