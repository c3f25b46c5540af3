package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/pdfa"
	"arsring/internal/register"
)

// IngestRequest hands in what a person made: PDFs, pictures of screens, or a platform's own export.
type IngestRequest struct {
	Account register.Account
	Files   []string // paths
	By      string   // who hands them in
	Note    string   // what they are
	Tell    func(Progress)
}

// handedIn is one file as it was given. It is written into the spool, so that the work goes on after an interruption.
type handedIn struct {
	Path   string     `json:"path"` // where it was
	Name   string     `json:"name"`
	Kind   ingestKind `json:"kind"`
	Size   int64      `json:"size"`
	SHA256 string     `json:"sha256"`
	Kept   string     `json:"kept"` // its name in the spool's folder originals
}

// The limits on what is taken in at once. The store takes objects of 5 GiB at most.
const (
	mostFiles      = 200
	mostTotalBytes = 4608 << 20
)

// mostAttached bounds what a PDF/A-3 record carries of the files it was made of; they lie in the package in any case.
const mostAttached = 256 << 20

const ingestList = "ingest.json"

// Ingest makes a package of files that a person made by hand, byte for byte as they are, with a record that shows or lists them. Files that
// were handed in before and could not be delivered are delivered now. Wrong files are a *UsageError in the result, and nothing is kept.
func (a *App) Ingest(ctx context.Context, r IngestRequest) Result {
	start := time.Now()
	asked := Request{Account: r.Account, Trigger: capture.TriggerIngest}
	files, err := receive(ctx, r.Files)
	if err != nil {
		return failed(asked, err)
	}
	p, err := a.beginIngest(r, files)
	if err != nil {
		return failed(asked, err)
	}
	unlock, err := lockFolder(p.dir)
	if err != nil {
		return failed(asked, err)
	}
	defer unlock()
	err = a.ingestPassage(p, files).run(ctx)
	res := a.result(p, err)
	res.Seconds = time.Since(start).Seconds()
	if err != nil {
		res.Sentence = a.waits(p, err, typed(append([]string{"arsring", "ingest", r.Account.ID, "--by", p.job.By}, r.Files...)...))
		return res
	}
	_ = os.RemoveAll(p.dir)
	return res
}

// receive looks at every file: what it is, how large, and its hash. It changes nothing.
func receive(ctx context.Context, paths []string) ([]handedIn, error) {
	if len(paths) == 0 {
		return nil, &UsageError{"name at least one file: a PDF, a picture (PNG or JPEG), or a ZIP that the platform made"}
	}
	if len(paths) > mostFiles {
		return nil, &UsageError{fmt.Sprintf("%d files are too many for one package; hand in at most %d at a time", len(paths), mostFiles)}
	}
	files := make([]handedIn, 0, len(paths))
	total := int64(0)
	for i, p := range paths {
		f, err := look(ctx, p)
		if err != nil {
			return nil, err
		}
		if total += f.Size; total > mostTotalBytes {
			return nil, &UsageError{fmt.Sprintf("the files are larger than %d MB together; hand in fewer at a time", mostTotalBytes>>20)}
		}
		f.Kept = fmt.Sprintf("%03d", i+1)
		files = append(files, f)
	}
	return files, nil
}

// look opens one file, tells what it is, and hashes it.
func look(ctx context.Context, path string) (handedIn, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return handedIn{}, err
	}
	f := handedIn{Path: abs, Name: filepath.Base(path)}
	// What is no plain file is never opened: opening a pipe that nobody writes to waits for ever.
	info, err := os.Stat(abs)
	switch {
	case path == "":
		return f, &UsageError{"a file's name is empty: name a PDF, a picture or a ZIP file"}
	case err != nil:
		return f, &UsageError{fmt.Sprintf("%v: name a file that can be read", err)}
	case info.IsDir():
		return f, &UsageError{fmt.Sprintf("%s is a folder: name the files in it", path)}
	case !info.Mode().IsRegular():
		return f, &UsageError{fmt.Sprintf("%s is no plain file: name a PDF, a picture or a ZIP file", path)}
	case info.Size() == 0:
		return f, &UsageError{fmt.Sprintf("%s is empty: fetch or save it again", path)}
	}
	f.Size = info.Size()
	in, err := os.Open(abs)
	if err != nil {
		return f, &UsageError{fmt.Sprintf("%v: name a file that can be read", err)}
	}
	defer in.Close()
	if f.Kind, err = sniff(in, f.Size, path); err != nil {
		return f, err
	}
	if f.Size > f.Kind.limit() {
		return f, &UsageError{fmt.Sprintf("%s has %d MB; a %s may have at most %d MB", path, f.Size>>20, f.Kind, f.Kind.limit()>>20)}
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return f, err
	}
	f.SHA256, err = hashAll(ctx, in, io.Discard)
	return f, err
}

