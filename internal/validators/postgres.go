package validators

import (
	"bytes"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// PostgresServer is a database server of one test, in a folder of its own on loopback.
type PostgresServer struct {
	dir  string
	port int
	cred *syscall.Credential // nil: the tests' own user
	cmd  *exec.Cmd
	done chan struct{}
	n    atomic.Int64
}

// Postgres starts a database server that ends with the test. As root it runs as another user, since it refuses to run as root.
func Postgres(t testing.TB) *PostgresServer {
	t.Helper()
	dir, err := os.MkdirTemp("", "arsring-pg-")
	if err != nil {
		t.Fatal(err)
	}
	p := &PostgresServer{dir: dir}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if os.Getuid() == 0 {
		p.cred = otherUser(t, dir)
	}
	p.run(t, postgresProgram(t, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "arsring", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
	p.Start(t)
	t.Cleanup(func() { p.Stop(t) })
	return p
}

// otherUser gives the folder to a user that is not root.
func otherUser(t testing.TB, dir string) *syscall.Credential {
	t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 != nil || err2 != nil {
			continue
		}
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	t.Fatal("there is neither a user postgres nor a user nobody to run the database as")
	return nil
}

// postgresProgram finds a program of the newest Postgres on this machine; Debian keeps them out of PATH.
func postgresProgram(t testing.TB, name string) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return Path(t, name)
	}
	sort.Slice(found, func(i, j int) bool { return majorOf(found[i]) > majorOf(found[j]) })
	return found[0]
}

func majorOf(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

func (p *PostgresServer) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...) //nolint:noctx // ends with the test's own Stop
	cmd.Dir = p.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.cred, Setpgid: true}
	return cmd
}

func (p *PostgresServer) run(t testing.TB, program string, args ...string) {
	t.Helper()
	if out, err := p.command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
}

// Start starts the server again after Stop, at the same address.
func (p *PostgresServer) Start(t testing.TB) {
	t.Helper()
	for try := 0; ; try++ {
		if p.port == 0 || try > 0 {
			p.port = freePort(t)
		}
		var log bytes.Buffer
		p.cmd = p.command(postgresProgram(t, "postgres"), "-D", filepath.Join(p.dir, "data"), "-p", strconv.Itoa(p.port), "-k", p.dir,
			"-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "max_connections=200", "-c", "autovacuum=off")
		p.cmd.Stdout, p.cmd.Stderr = &log, &log
		p.cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT
		if err := p.cmd.Start(); err != nil {
			t.Fatal(err)
		}
		done, cmd := make(chan struct{}), p.cmd
		p.done = done
		go func() { _ = cmd.Wait(); close(done) }()
		if p.answers() {
			return
		}
		if try == 4 {
			t.Fatalf("Postgres does not start:\n%s", log.String())
		}
	}
}

// answers waits until the server takes connections, or has ended.
func (p *PostgresServer) answers() bool {
	for end := time.Now().Add(patience); time.Now().Before(end); {
		select {
		case <-p.done:
			p.cmd = nil
			return false
		case <-time.After(20 * time.Millisecond):
		}
		cmd := p.command(filepath.Join(filepath.Dir(p.cmd.Path), "psql"), "-h", "127.0.0.1", "-p", strconv.Itoa(p.port), "-U", "arsring", "-d", "postgres", "-Atc", "select 1")
		if cmd.Run() == nil {
			return true
		}
	}
	return false
}

// Stop stops the server at once, as a crash of the machine would.
func (p *PostgresServer) Stop(t testing.TB) {
	t.Helper()
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGQUIT)
	select {
	case <-p.done:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		t.Error("Postgres did not end")
	}
	p.cmd = nil
}

// Database makes a new, empty database and gives its address.
func (p *PostgresServer) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test%d", p.n.Add(1))
	p.run(t, filepath.Join(filepath.Dir(p.cmd.Path), "psql"), "-h", "127.0.0.1", "-p", strconv.Itoa(p.port), "-U", "arsring", "-d", "postgres", "-qc", "create database "+name)
	u := url.URL{Scheme: "postgres", User: url.User("arsring"), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)), Path: "/" + name}
	return u.String()
}

func freePort(t testing.TB) int {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port
}
