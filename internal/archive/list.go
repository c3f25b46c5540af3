package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
)

// Entry is one package in the archive.
type Entry struct {
	Tenant   string    `json:"tenant"`
	Account  string    `json:"account"`
	ID       string    `json:"id"`
	Prefix   string    `json:"prefix"`  // key of the folder, relative to Options.Prefix, ending in a slash
	Taken    time.Time `json:"taken"`   // from the ID; zero when the ID carries no time
	Stored   time.Time `json:"stored"`  // when METS.xml was written, by the store's clock; for remains the newest object
	Receipt  bool      `json:"receipt"` // a receipt stands beside it
	Token    bool      `json:"token"`   // a time stamp token stands beside it
	Complete bool      `json:"complete"`
	Objects  int       `json:"objects"`
	Bytes    int64     `json:"bytes"`
}

// ListFilter narrows a list. The zero value lists every package.
type ListFilter struct {
	Tenant  string
	Account string
	// Incomplete lists the folders without METS.xml instead: remains of interrupted deliveries.
	Incomplete bool
}

// List gives the packages, newest first.
func (s *Store) List(ctx context.Context, f ListFilter) ([]Entry, error) {
	var out []Entry
	for e, err := range s.All(ctx, f) {
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b Entry) int {
		return cmp.Or(b.when().Compare(a.when()), strings.Compare(a.Tenant, b.Tenant), strings.Compare(a.ID, b.ID))
	})
	return out, nil
}

func (e Entry) when() time.Time {
	if e.Taken.IsZero() {
		return e.Stored
	}
	return e.Taken
}

// All gives the packages in key order, holding no more than one account's at a time in memory.
func (s *Store) All(ctx context.Context, f ListFilter) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		tenants, err := s.segments(ctx, "", f.Tenant)
		for _, tenant := range tenants {
			var accounts []string
			if accounts, err = s.segments(ctx, tenant+"/", f.Account); err != nil {
				break
			}
			for _, account := range accounts {
				var entries []Entry
				if entries, err = s.account(ctx, tenant, account, ""); err != nil {
					break
				}
				for _, e := range entries {
					if e.Complete != f.Incomplete && !yield(e, nil) {
						return
					}
				}
			}
			if err != nil {
				break
			}
		}
		if err != nil {
			yield(Entry{}, err)
		}
	}
}

// segments lists the next key segments below prefix; just the one when it is given. The archive's own folders (_log, ...) are left out.
func (s *Store) segments(ctx context.Context, prefix, one string) ([]string, error) {
	if one != "" {
		if !nameForm.MatchString(one) {
			return nil, nil // nothing can be stored under such a name
		}
		return []string{one}, nil
	}
	var out []string
	for o, err := range s.list(ctx, prefix, "", false) {
		if err != nil {
			return nil, err
		}
		name, folder := strings.CutSuffix(strings.TrimPrefix(o.Key, prefix), "/")
		if folder && nameForm.MatchString(name) {
			out = append(out, name)
		}
	}
	return out, nil
}

// account gathers the packages of one account, or only those whose ID begins with id.
func (s *Store) account(ctx context.Context, tenant, account, id string) ([]Entry, error) {
	prefix := tenant + "/" + account + "/"
	byID := map[string]*Entry{}
	get := func(id string) *Entry {
		e := byID[id]
		if e == nil {
			_, taken, _ := splitID(id)
			e = &Entry{Tenant: tenant, Account: account, ID: id, Prefix: prefix + id + "/", Taken: taken}
			byID[id] = e
		}
		return e
	}
	for o, err := range s.ListKeys(ctx, prefix+id) {
		if err != nil {
			return nil, err
		}
		name, path, inside := strings.Cut(strings.TrimPrefix(o.Key, prefix), "/")
		switch {
		case inside && nameForm.MatchString(name):
			get(name).add(path, o)
		case strings.HasSuffix(name, receiptSuffix):
			get(strings.TrimSuffix(name, receiptSuffix)).Receipt = true
		case strings.HasSuffix(name, tokenSuffix):
			get(strings.TrimSuffix(name, tokenSuffix)).Token = true
		}
	}
	out := make([]Entry, 0, len(byID))
	for _, e := range byID {
		if e.Objects > 0 {
			out = append(out, *e)
		}
	}
	slices.SortFunc(out, func(a, b Entry) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func (e *Entry) add(path string, o ObjectInfo) {
	e.Objects++
	e.Bytes += o.Size
	switch {
	case path == metsName:
		e.Complete, e.Stored = true, o.Modified
	case !e.Complete && o.Modified.After(e.Stored):
		e.Stored = o.Modified
	}
}

// find is Find where every tenant can be read.
func (s *Store) find(ctx context.Context, id string) (Entry, error) {
	if !nameForm.MatchString(id) {
		return Entry{}, noPackage(id)
	}
	account, _, ok := splitID(id)
	if !ok {
		account = "" // an ID of another form: look through every account
	}
	tenants, err := s.segments(ctx, "", "")
	if err != nil {
		return Entry{}, err
	}
	for _, tenant := range tenants {
		accounts, err := s.segments(ctx, tenant+"/", account)
		if err != nil {
			return Entry{}, err
		}
		for _, account := range accounts {
			entries, err := s.account(ctx, tenant, account, id)
			if err != nil {
				return Entry{}, err
			}
			for _, e := range entries {
				if e.ID == id && e.Complete {
					return e, nil
				}
			}
		}
	}
	return Entry{}, noPackage(id)
}

func noPackage(id string) *NotFoundError {
	return &NotFoundError{Key: id, Text: Text{
		SV: fmt.Sprintf("Ögonblicksbilden %s finns inte i arkivet. Se arsring list.", id),
		EN: fmt.Sprintf("The snapshot %s is not in the archive. See arsring list.", id),
	}}
}

// Open opens one object of a package for reading and gives its size in bytes.
func (s *Store) Open(ctx context.Context, e Entry, path string) (io.ReadCloser, int64, error) {
	if err := checkPath(path); err != nil {
		return nil, 0, err
	}
	key := e.Prefix + path
	body, info, _, err := s.at(key).GetObject(ctx, s.o.Bucket, s.full(key), minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, s.fault(err, key)
	}
	return &openObject{ReadCloser: body, s: s, key: key, left: info.Size}, info.Size, nil
}

// openObject gives the room's own errors for a stream that breaks, also when it just ends too early.
type openObject struct {
	io.ReadCloser
	s    *Store
	key  string
	left int64
}

func (o *openObject) Read(b []byte) (int, error) {
	n, err := o.ReadCloser.Read(b)
	o.left -= int64(n)
	if errors.Is(err, io.EOF) && o.left != 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = o.s.fault(err, o.key)
	}
	return n, err
}

// Discard removes what is left of an interrupted delivery. It refuses to touch a package (a folder with METS.xml).
func (s *Store) Discard(ctx context.Context, tenant, account, id string) error {
	at, err := newPlace(tenant, account, id)
	if err != nil {
		return err
	}
	_, err = s.Stat(ctx, at.folder()+metsName)
	if err == nil {
		return badInput(
			fmt.Sprintf("%s är ett arkiverat paket och tas inte bort.", id),
			fmt.Sprintf("%s is an archived package and is not removed.", id), nil)
	}
	if !isNotFound(err) {
		return err
	}
	for o, err := range s.ListKeys(ctx, at.folder()) {
		if err != nil {
			return err
		}
		// With all its versions: a delete marker would leave the bytes, and on some stores stand in the way of the next delivery.
		if err := s.removeVersions(ctx, o.Key, false); err != nil {
			return s.fault(err, o.Key)
		}
	}
	return nil
}
