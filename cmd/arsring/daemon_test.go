package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"arsring/internal/app"
	"arsring/internal/job"
	"arsring/testdata/sites"
)

// quickQueue is how tests have the queue worked: as the real one, only less patiently.
func quickQueue(o *app.Options) {
	o.Jobs = job.Options{Backoff: 50 * time.Millisecond, MaxBackoff: 500 * time.Millisecond, Poll: 50 * time.Millisecond, Beat: 100 * time.Millisecond, Dead: 2 * time.Second, Turn: 200 * time.Millisecond}
}

// town is a municipality with sample sites, and a data folder for each of its daemons.
type town struct {
	t       testing.TB
	dir     string
	tmp     string // of the daemons and their browsers
	site    string
	listen  string
	configs []string
	env     []string
}

// townOptions change what a town is made of.
type townOptions struct {
	accounts map[string]string // ID → path of its page, or a whole address
	database string            // empty: SQLite
	archive  string            // lines of the configuration; empty: the embedded store
	daemons  int
	parallel int    // captures at once of each daemon; 0: 2
	ordered  bool   // only what is ordered is taken: no window is open
	tick     string // how often the calendar is asked; empty: 1s
}

func newTown(t testing.TB, o townOptions) *town {
	t.Helper()
	w := &town{t: t, dir: tempDir(t)}
	if err := os.Chmod(w.dir, 0o711); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(sites.Handler(sites.Options{}))
	t.Cleanup(srv.Close)
	w.site = srv.URL
	tmp, err := os.MkdirTemp("", "k") // short: Chrome refuses sockets with long paths
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(tmp) })
	w.tmp = tmp
	if err := os.Chmod(tmp, 0o1777); err != nil {
		t.Fatal(err)
	}
	w.env = append(os.Environ(), "TMPDIR="+tmp)
	var reg strings.Builder
	reg.WriteString("accounts:\n")
	for id, path := range o.accounts {
		if strings.HasPrefix(path, "/") {
			path = w.site + path
		}
		fmt.Fprintf(&reg, entryForm, id, path, id)
	}
	w.write("register.yaml", reg.String())
	now := time.Now()
	for i := range max(1, o.daemons) {
		w.listen = freeAddress(t)
		open := now.AddDate(0, 0, -3)
		if o.ordered {
			open = now.AddDate(0, 3, 0)
		}
		database := ""
		if o.database != "" {
			database = "database: " + o.database + ", "
		}
		w.configs = append(w.configs, w.write(fmt.Sprintf("arsring%d.yaml", i), fmt.Sprintf(`data_dir: data%d
organisation: {name: Provkommun, id: "212000-0000"}
register: {path: register.yaml}
web: {listen: "%s"}
capture: {allow_private: [127.0.0.0/8], pause: 0s, parallel: %d}
calendar: {openings: ["0 0 %d %d *"], window_days: 5, hour_from: 0, hour_to: 0, forbidden: []}
jobs: {%stick: %s, grace: 20s}
log: {format: json, level: info}
%s`, i, w.listen, cmp.Or(o.parallel, 2), open.Day(), int(open.Month()), database, cmp.Or(o.tick, "1s"), o.archive)))
	}
	return w
}

const entryForm = `  - id: %s
    platform: web
    url: %s
    title: Kontot %s
    archive_creator: Nämnden
    unit: Enheten
    responsible: {name: Anna Exempel, email: anna@example.org}
    administrators:
      - {name: Anna Exempel, email: anna@example.org}
      - {name: Bo Prov, email: bo@example.org}
    substitute: {name: Cecilia Test, email: cecilia@example.org}
    purpose: Prov.
    sender: Provkommun
    since: 2024-05-01
    class: öppen
`

func (w *town) write(name, text string) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

