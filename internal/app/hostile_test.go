package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"arsring/config"
	"arsring/internal/capture"
	"arsring/internal/sip"
	"arsring/testdata/hostile"
)

// mostHostileMB is what our own process may need at most, whatever a page does.
const mostHostileMB = 300

// endured is how the passage of one page ended; playHostile prints one for each address.
type endured struct {
	Address  string
	Outcome  string
	Code     string
	Missing  []string
	Err      string
	PDFA     string
	Package  string
	Sheets   int
	Seconds  float64
	Stages   map[string]float64
	PeakKB   int
	Left     []string // processes of the browser's that are still there
	Problems []string // of the package
	Acts     int
}

// playHostile takes a snapshot of each address (from the third argument on) into a folder (first), in one process as the daemon would. The second
// argument lists what captures may reach.
func playHostile(ctx context.Context, args []string) error {
	dir := args[0]
	cfg, err := config.Load(config.Options{Overrides: map[string]any{"data_dir": dir, "capture.timeouts.load": "12s", "capture.limits.minutes": 1}})
	if err != nil {
		return err
	}
	cfg.Capture.AllowPrivate = strings.Split(args[1], ",") // with their ports, as a register's accounts name hosts
	a := New(Options{Config: cfg, Version: "test", Env: os.Environ()})
	a.temp = dir
	for _, address := range args[2:] {
		if err := json.NewEncoder(os.Stdout).Encode(endure(ctx, a, dir, address)); err != nil {
			return err
		}
	}
	return nil
}

func endure(ctx context.Context, a *App, dir, address string) endured {
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600) // the peak begins anew
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	r := a.SnapshotURL(ctx, address, dir, Request{Trigger: "manual"})
	out := endured{Address: address, Code: r.Code, Seconds: r.Seconds, Stages: r.Stages, Acts: len(r.Interventions)}
	if r.Err != nil {
		out.Err = r.Err.Error()
	}
	if r.Outcome != nil {
		out.Outcome = string(*r.Outcome)
	}
	if r.PDFA != nil {
		out.PDFA = *r.PDFA
	}
	if r.Pages != nil {
		out.Sheets = *r.Pages
	}
	for _, m := range r.Missing {
		out.Missing = append(out.Missing, m.Code)
	}
	if r.Package != nil {
		out.Package = *r.Package
		problems, err := sip.CheckDir(ctx, out.Package)
		for _, p := range problems {
			out.Problems = append(out.Problems, p.Text.EN)
		}
		if err != nil {
			out.Problems = append(out.Problems, err.Error())
		}
	}
	out.PeakKB, out.Left = peakKB(), browsersIn(dir)
	return out
}

// peakKB is the most that this process has held in memory.
func peakKB() (kb int) {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			_, _ = fmt.Sscanf(rest, "%d", &kb)
		}
	}
	return kb
}

