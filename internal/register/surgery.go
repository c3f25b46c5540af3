package register

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// text is a YAML file as lines with their endings. Entries are changed in the lines, at the places the parsed nodes
// point to, since an encoder would drop blank lines and move comments; everything not changed stays byte for byte.
type text struct {
	lines []string
	eol   string
}

func newText(b []byte) *text {
	t := &text{eol: "\n"}
	for l := range bytes.Lines(b) {
		t.lines = append(t.lines, string(l))
	}
	if len(t.lines) > 0 {
		if strings.HasSuffix(t.lines[0], "\r\n") {
			t.eol = "\r\n"
		}
		if last := len(t.lines) - 1; !strings.HasSuffix(t.lines[last], "\n") {
			t.lines[last] += t.eol
		}
	}
	return t
}

func (t *text) bytes() []byte { return []byte(strings.Join(t.lines, "")) }

// cut is one change: lines from..to (1-based, to excluded) become with.
type cut struct {
	from, to int
	with     []string
}

// apply makes the changes from the bottom up, so that line numbers stay right. They must not overlap; insertions
// at one place keep their order and come before what is replaced there.
func (t *text) apply(cuts []cut) {
	slices.SortStableFunc(cuts, func(a, b cut) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for _, c := range slices.Backward(cuts) {
		with := make([]string, len(c.with))
		for i, l := range c.with {
			with[i] = l + t.eol
		}
		t.lines = slices.Replace(t.lines, c.from-1, c.to-1, with...)
	}
}

// end gives the line after the last of what begins at a key or dash of the indent and ends before the limit: trailing blank lines, and comments
// that are not indented deeper, belong to what follows.
func (t *text) end(from, limit, indent int) int {
	for limit > from+1 {
		l := strings.TrimRight(t.lines[limit-2], " \t\r\n")
		body := strings.TrimLeft(l, " ")
		if body != "" && (!strings.HasPrefix(body, "#") || len(l)-len(body) > indent) {
			break
		}
		limit--
	}
	return limit
}

// site is a mapping or sequence in block style, and the line before which it ends.
type site struct {
	t     *text
	node  *yaml.Node
	limit int
}

func isBlock(n *yaml.Node) bool { return n.Style&yaml.FlowStyle == 0 && len(n.Content) > 0 }

// item gives the i-th entry of a sequence, or the i-th value of a mapping, with its limit.
func (s site) item(i int) site {
	step := 1
	if s.node.Kind == yaml.MappingNode {
		step, i = 2, i*2
	}
	limit := s.limit
	if i+step < len(s.node.Content) {
		limit = s.node.Content[i+step].Line
	}
	return site{s.t, s.node.Content[i+step-1], limit}
}

// rewrite gives the changes that turn a block mapping into another. ok is false where lines cannot be changed alone.
func (s site) rewrite(to *yaml.Node) (cuts []cut, ok bool) {
	if !isBlock(s.node) || s.node.Kind != to.Kind {
		return nil, false
	}
	if s.node.Kind == yaml.SequenceNode {
		return s.rewriteList(to)
	}
	first := s.node.Content[0]
	after := s.t.end(first.Line, s.item(0).limit, first.Column-1) // inserted keys follow the key that stands before them in the new mapping
	for i := 0; i < len(to.Content); i += 2 {
		k, v := to.Content[i], to.Content[i+1]
		j := keyIndex(s.node, k.Value)
		if j < 0 {
			cuts = append(cuts, cut{after, after, s.encode(k, v)})
			continue
		}
		here, key := s.item(j), s.node.Content[2*j]
		stop := s.t.end(key.Line, here.limit, key.Column-1)
		after = stop
		if equal(here.node, v) {
			continue
		}
		here.limit = stop
		if inner, fine := here.rewrite(v); fine {
			cuts = append(cuts, inner...)
			continue
		}
		cuts = append(cuts, cut{key.Line, stop, s.replace(key, here.node, v)})
	}
	return s.drop(to, cuts)
}

// drop adds the removal of keys that the new mapping lacks.
func (s site) drop(to *yaml.Node, cuts []cut) ([]cut, bool) {
	for j := range len(s.node.Content) / 2 {
		key := s.node.Content[2*j]
		if keyIndex(to, key.Value) >= 0 || isNull(s.node.Content[2*j+1]) {
			continue
		}
		if j == 0 { // stands beside the dash
			return nil, false
		}
		cuts = append(cuts, cut{key.Line, s.t.end(key.Line, s.item(j).limit, key.Column-1), nil})
	}
	return cuts, true
}

func (s site) rewriteList(to *yaml.Node) (cuts []cut, ok bool) {
	if len(s.node.Content) != len(to.Content) {
		return nil, false
	}
	for i, v := range to.Content {
		here := s.item(i)
		if equal(here.node, v) {
			continue
		}
		inner, fine := here.rewrite(v)
		if !fine {
			return nil, false
		}
		cuts = append(cuts, inner...)
	}
	return cuts, true
}

func keyIndex(m *yaml.Node, key string) int {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return i / 2
		}
	}
	return -1
}

