package catalog

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// UpdateOptions say what Update looks at.
type UpdateOptions struct {
	Tenant  string // empty: all
	Account string // of the tenant; empty: all
	// Tell, when not nil, is told how many packages have been read. Calls never overlap.
	Tell func(Progress)
}

// Progress is how far an update has come.
type Progress struct {
	Found int // new packages found so far
	Read  int // of these read and added
}

// Changes are what an update found.
type Changes struct {
	Added   int
	Removed int
	Marked  int     // packages beside which a receipt or a time stamp has come or gone
	Faults  []Fault // packages that could not be read; they are tried again the next time
}

// Fault is a package that cannot be read, and so is in no list or search.
type Fault struct {
	Tenant, Account, ID string
	Cause               string // English, with file and reason
}

const (
	batchDocs  = 8 << 20   // bytes of text after which a batch is written
	batchSnaps = 1000      // or so many snapshots
	readBytes  = 192 << 20 // bytes of content that are being read at the same time
)

// Update brings the catalogue up to date with the archive: what is new is read and added, what is gone is taken out. It lists, and reads
// only what it does not know. The error is for an archive or a file that cannot be used; packages that cannot be read are in
// Changes.Faults. A damaged catalogue is thrown away and made again.
func (c *Catalog) Update(ctx context.Context, src Source, o UpdateOptions) (Changes, error) {
	free, err := c.claim(ctx)
	if err != nil {
		return Changes{}, err
	}
	defer free()
	return c.updateClaimed(ctx, src, o)
}

func (c *Catalog) updateClaimed(ctx context.Context, src Source, o UpdateOptions) (Changes, error) {
	done, err := c.current(ctx)
	if err != nil {
		return Changes{}, err
	}
	ch, err := c.update(ctx, c.write, src, o)
	done()
	if err == nil && o.Tenant == "" && o.Account == "" {
		c.mu.Lock()
		c.empty = false
		c.mu.Unlock()
	}
	if !isBroken(err) {
		return ch, err
	}
	if err := c.reopen(ctx, true); err != nil {
		return Changes{}, err
	}
	if done, err = c.current(ctx); err != nil {
		return Changes{}, err
	}
	defer done()
	return c.update(ctx, c.write, src, UpdateOptions{Tell: o.Tell}) // everything, since nothing is left
}

func (c *Catalog) update(ctx context.Context, db *sql.DB, src Source, o UpdateOptions) (Changes, error) {
	u := &update{db: db, src: src, o: o, room: semaphore.NewWeighted(readBytes), parallel: c.o.Parallel}
	err := u.run(ctx)
	slices.SortFunc(u.changes.Faults, func(a, b Fault) int { return strings.Compare(a.ID, b.ID) })
	return u.changes, err
}

type update struct {
	db       *sql.DB
	src      Source
	o        UpdateOptions
	parallel int
	room     *semaphore.Weighted
	found    atomic.Int64
	changes  Changes // each field is written by one of the stages only
}

// wanted is a package that is to be read.
type wanted struct {
	place
	at Sight
}

// readOne is what became of it.
type readOne struct {
	entry *entry
	fault *Fault
}

// run lists, reads in parallel and writes in batches: three stages with little between them, so that memory stays bounded whatever the
// archive holds.
func (u *update) run(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	todo, got := make(chan wanted, 256), make(chan readOne, u.parallel)
	g.Go(func() error {
		defer close(todo)
		return u.list(gctx, todo)
	})
	readers, rctx := errgroup.WithContext(gctx)
	for range u.parallel {
		readers.Go(func() error { return u.read(rctx, todo, got) })
	}
	g.Go(func() error {
		defer close(got)
		return readers.Wait()
	})
	g.Go(func() error { return u.collect(gctx, got) })
	if err := g.Wait(); err != nil {
		return err
	}
	return u.finish(ctx)
}

func (u *update) list(ctx context.Context, todo chan<- wanted) error {
	known, err := u.knownPlaces(ctx)
	if err != nil {
		return err
	}
	tenants := []string{u.o.Tenant}
	if u.o.Tenant == "" {
		if tenants, err = u.src.Tenants(ctx); err != nil {
			return err
		}
	}
	for _, tenant := range tenants {
		accounts := []string{u.o.Account}
		if u.o.Account == "" {
			if accounts, err = u.src.Accounts(ctx, tenant); err != nil {
				return err
			}
		}
		for _, account := range accounts {
			p := place{tenant, account}
			delete(known, p)
			if err := u.listAccount(ctx, p, todo); err != nil {
				return err
			}
		}
	}
	for _, p := range slices.SortedFunc(maps.Keys(known), func(a, b place) int {
		return cmp.Or(strings.Compare(a.tenant, b.tenant), strings.Compare(a.account, b.account))
	}) {
		if err := u.compare(ctx, p, nil, todo); err != nil { // an account that is gone with everything in it
			return err
		}
	}
	return nil
}

