package validators

import (
	"bufio"
	_ "embed"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

//go:embed oidc_provider.mjs
var oidcProvider []byte

// StartProvider starts a real OpenID Connect provider (npm oidc-provider) as a process of its own until the test ends, and gives its issuer address.
// Its one client is "arsring" with the secret "hemlig-men-bara-i-prov"; whoever signs in with any password is in the groups that follow the
// first dash of the name.
func StartProvider(t testing.TB, redirectURL string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "provider.mjs")
	if err := os.WriteFile(file, oidcProvider, 0o600); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := strconv.Itoa(ln.Addr().(*net.TCPAddr).Port)
	ln.Close()
	cmd := exec.CommandContext(t.Context(), Path(t, "node"), file, PageTests(t), port, redirectURL)
	cmd.Stderr, cmd.SysProcAttr = os.Stderr, &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if lines.Text() == "ready" {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return "http://127.0.0.1:" + port
		}
	}
	t.Fatal("the provider did not start")
	return ""
}
