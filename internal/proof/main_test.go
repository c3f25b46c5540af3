package proof

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"arsring/internal/archive"
)

// TestMain lets the test binary play the embedded store, which runs as a process of its own.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "store" {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		defer stop()
		if err := archive.ServeEmbedded(ctx, archive.EmbeddedOptions{DataDir: filepath.Join(os.Args[2], "store"), KeysDir: filepath.Join(os.Args[2], "keys")}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	if shared.e != nil {
		_ = shared.e.Close()
	}
	if shared.dir != "" {
		_ = os.RemoveAll(shared.dir)
	}
	os.Exit(code)
}

// shared is one embedded store for all tests; each uses a prefix of its own.
var shared struct {
	once sync.Once
	e    *archive.Embedded
	dir  string
	err  error
	mu   sync.Mutex
	n    int
}

func openStore(t testing.TB) *archive.Store {
	t.Helper()
	shared.once.Do(func() {
		if shared.dir, shared.err = os.MkdirTemp("", "arsring-proof-"); shared.err != nil {
			return
		}
		self, err := os.Executable()
		if err != nil {
			shared.err = err
			return
		}
		shared.e, shared.err = archive.StartEmbedded(context.Background(), archive.EmbeddedOptions{DataDir: filepath.Join(shared.dir, "store"),
			KeysDir: filepath.Join(shared.dir, "keys"), Command: []string{self, "store", shared.dir}})
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	o := shared.e.Options()
	shared.mu.Lock()
	shared.n++
	o.Prefix = fmt.Sprintf("p%03d", shared.n)
	shared.mu.Unlock()
	s, err := archive.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// onDisk is where an object lies in the store's folder.
func onDisk(s *archive.Store, key string) string {
	return filepath.Join(shared.dir, "store", "objects", "arsring", filepath.FromSlash(s.Full(key)))
}

func openKey(t testing.TB) *Key {
	t.Helper()
	k, err := OpenKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func do(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
