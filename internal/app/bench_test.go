package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"arsring/internal/capture"
	"arsring/internal/pdfa"
	"arsring/internal/validators"
	"arsring/testdata/sites"
)

// The aims that the tables are held against. They are ratios of two things measured in turn in one run, because seconds depend on the machine;
// a number that misses its aim is printed as it is and fails nothing.
const (
	aimPage   = 1.5   // whole snapshot of a page without a feed / bare browser: load and print
	aimFeed   = 0.6   // whole snapshot of a feed of 600 posts without comments / scroll, wait, screenshot
	aimTalk   = 1.5   // the same with all comments opened
	aimPDFA   = 15.0  // Ghostscript / our PDF/A step on the same file
	aimMemory = 150.0 // MB of our process, beside the browser
)

// benchSites serves the sample sites.
func benchSites(b *testing.B) string {
	b.Helper()
	srv := httptest.NewServer(sites.Handler(sites.Options{}))
	b.Cleanup(srv.Close)
	return srv.URL
}

// table prints rows under a heading when the benchmark ends. Tables of one run stand one below the other.
type table struct {
	head string
	rows []string
}

func (t *table) row(format string, args ...any) {
	t.rows = append(t.rows, fmt.Sprintf(format, args...))
}

var printing sync.Mutex

func (t *table) print() {
	printing.Lock()
	defer printing.Unlock()
	fmt.Printf("\n\n%s\n", t.head)
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', tabwriter.AlignRight)
	for _, r := range t.rows {
		fmt.Fprintln(w, r+"\t")
	}
	_ = w.Flush()
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "MISSED"
}

func median(xs []float64) float64 {
	xs = slices.Sorted(slices.Values(xs))
	return xs[len(xs)/2]
}

// snapshotChild takes a whole snapshot in a process of its own, as a person would, and gives how long that took. A snapshot that fails is said so, and
// the benchmark goes on to the next row.
func snapshotChild(b *testing.B, url string) (measured, float64) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	dir := testDir(b)
	var out, bad bytes.Buffer
	cmd := exec.Command(self, "measured", url, dir)
	cmd.Env = append(os.Environ(), "GOMEMLIMIT=96MiB") // as the program sets it for itself
	cmd.Stdout, cmd.Stderr = &out, &bad
	began := time.Now()
	err = cmd.Run()
	took := time.Since(began).Seconds()
	var m measured
	if err == nil {
		err = json.Unmarshal(out.Bytes(), &m)
	}
	if err != nil {
		b.Errorf("%s: %v\n%s", url, err, bad.Bytes())
	}
	_ = os.RemoveAll(dir)
	return m, took
}

// bareBrowser starts a browser with a library's defaults and nothing of ours.
func bareBrowser(b *testing.B) (context.Context, context.CancelFunc) {
	b.Helper()
	profile := testDir(b)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(validators.Chromium(b)), chromedp.NoSandbox, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	actx, acancel := chromedp.NewExecAllocator(b.Context(), opts...)
	ctx, cancel := chromedp.NewContext(actx)
	if err := chromedp.Do(ctx); err != nil {
		b.Fatal(err)
	}
	return ctx, func() { cancel(); acancel(); _ = os.RemoveAll(profile) }
}

// barePrint is what a snapshot is held against: start a browser, load the page, print it.
func barePrint(b *testing.B, url string) float64 {
	b.Helper()
	began := time.Now()
	ctx, cancel := bareBrowser(b)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		b.Fatal(err)
	}
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPrintBackground()))
	if err != nil || len(pdf) == 0 {
		b.Fatal(err)
	}
	return time.Since(began).Seconds()
}

