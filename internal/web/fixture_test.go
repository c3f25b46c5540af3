package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"arsring/internal/access"
	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// now is when the tests take place: in a window, with one account kept.
var now = time.Date(2026, 10, 20, 10, 0, 0, 0, register.Location())

// town is a small municipality with one record of each class, and another municipality beside it. It stands for archive, register, queue
// and catalogue, which have tests of their own and are put together in internal/app.
type town struct {
	mu       sync.Mutex
	path     string
	texts    []string // of posts
	names    []string // of authors, one a post
	jobs     map[string]*Job
	order    []string
	changed  chan struct{}
	findings []capture.Text
	calls    []Order
	copies   []Disclosure
}

const pdf = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"

func entry(id, title, class string) string {
	return fmt.Sprintf(`  - id: %s
    platform: mastodon
    url: https://social.example/@%s
    title: %q
    archive_creator: Kommunstyrelsen
    unit: Kommunikation
    responsible: {name: Anna Exempel, email: anna@example.org}
    administrators:
      - {name: Anna Exempel, email: anna@example.org}
      - {name: Bo Prov, email: bo@example.org}
    substitute: {name: Cecilia Test, email: cecilia@example.org}
    class: %s
`, id, id, title, class)
}

func newTown(t *testing.T, titles ...string) *town {
	t.Helper()
	dir := t.TempDir()
	text := "accounts:\n" + entry("oppet", "Kommunens flöde", "öppen") + entry("granskas", "Dialogen", "sekretessprövning krävs") + entry("hemligt", "Skyddat boende", "sekretess")
	for i, title := range titles {
		text += entry(fmt.Sprintf("titel%d", i), title, "öppen")
	}
	other := "tenant: grannen\naccounts:\n" + entry("annat", "Grannens flöde", "öppen") + entry("annat-hemligt", "Grannens skyddade", "sekretess")
	for name, s := range map[string]string{"konton.yaml": text, "grannen.yaml": other} {
		writeFile(t, filepath.Join(dir, name), s)
	}
	tw := &town{path: dir, jobs: map[string]*Job{}, changed: make(chan struct{}), texts: []string{"Snön är röjd på Björkgatan.", "Varför får vi veta det först nu?"}, names: []string{"Älvsunda kommun", "Lars-Åke"}}
	if _, err := tw.Current(); err != nil {
		t.Fatal(err)
	}
	return tw
}

// Accounts.

func (tw *town) Current() (*register.Register, error) {
	return register.Load(tw.path, register.Options{})
}

func (tw *town) Add(a register.Account, c register.Change) error {
	_, err := register.Add(tw.path, a, c, register.Options{})
	return err
}

func (tw *town) Update(a register.Account, c register.Change) error {
	_, err := register.Update(tw.path, a, c, register.Options{})
	return err
}

func (tw *town) Close(tenant, id string, n register.Notice, c register.Change) error {
	_, err := register.Close(tw.path, tenant, id, n, c, register.Options{})
	return err
}

func (tw *town) History(tenant, id string) ([]register.Entry, error) {
	all, err := register.History(tw.path)
	var out []register.Entry
	for _, e := range all {
		if e.Tenant == tenant && e.Account == id {
			out = append(out, e)
		}
	}
	return out, err
}

func (tw *town) Preview(name string, data io.Reader) (*register.Import, error) {
	tab, err := register.ReadTable(name, data)
	if err != nil {
		return nil, err
	}
	r, err := tw.Current()
	if err != nil {
		return nil, err
	}
	return register.Preview(r, tab, register.ImportOptions{Tenant: "default"}), nil
}

func (tw *town) Apply(i *register.Import, c register.Change) error {
	_, err := i.Apply(tw.path, c, register.Options{})
	return err
}

func (tw *town) Platforms() []string { return []string{"mastodon", "web"} }

// Archive.

// snapID is the ID of the only snapshot of an account.
func snapID(account string) string { return account + "-20261016T080000Z-scheduled-abcd" }

func (tw *town) rows() []Snapshot {
	r, err := tw.Current()
	if err != nil {
		panic(err)
	}
	var out []Snapshot
	for _, a := range r.Accounts {
		out = append(out, Snapshot{ID: snapID(a.ID), Tenant: a.Tenant, Account: a.ID, Title: a.Title, Platform: a.Platform, Unit: a.Unit, Trigger: capture.TriggerScheduled, Outcome: capture.Complete,
			Class: a.Class, Taken: now.AddDate(0, 0, -4), Posts: len(tw.texts), Comments: 1, Pages: 3, PDFA: "2a", Bytes: 12345, Receipt: true, Reason: "Kalendern", By: "Anna", Sentence: capture.Text{SV: "Allt är fångat.", EN: "All is captured."}})
		if a.ID == "oppet" {
			old := out[len(out)-1]
			old.ID, old.Taken, old.Outcome = "oppet-20260416T080000Z-scheduled-abce", now.AddDate(0, -6, 0), capture.Partial
			out = append(out, old)
		}
	}
	return out
}

