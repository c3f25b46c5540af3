package app

import (
	"context"

	"arsring/internal/catalog"
	"arsring/internal/catalog/shelf"
)

// Catalog opens the catalogue in data_dir/catalog.db. It may be behind the archive, or empty when it was lost: RefreshPages brings it up to
// date.
func (a *App) Catalog(ctx context.Context) (*catalog.Catalog, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.catalog != nil {
		return a.catalog, nil
	}
	c, err := catalog.Open(ctx, catalog.Options{Path: a.cfg.Path("catalog.db")})
	if err != nil {
		return nil, err
	}
	a.catalog = c
	return c, nil
}

// Cataloged is what an update or rebuild of the catalogue and the archive's pages did.
type Cataloged struct {
	Added   int            `json:"added"`
	Removed int            `json:"removed"`
	Pages   int            `json:"pages"`  // written or removed
	Faults  []CatalogFault `json:"faults"` // packages that could not be read; they are tried again the next time
}

// CatalogFault is a package that is in the archive and could not be read into the catalogue.
type CatalogFault struct {
	ID    string `json:"id"`
	Cause string `json:"cause"`
}

func cataloged(r shelf.Result) Cataloged {
	out := Cataloged{Added: r.Changes.Added, Removed: r.Changes.Removed, Pages: r.Written + r.Removed, Faults: []CatalogFault{}}
	for _, f := range r.Changes.Faults {
		out.Faults = append(out.Faults, CatalogFault{f.ID, f.Cause})
	}
	return out
}

// UpdateCatalog brings the catalogue up to date with the archive by listing it, of one tenant or of all when it is empty. The pages that are
// outdated by what it finds are written by the next RefreshPages.
func (a *App) UpdateCatalog(ctx context.Context, tenant string) (Cataloged, error) {
	c, src, err := a.catalogAndSource(ctx)
	if err != nil {
		return Cataloged{}, err
	}
	ch, err := c.Update(ctx, src, catalog.UpdateOptions{Tenant: tenant})
	return cataloged(shelf.Result{Changes: ch}), err
}

func (a *App) catalogAndSource(ctx context.Context) (*catalog.Catalog, catalog.Source, error) {
	c, err := a.Catalog(ctx)
	if err != nil {
		return nil, nil, err
	}
	s, err := a.Store(ctx)
	if err != nil {
		return nil, nil, err
	}
	return c, catalog.Store(s), nil
}

// Compare compares two snapshots of one account, as far as the scope sees both.
func (a *App) Compare(ctx context.Context, sc catalog.Scope, id, other string) (catalog.Comparison, error) {
	one, err := a.Side(ctx, sc, id)
	if err != nil {
		return catalog.Comparison{}, err
	}
	two, err := a.Side(ctx, sc, other)
	if err != nil {
		return catalog.Comparison{}, err
	}
	return catalog.Compare(one, two)
}

// Side reads manifest and content of a snapshot that the scope sees; *catalog.NotFoundError when it sees none of that name.
func (a *App) Side(ctx context.Context, sc catalog.Scope, id string) (catalog.Side, error) {
	c, src, err := a.catalogAndSource(ctx)
	if err != nil {
		return catalog.Side{}, err
	}
	s, err := c.Snapshot(ctx, sc, id)
	if err != nil {
		return catalog.Side{}, err
	}
	return catalog.ReadSide(ctx, src, s)
}
