package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Search finds posts, comments, pages and descriptions. An *InputError says what is wrong with the text or the cursor.
func (c *Catalog) Search(ctx context.Context, q Query) (Results, error) {
	res := Results{Hits: []Hit{}}
	terms, err := parseQuery(q.Text)
	if err != nil {
		return res, err
	}
	s, err := newSelection(q, terms)
	if err != nil || s.nothing {
		return res, err
	}
	done, err := c.current(ctx)
	if err != nil {
		return res, err
	}
	defer done()
	limit := q.limit()
	if res.Hits, err = s.hits(ctx, c.read, limit+1); err != nil {
		return Results{Hits: []Hit{}}, searchFailed(err)
	}
	if len(res.Hits) > limit {
		res.Hits = res.Hits[:limit]
		res.Next = cursor(s.keys[limit-1])
	}
	if q.After == "" && res.Next == "" { // all of them are here
		res.Count = len(res.Hits)
		return res, nil
	}
	if res.Count, err = s.count(ctx, c.read); err != nil {
		return Results{Hits: []Hit{}}, searchFailed(err)
	}
	if res.Count > CountLimit {
		res.Count, res.More = CountLimit, true
	}
	return res, nil
}

func searchFailed(err error) error { return fmt.Errorf("the catalogue could not be searched: %w", err) }

func (p Page) limit() int {
	if p.Limit <= 0 {
		return 50
	}
	return min(p.Limit, 1000)
}

func cursor(n int64) string { return strconv.FormatInt(n, 36) }

// before reads a cursor: only keys below it are wanted.
func (p Page) before() (int64, error) {
	if p.After == "" {
		return math.MaxInt64, nil
	}
	n, err := strconv.ParseInt(p.After, 36, 64)
	if err != nil || n < 0 || len(p.After) > 13 {
		return 0, &InputError{Text{SV: "Sidan finns inte. Börja om från sökningens första sida.", EN: "There is no such page. Begin again at the first page of the search."}}
	}
	return n, nil
}

// selection is a question to the index, written once and asked for hits and for their number.
type selection struct {
	match   string // expression for the index; empty: the table is read by key
	from    string
	where   []string
	args    []any
	after   int64
	nothing bool // the scope and the filter have nothing in common

	keys []int64 // of the hits found
}

func newSelection(q Query, terms []term) (*selection, error) {
	s := &selection{}
	var err error
	if s.after, err = q.before(); err != nil {
		return nil, err
	}
	tags, ok := s.narrow(q.Scope, q.Filter)
	if !ok {
		s.nothing = true
		return s, nil
	}
	columns := "{body author}"
	if q.WithoutNames {
		columns = "body"
	}
	parts := tags
	if t := matchText(terms, columns); t != "" {
		parts = append([]string{"(" + t + ")"}, parts...)
	}
	s.match = strings.Join(parts, " AND ")
	s.from = "doc CROSS JOIN snap ON snap.n = doc.n >> 20"
	key := "doc.n"
	if s.match != "" {
		s.from, key = "fts CROSS JOIN doc ON doc.n = fts.rowid CROSS JOIN snap ON snap.n = fts.rowid >> 20", "fts.rowid"
		s.where = append(s.where, "fts MATCH ?")
		s.args = append(s.args, s.match)
	}
	lo, hi := takenRange(q.Filter)
	s.where = append(s.where, key+" >= ?", key+" < ?")
	s.args = append(s.args, lo<<docBits, hi<<docBits)
	return s, nil
}

// takenRange gives the keys of snapshots that the filter's dates allow: lo <= key < hi.
func takenRange(f Filter) (lo, hi int64) {
	lo, hi = 0, math.MaxInt64>>docBits
	raise := func(t time.Time) { lo = max(lo, keyOf(t)) }
	lower := func(t time.Time) { hi = min(hi, keyOf(t)) }
	if !f.TakenFrom.IsZero() {
		raise(f.TakenFrom)
	}
	if !f.TakenTo.IsZero() {
		lower(f.TakenTo)
	}
	if f.Half != 0 {
		from, to := f.Half.Bounds()
		raise(from)
		lower(to)
	}
	if f.Year != 0 {
		from, _ := Half(f.Year * 2).Bounds()
		_, to := Half(f.Year*2 + 1).Bounds()
		raise(from)
		lower(to)
	}
	return lo, max(lo, hi)
}