func (tw *town) Snapshots(_ context.Context, tenant, account string) ([]Snapshot, error) {
	var out []Snapshot
	for _, s := range tw.rows() {
		if (tenant == "" || s.Tenant == tenant) && (account == "" || s.Account == account) && s.Account != "granskas" {
			out = append(out, s)
		}
	}
	return out, nil
}

func (tw *town) Snapshot(_ context.Context, id string) (Snapshot, error) {
	for _, s := range tw.rows() {
		if s.ID == id {
			return s, nil
		}
	}
	return Snapshot{}, ErrNotFound
}

func (tw *town) Manifest(ctx context.Context, id string) (sip.Manifest, error) {
	s, err := tw.Snapshot(ctx, id)
	if err != nil {
		return sip.Manifest{}, err
	}
	r, _ := tw.Current()
	a, _ := r.ByID(s.Tenant, s.Account)
	level, page, status := "2a", 2, 200
	return sip.Manifest{ID: id, Tenant: s.Tenant, Account: a, URL: a.URL, Trigger: s.Trigger, Outcome: s.Outcome, Sentence: s.Sentence, AccessClass: s.Class, Started: s.Taken, Ended: s.Taken.Add(time.Minute),
		Record: &sip.RecordFile{Path: "record.pdf", Bytes: int64(len(pdf)), Pages: 3, PDFA: &level}, Content: "content.json", Facts: sip.Facts{Status: &status},
		Missing:       []capture.Missing{{Code: "image-failed", Text: capture.Text{SV: tw.names[0] + " saknas", EN: tw.names[0] + " is missing"}}},
		Interventions: []capture.Intervention{{Act: "hidden", What: tw.texts[0], At: s.Taken}},
		Tiles:         []sip.Tile{{N: 1, Kind: capture.TilePage, Rect: capture.Rect{W: 1240, H: 1640}, At: s.Taken, RecordPage: &page}}}, nil
}

func (tw *town) Content(_ context.Context, id string) (sip.Content, error) {
	c := sip.Content{Snapshot: id}
	for i := range tw.texts {
		p := sip.Post{ID: fmt.Sprint("p", i), Author: &tw.names[i], Permalink: &tw.texts[i], Origin: capture.OriginReceived, Published: &now, Text: tw.texts[i], Warning: &tw.texts[i], Lang: &tw.texts[i], Dir: &tw.texts[i],
			Media: []sip.Media{{Kind: "image", Alt: &tw.texts[i]}}, Tiles: []int{1}, Comments: []sip.Post{{ID: fmt.Sprint("c", i), Text: tw.texts[i], Author: &tw.names[i]}}}
		c.Posts = append(c.Posts, p)
	}
	return c, nil
}

func (tw *town) Receipt(context.Context, string) (Receipt, error) {
	return Receipt{Location: "s3://arkiv/x/", Delivered: now, ReadBack: now, Objects: 12, Bytes: 12345, METS: strings.Repeat("ab", 32)}, nil
}

func (tw *town) Open(_ context.Context, id, path string) (io.ReadCloser, int64, error) {
	s := `{"id":"` + id + `"}`
	if path == "record.pdf" {
		s = pdf
	}
	return io.NopCloser(strings.NewReader(s)), int64(len(s)), nil
}

func (tw *town) Tile(context.Context, string, int, int) ([]byte, string, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 50)), nil)
	return b.Bytes(), "image/jpeg", err
}

func (tw *town) Package(_ context.Context, id string, w io.Writer) error {
	_, err := io.WriteString(w, "PK"+id)
	return err
}

func (tw *town) Check(_ context.Context, id string) (Check, error) {
	return Check{ID: id, At: now, OK: len(tw.findings) == 0, Objects: 12, Bytes: 12345, Findings: tw.findings}, nil
}

func (tw *town) Location() string { return "/srv/arkiv" }

func (tw *town) Healthy(context.Context) error { return nil }

