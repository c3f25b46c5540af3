package capture

import (
	"context"
	_ "embed"
)

//go:embed js/site.js
var siteJS string

// Site bounds how much of a site is captured beside its start page. The zero value captures the one page.
type Site struct {
	Pages  int  // most pages of the host, the start page included; below 2 there are no others
	Depth  int  // most links from the start page; 0 with Pages above 1 takes what the sitemap names
	Robots bool // robots.txt is heeded for every page but the start page
}

// noLoss are the codes of what is said to be missing although the capture holds everything that was its task.
var noLoss = map[string]bool{
	"image-failed": true, "address-not-shown": true, "picture-not-kept": true, "page-broken": true, "robots-heeded": true, "robots-ignored": true, "beyond-depth": true, "files-not-fetched": true, "ways-not-taken": true,
}

func (t *tab) site(_ context.Context, _ *shooter) error { return nil }
