package archive

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"arsring/internal/validators"
)

// TestMinIO asks the same of MinIO as TestStores does of the embedded store: of a bucket as Open makes it (with locks, and so with versions), of
// one with versions only, and of one with neither. The program takes minutes to build and is no part of the ordinary tools: ARSRING_SOAK=1.
func TestMinIO(t *testing.T) {
	if os.Getenv("ARSRING_SOAK") != "1" {
		return
	}
	for _, scheme := range []string{"https", "http"} {
		base := startMinIO(t, scheme == "https")
		for _, bucket := range []struct {
			name            string
			versions, locks bool
		}{{"locks", true, true}, {"versions", true, false}, {"plain", false, false}} {
			t.Run(scheme+" "+bucket.name, func(t *testing.T) {
				o := base
				o.Bucket = bucket.name
				if !bucket.locks {
					makeUnlocked(t, o, bucket.versions)
				}
				if b, err := openStore(t, o).Probe(t.Context()); err != nil || b.Versions != bucket.versions || b.ObjectLock != bucket.locks {
					t.Errorf("%+v, %v", b, err)
				}
				n := 0
				testStore(t, func(testing.TB) Options {
					n++
					o := o
					o.Prefix, o.worm = fmt.Sprintf("base/%d", n), time.Second
					return o
				})
			})
		}
	}
}

// makeUnlocked makes a bucket without object lock.
func makeUnlocked(t *testing.T, o Options, versions bool) {
	t.Helper()
	o, err := o.complete()
	do(t, err)
	rt, err := newTransport(o)
	do(t, err)
	c, err := o.client(rt, o.Retries)
	do(t, err)
	do(t, c.MakeBucket(t.Context(), o.Bucket, minio.MakeBucketOptions{Region: o.Region}))
	if versions {
		do(t, c.EnableVersioning(t.Context(), o.Bucket))
	}
}

// startMinIO runs MinIO on loopback and gives the options to reach it, without a bucket.
func startMinIO(t *testing.T, tls bool) Options {
	t.Helper()
	dir := t.TempDir()
	l, err := EmbeddedOptions{DataDir: filepath.Join(dir, "none"), KeysDir: filepath.Join(dir, "keys")}.layout()
	do(t, err)
	_, err = l.ensureKeys(time.Now())
	do(t, err)
	certs := filepath.Join(dir, "certs")
	do(t, os.Mkdir(certs, 0o700))
	if tls {
		for from, to := range map[string]string{l.cert: "public.crt", l.key: "private.key"} {
			data, err := os.ReadFile(from)
			do(t, err)
			do(t, os.WriteFile(filepath.Join(certs, to), data, 0o600))
		}
	}
	addr, err := freeAddr("", 0)
	do(t, err)
	cmd := exec.Command(validators.Path(t, "minio"), "server", filepath.Join(dir, "data"), "--address", addr, "--certs-dir", certs, "--quiet")
	cmd.Env = append(os.Environ(), "MINIO_ROOT_USER="+gwAccess, "MINIO_ROOT_PASSWORD="+gwSecret, "MINIO_BROWSER=off", "MINIO_UPDATE=off", "HOME="+dir)
	cmd.SysProcAttr = childAttr()
	says := &tail{}
	cmd.Stderr, cmd.Stdout = says, says
	server := &child{cmd: cmd, done: make(chan struct{})}
	do(t, server.start())
	t.Cleanup(func() { _ = server.stop() })
	o := Options{Endpoint: addr, Region: "us-east-1", AccessKey: gwAccess, SecretKey: gwSecret, PathStyle: true, CAFile: l.caCert, Insecure: !tls}
	if !tls {
		o.CAFile = ""
	}
	awaitMinIO(t, o, server, says)
	return o
}

// awaitMinIO returns when the server says that it can be written to.
func awaitMinIO(t *testing.T, o Options, server *child, says *tail) {
	t.Helper()
	o.Bucket = "any"
	o, err := o.complete()
	do(t, err)
	rt, err := newTransport(o)
	do(t, err)
	defer rt.CloseIdleConnections()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.Endpoint+"/minio/health/cluster", http.NoBody)
		do(t, err)
		resp, err := (&http.Client{Transport: rt, Timeout: 10 * time.Second}).Do(req)
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		if server.ended() {
			t.Fatalf("MinIO has ended: %s", strings.TrimSpace(says.String()))
		}
		if time.Now().After(end) {
			t.Fatalf("MinIO does not answer: %v: %s", err, strings.TrimSpace(says.String()))
		}
	}
}
