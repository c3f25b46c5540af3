package catalog

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// compareSwedish orders names as a Swedish reader expects: å, ä, ö last.
func compareSwedish() func(a, b string) int {
	c := collate.New(language.Swedish, collate.Numeric)
	return c.CompareString
}

// sortAccounts makes each name's sorting key once: comparing names afresh costs a dozen times as much for some thousand accounts.
func sortAccounts(list []Account) {
	c := collate.New(language.Swedish, collate.Numeric)
	var buf collate.Buffer
	type keyed struct {
		key, id string
		of      Account
	}
	all := make([]keyed, len(list))
	for i, a := range list {
		all[i] = keyed{string(c.KeyFromString(&buf, a.Title)), a.Tenant + "/" + a.Account, a}
		buf.Reset()
	}
	slices.SortStableFunc(all, func(a, b keyed) int { return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.id, b.id)) })
	for i := range all {
		list[i] = all[i].of
	}
}

// Halves counts what the archive holds by half-year, latest first.
func (c *Catalog) Halves(ctx context.Context, sc Scope, f Filter) ([]Group, error) {
	return c.groups(ctx, sc, f, "'', '', half", "half", func(a, b Group) int { return int(b.Half - a.Half) })
}

// Years counts by year, latest first; Half of each group is the first half of the year.
func (c *Catalog) Years(ctx context.Context, sc Scope, f Filter) ([]Group, error) {
	return c.groups(ctx, sc, f, "'', '', half / 2 * 2", "half / 2", func(a, b Group) int { return int(b.Half - a.Half) })
}

// Owners counts by tenant and archive creator, in the order of their names.
func (c *Catalog) Owners(ctx context.Context, sc Scope, f Filter) ([]Group, error) {
	return c.groups(ctx, sc, f, "tenant, creator, 0", "tenant, creator", byGroupName())
}

// Units counts by tenant and unit, in the order of their names.
func (c *Catalog) Units(ctx context.Context, sc Scope, f Filter) ([]Group, error) {
	return c.groups(ctx, sc, f, "tenant, unit, 0", "tenant, unit", byGroupName())
}

// Platforms counts by platform, in the order of their names.
func (c *Catalog) Platforms(ctx context.Context, sc Scope, f Filter) ([]Group, error) {
	return c.groups(ctx, sc, f, "'', platform, 0", "platform", byGroupName())
}

func byGroupName() func(a, b Group) int {
	byName := compareSwedish()
	return func(a, b Group) int {
		if x := byName(a.Name, b.Name); x != 0 {
			return x
		}
		return strings.Compare(a.Tenant+"\x00"+a.Name, b.Tenant+"\x00"+b.Name)
	}
}

// groups sums the tally where the filter asks for nothing that the tally does not know, else the snapshots themselves.
func (c *Catalog) groups(ctx context.Context, sc Scope, f Filter, columns, by string, order func(a, b Group) int) ([]Group, error) {
	s, ok := snapFilter(sc, f)
	if !ok {
		return []Group{}, nil
	}
	sums := "sum(snapshots), sum(valid), sum(partial), sum(posts), sum(comments), sum(bytes) FROM tally"
	if f.Account != "" || f.Trigger != "" || f.Outcome != "" || !f.TakenFrom.IsZero() || !f.TakenTo.IsZero() {
		sums = "count(*), sum(outcome = 'complete' AND " + whole + "), sum(outcome = 'partial' AND " + whole + "), sum(posts), sum(comments), sum(bytes) FROM snap"
	}
	out, err := listed(ctx, c, func(rows *sql.Rows) (g Group, err error) {
		err = rows.Scan(&g.Tenant, &g.Name, &g.Half, &g.Snapshots, &g.Valid, &g.Partial, &g.Posts, &g.Comments, &g.Bytes)
		return g, err
	}, "SELECT "+columns+", "+sums+" WHERE "+strings.Join(s.where, " AND ")+" GROUP BY "+by, s.args...)
	slices.SortStableFunc(out, order)
	return out, err
}

// Totals sums everything that the scope sees.
func (c *Catalog) Totals(ctx context.Context, sc Scope) (Group, error) {
	var g Group
	list, err := c.groups(ctx, sc, Filter{}, "'', '', 0", "1", func(Group, Group) int { return 0 })
	if err != nil || len(list) == 0 {
		return g, err
	}
	g = list[0]
	s := &selection{}
	tenants, classes, _ := sc.meet(Filter{})
	s.in("tenant", tenants)
	s.in("class", classes)
	g.Accounts, err = c.number(ctx, "SELECT count(*) FROM (SELECT DISTINCT tenant, account FROM account WHERE "+strings.Join(s.where, " AND ")+")", s.args...)
	return g, err
}