// knownPlaces are the accounts that the catalogue holds, as far as the update looks at them.
func (u *update) knownPlaces(ctx context.Context) (map[place]bool, error) {
	known := map[place]bool{}
	rows, err := u.db.QueryContext(ctx, `SELECT tenant, account FROM account WHERE (?1 = '' OR tenant = ?1) AND (?2 = '' OR account = ?2)
		UNION SELECT tenant, account FROM fault WHERE (?1 = '' OR tenant = ?1) AND (?2 = '' OR account = ?2)`, u.o.Tenant, u.o.Account)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.tenant, &p.account); err != nil {
			return nil, err
		}
		known[p] = true
	}
	return known, rows.Err()
}

func (u *update) listAccount(ctx context.Context, p place, todo chan<- wanted) error {
	sights, err := u.src.Snapshots(ctx, p.tenant, p.account)
	if err != nil {
		return err
	}
	return u.compare(ctx, p, sights, todo)
}

// compare holds a listing against the catalogue.
func (u *update) compare(ctx context.Context, p place, sights []Sight, todo chan<- wanted) error {
	known, faults, err := u.knownSights(ctx, p)
	if err != nil {
		return err
	}
	var marks []Sight
	for _, at := range sights {
		delete(faults, at.ID)
		was, ok := known[at.ID]
		delete(known, at.ID)
		switch {
		case !ok:
			u.found.Add(1)
			select {
			case todo <- wanted{p, at}:
			case <-ctx.Done():
				return ctx.Err()
			}
		case was != at:
			marks = append(marks, at)
		}
	}
	if len(known) == 0 && len(marks) == 0 && len(faults) == 0 {
		return nil
	}
	return u.apply(ctx, func(b *batch) error {
		removed, err := b.remove(ctx, slices.Sorted(maps.Keys(known)))
		if err != nil {
			return err
		}
		for _, at := range marks {
			if err := b.mark(ctx, p.tenant, p.account, at); err != nil {
				return err
			}
		}
		for id := range faults {
			if err := b.exec(ctx, "DELETE FROM fault WHERE id = ?", id); err != nil {
				return err
			}
		}
		u.changes.Removed += removed
		u.changes.Marked += len(marks)
		return nil
	})
}

func (u *update) knownSights(ctx context.Context, p place) (known map[string]Sight, faults map[string]bool, err error) {
	known, faults = map[string]Sight{}, map[string]bool{}
	rows, err := u.db.QueryContext(ctx, `SELECT id, receipt, token, 0 FROM snap WHERE tenant = ?1 AND account = ?2
		UNION ALL SELECT id, 0, 0, 1 FROM fault WHERE tenant = ?1 AND account = ?2`, p.tenant, p.account)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var at Sight
		var fault bool
		if err := rows.Scan(&at.ID, &at.Receipt, &at.Token, &fault); err != nil {
			return nil, nil, err
		}
		if fault {
			faults[at.ID] = true
		} else {
			known[at.ID] = at
		}
	}
	return known, faults, rows.Err()
}

// collect writes what was read, a batch at a time.
func (u *update) collect(ctx context.Context, got <-chan readOne) error {
	var entries []*entry
	var faults []Fault
	size := 0
	flush := func() error {
		if len(entries)+len(faults) == 0 {
			return nil
		}
		err := u.apply(ctx, func(b *batch) error {
			added, err := b.insert(ctx, entries)
			if err != nil {
				return err
			}
			for _, f := range faults {
				if err := b.fault(ctx, f); err != nil {
					return err
				}
			}
			u.changes.Added += added
			return nil
		})
		u.changes.Faults = append(u.changes.Faults, faults...)
		entries, faults, size = nil, nil, 0
		if err == nil && u.o.Tell != nil {
			u.o.Tell(Progress{Found: int(u.found.Load()), Read: u.changes.Added})
		}
		return err
	}
	for r := range got {
		if r.fault != nil {
			faults = append(faults, *r.fault)
			continue
		}
		entries = append(entries, r.entry)
		if size += r.entry.size; size >= batchDocs || len(entries) >= batchSnaps {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

func (u *update) apply(ctx context.Context, change func(*batch) error) error {
	b, err := beginBatch(ctx, u.db)
	if err != nil {
		return err
	}
	defer b.tx.Rollback()
	if err := change(b); err != nil {
		return err
	}
	return b.commit(ctx)
}

// finish brings the tally of the half-years that were touched up to date, also those that an interrupted run left behind.
func (u *update) finish(ctx context.Context) error {
	tx, err := u.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := sumHalves(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}
