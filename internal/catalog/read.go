package catalog

import (
	"context"
	"fmt"
	"path"

	"arsring/internal/sip"
)

const manifestPath = "metadata/descriptive/manifest.json"

// read takes packages to read until there are no more.
func (u *update) read(ctx context.Context, todo <-chan wanted, got chan<- readOne) error {
	for w := range todo {
		e, err := u.readPackage(ctx, w)
		if cerr := ctx.Err(); cerr != nil {
			return cerr
		}
		r := readOne{entry: e}
		if err != nil {
			if isSourceGone(err) {
				return err
			}
			r.fault = &Fault{Tenant: w.tenant, Account: w.account, ID: w.at.ID, Cause: err.Error()}
		}
		select {
		case got <- r:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (u *update) readPackage(ctx context.Context, w wanted) (*entry, error) {
	m, err := readManifest(ctx, u.src, w.tenant, w.account, w.at.ID)
	if err != nil {
		return nil, err
	}
	size := int64(1 << 16)
	for _, f := range m.Files {
		if f.Path == m.Content {
			size = min(4*f.Bytes+1<<16, readBytes) // a JSON text takes about four times its size once it is understood
		}
	}
	if err := u.room.Acquire(ctx, size); err != nil {
		return nil, err
	}
	defer u.room.Release(size)
	content, err := readContent(ctx, u.src, w.tenant, w.account, w.at.ID, m.Content)
	if err != nil {
		return nil, err
	}
	return newEntry(w.tenant, w.account, w.at, &m, &content)
}

func readManifest(ctx context.Context, src Source, tenant, account, id string) (sip.Manifest, error) {
	r, err := src.Open(ctx, tenant, account, id, manifestPath)
	if err != nil {
		return sip.Manifest{}, fmt.Errorf("%s: %s: %w", id, manifestPath, err)
	}
	defer r.Close()
	m, err := sip.ReadManifest(r)
	if err != nil {
		return m, fmt.Errorf("%s: %w", id, err)
	}
	return m, nil
}

func readContent(ctx context.Context, src Source, tenant, account, id, name string) (sip.Content, error) {
	r, err := src.Open(ctx, tenant, account, id, path.Clean(name))
	if err != nil {
		return sip.Content{}, fmt.Errorf("%s: %s: %w", id, name, err)
	}
	defer r.Close()
	c, err := sip.ReadContent(r)
	if err != nil {
		return c, fmt.Errorf("%s: %w", id, err)
	}
	return c, nil
}

// ReadSide reads manifest and content of a snapshot, for Compare and for pages that show posts.
func ReadSide(ctx context.Context, src Source, s Snapshot) (Side, error) {
	m, err := readManifest(ctx, src, s.Tenant, s.Account, s.ID)
	if err != nil {
		return Side{}, err
	}
	content, err := readContent(ctx, src, s.Tenant, s.Account, s.ID, m.Content)
	return Side{Manifest: m, Content: content}, err
}
