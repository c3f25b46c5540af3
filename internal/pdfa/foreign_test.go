package pdfa

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"arsring/internal/validators"
)

// TestForeignPrints converts plain prints of pages that nobody here wrote: some of a manual; with ARSRING_SOAK the two hundred of the corpora.
// Every file is what it declares by veraPDF, none declares more than veraPDF grants, and what the print showed and said is still there.
func TestForeignPrints(t *testing.T) {
	var base string
	paths := []string{"de/bind.html", "fr/howto/htaccess.html", "ja/bind.html", "ru/sections.html", "zh-cn/install.html", "ko/bind.html"}
	if os.Getenv("ARSRING_SOAK") == "" {
		files := http.FileServer(http.Dir(validators.ApacheDocs(t)))
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html") // which encoding, the page says itself
			files.ServeHTTP(w, r)
		}))
		defer srv.Close()
		base = srv.URL
	} else {
		srv, all := validators.ForeignPages(t)
		base, paths = srv.URL, all
	}
	f := &foreignPrints{dir: t.TempDir(), print: newPrinter(t), levels: map[Level]int{}}
	if keep := os.Getenv("ARSRING_KEEP"); keep != "" { // to look at what failed
		f.dir = keep
	}
	t.Run("pages", func(t *testing.T) {
		for i, p := range paths {
			t.Run(p, func(t *testing.T) { f.try(t, i, base+"/"+p) })
		}
	})
	judgePrints(t, f.names, f.files)
	t.Logf("%d prints, levels %v, %d PDF/UA-1; %d of %d sheets drawn alike to the last bit", len(f.files), f.levels, f.ua, f.exact, f.pages)
	if f.plain < (len(f.files)*95+99)/100 {
		t.Errorf("only %d of %d prints are read as plain files", f.plain, len(f.files))
	}
	if f.levels[Level2A] < (len(f.files)*95+99)/100 {
		t.Errorf("only %d of %d prints reach level a", f.levels[Level2A], len(f.files))
	}
}

// foreignPrints counts what became of prints.
type foreignPrints struct {
	dir              string
	print            func(*testing.T, string) []byte
	levels           map[Level]int
	ua, exact, pages int
	plain            int // prints that are read as plain files; links to places with odd names are not
	names, files     []string
}

// try prints a page, converts it, and holds what comes out against the print.
func (f *foreignPrints) try(t *testing.T, i int, url string) {
	before, after := filepath.Join(f.dir, fmt.Sprintf("%03d.before.pdf", i)), filepath.Join(f.dir, fmt.Sprintf("%03d.pdf", i))
	pdf := f.print(t, url)
	writeFile(t, before, pdf)
	var out bytes.Buffer
	r, err := Convert(t.Context(), bytes.NewReader(pdf), &out, Options{UA: true, Now: testTime})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, after, out.Bytes())
	f.levels[r.Level]++
	if r.UA {
		f.ua++
	}
	if r.Level != Level2A || !r.UA {
		t.Logf("PDF/A-%q, UA %v: %v", r.Level, r.UA, failedRules(r))
	}
	f.names, f.files = append(f.names, t.Name()), append(f.files, after)
	if samePlain(t, pdf) {
		f.plain++
	}
	sameObjects(t, pdf, out.Bytes())
	exact, pages := sameLooks(t, before, after, slices.ContainsFunc(r.Changed, func(c Change) bool { return strings.Contains(c.What, "U+FFFD") }))
	f.exact, f.pages = f.exact+exact, f.pages+pages
}

// judgePrints asks veraPDF what each file is.
func judgePrints(t *testing.T, names, files []string) {
	t.Helper()
	verdicts := validators.VeraPDF(t, "", files...)
	for i, f := range files {
		if v := verdicts[f]; !v.Valid {
			t.Errorf("%s (%s): %v", names[i], f, v)
		}
	}
}

