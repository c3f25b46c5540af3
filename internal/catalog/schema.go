package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// schemaVersion is raised whenever the tables, or what is written into them, change: an older file is thrown away and made again.
const schemaVersion = 2

// applicationID marks the file as ours (SQLite's header has a place for that).
const applicationID = 0x41725363

var errOutdated = errors.New("the catalogue's file is of another version")

// The key of a snapshot (snap.n) is made of its time and a slot within the second, and the key of a document (doc.n) of the snapshot's key
// and its place in it. So the order of the keys is the order of time, the full-text index gives hits in it without sorting, a period is a
// range of keys, and a catalogue that was made again has the same keys as before.
//
// The index has a table for each year in which snapshots were taken (partition.go), and the latest is asked first: a page of hits of a frequent
// word is full before the older ones are touched.
//
// The column tags holds one word for each thing that hits are narrowed by (see tags.go), so that a rare account and a frequent word are
// intersected inside the index. What the tags let through is held against the tables once more.
const schema = `
CREATE TABLE snap (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	tenant TEXT NOT NULL,
	account TEXT NOT NULL,
	title TEXT NOT NULL,
	url TEXT NOT NULL,
	half INTEGER NOT NULL,
	class TEXT NOT NULL,
	trigger_ TEXT NOT NULL,
	slot TEXT NOT NULL,
	outcome TEXT NOT NULL,
	platform TEXT NOT NULL,
	creator TEXT NOT NULL,
	unit TEXT NOT NULL,
	posts INTEGER NOT NULL,
	comments INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	receipt INTEGER NOT NULL,
	token INTEGER NOT NULL,
	tags TEXT NOT NULL,
	data BLOB NOT NULL
) STRICT;
CREATE INDEX snap_account ON snap(tenant, account, class, trigger_, outcome, posts, comments, bytes, id, receipt, token);
CREATE INDEX snap_half ON snap(half, tenant, account, class, trigger_, outcome, posts, comments, bytes, platform, creator, unit, slot, id);
CREATE INDEX snap_class ON snap(class, tenant);
CREATE INDEX snap_unreceipted ON snap(tenant, class) WHERE receipt = 0;

CREATE TABLE doc (
	n INTEGER PRIMARY KEY,
	kind INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	published INTEGER,
	sheet INTEGER NOT NULL,
	pid TEXT NOT NULL,
	parent TEXT NOT NULL,
	permalink TEXT NOT NULL,
	author TEXT NOT NULL,
	body TEXT NOT NULL,
	tags TEXT NOT NULL
) STRICT;
CREATE VIEW fulltext AS
	SELECT doc.n AS n, doc.body AS body, doc.author AS author, snap.tags || ' ' || doc.tags AS tags
	FROM doc JOIN snap ON snap.n = doc.n >> 20;

CREATE TABLE account (
	tenant TEXT NOT NULL,
	account TEXT NOT NULL,
	class TEXT NOT NULL,
	snapshots INTEGER NOT NULL,
	posts INTEGER NOT NULL,
	comments INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	first_n INTEGER NOT NULL,
	last_n INTEGER NOT NULL,
	valid_n INTEGER,
	PRIMARY KEY (tenant, account, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally (
	tenant TEXT NOT NULL,
	half INTEGER NOT NULL,
	class TEXT NOT NULL,
	creator TEXT NOT NULL,
	unit TEXT NOT NULL,
	platform TEXT NOT NULL,
	snapshots INTEGER NOT NULL,
	valid INTEGER NOT NULL,
	partial INTEGER NOT NULL,
	posts INTEGER NOT NULL,
	comments INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	PRIMARY KEY (tenant, half, class, creator, unit, platform)
) STRICT, WITHOUT ROWID;

CREATE TABLE share (
	about TEXT NOT NULL,
	value TEXT NOT NULL,
	snapshots INTEGER NOT NULL,
	PRIMARY KEY (about, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE stale (
	tenant TEXT NOT NULL,
	half INTEGER NOT NULL,
	PRIMARY KEY (tenant, half)
) STRICT, WITHOUT ROWID;

CREATE TABLE fault (
	id TEXT PRIMARY KEY,
	tenant TEXT NOT NULL,
	account TEXT NOT NULL,
	cause TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dirty (
	tenant TEXT NOT NULL,
	account TEXT NOT NULL,
	gen INTEGER NOT NULL,
	PRIMARY KEY (tenant, account)
) STRICT, WITHOUT ROWID;
`

// prepare checks that the file is a catalogue of this version, and makes the tables in a new file.
func prepare(ctx context.Context, db *sql.DB) (fresh bool, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	var version, app, tables int
	if err := errors.Join(
		tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version),
		tx.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app),
		tx.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables),
	); err != nil {
		return false, err
	}
	if tables > 0 {
		if version != schemaVersion || app != applicationID {
			return false, errOutdated
		}
		return false, checkTables(ctx, tx)
	}
	for _, stmt := range []string{schema, fmt.Sprintf("PRAGMA application_id=%d", applicationID), fmt.Sprintf("PRAGMA user_version=%d", schemaVersion)} {
		if _, err := tx.ExecContext(ctx, stmt); err != nil {
			return false, err
		}
	}
	return true, tx.Commit()
}

// checkTables asks each table for something: a file that was cut off or overwritten fails here rather than in front of a person.
func checkTables(ctx context.Context, tx *sql.Tx) error {
	for _, table := range []string{"snap", "doc", "fulltext", "account", "tally", "share", "stale", "fault", "dirty", "note"} {
		var there int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT * FROM "+table+" LIMIT 1)").Scan(&there)
		if err != nil && !isBroken(err) {
			return fmt.Errorf("%w: %s: %w", errOutdated, table, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
