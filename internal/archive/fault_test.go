package archive

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// wantFault asserts the code and that the sentences name the endpoint.
func wantFault(t *testing.T, what string, err error, o Options, codes ...string) {
	t.Helper()
	var u *UnreachableError
	if !errors.As(err, &u) {
		t.Errorf("%s: %v is no *UnreachableError", what, err)
		return
	}
	for _, c := range codes {
		if u.Code == c {
			if !strings.Contains(u.Person().SV, u.Endpoint) || !strings.Contains(u.Person().EN, u.Endpoint) || !strings.HasSuffix(u.Endpoint, strings.TrimPrefix(o.Endpoint, "https://")) {
				t.Errorf("%s: the sentence does not name the store: %+v", what, u.Person())
			}
			return
		}
	}
	t.Errorf("%s: code %s (%v), want %v", what, u.Code, err, codes)
}

func TestOpenFaults(t *testing.T) {
	t.Parallel()
	good := startGateway(t, true, false)
	plain := startGateway(t, false, false)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	do(t, err)
	do(t, closed.Close())
	for _, c := range []struct {
		name   string
		change func(*Options)
		codes  []string
	}{
		{"nobody listens", func(o *Options) { o.Endpoint = closed.Addr().String() }, []string{CodeRefused}},
		{"no such name", func(o *Options) { o.Endpoint = "arsring-store.invalid" }, []string{CodeDNS}},
		{"unknown CA", func(o *Options) { o.CAFile = "" }, []string{CodeTLS}},
		{"https to http", func(o *Options) { o.Endpoint = plain.Endpoint }, []string{CodeTLS}},
		{"wrong secret", func(o *Options) { o.SecretKey = "wrong-wrong" }, []string{CodeKeys}},
		{"wrong access key", func(o *Options) { o.AccessKey = "nobody" }, []string{CodeKeys}},
		{"no such bucket", func(o *Options) { o.Bucket, o.Existing = "arkiivet", true }, []string{CodeAbsent}},
		{"wrong region", func(o *Options) { o.Region = "mars-1" }, []string{CodeRegion}},
		{"http to https", func(o *Options) { o.Insecure = true }, []string{CodeReset, CodeStore, CodeTLS}},
	} {
		o := good
		c.change(&o)
		began := time.Now()
		_, err := Open(t.Context(), o)
		wantFault(t, c.name, err, o, c.codes...)
		if d := time.Since(began); d > 10*time.Second {
			t.Errorf("%s took %v", c.name, d)
		}
	}
}

