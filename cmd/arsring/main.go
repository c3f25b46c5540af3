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

func main() { os.Exit(Main()) }

// Main runs the program and gives its exit code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	all := commands()
	if len(os.Args) < 2 || os.Args[1] == "help" || os.Args[1] == "--help" || os.Args[1] == "-h" {
		usage(all)
		if len(os.Args) < 2 {
			return exitUsage
		}
		return exitKept
	}
	cmd, ok := all[os.Args[1]]
	if !ok {
		fmt.Fprintf(stderr, "arsring: there is no command %q; `arsring help` lists the commands\n", os.Args[1])
		return exitUsage
	}
	boundMemory(os.Args[1])
	code, err := cmd.run(ctx, os.Args[2:])
	if err == nil {
		return code
	}
	return explain(err, cmd, code)
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
