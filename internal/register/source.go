package register

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// The bounds of a register. Ten thousand accounts of forty municipalities take some ten megabytes.
const (
	maxFileBytes  = 8 << 20
	maxTotalBytes = 64 << 20
	maxFiles      = 1000
)

// source is one file of the register in memory.
type source struct {
	name   string
	data   []byte
	parsed *yaml.Node // of data, once asked for while editing
}

// Look is SHA-256 over the names and bytes of the register's files, in hex: as long as it stays the same, reading them again gives what it gave
// before. The error is that of Load for files that cannot be read.
func Look(path string) (string, error) {
	sources, ps := readSources(path)
	if len(ps) > 0 {
		return "", ps
	}
	h := sha256.New()
	for _, s := range sources {
		fmt.Fprintf(h, "%d %s %d ", len(s.name), s.name, len(s.data))
		h.Write(s.data)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// readSources reads the file, or every .yaml and .yml file of the folder in the order of their names. Files that
// begin with a dot are left out: editors and version control keep theirs there.
func readSources(path string) ([]source, Problems) {
	fi, err := os.Stat(path)
	if err != nil {
		return nil, Problems{unreadable(path, err)}
	}
	if !fi.IsDir() {
		return readAll([]string{path})
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, Problems{unreadable(path, err)}
	}
	var files []string
	for _, e := range entries {
		if isRegisterFile(e.Name()) && !isFolder(filepath.Join(path, e.Name())) {
			files = append(files, filepath.Join(path, e.Name()))
		}
	}
	if len(files) == 0 {
		return nil, Problems{{File: path, Code: "empty", Severity: SeverityError,
			SV: "mappen har ingen .yaml-fil: lägg registret där eller lägg till det första kontot med arsring register add",
			EN: "the folder has no .yaml file: put the register there, or add the first account with arsring register add"}}
	}
	if len(files) > maxFiles {
		return nil, Problems{{File: path, Code: "too-large", Severity: SeverityError,
			SV: fmt.Sprintf("mappen har fler än %d filer: slå ihop dem", maxFiles), EN: fmt.Sprintf("the folder has more than %d files: merge them", maxFiles)}}
	}
	return readAll(files)
}

func isRegisterFile(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return !strings.HasPrefix(name, ".") && (ext == ".yaml" || ext == ".yml")
}

// isFolder follows links, since mounted settings are links.
func isFolder(path string) bool {
	fi, err := os.Stat(path)
	return err == nil && fi.IsDir()
}

func readAll(files []string) ([]source, Problems) {
	var out []source
	var ps Problems
	total := 0
	for _, f := range files {
		b, err := readLimited(f)
		if err != nil {
			ps = append(ps, unreadable(f, err))
			continue
		}
		if total += len(b); total > maxTotalBytes {
			return nil, append(ps, tooLarge(f, maxTotalBytes))
		}
		out = append(out, source{name: f, data: b})
	}
	return out, ps
}

var errTooLarge = errors.New("too large")

func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err == nil && len(b) > maxFileBytes {
		err = errTooLarge
	}
	return b, err
}

func tooLarge(file string, limit int) Problem {
	return Problem{File: file, Code: "too-large", Severity: SeverityError,
		SV: fmt.Sprintf("registret är större än %d MiB: dela upp det eller ta bort det som inte hör dit", limit>>20),
		EN: fmt.Sprintf("the register is larger than %d MiB: split it, or remove what does not belong there", limit>>20)}
}

func unreadable(file string, err error) Problem {
	if errors.Is(err, errTooLarge) {
		return tooLarge(file, maxFileBytes)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return Problem{File: file, Code: "missing", Severity: SeverityError,
			SV: "finns inte: skapa registret (se register.example.yaml) eller rätta sökvägen i register.path",
			EN: "does not exist: create the register (see register.example.yaml), or correct the path in register.path"}
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return Problem{File: file, Code: "unreadable", Severity: SeverityError,
		SV: fmt.Sprintf("kan inte läsas (%v): kontrollera rättigheterna", err), EN: fmt.Sprintf("cannot be read (%v): check the permissions", err)}
}

// document parses one file into its root node; nil for an empty file.
func (p *parser) document(b []byte) *yaml.Node {
	if !utf8.Valid(b) {
		p.add("not-utf8", badByteLine(b), "", "är inte UTF-8: spara filen som UTF-8", "is not UTF-8: save the file as UTF-8")
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) {
			p.notYAML(err, b)
		}
		return nil
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		p.add("two-documents", max(second.Line, 1), "", "innehåller mer än ett YAML-dokument: ta bort raden --- eller dela filen", "holds more than one YAML document: remove the line ---, or split the file")
		return nil
	}
	if len(doc.Content) == 0 || isNull(doc.Content[0]) {
		return nil
	}
	return doc.Content[0]
}

func (p *parser) notYAML(err error, b []byte) {
	line := brokenLine(b)
	lines := bytes.Split(b, []byte("\n"))
	if line > 0 && line <= len(lines) && bytes.HasPrefix(bytes.TrimLeft(lines[line-1], " "), []byte("\t")) {
		p.add("not-yaml", line, "", "är indragen med tabb: använd mellanslag", "is indented with a tab: use spaces")
		return
	}
	p.add("not-yaml", line, "", "är inte giltig YAML ("+reason(err)+"): kontrollera indrag, kolon och citattecken",
		"is not valid YAML ("+reason(err)+"): check indentation, colons and quotes")
}

// reason is the parser's message without its line, which is that of the structure around the fault.
func reason(err error) string {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(msg, "line "); ok {
		if _, after, ok := strings.Cut(rest, ": "); ok {
			return after
		}
	}
	return msg
}

// brokenLine finds where a document stops being YAML: the line whose addition breaks the lines before it.
func brokenLine(b []byte) int {
	lines := bytes.SplitAfter(b, []byte("\n"))
	good, bad := 0, len(lines)
	for bad-good > 1 {
		var n yaml.Node
		mid := (good + bad) / 2
		if yaml.Unmarshal(bytes.Join(lines[:mid], nil), &n) != nil {
			bad = mid
		} else {
			good = mid
		}
	}
	return bad
}

func badByteLine(b []byte) int {
	line := 1
	for l := range bytes.Lines(b) {
		if !utf8.Valid(l) {
			return line
		}
		line++
	}
	return line
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// sorted gives a copy in order.
func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}
