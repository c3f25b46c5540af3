package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// baseline is the account's last complete snapshot, against which the next one is held. A partial one is never it.
type baseline struct {
	id      string
	at      time.Time
	posts   []time.Time // when its posts were published, those without a time left out
	total   int
	from    time.Time // since when it covers
	sheets  int       // pictures of the page, where it is no feed
	trigger capture.Trigger
}

// Below these, a difference is chance.
const (
	fewPosts  = 8
	fewSheets = 6
)

// smaller compares a kept capture with the account's last complete snapshot. Where it holds much less of the same span of time, or much less for a span
// as long, it is partial and says so: a feed that answers a robot with a few posts looks complete in itself.
func (p *passage) smaller(ctx context.Context, c *capture.Capture, dir string) error {
	percent := p.a.cfg.Capture.MuchSmaller
	if percent == 0 || p.alone || p.job.Evidence != nil || c.Outcome != capture.Complete || confirmed(c) {
		return nil
	}
	b, err := p.a.lastComplete(ctx, p.job.Account, p.job.SnapshotID)
	if err != nil {
		p.a.log.Info("the archive could not be asked for the last complete snapshot", "account", p.job.Account.ID, "error", err)
		return nil
	}
	sv, en := b.compare(c, percent)
	if sv == "" {
		return nil
	}
	c.Missing = append(c.Missing, capture.Missing{Code: muchSmaller, Text: capture.Text{SV: sv, EN: en}})
	c.Outcome, c.Code = capture.Partial, muchSmaller
	c.Sentence = capture.Text{SV: "Mycket mindre än förra gången: " + sv, EN: "Much smaller than last time: " + en}
	return c.Save(filepath.Join(dir, "capture"))
}

// muchSmaller is the code of a capture that holds much less than the one before it.
const muchSmaller = "much-smaller"

// confirmed reports whether the service itself has told that everything is there.
func confirmed(c *capture.Capture) bool {
	for _, k := range c.Checks {
		if k.Note == "" && k.Posts > 0 && k.Kept == k.Posts && c.Period.WantedFrom != nil && k.From != nil && !k.From.After(*c.Period.WantedFrom) {
			return true
		}
	}
	return false
}

// compare gives the sentence for what is much smaller; empty where nothing is.
func (b *baseline) compare(c *capture.Capture, percent int) (sv, en string) {
	if b == nil {
		return "", ""
	}
	day := b.at.In(register.Location()).Format(time.DateOnly)
	if b.total == 0 {
		if n := len(c.Tiles); b.sheets >= fewSheets && n*100 < b.sheets*percent {
			return fmt.Sprintf("%d utsnitt av sidan mot %d den %s.", n, b.sheets, day), fmt.Sprintf("%d pictures of the page against %d on %s.", n, b.sheets, day)
		}
		return "", ""
	}
	// The span that both have read tells most: the same posts must be there again.
	from := b.from
	if cut := cutoff(c); cut != nil && cut.After(from) {
		from = *cut
	}
	had, has := within(b.posts, from, b.at), within(times(c.Posts), from, b.at)
	if had >= fewPosts {
		if has*100 < had*percent {
			return fmt.Sprintf("%d inlägg från tiden %s – %s, som gav %d inlägg den %s.", has, from.In(register.Location()).Format(time.DateOnly), day, had, day),
				fmt.Sprintf("%d posts of the time %s to %s, which gave %d posts on %s.", has, from.In(register.Location()).Format(time.DateOnly), day, had, day)
		}
		return "", ""
	}
	then, now := b.at.Sub(b.from), c.Started.Sub(reached(c, b.from))
	if b.total < fewPosts || then < 24*time.Hour || now < 24*time.Hour {
		return "", ""
	}
	expected := float64(b.total) * float64(now) / float64(then)
	if expected >= fewPosts && float64(len(c.Posts))*100 < expected*float64(percent) {
		return fmt.Sprintf("%d inlägg, mot omkring %.0f efter den takt som var den %s.", len(c.Posts), expected, day), fmt.Sprintf("%d posts, against about %.0f by the rate of %s.", len(c.Posts), expected, day)
	}
	return "", ""
}

// cutoff is since when a capture has read again.
func cutoff(c *capture.Capture) *time.Time {
	if c.Period.WantedFrom == nil {
		return nil
	}
	t := c.Period.WantedFrom.AddDate(0, 0, -c.Period.Overlap)
	return &t
}

// reached is since when a capture should hold posts.
func reached(c *capture.Capture, otherwise time.Time) time.Time {
	if t := cutoff(c); t != nil {
		return *t
	}
	return otherwise
}

func times(posts []capture.Post) []time.Time {
	var out []time.Time
	for _, p := range posts {
		if p.Published != nil && !p.Pinned {
			out = append(out, *p.Published)
		}
	}
	return out
}

func within(list []time.Time, from, to time.Time) int {
	n := 0
	for _, t := range list {
		n += one(!t.Before(from) && !t.After(to))
	}
	return n
}

// lastComplete reads the account's last complete snapshot of the whole account, except the one named; nil when there is none.
func (a *App) lastComplete(ctx context.Context, acc register.Account, except string) (*baseline, error) {
	ctx, cancel := context.WithTimeout(ctx, askPrevious)
	defer cancel()
	s, err := a.Store(ctx)
	if err != nil {
		return nil, err
	}
	whole := func(id string, _ time.Time, t capture.Trigger) bool { return id != except && ofAccount(t) }
	for p, err := range a.packages(ctx, s, acc, whole) {
		if err != nil {
			return nil, err
		}
		m := p.manifest
		if m.Outcome != capture.Complete {
			continue
		}
		b := &baseline{id: p.entry.ID, at: p.at, total: m.Counts.Posts, sheets: len(m.Tiles), trigger: p.trigger, from: p.at}
		r, _, err := s.Open(ctx, p.entry, m.Content)
		if err != nil {
			return nil, err
		}
		err = b.read(r, m)
		return b, errors.Join(err, r.Close())
	}
	return nil, nil
}

// read takes the posts' times from the snapshot's content.
func (b *baseline) read(r io.Reader, m sip.Manifest) error {
	var c struct {
		Posts []struct {
			Published *time.Time `json:"published"`
			Pinned    bool       `json:"pinned"`
		} `json:"posts"`
	}
	if err := json.NewDecoder(r).Decode(&c); err != nil {
		return fmt.Errorf("%s: %w", b.id, err)
	}
	for _, p := range c.Posts {
		if p.Published != nil && !p.Pinned {
			b.posts = append(b.posts, *p.Published)
		}
	}
	switch {
	case m.Period.WantedFrom != nil:
		b.from = m.Period.WantedFrom.AddDate(0, 0, -m.Period.Overlap)
	case m.Period.Oldest != nil:
		b.from = *m.Period.Oldest
	}
	return nil
}
