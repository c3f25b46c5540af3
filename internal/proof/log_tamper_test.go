package proof

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arsring/internal/archive"
)

// loggedWorld is a log of eight entries that somebody with the bucket's keys works on.
type loggedWorld struct {
	t   *testing.T
	s   *archive.Store
	l   *Log
	old []byte // its checkpoint when it had four entries
}

const cpKey = "default/_tlog/checkpoint"

func (w loggedWorld) file(key string) string { return onDisk(w.s, key) }
func (w loggedWorld) entry(n int64) string   { return entryKey("default", n) }
func (w loggedWorld) own() string            { return "default/_tlog/key/" + keyID(w.l.o.Key.Public()) }
func (w loggedWorld) do(err error)           { w.t.Helper(); do(w.t, err) }

func (w loggedWorld) swap(a, b string) {
	w.do(os.Rename(w.file(a), w.file("x")))
	w.do(os.Rename(w.file(b), w.file(a)))
	w.do(os.Rename(w.file("x"), w.file(b)))
}

// rollBack takes the log back to the time of the old checkpoint.
func (w loggedWorld) rollBack() {
	w.do(os.WriteFile(w.file(cpKey), w.old, 0o640))
	for n := int64(4); n < 8; n++ {
		w.do(os.Remove(w.file(w.entry(n))))
	}
}

// rewrite rolls back and goes on with other entries: what a daemon without memory would sign.
func (w loggedWorld) rewrite() {
	w.rollBack()
	forgetful := OpenLog(LogOptions{Store: w.s, Tenant: "default", Key: w.l.o.Key})
	for i := range 4 {
		_, err := forgetful.Append(w.t.Context(), line(100+i))
		w.do(err)
	}
}

// TestLogTampered wants each change named exactly, and nothing signed over what was changed before the end.
func TestLogTampered(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tamper func(w loggedWorld) (want []string)
		signs  bool // the next append goes through: what is known is still proven
	}{
		"nothing": {func(loggedWorld) []string { return nil }, true},
		"flipped": {func(w loggedWorld) []string {
			flip(w.t, w.file(w.entry(2)))
			return []string{FoundEntryAltered + " " + w.entry(2)}
		}, false},
		"signature flipped": {func(w loggedWorld) []string {
			data, err := os.ReadFile(w.file(w.entry(2)))
			w.do(err)
			i := strings.LastIndex(string(data), "arsring ") + 9 // in the hash of the key
			if data[i] != 'A' {
				data[i] = 'A'
			} else {
				data[i] = 'B'
			}
			w.do(os.WriteFile(w.file(w.entry(2)), data, 0o640))
			return []string{FoundEntryAltered + " " + w.entry(2)}
		}, true},
		"cut": {func(w loggedWorld) []string {
			w.do(os.Truncate(w.file(w.entry(6)), 40))
			return []string{FoundEntryAltered + " " + w.entry(6)}
		}, false},
		"removed": {func(w loggedWorld) []string {
			w.do(os.Remove(w.file(w.entry(3))))
			return []string{FoundEntryMissing + " " + w.entry(3)}
		}, false},
		"the last removed": {func(w loggedWorld) []string {
			w.do(os.Remove(w.file(w.entry(7))))
			return []string{FoundEntryMissing + " " + w.entry(7)}
		}, false},
		"swapped": {func(w loggedWorld) []string {
			w.swap(w.entry(1), w.entry(5))
			return []string{FoundEntryAltered + " " + w.entry(1), FoundEntryAltered + " " + w.entry(5)}
		}, false},
		"renamed": {func(w loggedWorld) []string {
			w.do(os.Rename(w.file(w.entry(4)), w.file("default/_tlog/entry/four")))
			return []string{FoundEntryMissing + " " + w.entry(4), FoundStray + " default/_tlog/entry/four"}
		}, false},
		"checkpoint flipped": {func(w loggedWorld) []string {
			data, err := os.ReadFile(w.file(cpKey))
			w.do(err)
			data[1] ^= 1
			w.do(os.WriteFile(w.file(cpKey), data, 0o640))
			return []string{FoundCheckpoint + " " + cpKey}
		}, true},
		"checkpoint removed": {func(w loggedWorld) []string {
			w.do(os.Remove(w.file(cpKey)))
			return []string{FoundCheckpoint + " " + cpKey}
		}, true},
		"checkpoint older": {func(w loggedWorld) []string {
			w.do(os.WriteFile(w.file(cpKey), w.old, 0o640))
			return []string{FoundRollback + " " + cpKey}
		}, true},
		"something added": {func(w loggedWorld) []string {
			w.do(os.WriteFile(w.file("default/_tlog/x"), nil, 0o640))
			return []string{FoundStray + " default/_tlog/x"}
		}, true},
		"public key flipped": {func(w loggedWorld) []string { flip(w.t, w.file(w.own())); return []string{FoundKey + " " + w.own()} }, true},
		"public key removed": {func(w loggedWorld) []string {
			w.do(os.Remove(w.file(w.own())))
			return []string{FoundKey + " " + w.own()}
		}, true},
		"rolled back":     {func(w loggedWorld) []string { w.rollBack(); return []string{FoundRollback + " " + cpKey} }, false},
		"another history": {func(w loggedWorld) []string { w.rewrite(); return []string{FoundRollback + " " + cpKey} }, false},
		"everything gone": {func(w loggedWorld) []string {
			w.do(os.RemoveAll(w.file("default")))
			return []string{FoundCheckpoint + " " + cpKey, FoundRollback + " " + cpKey, FoundKey + " " + w.own()}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := loggedWorld{t: t, s: openStore(t)}
			w.l = OpenLog(LogOptions{Store: w.s, Tenant: "default", Key: openKey(t), Memory: filepath.Join(t.TempDir(), "cp")})
			do(t, w.l.Announce(t.Context()))
			appendAll(t, w.l, 0, 4)
			var err error
			w.old, err = os.ReadFile(w.file(cpKey))
			do(t, err)
			appendAll(t, w.l, 4, 8)
			want := c.tamper(w)
			got := readAll(t, w.l)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("found:\n %s\nwant:\n %s", strings.Join(got, "\n "), strings.Join(want, "\n "))
			}
			next := OpenLog(LogOptions{Store: w.s, Tenant: "default", Key: w.l.o.Key, Memory: w.l.o.Memory})
			_, err = next.Append(t.Context(), line(8))
			var tampered *TamperedError
			if c.signs && err != nil || !c.signs && !errors.As(err, &tampered) {
				t.Errorf("the next append: %v", err)
			}
		})
	}
}

