package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"arsring/config"
	"arsring/internal/archive"
)

// TestMain lets the test binary play the programs that tests start as processes of their own: the embedded store, by the command line that
// the program has for it, the process that opens foreign files, and a single snapshot whose memory is measured.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		switch os.Args[1] {
		case "store":
			exitOn(playStore(ctx, os.Args[2:]))
		case "hostile":
			exitOn(playHostile(ctx, os.Args[2:]))
		case "measured":
			exitOn(playMeasured(ctx, os.Args[2:]))
		case "convert":
			exitOn(ServeApart(ctx, os.Stdin, os.Stdout))
		case "glutton":
			exitOn(playGlutton())
		}
		stop()
	}
	os.Exit(m.Run())
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// playStore is `arsring store --data-dir DIR --config FILE`.
func playStore(ctx context.Context, args []string) error {
	o := config.Options{}
	for i := 0; i+1 < len(args); i += 2 {
		switch args[i] {
		case "--data-dir":
			o.Overrides = map[string]any{"data_dir": args[i+1]}
		case "--config":
			o.File = args[i+1]
		}
	}
	cfg, err := config.Load(o)
	if err != nil {
		return err
	}
	return archive.ServeEmbedded(ctx, New(Options{Config: cfg}).EmbeddedOptions())
}

// measured is what playMeasured tells on standard output.
type measured struct {
	Outcome string
	Code    string
	Posts   int
	Pages   int
	Package string
	Stages  map[string]float64
	PeakKB  int // resident memory of the process itself, at its highest; the browser's processes are not in it
}

// playMeasured takes a snapshot of an address (first argument) into a folder (second).
func playMeasured(ctx context.Context, args []string) error {
	a, err := testApp(args[1])
	if err != nil {
		return err
	}
	r := a.SnapshotURL(ctx, args[0], args[1], Request{Trigger: "manual"})
	if r.Err != nil {
		return r.Err
	}
	if r.Package == nil {
		return fmt.Errorf("%s was not kept: %s", args[0], r.Sentence)
	}
	out := measured{Outcome: string(*r.Outcome), Code: r.Code, Posts: *r.Posts, Pages: *r.Pages, Package: *r.Package, Stages: r.Stages}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			if _, err := fmt.Sscanf(rest, "%d", &out.PeakKB); err != nil {
				return err
			}
		}
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

// testApp is an app whose data folder lies in dir and whose captures may reach loopback.
func testApp(dir string) (*App, error) {
	cfg, err := config.Load(config.Options{Overrides: map[string]any{"data_dir": dir, "capture.allow_private": []string{"127.0.0.1"}}})
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return New(Options{Config: cfg, Version: "test", Store: []string{self, "store", "--data-dir", cfg.DataDir}, Env: os.Environ()}), nil
}

// testDir is a folder that the browser's user can reach, too, wherever the system's own folders for tests lie.
func testDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "arsring-app-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
