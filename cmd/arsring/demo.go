package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"arsring/config"
	"arsring/internal/app"
)

var demoCommand = command{"demo [--dir DIR] [--once | --serve]", "take snapshots of sample sites into an archive of its own, and show them", demo}

func demo(ctx context.Context, args []string) (int, error) {
	f := newFlags("demo")
	dir := f.String("dir", "", "folder for the demonstration (default: arsring/demo in the user's cache folder)")
	once := f.Bool("once", false, "end when the snapshots are taken")
	serve := f.Bool("serve", false, "serve the page also where there is no terminal")
	if err := f.parseAlone(args); err != nil {
		return exitUsage, err
	}
	switch {
	case f.configFile != "" || f.dataDir != "":
		return exitUsage, wrongUse("demo has a configuration and a data folder of its own: give only --dir")
	case *once && *serve:
		return exitUsage, wrongUse("--once ends, --serve goes on: say one of them")
	case *dir == "":
		*dir = demoDir()
	}
	self, err := os.Executable()
	if err != nil {
		return exitFailed, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if err := forgetSettings(); err != nil {
		return exitFailed, err
	}
	d, err := app.NewDemo(ctx, app.DemoOptions{Dir: *dir, Version: version(), Program: self, Environ: os.Environ(), Log: log})
	if err != nil {
		return exitFailed, err
	}
	defer d.Close()
	fmt.Fprintf(stdout, "Årsring förevisas med tre påhittade konton. Allt hamnar i %s\n\n", d.Dir())
	code := demoSnapshots(ctx, d)
	fmt.Fprintf(stdout, "\nArkivet kan granskas med andra kommandon, till exempel:\n  %s verify --all --config %s\n", os.Args[0], d.Config)
	if *once || ctx.Err() != nil || !*serve && !term.IsTerminal(int(os.Stdout.Fd())) {
		return code, nil
	}
	return code, d.Serve(ctx, func(url string) {
		fmt.Fprintf(stdout, "\nÖppna %s i en webbläsare för att se dem. Ctrl-C avslutar.\n", url)
	})
}

// demoSnapshots takes a snapshot of every account and says where it lies.
func demoSnapshots(ctx context.Context, d *app.Demo) int {
	code := exitKept
	for _, acc := range d.Accounts {
		p := newProgress(false)
		r := d.Snapshot(ctx, acc, p.tell)
		p.done()
		if ctx.Err() != nil {
			return exitFailed
		}
		show(r, false)
		if folder, record := d.Files(r); folder != "" {
			fmt.Fprintf(stdout, "  arkivexemplar: %s\n  leveranspaket: %s\n", record, folder)
		}
		if r.Outcome == nil || !r.Outcome.Kept() || r.Err != nil {
			code = worse(code, r.Exit())
		}
	}
	return code
}

// forgetSettings drops every setting from this process's environment, and so from the embedded store's, but those that say which browser to use:
// a demonstration must not reach a real archive, whatever is set for this machine.
func forgetSettings() error {
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		if !strings.HasPrefix(name, config.EnvPrefix) || strings.HasPrefix(name, config.EnvPrefix+"CAPTURE_CHROME") {
			continue
		}
		if err := os.Unsetenv(name); err != nil {
			return err
		}
	}
	return nil
}

// demoDir is where the demonstration lives when nothing is said.
func demoDir() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "arsring", "demo")
}