// equal compares content and leaves style, comments and the order of keys aside.
func equal(a, b *yaml.Node) bool {
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case yaml.ScalarNode:
		return strings.TrimSpace(a.Value) == strings.TrimSpace(b.Value) && isNull(a) == isNull(b)
	case yaml.SequenceNode:
		return slices.EqualFunc(a.Content, b.Content, equal)
	}
	if len(a.Content) != len(b.Content) {
		return false
	}
	for i := 0; i+1 < len(a.Content); i += 2 {
		j := keyIndex(b, a.Content[i].Value)
		if j < 0 || !equal(a.Content[i+1], b.Content[2*j+1]) {
			return false
		}
	}
	return true
}

// encode writes "key: value" as lines in the column of the mapping's keys.
func (s site) encode(k, v *yaml.Node) []string {
	return indented(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{k, v}}, strings.Repeat(" ", s.node.Content[0].Column-1))
}

// replace is encode for a key that is there: what stands before it on its line (the dash) stays, and so does a comment after the value.
func (s site) replace(key, old, v *yaml.Node) []string {
	out := s.encode(&yaml.Node{Kind: yaml.ScalarNode, Value: key.Value}, v)
	before := []byte(s.t.lines[key.Line-1])[:key.Column-1]
	out[0] = string(before) + strings.TrimLeft(out[0], " ")
	if c := cmp.Or(old.LineComment, key.LineComment); c != "" && len(out) == 1 {
		out[0] += " " + c
	}
	return out
}

// indented encodes a node as lines that begin with the prefix.
func indented(n *yaml.Node, prefix string) []string {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(n); err != nil {
		panic(err) // nodes made of an Account always encode
	}
	_ = enc.Close()
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = prefix + l
		}
	}
	return lines
}

// nodeOf is an account as the YAML that people would write: persons on one line, dates without quotes.
func nodeOf(a Account) *yaml.Node {
	var n yaml.Node
	if err := n.Encode(a); err != nil {
		panic(err) // a plain struct always encodes
	}
	prune(&n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i].Value, n.Content[i+1]
		switch k {
		case "responsible", "substitute", "registrar", "limits", "notice", "allowed_hosts":
			v.Style = yaml.FlowStyle
		case "administrators":
			for _, p := range v.Content {
				p.Style = yaml.FlowStyle
			}
		case "since", "until":
			plainDate(v)
		}
		if k == "notice" {
			plainDate(v.Content[1])
			plainDate(v.Content[3])
		}
	}
	return &n
}

func plainDate(v *yaml.Node) {
	if _, ok := Day(v.Value); ok {
		v.Tag, v.Style = "!!timestamp", 0
	}
}

// prune drops keys without a value, which omitempty does not reach.
func prune(n *yaml.Node) {
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		v := n.Content[i+1]
		if v.Kind == yaml.MappingNode {
			prune(v)
		}
		if v.Kind == yaml.ScalarNode && (v.Value == "" || isNull(v)) || v.Kind != yaml.ScalarNode && len(v.Content) == 0 {
			n.Content = slices.Delete(n.Content, i, i+2)
		}
	}
}
