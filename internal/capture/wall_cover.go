package capture

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
)

// quell has elements that follow the reader appear once, and sets aside what covers the page and cannot be closed: what is photographed then is
// what lies below, and the capture says so. With top true, what hangs at the top of the window stays for now.
func (t *tab) quell(ctx context.Context, c *Capture, top bool) error {
	covered, err := eval[[]string](ctx, t, "uncover")
	if err != nil {
		return err
	}
	for _, said := range covered {
		t.note("cover-hidden", said)
		c.lack("covered", "En ruta som inte gick att stänga täckte sidan och doldes för att sidan skulle kunna fångas (”"+clip(said, 100)+"”); det som visas kan vara mindre än vad en besökare som släpps in får se.",
			"Something that could not be closed covered the page and was hidden so that the page could be captured (“"+clip(said, 100)+"”); what is shown may be less than a visitor sees who is let in.")
	}
	quelled, err := eval[[]string](ctx, t, "quell", top)
	for _, q := range quelled {
		t.note("hidden", q)
	}
	return err
}

// toPage leaves what lies over the page and lets a visitor go on to it: an app that is offered, a message that keeps the page from being scrolled.
func (t *tab) toPage(ctx context.Context) error {
	pressed, err := eval[[]string](ctx, t, "toPage")
	for _, p := range pressed {
		t.note("wall-closed", p)
	}
	if err != nil || len(pressed) == 0 {
		return err
	}
	return t.settle(ctx, true)
}

// askAgain asks once more for what a page says that it could not get, a few times.
func (t *tab) askAgain(ctx context.Context) error {
	for range 4 {
		label, err := eval[string](ctx, t, "pressAgain")
		if err != nil || label == "" {
			return err
		}
		t.note("pressed", label)
		if err := t.settle(ctx, true); err != nil {
			return err
		}
		if err := t.late(ctx); err != nil {
			return err
		}
	}
	return nil
}

// onlyConsent reports whether nothing was left of the page when its question of consent was hidden.
func (t *tab) onlyConsent(ctx context.Context) (bool, error) {
	const next = 20 // letters: a name, a sign
	t.mu.Lock()
	hid := slices.ContainsFunc(t.interventions, func(i Intervention) bool { return i.Act == consentActs["hide"] })
	t.mu.Unlock()
	if !hid {
		return false, nil
	}
	look, err := eval[pageLook](ctx, t, "content")
	return err == nil && look.Chars < next && look.Media == 0, err
}

// framed looks for a wall in a large frame of another origin, where the page itself says next to nothing: the frame is the page then.
func (t *tab) framed(ctx context.Context, w wallSigns) (wallSigns, error) {
	const little, wide, high = 300, 400, 200
	if _, ok := w.verdict(); ok || w.Items > 0 || w.Chars > little {
		return w, nil
	}
	frames, err := t.anyForeigners(ctx)
	if err != nil {
		return w, err
	}
	for _, f := range frames {
		if f.box.W < wide || f.box.H < high {
			continue
		}
		if in, err := within[wallSigns](ctx, f, "arsring.wall()"); err == nil && in.Items == 0 {
			if _, ok := in.verdict(); ok {
				in.Full = true
				return in, nil
			}
		}
	}
	return w, nil
}

// How long a page that keeps its visitor waiting, or is about to send him on, is given to do so.
const (
	passWait = 12 * time.Second
	passLook = 200 * time.Millisecond
)

// passing waits while the page shows signs of being only on the way to another one: a check of the browser, a script that leads away after a while.
func (t *tab) passing(ctx context.Context, shown int) error {
	until := time.Now().Add(passWait)
	for waited := false; time.Now().Before(until); waited = true {
		passes, err := eval[bool](ctx, t, "passes", t.net.status())
		if err != nil || !passes {
			if err == nil && waited {
				err = t.settle(ctx, true)
			}
			return err
		}
		for next := time.Now().Add(5 * passLook); time.Now().Before(next); {
			if now, coming := t.net.showing(); now != shown || coming {
				return nil
			}
			if err := pause(ctx, passLook); err != nil {
				return err
			}
		}
	}
	return nil
}

// commonNames are words of an account's name that tell nothing of whose it is.
var commonNames = map[string]bool{"kommun": true, "kommunen": true, "kommuns": true, "konto": true, "officiell": true, "officiella": true, "sida": true, "sidan": true, "facebook": true,
	"instagram": true, "youtube": true, "linkedin": true, "mastodon": true, "tiktok": true, "twitter": true, "threads": true, "webb": true, "webbplats": true, "page": true, "pages": true, "profile": true, "user": true, "channel": true}

// accountNames are the words by which a page may call the account: of its title, its sender and its address.
func accountNames(c *Capture) []string {
	acc, out := c.Job.Account, []string{}
	fields := strings.FieldsFunc(acc.Title+" "+acc.Sender, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, w := range fields {
		if r := []rune(w); len(r) >= 4 && !commonNames[strings.ToLower(w)] {
			out = append(out, string(r[:min(len(r), 6)])) // names are bent
		}
	}
	if len(out) == 0 {
		return out
	}
	if handle := name(strings.Trim(pathKey(acc.URL), "/")); len(handle) >= 4 {
		out = append(out, handle)
	}
	return out
}

// lackAccount says that a page which shows next to nothing never names the account: it may be another's, or an error in words that nobody knows.
func (t *tab) lackAccount(ctx context.Context, c *Capture) error {
	names := accountNames(c)
	seen, err := eval[struct{ Little, Named, App bool }](ctx, t, "showsAccount", names)
	if err != nil {
		return err
	}
	if seen.App {
		c.lack("app-only", "Sidan visar bara var en app kan hämtas; innehållet finns kanske bara i den.", "The page only shows where an app can be had; the content may be in that alone.")
	}
	if len(names) > 0 && seen.Little && !seen.Named {
		c.lack("account-not-shown", "Sidan visar nästan ingenting och nämner inte kontots namn; det kan vara en felsida eller någon annans sida. Titta på bilden av den.",
			"The page shows next to nothing and does not mention the account's name; it may be an error page or somebody else's. Look at its picture.")
	}
	return nil
}

// lackLeft says that a page that shows no posts wanted to go elsewhere while it was read.
func (t *tab) lackLeft(c *Capture) {
	if to := t.wantedTo(); to != "" && len(c.Posts) == 0 && withoutFragment(to) != withoutFragment(c.Facts.FinalURL) {
		c.lack("page-left", "Sidan ville skicka sin besökare vidare till "+withoutSecrets(to)+" medan den fångades.", "The page wanted to send its visitor on to "+withoutSecrets(to)+" while it was captured.")
	}
}
