package shelf

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"time"

	_ "embed"

	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/register"
)

//go:embed pages.html
var pagesHTML string

//go:embed pages.css
var pagesCSS string

// head is what every page needs.
type head struct {
	Title   string // of the page; empty on the archive's own
	Name    string // of the archive
	Base    string // relative address of the tenant's folder, empty or ending in a slash
	Up      string // relative address of the tenant's page, or on that of the archives' list
	Updated time.Time
}

func (s *site) head(title, base, up string) head {
	return head{Title: title, Name: s.name, Base: base, Up: up, Updated: s.updated}
}

type count struct {
	Name, Link          string
	Accounts, Snapshots int
}

type frontPage struct {
	head
	Years    []count
	Owners   []count
	Accounts []*account
}

type yearPage struct {
	head
	Year   int
	Halves []half
}

type ownerPage struct {
	head
	Owner    string
	Accounts []owned
}

type accountPage struct {
	head
	Account *account
	Halves  []half
	Slug    string
}

type archivesPage struct {
	head
	Archives []count
}

// linksOf is a snapshot whose files are linked to.
type linksOf struct {
	Snapshot catalog.Snapshot
	To       string // relative address of the account's folder, empty or ending in a slash
	More     bool   // all its files, not only the two that matter
}

// rootPage is the first page: where there is one archive its own, else the list of archives.
func rootPage(sites []*site) ([]byte, error) {
	if len(sites) == 1 {
		return sites[0].front(sites[0].tenant+"/", "")
	}
	p := archivesPage{head: head{Name: "Arkiv"}}
	for _, s := range sites {
		p.Archives = append(p.Archives, count{Name: s.name, Link: escape(s.tenant) + "/" + pageName})
	}
	return render("archives", p)
}

var triggers = map[capture.Trigger]string{
	capture.TriggerScheduled: "Enligt kalendern", capture.TriggerManual: "På begäran", capture.TriggerClosure: "Före avslut",
	capture.TriggerEvidence: "Dokumenterat inlägg", capture.TriggerIngest: "Inlämnad för hand",
}

var outcomes = map[capture.Outcome]string{capture.Complete: "Fullständig", capture.Partial: "Ofullständig"}

var months = []string{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"}

var templates = template.Must(template.New("pages").Funcs(template.FuncMap{
	"css":     func() template.CSS { return template.CSS(pagesCSS) }, //nolint:gosec // a file of our own
	"trigger": func(t capture.Trigger) string { return triggers[t] },
	"outcome": func(o capture.Outcome) string { return outcomes[o] },
	"half": func(h catalog.Half) string {
		return []string{"Våren", "Hösten"}[h.Number()-1] + " " + fmt.Sprint(h.Year())
	},
	"halfID":  func(h catalog.Half) string { return fmt.Sprintf("h%d-%d", h.Year(), h.Number()) },
	"moment":  moment,
	"machine": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"day":     day,
	"path":    escape,
	"web":     func(s string) bool { return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") },
	"number":  number,
	"size":    size,
	"pdfa":    pdfa,
	"links":   func(s catalog.Snapshot, to string, more bool) linksOf { return linksOf{s, to, more} },
}).Parse(pagesHTML))

func render(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		return nil, fmt.Errorf("the archive's page %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// moment writes a time as people here do: 2026-10-15 kl. 08.00.
func moment(t time.Time) string { return t.In(register.Location()).Format("2006-01-02 kl. 15.04") }

func day(t *time.Time) string {
	if t == nil {
		return ""
	}
	l := t.In(register.Location())
	return fmt.Sprintf("%d %s %d", l.Day(), months[l.Month()-1], l.Year())
}

// number sets a space between thousands.
func number(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u00a0" + s[i:]
	}
	return s
}

func size(n int64) string {
	if n < 1e6 {
		return number(int(max(1, n/1000))) + "\u00a0kB"
	}
	return strings.Replace(fmt.Sprintf("%.1f", float64(n)/1e6), ".", ",", 1) + "\u00a0MB"
}

func pdfa(level string) string {
	if level == "" {
		return "PDF, inte PDF/A"
	}
	return "PDF/A-" + level
}