func TestBadOptions(t *testing.T) {
	notPEM := filepath.Join(t.TempDir(), "ca.pem")
	do(t, os.WriteFile(notPEM, []byte("no certificate"), 0o600))
	for name, o := range map[string]Options{
		"no endpoint":     {Bucket: "b"},
		"path":            {Bucket: "b", Endpoint: "https://x/y"},
		"scheme":          {Bucket: "b", Endpoint: "ftp://x"},
		"http unasked":    {Bucket: "b", Endpoint: "http://x"},
		"no bucket":       {Endpoint: "https://x"},
		"no CA file":      {Bucket: "b", Endpoint: "https://x", CAFile: "/nonexistent/ca.pem"},
		"CA file not PEM": {Bucket: "b", Endpoint: "https://x", CAFile: notPEM},
		"lock mode":       {Bucket: "b", Endpoint: "https://x", LockMode: "forever"},
		"lock years":      {Bucket: "b", Endpoint: "https://x", LockMode: LockCompliance},
	} {
		_, err := Open(t.Context(), o)
		var input *InputError
		if !errors.As(err, &input) || !strings.Contains(input.Person().SV, "archive.") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNotAllowed: a store that only reads.
func TestNotAllowed(t *testing.T) {
	t.Parallel()
	o := startGatewayWith(t, func(c *childSpec) { c.Readonly = true })
	_, err := Open(t.Context(), o)
	wantFault(t, "bucket missing and not allowed to make it", err, o, CodeBucket)
	// The bucket made by somebody who may.
	o = startGatewayWith(t, func(c *childSpec) {
		c.Readonly = true
		do(t, os.MkdirAll(filepath.Join(c.Objects, "archive"), 0o755))
		do(t, os.MkdirAll(filepath.Join(c.Meta, "archive", "meta"), 0o755))
		do(t, os.WriteFile(filepath.Join(c.Meta, "archive", "meta", "acl"), []byte(`{"Owner":"`+gwAccess+`"}`), 0o644))
	})
	s := openStore(t, o)
	_, err = s.Deliver(t.Context(), "default", "facebook-kommunen", testID, writePackage(t, smallPackage(30)), nil)
	wantFault(t, "a store that only reads", err, o, CodeDenied)
}

// TestFullDisk lets the store's disk run full, then gives room again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, keys := filepath.Join(dir, "store"), filepath.Join(dir, "keys")
	do(t, os.Mkdir(data, 0o755))
	var o Options
	if l, st, ok := embeddedOnTmpfs(t, data, keys); ok {
		a, err := l.readAccess()
		do(t, err)
		o = Options{Endpoint: st.Endpoint, Region: embeddedRegion, Bucket: defaultBucket, PathStyle: true, AccessKey: a.AccessKey, SecretKey: a.SecretKey, CAFile: l.caCert}
	} else {
		// Without the right to mount: the answer that the gateway gives, from the wire.
		o = sharedOptions(t)
		o.Transport = answering{transportOf(t, o), 507, `<Error><Code>InsufficientStorage</Code><Message>No space left on device.</Message></Error>`}
	}
	s := openStore(t, o)
	files := packageFiles(31)
	files["representations/content/data/media/film.mp4"] = make([]byte, 3<<20)
	files[metsName] = nil
	delete(files, metsName)
	files[metsName] = makeMETS(files)
	_, err := s.Deliver(t.Context(), "default", "facebook-kommunen", testID, writePackage(t, files), nil)
	wantFault(t, "full", err, o, CodeFull)
	list, err := s.List(t.Context(), ListFilter{})
	if err != nil || len(list) != 0 {
		t.Errorf("a package is visible on the full store: %v, %v", list, err)
	}
}

func embeddedOnTmpfs(t *testing.T, data, keys string) (layout, state, bool) {
	t.Helper()
	l, err := EmbeddedOptions{DataDir: data, KeysDir: keys}.layout()
	do(t, err)
	st, err := tryServer(t, childSpec{Kind: "embedded", Data: data, Keys: keys, TmpfsKB: 2048}, mountAttr())
	if err != nil {
		t.Logf("no small file system here: %v", err)
	}
	return l, st, err == nil
}

// answering gives every write the same answer.
type answering struct {
	http.RoundTripper
	status int
	body   string
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPut {
		return a.RoundTripper.RoundTrip(r)
	}
	drop(r)
	return &http.Response{StatusCode: a.status, Status: http.StatusText(a.status), Header: http.Header{"Content-Type": {"application/xml"}},
		Body: io.NopCloser(strings.NewReader(a.body)), Request: r, ProtoMajor: 1, ProtoMinor: 1}, nil
}

func TestStoreErrors(t *testing.T) {
	t.Parallel()
	o := sharedOptions(t)
	tr := transportOf(t, o)
	dir := writePackage(t, smallPackage(32))
	for _, c := range []struct {
		status int
		body   string
		code   string
	}{
		{503, "<Error><Code>SlowDown</Code></Error>", CodeServer},
		{500, "<html>broken</html>", CodeServer},
		{403, "<Error><Code>QuotaExceeded</Code></Error>", CodeFull},
		{403, "<Error><Code>RequestTimeTooSkewed</Code></Error>", CodeClock},
		{403, "<Error><Code>AccessDenied</Code></Error>", CodeDenied},
		{412, "<Error><Code>PreconditionFailed</Code></Error>", CodeGhost},
		{418, "teapot", CodeStore},
	} {
		o.Transport, o.Retries = answering{tr, c.status, c.body}, 2
		s := openStore(t, o)
		_, err := s.Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, nil)
		wantFault(t, c.body, err, o, c.code)
		if list, err := s.List(t.Context(), ListFilter{}); err != nil || len(list) != 0 {
			t.Errorf("%s: visible: %v, %v", c.body, list, err)
		}
	}
}

// losing says that it has taken the objects of a kind, and loses them.
type losing struct {
	http.RoundTripper
	kind string
}

func (l losing) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, l.kind) {
		return answering{l.RoundTripper, http.StatusOK, ""}.RoundTrip(r)
	}
	return l.RoundTripper.RoundTrip(r)
}

// What a store has lost is found before METS.xml makes a package of the rest.
func TestLosingStore(t *testing.T) {
	t.Parallel()
	o := sharedOptions(t)
	o.Transport = losing{transportOf(t, o), "dc.xml"}
	s := openStore(t, o)
	dir := writePackage(t, smallPackage(41))
	_, err := s.Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, nil)
	wantFault(t, "lost", err, o, CodeGhost)
	if list, err := s.List(t.Context(), ListFilter{}); err != nil || len(list) != 0 {
		t.Errorf("visible: %v, %v", list, err)
	}
}

// proxy forwards connections to a store, and can hold or cut what comes back.
type proxy struct {
	net.Listener
	to    string
	left  atomic.Int64 // bytes from the store that still pass; then
	cut   bool         // the connection is cut, else it falls silent
	pace  time.Duration
	mu    sync.Mutex
	conns []net.Conn
}