// newPrinter starts a browser that prints pages as anybody would: A4, with backgrounds, tagged, with an outline.
func newPrinter(t *testing.T) func(*testing.T, string) []byte {
	t.Helper()
	dir, err := os.MkdirTemp("", "arsring-print-")
	if err != nil {
		t.Fatal(err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(validators.Chromium(t)), chromedp.NoSandbox, chromedp.UserDataDir(dir),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	actx, acancel := chromedp.NewExecAllocator(t.Context(), opts...)
	ctx, cancel := chromedp.NewContext(actx)
	t.Cleanup(func() { cancel(); acancel(); _ = os.RemoveAll(dir) })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T, url string) []byte {
		t.Helper()
		tab, cancel := chromedp.NewContext(ctx)
		defer cancel()
		tab, stop := context.WithTimeout(tab, time.Minute)
		defer stop()
		if err := chromedp.Do(tab, chromedp.Navigate(url)); err != nil {
			t.Fatalf("%s: %v", url, err)
		}
		pdf, err := chromedp.Run(tab, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPrintBackground(), chromedp.PDFOutlineAndTagged()))
		if err != nil {
			t.Fatalf("%s: %v", url, err)
		}
		return pdf
	}
}

// sameObjects holds a converted print against what it was made of, object by object: links, outline, tags and images.
func sameObjects(t *testing.T, before, after []byte) {
	t.Helper()
	a, b := readBytes(t, before), readBytes(t, after)
	for _, f := range []struct {
		what string
		of   func(*document) []string
	}{
		{"links", linksOf}, {"outline", outlineOf}, {"tags", tagsOf}, {"images", imagesOf},
	} {
		was, is := f.of(a), f.of(b)
		if i := differ(was, is); i >= 0 {
			t.Errorf("the %s differ at %d of %d and %d: %q became %q", f.what, i, len(was), len(is), at(was, i), at(is, i))
		}
	}
}

func readBytes(t *testing.T, pdf []byte) *document {
	t.Helper()
	d, err := read(t.Context(), bytes.NewReader(pdf))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// differ gives the first place in which two lists differ; -1 when they are equal.
func differ(a, b []string) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "nothing"
}

// linksOf lists the links of each page: where they are and where they lead. Addresses that PDF/A has no room for are left out.
func linksOf(d *document) []string {
	var list []string
	for i, p := range d.pages {
		for _, o := range d.array(p.dict["Annots"]) {
			a := d.dict(o)
			uri, _ := d.bytesOf(d.dict(a["A"])["URI"])
			if len(uri) > 32767 {
				continue
			}
			list = append(list, fmt.Sprint(i, d.name(a["Subtype"]), d.numbersOf(a["Rect"]), string(uri), d.plain(a["Dest"]), d.plain(d.dict(a["A"])["D"])))
		}
	}
	return list
}

func (d *document) numbersOf(o types.Object) []string {
	var list []string
	for _, v := range d.array(o) {
		f, _ := d.num(v)
		list = append(list, fmt.Sprintf("%.3f", f))
	}
	return list
}

// plain writes a destination with pages by their place in the file.
func (d *document) plain(o types.Object) string {
	switch v := d.get(o).(type) {
	case types.Array:
		var list []string
		for i, x := range v {
			n := refNum(x)
			if i == 0 && n != 0 {
				list = append(list, fmt.Sprint("page ", slices.IndexFunc(d.pages, func(p page) bool { return p.num == n })))
				continue
			}
			if f, ok := d.num(x); ok {
				list = append(list, fmt.Sprintf("%.2f", f))
			} else {
				list = append(list, d.name(x))
			}
		}
		return strings.Join(list, " ")
	case types.StringLiteral, types.HexLiteral:
		b, _ := d.bytesOf(v)
		return string(b)
	case types.Name:
		return string(v)
	}
	return ""
}

