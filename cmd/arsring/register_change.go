package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"arsring/internal/app"
)

const registerAddUse = `register add --title T --url URL --archive-creator N --unit U --responsible "NAME <MAIL>" --administrator "NAME <MAIL>" --administrator ... [--id ID] [--platform P] [--substitute P] ` +
	`[--registrar P] [--purpose T] [--sender T] [--since DATE] [--class C] [--group G] [--login-profile P] [--set KEY=VALUE ...] [--tenant T] [--dry-run] [--by NAME] [--reason T] [--json]`

// addFlags are the flags of `register add` that fill a field of the account by their own name.
var addFlags = []string{
	"id", "title", "platform", "url", "archive_creator", "unit", "section", "responsible", "substitute", "registrar", "purpose", "sender", "since", "group",
	"login_profile", "class", "document_plan", "processing_entry", "privacy_notice", "legal_deposit",
}

func registerAdd(ctx context.Context, args []string) (int, error) {
	f := newFlags("register add")
	texts := map[string]*string{}
	for _, key := range addFlags {
		texts[key] = f.String(strings.ReplaceAll(key, "_", "-"), "", "the account's "+key)
	}
	admins := f.StringArray("administrator", nil, "an administrator, \"Name <mail>\"; at least two")
	set := f.StringArray("set", nil, "any other field of the register, KEY=VALUE, such as disposal.action=bevara or limits.posts=500")
	c := changeFlags(f)
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	if f.NArg() > 0 {
		return exitUsage, wrongUse("the account is given by flags, such as --url")
	}
	fields := map[string]string{"administrators": strings.Join(*admins, "; ")}
	for key, v := range texts {
		fields[key] = *v
	}
	for _, s := range *set {
		key, value, ok := strings.Cut(s, "=")
		if !ok || key == "" {
			return exitUsage, wrongUse(fmt.Sprintf("--set %q: write KEY=VALUE", s))
		}
		fields[key] = value
	}
	if strings.Join(slices.Collect(maps.Values(fields)), "") == "" {
		return exitUsage, wrongUse("say which account: --title, --url, --archive-creator, --unit and --responsible are needed, and two --administrator should be there")
	}
	a, cfg, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	done, err := a.RegisterAdd(ctx, fields, c())
	return showRegistered(done, err, cfg.Language, f.json)
}

// changeFlags are the flags of every change.
func changeFlags(f *flagSet) func() app.RegisterChange {
	by := f.String("by", whoami(), "who makes the change")
	reason := f.String("reason", "", "why")
	tenant := f.String("tenant", "", "the municipality, where several share the register")
	section := new(string)
	if f.Lookup("section") == nil {
		section = f.String("section", "", "company or sector of the rows that name none")
	}
	dry := f.Bool("dry-run", false, "only show what would be done")
	return func() app.RegisterChange {
		return app.RegisterChange{By: *by, Reason: *reason, Tenant: *tenant, Section: *section, DryRun: *dry}
	}
}

func registerImport(ctx context.Context, args []string) (int, error) {
	f := newFlags("register import")
	c := changeFlags(f)
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	if f.NArg() != 1 {
		return exitUsage, wrongUse("name one list, .csv or .xlsx")
	}
	a, cfg, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	done, err := a.RegisterImport(ctx, f.Arg(0), c())
	return showRegistered(done, err, cfg.Language, f.json)
}

// showRegistered prints what a change did, or would do.
func showRegistered(r app.Registered, err error, lang string, asJSON bool) (int, error) {
	if err != nil && !app.IsProblems(err) {
		return exitFailed, err
	}
	if asJSON && r.Rows != nil {
		if werr := json.NewEncoder(jsonOut).Encode(r); werr != nil {
			return exitFailed, werr
		}
		if err != nil {
			return exitUsage, err
		}
		return exitKept, nil
	}
	if err != nil {
		return exitUsage, err
	}
	for _, p := range r.Problems {
		fmt.Fprintln(stderr, p.In("en"))
	}
	n := map[string]int{}
	for _, row := range r.Rows {
		kind := string(row.Kind)
		n[kind]++
		if kind == "same" {
			continue
		}
		fmt.Fprintf(stdout, "%s %s  %s\n", map[string]string{"add": "+", "change": "~"}[kind], row.Account.ID, oneLine(row.Account.URL))
		if kind == "change" {
			for _, d := range row.Fields {
				fmt.Fprintf(stdout, "    %s: %s → %s\n", d.Key, shown(d.Old), shown(d.New))
			}
		}
	}
	for _, h := range r.Ignored {
		fmt.Fprintf(stderr, "%s %q\n", in(lang, "kolumnen används inte:", "the column is not used:"), oneLine(h))
	}
	fmt.Fprintln(stdout, in(lang, fmt.Sprintf("%d nya, %d ändrade, %d oförändrade.", n["add"], n["change"], n["same"]), fmt.Sprintf("%d new, %d changed, %d the same.", n["add"], n["change"], n["same"])),
		in(lang, map[bool]string{true: "Registret är sparat.", false: "Inget är sparat."}[r.Written], map[bool]string{true: "The register is saved.", false: "Nothing is saved."}[r.Written]))
	return exitKept, nil
}

