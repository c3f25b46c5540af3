package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds the configuration file; a real one has a few kilobytes.
const maxFile = 1 << 20

// place is where a value came from.
type place struct {
	file string
	line int
	env  string
}

type places map[string]place

// at finds the place of a key, or of the nearest section around it.
func (p places) at(key string) place {
	for k := key; ; {
		if w, ok := p[k]; ok {
			return w
		}
		k = k[:max(0, strings.LastIndexAny(k, ".["))]
		if k == "" {
			return p[""]
		}
	}
}

// reader walks one YAML document beside the schema and gathers values, places and problems.
type reader struct {
	file     string
	env      string // set when the document came from an environment variable
	where    places
	problems Problems
}

// readFile reads a configuration file into nested maps of typed values; keys that are empty are left out.
func (r *reader) readFile() map[string]any {
	r.where[""] = place{file: r.file}
	b, err := readLimited(r.file)
	if err != nil {
		r.add(0, "", fmt.Sprintf("kan inte läsas (%s): kontrollera sökväg och rättigheter", cause(err)),
			fmt.Sprintf("cannot be read (%s): check the path and the permissions", cause(err)))
		return nil
	}
	return r.document(b)
}

func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(b) > maxFile {
		err = errors.New("larger than 1 MiB")
	}
	return b, err
}

// cause is the error without the path, which the sentence names already.
func cause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

func (r *reader) document(b []byte) map[string]any {
	if !utf8.Valid(b) {
		r.add(badByteLine(b), "", "är inte UTF-8: spara filen som UTF-8", "is not UTF-8: save the file as UTF-8")
		return nil
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(b))
	if err := dec.Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) { // an empty file is a file of defaults
			r.addYAML(err, b)
		}
		return nil
	}
	var second yaml.Node
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		r.add(second.Line, "", "innehåller mer än ett YAML-dokument: ta bort raderna från ---", "holds more than one YAML document: remove the lines from ---")
		return nil
	}
	root := doc.Content[0]
	if isNull(root) {
		return nil
	}
	out, _ := r.value(schema, root, "").(map[string]any)
	return out
}

func (r *reader) addYAML(err error, b []byte) {
	msg := yamlLine.ReplaceAllString(strings.TrimPrefix(err.Error(), "yaml: "), "")
	r.add(brokenLine(b), "", "är inte giltig YAML ("+msg+"): se till att raderna är indragna med mellanslag och att varje nyckel följs av kolon",
		"is not valid YAML ("+msg+"): check that lines are indented with spaces and that a colon follows each key")
}

// brokenLine finds where a document stops being YAML: the line whose addition breaks the lines before it. The
// parser's own line is that of the structure around, or none.
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
	for i := 0; i < len(b); {
		c, n := utf8.DecodeRune(b[i:])
		if c == utf8.RuneError && n == 1 {
			return 1 + bytes.Count(b[:i], []byte("\n"))
		}
		i += n
	}
	return 0
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// value reads a node as the setting demands; nil when it is wrong or empty.
func (r *reader) value(s *setting, n *yaml.Node, key string) any {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.add(n.Line, key, "använder ankare (& eller *), vilket inte stöds här: skriv ut värdet", "uses an anchor (& or *), which is not supported here: write the value out")
		return nil
	case isNull(n):
		return nil
	case s.kind == section && n.Kind == yaml.MappingNode:
		return r.mapping(s, n, key)
	case s.kind == sections && n.Kind == yaml.SequenceNode:
		return r.list(s, n, key)
	case s.kind == texts && n.Kind == yaml.SequenceNode:
		return r.texts(n, key)
	case n.Kind == yaml.ScalarNode:
		v, err := s.scalar(n)
		if err != nil {
			r.demand(n.Line, key, s.kind)
			return nil
		}
		return v
	}
	r.demand(n.Line, key, s.kind)
	return nil
}

func (r *reader) mapping(s *setting, n *yaml.Node, key string) map[string]any {
	out, seen := map[string]any{}, map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		path := strings.TrimPrefix(key+"."+k.Value, ".")
		if first, twice := seen[k.Value]; twice {
			r.add(k.Line, path, fmt.Sprintf("står två gånger, första gången på rad %d: ta bort den ena", first), fmt.Sprintf("stands twice, first on line %d: remove one", first))
			continue
		}
		seen[k.Value] = k.Line
		c := s.child(k.Value)
		if c == nil {
			r.unknown(s, k, path)
			continue
		}
		r.where[path] = place{file: r.file, line: k.Line, env: r.env}
		if val := r.value(c, v, path); val != nil {
			out[k.Value] = val
		}
	}
	return out
}

func (r *reader) list(s *setting, n *yaml.Node, key string) []any {
	out := []any{}
	each := *s
	each.kind = section
	for i, e := range n.Content {
		k := fmt.Sprintf("%s[%d]", key, i)
		r.where[k] = place{file: r.file, line: e.Line, env: r.env}
		if v := r.value(&each, e, k); v != nil {
			out = append(out, v)
		}
	}
	return out
}

func (r *reader) texts(n *yaml.Node, key string) []string {
	out := []string{}
	for i, e := range n.Content {
		k := fmt.Sprintf("%s[%d]", key, i)
		r.where[k] = place{file: r.file, line: e.Line, env: r.env}
		if e.Kind != yaml.ScalarNode || isNull(e) || e.Anchor != "" {
			r.demand(e.Line, key, texts)
			continue
		}
		out = append(out, strings.TrimSpace(e.Value))
	}
	return out
}

func (r *reader) demand(line int, key string, k kind) {
	d := demands[k]
	r.add(line, key, d.sv, d.en)
}

func (r *reader) unknown(s *setting, k *yaml.Node, path string) {
	names := make([]string, len(s.children))
	for i, c := range s.children {
		names[i] = c.name
	}
	r.add(k.Line, printable(path), "finns inte"+didYouMean("sv", suggest(strings.ToLower(k.Value), names)), "is unknown"+didYouMean("en", suggest(strings.ToLower(k.Value), names)))
}

// didYouMean ends a sentence about an unknown name.
func didYouMean(lang, name string) string {
	switch {
	case name == "" && lang == "sv":
		return ": ta bort raden eller se exempelfilen arsring.example.yaml för namnen"
	case name == "":
		return ": remove it, or see arsring.example.yaml for the names"
	case lang == "sv":
		return fmt.Sprintf(": menade du %q?", name)
	}
	return fmt.Sprintf(": did you mean %q?", name)
}

// printable keeps control characters of a hostile file away from the terminal.
func printable(s string) string {
	q := strconv.Quote(s)
	return q[1 : len(q)-1]
}

func (r *reader) add(line int, key, sv, en string) {
	p := Problem{File: r.file, Line: line, Key: key, Env: r.env, SV: sv, EN: en}
	if r.env != "" {
		p.File, p.Line = "", 0
	}
	r.problems = append(r.problems, p)
}
