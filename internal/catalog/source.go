package catalog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"arsring/internal/archive"
)

// Sight is a package as a list of the archive shows it, without reading it.
type Sight struct {
	ID      string
	Receipt bool
	Token   bool
}

// Source is where packages are listed and read. Store and Folder make one; its methods are called from several goroutines.
type Source interface {
	// Tenants lists the tenants there are.
	Tenants(ctx context.Context) ([]string, error)
	// Accounts lists the accounts of a tenant that have packages.
	Accounts(ctx context.Context, tenant string) ([]string, error)
	// Snapshots lists the packages of an account. Folders without METS.xml are no packages, except that one whose receipt stands
	// beside it may be taken at the receipt's word.
	Snapshots(ctx context.Context, tenant, account string) ([]Sight, error)
	// Open opens one file of a package.
	Open(ctx context.Context, tenant, account, id, path string) (io.ReadCloser, error)
}

// Store is the Source that lists and reads a store.
func Store(s *archive.Store) Source { return storeSource{s} }

type storeSource struct{ s *archive.Store }

func (a storeSource) Tenants(ctx context.Context) ([]string, error) { return a.s.Tenants(ctx) }

func (a storeSource) Accounts(ctx context.Context, tenant string) ([]string, error) {
	return a.s.Accounts(ctx, tenant)
}

func (a storeSource) Snapshots(ctx context.Context, tenant, account string) ([]Sight, error) {
	list, err := a.s.Sights(ctx, tenant, account)
	if err != nil {
		return nil, err
	}
	out := make([]Sight, len(list))
	for i, at := range list {
		out[i] = Sight(at)
	}
	return out, nil
}

func (a storeSource) Open(ctx context.Context, tenant, account, id, path string) (io.ReadCloser, error) {
	r, _, err := a.s.Peek(ctx, archive.Entry{Tenant: tenant, Account: account, ID: id, Prefix: tenant + "/" + account + "/" + id + "/"}, path)
	return r, err
}

// isSourceGone tells an archive that cannot be used, so that nothing more can be read, from one object that it does not give.
func isSourceGone(err error) bool {
	var u *archive.UnreachableError
	if !errors.As(err, &u) {
		return false
	}
	switch u.Code {
	case archive.CodeServer, archive.CodeDenied, archive.CodeStore, archive.CodeGhost:
		return false
	}
	return true
}

// Folder is the Source that reads a plain copy of the archive: the folder of the bucket, or of the prefix in it.
func Folder(dir string) Source { return folderSource{dir} }

type folderSource struct{ dir string }

func (f folderSource) Tenants(context.Context) ([]string, error) { return f.folders("") }

func (f folderSource) Accounts(_ context.Context, tenant string) ([]string, error) {
	return f.folders(tenant)
}

// folders lists the folders in a folder. Names that begin with an underscore or a dot are the archive's own.
func (f folderSource) folders(of string) ([]string, error) {
	list, err := os.ReadDir(filepath.Join(f.dir, of))
	if err != nil {
		return nil, fmt.Errorf("the folder of the archive cannot be read: %w", err)
	}
	var out []string
	for _, e := range list {
		if e.IsDir() && e.Name()[0] != '_' && e.Name()[0] != '.' {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

func (f folderSource) Snapshots(_ context.Context, tenant, account string) ([]Sight, error) {
	dir := filepath.Join(f.dir, tenant, account)
	list, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the folder of the account cannot be read: %w", err)
	}
	beside := map[string]bool{}
	for _, e := range list {
		beside[e.Name()] = !e.IsDir()
	}
	var out []Sight
	for _, e := range list {
		if !e.IsDir() || e.Name()[0] == '_' || e.Name()[0] == '.' {
			continue
		}
		at := Sight{ID: e.Name(), Receipt: beside[e.Name()+".receipt.json"], Token: beside[e.Name()+".tsr"]}
		if !at.Receipt {
			if _, err := os.Stat(filepath.Join(dir, e.Name(), "METS.xml")); err != nil {
				continue
			}
		}
		out = append(out, at)
	}
	return out, nil
}

func (f folderSource) Open(_ context.Context, tenant, account, id, path string) (io.ReadCloser, error) {
	name := filepath.FromSlash(path)
	if !filepath.IsLocal(name) || !filepath.IsLocal(filepath.Join(tenant, account, id)) {
		return nil, fmt.Errorf("%s leads out of the package", path)
	}
	return os.Open(filepath.Join(f.dir, tenant, account, id, name))
}
