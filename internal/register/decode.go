package register

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// maxAccounts bounds a register; the shared archive's plan is ten thousand.
const maxAccounts = 100_000

// file is the layout of one YAML file of the register.
type file struct {
	Tenant         string        `yaml:"tenant"`
	Name           string        `yaml:"name"`
	OrganisationID string        `yaml:"organisation_id"`
	Section        string        `yaml:"section"`
	Archive        tenantArchive `yaml:"archive"`
	Mail           []string      `yaml:"mail"`
	Accounts       []Account     `yaml:"accounts"`
}

type tenantArchive struct {
	Prefix        string `yaml:"prefix"`
	AccessKeyFile string `yaml:"access_key_file"`
	SecretKeyFile string `yaml:"secret_key_file"`
}

// parser reads one file and remembers on which line each key stands.
type parser struct {
	file     string
	lines    map[string]int // "accounts[0].url" → line
	problems Problems
}

func (p *parser) add(code string, line int, key, sv, en string) {
	p.problems = append(p.problems, Problem{File: p.file, Line: line, Key: key, Code: code, Severity: SeverityError, SV: sv, EN: en})
}

// into reads a node into a value of the same shape. yaml.v3's own decoder stops at sentences for programmers and
// turns "no" into false and 2015-03-01 into a time; here every scalar is the text that was written.
func (p *parser) into(n *yaml.Node, v reflect.Value, key string) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		p.add("anchor", n.Line, key, "använder ankare (& eller *), vilket inte stöds: skriv ut värdet", "uses an anchor (& or *), which is not supported: write the value out")
		return
	}
	if isNull(n) {
		return
	}
	switch {
	case v.Kind() == reflect.Pointer:
		e := reflect.New(v.Type().Elem())
		p.into(n, e.Elem(), key)
		v.Set(e)
	case v.Kind() == reflect.Struct && n.Kind == yaml.MappingNode:
		p.mapping(n, v, key)
	case v.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode:
		p.list(n, v, key)
	case n.Kind == yaml.ScalarNode && p.scalar(n.Value, v):
	default:
		sv, en := demand(v.Type())
		p.add("wrong-type", n.Line, key, sv, en)
	}
}

func (p *parser) scalar(s string, v reflect.Value) bool {
	s = strings.TrimSpace(s)
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(s, 10, 64)
		if err != nil || v.OverflowInt(i) {
			return false
		}
		v.SetInt(i)
	default:
		return false
	}
	return true
}

func demand(t reflect.Type) (sv, en string) {
	switch t.Kind() {
	case reflect.Struct, reflect.Pointer:
		if t == reflect.TypeFor[Person]() {
			return "ska vara en person: {name: Anna Exempel, email: anna@example.org}", "must be a person: {name: Anna Exempel, email: anna@example.org}"
		}
		return "ska vara en grupp av nycklar, en per rad och indragna", "must be a group of keys, one a line and indented"
	case reflect.Slice:
		return "ska vara en lista där varje post börjar med ett streck", "must be a list in which each entry begins with a dash"
	case reflect.Int, reflect.Int64:
		return "ska vara ett heltal", "must be a whole number"
	}
	return "ska vara en text", "must be a text"
}

func (p *parser) mapping(n *yaml.Node, v reflect.Value, key string) {
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, val := n.Content[i], n.Content[i+1]
		path := strings.TrimPrefix(key+"."+k.Value, ".")
		if first, twice := seen[k.Value]; twice {
			p.add("double-key", k.Line, path, fmt.Sprintf("står två gånger, första gången på rad %d: ta bort den ena", first), fmt.Sprintf("stands twice, first on line %d: remove one", first))
			continue
		}
		seen[k.Value] = k.Line
		f, ok := fieldNamed(v, k.Value)
		if !ok {
			p.unknown(k, path, fieldNames(v.Type()))
			continue
		}
		p.lines[path] = k.Line
		p.into(val, f, path)
	}
}

func (p *parser) unknown(k *yaml.Node, path string, names []string) {
	if k.Value == "<<" {
		p.add("anchor", k.Line, path, "slår ihop poster, vilket inte stöds: skriv ut värdena", "merges entries, which is not supported: write the values out")
		return
	}
	sv, en := didYouMean(suggest(strings.ToLower(k.Value), names))
	p.add("unknown-key", k.Line, path, "finns inte"+sv, "is unknown"+en)
}

func didYouMean(name string) (sv, en string) {
	if name == "" {
		return ": ta bort raden eller se register.example.yaml för namnen", ": remove it, or see register.example.yaml for the names"
	}
	return fmt.Sprintf(": menade du %q?", name), fmt.Sprintf(": did you mean %q?", name)
}

func (p *parser) list(n *yaml.Node, v reflect.Value, key string) {
	if len(n.Content) > maxAccounts {
		p.add("too-large", n.Line, key, fmt.Sprintf("har fler än %d poster", maxAccounts), fmt.Sprintf("has more than %d entries", maxAccounts))
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, e := range n.Content {
		k := fmt.Sprintf("%s[%d]", key, i)
		p.lines[k] = e.Line
		if isNull(e) {
			sv, en := demand(v.Type().Elem())
			p.add("wrong-type", e.Line, k, sv, en)
			continue
		}
		p.into(e, out.Index(i), k)
	}
	v.Set(out)
}

// names caches the YAML names of a struct's fields by index; empty for one that is never written.
var names sync.Map // reflect.Type → []string

func namesOf(t reflect.Type) []string {
	if n, ok := names.Load(t); ok {
		return n.([]string)
	}
	out := make([]string, t.NumField())
	for i := range out {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if name != "-" {
			out[i] = name
		}
	}
	names.Store(t, out)
	return out
}

func fieldNamed(v reflect.Value, name string) (reflect.Value, bool) {
	for i, n := range namesOf(v.Type()) {
		if n == name && n != "" {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func fieldNames(t reflect.Type) []string {
	return slices.DeleteFunc(slices.Clone(namesOf(t)), func(n string) bool { return n == "" })
}
