package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

func listFailed(err error) error { return fmt.Errorf("the catalogue could not be read: %w", err) }

// Snapshot gives one snapshot; *NotFoundError when there is none, or none that the scope may see.
func (c *Catalog) Snapshot(ctx context.Context, sc Scope, id string) (Snapshot, error) {
	s := selection{}
	tenants, classes, ok := sc.meet(Filter{})
	if !ok {
		return Snapshot{}, notFound(id)
	}
	s.in("tenant", tenants)
	s.in("class", classes)
	list, _, err := c.snapshots(ctx, "WHERE id = ? AND "+strings.Join(s.where, " AND "), append([]any{id}, s.args...)...)
	if err != nil {
		return Snapshot{}, err
	}
	if len(list) == 0 {
		return Snapshot{}, notFound(id)
	}
	return list[0], nil
}

func notFound(id string) *NotFoundError {
	id = cut(strings.ToValidUTF8(id, "?"), 200)
	return &NotFoundError{ID: id, Text: Text{
		SV: fmt.Sprintf("Ögonblicksbilden %q finns inte i katalogen.", id),
		EN: fmt.Sprintf("The snapshot %q is not in the catalogue.", id)}}
}

// snapshots reads the rows that the clause selects, with their keys.
func (c *Catalog) snapshots(ctx context.Context, clause string, args ...any) ([]Snapshot, []int64, error) {
	keys := []int64{}
	out, err := listed(ctx, c, func(rows *sql.Rows) (s Snapshot, err error) {
		var n int64
		var data []byte
		var receipt, token bool
		if err := rows.Scan(&n, &data, &receipt, &token); err != nil {
			return s, err
		}
		err = json.Unmarshal(data, &s)
		s.Receipt, s.Token = receipt, token
		keys = append(keys, n)
		return s, err
	}, "SELECT n, data, receipt, token FROM snap "+clause, args...)
	return out, keys, err
}

// brief reads, of the rows that the clause selects, what stands in columns of its own: several times as fast as the whole.
func (c *Catalog) brief(ctx context.Context, clause string, args ...any) ([]Snapshot, error) {
	return listed(ctx, c, func(rows *sql.Rows) (s Snapshot, err error) {
		var n int64
		err = rows.Scan(&n, &s.ID, &s.Tenant, &s.Account, &s.Title, &s.URL, &s.Class, &s.Trigger, &s.Outcome, &s.Platform, &s.Creator, &s.Unit,
			&s.Posts, &s.Comments, &s.Bytes, &s.Receipt, &s.Token)
		s.Taken = timeOf(n)
		return s, err
	}, "SELECT n, id, tenant, account, title, url, class, trigger_, outcome, platform, creator, unit, posts, comments, bytes, receipt, token FROM snap "+clause, args...)
}

// snapFilter writes scope and filter as conditions on the table snap.
func snapFilter(sc Scope, f Filter) (*selection, bool) {
	s := &selection{}
	tenants, classes, ok := sc.meet(f)
	if !ok {
		return nil, false
	}
	s.in("tenant", tenants)
	s.in("class", classes)
	for _, x := range [][2]string{
		{"account", f.Account}, {"creator", f.Creator}, {"unit", f.Unit}, {"platform", f.Platform}, {"trigger_", string(f.Trigger)}, {"outcome", string(f.Outcome)},
	} {
		if x[1] != "" {
			s.in(x[0], []string{x[1]})
		}
	}
	if f.Half != 0 {
		s.where, s.args = append(s.where, "half = ?"), append(s.args, int(f.Half))
	}
	if f.Year != 0 {
		s.where, s.args = append(s.where, "half BETWEEN ? AND ?"), append(s.args, f.Year*2, f.Year*2+1)
	}
	if !f.TakenFrom.IsZero() || !f.TakenTo.IsZero() {
		lo, hi := takenRange(Filter{TakenFrom: f.TakenFrom, TakenTo: f.TakenTo})
		s.where, s.args = append(s.where, "n >= ? AND n < ?"), append(s.args, lo, hi)
	}
	return s, true
}

// Snapshots lists snapshots, newest first, a page at a time. Of the filter, what is about posts has no meaning here.
func (c *Catalog) Snapshots(ctx context.Context, sc Scope, f Filter, p Page) (SnapshotList, error) {
	out := SnapshotList{Snapshots: []Snapshot{}}
	before, counted, err := p.before()
	if err != nil {
		return out, err
	}
	s, ok := snapFilter(sc, f)
	if !ok {
		return out, nil
	}
	where := "WHERE " + strings.Join(s.where, " AND ")
	limit := p.limit()
	list, keys, err := c.snapshots(ctx, where+" AND n < ? ORDER BY n DESC LIMIT ?", append(slices.Clone(s.args), before, limit+1)...)
	if err != nil {
		return out, err
	}
	out.Snapshots = list[:min(len(list), limit)]
	more := len(keys) > limit
	switch {
	case counted >= 0:
		out.Total = counted
	case !more:
		out.Total = len(list)
	default:
		out.Total, err = c.number(ctx, "SELECT count(*) FROM snap "+where, s.args...)
	}
	if more {
		out.Next = cursor(keys[limit-1], out.Total)
	}
	return out, err
}

