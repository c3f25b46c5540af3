package archive

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync/atomic"
)

// Unread is a tenant with a place or keys of its own whose objects cannot be read now.
type Unread struct {
	Tenant string
	Err    error
}

// Text says which tenant and why.
func (u Unread) Text() Text {
	t := Text{SV: u.Err.Error(), EN: u.Err.Error()}
	var one interface{ Person() Text }
	if errors.As(u.Err, &one) {
		t = one.Person()
	}
	return Text{SV: fmt.Sprintf("Arkivet för %s är inte läst. %s", u.Tenant, t.SV), EN: fmt.Sprintf("The archive of %s was not read. %s", u.Tenant, t.EN)}
}

// UnreadError names the tenants that are not in an answer, which holds for the others.
type UnreadError struct{ Tenants []Unread }

// Error is the English sentence.
func (e *UnreadError) Error() string { return e.Person().EN }

// Unwrap gives why each of them cannot be read.
func (e *UnreadError) Unwrap() []error {
	out := make([]error, len(e.Tenants))
	for i, u := range e.Tenants {
		out[i] = u.Err
	}
	return out
}

// Person is the sentence for people.
func (e *UnreadError) Person() Text {
	var sv, en []string
	for _, u := range e.Tenants {
		t := u.Text()
		sv, en = append(sv, t.SV), append(en, t.EN)
	}
	return Text{SV: strings.Join(sv, " "), EN: strings.Join(en, " ")}
}

// Readable gives the store without the tenants that cannot be read, and names them. Only those with a place or keys of their own are tried: the others
// are read with the store's keys, or not at all. Whoever copies everything uses the store as it is, which fails instead.
func (s *Store) Readable(ctx context.Context) (*Store, []Unread, error) {
	var unread []Unread
	made := s.branches.Load()
	if made == nil {
		return s, nil, nil
	}
	left := maps.Clone(*made)
	for _, tenant := range s.Branches() {
		b := left[tenant]
		err := firstError(ctx, b.c, s.o.Bucket, joined(b.prefix, tenant+"/"))
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil {
			unread = append(unread, Unread{tenant, s.fault(err, "")})
			left[tenant] = &branch{prefix: b.prefix, c: b.c, apart: b.apart, hidden: true}
		}
	}
	if len(unread) == 0 {
		return s, nil, nil
	}
	view := *s
	view.branches = new(atomic.Pointer[map[string]*branch])
	view.branches.Store(&left)
	return &view, unread, nil
}

// ListReadable is List, but where tenants cannot be read it lists the others, and the error is an *UnreadError beside the list.
func (s *Store) ListReadable(ctx context.Context, f ListFilter) ([]Entry, error) {
	out, err := s.List(ctx, f)
	if err == nil {
		return out, nil
	}
	view, unread, verr := s.Readable(ctx)
	if verr != nil || len(unread) == 0 {
		return nil, err
	}
	if out, err = view.List(ctx, f); err != nil {
		return nil, err
	}
	return out, &UnreadError{unread}
}

// Find looks up a package by its snapshot ID in every tenant; *NotFoundError when there is none, *UnreadError when it may be one of a tenant that cannot be read.
func (s *Store) Find(ctx context.Context, id string) (Entry, error) {
	e, err := s.find(ctx, id)
	if err == nil || isNotFound(err) {
		return e, err
	}
	view, unread, verr := s.Readable(ctx)
	if verr != nil || len(unread) == 0 {
		return e, err
	}
	if e, err = view.find(ctx, id); isNotFound(err) {
		err = &UnreadError{unread}
	}
	return e, err
}
