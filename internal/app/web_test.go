package app

import (
	"bytes"
	"context"
	"image"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/chromedp/chromedp"

	"arsring/internal/access"
	"arsring/internal/pdfa"
	"arsring/internal/sip"
	"arsring/internal/validators"
	"arsring/internal/web"
)

// TestPageOverArchive drives the page over a real register, browser and archive: an officer orders a snapshot and sees it stored, an archivist
// opens the record, finds a post, checks the package, and hands out a copy.
func TestPageOverArchive(t *testing.T) {
	t.Parallel()
	d := startDemo(t, filepath.Join(testDir(t), "town"))
	page, handler, err := d.Page(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	srv := httptest.NewServer(handler)
	defer srv.Close()
	b := openTab(t)
	b.open(srv.URL + "/")
	b.wait(`document.body.innerText.includes("3 av 3 konton")`)
	b.open(srv.URL + "/bestall?konto=default/flodet")
	b.run(`document.querySelector("#f-reason").value = "Inför ny formgivning"; document.querySelector("main form[method=post] button").click()`)
	b.wait(`document.querySelector("[data-follow] progress, .receipt")`)
	b.wait(`document.querySelector(".receipt")`)
	if !b.ask(`document.body.innerText.includes("Kopian är lagrad och kontrolläst")`) {
		t.Fatal("no receipt")
	}
	b.run(`document.querySelector(".receipt a.button").click()`)
	b.wait(`document.querySelector("iframe.record")`)
	id := strings.TrimPrefix(b.text(`location.pathname`), "/ogonblicksbild/")
	b.run(`document.querySelector("form[action$='/kontrollera'] button").click()`)
	b.wait(`document.querySelector(".note.good")`)
	b.open(srv.URL + "/ogonblicksbild/" + id + "/blad")
	b.wait(`document.querySelector(".sheets img").naturalWidth > 300`)
	b.open(srv.URL + "/sok?q=kommun*&vems=own")
	b.wait(`document.querySelector("mark")`)
	b.open(srv.URL + "/")
	b.wait(`document.body.innerText.includes("2 av 3 konton")`)
	handOut(t, page, srv.URL, id)
}

// handOut asks for a copy of the first post, with the second masked, as a browser without script does.
func handOut(t *testing.T, page *Page, site, id string) {
	t.Helper()
	form, _ := get(t, site+"/lamna-ut/"+id, http.StatusOK)
	posts := regexp.MustCompile(`name="post" value="([^"]+)"`).FindAllStringSubmatch(string(form), -1)
	if len(posts) < 3 {
		t.Fatalf("%d posts to choose from", len(posts))
	}
	res, err := http.PostForm(site+"/lamna-ut/"+id, url.Values{"post": {posts[0][1], posts[1][1]}, "mask": {posts[1][1]}, "why": {"Begäran om handling"}, "assessor": {"Anna Exempel"}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	pdf, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !bytes.HasPrefix(pdf, []byte("%PDF-")) || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("no copy: %d, %d bytes, %v", res.StatusCode, len(pdf), err)
	}
	file := filepath.Join(testDir(t), "kopia.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	text := validators.PDFToText(t, file)
	for _, want := range []string{"KOPIA", "Kopia ur " + id, "Anna Exempel", web.Masked} {
		if !strings.Contains(text, want) {
			t.Errorf("the copy does not say %q:\n%s", want, text)
		}
	}
	handOutSheet(t, page, site, id)
	logged, _ := get(t, site+"/logg?vad=hand-out", http.StatusOK)
	if !strings.Contains(string(logged), "Begäran om handling") {
		t.Error("the copy is not in the log")
	}
}

// handOutSheet asks for a copy of a sheet and the posts on it with a word masked: the word is in no text and on no picture of the copy.
func handOutSheet(t *testing.T, page *Page, site, id string) {
	t.Helper()
	w := page.disclose
	m, err := w.arch.Manifest(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	texts, known, err := w.layers(t.Context(), m)
	if err != nil || !known {
		t.Fatalf("the record's text cannot be read: %v", err)
	}
	content, err := w.arch.Content(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	word, tile := wordOnSheet(content, texts)
	if word == "" {
		t.Fatal("no word of a post stands on a sheet")
	}
	v := url.Values{"sheet": {strconv.Itoa(tile)}, "why": {"Begäran om handling"}, "assessor": {"Anna Exempel"}}
	for _, p := range content.Posts {
		v.Add("post", p.ID)
	}
	plain := copyFile(t, site, id, v)
	if text := validators.PDFToText(t, plain); !strings.Contains(strings.ToLower(text), strings.ToLower(word)) {
		t.Fatalf("the copy without masks does not say %q:\n%s", word, text)
	}
	v.Set("words", word+"\n")
	masked := copyFile(t, site, id, v)
	if text := validators.PDFToText(t, masked); strings.Contains(strings.ToLower(text), strings.ToLower(word)) || !strings.Contains(text, web.Masked) {
		t.Errorf("the masked copy says %q, or has no mask:\n%s", word, text)
	}
	data, err := os.ReadFile(masked)
	if err != nil {
		t.Fatal(err)
	}
	original, _, err := w.arch.Tile(t.Context(), id, tile, 0)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, original) {
		t.Error("the masked copy holds the picture as it was")
	}
	lines := linesWith(web.NewNeedles([]string{word}), texts[tile])
	pictures := jpegStreams(data)
	if len(lines) == 0 || len(pictures) != 1 {
		t.Fatalf("%d lines with %q, %d pictures in the copy", len(lines), word, len(pictures))
	}
	img, _, err := image.Decode(bytes.NewReader(pictures[0]))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		for x := int(l.X); x < int(l.X+l.W) && x < img.Bounds().Dx(); x += 3 {
			if r, g, b, _ := img.At(x, img.Bounds().Dy()-int(l.Y)+int(l.H/2)).RGBA(); r+g+b > 3*0x3000 {
				t.Fatalf("%q is not covered at %d in the line %q", word, x, l.Text)
			}
		}
	}
	v.Set("words", "finnsinteiarkivet")
	v.Set("mask", content.Posts[0].ID)
	v.Set("sheet", strconv.Itoa(content.Posts[0].Tiles[0]))
	res, err := http.PostForm(site+"/lamna-ut/"+id, v)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(body), "visar ett inlägg som ska maskas") {
		t.Errorf("a sheet that shows a masked post was not refused: %d", res.StatusCode)
	}
}

// wordOnSheet finds a long word of a post that is seen on a picture of it.
func wordOnSheet(c sip.Content, texts map[int][]pdfa.LayerText) (string, int) {
	for _, p := range c.Posts {
		for _, word := range strings.FieldsFunc(p.Text, func(r rune) bool { return !unicode.IsLetter(r) }) {
			for _, n := range p.Tiles {
				if len([]rune(word)) > 6 && len(linesWith(web.NewNeedles([]string{word}), texts[n])) > 0 {
					return word, n
				}
			}
		}
	}
	return "", 0
}

// copyFile asks for a copy and puts it into a file.
func copyFile(t *testing.T, site, id string, v url.Values) string {
	t.Helper()
	res, err := http.PostForm(site+"/lamna-ut/"+id, v)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	pdf, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("no copy: %d, %v\n%s", res.StatusCode, err, regexp.MustCompile(`(?s)<div class="note bad".*?</div>`).Find(pdf))
	}
	dir := os.Getenv("ARSRING_SHOTS")
	if dir == "" {
		dir = testDir(t)
	}
	f, err := os.CreateTemp(dir, "kopia-*.pdf")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(pdf); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// TestDaemonPage: an installation of its own says the first code in its log, signs its people in, and keeps pauses in the queue.
func TestDaemonPage(t *testing.T) {
	d := startDemo(t, filepath.Join(testDir(t), "town"))
	var logged bytes.Buffer
	d.app.log = slog.New(slog.NewTextHandler(&logged, nil))
	handler, err := PageHandler(d.app)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(handler)
	defer srv.Close()
	code := regexp.MustCompile(`code=([a-z2-7]+)`).FindStringSubmatch(logged.String())
	if code == nil {
		t.Fatalf("no code in the log: %s", logged.String())
	}
	b := openTab(t)
	b.open(srv.URL + "/forsta")
	b.run(`for (const [k, v] of Object.entries({code: "` + code[1] + `", name: "Anna Exempel", login: "anna", password: "en lång mening som lösenord"})) document.querySelector("#f-" + k).value = v; document.querySelector("main form button").click()`)
	b.wait(`location.pathname === "/" && document.body.innerText.includes("Vilka konton saknar")`)
	b.open(srv.URL + "/konton/default/bloggen")
	b.run(`document.querySelector("#f-pause_reason").value = "Valrörelse"; document.querySelector("form[action$='/paus'] button").click()`)
	b.wait(`document.body.innerText.includes("Avsluta pausen")`)
	_, pauses, err := d.app.queued(t.Context())
	if err != nil || len(pauses) != 1 || pauses[0].Scope != "account:default/bloggen" || pauses[0].Reason != "Valrörelse" {
		t.Errorf("the queue's pauses: %+v, %v", pauses, err)
	}
	users, _, err := d.app.User(t.Context(), "list", UserRequest{})
	if err != nil || len(users) != 1 || users[0].Grants[0].Role != access.Admin {
		t.Errorf("users %+v, %v", users, err)
	}
	if _, _, err := d.app.User(t.Context(), "remove", UserRequest{Login: "anna"}); err == nil {
		t.Error("the last admin was removed")
	}
	_, secret, err := d.app.User(t.Context(), "token", UserRequest{Login: "anna", Token: "skript", Role: "reader"})
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/api/v1/accounts", nil)
	req.Header.Set("Authorization", "Bearer "+secret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(`"bloggen"`)) {
		t.Errorf("by token: %d %s", res.StatusCode, body)
	}
}

// pageTab is a tab of a real browser.
type pageTab struct {
	t   *testing.T
	ctx context.Context
}

func openTab(t *testing.T) *pageTab {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(validators.Chromium(t)), chromedp.NoSandbox, chromedp.UserDataDir(testDir(t)), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("lang", "sv-SE"), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
	actx, acancel := chromedp.NewExecAllocator(t.Context(), opts...)
	ctx, cancel := chromedp.NewContext(actx)
	ctx, stop := context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(func() { stop(); cancel(); acancel() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &pageTab{t, ctx}
}

func (b *pageTab) open(address string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Navigate(address)); err != nil {
		b.t.Fatalf("%s: %v", address, err)
	}
}

func (b *pageTab) run(script string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](script+"; true")); err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
}

func (b *pageTab) ask(condition string) bool {
	ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("document.readyState === 'complete' && !!("+condition+")"))
	return err == nil && ok
}

func (b *pageTab) text(script string) string {
	b.t.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script))
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (b *pageTab) wait(condition string) {
	b.t.Helper()
	for !b.ask(condition) {
		select {
		case <-b.ctx.Done():
			b.t.Fatalf("never came true: %s", condition)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
