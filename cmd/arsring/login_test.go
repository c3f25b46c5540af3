package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/remote"

	"arsring/testdata/sites"
)

// member is a municipality whose account is behind a login.
type member struct {
	t    *testing.T
	data string
	srv  *httptest.Server
	site sites.Site
	env  []string
}

func newMember(t *testing.T) *member {
	t.Helper()
	o := sites.Options{Now: time.Now(), Comments: true, Posts: 30}
	m := &member{t: t, data: tempDir(t), srv: httptest.NewServer(sites.Handler(o))}
	t.Cleanup(m.srv.Close)
	var ok bool
	if m.site, ok = sites.ByName("members", o); !ok {
		t.Fatal("no site")
	}
	entry := strings.ReplaceAll(fixtureRegister(m.srv.URL), "/sida\n", "/members/\n    login_profile: kommunen\n")
	if err := os.MkdirAll(filepath.Join(m.data, "register"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(m.data, "register", "register.yaml"), []byte(entry), 0o600); err != nil {
		t.Fatal(err)
	}
	m.env = append(os.Environ(), "ARSRING_CAPTURE_ALLOW_PRIVATE=127.0.0.1", "ARSRING_DATA_DIR="+m.data)
	return m
}

func (m *member) run(args ...string) (code int, stdout, stderr string) {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), 5*time.Minute)
	defer cancel()
	var out, bad bytes.Buffer
	cmd := exec.CommandContext(ctx, "arsring", args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = m.env, &out, &bad
	_ = cmd.Run() // the exit code says it
	return cmd.ProcessState.ExitCode(), out.String(), bad.String()
}

// login runs `arsring login` with a person who does what act says in the browser and then presses Return.
func (m *member) login(act func(ctx context.Context), args ...string) (code int, stderr string) {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "arsring", append([]string{"login", "kommunen", "--remote-debugging", "127.0.0.1:0", "--json"}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	var bad bytes.Buffer
	cmd.Env, cmd.Stderr = m.env, &bad
	in, err := cmd.StdinPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	var ready struct{ Attach, Page string }
	line, err := lines.ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &ready) != nil || !strings.HasPrefix(ready.Attach, "http://127.0.0.1:") {
		_ = cmd.Wait()
		m.t.Fatalf("%v %s %s", err, line, bad.String())
	}
	rctx, rcancel := remote.NewAllocator(ctx, ready.Attach)
	tctx, tcancel := chromedp.NewContext(rctx, chromedp.WithTargetID(pageOf(m.t, ready.Attach)))
	act(tctx)
	tcancel()
	rcancel()
	_, _ = io.WriteString(in, "\n")
	_, _ = io.Copy(io.Discard, lines)
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), bad.String()
}

// pageOf finds the one open page, as developer tools do.
func pageOf(t *testing.T, attach string) target.ID {
	t.Helper()
	res, err := http.Get(attach + "/json/list")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var all []struct{ ID, Type string }
	if err := json.NewDecoder(res.Body).Decode(&all); err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Type == "page" {
			return target.ID(p.ID)
		}
	}
	t.Fatal("no page")
	return ""
}

// fill logs in as a person does.
func (m *member) fill(ctx context.Context) {
	m.t.Helper()
	err := chromedp.Do(ctx, chromedp.WaitVisible(`input[name=pass]`), chromedp.SendKeys(`input[name=email]`, "siv"), chromedp.SendKeys(`input[name=pass]`, plantedPassword),
		chromedp.Click(`button[name=login]`), chromedp.WaitVisible(`aside.chats`))
	if err != nil {
		m.t.Error(err)
	}
}

const plantedPassword = "hemligt-losenord-1f6c2d"

// snapshot takes one of the account behind the login.
func (m *member) snapshot() (code int, r snapshotLine, said string) {
	m.t.Helper()
	code, stdout, stderr := m.run("snapshot", "badplatser", "--since", "2000-01-01", "--json")
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		m.t.Fatalf("%v: %s%s", err, stdout, stderr)
	}
	return code, r, stdout + stderr
}

