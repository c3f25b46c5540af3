package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"arsring/internal/validators"
)

// The bounds of one conversion by the whole program: processor time, because what the clock shows depends on who else works, and memory.
const (
	mostSeconds  = 10
	mostMemoryKB = 1 << 20
	patience     = 3 * time.Minute // then it hangs
)

// converted is what `arsring pdfa` made of one file.
type converted struct {
	in, out string
	level   string
	ua      bool
}

// TestForeignPDFs converts PDFs that nobody here made: what "arsring pdfa" declares, veraPDF grants; what it cannot do it says in a sentence; and nothing
// hangs, swells or falls. Some files made by Ghostscript; with ARSRING_SOAK all of the corpora, some 1,600, broken on purpose for the most part.
func TestForeignPDFs(t *testing.T) {
	files := madeByOthers(t)
	if os.Getenv("ARSRING_SOAK") != "" {
		files = validators.ForeignPDFs(t)
	}
	dir := tempDir(t)
	var mu sync.Mutex
	var all []converted
	levels := map[string]int{}
	t.Run("files", func(t *testing.T) {
		for i, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				c := convertFile(t, file, filepath.Join(dir, strconv.Itoa(i)+".pdf"))
				mu.Lock()
				defer mu.Unlock()
				all, levels[c.level] = append(all, c), levels[c.level]+1
			})
		}
	})
	t.Logf("%d files: %v", len(files), levels)
	var claims []converted
	for _, c := range all {
		if c.level != "" && c.level != "refused" {
			claims = append(claims, c)
		}
	}
	for part := range slices.Chunk(claims, 200) {
		var outs []string
		for _, c := range part {
			outs = append(outs, c.out)
		}
		verdicts := validators.VeraPDF(t, "", outs...)
		for _, c := range part {
			v := verdicts[c.out]
			if !v.Valid || !strings.Contains(v.Profile, "PDF/A-"+c.level) || strings.Contains(v.Profile, "UA") != c.ua {
				t.Errorf("%s was declared %s, UA %v: %v", c.in, c.level, c.ua, v)
			}
		}
	}
}

// convertFile runs `arsring pdfa` within the bounds.
func convertFile(t *testing.T, in, out string) converted {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "arsring", "pdfa", in, out, "--json")
	var said, bad bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &bad
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("it hangs")
	}
	if use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		if use.Maxrss > mostMemoryKB {
			t.Errorf("it took %d MB of memory", use.Maxrss>>10)
		}
		if s := (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(); s > mostSeconds {
			t.Errorf("it took %.1f s of the processor's time", s)
		}
	}
	var r struct {
		OK            bool
		Level, Reason string
		UA            bool
	}
	c := converted{in: in, out: out, level: "refused"}
	switch code := cmd.ProcessState.ExitCode(); {
	case json.Unmarshal(said.Bytes(), &r) == nil:
		c.level, c.ua = r.Level, r.UA
		if r.OK != (code == exitKept) || r.OK != (r.Level != "") || !r.OK && len(strings.Fields(r.Reason)) < 4 {
			t.Errorf("exit code %d for %s", code, said.Bytes())
		}
	case code != exitFailed || said.Len() > 0 || !sentence(bad.String()):
		t.Errorf("%v: %s%s", err, said.Bytes(), bad.Bytes())
	default:
		if _, err := os.Stat(out); err == nil {
			t.Error("it was refused, and something was written")
		}
	}
	return c
}

// sentence tells a refusal for people from a crash.
func sentence(s string) bool {
	return strings.HasPrefix(s, "arsring: ") && len(strings.Fields(s)) > 4 && !strings.Contains(s, "goroutine ") && !strings.Contains(s, "panic")
}

// madeByOthers makes a few PDFs with another program: with fonts of its own, with a picture, locked, and cut in the middle.
func madeByOthers(t *testing.T) []string {
	t.Helper()
	dir := tempDir(t)
	ps := filepath.Join(dir, "page.ps")
	if err := os.WriteFile(ps, []byte("%!PS\n/Helvetica findfont 24 scalefont setfont 72 700 moveto (Protokoll) show 0 0.5 0.5 0 setcmykcolor 72 400 200 200 rectfill showpage\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tool := func(name string, args ...string) {
		if out, err := exec.CommandContext(t.Context(), validators.Path(t, name), args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	whole, locked, cut := filepath.Join(dir, "whole.pdf"), filepath.Join(dir, "locked.pdf"), filepath.Join(dir, "cut.pdf")
	tool("gs", "-q", "-dBATCH", "-dNOPAUSE", "-dPDFSETTINGS=/prepress", "-sDEVICE=pdfwrite", "-sOutputFile="+whole, ps)
	tool("qpdf", "--encrypt", "hemligt", "owner", "256", "--", whole, locked)
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(cut, data[:len(data)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{whole, locked, cut}
}
