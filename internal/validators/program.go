package validators

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// patience is how long one run of a program may take before its test fails: generous, because
// the machine may be busy with a browser and a compiler at the same time.
const patience = 10 * time.Minute

// Path finds the first of the given programs, first among those that "make tools" has put into
// ${ARSRING_TOOLS:-$HOME/.cache/arsring/tools}/bin, then in PATH. None there ends the test.
func Path(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		own := filepath.Join(toolsDir(), "bin", name)
		if found, err := exec.LookPath(own); err == nil {
			return found
		}
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	t.Fatalf("%s is not installed: run make tools", names[0])
	return ""
}

// Chromium finds the browser that the tests drive, by the names it has on different systems.
func Chromium(t testing.TB) string {
	t.Helper()
	return Path(t, "chromium", "chromium-browser", "google-chrome")
}

// toolsDir is the folder that .ci/tools.sh installs into.
func toolsDir() string {
	if dir := os.Getenv("ARSRING_TOOLS"); dir != "" {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return string(filepath.Separator)
	}
	return filepath.Join(home, ".cache", "arsring", "tools")
}

// output is what a program said before it ended.
type output struct {
	stdout, stderr []byte
	err            error // how it ended: nil, *exec.ExitError, or that it could not be started
}

// run starts a program in a process group of its own, so that a wrapper's children end with it.
func run(t testing.TB, program string, args ...string) output {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	return output{stdout.Bytes(), stderr.Bytes(), err}
}

// mustRun is run for a program whose exit code says whether its output can be believed.
func mustRun(t testing.TB, program string, args ...string) []byte {
	t.Helper()
	out := run(t, program, args...)
	if out.err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, out.err, out.stderr)
	}
	return out.stdout
}

// absolute turns a test's path into the one the programs report, and ends the test if nothing is there.
func absolute(t testing.TB, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Fatalf("nothing to validate: %v", err)
	}
	return path
}
