package catalog

import (
	"context"
	"database/sql"
)

// scanned asks a database and gives what scan makes of each row. The error is the database's.
func scanned[T any](ctx context.Context, db *sql.DB, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// listed asks the catalogue's file as it stands now, with scanned.
func listed[T any](ctx context.Context, c *Catalog, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	done, err := c.current(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	out, err := scanned(ctx, c.read, scan, query, args...)
	if err != nil {
		return nil, listFailed(err)
	}
	return out, nil
}

func scanInt(rows *sql.Rows) (n int64, err error) {
	err = rows.Scan(&n)
	return n, err
}

func scanText(rows *sql.Rows) (s string, err error) {
	err = rows.Scan(&s)
	return s, err
}