// BenchmarkPage: a whole snapshot of pages without a feed, beside the bare browser on the same pages.
func BenchmarkPage(b *testing.B) {
	const rounds = 5
	site := benchSites(b)
	t := &table{head: fmt.Sprintf("Whole snapshot / bare browser (start, load, print), median of %d in turn, seconds; aim: at most %.1f", rounds, aimPage)}
	t.row("page\twhole\tbare\tratio\t\tcapture\trecord\tpdfa\tpackage\tpages\tMB")
	for range b.N {
		for _, path := range []string{"/campaign/", "/plain/", "/plain/politik/protokoll"} {
			var whole, bare []float64
			stages := map[string][]float64{}
			var m measured
			for range rounds {
				bare = append(bare, barePrint(b, site+path))
				var s float64
				m, s = snapshotChild(b, site+path)
				whole = append(whole, s)
				for name, s := range m.Stages {
					stages[name] = append(stages[name], s)
				}
			}
			ratio := median(whole) / median(bare)
			t.row("%s\t%.2f\t%.2f\t%.2f\t%s\t%.2f\t%.2f\t%.2f\t%.2f\t%d\t%d", path, median(whole), median(bare), ratio, verdict(ratio <= aimPage),
				median(stages["capture"]), median(stages["record"]), median(stages["pdfa"]), median(stages["package"]), m.Pages, m.PeakKB/1024)
			b.ReportMetric(ratio, "ratio:"+path)
		}
	}
	t.print()
}

// BenchmarkFeed: a whole snapshot of a feed of 600 posts, beside a loop that only scrolls, waits for pictures and takes screenshots.
func BenchmarkFeed(b *testing.B) {
	site := benchSites(b)
	t := &table{head: fmt.Sprintf("Feed of 600 posts, 10 each 80 ms: whole snapshot / scroll, wait, screenshot, in turn, seconds; aims: at most %.1f, %.1f with comments, %.0f MB", aimFeed, aimTalk, aimMemory)}
	t.row("feed\twhole\tnaive\tratio\t\tposts\tshots\tcapture\trecord\tpdfa\tpackage\tpages\tMB\t")
	for range b.N {
		for _, f := range []struct {
			name, path string
			aim        float64
		}{
			{"plain", "/feed/?posts=600&batch=10&delay=80", aimFeed},
			{"virtual", "/virtual/?posts=600&batch=10&delay=80", aimFeed},
			{"plain, comments", "/feed/?posts=600&batch=10&delay=80&comments=1", aimTalk},
		} {
			shots, naive := naiveLoop(b, site+f.path)
			m, whole := snapshotChild(b, site+f.path)
			ratio := whole / naive
			t.row("%s\t%.1f\t%.1f\t%.2f\t%s\t%d\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t%d\t%d\t%s", f.name, whole, naive, ratio, verdict(ratio <= f.aim && m.Posts == 600), m.Posts, shots,
				m.Stages["capture"], m.Stages["record"], m.Stages["pdfa"], m.Stages["package"], m.Pages, m.PeakKB/1024, verdict(float64(m.PeakKB)/1024 <= aimMemory))
			b.ReportMetric(ratio, "ratio:"+strings.ReplaceAll(f.name, ", ", "-"))
		}
	}
	t.print()
}

// naiveLoop scrolls a page by the height of its window, waits for the pictures in it and takes a screenshot, and nothing else. It gives the number
// of screenshots and the seconds from the opening of the page on: the browser's start is a gift to it.
func naiveLoop(b *testing.B, url string) (shots int, seconds float64) {
	b.Helper()
	const width, height, quality = 1240, 1754, 85
	ctx, cancel := bareBrowser(b)
	defer cancel()
	s := chromedp.FromContext(ctx).Target
	if _, err := cdp.Call(ctx, s, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1}); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		b.Fatal(err)
	}
	// It has waited long enough when nothing has grown for ten times as long as the server takes to answer.
	step := fmt.Sprintf(`(async y => {
		scrollTo(0, y);
		const until = performance.now() + 800, de = document.documentElement;
		while (y + %[1]d > de.scrollHeight && performance.now() < until) await new Promise(f => setTimeout(f, 10));
		await new Promise(f => requestAnimationFrame(f));
		const inView = i => { const r = i.getBoundingClientRect(); return r.bottom > 0 && r.top < innerHeight; };
		await Promise.all([...document.images].filter(inView).map(i => i.complete || new Promise(f => { i.onload = i.onerror = f; })));
		return y + %[1]d < de.scrollHeight;
	})`, height)
	for y, more := 0, true; more; y += height {
		var err error
		more, err = chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf("%s(%d)", step, y), chromedp.EvalAwaitPromise))
		if err != nil {
			b.Fatal(err)
		}
		res, err := cdp.Call(ctx, s, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatJpeg, Quality: new(int64(quality))})
		if err != nil || len(res.Data) == 0 {
			b.Fatal(err)
		}
		shots++
	}
	return shots, time.Since(began).Seconds()
}

