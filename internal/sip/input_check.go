package sip

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"arsring/internal/capture"
)

// check refuses what could not become an honest package.
func (in *Input) check() error {
	c := in.Capture
	if c == nil {
		return errors.New("there is no capture")
	}
	account, _, trigger, err := ParseID(c.Job.SnapshotID)
	switch {
	case err != nil:
		return err
	case account != c.Job.Account.ID || trigger != c.Job.Trigger:
		return fmt.Errorf("snapshot %s belongs to another job: account %s, trigger %s", c.Job.SnapshotID, quote(c.Job.Account.ID), quote(string(c.Job.Trigger)))
	case !c.Outcome.Kept():
		return fmt.Errorf("a capture that ended as %s is not kept", quote(string(c.Outcome)))
	case in.Now.IsZero():
		return errors.New("the time of packing is not given")
	case in.RecordLevel != "" && pdfaKeys[in.RecordLevel] == "":
		return fmt.Errorf("%s is no PDF/A level", quote(in.RecordLevel))
	}
	return errors.Join(in.checkRecord(), in.checkPrevious(), in.checkEvents())
}

func (in *Input) checkRecord() error {
	if in.Record != "" {
		return nil
	}
	if in.Capture.Job.Trigger != capture.TriggerIngest || len(in.Originals) == 0 {
		return errors.New("there is no record.pdf; only an ingest with originals may be without one")
	}
	if in.RecordLevel != "" || in.RecordUA {
		return errors.New("a level is given for a record that is not there")
	}
	return nil
}

func (in *Input) checkPrevious() error {
	if in.Previous == "" {
		return nil
	}
	account, _, _, err := ParseID(in.Previous)
	if err == nil && account != in.Capture.Job.Account.ID {
		err = fmt.Errorf("%s is a snapshot of another account", quote(in.Previous))
	}
	return err
}

func (in *Input) checkEvents() error {
	for _, e := range in.Events {
		if e.Kind == EventPacked || eventTypes[e.Kind] == "" {
			return fmt.Errorf("%s is no event that happens before packing", quote(string(e.Kind)))
		}
	}
	return nil
}

// same reports by an error whether a finished package holds other bytes than the input would give.
func same(ctx context.Context, m *Manifest, in *Input) error {
	want := map[string]int{}
	for _, f := range m.Files {
		if f.Role == RoleRecord || f.Role == RoleContent || f.Role == RoleOriginal {
			want[f.SHA256]++
		}
	}
	sum, err := ContentSum(in.Capture)
	if err != nil {
		return err
	}
	have := []string{sum}
	for _, name := range in.sources() {
		digest, err := digestFile(ctx, name)
		if err != nil {
			return err
		}
		have = append(have, digest)
	}
	for _, digest := range have {
		if want[digest] == 0 {
			return errors.New("it holds another record, content or original than this snapshot")
		}
		want[digest]--
	}
	for _, left := range want {
		if left > 0 {
			return errors.New("it holds more than this snapshot")
		}
	}
	return nil
}

// sources are the files outside the capture folder that go into the package.
func (in *Input) sources() []string {
	var names []string
	if in.Record != "" {
		names = append(names, in.Record)
	}
	for _, o := range in.Originals {
		names = append(names, o.Path)
	}
	return names
}

func newMeter(ctx context.Context) *meter {
	return &meter{ctx: ctx, to: io.Discard, hash: sha256.New()}
}

func (m *meter) sum() string { return hex.EncodeToString(m.hash.Sum(nil)) }

// digestFile is the SHA-256 of a file in lower-case hex.
func digestFile(ctx context.Context, name string) (string, error) {
	f, err := openRegular(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	m := newMeter(ctx)
	if _, err := io.Copy(m, f); err != nil {
		return "", err
	}
	return m.sum(), nil
}
