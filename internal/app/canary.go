package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sort"
	"strings"
	"time"

	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/register"
)

// Canary is one sample account as a canary found it, held against its last result.
type Canary struct {
	Account  string                    `json:"account"`
	Tenant   string                    `json:"tenant"`
	Platform string                    `json:"platform"`
	Source   string                    `json:"source"` // the platform files used
	Tried    string                    `json:"tried"`  // what the file says of itself
	At       time.Time                 `json:"at"`
	Outcome  capture.Outcome           `json:"outcome"`
	Code     string                    `json:"code"`
	Posts    int                       `json:"posts"`
	Comments int                       `json:"comments"`
	Shares   map[string]int            `json:"shares"` // percent of posts with "author", "time", "permalink" and "text"
	Found    map[string]map[string]int `json:"found"`  // by use and selector, the most elements found
	Since    *time.Time                `json:"since"`  // the result it was held against; nil for the first
	Findings []CanaryFinding           `json:"findings"`
	Seconds  float64                   `json:"seconds"`
}

// CanaryFinding is one thing that no longer is as it was.
type CanaryFinding struct {
	Code     string `json:"code"`     // "not-kept", "silent", "selector-silent", "broken-selector", "distrusted", "fewer-posts", "fewer-facts"
	Use      string `json:"use"`      // what the selector is for; empty where it is no selector's
	Selector string `json:"selector"` // empty where all of a use are meant
	Text     string `json:"text"`
}

// How much of an account a canary looks at: enough to see every kind of thing, and no burden to the service.
const (
	canaryPosts   = 40
	canarySheets  = 60
	canaryMinutes = 10
)