// narrow adds what scope and filter demand: as words of the index, which make it fast, and as conditions on the tables, which make it
// certain.
func (s *selection) narrow(sc Scope, f Filter) (tags []string, ok bool) {
	tenants, classes, ok := sc.meet(f)
	if !ok {
		return nil, false
	}
	s.in("snap.tenant", tenants)
	s.in("snap.class", classes)
	tags = append(tags, anyTag(each(tagTenant, tenants)))
	if len(classes) < len(AllClasses()) {
		tags = append(tags, anyTag(each(tagClass, classes)))
	}
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
	return append(tags, s.narrowDocs(f)...), true
}

func (s *selection) narrowDocs(f Filter) (tags []string) {
	if len(f.Kinds) > 0 {
		var codes, words []string
		for _, k := range f.Kinds {
			codes = append(codes, strconv.Itoa(kindCodes[k]))
			words = append(words, kindTag(k))
		}
		s.where = append(s.where, "doc.kind IN ("+strings.Join(codes, ",")+")")
		tags = append(tags, anyTag(words))
	}
	if f.Origin != "" {
		s.where = append(s.where, fmt.Sprintf("doc.origin = %d", originCodes[f.Origin]))
		tags = append(tags, anyTag([]string{originTag(f.Origin)}))
	}
	if !f.PublishedFrom.IsZero() {
		s.where, s.args = append(s.where, "doc.published >= ?"), append(s.args, f.PublishedFrom.Unix())
	}
	if !f.PublishedTo.IsZero() {
		s.where, s.args = append(s.where, "doc.published < ?"), append(s.args, f.PublishedTo.Unix())
	}
	if words := publishedTags(f.PublishedFrom, f.PublishedTo); len(words) > 0 {
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

const hitColumns = `doc.n, snap.id, snap.data, doc.kind, doc.origin, doc.published, doc.sheet, doc.pid, doc.parent, doc.permalink, doc.author, `

func (s *selection) hits(ctx context.Context, db *sql.DB, limit int) ([]Hit, error) {
	key, shown := "doc.n", "doc.body"
	if s.match != "" {
		key, shown = "fts.rowid", "highlight(fts, 0, char("+strconv.Itoa(markOpen)+"), char("+strconv.Itoa(markClose)+"))"
	}
	q := "SELECT " + hitColumns + shown + " FROM " + s.from + " WHERE " + strings.Join(s.where, " AND ") + " AND " + key + " < ? ORDER BY " + key + " DESC LIMIT ?"
	rows, err := db.QueryContext(ctx, q, append(slices.Clone(s.args), s.after, limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Hit{}
	for rows.Next() {
		h, n, err := scanHit(rows)
		if err != nil {
			return nil, err
		}
		out, s.keys = append(out, h), append(s.keys, n)
	}
	return out, rows.Err()
}

func scanHit(rows *sql.Rows) (Hit, int64, error) {
	var h Hit
	var n int64
	var kind, origin int
	var published sql.NullInt64
	var data []byte
	var text string
	if err := rows.Scan(&n, &h.Snapshot, &data, &kind, &origin, &published, &h.Sheet, &h.Post, &h.Parent, &h.Permalink, &h.Author, &text); err != nil {
		return h, n, err
	}
	var snap Snapshot
	if err := json.Unmarshal(data, &snap); err != nil {
		return h, n, err
	}
	h.Tenant, h.Account, h.Title, h.Platform, h.Creator, h.Unit = snap.Tenant, snap.Account, snap.Title, snap.Platform, snap.Creator, snap.Unit
	h.Taken, h.Trigger, h.Outcome, h.Class = snap.Taken, snap.Trigger, snap.Outcome, snap.Class
	h.Kind, h.Origin = kindNames[kind], originNames[origin]
	if published.Valid {
		t := time.Unix(published.Int64, 0).UTC()
		h.Published = &t
	}
	h.Snippet = newSnippet(text)
	return h, n, nil
}

func (s *selection) count(ctx context.Context, db *sql.DB) (n int, err error) {
	q := "SELECT count(*) FROM (SELECT 1 FROM " + s.from + " WHERE " + strings.Join(s.where, " AND ") + " LIMIT ?)"
	err = db.QueryRowContext(ctx, q, append(slices.Clone(s.args), CountLimit+1)...).Scan(&n)
	return n, err
}
