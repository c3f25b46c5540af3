package register

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// told gathers what a watcher tells.
type told struct {
	changes  chan *Register
	problems chan error
}

func watch(t *testing.T, path string, poll time.Duration) (*Watcher, told) {
	t.Helper()
	x := told{make(chan *Register, 100), make(chan error, 100)}
	w, err := Watch(context.Background(), path, WatchOptions{Settle: 20 * time.Millisecond, Poll: poll,
		OnChange: func(_, after *Register) { x.changes <- after }, OnProblem: func(err error) { x.problems <- err }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w, x
}

func (x told) change(t *testing.T) *Register {
	t.Helper()
	select {
	case r := <-x.changes:
		return r
	case err := <-x.problems:
		t.Fatalf("a problem instead of a change: %v", err)
	case <-time.After(20 * time.Second):
		t.Fatal("no change was told")
	}
	return nil
}

func (x told) problem(t *testing.T) error {
	t.Helper()
	select {
	case err := <-x.problems:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("no problem was told")
	}
	return nil
}

// put replaces a file as editors do, by renaming.
func put(t *testing.T, path, body string) {
	t.Helper()
	tmp := filepath.Join(filepath.Dir(path), ".new")
	if err := os.WriteFile(tmp, []byte(body), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(tmp, path); err != nil {
		t.Fatal(err)
	}
}

func TestWatcherKeepsTheOldRegister(t *testing.T) {
	for name, sub := range map[string]string{"folder": "", "file": "k.yaml"} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string]string{"k.yaml": entryWith()})
			file := filepath.Join(dir, "k.yaml")
			w, x := watch(t, filepath.Join(dir, sub), time.Hour)
			first := w.Current()

			put(t, file, entryWith("title: B"))
			if r := x.change(t); r.Accounts[0].Title != "B" || w.Current() != r {
				t.Errorf("%+v", r.Accounts)
			}
			good := w.Current()
			for _, broken := range []string{entryWith("titel: C"), "accounts: [", "", entryWith() + "\tx"} {
				put(t, file, broken)
				if err := x.problem(t); !strings.Contains(err.Error(), dir) || AsProblems(err) == nil {
					t.Error(err)
				}
				if w.Current() != good {
					t.Fatal("a broken register took the place of a whole one")
				}
			}
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			_ = x.problem(t)
			if w.Current() != good {
				t.Error("a missing register took the place of a whole one")
			}
			put(t, file, entryWith("title: D"))
			if r := x.change(t); r.Accounts[0].Title != "D" {
				t.Errorf("%+v", r.Accounts)
			}
			if first.Accounts[0].Title != "A" {
				t.Error("an old register was changed")
			}
		})
	}
}

func TestWatcherSeesEveryKindOfChange(t *testing.T) {
	dir := folder(t, map[string]string{"k.yaml": entryWith()})
	w, x := watch(t, dir, time.Hour)
	second := filepath.Join(dir, "b.yaml")
	put(t, second, entryWith("id: b", "url: https://b.example"))
	if r := x.change(t); len(r.Accounts) != 2 {
		t.Error("a new file was not read")
	}
	if err := os.Remove(second); err != nil {
		t.Fatal(err)
	}
	if r := x.change(t); len(r.Accounts) != 1 {
		t.Error("a removed file still counts")
	}
	if _, err := Add(dir, minimal("c"), by("Eva"), Options{}); err != nil {
		t.Fatal(err)
	}
	if r := x.change(t); len(r.Accounts) != 2 {
		t.Error("our own edit was not read")
	}
	other := dir + "-new"
	if err := os.Mkdir(other, 0o750); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(other, "k.yaml"), entryWith("title: Utbytt"))
	if err := os.Rename(dir, dir+"-old"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(other, dir); err != nil {
		t.Fatal(err)
	}
	for r := x.change(t); r.Accounts[0].Title != "Utbytt"; r = x.change(t) {
	}
	_ = w
}

// Where nothing tells of changes, as on network file systems, looking finds them.
func TestWatcherLooks(t *testing.T) {
	dir := folder(t, map[string]string{"real.txt": entryWith()})
	link := filepath.Join(dir, "sub")
	if err := os.Mkdir(link, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "real.txt"), filepath.Join(link, "k.yaml")); err != nil {
		t.Fatal(err)
	}
	_, x := watch(t, link, 30*time.Millisecond) // the link's folder sees nothing of what happens to its target
	put(t, filepath.Join(dir, "real.txt"), entryWith("title: Sedd"))
	if r := x.change(t); r.Accounts[0].Title != "Sedd" {
		t.Errorf("%+v", r.Accounts)
	}
}

func TestReload(t *testing.T) {
	dir := folder(t, map[string]string{"k.yaml": entryWith()})
	w, x := watch(t, dir, time.Hour)
	if err := w.Reload(); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "k.yaml"), "accounts: [")
	if err := w.Reload(); err == nil {
		t.Error("a broken register was reloaded")
	}
	_ = x.problem(t)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-x.problems:
		t.Errorf("told twice: %v", err)
	case r := <-x.changes:
		t.Errorf("told of no change: %v", r)
	default:
	}
	if _, err := Watch(context.Background(), filepath.Join(dir, "none"), WatchOptions{}); !AsProblems(err).Has("missing") {
		t.Error(err)
	}
}