// Copy remembers what was handed out.
func (tw *town) Copy(_ context.Context, d Disclosure) ([]byte, error) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	tw.copies = append(tw.copies, d)
	return []byte(pdf), nil
}

// Catalogue.

func (tw *town) Search(_ context.Context, q catalog.Query) (catalog.Results, error) {
	var out catalog.Results
	for _, s := range tw.rows() {
		if !has(q.Tenants, s.Tenant) || !has(q.Classes, s.Class) || q.Account != "" && (q.Tenant != s.Tenant || q.Account != s.Account) {
			continue
		}
		for i, text := range tw.texts {
			out.Hits = append(out.Hits, catalog.Hit{Snapshot: s.ID, Tenant: s.Tenant, Account: s.Account, Title: s.Title, Taken: s.Taken, Class: s.Class, Kind: catalog.KindPost, Post: fmt.Sprint("p", i),
				Author: tw.names[i], Origin: capture.OriginOwn, Sheet: 2, Snippet: catalog.Snippet{Text: text, Marks: []catalog.Span{{Start: 0, End: min(4, len(text))}}}})
		}
	}
	out.Count = len(out.Hits)
	return out, nil
}

func has[T comparable](all []T, one T) bool {
	for _, x := range all {
		if x == one {
			return true
		}
	}
	return false
}

func (tw *town) Compare(ctx context.Context, sc catalog.Scope, id, other string) (catalog.Comparison, error) {
	a, err := tw.Snapshot(ctx, id)
	if err != nil {
		return catalog.Comparison{}, err
	}
	if !has(sc.Tenants, a.Tenant) || !has(sc.Classes, a.Class) {
		return catalog.Comparison{}, &catalog.NotFoundError{}
	}
	c := catalog.Change{Kind: catalog.KindPost, ID: "p0", Author: tw.names[0], Old: tw.texts[0], New: tw.texts[0] + " ny", OldSheet: 2, Certain: true, Spans: []catalog.DiffSpan{{Op: catalog.OpSame, Text: tw.texts[0]}, {Op: catalog.OpAdd, Text: " ny"}},
		Fields: []catalog.FieldChange{{Name: "author", Old: tw.texts[0], New: tw.names[0]}}}
	return catalog.Comparison{Old: catalog.CompareSide{ID: id}, New: catalog.CompareSide{ID: other}, Added: []catalog.Change{c}, Changed: []catalog.Change{c}, Removed: []catalog.Change{c}, Same: 3, Reliable: true}, nil
}

func (tw *town) Overview(_ context.Context, sc catalog.Scope, accounts []register.Account, at time.Time) (catalog.Overview, error) {
	o := catalog.Overview{Half: catalog.HalfOf(at)}
	latest := map[string]catalog.Snapshot{}
	for _, s := range tw.rows() {
		if !has(sc.Tenants, s.Tenant) || !has(sc.Classes, s.Class) || s.Account == "granskas" {
			continue
		}
		c := catalog.Snapshot{ID: s.ID, Tenant: s.Tenant, Account: s.Account, Title: s.Title, Trigger: s.Trigger, Outcome: s.Outcome, Class: s.Class, Taken: s.Taken, Posts: s.Posts, Receipt: s.Receipt}
		o.Recent = append(o.Recent, c)
		o.Totals.Snapshots++
		o.Totals.Bytes += s.Bytes
		if c.Half() == o.Half {
			latest[s.Tenant+"/"+s.Account] = c
		}
	}
	for _, a := range accounts {
		st := catalog.Standing{Account: a, State: catalog.StateNone}
		if l, ok := latest[a.Tenant+"/"+a.ID]; ok {
			st.State, st.Latest = catalog.StateValid, &l
		}
		o.Standing = append(o.Standing, st)
	}
	return o, nil
}

func (tw *town) Accounts(_ context.Context, sc catalog.Scope, _ catalog.Filter) ([]catalog.Account, error) {
	var out []catalog.Account
	for _, s := range tw.rows() {
		if has(sc.Tenants, s.Tenant) && has(sc.Classes, s.Class) && s.Account != "granskas" && s.Outcome == capture.Complete {
			out = append(out, catalog.Account{Tenant: s.Tenant, Account: s.Account, Title: s.Title, Snapshots: 1, Last: s.Taken, LastID: s.ID, LastOutcome: s.Outcome, Valid: s.Taken, ValidID: s.ID})
		}
	}
	return out, nil
}

// Calendar.

func (tw *town) rules() *calendar.Calendar {
	c, err := calendar.New(calendar.Settings{Openings: []string{"0 0 15 4 *", "0 0 15 10 *"}, WindowDays: 21, HourFrom: 6, HourTo: 20})
	if err != nil {
		panic(err)
	}
	return c
}

