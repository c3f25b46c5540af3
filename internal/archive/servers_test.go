package archive

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

func (c childSpec) env() []string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return []string{childVar + "=" + string(b)}
}

func self(t testing.TB) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

// startEmbedded starts a store of the test's own in dir.
func startEmbedded(t testing.TB, dir string) *Embedded {
	t.Helper()
	e, err := StartEmbedded(t.Context(), embeddedIn(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func embeddedIn(t testing.TB, dir string) EmbeddedOptions {
	data, keys := filepath.Join(dir, "store"), filepath.Join(dir, "keys")
	return EmbeddedOptions{DataDir: data, KeysDir: keys, Command: []string{self(t)}, Env: childSpec{Kind: "embedded", Data: data, Keys: keys}.env()}
}

// shared is one embedded store for all tests that do not break it; each test uses a prefix of its own.
var shared struct {
	once sync.Once
	e    *Embedded
	dir  string
	err  error
	n    int
	mu   sync.Mutex
}

func stopShared() {
	if shared.e != nil {
		_ = shared.e.Close()
	}
	if shared.dir != "" {
		_ = os.RemoveAll(shared.dir)
	}
}

// sharedOptions are those of the shared store, with a fresh prefix.
func sharedOptions(t testing.TB) Options {
	t.Helper()
	shared.once.Do(func() {
		if shared.dir, shared.err = os.MkdirTemp("", "arsring-archive-"); shared.err == nil {
			shared.e, shared.err = StartEmbedded(context.Background(), embeddedIn(t, shared.dir))
		}
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	o := shared.e.Options()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	shared.n++
	o.Prefix = fmt.Sprintf("t%03d", shared.n)
	return o
}

// sharedFile is where an object of the shared store lies on the disk.
func sharedFile(s *Store, key string) string {
	return filepath.Join(shared.dir, "store", "objects", s.o.Bucket, filepath.FromSlash(s.full(key)))
}

func openStore(t testing.TB, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// startGateway runs a plain gateway as a separate process and gives the options to reach it.
func startGateway(t testing.TB, tls, versions bool) Options {
	t.Helper()
	dir := t.TempDir()
	c := childSpec{Kind: "gateway", Objects: filepath.Join(dir, "objects"), Meta: filepath.Join(dir, "meta")}
	if versions {
		c.Versions = filepath.Join(dir, "versions")
	}
	l, err := EmbeddedOptions{DataDir: filepath.Join(dir, "none"), KeysDir: filepath.Join(dir, "keys")}.layout()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.ensureKeys(time.Now()); err != nil {
		t.Fatal(err)
	}
	o := Options{Region: "us-east-1", Bucket: "archive", AccessKey: gwAccess, SecretKey: gwSecret, PathStyle: true, Insecure: !tls}
	if tls {
		c.Cert, c.Key, o.CAFile = l.cert, l.key, l.caCert
	}
	for _, d := range []string{c.Objects, c.Meta, filepath.Join(dir, "versions")} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	o.Endpoint = runServer(t, c).Addr
	return o
}

// runServer starts the test binary as a server and waits for its line.
func runServer(t testing.TB, c childSpec) state {
	t.Helper()
	cmd := exec.Command(self(t))
	cmd.Env = append(os.Environ(), c.env()...)
	cmd.SysProcAttr = childAttr()
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	var st state
	line, _ := bufio.NewReader(out).ReadBytes('\n')
	if err := json.Unmarshal(line, &st); err != nil || !st.Ready {
		t.Fatalf("server said %q (%v)", line, err)
	}
	return st
}
