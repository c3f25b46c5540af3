package sip_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arsring/internal/capture"
	"arsring/internal/sip"
)

// copyDir makes a copy of a package to tamper with.
func copyDir(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), filepath.Base(dir))
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func flip(name string) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	b[len(b)/2] ^= 1
	return os.WriteFile(name, b, 0o644)
}

// findings checks a package and shows each finding as "kind path other".
func findings(t *testing.T, dir string) []string {
	t.Helper()
	problems, err := sip.CheckDir(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range problems {
		out = append(out, strings.TrimSpace(string(p.Kind)+" "+p.Path+" "+p.Other))
		for _, sentence := range []string{p.Text.SV, p.Text.EN} {
			if !strings.Contains(sentence, p.Path) {
				t.Errorf("%q does not name %s", sentence, p.Path)
			}
		}
	}
	return out
}

// TestCheckDirNamesTampering tampers with every file of a package in every way: one finding each, and the right one.
func TestCheckDirNamesTampering(t *testing.T) {
	dir, _ := build(t, evidenceInput(t))
	copied := copyDir(t, dir)
	for _, name := range tree(t, dir) {
		if name == "METS.xml" {
			continue
		}
		file := filepath.Join(copied, filepath.FromSlash(name))
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for want, tamper := range map[string]func(string) error{
			"altered " + name: flip,
			"altered " + name + " ": func(f string) error { // truncated
				info, err := os.Stat(f)
				return errors.Join(err, os.Truncate(f, info.Size()-1))
			},
			"missing " + name:                    os.Remove,
			"renamed " + name + " " + name + "x": func(f string) error { return os.Rename(f, f+"x") },
			"extra " + name + "x":                func(f string) error { return os.WriteFile(f+"x", []byte("new"), 0o644) },
			"unreadable " + name: func(f string) error { // a link to the same bytes elsewhere
				return errors.Join(os.Rename(f, filepath.Join(filepath.Dir(dir), "moved")), os.Symlink(filepath.Join(filepath.Dir(dir), "moved"), f))
			},
		} {
			if err := tamper(file); err != nil {
				t.Fatal(err)
			}
			if got := findings(t, copied); len(got) != 1 || got[0] != strings.TrimSpace(want) {
				t.Errorf("want %q, got %q", want, got)
			}
			_, _ = os.Remove(file), os.Remove(file+"x")
			if err := os.WriteFile(file, whole, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	clean(t, copied)
}

// TestCheckDirOfMETS tampers with METS.xml itself, as far as the folder alone can tell.
func TestCheckDirOfMETS(t *testing.T) {
	dir, _ := build(t, newInput(t, newCapture(capture.TriggerScheduled)))
	for want, tamper := range map[string]func(string) error{
		"missing METS.xml":    os.Remove,
		"unreadable METS.xml": func(f string) error { return os.Truncate(f, 2000) },
		"altered documentation/LASMIG.txt": func(f string) error { // another claim about one file
			b, err := os.ReadFile(f)
			at := strings.Index(string(b), "documentation/LASMIG.txt")
			at = strings.LastIndex(string(b[:at]), `CHECKSUM="`) + len(`CHECKSUM="`)
			b[at] = "01"[(b[at]-'0'+1)&1]
			return errors.Join(err, os.WriteFile(f, b, 0o644))
		},
	} {
		copied := copyDir(t, dir)
		if err := tamper(filepath.Join(copied, "METS.xml")); err != nil {
			t.Fatal(err)
		}
		if got := findings(t, copied); len(got) != 1 || got[0] != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

// TestCheckDirOfMany sees that several findings are told apart and come in order.
func TestCheckDirOfMany(t *testing.T) {
	dir, _ := build(t, evidenceInput(t))
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	if err := errors.Join(
		os.Remove(at("representations/pdfa/METS.xml")), flip(at("representations/pdfa/data/record.pdf")), os.Remove(at("representations/content/data/media/1.png")),
		os.WriteFile(at("representations/pdfa/data/new.pdf"), nil, 0o644), os.WriteFile(at("documentation/\x1b[2J\n.txt"), nil, 0o644),
		os.Rename(at("representations/facsimile/data/0001.png"), at("a.png")),
	); err != nil {
		t.Fatal(err)
	}
	problems, err := sip.CheckDir(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"extra documentation/\x1b[2J\n.txt", "renamed representations/content/data/media/1.png", "missing representations/facsimile/data/0001.png",
		"missing representations/pdfa/METS.xml", "extra representations/pdfa/data/new.pdf", "altered representations/pdfa/data/record.pdf",
	}
	if len(problems) != len(want) {
		t.Fatalf("%d findings: %+v", len(problems), problems)
	}
	for i, p := range problems {
		if got := string(p.Kind) + " " + p.Path; got != want[i] {
			t.Errorf("finding %d is %q, want %q", i, got, want[i])
		}
		if strings.ContainsAny(p.Text.SV+p.Text.EN, "\n\x1b") {
			t.Errorf("a file's name reaches the sentence as it is: %q", p.Text.SV)
		}
	}
}

func TestCheckDirCannot(t *testing.T) {
	if _, err := sip.CheckDir(t.Context(), filepath.Join(t.TempDir(), "no")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such folder: %v", err)
	}
	dir, _ := build(t, newInput(t, newCapture(capture.TriggerScheduled)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sip.CheckDir(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
}
