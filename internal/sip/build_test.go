package sip_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// tree lists the files of a folder.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, p)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

func TestBuildFiles(t *testing.T) {
	common := []string{
		"METS.xml", "documentation/LASMIG.txt", "metadata/descriptive/dc.xml", "metadata/descriptive/manifest.json", "metadata/preservation/premis.xml",
		"schemas/content.schema.json", "schemas/manifest.schema.json",
		"representations/content/METS.xml", "representations/content/data/content.json", "representations/content/metadata/preservation/premis.xml",
	}
	pdfa := []string{"representations/pdfa/METS.xml", "representations/pdfa/data/record.pdf", "representations/pdfa/metadata/preservation/premis.xml", "representations/pdfa/metadata/preservation/pdfa-report.json"}
	tiles := []string{"representations/facsimile/METS.xml", "representations/facsimile/data/0001.png", "representations/facsimile/data/0002.png", "representations/facsimile/metadata/preservation/premis.xml"}
	media := []string{"representations/content/data/media/1.png"}
	for name, want := range map[string][]string{
		"page":     {"representations/pdf/METS.xml", "representations/pdf/data/record.pdf", "representations/pdf/metadata/preservation/premis.xml"},
		"evidence": slices.Concat(pdfa, tiles, media),
		"hostile":  slices.Concat(pdfa, tiles, media),
		"ingest": slices.Concat(pdfa, []string{"representations/original/METS.xml", "representations/original/metadata/preservation/premis.xml",
			"representations/original/data/Utskrift_fran_Asa_1.pdf", "representations/original/data/Skarmbild.PNG", "representations/original/data/skarmbild-2.png"}),
		"export without record": {"representations/original/METS.xml", "representations/original/metadata/preservation/premis.xml", "representations/original/data/export.zip"},
	} {
		dir, _ := build(t, packages[name](t))
		want = slices.Concat(common, want)
		slices.Sort(want)
		if got := tree(t, dir); !slices.Equal(got, want) {
			t.Errorf("%s has the files\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// TestBuildKeepsBytes sees that record and originals are the same bytes, under the names that were given.
func TestBuildKeepsBytes(t *testing.T) {
	in := ingestInput(t)
	dir, m := build(t, in)
	kept := map[string]string{}
	for _, f := range m.Files {
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Path)))
		if err != nil || digest(b) != f.SHA256 || int64(len(b)) != f.Bytes {
			t.Errorf("%s: %v, or not what the manifest says", f.Path, err)
		}
		if f.OriginalName != nil {
			kept[*f.OriginalName] = f.SHA256
		}
	}
	for _, o := range in.Originals {
		b, _ := os.ReadFile(o.Path)
		if kept[o.Name] != digest(b) {
			t.Errorf("%s is not kept byte for byte under its name: %v", o.Name, kept)
		}
	}
	if sum, err := sip.ContentSum(in.Capture); err != nil || !slices.ContainsFunc(m.Files, func(f sip.File) bool { return f.Path == m.Content && f.SHA256 == sum }) {
		t.Errorf("content.json has another SHA-256 than was told: %s %v", sum, err)
	}
	if m.Record == nil || m.Record.Pages != 4 || *m.Record.PDFA != "2a" || !m.Record.UA || m.Record.SHA256 != digest(pdf("Arkivexemplar")) {
		t.Errorf("record: %+v", m.Record)
	}
}

// TestBuildWritesMETSLast reads the times of the files on disk.
func TestBuildWritesMETSLast(t *testing.T) {
	dir, _ := build(t, evidenceInput(t))
	mets, err := os.Stat(filepath.Join(dir, "METS.xml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tree(t, dir) {
		if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err != nil || info.ModTime().After(mets.ModTime()) {
			t.Errorf("%s was written after METS.xml (%v)", name, err)
		}
	}
}

// TestBuildAgain resumes: a finished package is returned as it is, what a killed run left is made anew.
func TestBuildAgain(t *testing.T) {
	in := newInput(t, newCapture(capture.TriggerEvidence))
	parent := t.TempDir()
	left := write(t, parent, in.Capture.Job.SnapshotID+".tmp/metadata/half", []byte("half"))
	dir, first, err := sip.Build(t.Context(), parent, in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was left of the killed run is still there: %v", err)
	}
	before, _ := os.ReadFile(filepath.Join(dir, "METS.xml"))
	in.Now = in.Now.Add(time.Hour)
	again, second, err := sip.Build(t.Context(), parent, in)
	if err != nil || again != dir || !second.Packed.Equal(first.Packed) {
		t.Errorf("built again: %s %v %v", again, second.Packed, err)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, "METS.xml")); string(after) != string(before) {
		t.Error("METS.xml was written again")
	}
	if names, _ := os.ReadDir(parent); len(names) != 1 {
		t.Errorf("left beside the package: %v", names)
	}
}

// TestBuildRefusesAnother sees that nothing that stands under the name is ever overwritten or taken for the package.
func TestBuildRefusesAnother(t *testing.T) {
	for name, change := range map[string]func(dir string, in *sip.Input) error{
		"other record":  func(_ string, in *sip.Input) error { return os.WriteFile(in.Record, pdf("Annat"), 0o644) },
		"other content": func(_ string, in *sip.Input) error { in.Capture.Posts[1].Text = "Annat"; return nil },
		"an original more": func(_ string, in *sip.Input) error {
			in.Originals = []sip.Original{{Path: in.Record}}
			return nil
		},
		"damaged":    func(dir string, _ *sip.Input) error { return os.Remove(filepath.Join(dir, "documentation/LASMIG.txt")) },
		"unfinished": func(dir string, _ *sip.Input) error { return os.Remove(filepath.Join(dir, "METS.xml")) },
		"no manifest": func(dir string, _ *sip.Input) error {
			return os.Remove(filepath.Join(dir, "metadata/descriptive/manifest.json"))
		},
		"not ours": func(dir string, _ *sip.Input) error {
			return errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o755), os.WriteFile(filepath.Join(dir, "x"), nil, 0o644))
		},
		"a file": func(dir string, _ *sip.Input) error {
			return errors.Join(os.RemoveAll(dir), os.WriteFile(dir, nil, 0o644))
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := newInput(t, newCapture(capture.TriggerScheduled))
			dir, _ := build(t, in)
			if err := change(dir, &in); err != nil {
				t.Fatal(err)
			}
			before := tree(t, dir)
			_, _, err := sip.Build(t.Context(), filepath.Dir(dir), in)
			if !errors.Is(err, sip.ErrExists) {
				t.Errorf("Build: %v", err)
			}
			if after := tree(t, dir); !slices.Equal(before, after) {
				t.Errorf("what stood there was changed: %v, %v", before, after)
			}
		})
	}
}