// hashAll copies everything to the writer and gives its SHA-256.
func hashAll(ctx context.Context, in io.Reader, out io.Writer) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(h, out), contextReader{ctx, in}); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// contextReader stops reading when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}

// beginIngest takes up a waiting passage of the same files, or puts a new one into the spool.
func (a *App) beginIngest(r IngestRequest, files []handedIn) (*passage, error) {
	root := a.spool(r.Account.Tenant)
	if err := mkdir(root); err != nil {
		return nil, err
	}
	old, ok := a.waitingFor(root, r.Account.ID, capture.TriggerIngest, func(_ capture.Job, dir string) bool {
		var had []handedIn
		return readJSON(filepath.Join(dir, ingestList), &had) == nil && slices.EqualFunc(had, files, func(x, y handedIn) bool { return x.SHA256 == y.SHA256 && x.Name == y.Name })
	})
	if ok {
		old.tell = quiet(r.Tell)
		return old, nil
	}
	p := a.newPassage("", Request{Account: r.Account, Trigger: capture.TriggerIngest, Reason: r.Note, By: r.By, Tell: r.Tell})
	p.job.Overlap = 0
	p.dir = filepath.Join(root, p.job.SnapshotID)
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return nil, err
	}
	return p, errors.Join(writeJSON(filepath.Join(p.dir, ingestList), files), writeJSON(filepath.Join(p.dir, "job.json"), p.job))
}

// ingestRun is the passage of files that were handed in.
type ingestRun struct {
	*passage
	files []handedIn
}

func (a *App) ingestPassage(p *passage, files []handedIn) *ingestRun {
	n := &ingestRun{passage: p, files: files}
	var total int64
	for _, f := range files {
		if total += f.Size; total > mostAttached {
			n.handed = nil
			break
		}
		n.handed = append(n.handed, pdfa.Attachment{Name: f.Kept + "-" + f.Name, MIME: f.Kind.mime(), Path: n.original(f), Relationship: "Source", Description: "Inlämnad fil, oförändrad"})
	}
	return n
}

func (n *ingestRun) run(ctx context.Context) error {
	defer n.close()
	composed := func(run func(context.Context, string) error) func(context.Context, string) error {
		return func(ctx context.Context, dir string) error {
			if _, err := os.Stat(filepath.Join(dir, "record.pdf")); err == nil {
				return nil // one PDF is its own record
			}
			return run(ctx, dir)
		}
	}
	stages := []job.Stage{
		{Name: "capture", Output: "capture/capture.json", Clean: []string{"capture", "originals", "record.pdf", "record.json"}, Run: n.take},
		{Name: "record", Output: "raw.pdf", Clean: []string{"raw.pdf.tmp"}, Run: composed(n.record)},
		{Name: "pdfa", Output: "record.pdf", Clean: []string{"record.pdf.tmp"}, Run: composed(n.pdfa)},
		{Name: "package", Output: filepath.Join("package", n.job.SnapshotID, "METS.xml"), Run: n.packIngest},
		{Name: "deliver", Output: "receipt.json", Run: n.deliver},
	}
	for i := range stages {
		name, run := stages[i].Name, stages[i].Run
		stages[i].Run = func(ctx context.Context, dir string) error {
			n.tell(Progress{Snapshot: n.job.SnapshotID, Stage: name})
			return run(ctx, dir)
		}
	}
	return job.Passage{Dir: n.dir, Stages: stages, Took: func(s string, d time.Duration) { n.took[s] = d.Seconds() }}.Run(ctx)
}
