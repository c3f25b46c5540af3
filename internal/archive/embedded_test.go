package archive

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// eventually waits for something that another process does.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 15 s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func gone(pid int) bool {
	if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
		return true
	}
	stat, err := os.ReadFile(filepath.Join("/proc", itoa(pid), "stat"))
	return err != nil || bytes.Contains(stat, []byte(") Z "))
}

func itoa(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}

// TestEmbeddedFiles: what lies where, and who may read it.
func TestEmbeddedFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := startEmbedded(t, dir)
	s := openStore(t, e.Options())
	files := packageFiles(40)
	deliver(t, s, writePackage(t, files))
	plain := filepath.Join(dir, "store", "objects", "arsring", "default", "facebook-kommunen", testID)
	for p, want := range files {
		if got, err := os.ReadFile(filepath.Join(plain, filepath.FromSlash(p))); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s does not lie in the plain folder: %v", p, err)
		}
	}
	for name, perm := range map[string]fs.FileMode{
		"keys": 0o700, "keys/store-access.json": 0o600, "keys/store-ca.key": 0o600, "keys/store-server.key": 0o600, "store/store.json": 0o600, "store": 0o750,
		"store/objects/arsring/default": 0o750, "store/objects/arsring/default/facebook-kommunen/" + testID + "/METS.xml": 0o640,
	} {
		if st, err := os.Stat(filepath.Join(dir, name)); err != nil || st.Mode().Perm() != perm {
			t.Errorf("%s: %v, %v, want %o", name, st.Mode().Perm(), err, perm)
		}
	}
	if !strings.HasPrefix(e.Options().Endpoint, "https://127.0.0.1:") {
		t.Errorf("endpoint %s", e.Options().Endpoint)
	}
	anonymous := e.Options()
	anonymous.AccessKey, anonymous.SecretKey = "", ""
	if _, err := Open(t.Context(), anonymous); err == nil {
		t.Error("the store lets anybody in")
	}
}

// TestEmbeddedSilent: one line on standard output, and an end when told.
func TestEmbeddedSilent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := embeddedIn(t, dir)
	cmd := exec.Command(o.Command[0])
	cmd.Env = append(os.Environ(), o.Env...)
	out, err := cmd.StdoutPipe()
	do(t, err)
	do(t, cmd.Start())
	r := bufio.NewReader(out)
	line, err := r.ReadBytes('\n')
	do(t, err)
	var st state
	if err := json.Unmarshal(line, &st); err != nil || !st.Ready || st.PID != cmd.Process.Pid || st.CAFile == "" {
		t.Errorf("ready line %s: %v", line, err)
	}
	e, err := StartEmbedded(t.Context(), o)
	do(t, err)
	if e.Owned() || e.PID() != cmd.Process.Pid {
		t.Errorf("owned %v, pid %d: the running store was not used", e.Owned(), e.PID())
	}
	s := openStore(t, e.Options())
	deliver(t, s, writePackage(t, packageFiles(41)))
	do(t, e.Close())
	if gone(cmd.Process.Pid) {
		t.Error("closing the user of a store ended a store that it did not start")
	}
	do(t, cmd.Process.Signal(syscall.SIGTERM))
	rest, _ := r.ReadString(0)
	if rest != "" {
		t.Errorf("more on standard output: %q", rest)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("told to stop: %v", err)
	}
}

// TestEmbeddedServed: a second server of the same folder says so and ends.
func TestEmbeddedServed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	startEmbedded(t, dir)
	o := embeddedIn(t, dir)
	cmd := exec.Command(o.Command[0])
	cmd.Env = append(os.Environ(), o.Env...)
	out, err := cmd.Output()
	var st state
	if jerr := json.Unmarshal(out, &st); err == nil || jerr != nil || !st.Served || st.Ready {
		t.Errorf("a second server: %q, %v", out, err)
	}
}

// TestEmbeddedStartedTogether: several start at once; there is one store and all use it.
func TestEmbeddedStartedTogether(t *testing.T) {
	t.Parallel()
	o := embeddedIn(t, t.TempDir())
	const n = 4
	es := make([]*Embedded, n)
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { es[i], errs[i] = StartEmbedded(t.Context(), o) })
	}
	wg.Wait()
	do(t, errors.Join(errs...))
	owners := 0
	for _, e := range es {
		defer e.Close()
		if e.Owned() {
			owners++
		}
		if e.PID() != es[0].PID() {
			t.Errorf("two stores: %d and %d", e.PID(), es[0].PID())
		}
		if _, err := Open(t.Context(), e.Options()); err != nil {
			t.Error(err)
		}
	}
	if owners != 1 {
		t.Errorf("%d owners", owners)
	}
}

// TestEmbeddedTakenOver: the program that started the store ends; another one that uses it goes on, and keeps the same data.
func TestEmbeddedTakenOver(t *testing.T) {
	t.Parallel()
	o := embeddedIn(t, t.TempDir())
	first, err := StartEmbedded(t.Context(), o)
	do(t, err)
	second, err := StartEmbedded(t.Context(), o)
	do(t, err)
	defer second.Close()
	s := openStore(t, second.Options())
	_, err = s.Put(t.Context(), "default/a.txt", []byte("a"), PutOptions{})
	do(t, err)
	do(t, first.Close())
	if data, _, err := s.Get(t.Context(), "default/a.txt"); err != nil || string(data) != "a" {
		t.Errorf("after the owner's end: %q, %v", data, err)
	}
	if !second.Owned() {
		t.Error("nobody started it again")
	}
	do(t, second.Close())
	if _, err := Open(t.Context(), first.Options()); err == nil {
		t.Error("a closed Embedded started the store again")
	}
}

