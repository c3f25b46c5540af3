package capture_test

import (
	"os"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/egress"
)

type closedWay struct{ p *egress.Proxy }

func (w closedWay) Addr() string                      { return w.p.Addr() }
func (w closedWay) IP(string) string                  { return "" }
func (w closedWay) Failure(string) string             { return "" }
func (w closedWay) Refused() []capture.RefusedRequest { return nil }

func TestConfinementIsWhatTheKernelSays(t *testing.T) {
	p, err := egress.Start(t.Context(), egress.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, sandbox := range []string{"off", "auto"} {
		dir, err := os.MkdirTemp("", "arsring-confined-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		b, err := capture.Launch(t.Context(), capture.Options{Sandbox: sandbox, Egress: closedWay{p}, Env: os.Environ(), TempDir: dir, Flags: egress.ChromeFlags(p.Addr())})
		if err != nil {
			t.Fatal(err)
		}
		c, err := b.Confinement(t.Context())
		if err != nil || c.Renderers == 0 || c.Confined() != b.Sandboxed() {
			t.Errorf("sandbox %s: %+v, said to be sandboxed: %v, %v", sandbox, c, b.Sandboxed(), err)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}