func (tw *town) Due(context.Context) ([]calendar.Decision, error) {
	r, err := tw.Current()
	if err != nil {
		return nil, err
	}
	var all []calendar.Standing
	for _, a := range r.Accounts {
		all = append(all, calendar.Standing{Account: a})
	}
	return tw.rules().Due(all, now), nil
}

func (tw *town) Windows(year int) []calendar.Window { return tw.rules().Windows(year) }

func (tw *town) Dates(year int) ([]calendar.Date, error) {
	r, err := tw.Current()
	if err != nil {
		return nil, err
	}
	return tw.rules().Year(r.Accounts, year), nil
}

// Orders.

func (tw *town) Place(_ context.Context, o Order) (string, error) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	id := fmt.Sprintf("jobb-%d", len(tw.order)+1)
	tw.jobs[id] = &Job{ID: id, Order: o, Placed: now, State: "running", Stage: "capture", Snapshot: snapID(o.Account)}
	tw.order = append(tw.order, id)
	tw.calls = append(tw.calls, o)
	return id, nil
}

func (tw *town) Job(_ context.Context, id string) (Job, error) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	if j, ok := tw.jobs[id]; ok {
		return *j, nil
	}
	return Job{}, ErrNotFound
}

func (tw *town) Jobs(context.Context) ([]Job, error) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	var out []Job
	for _, id := range tw.order {
		out = append(out, *tw.jobs[id])
	}
	return out, nil
}

// set changes a job and tells those who watch.
func (tw *town) set(id string, f func(*Job)) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	f(tw.jobs[id])
	close(tw.changed)
	tw.changed = make(chan struct{})
}

func (tw *town) Watch(ctx context.Context, id string) (<-chan Job, error) {
	out := make(chan Job)
	go func() {
		defer close(out)
		for {
			tw.mu.Lock()
			j, changed := *tw.jobs[id], tw.changed
			tw.mu.Unlock()
			select {
			case out <- j:
			case <-ctx.Done():
				return
			}
			if j.Ended {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}

// site is a running page over a town.
type site struct {
	*town
	state *access.State
	srv   *httptest.Server
	o     Options
}

const password = "en lång mening som lösenord"

func newSite(t *testing.T, tw *town, change ...func(*Options)) *site {
	t.Helper()
	state, err := access.Open(t.Context(), access.Options{File: filepath.Join(t.TempDir(), "state.db"), HashTime: 1, HashKB: 64, Now: tick()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = state.Close() })
	o := Options{State: state, Archive: tw, Accounts: tw, Year: tw, Orders: tw, Search: tw, Disclose: tw, Organisation: "Älvsunda kommun", PublicRegister: true, Uploads: t.TempDir(), Version: "test", Now: func() time.Time { return now }}
	for _, f := range change {
		f(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	return &site{tw, state, srv, o}
}

// tick is a clock that runs a minute a look, so that no limit on tries is met by tests that try much.
func tick() func() time.Time {
	var mu sync.Mutex
	at := now
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		at = at.Add(time.Minute)
		return at
	}
}

func (s *site) add(t *testing.T, login string, grants ...access.Grant) access.User {
	t.Helper()
	u, err := s.state.AddUser(t.Context(), access.NewUser{Login: login, Name: "Person " + login, Password: password, Grants: grants})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// client is a browser without script.
func (s *site) client(t *testing.T, login string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if login == "" {
		return c
	}
	res := s.post(t, c, "/logga-in", url.Values{"login": {login}, "password": {password}})
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s cannot sign in: %d", login, res.StatusCode)
	}
	return c
}

// reply is an answer that has been read.
type reply struct {
	StatusCode int
	Header     http.Header
	Body, Path string
}

func (s *site) post(t *testing.T, c *http.Client, path string, v url.Values) reply {
	t.Helper()
	return s.do(t, c, http.MethodPost, path, strings.NewReader(v.Encode()), "application/x-www-form-urlencoded")
}

func (s *site) do(t *testing.T, c *http.Client, method, path string, body io.Reader, mime string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.srv.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if mime != "" {
		req.Header.Set("Content-Type", mime)
	}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, string(b), req.URL.Path}
}

func (s *site) get(t *testing.T, c *http.Client, path string) (int, string) {
	t.Helper()
	res := s.do(t, c, http.MethodGet, path, nil, "")
	return res.StatusCode, res.Body
}