// TestEmbeddedSameAddress: a restart keeps the address, and takes another one when it is gone.
func TestEmbeddedSameAddress(t *testing.T) {
	o := embeddedIn(t, t.TempDir())
	start := func() string {
		e, err := StartEmbedded(t.Context(), o)
		do(t, err)
		defer e.Close()
		openStore(t, e.Options())
		return strings.TrimPrefix(e.Options().Endpoint, "https://")
	}
	first := start()
	if again := start(); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	ln, err := net.Listen("tcp", first)
	do(t, err)
	defer ln.Close()
	if other := start(); other == first {
		t.Error("two listen on the same address")
	}
}

// TestEmbeddedDiesWithParent: the starter is killed without a chance to clean up.
func TestEmbeddedDiesWithParent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := childSpec{Kind: "starter", Data: filepath.Join(dir, "store"), Keys: filepath.Join(dir, "keys")}
	cmd := exec.Command(self(t))
	cmd.Env = append(os.Environ(), c.env()...)
	out, err := cmd.StdoutPipe()
	do(t, err)
	do(t, cmd.Start())
	var st state
	do(t, json.NewDecoder(out).Decode(&st))
	if st.PID == 0 || st.PID == cmd.Process.Pid || gone(st.PID) {
		t.Fatalf("the starter says %+v", st)
	}
	do(t, cmd.Process.Kill())
	_ = cmd.Wait()
	eventually(t, "the store ends with its starter", func() bool { return gone(st.PID) })
	s := openStore(t, startEmbedded(t, dir).Options()) // and the folder is free
	deliver(t, s, writePackage(t, smallPackage(42)))
}

func TestEmbeddedEndsWithContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	e, err := StartEmbedded(ctx, embeddedIn(t, t.TempDir()))
	do(t, err)
	pid := e.PID()
	cancel()
	eventually(t, "the store ends with the context", func() bool { return gone(pid) })
}

func TestEmbeddedStartFails(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	do(t, os.WriteFile(file, nil, 0o600))
	o := embeddedIn(t, filepath.Join(file, "below"))
	_, err := StartEmbedded(t.Context(), o)
	var u *UnreachableError
	if !errors.As(err, &u) || u.Code != CodeStart || !strings.Contains(u.Person().SV, o.DataDir) || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("a folder below a file: %v", err)
	}
	o = embeddedIn(t, t.TempDir())
	o.Command = []string{"/nonexistent/arsring"}
	if _, err := StartEmbedded(t.Context(), o); !errors.As(err, &u) || u.Code != CodeStart {
		t.Errorf("a command that is not there: %v", err)
	}
	o.Command, o.Env, o.Wait = []string{"/bin/sleep", "60"}, nil, 300*time.Millisecond
	if _, err := StartEmbedded(t.Context(), o); !errors.As(err, &u) || u.Code != CodeStart {
		t.Errorf("a command that says nothing: %v", err)
	}
	for _, o := range []EmbeddedOptions{{Command: []string{"x"}}, {DataDir: "x"}} {
		var input *InputError
		if _, err := StartEmbedded(t.Context(), o); !errors.As(err, &input) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestEmbeddedStuck: somebody holds the folder and does not answer.
func TestEmbeddedStuck(t *testing.T) {
	t.Parallel()
	o := embeddedIn(t, t.TempDir())
	e, err := StartEmbedded(t.Context(), o)
	do(t, err)
	defer e.Close()
	do(t, syscall.Kill(e.PID(), syscall.SIGSTOP))
	defer func() { do(t, syscall.Kill(e.PID(), syscall.SIGCONT)) }()
	o.Wait = 500 * time.Millisecond
	_, err = StartEmbedded(t.Context(), o)
	var u *UnreachableError
	if !errors.As(err, &u) || u.Code != CodeStart {
		t.Errorf("a stuck store: %v", err)
	}
}

// TestHalfBucket: the process died between a bucket's folder and its metadata.
func TestHalfBucket(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	do(t, os.MkdirAll(filepath.Join(dir, "store", "objects", "arsring"), 0o750))
	s := openStore(t, startEmbedded(t, dir).Options())
	_, err := s.Put(t.Context(), "x", nil, PutOptions{})
	do(t, err)
}

// TestCertificates: renewed in its last months by the same CA, which is good for nothing but loopback.
func TestCertificates(t *testing.T) {
	t.Parallel()
	l, err := EmbeddedOptions{DataDir: filepath.Join(t.TempDir(), "store")}.layout()
	do(t, err)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	a, err := l.ensureKeys(now)
	do(t, err)
	ca, _ := os.ReadFile(l.caCert)
	first, _ := os.ReadFile(l.cert)
	b, err := l.ensureKeys(now.AddDate(1, 0, 0))
	do(t, err)
	same, _ := os.ReadFile(l.cert)
	if a != b || !bytes.Equal(first, same) {
		t.Error("keys or certificate made anew for no reason")
	}
	late := now.AddDate(serverYears, 0, -30)
	_, err = l.ensureKeys(late)
	do(t, err)
	renewed, _ := os.ReadFile(l.cert)
	caAfter, _ := os.ReadFile(l.caCert)
	if bytes.Equal(first, renewed) || !bytes.Equal(ca, caAfter) {
		t.Error("certificate not renewed, or CA changed")
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	pair, err := tls.LoadX509KeyPair(l.cert, l.key)
	do(t, err)
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	do(t, err)
	for _, host := range []string{"127.0.0.1", "localhost", "::1"} {
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: host, CurrentTime: late}); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if len(a.SecretKey) < 32 {
		t.Errorf("secret of %d letters", len(a.SecretKey))
	}
}
