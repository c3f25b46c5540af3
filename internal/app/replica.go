package app

import (
	"context"
	"fmt"
	"strings"

	"arsring/internal/archive"
	"arsring/internal/proof"
)

// Moved is what was copied from one place to another.
type Moved = archive.Moved

// Pick says what is carried out of the archive.
type Pick = archive.Pick

// VerifyReport is the result of verifying.
type VerifyReport = proof.Report

// Replica opens the second store that everything is copied to; only who writes may make its bucket. Without one configured it is a *UsageError.
func (a *App) Replica(ctx context.Context, write bool) (*archive.Store, error) {
	c := a.cfg.Archive.Replica
	if c.Endpoint == "" {
		return nil, &UsageError{"no second store is configured: set archive.replica.endpoint, and where its keys are"}
	}
	return archive.Open(ctx, archive.Options{Endpoint: c.Endpoint, Region: c.Region, Bucket: c.Bucket, Prefix: c.Prefix, AccessKey: c.AccessKey.Reveal(),
		SecretKey: c.SecretKey.Reveal(), CAFile: c.CAFile, PathStyle: c.PathStyle, Insecure: c.Insecure, Existing: !write, Settings: "archive.replica",
		LockMode: a.cfg.Archive.Lock.Mode, LockYears: a.cfg.Archive.Lock.Years, Tool: a.Tool(), Now: a.now})
}

// Replicate copies to the second store what it does not have yet. What stands there with other bytes is left alone and told in Differ.
func (a *App) Replicate(ctx context.Context) (archive.Moved, error) {
	to, err := a.Replica(ctx, true)
	if err != nil {
		return archive.Moved{}, err
	}
	defer to.Close()
	s, err := a.Store(ctx)
	if err != nil {
		return archive.Moved{}, err
	}
	return s.CopyTo(ctx, to)
}

// VerifyReplica re-reads the whole second store, as Verify does the first.
func (a *App) VerifyReplica(ctx context.Context, tell func(Checked)) (proof.Report, error) {
	to, err := a.Replica(ctx, false)
	if err != nil {
		return proof.Report{}, err
	}
	defer to.Close()
	o, err := a.verifyOptions(ctx, to)
	if err != nil {
		return proof.Report{}, err
	}
	return proof.Verify(ctx, o, nil, tell)
}

// Carry writes packages to a folder, or to a ZIP file where the name ends in .zip: one account's, one year's, or everything there is.
func (a *App) Carry(ctx context.Context, pick archive.Pick, target string) (archive.Moved, error) {
	s, err := a.Store(ctx)
	if err != nil {
		return archive.Moved{}, err
	}
	return s.Carry(ctx, pick, target)
}

// ImportArchive brings what Carry wrote into this archive. Where the log came along the archive is the same as the one it came from; packages that
// came without it are entered into this archive's log, because from here on it answers for them.
func (a *App) ImportArchive(ctx context.Context, name string) (archive.Moved, error) {
	s, err := a.Store(ctx)
	if err != nil {
		return archive.Moved{}, err
	}
	before := map[string]bool{}
	for e, err := range s.All(ctx, archive.ListFilter{}) {
		if err != nil {
			return archive.Moved{}, err
		}
		before[e.Prefix] = true
	}
	m, err := s.Import(ctx, name)
	if err != nil {
		return m, err
	}
	return m, a.enterImported(ctx, s, before)
}

// enterImported enters the packages that came without their log.
func (a *App) enterImported(ctx context.Context, s *archive.Store, before map[string]bool) error {
	logged := map[string]bool{} // tenants whose log was there or came along
	for e, err := range s.All(ctx, archive.ListFilter{}) {
		if err != nil {
			return err
		}
		if before[e.Prefix] {
			continue
		}
		if _, asked := logged[e.Tenant]; !asked {
			came, err := a.logCame(ctx, s, e.Tenant)
			if err != nil {
				return err
			}
			logged[e.Tenant] = came
		}
		if logged[e.Tenant] {
			continue
		}
		var keys []string
		for o, err := range s.ListKeys(ctx, strings.TrimSuffix(e.Prefix, "/")+".") {
			if err != nil {
				return err
			}
			keys = append(keys, o.Key)
		}
		if err := a.enter(ctx, s, e.Tenant, append([]string{e.Prefix + "METS.xml"}, keys...)...); err != nil {
			return fmt.Errorf("%s was imported but could not be entered into the archive's log: %w", e.ID, err)
		}
	}
	return nil
}

// logCame says whether the log in the bucket was begun elsewhere and came with an import: this installation has never seen it.
func (a *App) logCame(ctx context.Context, s *archive.Store, tenant string) (bool, error) {
	for _, t := range a.knownTenants() {
		if t == tenant {
			return false, nil
		}
	}
	for _, err := range s.ListKeys(ctx, tenant+"/_tlog/entry/") {
		return err == nil, err
	}
	return false, nil
}