// CanaryAccounts gives the sample accounts for a name: a platform's first registered account, the account itself, or, for an empty name, the first
// account of every platform. A UsageError says that there is none.
func (a *App) CanaryAccounts(name string) ([]register.Account, error) {
	r, err := a.Register()
	if err != nil {
		return nil, err
	}
	now := a.now()
	first := map[string]register.Account{}
	for _, acc := range r.Accounts {
		if acc.ID == name || acc.Tenant+"/"+acc.ID == name {
			return []register.Account{acc}, nil
		}
		if until, ok := register.Day(acc.Until); ok && until.Before(now) {
			continue
		}
		p, err := a.platformOf(acc)
		if err != nil {
			return nil, err
		}
		if _, ok := first[p.Name]; !ok {
			first[p.Name] = acc
		}
	}
	if acc, ok := first[name]; ok {
		return []register.Account{acc}, nil
	}
	if name != "" || len(first) == 0 {
		return nil, &UsageError{fmt.Sprintf("%q is neither an account nor a platform with an account in the register at %s; `arsring register list` shows those there are", name, a.cfg.Register.Path)}
	}
	var out []register.Account
	for _, acc := range first {
		out = append(out, acc)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out, nil
}

// Canary captures a little of an account, delivers nothing, and tells what the platform file's selectors no longer find. A result without findings is
// what the next one is held against; one with findings never is.
func (a *App) Canary(ctx context.Context, acc register.Account) (Canary, error) {
	begin := time.Now()
	if err := mkdir(a.cfg.Path("canary")); err != nil {
		return Canary{}, err
	}
	dir, err := os.MkdirTemp(a.cfg.Path("canary"), ".run-")
	if err != nil {
		return Canary{}, err
	}
	defer os.RemoveAll(dir)
	acc.Limits.Posts, acc.Limits.Sheets, acc.Limits.Minutes = canaryPosts, canarySheets, canaryMinutes
	acc.Limits.Pages, acc.Limits.Depth = 1, 0
	p := a.newPassage(dir, Request{Account: acc, Trigger: capture.TriggerManual, Reason: "canary"})
	p.alone = true
	defer p.close()
	if err := p.capture(ctx, dir); err != nil && !errors.Is(err, job.ErrStop) {
		return Canary{}, err
	}
	c, err := capture.Load(dir + "/capture")
	if err != nil {
		return Canary{}, err
	}
	now := canaryOf(c, acc, p)
	now.At, now.Seconds = a.now().In(register.Location()), time.Since(begin).Seconds()
	file := a.cfg.Path("canary", acc.Tenant+"-"+acc.ID+".json")
	var last *Canary
	var old Canary
	switch err := readJSON(file, &old); {
	case err == nil:
		last, now.Since = &old, &old.At
	case !errors.Is(err, fs.ErrNotExist):
		return now, err
	}
	now.Findings = append(now.Findings, now.against(c, last, a.cfg.Capture.MuchSmaller)...)
	if len(now.Findings) > 0 {
		return now, nil
	}
	return now, writeJSON(file, now)
}

// canaryOf is what a capture tells, without comparison.
func canaryOf(c *capture.Capture, acc register.Account, p *passage) Canary {
	r := Canary{Account: acc.ID, Tenant: acc.Tenant, Outcome: c.Outcome, Code: c.Code, Posts: c.Counts.Posts, Comments: c.Counts.Comments, Shares: map[string]int{},
		Found: map[string]map[string]int{}, Findings: []CanaryFinding{}}
	if p.platform != nil {
		r.Platform, r.Source, r.Tried = p.platform.Name, p.platform.Source, p.platform.Tried
	}
	if c.Hints != nil {
		r.Found = c.Hints.Found
	}
	for _, k := range c.Posts {
		r.Shares["author"] += one(k.Author != "")
		r.Shares["time"] += one(k.Published != nil)
		r.Shares["permalink"] += one(k.Permalink != "")
		r.Shares["text"] += one(k.Text != "")
	}
	for k := range r.Shares {
		r.Shares[k] = r.Shares[k] * 100 / len(c.Posts)
	}
	return r
}

// against lists what is worse than last time, and what is wrong in itself.
func (r *Canary) against(c *capture.Capture, last *Canary, percent int) []CanaryFinding {
	var out []CanaryFinding
	say := func(code, use, selector, format string, a ...any) {
		out = append(out, CanaryFinding{code, use, selector, fmt.Sprintf(format, a...)})
	}
	if !c.Outcome.Kept() {
		say("not-kept", "", "", "the account was not kept: %s", c.Sentence.EN)
		return out
	}
	if c.Hints != nil {
		for _, s := range c.Hints.Broken {
			say("broken-selector", "", s, "the browser does not understand the selector %q", s)
		}
		if c.Hints.Distrusted {
			say("distrusted", "post", "", "the file's selectors for posts found less than half of what the general way found; that took over")
		}
		if silent := c.Hints.Silent(); last == nil && slices.Contains(silent, "post") {
			say("silent", "post", "", "no selector for posts finds anything; the general way took over and read %d", r.Posts)
		}
	}
	if last == nil {
		return out
	}
	out = append(out, r.silenced(last)...)
	if last.Posts >= fewPosts && r.Posts*100 < last.Posts*percent {
		say("fewer-posts", "", "", "%d posts were read, last time %d", r.Posts, last.Posts)
	}
	for _, k := range keysOf(last.Shares) {
		if r.Posts > 0 && r.Shares[k]*2 < last.Shares[k] {
			say("fewer-facts", k, "", "%d %% of the posts have %s, last time %d %%", r.Shares[k], k, last.Shares[k])
		}
	}
	return out
}

// silenced lists the selectors that found something last time and nothing now: all of a use, or single ones.
func (r *Canary) silenced(last *Canary) []CanaryFinding {
	var out []CanaryFinding
	for _, use := range keysOf(last.Found) {
		was, is := total(last.Found[use]), total(r.Found[use])
		if was > 0 && is == 0 {
			out = append(out, CanaryFinding{"silent", use, "", fmt.Sprintf("no selector for %s finds anything; last time they found %d", use, was)})
			continue
		}
		for _, s := range keysOf(last.Found[use]) {
			if n, still := r.Found[use][s]; still && n == 0 && last.Found[use][s] > 0 {
				out = append(out, CanaryFinding{"selector-silent", use, s, fmt.Sprintf("the selector %q for %s finds nothing; last time it found %d", s, use, last.Found[use][s])})
			}
		}
	}
	return out
}

func keysOf[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func total(m map[string]int) int {
	n := 0
	for _, k := range m {
		n += k
	}
	return n
}

// Line is the result on one line for a terminal.
func (r Canary) Line() string {
	var silent []string
	for _, use := range keysOf(r.Found) {
		if total(r.Found[use]) == 0 {
			silent = append(silent, use)
		}
	}
	s := fmt.Sprintf("%s (%s): %s, %d posts, %d comments", r.Account, r.Platform, r.Outcome, r.Posts, r.Comments)
	if len(silent) > 0 {
		s += "; the general way was used for " + strings.Join(silent, ", ")
	}
	return s
}
