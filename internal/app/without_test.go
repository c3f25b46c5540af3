package app

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"arsring/internal/archive"
	"arsring/internal/validators"
)

// shellCheck is the script in docs/verify-without-arsring.md.
func shellCheck(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "verify-without-arsring.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(data), "```sh\n")
	script, _, end := strings.Cut(rest, "```")
	if !ok || !end {
		t.Fatal("the document holds no script")
	}
	if n := strings.Count(script, "\n"); n > 30 {
		t.Errorf("the script has %d lines", n)
	}
	name := filepath.Join(t.TempDir(), "kontrollera.sh")
	if err := os.WriteFile(name, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// runCheck runs the script over a folder; quick without veraPDF and commons-ip.
func runCheck(t *testing.T, script, dir string, quick bool) (said string, ok bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", script, dir)
	cmd.Env = append(os.Environ(), "VERAPDF=/finns/inte", "COMMONS_IP=/finns/inte")
	if !quick {
		cmd.Env = append(os.Environ(), "VERAPDF="+validators.Path(t, "verapdf"), "COMMONS_IP="+validators.Path(t, "commons-ip"))
	}
	var out, bad bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &bad
	err := cmd.Run()
	if bad.Len() > 0 {
		t.Errorf("the script complains: %s", bad.String())
	}
	return out.String(), err == nil
}

// TestVerifyWithoutUs: the document's script, with other people's tools, agrees with verify: on an archive that is whole, on one from which something was
// lawfully removed, and on every kind of change.
func TestVerifyWithoutUs(t *testing.T) {
	t.Parallel()
	script := shellCheck(t)
	w := &tamperer{smallArchive: newArchive(t, stampedBy(validators.StartAuthority(t))), in: map[string][]string{}, used: map[string]bool{}}
	one, two, goes := w.keep(account(1)), w.keep(account(2)), w.keep(gallras(3, "2y"))
	w.set(w.today().AddDate(3, 0, 0))
	if _, err := w.Dispose(t.Context(), goes, "Anna Exempel"); err != nil {
		t.Fatal(err)
	}
	// carried copies the store's folder as somebody with an S3 client would get it.
	carried := func() string {
		t.Helper()
		dir := filepath.Join(testDir(t), "arkiv")
		for _, key := range w.keys() {
			data, _, err := w.opened().Get(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Join(dir, filepath.FromSlash(key))
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	if said, ok := runCheck(t, script, carried(), false); !ok || said != "Inga avvikelser.\n" {
		t.Errorf("a whole archive: %s", said)
	}
	target := filepath.Join(testDir(t), "arkiv")
	if _, err := w.Carry(t.Context(), archive.Pick{}, target); err != nil {
		t.Fatal(err)
	}
	if said, ok := runCheck(t, script, target, true); !ok {
		t.Errorf("an exported archive: %s", said)
	}
	if got := w.findings(); len(got) != 0 {
		t.Errorf("verify: %v", got)
	}
	pdf, content := w.name(one)+"/representations/pdfa/data/record.pdf", w.name(two)+"/representations/content/data/content.json"
	for name, c := range map[string]struct {
		tamper func()
		says   string
	}{
		"flip": {func() {
			data := append([]byte{}, w.read(pdf)...)
			data[len(data)/2] ^= 1
			w.write(pdf, data)
		}, "representations/pdfa/data/record.pdf: FAILED"},
		"delete":   {func() { w.read(content); w.must(os.Remove(w.file(content))) }, "representations/content/data/content.json: FAILED"},
		"add":      {func() { w.add(w.name(one)+"/extra.xml", []byte("x")) }, "nämns inte i METS: ./extra.xml"},
		"METS":     {func() { w.write(w.name(two)+"/METS.xml", append(w.read(w.name(two)+"/METS.xml"), '\n')) }, "tidsstämpeln gäller inte"},
		"token":    {func() { w.write(w.name(one)+".tsr", append([]byte{}, w.read(w.name(two)+".tsr")...)) }, "tidsstämpeln gäller inte"},
		"no entry": {func() { k := logIn + "entry/000000001"; w.read(k); w.must(os.Remove(w.file(k))) }, "entry 1 saknas"},
		"package": {func() {
			for _, key := range w.keys() {
				if strings.HasPrefix(key, w.name(two)+"/") {
					w.read(key)
					w.must(os.Remove(w.file(key)))
				}
			}
		}, "loggen: " + w.name(two) + "/METS.xml: FAILED"},
	} {
		if name == "token" { // what is overwritten is put back, too
			w.read(w.name(one) + ".tsr")
		}
		c.tamper()
		said, ok := runCheck(t, script, carried(), true)
		if ok || !strings.Contains(said, c.says) {
			t.Errorf("%s: the script says %q", name, said)
		}
		if got := w.findings(); len(got) == 0 {
			t.Errorf("%s: verify finds nothing", name)
		}
		w.restore()
	}
	if got := w.findings(); len(got) != 0 {
		t.Errorf("put back: %v", got)
	}
}
