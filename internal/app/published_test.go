package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"arsring/config"
	"arsring/internal/archive"
	"arsring/internal/register"
)

// machines share one archive; each has a data folder and register files of its own.
type machines struct {
	t     *testing.T
	store archive.Options
}

func newMachines(t *testing.T) *machines {
	t.Helper()
	a, err := testApp(testDir(t))
	if err != nil {
		t.Fatal(err)
	}
	e, err := archive.StartEmbedded(t.Context(), a.EmbeddedOptions())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return &machines{t, e.Options()}
}

// machine makes one; text is its register file, empty for none.
func (m *machines) machine(name, text string) *App {
	m.t.Helper()
	a, err := testApp(testDir(m.t))
	if err != nil {
		m.t.Fatal(err)
	}
	c := &a.cfg
	c.Archive.Endpoint, c.Archive.Region, c.Archive.Bucket, c.Archive.CAFile = m.store.Endpoint, m.store.Region, m.store.Bucket, m.store.CAFile
	c.Archive.AccessKey, c.Archive.SecretKey = config.NewSecret(m.store.AccessKey), config.NewSecret(m.store.SecretKey)
	c.Web.URL = "https://" + name + ".example.org"
	c.Register.Path = filepath.Join(c.DataDir, "register.yaml")
	if text != "" {
		m.write(a, text)
	}
	m.t.Cleanup(func() { _ = a.Close() })
	return a
}

