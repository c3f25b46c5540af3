package shelf

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"arsring/internal/archive"
	"arsring/internal/catalog"
	"arsring/internal/register"
)

// Options are what pages are made of.
type Options struct {
	Store   *archive.Store
	Catalog *catalog.Catalog
	// Hidden lists the accounts, as tenant/account, whose snapshots are on no page although their manifests are of the class öppen: those whose
	// class has been raised since. It is asked before every refresh. nil: none.
	Hidden func(ctx context.Context) ([]string, error)
}

// Shelf writes the pages. It is safe for concurrent use.
type Shelf struct {
	o Options

	mu     sync.Mutex // held by the one refresh at a time
	hidden []string   // tenant/account, sorted; guarded by mu
	ticket sync.Mutex // guards the two that follow
	asked  int64
	done   map[string]int64 // by tenant: every request up to this one was made before a refresh that ended well
}

// New makes a Shelf.
func New(o Options) *Shelf {
	if o.Hidden == nil {
		o.Hidden = func(context.Context) ([]string, error) { return nil, nil }
	}
	return &Shelf{o: o, done: map[string]int64{}}
}

// Result says what a refresh did.
type Result struct {
	Changes catalog.Changes // what the catalogue found in the archive
	Written int             // pages that differed from what stood there
	Removed int             // pages that have nothing to show any more
}

// mostRounds bounds how often a refresh begins again because something was delivered meanwhile: whoever delivered it refreshes, too.
const mostRounds = 20

// Refresh brings the catalogue up to date, of a tenant or of all when it is empty, and writes the pages that are outdated. It may be called
// after each delivery; calls that wait for each other are answered by one refresh.
func (s *Shelf) Refresh(ctx context.Context, tenant string) (Result, error) {
	mine := s.draw()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ticket.Lock()
	covered, upTo := s.done[tenant] >= mine, s.asked
	s.ticket.Unlock()
	if covered {
		return Result{}, nil
	}
	var res Result
	if err := s.hide(ctx); err != nil {
		return res, fmt.Errorf("the archive's pages are not refreshed: %w", err)
	}
	for range mostRounds {
		ch, err := s.o.Catalog.Update(ctx, catalog.Store(s.o.Store), catalog.UpdateOptions{Tenant: tenant})
		res.add(ch)
		if err != nil {
			return res, fmt.Errorf("the archive's pages are not refreshed: %w", err)
		}
		outdated, err := s.o.Catalog.Outdated(ctx, tenant)
		if err != nil {
			return res, err
		}
		if len(outdated) == 0 {
			break
		}
		if err := s.write(ctx, outdated, &res); err != nil {
			return res, fmt.Errorf("the archive's pages are not refreshed: %w", err)
		}
	}
	s.ticket.Lock()
	s.done[tenant] = upTo
	s.ticket.Unlock()
	return res, nil
}

// hide asks which accounts are hidden now, and notes the pages of those that were not, or are no more, as outdated.
func (s *Shelf) hide(ctx context.Context) error {
	now, err := s.o.Hidden(ctx)
	if err != nil {
		return err
	}
	now = slices.Compact(slices.Sorted(slices.Values(now)))
	note, err := s.o.Catalog.Note(ctx, "hidden")
	if err != nil {
		return err
	}
	for _, name := range differing(strings.Fields(note), now) {
		tenant, account, _ := strings.Cut(name, "/")
		if err := s.o.Catalog.Outdate(ctx, tenant, []string{account}); err != nil {
			return err
		}
	}
	s.hidden = now
	return s.o.Catalog.SetNote(ctx, "hidden", strings.Join(now, " "))
}

// differing gives what only one of two lists holds.
func differing(a, b []string) []string {
	var out []string
	for _, x := range [][2][]string{{a, b}, {b, a}} {
		for _, name := range x[0] {
			if !slices.Contains(x[1], name) {
				out = append(out, name)
			}
		}
	}
	return out
}

func (s *Shelf) draw() int64 {
	s.ticket.Lock()
	defer s.ticket.Unlock()
	s.asked++
	return s.asked
}

func (r *Result) add(ch catalog.Changes) {
	r.Changes.Added += ch.Added
	r.Changes.Removed += ch.Removed
	r.Changes.Marked += ch.Marked
	r.Changes.Faults = ch.Faults
}