// TestBuildRefuses sees that no dishonest or incomplete package comes about, and that nothing is left behind.
func TestBuildRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*sip.Input){
		"no capture":          func(in *sip.Input) { in.Capture = nil },
		"login wall":          func(in *sip.Input) { in.Capture.Outcome = capture.LoginWall },
		"no outcome":          func(in *sip.Input) { in.Capture.Outcome = "" },
		"bad id":              func(in *sip.Input) { in.Capture.Job.SnapshotID = "../x" },
		"another account":     func(in *sip.Input) { in.Capture.Job.Account.ID = "x" },
		"another trigger":     func(in *sip.Input) { in.Capture.Job.Trigger = capture.TriggerManual },
		"no record":           func(in *sip.Input) { in.Record = "" },
		"record gone":         func(in *sip.Input) { in.Record += "x" },
		"record a folder":     func(in *sip.Input) { in.Record = in.CaptureDir },
		"no such level":       func(in *sip.Input) { in.RecordLevel = "4" },
		"no time":             func(in *sip.Input) { in.Now = time.Time{} },
		"event of packing":    func(in *sip.Input) { in.Events[0].Kind = sip.EventPacked },
		"no such event":       func(in *sip.Input) { in.Events[0].Kind = "x" },
		"previous of another": func(in *sip.Input) { in.Previous = "x-20261015T080000Z-scheduled-k7qa" },
		"media gone":          func(in *sip.Input) { in.CaptureDir = in.CaptureDir + "x" },
		"media altered":       func(in *sip.Input) { in.Capture.Posts[0].Media[0].SHA256 = digest(nil) },
		"media without hash":  func(in *sip.Input) { in.Capture.Posts[0].Media[0].SHA256 = "" },
		"media outside":       func(in *sip.Input) { in.Capture.Posts[0].Media[0].Path = "media/../record.pdf" },
		"media in a folder":   func(in *sip.Input) { in.Capture.Posts[0].Media[0].Path = "media/a/b.png" },
		"media hidden":        func(in *sip.Input) { in.Capture.Posts[0].Media[0].Path = "media/.x" },
		"media elsewhere":     func(in *sip.Input) { in.Capture.Posts[0].Media[0].Path = "/etc/passwd" },
		"report not for JSON": func(in *sip.Input) { in.PDFAReport = func() {} },
		"original gone":       func(in *sip.Input) { in.Originals = []sip.Original{{Path: "/nowhere/x"}} },
		"two hashes of a media": func(in *sip.Input) {
			in.Capture.Posts[1].Media = []capture.Media{{Path: "media/1.png", SHA256: digest(nil)}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := newInput(t, newCapture(capture.TriggerScheduled))
			spoil(&in)
			refused(t.Context(), t, in)
		})
	}
	t.Run("a link for a media", func(t *testing.T) {
		in := newInput(t, newCapture(capture.TriggerScheduled))
		media := filepath.Join(in.CaptureDir, "media/1.png")
		if err := errors.Join(os.Rename(media, in.Record+".png"), os.Symlink(in.Record+".png", media)); err != nil {
			t.Fatal(err)
		}
		refused(t.Context(), t, in)
	})
	t.Run("tile outside", func(t *testing.T) {
		in := newInput(t, newCapture(capture.TriggerClosure))
		in.Capture.Tiles[0].File = "tiles/../media/1.png"
		refused(t.Context(), t, in)
	})
	t.Run("context ended", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		refused(ctx, t, newInput(t, newCapture(capture.TriggerScheduled)))
	})
}

