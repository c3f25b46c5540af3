package register

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// root parses a file's present text. It has been checked before, so it holds a mapping or nothing.
func (s *source) root() *yaml.Node {
	if s.parsed == nil {
		s.parsed = (&parser{lines: map[string]int{}}).document(s.data)
	}
	return s.parsed
}

// set gives a file its new text.
func (w *writer) set(s *source, data []byte) {
	s.data, s.parsed, w.touched[s.name] = data, nil, true
}

// accounts gives the sequence of entries in a file and the line before which it ends; ok is false when there is none.
func (s *source) accounts(t *text) (site, bool) {
	root := s.root()
	if root == nil {
		return site{}, false
	}
	i := keyIndex(root, "accounts")
	if i < 0 {
		return site{}, false
	}
	return site{t, root, len(t.lines) + 1}.item(i), true
}

// updateAll changes entries file by file, all of a file at once.
func (w *writer) updateAll(accounts []Account) error {
	byFile := map[string][]Account{}
	for _, a := range accounts {
		a.Tenant = cmp.Or(a.Tenant, DefaultTenant)
		old, ok := w.before.ByID(a.Tenant, a.ID)
		if !ok {
			_, err := w.before.Find(a.Tenant + "/" + a.ID)
			return err
		}
		byFile[old.File] = append(byFile[old.File], a)
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		if err := w.update(w.source(file), byFile[file]); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) update(s *source, accounts []Account) error {
	t := newText(s.data)
	list, ok := s.accounts(t)
	if !ok {
		return byHand(accounts[0])
	}
	place := map[string]int{}
	for i, n := range list.node.Content {
		if k := keyIndex(n, "id"); k >= 0 {
			place[strings.TrimSpace(n.Content[2*k+1].Value)] = i
		}
	}
	var cuts []cut
	whole := map[int]*yaml.Node{} // entries that have no lines of their own
	for _, a := range accounts {
		i := place[a.ID]
		old, _ := w.before.ByID(a.Tenant, a.ID)
		entry := list.item(i)
		to := nodeOf(inherited(a, old, entry.node))
		if c, fine := entry.rewrite(to); fine && isBlock(list.node) {
			cuts = append(cuts, c...)
		} else {
			whole[i] = to
		}
	}
	if len(whole) > 0 { // then the file is written anew, and the other entries with it
		for _, a := range accounts {
			old, _ := w.before.ByID(a.Tenant, a.ID)
			whole[place[a.ID]] = nodeOf(inherited(a, old, list.node.Content[place[a.ID]]))
		}
		return w.reencode(s, whole, nil)
	}
	t.apply(cuts)
	w.set(s, t.bytes())
	return nil
}

// inherited leaves out what the entry did not say itself and has not changed: the file's section, the class for want of one.
func inherited(a, old Account, entry *yaml.Node) Account {
	if a.Section == old.Section && keyIndex(entry, "section") < 0 {
		a.Section = ""
	}
	if a.Class == old.Class && keyIndex(entry, "class") < 0 {
		a.Class = ""
	}
	return a
}

func byHand(a Account) error {
	return Problem{File: a.File, Line: a.Line, Account: a.ID, Code: "by-hand", Severity: SeverityError,
		SV: "posten är skriven så att den inte kan ändras härifrån: ändra den för hand", EN: "the entry is written so that it cannot be changed from here: change it by hand"}
}

// reencode is for files in flow style, which have no lines of their own: the whole file is written anew. Comments stay, blank lines do not.
func (w *writer) reencode(s *source, changed map[int]*yaml.Node, added []*yaml.Node) error {
	root := s.root()
	entries := root.Content[2*keyIndex(root, "accounts")+1]
	if entries.Kind != yaml.SequenceNode {
		*entries = yaml.Node{Kind: yaml.SequenceNode}
	}
	for i, to := range changed {
		old := entries.Content[i]
		to.HeadComment, to.LineComment, to.FootComment = old.HeadComment, old.LineComment, old.FootComment
		entries.Content[i] = to
	}
	entries.Content = append(entries.Content, added...)
	unflow(root, 2)
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := errors.Join(enc.Encode(root), enc.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", s.name, err)
	}
	w.set(s, b.Bytes())
	return nil
}

// unflow gives the nodes down to a depth lines of their own.
func unflow(n *yaml.Node, depth int) {
	n.Style &^= yaml.FlowStyle
	for _, c := range n.Content {
		if depth > 0 {
			unflow(c, depth-1)
		}
	}
}

// addAll appends entries to the files where they belong, all of a file at once.
func (w *writer) addAll(accounts []Account) error {
	byFile := map[string][]*yaml.Node{}
	for _, a := range accounts {
		a.Tenant = cmp.Or(a.Tenant, DefaultTenant)
		s := w.home(a)
		if s == nil {
			return Problem{File: w.path, Account: a.ID, Code: "other-tenant", Severity: SeverityError,
				SV: fmt.Sprintf("filen gäller inte %q: använd en mapp med en fil för var och en", a.Tenant), EN: fmt.Sprintf("the file is not that of %q: use a folder with a file for each", a.Tenant)}
		}
		if _, section := header(s); a.Section == section {
			a.Section = ""
		}
		byFile[s.name] = append(byFile[s.name], nodeOf(a))
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		if err := w.add(w.source(file), byFile[file]); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) add(s *source, entries []*yaml.Node) error {
	t := newText(s.data)
	list, ok := s.accounts(t)
	var at int
	indent, apart := "  ", len(entries) > 1
	switch {
	case !ok:
		t.lines = append(t.lines, "accounts:"+t.eol)
		at = len(t.lines) + 1
	case isNull(list.node) && list.node.Value == "":
		at = list.node.Line + 1
	case list.node.Kind != yaml.SequenceNode || !isBlock(list.node):
		return w.reencode(s, nil, entries)
	default:
		last := list.node.Content[len(list.node.Content)-1]
		at = t.end(last.Line, list.limit, list.node.Column-1)
		indent = strings.Repeat(" ", list.node.Column-1)
		apart = len(list.node.Content) == 1 || spaced(t, last.Line)
	}
	var with []string
	for i, n := range entries {
		if apart && (i > 0 || ok && !isNull(list.node)) {
			with = append(with, "")
		}
		with = append(with, dashed(n, indent)...)
	}
	t.apply([]cut{{at, at, with}})
	w.set(s, t.bytes())
	return nil
}

// spaced reports whether entries stand apart by a blank line, comments before the entry aside.
func spaced(t *text, line int) bool {
	for i := line - 2; i >= 0; i-- {
		switch l := strings.TrimSpace(t.lines[i]); {
		case l == "":
			return true
		case !strings.HasPrefix(l, "#"):
			return false
		}
	}
	return false
}

func dashed(n *yaml.Node, indent string) []string {
	lines := indented(n, indent+"  ")
	lines[0] = indent + "- " + strings.TrimLeft(lines[0], " ")
	return lines
}

// header reads what a file says of all its accounts.
func header(s *source) (tenant, section string) {
	tenant = DefaultTenant
	root := s.root()
	if root == nil {
		return tenant, ""
	}
	if i := keyIndex(root, "tenant"); i >= 0 {
		tenant = cmp.Or(strings.TrimSpace(root.Content[2*i+1].Value), DefaultTenant)
	}
	if i := keyIndex(root, "section"); i >= 0 {
		section = strings.TrimSpace(root.Content[2*i+1].Value)
	}
	return tenant, section
}

// home finds the file for a new account: of its tenant and section, else of its tenant, else a new one in the folder.
func (w *writer) home(a Account) *source {
	var best *source
	for i := range w.sources {
		switch tenant, section := header(&w.sources[i]); {
		case tenant != a.Tenant:
		case section == a.Section:
			return &w.sources[i]
		case section == "" || best == nil:
			best = &w.sources[i]
		}
	}
	if best != nil {
		return best
	}
	name := w.path
	if !isRegisterFile(filepath.Base(w.path)) || isFolder(w.path) {
		base := a.Tenant
		if a.Tenant == DefaultTenant {
			base = "register"
		}
		name = filepath.Join(w.path, base+".yaml")
	}
	if w.source(name) != nil || name == w.path && len(w.sources) > 0 {
		return nil
	}
	data := ""
	if a.Tenant != DefaultTenant {
		data = "tenant: " + a.Tenant + "\n\n"
	}
	w.sources = append(w.sources, source{name: name, data: []byte(data)})
	return w.source(name)
}
