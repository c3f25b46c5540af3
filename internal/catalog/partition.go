package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// partitionOf names the table of the index that holds the documents of a snapshot: the one of the year in which it was taken.
func partitionOf(n int64) string { return fmt.Sprintf("fts_%04d", timeOf(n).Year()) }

// partition is partitionOf, and makes the table when it is not there yet.
func (b *batch) partition(ctx context.Context, n int64) (string, error) {
	name := partitionOf(n)
	if b.parts[name] {
		return name, nil
	}
	// No two letters are taken for one: remove_diacritics 0 keeps å ä ö apart from a and o.
	err := b.exec(ctx, "CREATE VIRTUAL TABLE IF NOT EXISTS "+name+
		" USING fts5(body, author, tags, content='fulltext', content_rowid='n', tokenize='unicode61 remove_diacritics 0')")
	if err == nil {
		b.parts[name] = true
	}
	return name, err
}

// partitions lists the tables of the index, latest first.
func partitions(ctx context.Context, db *sql.DB) ([]string, error) {
	return scanned(ctx, db, scanText, "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'fts_[0-9][0-9][0-9][0-9]' ORDER BY name DESC")
}

// partitionRange gives the keys of documents that a table of the index may hold: lo <= key < hi.
func partitionRange(name string) (lo, hi int64) {
	var year int
	if _, err := fmt.Sscanf(name, "fts_%d", &year); err != nil {
		return 0, 0
	}
	return yearKey(year) << docBits, yearKey(year+1) << docBits
}

// yearKey is the key of a snapshot from which on a year's keys count.
func yearKey(year int) int64 { return keyOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)) }
