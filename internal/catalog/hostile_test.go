package catalog

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// hostile are texts that pages and people come with.
var hostile = []string{
	`<script>alert(1)</script>`, "\u202egnp.exe\u202c", "a\x00b", strings.Repeat("långt ord ", 1000), strings.Repeat("x", 10_000), "😀👩‍👩‍👧 emoji",
	`" OR 1=1 --`, `body : ord`, `NEAR(ett tva, 2)`, `ett AND tva OR tre NOT fyra`, `^början`, `{body author} : x`, `tags : (x0 OR x1)`, `x0`, `*`, `**`, `"`, `""`, `"*`, `-`, `--`,
	`- -`, `ett + två`, `(`, `)`, `((((`, `fts MATCH 'x'`, `';DROP TABLE snap;--`, "\ufdd0\ufdd1", "\xff\xfe trasig", "हिन्दी भाषा", "中文内容", "עברית مرحبا",
	"e\u0301\u0323 kombinerad", "\u0301", "Ⅷ ½ ²", "\U0001E900\U00010D4A nya bokstäver", "İstanbul ıI ẞß ﬁ", "tab\tnew\nline\r", "�", "\u00ad\u2060\ufeff", "a\u00adb",
	"-nej", `"fras som inte slutar`, "'apostrof'", `\`, `%_?`, "kommun*styrelse", "*kommun", "kommun * styrelse",
}

// Whatever a text holds it is stored, found by each of its own words, and given back unharmed; whatever is typed gives hits or a sentence.
func TestHostileTexts(t *testing.T) {
	c := openNew(t)
	var posts []sip.Post
	for i, h := range hostile {
		p := post(fmt.Sprintf("h%d", i), h, day, comment(fmt.Sprintf("c%d", i), h, h, day))
		p.Permalink, p.Author = str("https://example.org/"+h), str(h)
		posts = append(posts, p)
	}
	ch := bring(t, c, newMemory(t, newPack(spec{posts: posts, unit: hostile[0], creator: hostile[1]})))
	if ch.Added != 1 || len(ch.Faults) > 0 {
		t.Fatalf("%+v", ch)
	}
	check(t, c)
	for i, h := range hostile {
		res, err := c.Search(t.Context(), Query{Scope: everything, Text: h})
		var in *InputError
		if err != nil && !errors.As(err, &in) {
			t.Errorf("%.40q: %v", h, err)
		}
		for _, hit := range res.Hits {
			sound(t, hit)
		}
		text := clean(strings.ToValidUTF8(h, "\ufffd"))
		asked := map[string]bool{}
		for _, w := range tokens(text) {
			word := text[w.Start:w.End]
			if asked[word] {
				continue
			}
			asked[word] = true
			got, err := c.Search(t.Context(), Query{Scope: everything, Text: `"` + word + `"`, Page: Page{Limit: 1000}})
			if errors.As(err, &in) {
				continue // nothing but marks, or too long
			}
			if err != nil {
				t.Errorf("%.40q: %v", word, err)
			}
			if !slices.ContainsFunc(got.Hits, func(x Hit) bool { return x.Post == fmt.Sprintf("h%d", i) }) && indexed(word) {
				t.Errorf("%.40q is not found by its word %.40q", h, word)
			}
		}
	}
}

// indexed says of the words of the test whether SQLite's tables of letters know them: those of the newest scripts they do not.
func indexed(w string) bool {
	return !strings.ContainsFunc(w, func(r rune) bool { return r >= 0x10000 })
}

func sound(t *testing.T, h Hit) {
	t.Helper()
	s := h.Snippet
	if !utf8.ValidString(s.Text) || strings.ContainsRune(s.Text, 0) {
		t.Errorf("a snippet is no text: %q", s.Text)
	}
	if len(s.Text) > snippetBytes+snippetLead+100 {
		t.Errorf("a snippet has %d bytes", len(s.Text))
	}
	at := 0
	for _, m := range s.Marks {
		if m.Start < at || m.End <= m.Start || m.End > len(s.Text) || !utf8.ValidString(s.Text[m.Start:m.End]) {
			t.Errorf("the marks %v do not fit %q", s.Marks, s.Text)
			return
		}
		at = m.End
	}
	whole := ""
	for _, p := range s.Parts() {
		whole += p.Text
	}
	if whole != s.Text {
		t.Errorf("the parts are not the snippet: %q and %q", whole, s.Text)
	}
}

// Words of the index's own language and of its column of tags are words like any other.
func TestOperatorsAreWords(t *testing.T) {
	c := openNew(t)
	bring(t, c, newMemory(t, newPack(spec{posts: []sip.Post{post("a", "vi ses near badhuset and hamnen", day), post("b", "not or body author tags", day)}})))
	only := Filter{Kinds: []Kind{KindPost}}
	for text, want := range map[string][]string{
		"near": {"a"}, "NEAR": {"a"}, "AND": {"a"}, "ses AND badhuset": {"a"}, "NOT": {"b"}, "OR": {"b"}, "body:": {"b"}, "tags : x1": {}, "x1": {}, kindTag(KindPost): {},
		tag(tagTenant, "default"): {}, "badhuset OR not": {}, "ses NOT badhuset": {}, `badhuset" OR "not`: {}, "ses*badhuset": {}, "(ses)": {"a"}, "^vi": {"a"},
	} {
		if got := found(t, c, Query{Text: text, WithoutNames: true, Filter: only}); !slices.Equal(got, want) {
			t.Errorf("%s: found %v, want %v", text, got, want)
		}
	}
	for _, text := range []string{"-ses", "*", "!!!", strings.Repeat("ord ", 30), strings.Repeat("x", 2000)} {
		_, err := c.Search(t.Context(), Query{Scope: everything, Text: text})
		var in *InputError
		if !errors.As(err, &in) || in.Text.SV == "" || in.Text.EN == "" {
			t.Errorf("%.20q: %v, want a sentence", text, err)
		}
	}
	for _, after := range []string{"x", ".", "-1.0", "zzzzzzzzzzzzzzzz.1", "1.zzzzzzzz", "1;DROP", "\x00"} {
		_, err := c.Search(t.Context(), Query{Scope: everything, Text: "ses", Page: Page{After: after}})
		var in *InputError
		if !errors.As(err, &in) {
			t.Errorf("cursor %q: %v", after, err)
		}
	}
}

// What a scope does not see is in no hit, count, snippet, list, sum or error.
func TestScopes(t *testing.T) {
	secret, review := register.ClassSecret, register.ClassReview
	visible := []pack{
		newPack(spec{posts: []sip.Post{post("o1", "badhuset öppnar", day)}, taken: day}),
		newPack(spec{account: "webben", posts: []sip.Post{post("o2", "badhuset stänger", day)}, taken: day.Add(time.Hour)}),
	}
	hidden := []pack{
		newPack(spec{class: secret, posts: []sip.Post{post("s1", "badhuset hemligt planterat", day)}, taken: day.Add(2 * time.Hour)}),
		newPack(spec{class: review, trigger: capture.TriggerEvidence, posts: []sip.Post{post("s2", "badhuset planterat", day)}, taken: day.Add(3 * time.Hour)}),
		newPack(spec{class: secret, account: "skyddat", creator: "Dold nämnd", unit: "Dold enhet", platform: "dold", taken: day.AddDate(-3, 0, 0)}),
		newPack(spec{class: "påhittad", account: "okand", posts: []sip.Post{post("s3", "badhuset planterat", day)}}),
		newPack(spec{tenant: "grannby", posts: []sip.Post{post("s4", "badhuset planterat", day)}}),
	}
	with, without := openNew(t), openNew(t)
	bring(t, with, newMemory(t, append(slices.Clone(visible), hidden...)...))
	bring(t, without, newMemory(t, visible...))
	sc := Scope{Tenants: []string{"default"}, Classes: []register.Class{register.ClassOpen}}
	ask := func(c *Catalog, sc Scope) string {
		var out []any
		note := func(v any, err error) { out = append(out, v, fmt.Sprint(err)) }
		for _, q := range []string{"badhuset", "planterat", "hemlig*", "dold", "badhuset -planterat", "", "-"} {
			for _, f := range []Filter{{}, {Class: secret}, {Class: "påhittad"}, {Tenant: "grannby"}, {Trigger: capture.TriggerEvidence}, {Account: "skyddat"}, {PublishedFrom: day}} {
				note(c.Search(t.Context(), Query{Scope: sc, Filter: f, Text: q, Page: Page{Limit: 1}}))
				note(c.Snapshots(t.Context(), sc, f, Page{Limit: 1}))
				note(c.Accounts(t.Context(), sc, f))
				note(c.Halves(t.Context(), sc, f))
				note(c.Years(t.Context(), sc, f))
				note(c.Owners(t.Context(), sc, f))
				note(c.Units(t.Context(), sc, f))
				note(c.Platforms(t.Context(), sc, f))
				note(c.All(t.Context(), sc, f))
			}
		}
		note(c.Totals(t.Context(), sc))
		note(c.Faults(t.Context(), sc))
		note(c.Since(t.Context(), sc, day))
		note(c.Overview(t.Context(), sc, []register.Account{{ID: "skyddat", Tenant: "default"}, {ID: "webben", Tenant: "default"}}, day))
		for _, p := range append(slices.Clone(hidden), visible...) {
			note(c.Snapshot(t.Context(), sc, p.m.ID))
		}
		before, after, err := c.Neighbours(t.Context(), sc, Snapshot{ID: visible[0].m.ID, Tenant: "default", Account: visible[0].m.Account.ID})
		note([]any{before, after}, err)
		return string(mustJSON(t, out))
	}
	if a, b := ask(with, sc), ask(without, sc); a != b {
		t.Errorf("what is hidden shows:\n%s\n--\n%s", a, b)
	}
	for _, none := range []Scope{{}, {Tenants: sc.Tenants}, {Classes: AllClasses()}, {Tenants: []string{"ingen"}, Classes: AllClasses()}, {Tenants: sc.Tenants, Classes: []register.Class{"påhittad"}}} {
		if a, b := ask(with, none), ask(openNew(t), none); a != b {
			t.Errorf("%+v sees something:\n%s", none, a)
		}
	}
	if got := found(t, with, Query{Text: "planterat"}); !slices.Equal(got, []string{"s1", "s2", "s4"}) {
		t.Errorf("who sees everything finds %v", got)
	}
}

// A file that is cut, overwritten, of another program or of another version is made anew; so is one that breaks while it is open.
func TestBrokenFiles(t *testing.T) {
	src := newMemory(t, newPack(spec{posts: []sip.Post{post("a", "badhuset", day)}}), newPack(spec{account: "webben"}))
	good := filepath.Join(t.TempDir(), "catalog.db")
	c, err := Open(t.Context(), Options{Path: good})
	if err != nil {
		t.Fatal(err)
	}
	bring(t, c, src)
	want := export(t, c)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite", other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE elsewhere(x)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	foreign, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"empty": {}, "text": []byte("this is no database at all, and longer than a header is, by some words"), "cut": whole[:len(whole)/2], "header only": whole[:100], "foreign": foreign,
		"overwritten": append(slices.Clone(whole[:4096]), make([]byte, len(whole)-4096)...),
	} {
		path := filepath.Join(t.TempDir(), "catalog.db")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		c := openAt(t, path)
		bring(t, c, src)
		if got := export(t, c); got != want {
			t.Errorf("%s: the catalogue is not as it was", name)
		}
		check(t, c)
	}
}

// Two processes use one file: here two Catalogs. One rebuilds, adds and removes while the other asks.
func TestTwoAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	a, b := openAt(t, path), openAt(t, path)
	src := newMemory(t, newPack(spec{posts: []sip.Post{post("fast", "badhuset", day)}}))
	bring(t, a, src)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				res, err := b.Search(t.Context(), Query{Scope: everything, Text: "badhuset"})
				if err != nil || !slices.ContainsFunc(res.Hits, func(h Hit) bool { return h.Post == "fast" }) {
					t.Errorf("%d hits, %v", len(res.Hits), err)
					return
				}
			}
		})
	}
	for i := range 6 {
		p := newPack(spec{account: fmt.Sprintf("konto-%d", i), posts: []sip.Post{post("x", "badhuset", day)}})
		src.add(p)
		for _, c := range []*Catalog{a, b} {
			wg.Go(func() {
				if _, err := c.Update(t.Context(), src, UpdateOptions{}); err != nil {
					t.Error(err)
				}
			})
		}
		if _, err := a.Rebuild(t.Context(), src, nil); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
	bring(t, b, src)
	fresh := openNew(t)
	bring(t, fresh, src)
	if export(t, a) != export(t, fresh) || export(t, b) != export(t, fresh) {
		t.Error("the catalogues differ")
	}
	check(t, a)
}

// A package that cannot be read is a fault that is said, tried again, and gone when it can be read or is gone.
func TestFaults(t *testing.T) {
	c := openNew(t)
	good, bad := newPack(spec{}), newPack(spec{account: "webben"})
	src := newMemory(t, good, bad)
	key := "default/webben/" + bad.m.ID
	keep := src.packs[key][manifestPath]
	for _, broken := range [][]byte{nil, []byte("{"), []byte(`{"schema":"other"}`), good.manifestJSON(t)} {
		src.packs[key][manifestPath] = broken
		ch := bring(t, c, src)
		if len(ch.Faults) != 1 || ch.Faults[0].ID != bad.m.ID || ch.Faults[0].Cause == "" {
			t.Fatalf("%.20q: %+v", broken, ch)
		}
		if list, err := c.Faults(t.Context(), everything); err != nil || len(list) != 1 {
			t.Fatalf("%v, %v", list, err)
		}
	}
	src.packs[key][manifestPath] = keep
	if ch := bring(t, c, src); ch.Added != 1 || len(ch.Faults) != 0 {
		t.Fatalf("%+v", ch)
	}
	if list, err := c.Faults(t.Context(), everything); err != nil || len(list) != 0 {
		t.Fatalf("%v, %v", list, err)
	}
	src.failing = errors.New("the archive is away")
	if _, err := c.Update(t.Context(), src, UpdateOptions{}); !errors.Is(err, src.failing) {
		t.Fatalf("an archive that is away: %v", err)
	}
	if l, err := c.Snapshots(t.Context(), everything, Filter{}, Page{}); err != nil || l.Total != 2 {
		t.Fatalf("the catalogue lost something while the archive was away: %d, %v", l.Total, err)
	}
}

// Pages follow each other without a gap or a double, also while something is added.
func TestPaging(t *testing.T) {
	c := openNew(t)
	src := newMemory(t)
	want := []string{}
	for i := range 12 {
		var posts []sip.Post
		for k := range 5 {
			id := fmt.Sprintf("p%02d-%d", i, k)
			posts = append(posts, post(id, "badhuset", day))
			want = append(want, id)
		}
		src.add(newPack(spec{taken: day.AddDate(0, -7*i, 0), posts: posts}))
	}
	bring(t, c, src)
	var got []string
	q := Query{Scope: everything, Text: "badhuset", Page: Page{Limit: 7}}
	for i := 0; ; i++ {
		res, err := c.Search(t.Context(), q)
		if err != nil || res.Count != 60 || res.More {
			t.Fatalf("%d hits, %v", res.Count, err)
		}
		for _, h := range res.Hits {
			got = append(got, h.Post)
		}
		if q.After = res.Next; q.After == "" {
			break
		}
		src.add(newPack(spec{taken: day.AddDate(0, 1, i), posts: []sip.Post{post(fmt.Sprintf("ny%d", i), "badhuset", day)}}))
		bring(t, c, src)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages hold %v, want %v", got, want)
	}
	var ids []string
	p := Page{Limit: 5}
	for {
		l, err := c.Snapshots(t.Context(), everything, Filter{}, p)
		if err != nil || l.Total != 20 {
			t.Fatalf("%d in all, %v", l.Total, err)
		}
		for _, s := range l.Snapshots {
			ids = append(ids, s.ID)
		}
		if p.After = l.Next; p.After == "" {
			break
		}
	}
	if len(ids) != 20 || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 20 {
		t.Errorf("%d snapshots on the pages", len(ids))
	}
}