// Rebuild makes the catalogue anew from the archive and writes every page; those that have nothing to show are removed.
func (s *Shelf) Rebuild(ctx context.Context, tell func(catalog.Progress)) (Result, error) {
	var res Result
	ch, err := s.o.Catalog.Rebuild(ctx, catalog.Store(s.o.Store), tell)
	res.add(ch)
	if err != nil {
		return res, err
	}
	// Every account that has anything in the bucket, be it only an old page.
	tenants, err := s.o.Store.Tenants(ctx)
	if err != nil {
		return res, err
	}
	for _, tenant := range tenants {
		accounts, err := s.o.Store.Accounts(ctx, tenant)
		if err != nil {
			return res, err
		}
		if err := s.o.Catalog.Outdate(ctx, tenant, accounts); err != nil {
			return res, err
		}
	}
	again, err := s.Refresh(ctx, "")
	res.Written += again.Written
	res.Removed += again.Removed
	if err != nil {
		return res, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return res, s.root(ctx, &res) // an archive with nothing in it has a first page, too
}

// write makes the pages of these accounts and of the tenants that they belong to.
func (s *Shelf) write(ctx context.Context, outdated []catalog.Outdated, res *Result) error {
	for len(outdated) > 0 {
		tenant := outdated[0].Tenant
		n := slices.IndexFunc(outdated, func(o catalog.Outdated) bool { return o.Tenant != tenant })
		if n < 0 {
			n = len(outdated)
		}
		if err := s.tenant(ctx, tenant, outdated[:n], res); err != nil {
			return err
		}
		outdated = outdated[n:]
	}
	return s.root(ctx, res)
}

// open lists what of a tenant may stand on pages, newest first.
func (s *Shelf) open(ctx context.Context, tenant string) ([]catalog.Snapshot, error) {
	all, err := s.o.Catalog.All(ctx, catalog.Scope{Tenants: []string{tenant}, Classes: []register.Class{register.ClassOpen}}, catalog.Filter{})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(x catalog.Snapshot) bool {
		_, hidden := slices.BinarySearch(s.hidden, tenant+"/"+x.Account)
		return hidden || x.Class != register.ClassOpen
	}), nil
}

func (s *Shelf) tenant(ctx context.Context, tenant string, outdated []catalog.Outdated, res *Result) error {
	list, err := s.open(ctx, tenant)
	if err != nil {
		return err
	}
	site := newSite(tenant, list)
	site.apart = s.o.Store.Apart(tenant)
	pages := map[string][]byte{} // nil: to be removed
	for _, o := range outdated {
		if err := site.account(o.Account, pages); err != nil {
			return err
		}
	}
	if err := site.upper(pages); err != nil {
		return err
	}
	for _, folder := range []string{yearFolder, ownerFolder} {
		for o, err := range s.o.Store.ListKeys(ctx, tenant+"/"+folder+"/") {
			if err != nil {
				return err
			}
			if _, wanted := pages[o.Key]; !wanted && path.Base(o.Key) == pageName {
				pages[o.Key] = nil
			}
		}
	}
	if err := s.putAll(ctx, pages, res); err != nil {
		return err
	}
	return s.o.Catalog.Refreshed(ctx, outdated)
}

// root writes the first page. It shows the archives that have a page of their own, as the bucket says.
func (s *Shelf) root(ctx context.Context, res *Result) error {
	tenants, err := s.o.Store.Tenants(ctx)
	if err != nil {
		return err
	}
	var shown []*site
	for _, tenant := range tenants {
		if s.o.Store.Apart(tenant) {
			continue // its pages stand elsewhere, and who reads these may not know of it
		}
		list, err := s.open(ctx, tenant)
		if err != nil {
			return err
		}
		if _, err := s.o.Store.Stat(ctx, tenant+"/"+pageName); err == nil {
			shown = append(shown, newSite(tenant, list))
		} else if !isNotFound(err) {
			return err
		}
	}
	page, err := rootPage(shown)
	if err != nil {
		return err
	}
	return s.putAll(ctx, map[string][]byte{pageName: page}, res)
}

func isNotFound(err error) bool {
	var e *archive.NotFoundError
	return errors.As(err, &e)
}

// putAll writes what differs from what stands there. Account pages first, so that no link leads to a page that is not there yet.
func (s *Shelf) putAll(ctx context.Context, pages map[string][]byte, res *Result) error {
	var mu sync.Mutex
	for _, upper := range []bool{false, true} {
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(8)
		for key, data := range pages {
			if isUpper(key) != upper {
				continue
			}
			g.Go(func() error {
				written, removed, err := s.put(ctx, key, data)
				mu.Lock()
				defer mu.Unlock()
				res.Written += written
				res.Removed += removed
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func isUpper(key string) bool {
	parts := strings.Split(key, "/")
	return len(parts) != 3
}

func (s *Shelf) put(ctx context.Context, key string, data []byte) (written, removed int, err error) {
	info, err := s.o.Store.Stat(ctx, key)
	switch {
	case isNotFound(err) && data == nil:
		return 0, 0, nil
	case isNotFound(err):
	case err != nil:
		return 0, 0, err
	case data == nil:
		return 0, 1, s.o.Store.RemovePage(ctx, key)
	default:
		same, err := s.same(ctx, key, info, data)
		if err != nil || same {
			return 0, 0, err
		}
	}
	_, err = s.o.Store.Put(ctx, key, data, archive.PutOptions{})
	if err != nil {
		return 0, 0, err
	}
	return 1, 0, nil
}

// same says whether the object holds these bytes already.
func (s *Shelf) same(ctx context.Context, key string, info archive.ObjectInfo, data []byte) (bool, error) {
	if info.Size != int64(len(data)) {
		return false, nil
	}
	sum := sha256.Sum256(data)
	if info.SHA256 != "" {
		return info.SHA256 == hex.EncodeToString(sum[:]), nil
	}
	there, _, err := s.o.Store.Get(ctx, key)
	if isNotFound(err) {
		return false, nil
	}
	return err == nil && sha256.Sum256(there) == sum, err
}