// TestKnownCheckpoint: somebody without the daemon's memory holds last year's checkpoint.
func TestKnownCheckpoint(t *testing.T) {
	t.Parallel()
	w := loggedWorld{t: t, s: openStore(t)}
	w.l = OpenLog(LogOptions{Store: w.s, Tenant: "default", Key: openKey(t)})
	do(t, w.l.Announce(t.Context()))
	appendAll(t, w.l, 0, 4)
	var err error
	w.old, err = os.ReadFile(w.file(cpKey))
	do(t, err)
	appendAll(t, w.l, 4, 8)
	kept, err := w.l.Checkpoint(t.Context())
	do(t, err)
	if got := readAll(t, w.l, kept); len(got) != 0 {
		t.Errorf("found: %v", got)
	}
	w.rewrite()
	if got := readAll(t, w.l); len(got) != 0 {
		t.Errorf("without memory nothing can be known, found: %v", got)
	}
	if got := readAll(t, w.l, kept); len(got) != 1 || got[0] != FoundRollback+" "+cpKey {
		t.Errorf("with last year's checkpoint: %v", got)
	}
	if _, err := w.l.ProveConsistency(t.Context(), kept); err == nil {
		t.Error("another history is proven to continue the first")
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	a, err := OpenKey(dir)
	do(t, err)
	b, err := OpenKey(dir)
	if err != nil || a.Public() != b.Public() {
		t.Fatalf("opened again: %v", err)
	}
	info, err := os.Stat(filepath.Join(dir, keyFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	do(t, a.Trust(openKey(t).Public()))
	if c, err := OpenKey(dir); err != nil || len(c.Trusted()) != 2 {
		t.Errorf("trusted after opening again: %v", err)
	}
	if err := a.Trust("arsring+x"); err == nil {
		t.Error("a key that is none was trusted")
	}
	do(t, os.WriteFile(filepath.Join(dir, trustFile), []byte("# andra maskiner\n\nfel\n"), 0o600))
	if _, err := OpenKey(dir); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("a broken list: %v", err)
	}
	do(t, os.WriteFile(filepath.Join(dir, keyFile), []byte("fel\n"), 0o600))
	if _, err := OpenKey(dir); err == nil || !strings.Contains(err.Error(), keyFile) {
		t.Errorf("a broken key: %v", err)
	}
}

func FuzzEntry(f *testing.F) {
	e, err := Entry{N: 3, Lines: []Line{{strings.Repeat("a", 64), "default/x/y/METS.xml"}}}.text()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(e)
	f.Add(fmt.Sprintf("%s\nplace 0\ntime 2026-10-15T08:00:00Z\n", entryHead))
	f.Fuzz(func(t *testing.T, text string) {
		e, err := parseEntry(text)
		if err != nil {
			return
		}
		if again, err := e.text(); err != nil || again != text {
			t.Errorf("%q reads as %+v and writes as %q, %v", text, e, again, err)
		}
	})
}
