package validators

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Chrome starts a browser with remote debugging on loopback, as one on another machine would be, and gives its address (ws://127.0.0.1:port) and what kills it.
// It ends with the test at the latest.
func Chrome(t testing.TB, flags ...string) (address string, kill func()) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "arsring-remote-")
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"--headless", "--remote-debugging-port=0", "--user-data-dir=" + dir, "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"}, flags...)
	cmd := exec.CommandContext(t.Context(), path, append(args, "about:blank")...)
	cmd.Env, cmd.Dir = append(os.Environ(), "HOME="+dir, "TMPDIR="+dir), dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() == 0 {
		u, err := user.Lookup("nobody")
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		if err := os.Chown(dir, int(uid), int(gid)); err != nil {
			t.Fatal(err)
		}
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	killed := false
	kill = func() {
		if !killed {
			killed = true
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			_ = cmd.Wait()
		}
	}
	t.Cleanup(func() {
		kill()
		for range 20 { // its last children may still write
			if os.RemoveAll(dir) == nil {
				break
			}
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, at, ok := strings.Cut(lines.Text(), "DevTools listening on ws://"); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			host, _, _ := strings.Cut(at, "/")
			return "ws://" + host, kill
		}
	}
	t.Fatal("the browser does not say where it listens")
	return "", nil
}
