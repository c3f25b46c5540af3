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
	o.Prefix, o.worm = fmt.Sprintf("t%03d", shared.n), time.Second
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
	o := startGatewayWith(t, func(c *childSpec) {
		if !tls {
			c.Cert, c.Key = "", ""
		}
		if !versions {
			c.Versions = ""
		}
	})
	if o.Insecure = !tls; !tls {
		o.CAFile = ""
	}
	return o
}

func startGatewayWith(t testing.TB, change func(*childSpec)) Options {
	t.Helper()
	dir := t.TempDir()
	l, err := EmbeddedOptions{DataDir: filepath.Join(dir, "none"), KeysDir: filepath.Join(dir, "keys")}.layout()
	do(t, err)
	_, err = l.ensureKeys(time.Now())
	do(t, err)
	c := childSpec{Kind: "gateway", Objects: filepath.Join(dir, "objects"), Meta: filepath.Join(dir, "meta"), Versions: filepath.Join(dir, "versions"), Cert: l.cert, Key: l.key}
	for _, d := range []string{c.Objects, c.Meta, c.Versions} {
		do(t, os.Mkdir(d, 0o755))
	}
	change(&c)
	st, err := tryServer(t, c, childAttr())
	do(t, err)
	return Options{Endpoint: st.Addr, Region: "us-east-1", Bucket: "archive", AccessKey: gwAccess, SecretKey: gwSecret, PathStyle: true, CAFile: l.caCert}
}

// tryServer starts the test binary as a server and waits for its line.
func tryServer(t testing.TB, c childSpec, attr *syscall.SysProcAttr) (state, error) {
	t.Helper()
	cmd := exec.Command(self(t))
	cmd.Env = append(os.Environ(), c.env()...)
	cmd.SysProcAttr = attr
	says := &tail{}
	cmd.Stderr = says
	out, err := cmd.StdoutPipe()
	if err != nil {
		return state{}, err
	}
	// As in the room itself: the thread that forks must live as long as the child, or the kernel ends it early.
	server := &child{cmd: cmd, done: make(chan struct{})}
	if err := server.start(); err != nil {
		return state{}, err
	}
	t.Cleanup(func() { _ = server.stop() })
	var st state
	line, _ := bufio.NewReader(out).ReadBytes('\n')
	if err := json.Unmarshal(line, &st); err != nil || !st.Ready {
		return state{}, fmt.Errorf("server said %q; %s", line, says)
	}
	return st, nil
}
