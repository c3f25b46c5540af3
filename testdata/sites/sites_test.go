package sites

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

var testNow = time.Date(2026, 10, 15, 14, 5, 0, 0, Stockholm)

// TestMain serves the sites for a look by hand when SITES_SERVE holds an address.
func TestMain(m *testing.M) {
	if at := os.Getenv("SITES_SERVE"); at != "" {
		o := Options{Comments: true}
		if os.Getenv("SITES_NOW") == "" {
			o.Now = testNow
		}
		_ = http.ListenAndServe(at, Handler(o))
		return
	}
	os.Exit(m.Run())
}

func serve(t *testing.T, o Options) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(Handler(o))
	t.Cleanup(srv.Close)
	return srv
}

// get gives the status and body of an address; redirects are not followed.
func get(t *testing.T, address string) (int, string) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(address)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return res.StatusCode, string(body)
}

func truthOf(t *testing.T, address string) Truth {
	t.Helper()
	_, body := get(t, address)
	var got Truth
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%s: %v in %.200s", address, err, body)
	}
	return got
}

func TestTruthAgreesWithTheServer(t *testing.T) {
	o := Options{Now: testNow, Comments: true, Posts: 15}
	srv := serve(t, o)
	for _, s := range All(o) {
		a, _ := json.Marshal(truthOf(t, srv.URL+s.Path+"truth.json"))
		b, _ := json.Marshal(s.Truth)
		if string(a) != string(b) {
			t.Errorf("%s: truth.json differs from the generator's truth", s.Name)
		}
		again, ok := ByName(s.Name, o)
		if c, _ := json.Marshal(again.Truth); !ok || string(c) != string(b) {
			t.Errorf("%s: ByName differs from All", s.Name)
		}
	}
}

// wantStatus are the sites whose page does not answer 200.
var wantStatus = map[string]int{"wall-first-redirect": 302, "captcha": 403, "ratelimit": 429, "ratelimit-once": 429, "gone": 404, "gone-410": 410, "geoblock": 451, "error500": 500, "members": 302}

func TestEachSiteServesItsPages(t *testing.T) {
	o := Options{Now: testNow, Comments: true, Posts: 15}
	srv := serve(t, o)
	for _, s := range All(o) {
		status, body := get(t, srv.URL+s.Path)
		want := max(wantStatus[s.Name], 200)
		if want == 200 && wantStatus[s.Name] != 0 {
			want = wantStatus[s.Name]
		}
		if status != want {
			t.Errorf("%s: status %d, want %d", s.Name, status, want)
		}
		if !s.Feed || s.Name == "members" || len(s.Truth.Posts) == 0 {
			continue
		}
		if !strings.Contains(body, "<title>") {
			t.Errorf("%s: no title", s.Name)
		}
		checkPermalinks(t, srv.URL, s)
	}
}

// checkPermalinks opens the first and the last post, and a comment, each by its own address.
func checkPermalinks(t *testing.T, base string, s Site) {
	t.Helper()
	posts := s.Truth.Posts
	for _, p := range []Post{posts[0], posts[len(posts)-1]} {
		if status, body := get(t, base+p.Permalink); status != 200 || !strings.Contains(body, p.Mark) && !p.folded() {
			t.Errorf("%s: %s answers %d, mark %q shown: %v", s.Name, p.Permalink, status, p.Mark, strings.Contains(body, p.Mark))
		}
	}
	for _, p := range posts {
		if len(p.Comments) > 0 {
			at, _, _ := strings.Cut(p.Comments[0].Permalink, "#")
			if status, body := get(t, base+at); status != 200 || !strings.Contains(body, p.Mark) && !p.folded() {
				t.Errorf("%s: comment %s answers %d", s.Name, at, status)
			}
			return
		}
	}
}

// folded is true for long posts, whose mark may come only after a press.
func (p Post) folded() bool { _, cut := shorten(p.Text); return cut }

func TestTruthIsWellFormed(t *testing.T) {
	for _, s := range All(Options{Now: testNow, Comments: true}) {
		ids, marks := map[string]bool{}, map[string]bool{}
		for _, p := range s.Truth.All() {
			if ids[p.ID] || marks[p.Mark] || p.Mark == "" || !strings.Contains(p.Text, p.Mark) {
				t.Errorf("%s: ID %q or mark %q comes twice or is not in the text", s.Name, p.ID, p.Mark)
			}
			ids[p.ID], marks[p.Mark] = true, true
			if p.Published.After(testNow) || p.Author == "" || p.Permalink == "" {
				t.Errorf("%s: post %s: published %v by %q at %q", s.Name, p.ID, p.Published, p.Author, p.Permalink)
			}
		}
		if !slices.IsSortedFunc(s.Truth.Posts, func(a, b Post) int { return b.Published.Compare(a.Published) }) {
			t.Errorf("%s: posts are not newest first", s.Name)
		}
		if s.Notes == "" || s.Truth.Outcome == "" {
			t.Errorf("%s: notes or outcome missing", s.Name)
		}
	}
}