// BenchmarkPDFA: our PDF/A step beside Ghostscript's conversion of the same file.
func BenchmarkPDFA(b *testing.B) {
	const rounds = 3
	site := benchSites(b)
	dir := testDir(b)
	a, err := testApp(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	p := a.newPassage(filepath.Join(dir, "passage"), Request{Account: addressAccount(site + "/feed/?posts=20&delay=0"), Trigger: capture.TriggerManual})
	if err := os.Mkdir(p.dir, 0o700); err != nil {
		b.Fatal(err)
	}
	if err := p.run(b.Context()); err != nil {
		b.Fatal(err)
	}
	c, err := capture.Load(filepath.Join(p.dir, "capture"))
	if err != nil {
		b.Fatal(err)
	}
	var m made
	if err := readJSON(filepath.Join(p.dir, "record.json"), &m); err != nil {
		b.Fatal(err)
	}
	t := &table{head: fmt.Sprintf("PDF/A step, median of %d in turn, milliseconds; aim: Ghostscript takes at least %.0f times as long on the same file", rounds, aimPDFA)}
	t.row("file\tpages\tkB\tours\tGhostscript\tratio\t")
	for range b.N {
		raw, whole := filepath.Join(p.dir, "raw.pdf"), filepath.Join(p.dir, "record.pdf")
		var plain, placed, gsRaw, gsWhole []float64
		for range rounds {
			plain = append(plain, timed(b, func() error { return convertPlain(b.Context(), raw, m) }))
			gsRaw = append(gsRaw, timed(b, func() error { return ghostscript(b, raw) }))
			placed = append(placed, timed(b, func() error { _, err := p.convert(b.Context(), p.dir, c, m); return err }))
			gsWhole = append(gsWhole, timed(b, func() error { return ghostscript(b, whole) }))
		}
		for _, r := range []struct {
			name, file string
			ours, gs   []float64
		}{{"as printed, without pictures", raw, plain, gsRaw}, {"with its pictures and text layer", whole, placed, gsWhole}} {
			ratio := median(r.gs) / median(r.ours)
			t.row("%s\t%d\t%d\t%.0f\t%.0f\t%.1f\t%s", r.name, m.Report.Pages, sizeKB(b, r.file), 1000*median(r.ours), 1000*median(r.gs), ratio, verdict(ratio >= aimPDFA))
			b.ReportMetric(ratio, "ratio:"+filepath.Base(r.file))
		}
	}
	t.print()
}

func convertPlain(ctx context.Context, file string, m made) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	var out bytes.Buffer
	_, err = pdfa.Convert(ctx, in, &out, pdfa.Options{Title: m.Title, Lang: m.Lang, Author: m.Author, Now: m.Converted, UA: true})
	return err
}

func ghostscript(b *testing.B, file string) error {
	out, err := exec.CommandContext(b.Context(), validators.Path(b, "gs"), "-dPDFA=2", "-dBATCH", "-dNOPAUSE", "-dQUIET", "-sColorConversionStrategy=RGB", "-dPDFACompatibilityPolicy=1",
		"-sDEVICE=pdfwrite", "-sOutputFile="+file+".gs", file).CombinedOutput()
	if err != nil {
		return fmt.Errorf("gs: %w\n%s", err, out)
	}
	return nil
}

func timed(b *testing.B, f func() error) float64 {
	b.Helper()
	began := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began).Seconds()
}

func sizeKB(b *testing.B, file string) int64 {
	b.Helper()
	info, err := os.Stat(file)
	if err != nil {
		b.Fatal(err)
	}
	return info.Size() / 1024
}
