package catalog

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"
	"time"
)

// selection is a question to the index, written once and asked of each of its tables.
type selection struct {
	match string // expression for the index; empty: the table is read by key
	docs  bool   // a condition is about the table doc
	where []string
	args  []any
	lo    int64 // keys of documents: lo <= key < hi
	hi    int64

	scope, scopeArgs int // so many of the conditions and their values are the scope's
}

func newSelection(ctx context.Context, db *sql.DB, q Query, terms []term) (*selection, error) {
	tenants, classes, ok := q.meet(q.Filter)
	if !ok {
		return nil, nil
	}
	s := &selection{}
	s.in("snap.tenant", tenants)
	s.in("snap.class", classes)
	s.scope, s.scopeArgs = len(s.where), len(s.args)
	var tags []string
	for _, x := range []struct {
		about  string
		letter byte
		values []string
	}{{"tenant", tagTenant, tenants}, {"class", tagClass, classes}} {
		few, err := fewHave(ctx, db, x.about, x.values)
		if err != nil {
			return nil, err
		}
		if few {
			tags = append(tags, anyTag(each(x.letter, x.values)))
		}
	}
	tags = append(tags, s.narrow(q.Filter)...)
	tags = append(tags, s.narrowDocs(q.Filter)...)
	columns := "{body author}"
	if q.WithoutNames {
		columns = "body"
	}
	if t := matchText(terms, columns); t != "" {
		tags = append([]string{"(" + t + ")"}, tags...)
	}
	s.match = strings.Join(tags, " AND ")
	s.lo, s.hi = takenRange(q.Filter)
	s.lo, s.hi = s.lo<<docBits, s.hi<<docBits
	return s, nil
}

// fewHave says whether less than half of the snapshots have one of these values. Where more have it, reading past the others costs less than
// intersecting with a list of nearly everything.
func fewHave(ctx context.Context, db *sql.DB, about string, values []string) (bool, error) {
	rows, err := db.QueryContext(ctx, "SELECT value, snapshots FROM share WHERE about = ?", about)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	have, all := 0, 0
	for rows.Next() {
		var value string
		var n int
		if err := rows.Scan(&value, &n); err != nil {
			return false, err
		}
		if all += n; slices.Contains(values, value) {
			have += n
		}
	}
	return 2*have < all, rows.Err()
}

// takenRange gives the keys of snapshots that the filter's dates allow: lo <= key < hi.
func takenRange(f Filter) (lo, hi int64) {
	lo, hi = 0, math.MaxInt64>>docBits
	if !f.TakenFrom.IsZero() {
		lo = max(lo, keyOf(f.TakenFrom))
	}
	if !f.TakenTo.IsZero() {
		hi = min(hi, keyOf(f.TakenTo))
	}
	if f.Half != 0 {
		from, to := f.Half.Bounds()
		lo, hi = max(lo, keyOf(from)), min(hi, keyOf(to))
	}
	if f.Year != 0 {
		from, _ := Half(f.Year * 2).Bounds()
		_, to := Half(f.Year*2 + 1).Bounds()
		lo, hi = max(lo, keyOf(from)), min(hi, keyOf(to))
	}
	return lo, max(lo, hi)
}

// narrow adds what the filter demands of the snapshot: as words of the index, which make it fast, and as conditions on the table, which make
// it certain.
func (s *selection) narrow(f Filter) (tags []string) {
	for _, x := range []struct {
		about  byte
		column string
		value  string
	}{
		{tagAccount, "snap.account", f.Account}, {tagCreator, "snap.creator", f.Creator}, {tagUnit, "snap.unit", f.Unit},
		{tagPlatform, "snap.platform", f.Platform}, {tagTrigger, "snap.trigger_", string(f.Trigger)}, {tagOutcome, "snap.outcome", string(f.Outcome)},
	} {
		if x.value != "" {
			s.in(x.column, []string{x.value})
			tags = append(tags, anyTag(each(x.about, []string{x.value})))
		}
	}
	return tags
}

// narrowDocs adds what the filter demands of the document. Kind and origin have words of their own in the index, which say it all.
func (s *selection) narrowDocs(f Filter) (tags []string) {
	if len(f.Kinds) > 0 {
		var words []string
		for _, k := range f.Kinds {
			words = append(words, kindTag(k))
		}
		tags = append(tags, anyTag(words))
	}
	if f.Origin != "" {
		tags = append(tags, anyTag([]string{originTag(f.Origin)}))
	}
	for _, x := range []struct {
		t  time.Time
		op string
	}{{f.PublishedFrom, ">="}, {f.PublishedTo, "<"}} {
		if !x.t.IsZero() {
			s.docs = true
			s.where, s.args = append(s.where, "doc.published "+x.op+" ?"), append(s.args, x.t.Unix())
		}
	}
	if words := publishedTags(f.PublishedFrom, f.PublishedTo); len(words) > 0 && len(words) < 60 {
		tags = append(tags, anyTag(words))
	}
	return tags
}

// meet gives the tenants and classes that both the scope and the filter allow.
func (sc Scope) meet(f Filter) (tenants, classes []string, ok bool) {
	for _, t := range sc.Tenants {
		if (f.Tenant == "" || f.Tenant == t) && !slices.Contains(tenants, t) {
			tenants = append(tenants, t)
		}
	}
	for _, k := range sc.Classes {
		if (f.Class == "" || f.Class == k) && slices.Contains(AllClasses(), k) && !slices.Contains(classes, string(k)) {
			classes = append(classes, string(k))
		}
	}
	return tenants, classes, len(tenants) > 0 && len(classes) > 0
}

func (s *selection) in(column string, values []string) {
	marks := strings.TrimSuffix(strings.Repeat("?,", len(values)), ",")
	s.where = append(s.where, column+" IN ("+marks+")")
	for _, v := range values {
		s.args = append(s.args, v)
	}
}

func each(about byte, values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = tag(about, v)
	}
	return out
}

func anyTag(words []string) string { return "tags : (" + strings.Join(words, " OR ") + ")" }
