package catalog

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// place names an account in the archive.
type place struct{ tenant, account string }

// batch is one transaction's worth of changes to the tables.
type batch struct {
	tx      *sql.Tx
	touched map[place]bool
	stmts   map[string]*sql.Stmt
	parts   map[string]bool // tables of the index that are known to be there
}

func beginBatch(ctx context.Context, db *sql.DB) (*batch, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &batch{tx: tx, touched: map[place]bool{}, stmts: map[string]*sql.Stmt{}, parts: map[string]bool{}}, nil
}

// exec runs a statement that is prepared once a batch.
func (b *batch) exec(ctx context.Context, q string, args ...any) error {
	s, err := b.prepared(ctx, q)
	if err == nil {
		_, err = s.ExecContext(ctx, args...)
	}
	return err
}

func (b *batch) prepared(ctx context.Context, q string) (*sql.Stmt, error) {
	if s := b.stmts[q]; s != nil {
		return s, nil
	}
	s, err := b.tx.PrepareContext(ctx, q)
	if err == nil {
		b.stmts[q] = s
	}
	return s, err
}

// there says whether the question has an answer.
func (b *batch) there(ctx context.Context, q string, args ...any) (bool, error) {
	s, err := b.prepared(ctx, q)
	if err != nil {
		return false, err
	}
	var n int64
	err = s.QueryRowContext(ctx, args...).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// insert adds snapshots that are not there yet, in the order of their keys: the index flushes whenever a key goes back.
func (b *batch) insert(ctx context.Context, entries []*entry) (added int, err error) {
	slices.SortFunc(entries, func(x, y *entry) int {
		return cmp.Or(cmp.Compare(x.key+x.slot, y.key+y.slot), strings.Compare(x.snap.ID, y.snap.ID))
	})
	for _, e := range entries {
		there, err := b.there(ctx, "SELECT n FROM snap WHERE id = ?", e.snap.ID)
		if err != nil {
			return added, err
		}
		if there {
			continue // another process has added it meanwhile
		}
		if err := b.insertOne(ctx, e); err != nil {
			return added, fmt.Errorf("%s: %w", e.snap.ID, err)
		}
		added++
	}
	return added, nil
}

func (b *batch) insertOne(ctx context.Context, e *entry) error {
	n, err := b.free(ctx, e)
	if err != nil {
		return err
	}
	s := &e.snap
	if err := b.exec(ctx, `INSERT INTO snap(n, id, tenant, account, title, url, half, class, trigger_, slot, outcome, platform, creator, unit, posts, comments, bytes, receipt, token, tags, data)
		VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, n, s.ID, s.Tenant, s.Account, s.Title, s.URL, int(s.Half()), string(s.Class), string(s.Trigger), s.Slot, string(s.Outcome),
		s.Platform, s.Creator, s.Unit, s.Posts, s.Comments, s.Bytes, flag(s.Receipt), flag(s.Token), e.tags, e.data); err != nil {
		return err
	}
	if err := b.insertDocs(ctx, n, e); err != nil {
		return err
	}
	if err := b.exec(ctx, "DELETE FROM fault WHERE id = ?", s.ID); err != nil {
		return err
	}
	return b.touch(ctx, s.Tenant, s.Account, s.Half())
}

// insertDocs adds the documents of a snapshot from the lowest key to the highest: the index writes out what it has gathered whenever a key goes
// back, and also before a statement of several rows, so each row is a statement of its own.
func (b *batch) insertDocs(ctx context.Context, n int64, e *entry) error {
	part, err := b.partition(ctx, n)
	if err != nil {
		return err
	}
	index := "INSERT INTO " + part + "(rowid, body, author, tags) VALUES(?,?,?,?)"
	for i := len(e.docs) - 1; i >= 0; i-- {
		d := &e.docs[i]
		var published any
		if d.published != nil {
			published = d.published.Unix()
		}
		// The first document has the highest key, because hits are given from the highest down.
		key, tags := n<<docBits|int64(maxDocs-i), docTags(d.kind, d.origin, d.published)
		if err := b.exec(ctx, `INSERT INTO doc(n, kind, origin, published, sheet, pid, parent, permalink, author, body, tags) VALUES(?,?,?,?,?,?,?,?,?,?,?)`,
			key, kindCodes[d.kind], originCodes[d.origin], published, d.sheet, d.id, d.parent, d.permalink, d.author, d.body, tags); err != nil {
			return err
		}
		if err := b.exec(ctx, index, key, d.body, d.author, e.tags+" "+tags); err != nil {
			return err
		}
	}
	return nil
}

// free finds a key for a snapshot: its own place in its second, else the next one that is free.
func (b *batch) free(ctx context.Context, e *entry) (int64, error) {
	for try := range int64(1 << (slotBits + 4)) {
		second, slot := try>>slotBits, (e.slot+try)&(1<<slotBits-1)
		n := e.key + second<<slotBits + slot
		taken, err := b.there(ctx, "SELECT n FROM snap WHERE n = ?", n)
		if err != nil || !taken {
			return n, err
		}
	}
	return 0, errors.New("too many snapshots were taken in the same second")
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// touch notes that the sums of an account and of a half-year are no longer right.
func (b *batch) touch(ctx context.Context, tenant, account string, h Half) error {
	b.touched[place{tenant, account}] = true
	err := b.exec(ctx, "INSERT OR IGNORE INTO stale(tenant, half) VALUES(?, ?)", tenant, int(h))
	return err
}

// remove takes out the snapshots of these IDs.
func (b *batch) remove(ctx context.Context, ids []string) (removed int, err error) {
	for _, id := range ids {
		var n int64
		var tenant, account string
		var half Half
		s, err := b.prepared(ctx, "SELECT n, tenant, account, half FROM snap WHERE id = ?")
		if err != nil {
			return removed, err
		}
		err = s.QueryRowContext(ctx, id).Scan(&n, &tenant, &account, &half)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return removed, err
		}
		part, err := b.partition(ctx, n)
		if err != nil {
			return removed, err
		}
		// The index first: it reads from the tables what it has to forget.
		for _, q := range []string{"DELETE FROM " + part + " WHERE rowid IN (SELECT n FROM doc WHERE n BETWEEN ? AND ?)", "DELETE FROM doc WHERE n BETWEEN ? AND ?"} {
			if err := b.exec(ctx, q, n<<docBits, n<<docBits|maxDocs); err != nil {
				return removed, err
			}
		}
		if err := b.exec(ctx, "DELETE FROM snap WHERE n = ?", n); err != nil {
			return removed, err
		}
		if err := b.touch(ctx, tenant, account, half); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}

// mark notes what stands beside a package now.
func (b *batch) mark(ctx context.Context, tenant, account string, at Sight) error {
	err := b.exec(ctx, "UPDATE snap SET receipt = ?, token = ? WHERE id = ?", flag(at.Receipt), flag(at.Token), at.ID)
	if err == nil {
		b.touched[place{tenant, account}] = true
	}
	return err
}

// fault notes a package that could not be read.
func (b *batch) fault(ctx context.Context, f Fault) error {
	err := b.exec(ctx, "INSERT OR REPLACE INTO fault(id, tenant, account, cause) VALUES(?,?,?,?)", f.ID, f.Tenant, f.Account, line(f.Cause))
	return err
}

// commit brings the accounts' sums up to date, notes their pages as outdated, and ends the transaction.
func (b *batch) commit(ctx context.Context) error {
	for p := range b.touched {
		if err := b.sumAccount(ctx, p); err != nil {
			return err
		}
		if err := b.exec(ctx, `INSERT INTO dirty(tenant, account, gen) VALUES(?, ?, 1) ON CONFLICT DO UPDATE SET gen = gen + 1`, p.tenant, p.account); err != nil {
			return err
		}
	}
	if err := b.exec(ctx, newVersion, rand.Text()); err != nil {
		return err
	}
	return b.tx.Commit()
}

// newVersion marks the catalogue as holding something else than before.
const newVersion = "INSERT INTO note(name, value) VALUES('version', ?) ON CONFLICT DO UPDATE SET value = excluded.value"

// whole tells the snapshots of whole accounts, as Snapshot.Whole does.
const whole = "trigger_ NOT IN ('evidence', 'ingest')"

func (b *batch) sumAccount(ctx context.Context, p place) error {
	if err := b.exec(ctx, "DELETE FROM account WHERE tenant = ? AND account = ?", p.tenant, p.account); err != nil {
		return err
	}
	err := b.exec(ctx, `INSERT INTO account(tenant, account, class, snapshots, posts, comments, bytes, first_n, last_n, valid_n)
		SELECT tenant, account, class, count(*), sum(posts), sum(comments), sum(bytes), min(n), max(n), max(CASE WHEN outcome = 'complete' AND `+whole+` THEN n END)
		FROM snap WHERE tenant = ? AND account = ? GROUP BY class`, p.tenant, p.account)
	return err
}

// sumHalves brings the tally of the half-years that were noted as stale up to date.
func sumHalves(ctx context.Context, tx *sql.Tx) error {
	var stale int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM stale").Scan(&stale); err != nil || stale == 0 {
		return err
	}
	for _, q := range []string{
		"DELETE FROM tally WHERE (tenant, half) IN (SELECT tenant, half FROM stale)",
		`INSERT INTO tally(tenant, half, class, creator, unit, platform, snapshots, valid, partial, posts, comments, bytes)
			SELECT tenant, half, class, creator, unit, platform, count(*), sum(outcome = 'complete' AND ` + whole + `), sum(outcome = 'partial' AND ` + whole + `), sum(posts), sum(comments), sum(bytes)
			FROM stale CROSS JOIN snap USING (half, tenant) GROUP BY tenant, half, class, creator, unit, platform`,
		"DELETE FROM share",
		`INSERT INTO share(about, value, snapshots) SELECT 'tenant', tenant, sum(snapshots) FROM tally GROUP BY tenant
			UNION ALL SELECT 'class', class, sum(snapshots) FROM tally GROUP BY class`,
		"DELETE FROM stale",
	} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}
