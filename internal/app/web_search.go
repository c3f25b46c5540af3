package app

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"time"

	"arsring/internal/catalog"
	"arsring/internal/register"
)

// webSearch is the catalogue as the pages see it. It is brought up to date when somebody looks and some time has passed, or something was kept.
type webSearch struct {
	a *App

	mu   sync.Mutex
	last time.Time

	memo memo
}

// memo keeps answers of the catalogue as long as it holds the same.
type memo struct {
	mu      sync.Mutex
	version string
	answers map[string]any
}

// mostAnswers bounds what is kept: those who may see the same get the same answer, so there are few.
const mostAnswers = 16

// remembered gives the answer that was given to the same question of the catalogue as it is now, or asks.
func remembered[T any](ctx context.Context, m *memo, c *catalog.Catalog, question string, ask func() (T, error)) (T, error) {
	version, err := c.Version(ctx)
	if err != nil {
		return *new(T), err
	}
	m.mu.Lock()
	if m.version != version || m.answers == nil || len(m.answers) > mostAnswers {
		m.version, m.answers = version, map[string]any{}
	}
	known, ok := m.answers[question].(T)
	m.mu.Unlock()
	if ok && version != "" {
		return known, nil
	}
	got, err := ask()
	if err != nil {
		return got, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.version == version {
		m.answers[question] = got
	}
	return got, nil
}

// freshFor is how long a catalogue counts as up to date.
const freshFor = 20 * time.Second

// fresh brings the catalogue up to date by listing the archive. One asker does it while the others wait.
func (s *webSearch) fresh(ctx context.Context) (*catalog.Catalog, error) {
	c, err := s.a.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.last) < freshFor {
		return c, nil
	}
	ch, err := s.a.UpdateCatalog(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, f := range ch.Faults {
		s.a.log.Error("a package cannot be read into the catalogue", "snapshot", f.ID, "cause", f.Cause)
	}
	s.last = time.Now()
	return c, nil
}

// stale makes the next look list the archive again.
func (s *webSearch) stale() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = time.Time{}
}

// Search asks the catalogue.
func (s *webSearch) Search(ctx context.Context, q catalog.Query) (catalog.Results, error) {
	c, err := s.fresh(ctx)
	if err != nil {
		return catalog.Results{}, err
	}
	return c.Search(ctx, q)
}

// Compare compares two snapshots of one account.
func (s *webSearch) Compare(ctx context.Context, sc catalog.Scope, id, other string) (catalog.Comparison, error) {
	if _, err := s.fresh(ctx); err != nil {
		return catalog.Comparison{}, err
	}
	return s.a.Compare(ctx, sc, id, other)
}

// Overview asks the catalogue for a half-year at a glance.
func (s *webSearch) Overview(ctx context.Context, sc catalog.Scope, accounts []register.Account, now time.Time) (catalog.Overview, error) {
	c, err := s.fresh(ctx)
	if err != nil {
		return catalog.Overview{}, err
	}
	h := fnv.New64a()
	for _, a := range accounts {
		_, _ = fmt.Fprintf(h, "%s/%s ", a.Tenant, a.ID)
	}
	o, err := remembered(ctx, &s.memo, c, fmt.Sprint("overview ", sc, catalog.HalfOf(now), len(accounts), h.Sum64()), func() (catalog.Overview, error) { return c.Overview(ctx, sc, accounts, now) })
	if err == nil { // who asks may have read the register anew since
		o.Standing = slices.Clone(o.Standing)
		for i := range o.Standing {
			o.Standing[i].Account = accounts[i]
		}
	}
	return o, err
}

// Accounts asks the catalogue what is kept of each account.
func (s *webSearch) Accounts(ctx context.Context, sc catalog.Scope, f catalog.Filter) ([]catalog.Account, error) {
	c, err := s.fresh(ctx)
	if err != nil {
		return nil, err
	}
	return remembered(ctx, &s.memo, c, fmt.Sprintf("accounts %v %+v", sc, f), func() ([]catalog.Account, error) { return c.Accounts(ctx, sc, f) })
}
