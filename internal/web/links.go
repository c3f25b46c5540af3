package web

import (
	"html/template"
	"net/url"
	"strings"
)

// webLink gives an address of a captured page as one that may be clicked: http and https only, and nothing with a name and password in it.
// Anything else is empty, and the template then shows the text alone.
func webLink(v any) template.URL {
	var s string
	switch a := v.(type) {
	case string:
		s = a
	case *string:
		s = str(a)
	}
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	return template.URL(u.String()) //nolint:gosec // the scheme was just looked at
}

// hostOf is the host of an address, for people.
func hostOf(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return s
	}
	return u.Host
}

// formField is one field of a form with what was sent and what is wrong.
type formField struct {
	Name, Label, Value, Error, Hint, Type string
	Required                              bool
	Options                               [][2]string
}

// field puts a form's field together: name, label, type, hint, then the page for value and error.
func field(p page, name, label, kind, hint string, required bool, options ...[][2]string) formField {
	return formField{Name: name, Label: label, Value: p.Form.Get(name), Error: p.Errors[name], Hint: hint, Type: kind, Required: required, Options: flat(options)}
}

func flat(lists [][][2]string) [][2]string {
	var out [][2]string
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}
