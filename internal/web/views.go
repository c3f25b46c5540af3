package web

import (
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
)

// views are the templates, one set a language.
type views map[string]map[string]*template.Template

func loadViews() (views, error) {
	out := views{}
	for _, lang := range []string{"sv", "en"} {
		pages, err := fs.Glob(files, "templates/*.html")
		if err != nil {
			return nil, err
		}
		base, err := template.New("base").Funcs(words(lang)).ParseFS(files, "templates/_*.html")
		if err != nil {
			return nil, err
		}
		out[lang] = map[string]*template.Template{}
		for _, p := range pages {
			name := strings.TrimSuffix(path.Base(p), ".html")
			if strings.HasPrefix(name, "_") {
				continue
			}
			t, err := base.Clone()
			if err == nil {
				t, err = t.ParseFS(files, p)
			}
			if err != nil {
				return nil, fmt.Errorf("template %s: %w", p, err)
			}
			out[lang][name] = t
		}
	}
	return out, nil
}

func (v views) execute(w io.Writer, lang, name string, p page) error {
	t, ok := v[lang][name]
	if !ok {
		return fmt.Errorf("there is no template %s", name)
	}
	return t.ExecuteTemplate(w, "layout", p)
}
