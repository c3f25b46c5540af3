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
	before, counted, err := q.before()
	if err != nil {
		return res, err
	}
	done, err := c.current(ctx)
	if err != nil {
		return res, err
	}
	defer done()
	s, err := newSelection(ctx, c.read, q, terms)
	if err != nil {
		return res, searchFailed(err)
	}
	if s == nil { // the scope and the filter have nothing in common
		return res, nil
	}
	limit := q.limit()
	want := limit + 1
	if counted < 0 {
		want = max(want, CountLimit+1)
	}
	keys, err := s.keys(ctx, c.read, before, want)
	if err != nil {
		return res, searchFailed(err)
	}
	if counted < 0 {
		counted = len(keys)
	}
	res.Count, res.More = min(counted, CountLimit), counted > CountLimit
	if len(keys) > limit {
		keys = keys[:limit]
		res.Next = cursor(keys[limit-1], counted)
	}
	if res.Hits, err = s.hits(ctx, c.read, keys, terms); err != nil {
		return Results{Hits: []Hit{}}, searchFailed(err)
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

// cursor says where the next page begins, and how many there were in all, so that they are counted once.
func cursor(n int64, count int) string {
	return strconv.FormatInt(n, 36) + "." + strconv.FormatInt(int64(count), 36)
}

// before reads a cursor: only keys below it are wanted. counted is negative on the first page.
func (p Page) before() (n int64, counted int, err error) {
	if p.After == "" {
		return math.MaxInt64, -1, nil
	}
	key, count, _ := strings.Cut(p.After, ".")
	n, err = strconv.ParseInt(key, 36, 64)
	k, err2 := strconv.ParseInt(count, 36, 32)
	if err != nil || err2 != nil || n < 0 || k < 0 {
		return 0, 0, &InputError{Text{SV: "Sidan finns inte. Börja om från den första.", EN: "There is no such page. Begin again at the first one."}}
	}
	return n, int(k), nil
}

// hits reads the documents of these keys, in their order. The scope is asked for again: between the two questions a key may have come to stand
// for something else.
func (s *selection) hits(ctx context.Context, db *sql.DB, keys []int64, terms []term) ([]Hit, error) {
	if len(keys) == 0 {
		return []Hit{}, nil
	}
	list := make([]string, len(keys))
	for i, n := range keys {
		list[i] = strconv.FormatInt(n, 10)
	}
	return scanned(ctx, db, func(rows *sql.Rows) (Hit, error) { return scanHit(rows, terms) }, `
		SELECT snap.id, snap.data, doc.kind, doc.origin, doc.published, doc.sheet, doc.pid, doc.parent, doc.permalink, doc.author, doc.body
		FROM doc CROSS JOIN snap ON snap.n = doc.n >> 20 WHERE doc.n IN (`+strings.Join(list, ",")+`)
		AND `+strings.Join(s.where[:s.scope], " AND ")+" ORDER BY doc.n DESC", s.args[:s.scopeArgs]...)
}

func scanHit(rows *sql.Rows, terms []term) (Hit, error) {
	var h Hit
	var kind, origin int
	var published sql.NullInt64
	var data []byte
	var text string
	if err := rows.Scan(&h.Snapshot, &data, &kind, &origin, &published, &h.Sheet, &h.Post, &h.Parent, &h.Permalink, &h.Author, &text); err != nil {
		return h, err
	}
	var snap Snapshot
	if err := json.Unmarshal(data, &snap); err != nil {
		return h, err
	}
	h.Tenant, h.Account, h.Title, h.Platform, h.Creator, h.Unit = snap.Tenant, snap.Account, snap.Title, snap.Platform, snap.Creator, snap.Unit
	h.Taken, h.Trigger, h.Outcome, h.Class = snap.Taken, snap.Trigger, snap.Outcome, snap.Class
	h.Kind, h.Origin = kindNames[kind], originNames[origin]
	if published.Valid {
		t := time.Unix(published.Int64, 0).UTC()
		h.Published = &t
	}
	h.Snippet = newSnippet(text, mark(text, terms))
	return h, nil
}

// keys gives the keys of documents that match, from the highest below before, at most so many.
func (s *selection) keys(ctx context.Context, db *sql.DB, before int64, limit int) ([]int64, error) {
	hi := min(s.hi, before)
	if s.match == "" {
		return s.ask(ctx, db, "", s.lo, hi, limit)
	}
	parts, err := partitions(ctx, db)
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, part := range parts {
		from, to := partitionRange(part)
		if from, to = max(from, s.lo), min(to, hi); from >= to {
			continue
		}
		got, err := s.ask(ctx, db, part, from, to, limit-len(out))
		if err != nil {
			return nil, err
		}
		if out = append(out, got...); len(out) >= limit {
			break
		}
	}
	return out, nil
}

// ask asks one table of the index, or the documents themselves when there is nothing to look up in it.
func (s *selection) ask(ctx context.Context, db *sql.DB, part string, lo, hi int64, limit int) ([]int64, error) {
	where, args := slices.Clone(s.where), slices.Clone(s.args)
	key, from := "doc.n", "doc"
	if part != "" {
		key, from = "f.rowid", part+" AS f"
		where, args = append(where, part+" MATCH ?"), append(args, s.match)
		if s.docs {
			from += " CROSS JOIN doc ON doc.n = f.rowid"
		}
	}
	q := "SELECT " + key + " FROM " + from + " CROSS JOIN snap ON snap.n = " + key + " >> 20 WHERE " + strings.Join(where, " AND ") +
		" AND " + key + " >= ? AND " + key + " < ? ORDER BY " + key + " DESC LIMIT ?"
	return scanned(ctx, db, scanInt, q, append(args, lo, hi, limit)...)
}
