package main

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding/unicode"
)

// planting looks for planted secrets wherever the program may have left them: as they are, and in the spellings in which they travel.
type planting struct {
	t     *testing.T
	forms map[string]string // spelling → secret
	stop  chan struct{}
	wait  sync.WaitGroup

	mu   sync.Mutex
	args map[string]string // command line → secret
	seen int               // command lines looked at
	said []string          // what a person wrote on a command line
}

// watchSecrets watches the command lines of all processes from now on.
func watchSecrets(t *testing.T, secrets []string) *planting {
	t.Helper()
	p := &planting{t: t, forms: map[string]string{}, stop: make(chan struct{}), args: map[string]string{}}
	for _, s := range secrets {
		p.know(s)
	}
	p.wait.Add(1)
	go p.watch()
	t.Cleanup(p.processes)
	return p
}

// know adds a secret in its spellings.
func (p *planting) know(s string) {
	p.t.Helper()
	wide, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(s)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, f := range []string{s, url.QueryEscape(s), url.PathEscape(s), base64.StdEncoding.EncodeToString([]byte(s)), hex.EncodeToString([]byte(s)), strings.ToUpper(hex.EncodeToString([]byte(wide))), wide} {
		p.forms[f] = s
	}
}

func (p *planting) watch() {
	defer p.wait.Done()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	known := map[string]bool{} // process and start of its command line
	for {
		select {
		case <-p.stop:
			return
		case <-tick.C:
		}
		files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil || known[f+string(b)] {
				continue // it has ended
			}
			known[f+string(b)] = true
			p.mu.Lock()
			p.seen++
			if s := p.in(p.own(b)); s != "" {
				p.args[string(bytes.ReplaceAll(b, []byte{0}, []byte{' '}))] = s
			}
			p.mu.Unlock()
		}
	}
}

// allow takes an address that a person writes on the program's own command line.
func (p *planting) allow(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, address)
}

// own leaves out of a command line what a person wrote there: no other process may repeat it.
func (p *planting) own(line []byte) []byte {
	if name, _, _ := bytes.Cut(line, []byte{0}); filepath.Base(string(name)) != "arsring" {
		return line
	}
	for _, s := range p.said {
		line = bytes.ReplaceAll(line, []byte(s), nil)
	}
	return line
}

// processes ends the watch and reports what was seen in command lines.
func (p *planting) processes() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop == nil {
		return
	}
	close(p.stop)
	p.mu.Unlock()
	p.wait.Wait()
	p.mu.Lock()
	p.stop = nil
	for line, s := range p.args {
		p.t.Errorf("%q stands in a process's arguments: %.300s", s, line)
	}
	p.t.Logf("%d command lines looked at", p.seen)
}

// in gives the secret that stands in some bytes, empty for none.
func (p *planting) in(b []byte) string {
	for f, s := range p.forms {
		if bytes.Contains(b, []byte(f)) {
			return s
		}
	}
	return ""
}

func (p *planting) text(where, text string) {
	p.t.Helper()
	if s := p.in([]byte(text)); s != "" {
		i := strings.Index(text, s)
		p.t.Errorf("%q stands in the %s: …%s…", s, where, text[max(0, i-200):min(len(text), max(i, 0)+200)])
	}
}

var streams = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)

// folder looks through every file of a folder, and through the compressed streams of PDF files; except names files that may hold secrets: the
// places where they were put.
func (p *planting) folder(dir string, except ...string) {
	p.t.Helper()
	files, size := 0, 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		for _, x := range except {
			if path == x {
				return nil
			}
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files, size = files+1, size+len(b)
		if s := p.in([]byte(path)); s != "" {
			p.t.Errorf("%q stands in a file's name: %s", s, path)
		}
		for _, part := range append(unpacked(b), b) {
			if s := p.in(part); s != "" {
				i := bytes.Index(part, []byte(s))
				p.t.Errorf("%q stands in %s: …%q…", s, path, part[max(0, i-120):min(len(part), max(i, 0)+120)])
				break
			}
		}
		return nil
	})
	if err != nil {
		p.t.Error(err)
	}
	p.t.Logf("%d files of %s looked through, %d kB", files, dir, size/1024)
	if files == 0 {
		p.t.Error("there was nothing to look through")
	}
}

// unpacked gives the readable form of a PDF's compressed streams.
func unpacked(b []byte) [][]byte {
	if !bytes.HasPrefix(b, []byte("%PDF")) {
		return nil
	}
	var out [][]byte
	for _, m := range streams.FindAllSubmatch(b, -1) {
		var r io.Reader = flate.NewReader(bytes.NewReader(m[1]))
		if z, err := zlib.NewReader(bytes.NewReader(m[1])); err == nil {
			r = z
		}
		text, _ := io.ReadAll(io.LimitReader(r, 32<<20)) // as far as it is compressed text
		out = append(out, text)
	}
	return out
}

// A search that finds nothing must be one that would find something.
func TestPlantingFinds(t *testing.T) {
	p := &planting{t: t, forms: map[string]string{}}
	p.know("hemlig/kod 1")
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	if _, err := io.WriteString(w, "(hemlig/kod 1) Tj"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	pdf := append([]byte("%PDF-1.7\n1 0 obj <<>> stream\n"), z.Bytes()...)
	pdf = append(pdf, "\nendstream"...)
	for where, b := range map[string][]byte{"plain": []byte("x hemlig/kod 1 y"), "query": []byte("?a=hemlig%2Fkod+1"), "base64": []byte(base64.StdEncoding.EncodeToString([]byte("hemlig/kod 1"))),
		"UTF-16": []byte("\x00h\x00e\x00m\x00l\x00i\x00g\x00/\x00k\x00o\x00d\x00 \x001"), "PDF": bytes.Join(unpacked(pdf), nil)} {
		if p.in(b) == "" {
			t.Errorf("not found: %s", where)
		}
	}
}
