package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"

	"github.com/spf13/pflag"

	"arsring/config"
	"arsring/internal/app"
)

// flagError is a wrong flag or argument.
type flagError struct {
	err   error
	help  bool
	flags string // with help: the command's flags
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
	f.Usage = func() {} // Main shows it, with how the command is written
	f.StringVar(&f.configFile, "config", "", "configuration file")
	f.StringVar(&f.dataDir, "data-dir", "", "folder for everything that is kept on this machine")
	f.BoolVar(&f.json, "json", false, "print JSON, one line a result")
	return f
}

func (f *flagSet) parse(args []string) error {
	err := f.Parse(args)
	var value *pflag.InvalidValueError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &value):
		want := map[string]string{"int": "a whole number", "bool": "true or false, or nothing at all"}[value.GetFlag().Value.Type()]
		return wrongUse(fmt.Sprintf("--%s %q: it takes %s", value.GetFlag().Name, value.GetValue(), cmp.Or(want, "another value")))
	}
	return &flagError{err: err, help: errors.Is(err, pflag.ErrHelp), flags: f.FlagUsages()}
}

// parseAlone is parse for a command that takes flags only: what else was written is refused, because it would seem to have been heeded.
func (f *flagSet) parseAlone(args []string) error {
	if err := f.parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return wrongUse(fmt.Sprintf("%s takes no arguments, and %q is one", f.Name(), f.Arg(0)))
	}
	return nil
}

// unheeded refuses flags that were given where nothing heeds them; with says what they go with.
func (f *flagSet) unheeded(with string, flags ...string) error {
	for _, name := range flags {
		if f.Changed(name) {
			return wrongUse(fmt.Sprintf("--%s goes with %s", name, with))
		}
	}
	return nil
}

// once refuses a name that was written twice: what is asked for would be done twice.
func once(names []string) error {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return wrongUse(fmt.Sprintf("%q is named twice", name))
		}
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