func (m *machines) write(a *App, text string) {
	m.t.Helper()
	if err := os.WriteFile(a.cfg.Register.Path, []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

const sharedEntry = "  - {id: %s, platform: web, url: \"https://%[1]s.example.org/\", title: %q, archive_creator: N, unit: E, responsible: {name: A, email: a@example.org}, administrators: [{name: A, email: a@example.org}, {name: B, email: b@example.org}], since: 2024-01-01, class: öppen}\n"

func sharedText(titles ...string) string {
	var b strings.Builder
	b.WriteString("# registret\naccounts:\n")
	for i, title := range titles {
		fmt.Fprintf(&b, sharedEntry, fmt.Sprintf("konto-%d", i), title)
	}
	return b.String()
}

// look lets a machine look at what is published and gives the titles that hold there.
func (m *machines) look(a *App) (string, error) {
	m.t.Helper()
	got, err := a.shareRegister(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	return titles(m.t, a), got.apart
}

func titles(t *testing.T, a *App) string {
	t.Helper()
	r, err := a.Register()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range r.Accounts {
		out = append(out, r.Accounts[i].Title)
	}
	return strings.Join(out, ",")
}

// holds looks and fails when something else holds.
func (m *machines) holds(what string, a *App, want string) {
	m.t.Helper()
	if got, apart := m.look(a); got != want || apart != nil {
		m.t.Errorf("%s: %q holds, want %q (%v)", what, got, want, apart)
	}
}

func retitle(a *App, id, title string) error {
	r, err := a.Register()
	if err != nil {
		return err
	}
	acc, err := r.Find(id)
	if err != nil {
		return err
	}
	acc.Title = title
	return (&webAccounts{a: a}).Update(acc, register.Change{By: "Anna Exempel", At: a.now()})
}

// TestSharedRegister: what is changed on one machine's page reaches the others; who has no files, or may not write, reads; nothing is lost when two change.
func TestSharedRegister(t *testing.T) {
	m := newMachines(t)
	one := m.machine("ett", sharedText("A", "B"))
	reads := m.machine("las", "")
	if _, err := reads.Register(); err == nil {
		t.Error("a register where there is none")
	}
	if got, err := reads.shareRegister(t.Context()); err != nil || got.holds != nil {
		t.Errorf("before anything is published: %+v %v", got, err)
	}
	m.holds("published", one, "A,B")
	m.holds("read", reads, "A,B")
	if err := retitle(reads, "konto-0", "X"); err == nil || !strings.Contains(err.Error(), "https://ett.example.org") {
		t.Errorf("changed where there are no files: %v", err)
	}
	two := m.machine("tva", sharedText("A", "B"))
	m.holds("the same files", two, "A,B")
	closed := m.machine("bara-las", sharedText("gammalt"))
	closed.cfg.Register.Write = false
	m.holds("may not write", closed, "A,B")

	// From one page to the other, both ways, at once and without waiting for a tick; the files follow and keep their comment.
	if err := retitle(one, "konto-0", "A1"); err != nil {
		t.Fatal(err)
	}
	m.holds("read again", reads, "A1,B")
	if err := retitle(two, "konto-1", "B2"); err != nil {
		t.Fatal(err)
	}
	m.holds("followed", one, "A1,B2")
	m.holds("read again", closed, "A1,B2")
	for _, a := range []*App{one, two} {
		if text, _ := os.ReadFile(a.cfg.Register.Path); !strings.HasPrefix(string(text), "# registret\n") || !strings.Contains(string(text), "A1") || !strings.Contains(string(text), "B2") {
			t.Errorf("the file of %s:\n%s", a.cfg.Web.URL, text)
		}
	}
	// By hand in a file, too.
	m.write(two, sharedText("A1", "B2", "C"))
	m.holds("published from the file", two, "A1,B2,C")
	m.holds("followed", one, "A1,B2,C")

	// Both by hand: who is first holds, the other is told, and nothing of its file is touched.
	m.write(one, sharedText("ett", "B2", "C"))
	m.write(two, sharedText("två", "B2", "C"))
	m.holds("the first", one, "ett,B2,C")
	if got, apart := m.look(two); got != "ett,B2,C" || apart == nil || !strings.Contains(personText(apart).SV, "arsring register publish") {
		t.Errorf("the second: %q holds, %v", got, apart)
	}
	if err := retitle(two, "konto-2", "C2"); err == nil {
		t.Error("a page changed files that do not hold")
	}
	if text, _ := os.ReadFile(two.cfg.Register.Path); !strings.Contains(string(text), "två") {
		t.Errorf("the file that lost was touched:\n%s", text)
	}
	if p, err := two.PublishRegister(t.Context()); err != nil || p.Accounts != 3 || p.Replaced == "" {
		t.Errorf("%+v %v", p, err)
	}
	m.holds("decided", two, "två,B2,C")
	m.holds("and followed", one, "två,B2,C")
	// A machine whose data folder is gone knows its own old file again.
	for _, f := range []string{one.baseFile(), one.heldFile()} {
		_ = os.Remove(f)
	}
	m.write(one, sharedText("A1", "B2"))
	m.holds("an old file", one, "två,B2,C")
	// What cannot follow by itself is told.
	m.write(two, sharedText("två", "B2"))
	m.holds("an account taken out", two, "två,B2")
	if got, apart := m.look(one); got != "två,B2" || apart == nil {
		t.Errorf("%q holds, %v", got, apart)
	}
	m.versions(one, 7)
}

// versions counts the versions that lie in the archive.
func (m *machines) versions(a *App, least int) {
	m.t.Helper()
	s, err := a.Store(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	n := 0
	for _, err := range s.ListKeys(m.t.Context(), publishedVersions) {
		if err != nil {
			m.t.Fatal(err)
		}
		n++
	}
	cur, err := a.readPublished(m.t.Context(), s)
	if err != nil || n < least || len(cur.Past) < least-1 {
		m.t.Errorf("%d versions, %d past: %v", n, len(cur.Past), err)
	}
	if entries, err := s.List(m.t.Context(), archive.ListFilter{}); err != nil || len(entries) != 0 {
		m.t.Errorf("the register is listed among the packages: %v %v", entries, err)
	}
}

// TestRegisterRace: two pages change the register at the same time, again and again. Every change that was not refused is there in the end.
func TestRegisterRace(t *testing.T) {
	m := newMachines(t)
	n := int64(4)
	if os.Getenv("ARSRING_SOAK") != "" {
		n = 30
	}
	pair := [2]*App{m.machine("ett", sharedText("A", "B")), m.machine("tva", sharedText("A", "B"))}
	m.holds("published", pair[0], "A,B")
	m.holds("the same", pair[1], "A,B")
	said := [2]string{"A", "B"} // the last title that was taken, perhaps none but the first
	var refused atomic.Int64
	var both sync.WaitGroup
	for i, a := range pair {
		both.Go(func() {
			for k := range n {
				switch err := retitle(a, fmt.Sprintf("konto-%d", i), fmt.Sprint(k)); {
				case err == nil:
					said[i] = fmt.Sprint(k)
				case !strings.Contains(err.Error(), "meantime"):
					t.Errorf("machine %d, change %d: %v", i, k, err)
				default:
					refused.Add(1)
				}
			}
		})
	}
	both.Wait()
	want := said[0] + "," + said[1]
	for _, a := range pair {
		m.holds("in the end", a, want)
	}
	t.Logf("%d changes, %d refused, %s holds", 2*n, refused.Load(), want)
}

// TestReaderDaemon: a daemon without register files lives by what another machine published, and learns of changes.
func TestReaderDaemon(t *testing.T) {
	m := newMachines(t)
	one := m.machine("ett", sharedText("A", "B"))
	two := m.machine("tva", "")
	if _, err := two.newDaemon(t.Context(), t.Context()); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("a daemon without a register: %v", err)
	}
	m.holds("published", one, "A,B")
	var seen []string
	two.hooks.Events = func(e Event) { seen = append(seen, string(e.Kind)) }
	d, err := two.newDaemon(t.Context(), t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	if r, err := d.current(); err != nil || len(r.Accounts) != 2 {
		t.Fatalf("%v %v", r, err)
	}
	if err := retitle(one, "konto-0", "A1"); err != nil {
		t.Fatal(err)
	}
	if err := d.share(t.Context()); err != nil || d.holds().Accounts[0].Title != "A1" || len(seen) != 1 || seen[0] != string(EventRegister) {
		t.Errorf("%v, told %v", err, seen)
	}
	// Also when the archive is away at its next start.
	d.close()
	cfg := two.cfg
	cfg.Archive.Endpoint = "https://127.0.0.1:1"
	away := New(Options{Config: cfg})
	again, err := away.newDaemon(t.Context(), t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer again.close()
	if again.holds().Accounts[0].Title != "A1" {
		t.Errorf("%+v", again.holds().Accounts[0])
	}
}
