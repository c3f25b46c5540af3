package platform

import (
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// checkKeys refuses keys that mean nothing: a hint with a spelling mistake would silently never be used.
func checkKeys(file string, n *yaml.Node) Problems {
	c := &checker{file: file}
	c.keys(n, reflect.TypeFor[Platform](), "")
	return c.ps
}

// checker gathers problems; at remembers on which line each key stands.
type checker struct {
	file string
	ps   Problems
	at   map[string]int
}

func (c *checker) say(key string, line int, format string, a ...any) {
	c.ps = append(c.ps, Problem{File: c.file, Line: line, Key: key, Text: fmt.Sprintf(format, a...)})
}

func (c *checker) keys(n *yaml.Node, t reflect.Type, path string) {
	if c.at == nil {
		c.at = map[string]int{}
	}
	c.at[path] = n.Line
	if n.Kind == yaml.AliasNode {
		c.say(path, n.Line, "refers to another place in the file (*); write it out")
		return
	}
	switch {
	case t.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode:
		for i, e := range n.Content {
			c.keys(e, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
		}
	case t.Kind() == reflect.Struct:
		if n.Kind != yaml.MappingNode {
			c.say(path, n.Line, "must be keys with values, one a line")
			return
		}
		c.mapping(n, t, path)
	}
}

func (c *checker) mapping(n *yaml.Node, t reflect.Type, path string) {
	known := map[string]reflect.Type{}
	for f := range t.Fields() {
		if name := f.Tag.Get("yaml"); name != "-" {
			known[name] = f.Type
		}
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		key := strings.TrimPrefix(path+"."+k.Value, ".")
		of, ok := known[k.Value]
		switch {
		case !ok:
			names := make([]string, 0, len(known))
			for name := range known {
				names = append(names, name)
			}
			sort.Strings(names)
			c.say(key, k.Line, "is no key here; there are: %s", strings.Join(names, ", "))
		case seen[k.Value]:
			c.say(key, k.Line, "stands there twice; keep one")
		default:
			c.keys(n.Content[i+1], of, key)
		}
		seen[k.Value] = true
	}
}

// name is what a register entry may call a platform.
var name = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// checkValues refuses what cannot work: patterns that are none, selectors that would break the script, dates and addresses that are none.
func checkValues(file, stem string, p *Platform, n *yaml.Node) Problems {
	c := &checker{file: file}
	c.keys(n, reflect.TypeFor[Platform](), "")
	switch {
	case !name.MatchString(stem):
		c.say("", 0, "the file's name must be a platform's, of a-z, 0-9 and hyphen, with .yaml after it")
	case p.Name != stem:
		c.say("name", c.at["name"], "must be %q like the file, not %q", stem, p.Name)
	case p.Title == "":
		c.say("title", 0, "is missing: write the platform's name as people do")
	}
	if _, err := time.Parse(time.DateOnly, p.Tried); err != nil && p.Tried != Never {
		c.say("tried", c.at["tried"], "%q is neither never nor a day (YYYY-MM-DD)", p.Tried)
	}
	for key, address := range map[string]string{"terms": p.Terms, "export.url": p.Export.URL} {
		if u, err := url.Parse(address); address != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
			c.say(key, c.at[key], "%q is no https address", address)
		}
	}
	for i, h := range p.Hosts {
		if strings.ContainsAny(h, "/:*@ ") || h == "" {
			c.say(fmt.Sprintf("hosts[%d]", i), c.line("hosts", i), "%q is no host name: write example.org, without https:// and stars; subdomains are covered", h)
		}
	}
	for i, k := range p.Check {
		if !slices.Contains(Checks, k) {
			c.say(fmt.Sprintf("check[%d]", i), c.line("check", i), "%q is no way to check; there are: %s", k, strings.Join(Checks, ", "))
		}
	}
	if d := p.Politeness.Pause; d < 0 || d > time.Hour {
		c.say("politeness.pause", c.at["politeness.pause"], "%v must lie between 0s and 1h", d)
	}
	c.lists(reflect.ValueOf(p).Elem(), "")
	return c.ps
}

func (c *checker) line(list string, i int) int { return c.at[fmt.Sprintf("%s[%d]", list, i)] }

// patterns are the lists that hold regular expressions, words those that hold plain words; every other list of texts holds selectors.
var (
	patterns = []string{"paths", "urls"}
	words    = []string{"hosts", "check", "words", "time_attribute"}
	attr     = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
)

func (c *checker) lists(v reflect.Value, path string) {
	for f := range v.Type().Fields() {
		tag := f.Tag.Get("yaml")
		key := strings.TrimPrefix(path+"."+tag, ".")
		switch of := v.FieldByIndex(f.Index); {
		case tag == "-":
		case of.Kind() == reflect.Struct:
			c.lists(of, key)
		case of.Type() == reflect.TypeFor[[]string]():
			for i, s := range of.Interface().([]string) {
				c.entry(fmt.Sprintf("%s[%d]", key, i), tag, s)
			}
		case of.Type() == reflect.TypeFor[[]Phrase]():
			for i, ph := range of.Interface().([]Phrase) {
				if at := fmt.Sprintf("%s[%d]", key, i); len(ph.Lang) != 2 || strings.TrimSpace(ph.Text) == "" {
					c.say(at, c.at[at], "needs lang (two letters, such as sv) and text")
				}
			}
		}
	}
}

func (c *checker) entry(at, tag, s string) {
	switch {
	case strings.TrimSpace(s) == "":
		c.say(at, c.at[at], "is empty; remove it")
	case slices.Contains(patterns, tag):
		if _, err := regexp.Compile(s); err != nil || strings.Contains(strings.ReplaceAll(s, "(?:", ""), "(?") {
			c.say(at, c.at[at], "%q is no pattern without flags: %v", s, err)
		}
	case tag == "time_attribute":
		if !attr.MatchString(s) {
			c.say(at, c.at[at], "%q is no attribute's name", s)
		}
	case slices.Contains(words, tag):
	default:
		if why := badSelector(s); why != "" {
			c.say(at, c.at[at], "%q is no CSS selector: %s", s, why)
		}
	}
}

// badSelector says what is wrong with a selector as far as that shows without a browser; the browser itself is asked by the canary.
func badSelector(s string) string {
	var open []rune
	quote := rune(0)
	for _, r := range s {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '(' || r == '[':
			open = append(open, r)
		case r == ')' || r == ']':
			if len(open) == 0 || (open[len(open)-1] == '(') != (r == ')') {
				return "a bracket closes that was never opened"
			}
			open = open[:len(open)-1]
		case strings.ContainsRune("{};<@", r):
			return fmt.Sprintf("%q has no place in it", r)
		}
	}
	switch {
	case quote != 0:
		return "a quotation mark is missing"
	case len(open) > 0:
		return "a bracket is not closed"
	case strings.Contains(s, "::"):
		return "what is before or after an element cannot be found"
	}
	return ""
}
