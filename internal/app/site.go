package app

import (
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

// asSite makes the account of an address a site of so many pages and links, where that was asked for.
func asSite(acc register.Account, pages, depth int) register.Account {
	if pages > 0 || depth > 0 {
		acc.Platform, acc.Limits.Pages, acc.Limits.Depth = PlatformWeb, pages, depth
	}
	return acc
}