type snapshotLine struct {
	ID, Outcome, State, Code, Sentence string
	Posts                              int
	Interventions                      []struct{ Act, What string }
	Missing                            []struct{ Code, Text string }
}

// copiesLeft lists readable copies of logins that no process uses any more.
func copiesLeft(t *testing.T) []string {
	t.Helper()
	var left []string
	for _, dir := range []string{"/dev/shm", filepath.Dir(tempDir(t))} {
		found, err := filepath.Glob(filepath.Join(dir, "arsring-login-*.lock"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			l, err := os.Open(f)
			if err != nil {
				continue // it was removed meanwhile, or is another user's
			}
			if syscall.Flock(int(l.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
				left = append(left, f)
			}
			_ = l.Close()
		}
	}
	return left
}

// TestLogin goes the whole way of a login: nobody logged in, somebody did, the whole feed is kept, the platform ends the login.
func TestLogin(t *testing.T) {
	m := newMember(t)
	sealed := filepath.Join(m.data, "vault", "kommunen.vault")
	planted := watchSecrets(t, []string{sites.PlantedCookie, sites.PlantedToken, sites.PlantedPrivate, plantedPassword})

	code, r, said := m.snapshot()
	if code != exitFailed || r.State != "needs-person" || !strings.Contains(r.Sentence, "arsring login kommunen") {
		t.Fatalf("without the login: %d %+v", code, r)
	}
	planted.text("output without login", said)
	code, stderr := m.login(func(context.Context) {})
	if code != exitFailed || !strings.Contains(stderr, "does not look like a login") {
		t.Errorf("nobody logged in: %d %s", code, stderr)
	}
	if _, err := os.Stat(sealed); err == nil {
		t.Error("a login was stored although nobody logged in")
	}
	if code, stderr = m.login(m.fill); code != exitKept {
		t.Fatalf("%d %s", code, stderr)
	}
	planted.text("output of login", stderr)

	code, r, said = m.snapshot()
	if code != exitKept || r.Outcome != "complete" || r.Posts != len(m.site.Truth.Posts) {
		t.Errorf("with the login: %d %+v, want %d posts", code, r, len(m.site.Truth.Posts))
	}
	if !strings.Contains(said, `"private-hidden"`) {
		t.Errorf("the hidden part is not listed: %s", said)
	}
	planted.text("output of the snapshot", said)
	if code, stdout, _ := m.run("login", "--check"); code != exitKept || !strings.Contains(stdout, "kommunen: inloggad") {
		t.Errorf("check: %d %s", code, stdout)
	}
	code, stdout, _ := m.run("login", "--list", "--json")
	if code != exitKept || !strings.Contains(stdout, `"state":"ok"`) || !strings.Contains(stdout, `"accounts":["default/badplatser"]`) {
		t.Errorf("list: %d %s", code, stdout)
	}

	before, err := os.ReadFile(sealed)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := http.Get(m.srv.URL + "/members/logout"); err != nil {
		t.Fatal(err)
	} else if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	code, r, said = m.snapshot()
	if code != exitPage || r.Outcome != "login-wall" || r.Code != "login-expired" || r.State != "needs-person" {
		t.Errorf("after the platform's logout: %d %+v", code, r)
	}
	planted.text("output when logged out", said)
	if after, err := os.ReadFile(sealed); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the stored login was changed by a logged-out run: %v", err)
	}
	if code, stdout, _ := m.run("login", "--check", "kommunen"); code != exitFailed || !strings.Contains(stdout, "INTE INLOGGAD") {
		t.Errorf("check when logged out: %d %s", code, stdout)
	}
	if left := copiesLeft(t); len(left) > 0 {
		t.Errorf("readable copies are left: %q", left)
	}
	planted.folder(m.data)
	planted.processes()
	if code, _, _ := m.run("login", "--remove", "kommunen"); code != exitKept {
		t.Error("remove")
	}
	if code, _, stderr := m.run("login", "--remove", "kommunen"); code != exitFailed || !strings.Contains(stderr, "no login") {
		t.Errorf("remove again: %s", stderr)
	}
}