// browsersIn lists the processes that have their home in a folder: those of browsers whose profiles lie there.
func browsersIn(dir string) (out []string) {
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, f := range files {
		env, err := os.ReadFile(f)
		if err == nil && strings.Contains(string(env), "HOME="+dir) {
			line, _ := os.ReadFile(filepath.Join(filepath.Dir(f), "cmdline"))
			out = append(out, f+": "+strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return out
}

// gauntlet runs pages one after the other through the whole passage, in a process of its own, with a harmless page after each.
type gauntlet struct {
	t    *testing.T
	site *hostile.Site
	dir  string
	rows []string
}

// run takes the pages in one process, and goes on with another one where that ends.
func (g *gauntlet) run(pages []hostile.Page) {
	good, _ := g.site.Good()
	for len(pages) > 0 {
		args := []string{"hostile", g.dir, strings.Join(g.site.Allow(), ",")}
		for _, p := range pages {
			args = append(args, g.site.URL(p), good)
		}
		n := g.process(pages, args)
		if n < len(pages) {
			g.t.Errorf("%s: the process ended", pages[n].Name)
			n++
		}
		pages = pages[n:]
	}
}

func (g *gauntlet) process(pages []hostile.Page, args []string) (done int) {
	g.t.Helper()
	self, err := os.Executable()
	if err != nil {
		g.t.Fatal(err)
	}
	cmd := exec.CommandContext(g.t.Context(), self, args...)
	cmd.Env = append(os.Environ(), "TMPDIR="+g.dir, "GOMEMLIMIT=96MiB") // as the program sets it for itself
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		g.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
	lines := json.NewDecoder(bufio.NewReader(out))
	for ; done < len(pages); done++ {
		var bad, good endured
		if err := errors.Join(lines.Decode(&bad), lines.Decode(&good)); err != nil {
			break
		}
		g.judge(pages[done], bad, good)
	}
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		s := said.String()
		g.t.Errorf("%v: %s", err, s[:min(len(s), 4000)])
	}
	return done
}

// judge holds the end of a page against what is acceptable, and the page after it against what it is.
func (g *gauntlet) judge(p hostile.Page, bad, good endured) {
	t, mb := g.t, float64(bad.PeakKB)/1024
	g.rows = append(g.rows, fmt.Sprintf("%s\t%s\t%s\t%.1f\t%.0f\t%s\t%s", p.Name, bad.Outcome, bad.Code, bad.Seconds, mb, bad.PDFA, strings.Join(bad.Missing, " ")))
	t.Logf("%s: %s %s %.1f s, %.0f MB, %d pages %s, missing %v, stages %v", p.Name, bad.Outcome, bad.Code, bad.Seconds, mb, bad.Sheets, bad.PDFA, bad.Missing, bad.Stages)
	if bad.Err != "" || !p.Allows(bad.Outcome, bad.Code) {
		t.Errorf("%s (%s): %s/%s %s, want one of %v", p.Name, p.Does, bad.Outcome, bad.Code, bad.Err, p.Ends)
	}
	if mb > mostHostileMB {
		t.Errorf("%s: our own process needed %.0f MB", p.Name, mb)
	}
	if took := bad.Stages["capture"]; took > float64(p.Limit)*slack {
		t.Errorf("%s: the capture took %.0f s, want %d", p.Name, took, p.Limit)
	}
	if len(bad.Left) > 0 {
		t.Errorf("%s: left behind %.500q", p.Name, bad.Left)
	}
	if hits := g.site.Hits(); len(hits) > 0 {
		t.Errorf("%s: reached what it must not: %.500q", p.Name, hits)
		g.site.Forget()
	}
	_, word := g.site.Good()
	if good.Err != "" || good.Outcome != string(capture.Complete) || len(good.Left) > 0 || !strings.Contains(content(good.Package), word) {
		t.Errorf("%s: the capture after it: %s %s %s %v", p.Name, good.Outcome, good.Code, good.Err, good.Left)
	}
	_ = os.RemoveAll(good.Package)
	if capture.Outcome(bad.Outcome).Kept() && bad.Err == "" {
		g.kept(p, bad)
	}
}

// slack is how much longer than on a quiet machine a capture may take: its own limit of a minute holds on every machine.
const slack = 3

func (g *gauntlet) kept(p hostile.Page, bad endured) {
	text := content(bad.Package)
	for _, want := range p.Keeps {
		if !strings.Contains(text, want) {
			g.t.Errorf("%s: %q is not in the kept text: %.300s", p.Name, want, text)
		}
	}
	for _, not := range p.Hides {
		if strings.Contains(text, not) {
			g.t.Errorf("%s: %q is in the kept text", p.Name, not)
		}
	}
	if len(bad.Problems) > 0 || bad.Package == "" {
		g.t.Errorf("%s: the package %q: %.500v", p.Name, bad.Package, bad.Problems)
	}
	if bad.PDFA != "2a" && bad.PDFA != "2u" && bad.PDFA != "2b" {
		g.t.Errorf("%s: the record is %q", p.Name, bad.PDFA)
	}
	_ = os.RemoveAll(bad.Package)
}

// content is what a package keeps as text.
func content(pkg string) string {
	data, err := os.ReadFile(filepath.Join(pkg, "representations", "content", "data", "content.json"))
	if err != nil {
		return ""
	}
	return string(data)
}

func (g *gauntlet) table(w io.Writer) {
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tab, "page\toutcome\tcode\ts\tMB\tPDF/A\tmissing")
	for _, r := range g.rows {
		fmt.Fprintln(tab, r)
	}
	_ = tab.Flush()
}

// TestHostilePages: whatever a page does, its passage ends in time with a named outcome, our own process stays small, no browser is left, nothing
// was reached that must not be, and the next page is captured as ever. With ARSRING_SOAK=1 all pages are run, else a few; ARSRING_HOSTILE names some.
func TestHostilePages(t *testing.T) {
	g := &gauntlet{t: t, site: hostile.Start(), dir: testDir(t)}
	defer g.site.Close()
	// The browser runs as another user where we are root, and must reach its profile.
	if err := os.Chmod(g.dir, 0o711); err != nil {
		t.Fatal(err)
	}
	var pages []hostile.Page
	only := strings.Fields(os.Getenv("ARSRING_HOSTILE"))
	for _, p := range hostile.Pages() {
		if p.Quick && len(only) == 0 || os.Getenv("ARSRING_SOAK") == "1" && len(only) == 0 {
			pages = append(pages, p)
		}
		for _, name := range only {
			if name == p.Name {
				pages = append(pages, p)
			}
		}
	}
	g.run(pages)
	var b strings.Builder
	g.table(&b)
	t.Logf("%d pages\n%s", len(pages), b.String())
}
