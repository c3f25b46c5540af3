package archive

import (
	"context"
	"io"
	"time"
)

// EmbeddedOptions say where the embedded store lives. Everything is made at first start.
type EmbeddedOptions struct {
	DataDir string // objects/, meta/, versions/, store.json, store.lock
	KeysDir string // CA, server certificate, access keys (0700); empty: ../keys beside DataDir
	Addr    string // loopback address to listen on; empty: a free port, the same as last time where possible
	Bucket  string // bucket named in Embedded.Options; empty: "arsring"

	Command []string      // StartEmbedded: the command line of the child, which must call ServeEmbedded with the same folders
	Env     []string      // StartEmbedded: added to the child's environment
	Wait    time.Duration // StartEmbedded: how long to wait until the store answers; 0: 30 s

	Ready io.Writer // ServeEmbedded: where the one line of JSON goes once the store answers; nil: standard output
}

// ServeEmbedded runs the store in this process until ctx ends. It changes the process's working directory, umask and os.Stdout,
// so it belongs in a process of its own. When another process serves the same folder it fails with ErrServed.
func ServeEmbedded(ctx context.Context, o EmbeddedOptions) error { return nil }

// Embedded is a running embedded store, our own child or one that somebody else started.
type Embedded struct{}

// StartEmbedded gives the running store of the folder, and starts it as a child process when there is none.
// When the store goes away later (its owner ended) the next connection starts it again.
func StartEmbedded(ctx context.Context, o EmbeddedOptions) (*Embedded, error) { return nil, nil }

// Options are what Open needs to use the store; the caller adds prefix, lock and clock.
func (e *Embedded) Options() Options { return Options{} }

// PID is the process that serves the folder now.
func (e *Embedded) PID() int { return 0 }

// Owned says whether the store is a child of this process.
func (e *Embedded) Owned() bool { return false }

// Close stops the store when it is our child and waits for its end; a store that somebody else started is left alone.
func (e *Embedded) Close() error { return nil }
