package archive

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
	"github.com/versity/versitygw/s3api"
)

// The test binary plays the server's part, too: started again with this variable it serves instead of testing.
const childVar = "ARSRING_ARCHIVE_TEST_CHILD"

// childSpec is what the variable holds, as JSON.
type childSpec struct {
	Kind string // "embedded": ServeEmbedded; "gateway": a plain gateway, as somebody else would run it; "starter": StartEmbedded, and wait

	Data, Keys, Addr string // embedded
	TmpfsKB          int    // embedded: put a file system of this size under Data first

	Objects, Meta, Versions string // gateway; Versions empty: without versions
	Cert, Key               string // gateway; empty: plain http
	Readonly                bool   // gateway
}

func TestMain(m *testing.M) {
	if v := os.Getenv(childVar); v != "" {
		if err := playServer(v); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	stopShared()
	os.Exit(code)
}

func playServer(v string) error {
	var c childSpec
	if err := json.Unmarshal([]byte(v), &c); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if c.TmpfsKB > 0 {
		if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil { // else the mount would be seen outside
			return fmt.Errorf("mount: %w", err)
		}
		if err := syscall.Mount("arsring-test", c.Data, "tmpfs", 0, fmt.Sprintf("size=%dk", c.TmpfsKB)); err != nil {
			return fmt.Errorf("mount: %w", err)
		}
	}
	switch c.Kind {
	case "embedded":
		return ServeEmbedded(ctx, EmbeddedOptions{DataDir: c.Data, KeysDir: c.Keys, Addr: c.Addr})
	case "starter":
		return playStarter(ctx, c)
	}
	return playGateway(ctx, c)
}

// Access keys of the plain gateway.
const gwAccess, gwSecret = "gatewayaccess", "gatewaysecret-not-so-secret"

func playGateway(ctx context.Context, c childSpec) error {
	out := os.Stdout
	os.Stdout, _ = os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	side, err := meta.NewSideCar(c.Meta)
	if err != nil {
		return err
	}
	be, err := posix.New(c.Objects, side, posix.PosixOpts{SideCarDir: c.Meta, VersioningDir: c.Versions})
	if err != nil {
		return err
	}
	addr, err := freeAddr("", 0)
	if err != nil {
		return err
	}
	return embedgw.RunVersityGW(ctx, be, &embedgw.Config{
		RootUserAccess: gwAccess, RootUserSecret: gwSecret, Region: "us-east-1", Ports: []string{addr},
		CertFile: c.Cert, KeyFile: c.Key, MaxConnections: 256, MaxRequests: 128, MultipartMaxParts: 100, Quiet: true, KeepAlive: true, Readonly: c.Readonly,
		S3Options: []s3api.Option{s3api.WithOnListen(func() {
			_ = json.NewEncoder(out).Encode(state{Ready: true, Addr: addr, PID: os.Getpid(), Started: time.Now()})
		})},
	})
}

// playStarter is a program that starts the store and then does nothing until it is killed.
func playStarter(ctx context.Context, c childSpec) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	c.Kind = "embedded"
	e, err := StartEmbedded(ctx, EmbeddedOptions{DataDir: c.Data, KeysDir: c.Keys, Command: []string{exe}, Env: c.env()})
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(state{Ready: true, PID: e.PID()}); err != nil {
		return err
	}
	<-ctx.Done()
	return e.Close()
}
