package web

import (
	"html/template"
	"net/url"
	"strconv"
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

// leaf is one page of a long list, with the addresses of those beside it.
type leaf struct {
	Page, Of   int
	From, To   int    // what of the list it shows
	Prev, Next string // empty: none
}

// leafOf is the wanted page, or the nearest there is, of a list of n with so many a page. The addresses keep everything else that was asked.
func leafOf(u *url.URL, want, n, each int) leaf {
	l := leaf{Of: max(1, (n+each-1)/each)}
	l.Page = min(max(1, want), l.Of)
	l.From = min((l.Page-1)*each, n)
	l.To = min(l.From+each, n)
	at := func(page int) string {
		v := u.Query()
		v.Del("visa") // a hit that was jumped to: the page that holds it is another one
		v.Set("sida", strconv.Itoa(page))
		return (&url.URL{Path: u.Path, RawQuery: v.Encode()}).String()
	}
	if l.Page > 1 {
		l.Prev = at(l.Page - 1)
	}
	if l.Page < l.Of {
		l.Next = at(l.Page + 1)
	}
	return l
}
