package app

import (
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// PlatformWeb is the platform of external sites: they are captured page by page.
const PlatformWeb = "web"

// siteOf says how much of a site a job captures beside its start page: what the account says, else what the configuration says, and
// nothing for accounts that are no sites.
func (a *App) siteOf(j capture.Job) capture.Site {
	acc, def := j.Account, a.cfg.Capture.Limits
	if acc.Platform != PlatformWeb || j.Evidence != nil || j.Trigger == capture.TriggerIngest {
		return capture.Site{}
	}
	s := capture.Site{Pages: def.Pages, Depth: def.Depth, Sheets: def.Sheets, Robots: a.cfg.Capture.Robots}
	if acc.Limits.Pages > 0 {
		s.Pages = acc.Limits.Pages
	}
	if acc.Limits.Depth > 0 {
		s.Depth = acc.Limits.Depth
	}
	if acc.Limits.Sheets > 0 {
		s.Sheets = acc.Limits.Sheets
	}
	return s
}

// limitsOf bounds a job's capture: by what the account says, else by the configuration. The limit of a feed's time leaves a fifth of the whole
// for what follows the scrolling, so that a capture that runs out of time ends in order, with what it has.
func (a *App) limitsOf(j capture.Job) (l capture.Limits, total time.Duration) {
	acc, def := j.Account.Limits, a.cfg.Capture.Limits
	minutes := def.Minutes
	l = capture.Limits{Posts: def.Posts, Sheets: def.Sheets, Bytes: int64(def.Bytes)}
	if acc.Posts > 0 {
		l.Posts = acc.Posts
	}
	if acc.Sheets > 0 {
		l.Sheets = acc.Sheets
	}
	if acc.Bytes > 0 {
		l.Bytes = acc.Bytes
	}
	if acc.Minutes > 0 {
		minutes = acc.Minutes
	}
	total = time.Duration(minutes) * time.Minute
	l.Time = total * 4 / 5
	return l, total
}

// asSite makes the account of an address a site of so many pages and links, where that was asked for.
func asSite(acc register.Account, pages, depth int) register.Account {
	if pages > 0 || depth > 0 {
		acc.Platform, acc.Limits.Pages, acc.Limits.Depth = PlatformWeb, pages, depth
	}
	return acc
}
