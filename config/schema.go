package config

import (
	"reflect"
	"strings"
	"time"
)

// kind is what a setting's value must be.
type kind int

const (
	section  kind = iota // a mapping with settings of its own
	sections             // a list of such mappings
	text
	texts
	number
	truth
	duration
	size
	secret
)

// setting is one name in the configuration's tree, derived from Config, so that tree and struct cannot differ.
type setting struct {
	name     string
	path     string // dotted, without list indices
	kind     kind
	isPath   string // "file", "command" or empty
	children []*setting
}

var schema = describe(reflect.TypeFor[Config](), "", "")

func describe(t reflect.Type, name, path string) *setting {
	s := &setting{name: name, path: path, kind: kindOf(t)}
	if s.kind == sections {
		t = t.Elem()
	}
	if s.kind != section && s.kind != sections {
		return s
	}
	for f := range t.Fields() {
		tag := f.Tag.Get("mapstructure")
		if tag == "" || tag == "-" {
			continue
		}
		c := describe(f.Type, tag, strings.TrimPrefix(path+"."+tag, "."))
		c.isPath = f.Tag.Get("path")
		s.children = append(s.children, c)
	}
	return s
}

func kindOf(t reflect.Type) kind {
	switch {
	case t == reflect.TypeFor[Secret]():
		return secret
	case t == reflect.TypeFor[time.Duration]():
		return duration
	case t == reflect.TypeFor[Bytes]():
		return size
	}
	switch t.Kind() {
	case reflect.Struct:
		return section
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Struct {
			return sections
		}
		return texts
	case reflect.Int:
		return number
	case reflect.Bool:
		return truth
	}
	return text
}

func (s *setting) child(name string) *setting {
	for _, c := range s.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// leaves gives every setting that has a value of its own; a list of sections counts as one.
func (s *setting) leaves() []*setting {
	if s.kind != section {
		return []*setting{s}
	}
	var out []*setting
	for _, c := range s.children {
		out = append(out, c.leaves()...)
	}
	return out
}

// env is the environment variable of a setting.
func (s *setting) env() string {
	return EnvPrefix + strings.ToUpper(strings.ReplaceAll(s.path, ".", "_"))
}