func startProxy(t *testing.T, to string, left int64, cut bool, pace time.Duration) *proxy {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	do(t, err)
	p := &proxy{Listener: ln, to: strings.TrimPrefix(to, "https://"), cut: cut, pace: pace}
	p.left.Store(left)
	var wg sync.WaitGroup
	wg.Go(func() { p.accept(&wg) })
	t.Cleanup(func() {
		ln.Close()
		p.mu.Lock()
		for _, c := range p.conns {
			c.Close()
		}
		p.mu.Unlock()
		wg.Wait()
	})
	return p
}

func (p *proxy) accept(wg *sync.WaitGroup) {
	for {
		in, err := p.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", p.to)
		if err != nil {
			in.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, in, out)
		p.mu.Unlock()
		wg.Go(func() {
			_, _ = io.Copy(out, in) // ends when either side does
			out.Close()
		})
		wg.Go(func() { p.back(in, out) })
	}
}

func (p *proxy) back(in, out net.Conn) {
	buf := make([]byte, 4<<10)
	for {
		n, err := out.Read(buf)
		if err != nil {
			in.Close()
			return
		}
		if p.left.Add(-int64(n)) < 0 {
			if p.cut {
				in.Close()
				out.Close()
				return
			}
			continue // swallowed
		}
		if p.pace > 0 {
			time.Sleep(p.pace)
		}
		if _, err := in.Write(buf[:n]); err != nil {
			return
		}
	}
}

// TestStallAndCut: a store that falls silent, or is cut off, in the middle of a delivery; later the same delivery goes through.
func TestStallAndCut(t *testing.T) {
	t.Parallel()
	files := packageFiles(33)
	dir := writePackage(t, files)
	for _, c := range []struct {
		name string
		left int64
		cut  bool
		code []string
	}{
		{"silent from the start", 0, false, []string{CodeTimeout}},
		{"silent in the middle", 60_000, false, []string{CodeTimeout}},
		{"cut in the middle", 60_000, true, []string{CodeReset}},
	} {
		o := sharedOptions(t)
		p := startProxy(t, o.Endpoint, c.left, c.cut, 0)
		through := o
		through.dial, through.Endpoint, through.Stall, through.Retries = nil, "https://"+p.Addr().String(), 200*time.Millisecond, 2
		s, err := Open(t.Context(), through)
		if err == nil {
			_, err = s.Deliver(t.Context(), "default", "facebook-kommunen", testID, dir, nil)
			s.Close()
		}
		wantFault(t, c.name, err, through, c.code...)
		straight := openStore(t, o)
		if list, err := straight.List(t.Context(), ListFilter{}); err != nil || len(list) > 1 || len(list) == 1 && list[0].Receipt {
			t.Errorf("%s: listed %+v, %v", c.name, list, err)
		}
		checkDelivered(t, straight, files, deliver(t, straight, dir))
	}
}

// TestSlow: a store slower in all than the stall limit, but never silent for so long, is waited for.
func TestSlow(t *testing.T) {
	t.Parallel()
	o := sharedOptions(t)
	p := startProxy(t, o.Endpoint, 1<<40, false, 10*time.Millisecond)
	o.dial, o.Endpoint, o.Stall, o.Retries = nil, "https://"+p.Addr().String(), 300*time.Millisecond, 1
	s := openStore(t, o)
	files := packageFiles(34)
	began := time.Now()
	checkDelivered(t, s, files, deliver(t, s, writePackage(t, files)))
	if d := time.Since(began); d < o.Stall {
		t.Errorf("not slow at all: %v", d)
	}
}

// mountAttr lets the child mount: as root in a mount namespace, else in a user namespace of its own.
func mountAttr() *syscall.SysProcAttr {
	a := childAttr()
	a.Cloneflags = syscall.CLONE_NEWNS
	if os.Getuid() != 0 {
		a.Cloneflags |= syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	return a
}

// Where a store says no more than that a request was invalid, as MinIO and Amazon's do, the bucket is asked whether it can lock at all.
func TestInvalidRequestOfALock(t *testing.T) {
	t.Parallel()
	o := startGateway(t, true, false)
	makeUnlocked(t, o, false)
	o.Transport = answering{transportOf(t, o), 400, `<Error><Code>InvalidRequest</Code><Message>Bucket is missing ObjectLockConfiguration</Message></Error>`}
	_, err := openStore(t, o).Put(t.Context(), "default/x.txt", []byte("x"), PutOptions{})
	wantFault(t, "without a lock", err, o, CodeStore)
	o.LockMode, o.LockYears = LockGovernance, 10
	for _, p := range []PutOptions{{Lock: true}, {Lock: true, CreateOnly: true}} {
		_, err = openStore(t, o).Put(t.Context(), "default/x.txt", []byte("x"), p)
		wantFault(t, "with a lock", err, o, CodeNoLock)
	}
}
