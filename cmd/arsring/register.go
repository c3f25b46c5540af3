package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"arsring/internal/app"
)

// registerCommands are what `arsring register` can do, each with its usage.
func registerCommands() map[string]command {
	return map[string]command{
		"check":   {"register check [FILE]", "check the register", registerCheck},
		"list":    {"register list [FILE] [--json]", "list the accounts", registerList},
		"add":     {registerAddUse, "add an account", registerAdd},
		"close":   {registerCloseUse, "close an account", registerClose},
		"import":  {"register import FILE.csv|FILE.xlsx [--dry-run] [--tenant T] [--section S] [--by NAME] [--reason T] [--json]", "import a list", registerImport},
		"export":  {"register export FILE|- [--format csv|xlsx|json|html] [--public] [--tenant T]", "export the register", registerExport},
		"publish": {"register publish [--json]", "make this machine's files the register that holds on every machine", registerPublish},
	}
}

var registerCommand = command{"register check|list|add|close|import|export|publish ... [--json]", "check, list and change the accounts of record", func(ctx context.Context, args []string) (int, error) {
	all := registerCommands()
	name := ""
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	if name == "--help" || name == "-h" {
		showRegisterUse(all)
		return exitKept, nil
	}
	cmd, ok := all[name]
	if !ok {
		return exitUsage, wrongUse("say check, list, add, close, import, export or publish")
	}
	code, err := cmd.run(ctx, args)
	if err == nil {
		return code, nil
	}
	return explain(err, cmd, code), nil
}}

func showRegisterUse(all map[string]command) {
	names := make([]string, 0, len(all))
	for n := range all {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintln(stdout, "arsring", all[n].usage)
	}
}

func registerCheck(_ context.Context, args []string) (int, error) { return registerRead(args, true) }
func registerList(_ context.Context, args []string) (int, error)  { return registerRead(args, false) }

// registerRead checks the register, or lists it as well.
func registerRead(args []string, check bool) (int, error) {
	f := newFlags("register")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	if f.NArg() > 1 {
		return exitUsage, wrongUse("name at most one file")
	}
	a, cfg, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	if f.NArg() == 1 {
		cfg.Register.Path = f.Arg(0)
		a = a.With(cfg)
	}
	r, err := a.Register()
	if err != nil {
		return exitUsage, err
	}
	for _, w := range r.Warnings {
		fmt.Fprintln(stderr, w.Error())
	}
	if check {
		fmt.Fprintln(stdout, in(cfg.Language, fmt.Sprintf("Registret är i ordning: %d konton, %d varningar.", len(r.Accounts), len(r.Warnings)), fmt.Sprintf("The register is in order: %d accounts, %d warnings.", len(r.Accounts), len(r.Warnings))))
		return exitKept, nil
	}
	for _, acc := range r.Accounts {
		if f.json {
			if err := json.NewEncoder(jsonOut).Encode(acc); err != nil {
				return exitFailed, err
			}
			continue
		}
		fmt.Fprintf(stdout, "%-32s %-12s %s\n", acc.ID, acc.Platform, acc.URL)
	}
	return exitKept, nil
}

// registerPublish decides for this machine's files where they and the published register were both changed.
func registerPublish(ctx context.Context, args []string) (int, error) {
	f := newFlags("register publish")
	if err := f.parseAlone(args); err != nil {
		return exitUsage, err
	}
	a, cfg, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	p, err := a.PublishRegister(ctx)
	switch {
	case err != nil && app.IsProblems(err):
		return exitUsage, err
	case err != nil:
		return exitFailed, err
	case f.json:
		return exitKept, json.NewEncoder(jsonOut).Encode(p)
	}
	fmt.Fprintln(stdout, in(cfg.Language, fmt.Sprintf("Registret är publicerat: %d konton, version %.12s.", p.Accounts, p.Version), fmt.Sprintf("The register is published: %d accounts, version %.12s.", p.Accounts, p.Version)))
	return exitKept, nil
}

// in picks the sentence of the configured language.
func in(lang, sv, en string) string {
	if lang == "en" {
		return en
	}
	return sv
}

// oneLine keeps what a list or a page says from breaking a line on the terminal, or from steering it.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, s)
}
