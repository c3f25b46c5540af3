package capture

import (
	"os"
	"strings"
	"testing"

	"arsring/testdata/sites"
)

// TestGrid opens the posts of a grid of pictures.
func TestGrid(t *testing.T) {
	t.Parallel()
	query := "posts=15&comments=1"
	if s := os.Getenv("CAPTURE_QUERY"); s != "" {
		query = s
	}
	c, truth := snapSite(t, "instagram", query, Job{})
	kinds := map[string]int{}
	for _, d := range differences(c, truth) {
		kind, _, _ := strings.Cut(d, " ")
		if kinds[kind]++; kinds[kind] <= 3 {
			t.Error(d)
		}
	}
	for i, p := range c.Posts {
		if i < len(truth.Posts) && len(p.Media) != len(truth.Posts[i].Media) {
			t.Errorf("%s: %d pictures of %d", p.Permalink, len(p.Media), len(truth.Posts[i].Media))
		}
	}
	t.Log("posts", c.Counts.Posts, "comments", c.Counts.Comments, "of", sites.CountComments(truth.Posts), kinds)
}
