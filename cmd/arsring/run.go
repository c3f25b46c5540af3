package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"arsring/config"
	"arsring/internal/app"
)

var runCommand = command{"run", "the daemon: takes every account's snapshots at its time, for ever", run}

// tune makes a daemon quicker than real ones need to be; only tests set it.
var tune func(*app.Options)

func run(ctx context.Context, args []string) (int, error) {
	f := newFlags("run")
	if err := f.parseAlone(args); err != nil {
		return exitUsage, err
	}
	a, cfg, err := f.openWith(func(cfg config.Config, o *app.Options) error {
		o.Log = daemonLog(cfg.Log)
		o.Hooks.Handler = app.PageHandler
		o.Hooks.Companions = map[string]func(context.Context, *app.App) error{"proofs": func(ctx context.Context, a *app.App) error { return a.KeepProofs(ctx) }}
		if tune != nil {
			tune(o)
		}
		return nil
	})
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	for _, w := range cfg.Warnings {
		fmt.Fprintln(stderr, "arsring:", w.In("en"))
	}
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	reload := make(chan struct{}, 1)
	go func() {
		for range hup {
			select {
			case reload <- struct{}{}:
			default:
			}
		}
	}()
	if err := a.Run(ctx, reload); err != nil {
		return exitFailed, err
	}
	return exitKept, nil
}

// daemonLog logs as the configuration says, to standard error.
func daemonLog(c config.Log) *slog.Logger { return logTo(os.Stderr, c) }

// logTo logs to w; what pages wrote keeps to its line there.
func logTo(w io.Writer, c config.Log) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(strings.ToUpper(c.Level))) // checked by config
	o := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(tame{w, jsonOut.(tame).other}, o))
	}
	return slog.New(slog.NewTextHandler(tame{w, stderr.(tame).other}, o))
}
