package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"arsring/internal/pdfa"
)

// PDFAResult is a conversion or a check of one PDF. OK is false where the file does not reach the level it declares.
type PDFAResult struct {
	File string `json:"file"`
	OK   bool   `json:"ok"`
	pdfa.Report
}

// Lines tells the result to people: the level, what was changed, and the rules that failed with their clauses.
func (r PDFAResult) Lines() []string {
	level := "no PDF/A"
	if r.Level != pdfa.LevelNone {
		level = "PDF/A-" + string(r.Level)
	}
	if r.UA {
		level += " and PDF/UA-1"
	}
	out := []string{fmt.Sprintf("%s: %s, %s", r.File, level, count(r.Pages, "page", "pages"))}
	if r.Reason != "" {
		out = append(out, "  "+r.Reason)
	}
	for _, c := range r.Changed {
		seen := ""
		if c.Visible {
			seen = ", which can be seen"
		}
		out = append(out, fmt.Sprintf("  changed%s: %s (%d): %s", seen, c.What, c.N, c.Why))
	}
	for _, f := range r.Failed {
		out = append(out, "  "+findingLine(f))
	}
	return out
}

// findingLine keeps what the rule asks apart from what was found.
func findingLine(f pdfa.Finding) string {
	line := fmt.Sprintf("%s %s-%s", f.Level, f.Clause, f.Test)
	if f.Object > 0 {
		line += fmt.Sprintf(" object %d", f.Object)
	}
	line += ": required: " + f.Rule
	if f.Text != "" {
		line += "; found: " + f.Text
	}
	return line
}

// namedPDF opens what a person named.
func namedPDF(file string) (*os.File, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, &UsageError{fmt.Sprintf("%v: name a PDF that can be read", err)}
	}
	info, err := in.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &UsageError{fmt.Sprintf("%s is a folder or no plain file: name a PDF", file)}
	}
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// CheckPDF checks a PDF against the level that it declares.
func CheckPDF(ctx context.Context, file string) (PDFAResult, error) {
	in, err := namedPDF(file)
	if err != nil {
		return PDFAResult{}, err
	}
	defer in.Close()
	r, err := pdfa.Check(ctx, in)
	if err != nil {
		return PDFAResult{}, fmt.Errorf("%s: %w", file, err)
	}
	return PDFAResult{File: file, OK: r.Level != pdfa.LevelNone && len(r.Failed) == 0, Report: r}, nil
}

// anotherFile refuses a target that is a folder, or the very file that is read, under whatever name: a conversion never takes the place of its source.
func anotherFile(in *os.File, out string) error {
	to, err := os.Stat(out)
	if err != nil {
		return nil //nolint:nilerr // nothing is there yet
	}
	from, err := in.Stat()
	switch {
	case err != nil:
		return err
	case os.SameFile(from, to):
		return &UsageError{fmt.Sprintf("%s is the file that is read; name another file for the PDF/A, so that the source stays as it is", out)}
	case to.IsDir():
		return &UsageError{fmt.Sprintf("%s is a folder; name the file in it: %s", out, filepath.Join(out, filepath.Base(in.Name())))}
	}
	return nil
}

// fontDirs are where the machine's fonts lie.
func fontDirs() []string { return []string{"/usr/local/share/fonts", "/usr/share/fonts"} }

// ConvertPDF makes a PDF/A of a PDF at the highest level it reaches. Nothing half-written is left under the name out. With replaceFonts a font
// that the file does not carry is replaced by one of the machine with the same widths, where there is one.
func ConvertPDF(ctx context.Context, file, out, version string, now time.Time, replaceFonts bool) (PDFAResult, error) {
	in, err := namedPDF(file)
	if err != nil {
		return PDFAResult{}, err
	}
	defer in.Close()
	if err := anotherFile(in, out); err != nil {
		return PDFAResult{}, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(out), ".arsring-pdfa-")
	if err != nil {
		return PDFAResult{}, fmt.Errorf("cannot write beside %s: %w", out, err)
	}
	defer os.Remove(tmp.Name())
	o := pdfa.Options{Creator: "arsring " + version, Now: now, UA: true}
	if replaceFonts {
		o.FontDirs = fontDirs()
	}
	r, err := pdfa.Convert(ctx, in, tmp, o)
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return PDFAResult{}, fmt.Errorf("%s: %w", file, err)
	}
	if err := os.Rename(tmp.Name(), out); err != nil {
		return PDFAResult{}, err
	}
	return PDFAResult{File: out, OK: r.Level != pdfa.LevelNone, Report: r}, nil
}
