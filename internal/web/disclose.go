package web

import (
	"context"
	"io"
)

// Disclosure is a copy to be handed out.
type Disclosure struct {
	Snapshot string
	Posts    []string // ids; of posts and comments
	Masked   []string // ids whose author and text are masked
	Names    bool     // mask the names of everybody but the authority itself
	Why      string
	Assessor string
	To       string // who asked; may be empty
}

// Discloser makes a PDF copy of chosen posts, marked as a copy; the original stays as it is.
type Discloser interface {
	Copy(ctx context.Context, d Disclosure, html []byte, w io.Writer) error
}