func outlineOf(d *document) []string {
	var list []string
	for _, b := range d.bookmarks() {
		title, _ := d.text(b.dict["Title"])
		list = append(list, title+" "+d.plain(b.dict["Dest"])+d.plain(d.dict(b.dict["A"])["D"]))
	}
	return list
}

// changedTypes are the types that mends for PDF/UA change or add, each said in the report.
var changedTypes = map[string]string{"H1": "H", "H2": "H", "H3": "H", "H4": "H", "H5": "H", "H6": "H"}

// tagsOf lists the marked content in the order of the structure tree, with the types of the elements around it.
func tagsOf(d *document) []string {
	var list []string
	t := d.readTree()
	if t == nil {
		return nil
	}
	number := map[int]int{}
	for i, p := range d.pages {
		number[p.num] = i
	}
	for _, e := range t.all {
		for _, k := range e.kids {
			if k.mcid < 0 {
				continue
			}
			var around []string
			for p := e; p != nil; p = p.parent {
				kind := p.kind
				if h := changedTypes[kind]; h != "" {
					kind = h
				}
				if kind != "LBody" && p.std != "NonStruct" {
					around = append(around, kind)
				}
			}
			list = append(list, fmt.Sprint(number[k.page], " ", k.mcid, " ", strings.Join(around, "<")))
		}
	}
	return list
}

// imagesOf gives the hash of every image's bytes, as they lie in the file, and how they are coded.
func imagesOf(d *document) []string {
	var list []string
	for _, n := range d.numbers() {
		sd, _ := d.stream(*types.NewIndirectRef(n, 0))
		if sd == nil || d.name(sd.Dict["Subtype"]) != "Image" {
			continue
		}
		list = append(list, fmt.Sprintf("%v %x", d.filters(sd.Dict), sha256.Sum256(sd.Raw)))
	}
	slices.Sort(list)
	return list
}

// sameLooks holds what two files say and how their sheets look against each other, and counts the sheets that are alike to the last bit. Where the
// report says that icons read U+FFFD, the other words are the same: poppler parts words anew around it, and shows one for an icon too small to read.
func sameLooks(t *testing.T, before, after string, icons bool) (exact, pages int) {
	t.Helper()
	a, b := validators.PDFToText(t, before), validators.PDFToText(t, after)
	if icons {
		a, b = withoutIcons(a), withoutIcons(b)
	}
	if a != b {
		i := 0
		for i < min(len(a), len(b)) && a[i] == b[i] {
			i++
		}
		t.Errorf("the text changed at byte %d: %q became %q", i, excerpt(a, i), excerpt(b, i))
	}
	from, to := validators.PDFToPNG(t, before, 50), validators.PDFToPNG(t, after, 50)
	if len(from) != len(to) {
		t.Fatalf("%d pages became %d", len(from), len(to))
	}
	for i := range from {
		was, is := readFile(t, from[i]), readFile(t, to[i])
		if bytes.Equal(was, is) {
			exact++
			continue
		}
		// The output intent makes poppler convert images with profiles by one step more, which rounds.
		samePixels(t, pngFile(t, to[i]), pngFile(t, from[i]), 1)
	}
	return exact, len(from)
}

// withoutIcons gives the words without private characters and what reads in their place, and without marks of direction.
func withoutIcons(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r == 0xfffd || hasPUA(string(r)) {
			return -1
		}
		return r
	}, s)), " ")
}

func excerpt(s string, from int) string { return s[max(0, from-20):min(len(s), from+20)] }

// TestOverprint: the overprint mode set by one graphics state holds where another one switches overprinting on.
func TestOverprint(t *testing.T) {
	path, r := convert(t, pagePDF("", "/Resources<</ExtGState<</A<</OPM 1>>/B<</op true>>>>>>", "/A gs /B gs 0 0 0 1 k 1 1 9 9 re f"), Options{})
	if v := validators.VeraPDF(t, "", path)[path]; r.Level == LevelNone || !v.Valid {
		t.Errorf("level %q: %v", r.Level, v)
	}
}
