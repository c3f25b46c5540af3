package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"arsring/config"
	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/testdata/sites"
)

// DemoOptions say where a demonstration lives.
type DemoOptions struct {
	Dir     string   // its folder: everything it makes lies there
	Version string   // of this program
	Program string   // path of this program, which serves the embedded store when it is run with "store"
	Environ []string // settings beside its own configuration, in the form of os.Environ: which browser to use, never which archive
	Now     func() time.Time
	Log     *slog.Logger
}

// Demo is a small municipality that does not exist: sample sites on loopback, a register of its accounts, and an archive of its own. It
// reads no other configuration and touches no other data folder, so that what is tried out never lands in a real archive.
type Demo struct {
	app   *App
	dir   string
	sites *http.Server
	done  chan error // the sites' server has ended

	// Accounts are those of its register, in order.
	Accounts []register.Account
	// Config is the configuration file in its folder: `arsring list --config <it>` and the other commands work on its archive.
	Config string
}

// demoMark is the file that tells a demonstration's folder from any other. It remembers where the sites were served.
const demoMark = ".arsring-demo"

type demoState struct {
	Sites string `json:"sites"`
}

// NewDemo prepares the folder and starts the sample sites. A folder that is neither empty nor a demonstration's is refused with a UsageError.
func NewDemo(ctx context.Context, o DemoOptions) (*Demo, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	last, err := claimDemo(dir)
	if err != nil {
		return nil, err
	}
	d := &Demo{dir: dir, Config: filepath.Join(dir, "arsring.yaml"), done: make(chan error, 1)}
	addr, err := d.startSites(ctx, last.Sites, o.Now)
	if err != nil {
		return nil, err
	}
	if err := d.prepare(addr, o); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *Demo) prepare(addr string, o DemoOptions) error {
	if err := writeJSON(filepath.Join(d.dir, demoMark), demoState{Sites: addr}); err != nil {
		return err
	}
	for name, text := range map[string]string{"arsring.yaml": demoConfig, "register.yaml": demoRegister} {
		if err := os.WriteFile(filepath.Join(d.dir, name), []byte(strings.ReplaceAll(text, "{{addr}}", addr)), 0o600); err != nil {
			return fmt.Errorf("the demonstration cannot be prepared: %w", err)
		}
	}
	cfg, err := config.Load(config.Options{File: d.Config, Environ: o.Environ})
	if err != nil {
		return err
	}
	d.app = New(Options{Config: cfg, Version: o.Version, Now: o.Now, Log: o.Log, Store: []string{o.Program, "store", "--data-dir", d.dir, "--config", d.Config}, Apart: []string{o.Program, "convert"}, Env: o.Environ})
	r, err := d.app.Register()
	if err != nil {
		return err
	}
	d.Accounts = r.Accounts
	return nil
}

// claimDemo makes the folder, or recognises it by its mark.
func claimDemo(dir string) (demoState, error) {
	var st demoState
	if err := mkdirNamed(dir); err != nil {
		return st, err
	}
	err := readJSON(filepath.Join(dir, demoMark), &st)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return st, err
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		return st, err
	}
	if len(there) > 0 {
		return st, &UsageError{fmt.Sprintf("%s holds other things than a demonstration; name an empty folder with --dir, so that nothing real is touched", dir)}
	}
	return st, nil
}

// startSites serves the sample sites, at the same address as last time where possible, so that the register's addresses stay true.
func (d *Demo) startSites(ctx context.Context, last string, now func() time.Time) (string, error) {
	ln, err := listenLoopback(ctx, last)
	if err != nil {
		return "", err
	}
	var o sites.Options
	if now != nil {
		o.Now = now()
	}
	d.sites = &http.Server{Handler: sites.Handler(o), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	go func() { d.done <- d.sites.Serve(ln) }()
	return ln.Addr().String(), nil
}

// listenLoopback listens on the first of the wished addresses that is free, else on any free port of loopback.
func listenLoopback(ctx context.Context, wished ...string) (net.Listener, error) {
	var lc net.ListenConfig
	for _, addr := range wished {
		if host, _, err := net.SplitHostPort(addr); err != nil || !net.ParseIP(host).IsLoopback() {
			continue
		}
		if ln, err := lc.Listen(ctx, "tcp", addr); err == nil {
			return ln, nil
		}
	}
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("no address on loopback is free: %w", err)
	}
	return ln, nil
}

// Dir is the demonstration's folder.
func (d *Demo) Dir() string { return d.dir }

// Snapshot takes a snapshot of one of the accounts and delivers it to the demonstration's archive.
func (d *Demo) Snapshot(ctx context.Context, acc register.Account, tell func(Progress)) Result {
	return d.app.Snapshot(ctx, Request{Account: acc, Trigger: capture.TriggerManual, Reason: "Förevisning av Årsring", By: "arsring demo", Tell: tell})
}

// Files gives where a delivered snapshot lies on this disk: the package's folder and the record in it; empty what is not there.
func (d *Demo) Files(r Result) (folder, record string) {
	if r.Receipt == nil {
		return "", ""
	}
	// The embedded store keeps objects as plain files.
	folder = filepath.Join(d.app.cfg.Path("store", "objects"), r.Receipt.Bucket, filepath.FromSlash(r.Receipt.Prefix))
	if found, err := filepath.Glob(filepath.Join(folder, "representations", "*", "data", "record.pdf")); err == nil && len(found) == 1 {
		record = found[0]
	}
	return folder, record
}

// Close stops the sites and the embedded store.
func (d *Demo) Close() error {
	err := d.sites.Close()
	if serr := <-d.done; !errors.Is(serr, http.ErrServerClosed) {
		err = errors.Join(err, serr)
	}
	if d.app != nil {
		err = errors.Join(err, d.app.Close())
	}
	return err
}
