package main

import (
	"errors"
	"log/slog"
	"os"

	"github.com/spf13/pflag"

	"arsring/config"
	"arsring/internal/app"
)

// flagError is a wrong flag or argument.
type flagError struct {
	err  error
	help bool
}

func (e *flagError) Error() string { return e.err.Error() }
func (e *flagError) Unwrap() error { return e.err }

func wrongUse(text string) error { return &flagError{err: errors.New(text)} }

// flagSet is a command's flags with the ones that every command has.
type flagSet struct {
	*pflag.FlagSet
	configFile string
	dataDir    string
	json       bool
}

func newFlags(name string) *flagSet {
	f := &flagSet{FlagSet: pflag.NewFlagSet(name, pflag.ContinueOnError)}
	f.StringVar(&f.configFile, "config", "", "configuration file")
	f.StringVar(&f.dataDir, "data-dir", "", "folder for everything that is kept on this machine")
	f.BoolVar(&f.json, "json", false, "print JSON, one line a result")
	return f
}

func (f *flagSet) parse(args []string) error {
	if err := f.Parse(args); err != nil {
		return &flagError{err: err, help: errors.Is(err, pflag.ErrHelp)}
	}
	return nil
}

// open loads the configuration and makes the app.
func (f *flagSet) open() (*app.App, config.Config, error) {
	return f.openWith(func(config.Config, *app.Options) error { return nil })
}

// openReading is open for a command that only reads the archive: a bucket that is not there is said to be missing, and none is made.
func (f *flagSet) openReading() (*app.App, config.Config, error) {
	return f.openWith(func(_ config.Config, o *app.Options) error {
		o.Reading = true
		return nil
	})
}

// openWith is open for a command that changes what the app is made of.
func (f *flagSet) openWith(change func(cfg config.Config, o *app.Options) error) (*app.App, config.Config, error) {
	over := map[string]any{}
	if f.dataDir != "" {
		over["data_dir"] = f.dataDir
	}
	cfg, err := config.Load(config.Options{File: f.configFile, Overrides: over, Environ: os.Environ()})
	if err != nil {
		return nil, cfg, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, cfg, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	store := []string{self, "store", "--data-dir", cfg.DataDir}
	if cfg.File != "" {
		store = append(store, "--config", cfg.File)
	}
	o := app.Options{Config: cfg, Version: version(), Log: log, Store: store, Apart: []string{self, "convert"}, Env: os.Environ()}
	if err := change(cfg, &o); err != nil {
		return nil, cfg, err
	}
	return app.New(o), cfg, nil
}