// shown is a field's value on one line; a hyphen for none.
func shown(s string) string {
	if s == "" {
		return "–"
	}
	if r := []rune(oneLine(s)); len(r) > 100 {
		return string(r[:100]) + "…"
	}
	return oneLine(s)
}

func registerExport(ctx context.Context, args []string) (int, error) {
	f := newFlags("register export")
	format := f.String("format", "", "csv, xlsx, json or html; default: by the file's name")
	public := f.Bool("public", false, "only what anyone may know")
	tenant := f.String("tenant", "", "only this municipality")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	if f.NArg() != 1 {
		return exitUsage, wrongUse("name a file, or - for standard output")
	}
	to := f.Arg(0)
	e := app.RegisterExport{Format: *format, Public: *public, Tenant: *tenant}
	if e.Format == "" {
		e.Format = strings.ToLower(strings.TrimPrefix(filepath.Ext(to), "."))
	}
	if e.Format == "" {
		return exitUsage, wrongUse("say with --format how it is written: csv, xlsx, json or html")
	}
	a, _, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	if to == "-" {
		if err := a.ExportRegister(os.Stdout, e); err != nil {
			return exitFailed, err
		}
		return exitKept, nil
	}
	if err := a.ExportRegisterFile(ctx, to, e); err != nil {
		return exitFailed, err
	}
	return exitKept, nil
}

const registerCloseUse = `register close ACCOUNT --remove DATE --reason T [--notice DATE] [--by NAME] | register close ACCOUNT [--until DATE] [--without-snapshot "WHY"] [--by NAME]  [--dry-run] [--json]`

func registerClose(ctx context.Context, args []string) (int, error) {
	f := newFlags("register close")
	r := app.CloseRequest{}
	bind := func(p *string, name, about string) { f.StringVar(p, name, "", about) }
	bind(&r.Remove, "remove", "day on which the page goes away: announces the closure")
	bind(&r.Notice, "notice", "day on which the public was told; default: today")
	bind(&r.Until, "until", "day on which the account ended; default: the announced day of removal")
	bind(&r.Reason, "reason", "why the account is closed")
	bind(&r.WithoutSnapshot, "without-snapshot", "why it ends without a complete closure snapshot in the archive")
	by := f.String("by", whoami(), "who closes it")
	dry := f.Bool("dry-run", false, "only show what would be done")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	switch {
	case f.NArg() != 1:
		return exitUsage, wrongUse("name one account")
	case r.Notice != "" && r.Remove == "":
		return exitUsage, wrongUse("--notice goes with --remove")
	case f.Changed("without-snapshot") && strings.TrimSpace(r.WithoutSnapshot) == "":
		return exitUsage, wrongUse("--without-snapshot needs a reason, which becomes part of the register's history")
	}
	a, cfg, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	r.Account, r.By, r.DryRun = f.Arg(0), *by, *dry
	p := newProgress(f.json)
	r.Tell = p.tell
	c, err := a.CloseAccount(ctx, r)
	p.done()
	if err != nil {
		return exitFailed, err
	}
	return showClosure(c, cfg.Language, f.json)
}

func showClosure(c app.Closure, lang string, asJSON bool) (int, error) {
	if asJSON {
		return c.Exit, json.NewEncoder(jsonOut).Encode(c)
	}
	if c.Taken != nil {
		show(*c.Taken, false)
	}
	for _, w := range c.Warnings {
		fmt.Fprintln(stderr, in(lang, w.SV, w.EN))
	}
	fmt.Fprintln(stdout, in(lang, c.Text.SV, c.Text.EN))
	return c.Exit, nil
}
