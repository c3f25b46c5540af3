package app

import (
	"context"

	"arsring/internal/catalog"
)

// Catalog opens the catalogue in data_dir/catalog.db. It may be behind the archive, or empty when it was lost: UpdateCatalog brings it up to
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

// Cataloged is what an update or rebuild of the catalogue found.
type Cataloged struct {
	Added   int            `json:"added"`
	Removed int            `json:"removed"`
	Faults  []CatalogFault `json:"faults"` // packages that could not be read; they are tried again the next time
}

// CatalogFault is a package that is in the archive and could not be read into the catalogue.
type CatalogFault struct {
	ID    string `json:"id"`
	Cause string `json:"cause"`
}

func cataloged(ch catalog.Changes) Cataloged {
	out := Cataloged{Added: ch.Added, Removed: ch.Removed, Faults: []CatalogFault{}}
	for _, f := range ch.Faults {
		out.Faults = append(out.Faults, CatalogFault{f.ID, f.Cause})
	}
	return out
}

// UpdateCatalog brings the catalogue up to date with the archive by listing it: all of it, or one tenant.
func (a *App) UpdateCatalog(ctx context.Context, tenant string) (Cataloged, error) {
	c, src, err := a.catalogAndSource(ctx)
	if err != nil {
		return Cataloged{}, err
	}
	ch, err := c.Update(ctx, src, catalog.UpdateOptions{Tenant: tenant})
	return cataloged(ch), err
}

// RebuildCatalog makes the catalogue anew from the archive alone.
func (a *App) RebuildCatalog(ctx context.Context, tell func(catalog.Progress)) (Cataloged, error) {
	c, src, err := a.catalogAndSource(ctx)
	if err != nil {
		return Cataloged{}, err
	}
	ch, err := c.Rebuild(ctx, src, tell)
	return cataloged(ch), err
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