func TestNumbersOfTheBigFeed(t *testing.T) {
	s, ok := ByName("feed", Options{Now: testNow, Comments: true, Posts: 600})
	if !ok || len(s.Truth.Posts) != 600 || CountComments(s.Truth.Posts) != 1471 {
		t.Errorf("got %d posts and %d comments, want 600 and 1471", len(s.Truth.Posts), CountComments(s.Truth.Posts))
	}
	if oldest := s.Truth.Posts[599].Published; testNow.Sub(oldest) < 200*24*time.Hour {
		t.Errorf("the oldest post is of %v, want more than half a year back", oldest)
	}
	other, _ := ByName("feed", Options{Now: testNow, Comments: true, Posts: 600, Seed: 1})
	if other.Truth.Posts[0].Text == s.Truth.Posts[0].Text && other.Truth.Posts[1].Text == s.Truth.Posts[1].Text {
		t.Error("another seed gives the same texts")
	}
}

func TestQueryShapesTheContent(t *testing.T) {
	srv := serve(t, Options{Now: testNow})
	got := truthOf(t, srv.URL+"/facebook/truth.json?posts=33&comments=1&seed=5&now=2026-03-01&months=2")
	if len(got.Posts) != 33 || CountComments(got.Posts) == 0 || got.Now.Format("2006-01-02") != "2026-03-01" {
		t.Errorf("got %d posts, %d comments, now %v", len(got.Posts), CountComments(got.Posts), got.Now)
	}
	if status, body := get(t, srv.URL+got.Posts[0].Permalink); status != 200 || !strings.Contains(body, "alvsundakommun") {
		t.Errorf("a permalink of another size answers %d without its query", status)
	}
	if n := len(truthOf(t, srv.URL+"/feed/truth.json?posts=0").Posts); n != 0 {
		t.Errorf("posts=0 gives %d posts", n)
	}
	if status, _ := get(t, srv.URL+"/feed/?posts=many"); status != 400 {
		t.Errorf("posts=many answers %d, want 400", status)
	}
}

func TestPressedButtonsAreRecorded(t *testing.T) {
	srv := serve(t, Options{Now: testNow})
	if _, err := http.Post(srv.URL+"/facebook/pressed?what=Gilla&on=1", "", nil); err != nil { //nolint:bodyclose // 204
		t.Fatal(err)
	}
	if _, body := get(t, srv.URL+"/facebook/pressed"); strings.TrimSpace(body) != `[{"what":"Gilla","on":"1"}]` {
		t.Errorf("pressed: %s", body)
	}
	if _, body := get(t, srv.URL+"/x/pressed"); strings.TrimSpace(body) != `[]` {
		t.Errorf("pressed elsewhere: %s", body)
	}
}

func TestABatchFailsOnce(t *testing.T) {
	srv := serve(t, Options{Now: testNow})
	for i, want := range []int{200, 500, 200} {
		from := []string{"10", "20", "20"}[i]
		if status, _ := get(t, srv.URL+"/flaky/_/batch?load=1&from="+from); status != want {
			t.Errorf("request %d: status %d, want %d", i, status, want)
		}
	}
}

func TestMembersLogin(t *testing.T) {
	srv := serve(t, Options{Now: testNow})
	jar, _ := cookiejar.New(nil)
	client := http.Client{Jar: jar}
	page := func() string {
		res, err := client.Get(srv.URL + "/members/")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		body, _ := io.ReadAll(res.Body)
		return string(body)
	}
	if !strings.Contains(page(), `type="password"`) {
		t.Error("the page is open without a login")
	}
	res, err := client.PostForm(srv.URL+"/members/login", url.Values{"email": {"siv"}, "pass": {"x"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if body := page(); !strings.Contains(body, PlantedPrivate) || !strings.Contains(body, PlantedToken) {
		t.Error("the logged-in page lacks what it plants")
	}
	_, _ = get(t, srv.URL+"/members/logout")
	if !strings.Contains(page(), `type="password"`) {
		t.Error("the session outlived the logout")
	}
}
