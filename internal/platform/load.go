package platform

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed data/*.yaml
var builtIn embed.FS

// Set is every platform that is known. It does not change once it is made and may be used by several goroutines.
type Set struct{ all map[string]*Platform }

// Load reads the built-in files and lays those of a folder over them; no folder (empty) is the built-in ones alone. A file of the folder that bears
// the name of a built-in one is merged into it: keys that it gives replace the built-in value, whole lists at a time; keys that it leaves out stay. A
// file with a new name is a new platform. The error is Problems when a file cannot be used.
func Load(folder string) (*Set, error) {
	s := &Set{all: map[string]*Platform{}}
	var ps Problems
	entries, err := fs.ReadDir(builtIn, "data")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		data, err := builtIn.ReadFile("data/" + e.Name())
		if err != nil {
			return nil, err
		}
		ps = append(ps, s.add("built-in "+e.Name(), data)...)
	}
	more, err := s.folder(folder)
	if err != nil {
		return nil, err
	}
	if ps = append(ps, more...); len(ps) > 0 {
		return nil, ps
	}
	return s, nil
}

// maxFile is more than any platform file needs.
const maxFile = 1 << 20

func (s *Set) folder(dir string) (Problems, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("platforms.folder: %w; make the folder, or leave the setting out", err)
	}
	var ps Problems
	for _, e := range entries {
		ext := strings.ToLower(filepath.Ext(e.Name()))
		if e.IsDir() || ext != ".yaml" && ext != ".yml" || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := filepath.Join(dir, e.Name())
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("a platform file cannot be read: %w", err)
		}
		if info.Size() > maxFile {
			ps = append(ps, Problem{File: path, Text: fmt.Sprintf("is larger than %d bytes; a platform file is a page or two of text", maxFile)})
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("a platform file cannot be read: %w", err)
		}
		ps = append(ps, s.add(path, data)...)
	}
	return ps, nil
}

// add reads one file over what is there under its name.
func (s *Set) add(file string, data []byte) Problems {
	name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(strings.TrimPrefix(file, "built-in ")), ".yaml"), ".yml")
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return fromYAML(file, err)
	}
	if root.Kind == 0 {
		return Problems{{File: file, Text: "is empty; give it at least a name and a title, or remove it"}}
	}
	if ps := checkKeys(file, root.Content[0]); len(ps) > 0 {
		return ps
	}
	p := Platform{Tried: Never, Source: file}
	if old := s.all[name]; old != nil {
		p = *old
		p.Source = old.Source + ", " + file
	}
	if err := root.Content[0].Decode(&p); err != nil {
		return fromYAML(file, err)
	}
	if ps := checkValues(file, name, &p, root.Content[0]); len(ps) > 0 {
		return ps
	}
	s.all[name] = &p
	return nil
}

// fromYAML turns the reader's errors into problems with their lines.
func fromYAML(file string, err error) Problems {
	texts := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	var te *yaml.TypeError
	if errors.As(err, &te) {
		texts = te.Errors
	}
	var ps Problems
	for _, t := range texts {
		line := 0
		if n, _ := fmt.Sscanf(t, "line %d:", &line); n == 1 {
			_, t, _ = strings.Cut(t, ": ")
		}
		ps = append(ps, Problem{File: file, Line: line, Text: t + "; see docs/platforms.md for what a platform file may hold"})
	}
	return ps
}

// Names gives the names of all platforms that a register may use, in order. Generic is none of them: it stands for what is unknown.
func (s *Set) Names() []string {
	var out []string
	for n := range s.all {
		if n != Generic {
			out = append(out, n)
		}
	}
	sort.Strings(out)
	return out
}

// Get gives the platform of the name with what holds for every platform added; false when there is none.
func (s *Set) Get(name string) (*Platform, bool) {
	p, ok := s.all[name]
	if !ok {
		return nil, false
	}
	return s.whole(p), true
}

// Match gives the platform whose hosts cover an address most exactly, and Generic where none does.
func (s *Set) Match(address string) *Platform {
	best, most := s.all[Generic], 0
	u, err := url.Parse(address)
	if err != nil {
		return s.whole(best)
	}
	for _, n := range s.Names() {
		if c := s.all[n].covers(u); c > most {
			best, most = s.all[n], c
		}
	}
	return s.whole(best)
}

// whole adds what holds for every page to a platform.
func (s *Set) whole(p *Platform) *Platform {
	g := s.all[Generic]
	if p == nil || g == nil || p.Name == Generic {
		return p
	}
	w := *p
	w.Never = Forbidden{Press: slices.Concat(p.Never.Press, g.Never.Press), Words: slices.Concat(p.Never.Words, g.Never.Words)}
	w.Private = Private{URLs: slices.Concat(p.Private.URLs, g.Private.URLs), Elements: slices.Concat(p.Private.Elements, g.Private.Elements)}
	for _, pair := range [][2]*Sign{{&w.Walls.Login, &g.Walls.Login}, {&w.Walls.Captcha, &g.Walls.Captcha}, {&w.Walls.Removed, &g.Walls.Removed}, {&w.Walls.Age, &g.Walls.Age},
		{&w.Walls.Geo, &g.Walls.Geo}, {&w.Walls.Rate, &g.Walls.Rate}, {&w.Walls.Members, &g.Walls.Members}} {
		pair[0].URLs = slices.Concat(pair[0].URLs, pair[1].URLs)
		pair[0].Elements = slices.Concat(pair[0].Elements, pair[1].Elements)
		pair[0].Phrases = slices.Concat(pair[0].Phrases, pair[1].Phrases)
	}
	return &w
}