func freeAddress(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// program runs the program to its end and gives what it printed.
func (w *town) program(code int, args ...string) string {
	w.t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command("arsring", args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = w.env, &out, &errs
	_ = cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != code {
		w.t.Fatalf("arsring %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, code, out.String(), errs.String())
	}
	return out.String()
}

// daemon is a running "arsring run".
type daemon struct {
	w    *town
	cmd  *exec.Cmd
	log  bytes.Buffer
	done chan struct{}
}

func (w *town) start(n int) *daemon { w.t.Helper(); return w.startAs("arsring-quick", n) }

func (w *town) startAs(program string, n int) *daemon {
	w.t.Helper()
	d := &daemon{w: w, cmd: exec.Command(program, "run", "--config", w.configs[n]), done: make(chan struct{})}
	d.cmd.Env, d.cmd.Stderr = w.env, &d.log
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := d.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	go func() { _ = d.cmd.Wait(); close(d.done) }()
	w.t.Cleanup(d.kill)
	return d
}

// kill ends it as kill -9 does, and only it.
func (d *daemon) kill() {
	_ = d.cmd.Process.Signal(syscall.SIGKILL)
	<-d.done
}

// stop ends it in order.
func (d *daemon) stop() {
	d.w.t.Helper()
	_ = d.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-d.done:
	case <-time.After(5 * time.Minute):
		d.w.t.Fatalf("it does not stop:\n%s", d.log.String())
	}
	if code := d.cmd.ProcessState.ExitCode(); code != 0 {
		d.w.t.Fatalf("it ended with %d:\n%s", code, d.log.String())
	}
}

// alive reports whether it has not ended.
func (d *daemon) alive() bool {
	select {
	case <-d.done:
		return false
	default:
		return true
	}
}

// wait waits for something that the daemon brings about, and gives up when it ends.
func (d *daemon) wait(what string, ready func() bool) {
	d.w.t.Helper()
	for end := time.Now().Add(10 * time.Minute); !ready(); {
		if !d.alive() {
			d.w.t.Fatalf("the daemon ended before %s:\n%s", what, d.log.String())
		}
		if time.Now().After(end) {
			d.kill()
			d.w.t.Fatalf("still not %s:\n%s", what, d.log.String())
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (w *town) jobs(n int) []job.Job {
	w.t.Helper()
	var out []job.Job
	for line := range strings.Lines(w.program(0, "job", "list", "--all", "--json", "--config", w.configs[n])) {
		var j job.Job
		if err := json.Unmarshal([]byte(line), &j); err != nil {
			w.t.Fatalf("%v: %s", err, line)
		}
		out = append(out, j)
	}
	return out
}

// unfinished counts the jobs that are not delivered.
func (w *town) unfinished(n int) int {
	w.t.Helper()
	k := 0
	for _, j := range w.jobs(n) {
		if j.State != job.Delivered {
			k++
		}
	}
	return k
}

func (w *town) get(path string) (int, string) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+w.listen+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	var b bytes.Buffer
	_, _ = b.ReadFrom(res.Body)
	return res.StatusCode, b.String()
}

// kept lists the packages in the archive.
type keptEntry struct {
	ID, Account, Tenant string
	Complete, Receipt   bool
}

func (w *town) list(n int) []keptEntry {
	w.t.Helper()
	var out []keptEntry
	for line := range strings.Lines(w.program(0, "list", "--json", "--config", w.configs[n])) {
		var e keptEntry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			w.t.Fatalf("%v: %s", err, line)
		}
		out = append(out, e)
	}
	return out
}

// checkNothingLeft sees that spool and browsers are gone.
func (w *town) checkNothingLeft() {
	w.t.Helper()
	for i := range w.configs {
		left, _ := filepath.Glob(filepath.Join(w.dir, fmt.Sprintf("data%d", i), "spool", "*", "*"))
		if len(left) > 0 {
			w.t.Errorf("left in the spool: %v", left)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(w.tmp, "*")); len(left) > 0 {
		w.t.Errorf("left in the temporary folder: %v", left)
	}
	if left := append(processesWith(w.dir), processesWith(w.tmp)...); len(left) > 0 {
		w.t.Errorf("processes are left: %v", left)
	}
}

// processesWith gives the processes on whose command line a folder stands.
func processesWith(dir string) []string {
	var out []string
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range files {
		if data, err := os.ReadFile(f); err == nil && bytes.Contains(data, []byte(dir)) {
			out = append(out, f+" "+string(bytes.ReplaceAll(data[:min(len(data), 200)], []byte{0}, []byte{' '})))
		}
	}
	return out
}

// TestDaemon takes every account's snapshot by itself, tells how it is, reads a register anew and stops in order.
func TestDaemon(t *testing.T) {
	t.Parallel()
	w := newTown(t, townOptions{accounts: map[string]string{"kampanj": "/campaign/", "borta": "/no-such-page"}})
	d := w.start(0)
	d.wait("ready", func() bool { code, _ := w.get("/readyz"); return code == 200 })
	if code, body := w.get("/livez"); code != 200 || body != "ok\n" {
		t.Errorf("livez: %d %s", code, body)
	}
	state := func(account string) job.State {
		for _, j := range w.jobs(0) {
			if j.Account == account {
				return j.State
			}
		}
		return ""
	}
	due := func(account string) (d app.Due) {
		for line := range strings.Lines(w.program(0, "due", "--json", "--config", w.configs[0], "--on", time.Now().AddDate(0, 0, 2).Format(time.DateOnly))) {
			if err := json.Unmarshal([]byte(line), &d); err != nil {
				t.Fatal(err)
			}
			if d.Account == account {
				return d
			}
		}
		t.Fatalf("due is silent about %s", account)
		return d
	}
	w.program(0, "job", "order", "kampanj", "--reason", "före ombyggnad", "--config", w.configs[0])
	d.wait("manual snapshot delivered", func() bool { return state("kampanj") == job.Delivered })
	w.program(0, "job", "order", "borta", "--config", w.configs[0])
	d.wait("wall seen", func() bool { return state("borta") == job.NeedsPerson })
	if got := due("kampanj"); got.Status != "kept" || got.KeptID == "" || got.Why.SV == "" {
		t.Errorf("due: %+v", got)
	}
	if got := due("borta"); got.Status != "due" && got.Status != "overdue" {
		t.Errorf("due: %+v", got)
	}
	w.program(2, "run", "--config", w.configs[0], "extra")
	second := w.start(0)
	<-second.done
	if code := second.cmd.ProcessState.ExitCode(); code == 0 {
		t.Errorf("a second daemon in the same data folder ended with %d:\n%s", code, second.log.String())
	}
	// A broken register keeps the old one; a mended one holds at once.
	text, _ := os.ReadFile(filepath.Join(w.dir, "register.yaml"))
	w.write("register.yaml", "accounts: [")
	d.wait("told of the broken register", func() bool { return strings.Contains(d.log.String(), "the register is broken") })
	w.write("register.yaml", string(text)+fmt.Sprintf(entryForm, "ny", w.site+"/campaign/", "ny"))
	_ = d.cmd.Process.Signal(syscall.SIGHUP)
	d.wait("new register read", func() bool { return strings.Contains(d.log.String(), "A new register holds: 3 accounts") })
	for _, j := range w.jobs(0) {
		if j.State == job.NeedsPerson || j.State == job.Waiting {
			w.program(0, "job", "cancel", fmt.Sprint(j.ID), "--config", w.configs[0])
		}
	}
	d.stop()
	w.checkNothingLeft()
}
