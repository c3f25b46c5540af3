package sip

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ContentType is the package's own content information type in METS (csip:OTHERCONTENTINFORMATIONTYPE): one
// snapshot of one account, as arsring-manifest-1 and arsring-content-1 describe it.
const ContentType = "arsring-snapshot-1"

// ErrExists says that another package or folder already stands under the snapshot's name.
var ErrExists = errors.New("another package stands under this name")

// Build makes the package of a snapshot: parent/<snapshot-id>, whose files are complete and on disk before the
// folder gets that name. A package of the same snapshot with the same record, content and originals that already
// stands there is checked and returned as it is; any other folder of that name is an error that wraps ErrExists and
// is left alone. What a killed Build left behind (parent/<snapshot-id>.tmp) is made anew. One snapshot must not be
// built by two callers at a time. A capture whose outcome is not kept, a missing or changed file of the capture and
// an ended context are errors; nothing is left behind then.
func Build(ctx context.Context, parent string, in Input) (dir string, m Manifest, err error) {
	if err := in.check(); err != nil {
		return "", Manifest{}, fmt.Errorf("package: %w", err)
	}
	id := in.Capture.Job.SnapshotID
	dir = filepath.Join(parent, id)
	if _, err := os.Lstat(dir); err == nil {
		m, err = resume(ctx, dir, &in)
		if err != nil {
			return "", Manifest{}, fmt.Errorf("package %s: %w", dir, err)
		}
		return dir, m, nil
	}
	tmp := dir + ".tmp"
	m, err = build(ctx, tmp, &in)
	if err == nil {
		err = publish(tmp, dir)
	}
	if err != nil {
		_ = os.RemoveAll(tmp)
		return "", Manifest{}, fmt.Errorf("package %s: %w", id, err)
	}
	return dir, m, nil
}

// build writes the whole package into a new folder.
func build(ctx context.Context, tmp string, in *Input) (Manifest, error) {
	if err := os.RemoveAll(tmp); err != nil {
		return Manifest{}, err
	}
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		return Manifest{}, err
	}
	p := &packer{in: in, stage: &stage{ctx: ctx, root: tmp}, manifest: newManifest(in)}
	for _, step := range []func() error{p.data, p.reports, p.describe, p.preserve, p.inventories, p.seal} {
		if err := step(); err != nil {
			return Manifest{}, err
		}
	}
	return p.manifest, nil
}

// publish gives the finished folder its name; only then does the package exist.
func publish(tmp, dir string) error {
	if err := os.Rename(tmp, dir); err != nil {
		return err
	}
	return syncPath(filepath.Dir(dir))
}

// resume takes a package that already has the snapshot's name for what it claims to be only after reading all of it.
func resume(ctx context.Context, dir string, in *Input) (Manifest, error) {
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(manifestPath)))
	if err != nil {
		return Manifest{}, fmt.Errorf("%w: it has no readable manifest (%w); move the folder away", ErrExists, err)
	}
	defer f.Close()
	m, err := ReadManifest(f)
	if err != nil {
		return Manifest{}, fmt.Errorf("%w: %w; move the folder away", ErrExists, err)
	}
	problems, err := CheckDir(ctx, dir)
	if err != nil {
		return Manifest{}, err
	}
	if len(problems) > 0 {
		return Manifest{}, fmt.Errorf("%w: %s, and %d findings in all; move the folder away", ErrExists, problems[0].Text.EN, len(problems))
	}
	if err := same(ctx, &m, in); err != nil {
		return Manifest{}, fmt.Errorf("%w: %w; move the folder away", ErrExists, err)
	}
	return m, nil
}
