package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"arsring/internal/catalog"
	"arsring/internal/catalog/shelf"
	"arsring/internal/register"
)

// pages gives the one that writes the archive's static pages.
func (a *App) pages(ctx context.Context) (*shelf.Shelf, error) {
	c, err := a.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	s, err := a.Store(ctx)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.shelf == nil {
		a.shelf = shelf.New(shelf.Options{Store: s, Catalog: c, Hidden: a.hiddenAccounts})
	}
	return a.shelf, nil
}

// RefreshPages brings the catalogue and the archive's pages up to date, of one tenant or of all when it is empty. What could not be written
// before is written now.
func (a *App) RefreshPages(ctx context.Context, tenant string) (Cataloged, error) {
	p, err := a.pages(ctx)
	if err != nil {
		return Cataloged{}, err
	}
	res, err := p.Refresh(ctx, tenant)
	return cataloged(res), err
}

// RebuildCatalog makes the catalogue and the archive's pages anew from the archive alone.
func (a *App) RebuildCatalog(ctx context.Context, tell func(read int)) (Cataloged, error) {
	p, err := a.pages(ctx)
	if err != nil {
		return Cataloged{}, err
	}
	res, err := p.Rebuild(ctx, func(g catalog.Progress) {
		if tell != nil {
			tell(g.Read)
		}
	})
	return cataloged(res), err
}

// hiddenAccounts are those whose class in the register is another than öppen today, whatever it was when their packages were made. Without a
// register there are none; a register that cannot be read is an error, since nobody knows then what may be shown.
func (a *App) hiddenAccounts(context.Context) ([]string, error) {
	if a.cfg.Register.Path == "" {
		return nil, nil
	}
	if _, err := os.Stat(a.cfg.Register.Path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	r, err := a.Register()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, acc := range r.Accounts {
		if acc.Class != register.ClassOpen {
			out = append(out, acc.Tenant+"/"+acc.ID)
		}
	}
	return out, nil
}

// pagesPatience is how long a delivery waits for the pages. What is not done by then is done after the next one, or by the daemon.
const pagesPatience = time.Minute

// afterDelivery puts what was delivered into the catalogue and onto the archive's pages, and takes out what was disposed of. The package is
// safe by then: a failure is said and made good the next time, and never fails the delivery. It is not cut short with the delivery either.
func (a *App) afterDelivery(ctx context.Context, tenant, snapshot string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pagesPatience)
	defer cancel()
	if _, err := a.RefreshPages(ctx, tenant); err != nil {
		a.log.Warn("the archive is in order, but its catalogue and pages could not be refreshed; that is done after the next delivery, by the daemon, or by `arsring catalog update`",
			"snapshot", snapshot, "error", err)
	}
}

// pagesEvery is how often the daemon looks for what others have delivered or removed, and tries again what could not be written.
const pagesEvery = 15 * time.Minute

// keepPages is the daemon's part that keeps catalogue and pages up to date.
func keepPages(ctx context.Context, a *App) error {
	t := time.NewTicker(pagesEvery)
	defer t.Stop()
	for {
		res, err := a.RefreshPages(ctx, "")
		if err != nil && ctx.Err() == nil {
			a.log.Warn("the catalogue and the archive's pages could not be refreshed; tried again", "in", pagesEvery, "error", err)
		}
		for _, f := range res.Faults {
			a.log.Warn("a package cannot be read into the catalogue", "snapshot", f.ID, "error", f.Cause)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}
