package sites

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:embed assets
var assets embed.FS

// looks are the templates: one folder a look with look.html ("page", "post", "comment" and what they need) and style.css.
type looks struct {
	mu   sync.Mutex
	sets map[string]*template.Template
}

// newLooks has nothing parsed yet.
func newLooks() *looks { return &looks{sets: map[string]*template.Template{}} }

// mustAsset reads an embedded file.
func mustAsset(name string) string {
	body, err := assets.ReadFile(name)
	if err != nil {
		panic(err) // the file is part of the binary
	}
	return string(body)
}

// renamed gives the class names in a text, written ~name, the form that the namer has for them.
func renamed(text string, namer func(string) string) string {
	return marked.ReplaceAllStringFunc(text, func(m string) string { return namer(m[1:]) })
}

// names is the form of the site's class names.
func (s *spec) names() func(string) string {
	if s.namer != nil {
		return s.namer
	}
	return classNames(s.look)
}

var marked = regexp.MustCompile(`~[a-z][a-zA-Z0-9]*`)

// classNames gives the names that a platform's build makes of its classes: they mean nothing, and change from one release to the next.
func classNames(look string) func(string) string {
	form, ok := map[string]struct {
		before string
		digits int
	}{"facebook": {"x1", 6}, "x": {"css-", 6}, "instagram": {"_a", 4}, "tiktok": {"css-", 7}, "threads": {"x", 6}, "bluesky": {"r-", 6}}[look]
	if !ok {
		return func(name string) string { return name }
	}
	return func(name string) string {
		code := strconv.FormatUint(hash64(look, name), 36)
		return form.before + code[len(code)-form.digits:]
	}
}

// hooks are the names by which the scripts find things on a page, in the look's form.
func hooks(s *spec) map[string]string {
	namer := s.names()
	out := map[string]string{}
	for _, n := range []string{"list", "post", "text", "more", "talk", "comments", "open", "comment", "replies", "sub", "sort", "sortItem", "bad", "load", "reveal", "end", "lazy",
		"next", "prev", "slides", "retry", "inner", "hidden", "when", "auto", "cover"} {
		out[n] = "." + namer(n)
	}
	for _, n := range []string{"close", "go", "hold"} {
		out[n+"Name"] = namer(n)
	}
	out["key"] = "data-ref"
	if s.keyName != "" {
		out["key"] = s.keyName
	}
	return out
}

var lookFuncs = template.FuncMap{
	"initials": initials,
	"colour":   func(name string) template.CSS { return template.CSS(colourOf(name)) },
	"hex":      func(name string) string { return strings.TrimPrefix(colourOf(name), "#") },
	"first":    func(name string) string { a, _, _ := cutName(name); return a },
	"thousand": thousand,
	"deref": func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	},
}

// thousand writes a number as Swedish pages do: "1 234".
func thousand(n int) string {
	s := fmt.Sprint(n)
	if len(s) > 3 {
		s = s[:len(s)-3] + "\u00a0" + s[len(s)-3:]
	}
	return s
}

// set gives the templates of a site's look, parsed when it is first used. They are part of the binary, or made by its own code, so a
// mistake in one is a programmer's and panics.
func (l *looks) set(s *spec) *template.Template {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sets[s.look] == nil {
		own := s.markup
		if own == "" {
			own = mustAsset(path.Join("assets/looks", s.look, "look.html"))
		}
		set := template.New(s.look).Funcs(lookFuncs)
		for _, text := range []string{mustAsset("assets/shared.html"), mustAsset("assets/consent.html"), own} {
			template.Must(set.Parse(renamed(text, s.names())))
		}
		l.sets[s.look] = set
	}
	return l.sets[s.look]
}

// render fills a named template of the call's look.
func (c *call) render(name string, data any) string {
	var b strings.Builder
	if err := c.srv.looks.set(c.spec).ExecuteTemplate(&b, name, data); err != nil {
		panic(fmt.Sprintf("sites: template %s/%s: %v", c.spec.look, name, err))
	}
	return b.String()
}

// html answers with a page.
func (c *call) html(status int, body string) {
	c.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.w.WriteHeader(status)
	_, _ = c.w.Write([]byte(body)) // the visitor went away
}

// asset answers with the site's style sheet or a script.
func (c *call) asset() bool {
	var name string
	types := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
	switch {
	case c.rest == "_/style.css" && c.spec.css != "":
		c.w.Header().Set("Content-Type", types[".css"])
		_, _ = c.w.Write([]byte(renamed(c.spec.css, c.spec.names()))) // the visitor went away
		return true
	case c.rest == "_/style.css":
		name = path.Join("assets/looks", c.spec.look, "style.css")
	case strings.HasPrefix(c.rest, "_/") && strings.HasSuffix(c.rest, ".js"):
		name = path.Join("assets/js", path.Base(c.rest))
	default:
		return false
	}
	if _, err := fs.Stat(assets, name); err != nil {
		http.NotFound(c.w, c.r)
		return true
	}
	body := renamed(mustAsset(name), c.spec.names())
	c.w.Header().Set("Content-Type", types[path.Ext(name)])
	_, _ = io.WriteString(c.w, body) // the visitor went away
	return true
}