func refused(ctx context.Context, t *testing.T, in sip.Input) {
	t.Helper()
	parent := t.TempDir()
	if dir, _, err := sip.Build(ctx, parent, in); err == nil {
		t.Errorf("Build made %s", dir)
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestNotPDFA(t *testing.T) {
	_, m := build(t, pageInput(t))
	if m.Outcome != capture.Partial || m.Record.PDFA != nil || len(m.Missing) != 1 || m.Missing[0].Code != "not-pdfa" || m.Account.Class != "" || m.AccessClass != register.ClassReview {
		t.Errorf("a record that is no PDF/A: %+v", m)
	}
}

func TestAccessClass(t *testing.T) {
	for _, c := range []struct {
		trigger     capture.Trigger
		class, want register.Class
	}{
		{capture.TriggerScheduled, register.ClassOpen, register.ClassOpen},
		{capture.TriggerEvidence, register.ClassOpen, register.ClassReview},
		{capture.TriggerEvidence, register.ClassSecret, register.ClassSecret},
		{capture.TriggerManual, "", register.ClassReview},
	} {
		if got := sip.AccessClass(c.trigger, c.class); got != c.want {
			t.Errorf("%s of class %q is %q, want %q", c.trigger, c.class, got, c.want)
		}
	}
	in := evidenceInput(t)
	in.Class = register.ClassOpen
	if _, m := build(t, in); m.AccessClass != register.ClassOpen || *m.Evidence.Diary != "KS 2026/311" {
		t.Errorf("overridden: %s %+v", m.AccessClass, m.Evidence)
	}
}
