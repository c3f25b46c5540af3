package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// wrongType says in both languages what a setting's value must be.
type wrongType struct{ sv, en string }

func (w wrongType) Error() string { return w.en }

var demands = map[kind]wrongType{
	section:  {"ska vara en grupp av inställningar, en per rad och indragna under nyckeln", "must be a group of settings, one a line and indented under the key"},
	sections: {"ska vara en lista där varje post börjar med ett streck", "must be a list in which each entry begins with a dash"},
	text:     {"ska vara en text", "must be a text"},
	secret:   {"ska vara en text", "must be a text"},
	texts:    {"ska vara en lista av texter, till exempel [a, b]", "must be a list of texts, such as [a, b]"},
	number:   {"ska vara ett heltal", "must be a whole number"},
	truth:    {"ska vara true eller false", "must be true or false"},
	duration: {"ska vara en tid med enhet, till exempel 90s, 5m eller 8h", "must be a time with its unit, such as 90s, 5m or 8h"},
	size:     {"ska vara en storlek, till exempel 500MB eller 2GiB", "must be a size, such as 500MB or 2GiB"},
}

// parse reads the text of one scalar setting. The errors never repeat the text: it may be a secret.
func (s *setting) parse(v string) (any, error) {
	v = strings.TrimSpace(v)
	var out any = v
	var err error
	switch s.kind {
	case number:
		out, err = strconv.Atoi(v)
	case truth:
		out, err = parseTruth(v)
	case duration:
		out, err = time.ParseDuration(v)
	case size:
		out, err = ParseBytes(v)
	case secret:
		out = NewSecret(v)
	case texts:
		out = split(v)
	case section, sections:
		err = errors.ErrUnsupported
	}
	if err != nil {
		return nil, demands[s.kind]
	}
	return out, nil
}

func parseTruth(v string) (bool, error) {
	switch strings.ToLower(v) {
	case "true", "yes", "on", "1", "ja":
		return true, nil
	case "false", "no", "off", "0", "nej":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither true nor false", v)
}

// split cuts a list given in one text: at semicolons where there are any (cron expressions hold commas), else at commas.
func split(v string) []string {
	sep := ","
	if strings.Contains(v, ";") {
		sep = ";"
	}
	out := []string{}
	for p := range strings.SplitSeq(v, sep) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// scalar reads one YAML scalar. A quoted number is still a number: people quote for safety. A bare number is
// no text only for lists and sections.
func (s *setting) scalar(n *yaml.Node) (any, error) {
	if s.kind == texts || s.kind == sections || s.kind == section {
		return nil, demands[s.kind]
	}
	return s.parse(n.Value)
}