// Standing says how accounts of the register stand in a half-year, in the order given. An account whose snapshots the scope may not see
// stands as StateNone: leave such accounts out of the question. Of the snapshots in it only what columns of the lists need is filled in: who,
// when, why, outcome, class, counts and what stands beside the package.
func (c *Catalog) Standing(ctx context.Context, sc Scope, accounts []register.Account, h Half) ([]Standing, error) {
	s, ok := snapFilter(sc, Filter{Half: h})
	latest := map[place]*Snapshot{}
	if ok {
		// Among an account's snapshots the latest complete one counts, else the latest partial one.
		list, err := c.brief(ctx, `WHERE n IN (SELECT coalesce(max(CASE WHEN outcome = 'complete' THEN n END), max(n)) FROM snap
			WHERE `+strings.Join(s.where, " AND ")+" AND "+whole+" GROUP BY tenant, account)", s.args...)
		if err != nil {
			return nil, err
		}
		for i := range list {
			latest[place{list[i].Tenant, list[i].Account}] = &list[i]
		}
	}
	out := make([]Standing, len(accounts))
	for i, a := range accounts {
		out[i] = Standing{Account: a, State: StateNone}
		if l := latest[place{a.Tenant, a.ID}]; l != nil {
			out[i].Latest, out[i].State = l, StatePartial
			if l.Outcome == capture.Complete {
				out[i].State = StateValid
			}
		}
	}
	return out, nil
}

// Lacking are the accounts without a valid snapshot in a half-year, with what they have instead.
func (c *Catalog) Lacking(ctx context.Context, sc Scope, accounts []register.Account, h Half) ([]Standing, error) {
	all, err := c.Standing(ctx, sc, accounts, h)
	return slices.DeleteFunc(all, func(s Standing) bool { return s.State == StateValid }), err
}

// Overview is the half-year of now at a glance, for the accounts given and everything that the scope sees.
func (c *Catalog) Overview(ctx context.Context, sc Scope, accounts []register.Account, now time.Time) (Overview, error) {
	o := Overview{Half: HalfOf(now)}
	var err error
	if o.Standing, err = c.Standing(ctx, sc, accounts, o.Half); err != nil {
		return o, err
	}
	for _, s := range o.Standing {
		switch s.State {
		case StateValid:
			o.Valid++
		case StatePartial:
			o.Partial++
		case StateNone:
			o.None++
		}
	}
	if o.Totals, err = c.Totals(ctx, sc); err != nil {
		return o, err
	}
	s, ok := snapFilter(sc, Filter{})
	if !ok {
		o.Recent = []Snapshot{}
		return o, nil
	}
	if o.NoReceipt, err = c.number(ctx, "SELECT count(*) FROM snap WHERE receipt = 0 AND "+strings.Join(s.where, " AND "), s.args...); err != nil {
		return o, err
	}
	o.Recent, _, err = c.snapshots(ctx, "WHERE "+strings.Join(s.where, " AND ")+" ORDER BY n DESC LIMIT 10", s.args...)
	return o, err
}

// Since lists what was taken since a moment, newest first, at most 1,000: what changed since last time.
func (c *Catalog) Since(ctx context.Context, sc Scope, since time.Time) ([]Snapshot, error) {
	l, err := c.Snapshots(ctx, sc, Filter{TakenFrom: since}, Page{Limit: 1000})
	return l.Snapshots, err
}

// Kept is what the calendar asks of a snapshot of a whole account.
type Kept struct {
	ID, Tenant, Account string
	Trigger             capture.Trigger
	Slot                string // for which a scheduled one was taken
	Outcome             capture.Outcome
	Taken               time.Time
}

// Kept lists the snapshots of whole accounts taken since the half-year of a moment, in no order. It reads an index only, so that the calendar
// may be asked about a hundred thousand of them while somebody waits.
func (c *Catalog) Kept(ctx context.Context, sc Scope, since time.Time) ([]Kept, error) {
	s, ok := snapFilter(sc, Filter{})
	if !ok {
		return []Kept{}, nil
	}
	return listed(ctx, c, func(rows *sql.Rows) (k Kept, err error) {
		var n int64
		err = rows.Scan(&n, &k.ID, &k.Tenant, &k.Account, &k.Trigger, &k.Slot, &k.Outcome)
		k.Taken = timeOf(n)
		return k, err
	}, "SELECT n, id, tenant, account, trigger_, slot, outcome FROM snap INDEXED BY snap_half WHERE half >= ? AND "+strings.Join(s.where, " AND ")+" AND "+whole,
		append([]any{int(HalfOf(since))}, s.args...)...)
}

// Version changes whenever the catalogue comes to hold something else; what was read under one version stays right as long as it is given.
func (c *Catalog) Version(ctx context.Context) (string, error) {
	done, err := c.current(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	var v string
	err = c.read.QueryRowContext(ctx, "SELECT value FROM note WHERE name = 'version'").Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", listFailed(err)
	}
	return v, nil
}
