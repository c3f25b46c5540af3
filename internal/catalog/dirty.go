package catalog

import (
	"context"
	"database/sql"
)

// Outdated is an account of which something changed since its pages were made. It is noted together with the change itself, so that pages
// which could not be written are written later, also by another process.
type Outdated struct {
	Tenant, Account string
	gen             int64
}

// Outdated lists the accounts of a tenant whose pages are outdated; of every tenant when it is empty.
func (c *Catalog) Outdated(ctx context.Context, tenant string) ([]Outdated, error) {
	return listed(ctx, c, func(rows *sql.Rows) (o Outdated, err error) {
		err = rows.Scan(&o.Tenant, &o.Account, &o.gen)
		return o, err
	}, "SELECT tenant, account, gen FROM dirty WHERE ?1 = '' OR tenant = ?1 ORDER BY tenant, account", tenant)
}

// Refreshed notes that the pages of these accounts have been made, except of those that changed again since they were listed.
func (c *Catalog) Refreshed(ctx context.Context, list []Outdated) error {
	done, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer done()
	tx, err := c.write.BeginTx(ctx, nil)
	if err != nil {
		return listFailed(err)
	}
	defer tx.Rollback()
	for _, o := range list {
		if _, err := tx.ExecContext(ctx, "DELETE FROM dirty WHERE tenant = ? AND account = ? AND gen = ?", o.Tenant, o.Account, o.gen); err != nil {
			return listFailed(err)
		}
	}
	return tx.Commit()
}

// Outdate notes that the pages of these accounts must be made again.
func (c *Catalog) Outdate(ctx context.Context, tenant string, accounts []string) error {
	done, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer done()
	tx, err := c.write.BeginTx(ctx, nil)
	if err != nil {
		return listFailed(err)
	}
	defer tx.Rollback()
	for _, a := range accounts {
		if _, err := tx.ExecContext(ctx, "INSERT INTO dirty(tenant, account, gen) VALUES(?, ?, 1) ON CONFLICT DO UPDATE SET gen = gen + 1", tenant, a); err != nil {
			return listFailed(err)
		}
	}
	return tx.Commit()
}

// Note reads what was noted under a name; empty when nothing was, or the file was lost since.
func (c *Catalog) Note(ctx context.Context, name string) (value string, err error) {
	done, err := c.current(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	err = c.read.QueryRowContext(ctx, "SELECT coalesce(max(value), '') FROM note WHERE name = ?", name).Scan(&value)
	if err != nil {
		return "", listFailed(err)
	}
	return value, nil
}

// SetNote notes something beside the catalogue, for as long as its file lasts.
func (c *Catalog) SetNote(ctx context.Context, name, value string) error {
	done, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer done()
	if _, err := c.write.ExecContext(ctx, "INSERT OR REPLACE INTO note(name, value) VALUES(?, ?)", name, value); err != nil {
		return listFailed(err)
	}
	return nil
}