func (c *Catalog) number(ctx context.Context, q string, args ...any) (n int, err error) {
	done, err := c.current(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	if err := c.read.QueryRowContext(ctx, q, args...).Scan(&n); err != nil {
		return 0, listFailed(err)
	}
	return n, nil
}

// All gives every snapshot that scope and filter allow, newest first.
func (c *Catalog) All(ctx context.Context, sc Scope, f Filter) ([]Snapshot, error) {
	s, ok := snapFilter(sc, f)
	if !ok {
		return []Snapshot{}, nil
	}
	list, _, err := c.snapshots(ctx, "WHERE "+strings.Join(s.where, " AND ")+" ORDER BY n DESC", s.args...)
	return list, err
}

// Neighbours gives the account's whole snapshots before and after one, as far as the scope sees them; nil where there is none.
func (c *Catalog) Neighbours(ctx context.Context, sc Scope, of Snapshot) (before, after *Snapshot, err error) {
	s, ok := snapFilter(sc, Filter{Tenant: of.Tenant, Account: of.Account})
	if !ok {
		return nil, nil, nil
	}
	where := "WHERE " + strings.Join(s.where, " AND ") + " AND " + whole
	n, err := c.number(ctx, "SELECT coalesce(max(n), -1) FROM snap WHERE id = ?", of.ID)
	if err != nil || n < 0 {
		return nil, nil, err
	}
	for _, x := range []struct {
		rest string
		to   **Snapshot
	}{{" AND n < ? ORDER BY n DESC LIMIT 1", &before}, {" AND n > ? ORDER BY n LIMIT 1", &after}} {
		list, _, err := c.snapshots(ctx, where+x.rest, append(slices.Clone(s.args), n)...)
		if err != nil {
			return nil, nil, err
		}
		if len(list) > 0 {
			*x.to = &list[0]
		}
	}
	return before, after, nil
}

// Accounts lists the accounts of which the archive holds anything that the scope may see, in the order of their names. Of the filter, only
// Tenant, Account and Class count for the sums; Creator, Unit and Platform are held against the account's latest snapshot.
func (c *Catalog) Accounts(ctx context.Context, sc Scope, f Filter) ([]Account, error) {
	s := &selection{}
	tenants, classes, ok := sc.meet(f)
	if !ok {
		return []Account{}, nil
	}
	s.in("tenant", tenants)
	s.in("class", classes)
	if f.Account != "" {
		s.in("account", []string{f.Account})
	}
	all, err := listed(ctx, c, scanAccount, `SELECT g.*, snap.id, snap.outcome, title, url, platform, creator, unit, (SELECT id FROM snap WHERE n = g.valid) FROM (
		SELECT tenant, account, sum(snapshots), sum(posts), sum(comments), sum(bytes), min(first_n), max(last_n) AS last, max(valid_n) AS valid
		FROM account WHERE `+strings.Join(s.where, " AND ")+` GROUP BY tenant, account) AS g JOIN snap ON snap.n = g.last`, s.args...)
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(all, func(a Account) bool {
		return f.Creator != "" && f.Creator != a.Creator || f.Unit != "" && f.Unit != a.Unit || f.Platform != "" && f.Platform != a.Platform
	})
	sortAccounts(out)
	return out, nil
}

func scanAccount(rows *sql.Rows) (Account, error) {
	var a Account
	var first, last int64
	var valid sql.NullInt64
	var validID sql.NullString
	err := rows.Scan(&a.Tenant, &a.Account, &a.Snapshots, &a.Posts, &a.Comments, &a.Bytes, &first, &last, &valid, &a.LastID, &a.LastOutcome, &a.Title, &a.URL, &a.Platform,
		&a.Creator, &a.Unit, &validID)
	a.First, a.Last = timeOf(first), timeOf(last)
	if valid.Valid {
		a.Valid, a.ValidID = timeOf(valid.Int64), validID.String
	}
	return a, err
}

// timeOf is the second that a key stands for. (The few snapshots that found their second full stand in the next.)
func timeOf(n int64) time.Time { return epoch.Add(time.Duration(n>>slotBits) * time.Second) }

// Faults lists the packages that could not be read, of the tenants of the scope. They have no known class, so only a scope that sees every
// class is told of them.
func (c *Catalog) Faults(ctx context.Context, sc Scope) ([]Fault, error) {
	for _, k := range AllClasses() {
		if !slices.Contains(sc.Classes, k) {
			return []Fault{}, nil
		}
	}
	all, err := listed(ctx, c, func(rows *sql.Rows) (f Fault, err error) {
		err = rows.Scan(&f.Tenant, &f.Account, &f.ID, &f.Cause)
		return f, err
	}, "SELECT tenant, account, id, cause FROM fault ORDER BY id")
	return slices.DeleteFunc(all, func(f Fault) bool { return !slices.Contains(sc.Tenants, f.Tenant) }), err
}
