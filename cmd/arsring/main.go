// Command arsring keeps what public bodies publish on other people's platforms.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"sort"
	"strings"
	"syscall"
	_ "time/tzdata" // register dates are local to Europe/Stockholm, also on a machine without zone data

	"arsring/cmd/arsring/begin"
	"arsring/config"
	"arsring/internal/app"
)

// Exit codes, which scripts rely on.
const (
	exitKept    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitPartial = 3
	exitPage    = 4
)

// command is one subcommand: its usage line and what it does. run returns an exit code, or an error that main turns into one.
type command struct {
	usage string
	about string
	run   func(ctx context.Context, args []string) (int, error)
}

func commands() map[string]command {
	return map[string]command{
		"snapshot": snapshotCommand, "list": listCommand, "export": exportCommand, "user": userCommand, "verify": verifyCommand, "register": registerCommand,
		"store": storeCommand, "pdfa": pdfaCommand, "demo": demoCommand, "version": versionCommand, "evidence": evidenceCommand, "ingest": ingestCommand,
		"catalog": catalogCommand, "login": loginCommand, "doctor": doctorCommand,
		"dispose": disposeCommand,
		"run":     runCommand, "due": dueCommand, "job": jobCommand,
		"archive": archiveCommand, "canary": canaryCommand,
		"convert": convertCommand,
	}
}

func init() { begin.Collect() }

func main() { os.Exit(Main()) }

// Main runs the program and gives its exit code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once, should something not heed the first
	all := commands()
	args := asked(os.Args[1:], all)
	switch {
	case len(os.Args) < 2:
		usage(all)
		return exitUsage
	case len(args) == 0:
		usage(all)
		return exitKept
	}
	cmd, ok := all[args[0]]
	if !ok {
		fmt.Fprintf(stderr, "arsring: there is no command %q; `arsring help` lists the commands\n", args[0])
		return exitUsage
	}
	boundMemory(args[0])
	code, err := cmd.run(ctx, args[1:])
	if err == nil {
		return code
	}
	return explain(err, cmd, code)
}

// asked gives the command with its arguments, where the usual ways to ask for help or the version are written otherwise; none: help is asked for.
func asked(args []string, all map[string]command) []string {
	if len(args) == 0 {
		return nil
	}
	switch args[0] {
	case "help", "--help", "-h":
		if len(args) < 2 {
			return nil
		}
		if all[args[1]].about == "" {
			return args[1:2] // which says that there is none
		}
		return []string{args[1], "--help"}
	case "--version", "-v":
		return append([]string{"version"}, args[1:]...)
	}
	return args
}

// softMemory is how many bytes of memory may be in use before freed memory is given back at once rather than in time: a page of a million
// letters leaves hundreds of megabytes behind it, and a daemon stands for years.
const softMemory = 96 << 20

// boundMemory sets softMemory unless GOMEMLIMIT says something else. Commands that read one large PDF are left alone: what they need is in use.
func boundMemory(command string) {
	if os.Getenv("GOMEMLIMIT") == "" && command != "pdfa" && command != "convert" {
		debug.SetMemoryLimit(softMemory)
	}
}

// explain prints an error once and gives its exit code.
func explain(err error, cmd command, code int) int {
	var use *app.UsageError
	var flagErr *flagError
	switch {
	case errors.As(err, &flagErr):
		if flagErr.help {
			fmt.Fprintf(stdout, "usage: arsring %s\n\n%s\n\n%s", cmd.usage, cmd.about, flagErr.flags)
			return exitKept
		}
		fmt.Fprintf(stderr, "arsring: %v\nusage: arsring %s\n", err, cmd.usage)
		return exitUsage
	case errors.As(err, &use), app.IsProblems(err), config.AsProblems(err) != nil:
		fmt.Fprintf(stderr, "arsring: %s\n", app.Sentence(err))
		return exitUsage
	}
	fmt.Fprintf(stderr, "arsring: %s\n", app.Sentence(err))
	if code == exitKept {
		code = exitFailed
	}
	return code
}

func usage(all map[string]command) {
	names := make([]string, 0, len(all))
	for n := range all {
		if all[n].about != "" { // a command without is started by the program itself
			names = append(names, n)
		}
	}
	sort.Strings(names)
	fmt.Fprintln(stdout, "arsring keeps what public bodies publish on other people's platforms.")
	fmt.Fprintln(stdout)
	for _, n := range names {
		fmt.Fprintf(stdout, "  arsring %-70s %s\n", all[n].usage, all[n].about)
	}
	fmt.Fprintln(stdout, "\nSettings come from --config FILE, the environment (ARSRING_...) and flags; config/arsring.example.yaml explains them all.")
}

var versionCommand = command{"version", "print the version", func(_ context.Context, args []string) (int, error) {
	if err := newFlags("version").parseAlone(args); err != nil {
		return exitUsage, err
	}
	fmt.Fprintln(stdout, "arsring", version())
	return exitKept, nil
}}

// released is set by the linker in a release build.
var released string

func version() string {
	if released != "" {
		return released
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "0.1.0-dev"
}
