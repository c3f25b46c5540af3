package job

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// client is what is used of River's client, the same whatever the database.
type client interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
	InsertMany(ctx context.Context, params []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
	JobList(ctx context.Context, params *river.JobListParams) (*river.JobListResult, error)
	JobGet(ctx context.Context, id int64) (*rivertype.JobRow, error)
	JobCancel(ctx context.Context, id int64) (*rivertype.JobRow, error)
	JobRetry(ctx context.Context, id int64) (*rivertype.JobRow, error)
	QueuePause(ctx context.Context, name string, opts *river.QueuePauseOpts) error
	QueueResume(ctx context.Context, name string, opts *river.QueuePauseOpts) error
	QueueGet(ctx context.Context, name string) (*rivertype.Queue, error)
}

// database is an opened database: River's client on it, and the same for our own tables.
type database struct {
	client client
	sql    *sql.DB
	pg     *pgxpool.Pool // nil: SQLite
	clock  string        // expression for the database's time in ms since 1970, so that machines' own clocks do not matter
}

// IsPostgres tells an address of Postgres from the path of a SQLite file.
func IsPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

func openDatabase(ctx context.Context, address string, c *river.Config) (*database, error) {
	if IsPostgres(address) {
		return openPostgres(ctx, address, c)
	}
	return openSQLite(ctx, address, c)
}

// openSQLite opens the file and makes it when it is missing. One connection: SQLite has one writer, and waiting in Go is cheaper than in the file.
func openSQLite(ctx context.Context, path string, c *river.Config) (*database, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("the folder of the job database cannot be made: %w", err)
	}
	dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: "_pragma=busy_timeout(30000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_txlock=immediate"}).String()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	d := &database{sql: db, clock: "cast(unixepoch('now','subsec')*1000 as integer)"}
	driver := riversqlite.New(db)
	unlock, err := lockFile(path+".migrate", syscall.LOCK_EX) // two programs may open a new file at once
	if err == nil {
		err = migrate(ctx, driver, d, c.Logger)
		unlock()
	}
	if err == nil {
		d.client, err = river.NewClient(driver, c)
	}
	if err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("the job database %s cannot be used: %w; it may be moved away: the archive knows what has been kept", path, err)
	}
	return d, nil
}

func openPostgres(ctx context.Context, address string, c *river.Config) (*database, error) {
	cfg, err := pgxpool.ParseConfig(address)
	if err != nil {
		// The library's error may show the password.
		return nil, fmt.Errorf("jobs.database is no address of Postgres: write postgres://user:password@host:port/database")
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("the job database at %s cannot be opened: %w", cfg.ConnConfig.Host, err)
	}
	d := &database{sql: stdlib.OpenDBFromPool(pool), pg: pool, clock: "cast(extract(epoch from clock_timestamp())*1000 as bigint)"}
	driver := riverpgxv5.New(pool)
	err = d.alone(ctx, func() error { return migrate(ctx, driver, d, c.Logger) })
	if err == nil {
		d.client, err = river.NewClient(driver, c)
	}
	if err != nil {
		d.close()
		return nil, fmt.Errorf("the job database at %s cannot be used: %w; check jobs.database, and that its user may make tables", cfg.ConnConfig.Host, err)
	}
	return d, nil
}

// migrationLock is the number under which daemons wait for each other while the tables are made.
const migrationLock = 0x61727372696e67

// alone runs something that no other process does at the same time on this Postgres.
func (d *database) alone(ctx context.Context, do func() error) error {
	conn, err := d.pg.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return err
	}
	defer func() {
		_, _ = conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", int64(migrationLock))
	}()
	return do()
}

// tables are our own, beside River's. Times are milliseconds since 1970 by the database's clock.
var tables = []string{
	`create table if not exists arsring_daemon (id text primary key, started bigint not null, seen bigint not null)`,
	`create table if not exists arsring_lane (lane text primary key, holder text not null default '', job bigint not null default 0, free_at bigint not null default 0, turn bigint not null default 0)`,
	`create table if not exists arsring_pause (scope text primary key, until_at bigint not null, reason text not null, by_name text not null, at bigint not null)`,
}

// columns came later than their tables.
var columns = []struct{ ask, add string }{
	{`select pause from arsring_lane where lane = ''`, `alter table arsring_lane add column pause bigint not null default 0`},
}

func migrate[T any](ctx context.Context, driver riverdriver.Driver[T], d *database, log *slog.Logger) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	for _, t := range tables {
		if _, err := d.sql.ExecContext(ctx, t); err != nil {
			return err
		}
	}
	for _, c := range columns {
		if _, err := d.sql.ExecContext(ctx, c.ask); err == nil {
			continue
		}
		if _, err := d.sql.ExecContext(ctx, c.add); err != nil {
			return err
		}
	}
	return nil
}

func (d *database) close() {
	_ = d.sql.Close()
	if d.pg != nil {
		d.pg.Close()
	}
}

// exec runs a statement; "now()" in it stands for the database's time in milliseconds. It gives the number of rows changed.
func (d *database) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := d.sql.ExecContext(ctx, d.dialect(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (d *database) dialect(query string) string {
	query = strings.ReplaceAll(query, "now()", d.clock)
	if d.pg == nil {
		query = strings.ReplaceAll(query, "$", "?")
	}
	return query
}

// row reads one row; sql.ErrNoRows when there is none.
func (d *database) row(ctx context.Context, query string, args []any, into ...any) error {
	return d.sql.QueryRowContext(ctx, d.dialect(query), args...).Scan(into...)
}

// each reads rows and calls next for each with a function that scans it.
func (d *database) each(ctx context.Context, query string, args []any, next func(scan func(...any) error) error) error {
	rows, err := d.sql.QueryContext(ctx, d.dialect(query), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := next(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// lockFile takes a file's lock; it goes with the process.
func lockFile(path string, how int) (func(), error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), how); err != nil {
		_ = f.Close()
		return nil, err
	}
	return func() { _ = f.Close() }, nil
}

var _ client = (*river.Client[pgx.Tx])(nil)
