package register

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var when = time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC)

func by(who string) Change { return Change{By: who, Reason: "prov", At: when} }

// folder writes files into a fresh folder and gives its path.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t *testing.T, elem ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// whole is an account with every field, so that no field can be forgotten anywhere.
func whole() Account {
	return Account{
		ID: "instagram-biblioteket", Tenant: DefaultTenant, Platform: "instagram", URL: "https://www.instagram.com/biblioteket/", Title: "Biblioteket: \"läs mer\"",
		ArchiveCreator: "Kultur- och fritidsnämnden", Unit: "Biblioteket", Section: "Exempel Kultur AB", Responsible: Person{"Anna Exempel", "anna@example.org"},
		Administrators: []Person{{"Anna Exempel", "anna@example.org"}, {"Bo Prov", ""}}, Substitute: &Person{"Cecilia Test", "cecilia@example.org"}, Registrar: &Person{"Registraturen", "reg@example.org"},
		Purpose: "Tips om böcker.\nOch öppettider: alla dagar # utom söndag", Sender: "Biblioteket i Exempel", Since: "2019-02-28", Until: "2031-01-01", LoginProfile: "insta", Group: "kultur",
		Limits: Limits{Posts: 100, Sheets: 2, Minutes: 3, Bytes: 4, Pages: 5, Depth: 6}, AllowedHosts: []string{"cdn.example"}, Class: ClassOpen,
		Disposal: Disposal{Action: "gallra", After: "10y", Decision: "KS 2026/1", Plan: "4.2"}, DocumentPlan: "4.2", ProcessingEntry: "no", PrivacyNotice: "https://exempel.example/pul",
		LegalDeposit: "pending", Notice: &Notice{Date: "2030-12-01", Remove: "2031-01-01", Reason: "ny sida"},
	}
}

func TestAddKeepsEverythingElse(t *testing.T) {
	for name, x := range map[string]struct{ before, after string }{
		"after a spaced list": {
			"# vårt register\ntenant: default # oss\n\naccounts:\n  # huvudkontot\n  - id: a # fast\n    platform: web\n    url: https://a.example/\n    title: A\n    archive_creator: KS\n    unit: K\n    responsible: {name: R}\n    #until: 2027-01-01\n\n# slut\n",
			"# vårt register\ntenant: default # oss\n\naccounts:\n  # huvudkontot\n  - id: a # fast\n    platform: web\n    url: https://a.example/\n    title: A\n    archive_creator: KS\n    unit: K\n    responsible: {name: R}\n    #until: 2027-01-01\n\n  - NEW\n\n# slut\n",
		},
		"dashes at the margin, CRLF, no line break at the end": {
			"accounts:\r\n- id: a\r\n  platform: web\r\n  url: https://a.example/\r\n  title: A\r\n  archive_creator: KS\r\n  unit: K\r\n  responsible: {name: R}",
			"accounts:\r\n- id: a\r\n  platform: web\r\n  url: https://a.example/\r\n  title: A\r\n  archive_creator: KS\r\n  unit: K\r\n  responsible: {name: R}\r\n\r\n- NEW\r\n",
		},
		"list in the middle": {
			"accounts:\n  - {id: a, platform: web, url: 'https://a.example/', title: A, archive_creator: KS, unit: K, responsible: {name: R}}\n  - {id: b, platform: web, url: 'https://b.example/', title: A, archive_creator: KS, unit: K, responsible: {name: R}}\nname: Exempel\n",
			"accounts:\n  - {id: a, platform: web, url: 'https://a.example/', title: A, archive_creator: KS, unit: K, responsible: {name: R}}\n  - {id: b, platform: web, url: 'https://b.example/', title: A, archive_creator: KS, unit: K, responsible: {name: R}}\n  - NEW\nname: Exempel\n",
		},
		"no accounts yet":    {"# tomt\nname: Exempel\n", "# tomt\nname: Exempel\naccounts:\n  - NEW\n"},
		"accounts without":   {"accounts:\n# här\n", "accounts:\n  - NEW\n# här\n"},
		"an empty file":      {"", "accounts:\n  - NEW\n"},
		"an empty flow list": {"accounts: []\n", "accounts:\n  - NEW\n"},
		"nothing, spelt out": {"accounts: null\n", "accounts:\n  - NEW\n"},
		"a list in flow style": {
			"accounts: [{id: a, platform: web, url: 'https://a.example/', title: A, archive_creator: KS, unit: K, responsible: {name: R}}]\n",
			"accounts:\n  - id: a\n    platform: web\n    url: 'https://a.example/'\n    title: A\n    archive_creator: KS\n    unit: K\n    responsible: {name: R}\n  - NEW\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string]string{"register.yaml": x.before})
			r, err := Add(filepath.Join(dir, "register.yaml"), minimal("ny"), by("Eva"), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := r.ByID("", "ny"); !ok {
				t.Error("not there")
			}
			eol := "\n"
			if strings.Contains(x.before, "\r\n") {
				eol = "\r\n"
			}
			indent := "    "
			if strings.Contains(x.after, "\n- NEW") {
				indent = "  "
			}
			entry := strings.Join([]string{"id: ny", "platform: web", "url: https://ny.example/", "title: ny", "archive_creator: KS", "unit: K", "responsible: {name: R}"}, eol+indent)
			if got, want := read(t, dir, "register.yaml"), strings.Replace(x.after, "NEW", entry, 1); got != want {
				t.Errorf("got\n%q\nwant\n%q", got, want)
			}
		})
	}
}

func minimal(id string) Account {
	return Account{ID: id, Platform: "web", URL: "https://" + id + ".example/", Title: id, ArchiveCreator: "KS", Unit: "K", Responsible: Person{Name: "R"}}
}

const annotated = `# Exempelkommuns konton
accounts:

  # Huvudkontot; ring Anna innan något ändras
  - id: a
    platform: web # plattform
    url: https://a.example/ # adress
    title: "Titel: A"   # namnet
    archive_creator: KS
    unit: K
    responsible: {name: R, email: r@example.org} # ansvarig
    administrators:
      # först den som svarar
      - name: Anna
        email: anna@example.org # jobbet
      # sedan den andra
      - name: Bo
        email: bo@example.org
    purpose: |
      Första raden
      # ingen kommentar
      sista raden

    # datum
    since: 2015-03-01
    #until: 2027-01-01

  # Andra kontot
  - platform: web
    url: https://b.example/
    id: b
    title: B
    archive_creator: KS
    unit: K
    responsible:
      name: R
`

func TestUpdateTouchesOnlyChangedLines(t *testing.T) {
	for name, x := range map[string]struct {
		id     string
		change func(*Account)
		old    []string // lines that go
		new    []string // lines that come
	}{
		"nothing":            {"a", func(*Account) {}, nil, nil},
		"a text, comment":    {"a", func(a *Account) { a.URL = "https://ny.example/" }, []string{"    url: https://a.example/ # adress"}, []string{"    url: https://ny.example/ # adress"}},
		"quoted text":        {"a", func(a *Account) { a.Title = "B: 2" }, []string{`    title: "Titel: A"   # namnet`}, []string{"    title: 'B: 2' # namnet"}},
		"a person":           {"a", func(a *Account) { a.Responsible.Email = "ny@example.org" }, []string{"    responsible: {name: R, email: r@example.org} # ansvarig"}, []string{"    responsible: {name: R, email: ny@example.org} # ansvarig"}},
		"deep in a list":     {"a", func(a *Account) { a.Administrators[0].Email = "a2@example.org" }, []string{"        email: anna@example.org # jobbet"}, []string{"        email: a2@example.org # jobbet"}},
		"a date":             {"a", func(a *Account) { a.Since = "2016-03-01" }, []string{"    since: 2015-03-01"}, []string{"    since: 2016-03-01"}},
		"a field comes":      {"a", func(a *Account) { a.Until = "2030-01-01" }, nil, []string{"    until: 2030-01-01"}},
		"a field goes":       {"a", func(a *Account) { a.Since = "" }, []string{"    since: 2015-03-01"}, nil},
		"block text goes":    {"a", func(a *Account) { a.Purpose = "" }, []string{"    purpose: |", "      Första raden", "      # ingen kommentar", "      sista raden"}, nil},
		"block text changes": {"a", func(a *Account) { a.Purpose = "kort" }, []string{"    purpose: |", "      Första raden", "      # ingen kommentar", "      sista raden"}, []string{"    purpose: kort"}},
		"in block person":    {"b", func(a *Account) { a.Responsible.Email = "r@example.org" }, nil, []string{"      email: r@example.org"}},
		"beside the dash":    {"b", func(a *Account) { a.Platform = "facebook" }, []string{"  - platform: web"}, []string{"  - platform: facebook"}},
		"class comes":        {"b", func(a *Account) { a.Class = ClassOpen }, nil, []string{"    class: öppen"}},
		"many": {"b", func(a *Account) { a.Sender, a.Purpose, a.Title = "S", "P", "T" }, []string{"    title: B"},
			[]string{"    title: T", "    purpose: P", "    sender: S"}},
		"an administrator more": {"b", func(a *Account) { a.Administrators = []Person{{"X", "x@example.org"}} }, nil, []string{"    administrators:", "      - {name: X, email: x@example.org}"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string]string{"k.yaml": annotated})
			r, err := Load(dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			a, _ := r.ByID("", x.id)
			x.change(&a)
			after, err := Update(dir, a, by("Eva"), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := after.ByID("", x.id); len(Diff(a, got)) > 0 {
				t.Errorf("%v", Diff(a, got))
			}
			gone, come := lineDiff(annotated, read(t, dir, "k.yaml"))
			if strings.Join(gone, "\n") != strings.Join(x.old, "\n") || strings.Join(come, "\n") != strings.Join(x.new, "\n") {
				t.Errorf("gone %q, come %q\n%s", gone, come, read(t, dir, "k.yaml"))
			}
		})
	}
}

// lineDiff gives the lines that only one of the texts has, in order.
func lineDiff(a, b string) (gone, come []string) {
	count := map[string]int{}
	for l := range strings.SplitSeq(b, "\n") {
		count[l]++
	}
	for l := range strings.SplitSeq(a, "\n") {
		if count[l]--; count[l] < 0 {
			gone = append(gone, l)
		}
	}
	count = map[string]int{}
	for l := range strings.SplitSeq(a, "\n") {
		count[l]++
	}
	for l := range strings.SplitSeq(b, "\n") {
		if count[l]--; count[l] < 0 {
			come = append(come, l)
		}
	}
	return gone, come
}

func TestEveryFieldIsWrittenAndRead(t *testing.T) {
	dir := folder(t, map[string]string{"k.yaml": annotated})
	if _, err := Add(dir, whole(), by("Eva"), Options{}); err != nil {
		t.Fatal(err)
	}
	r, err := Load(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := r.ByID("", whole().ID)
	if d := Diff(whole(), a); len(d) > 0 {
		t.Errorf("%+v", d)
	}
	if len(flatAll(whole())) < 42 {
		t.Errorf("the account lacks fields: %d", len(flatAll(whole())))
	}
	for _, f := range flatAll(whole()) {
		if f.value == "" && f.key != "administrators[1].email" {
			t.Errorf("%s is empty in the test's account", f.key)
		}
	}
	bare := minimal(whole().ID)
	bare.Class = ClassReview
	if _, err := Update(dir, bare, by("Eva"), Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := Update(dir, whole(), by("Eva"), Options{}); err != nil {
		t.Fatal(err)
	}
	back, err := Load(dir, Options{})
	if err != nil || back.Version != r.Version {
		t.Errorf("there and back: %v", err)
	}
}

func TestCloseAndEnd(t *testing.T) {
	dir := folder(t, map[string]string{"k.yaml": annotated})
	r, err := Close(dir, "", "a", Notice{Date: "2026-11-01", Remove: "2026-11-10", Reason: "Ny sida"}, by("Eva"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Warnings.Has("short-notice") {
		t.Errorf("%v", r.Warnings)
	}
	if _, come := lineDiff(annotated, read(t, dir, "k.yaml")); strings.Join(come, "") != "    notice: {date: 2026-11-01, remove: 2026-11-10, reason: Ny sida}" {
		t.Errorf("%q", come)
	}
	if _, err := End(dir, "", "a", "2026-11-10", by("Eva"), Options{}); err != nil {
		t.Fatal(err)
	}
	h, err := History(dir)
	if err != nil || len(h) != 2 {
		t.Fatalf("%v %v", h, err)
	}
	if h[0].Action != "close" || h[0].By != "Eva" || h[0].Reason != "prov" || !h[0].At.Equal(when) || h[0].Account != "a" || len(h[0].Fields) != 3 || h[1].Action != "end" || h[1].Before != h[0].After {
		t.Errorf("%+v", h)
	}
	if _, err := Close(dir, "", "c", Notice{}, by("Eva"), Options{}); err == nil || !strings.Contains(err.Error(), "the account is not in the register") {
		t.Errorf("%v", err)
	}
	_, err = Close(dir, "", "b", Notice{Date: "2026-11-10", Remove: "2026-11-01"}, by("Eva"), Options{})
	if !AsProblems(err).Has("bad-notice") {
		t.Errorf("%v", err)
	}
}

func TestRefusedEditsWriteNothing(t *testing.T) {
	dir := folder(t, map[string]string{"k.yaml": annotated})
	bad := minimal("a")
	_, err := Add(dir, bad, by("Eva"), Options{})
	if !AsProblems(err).Has("double-id") {
		t.Errorf("%v", err)
	}
	bad = minimal("c")
	bad.URL = "ingen adress"
	if _, err = Add(dir, bad, by("Eva"), Options{}); !AsProblems(err).Has("bad-url") {
		t.Errorf("%v", err)
	}
	c := by("Eva")
	c.IfVersion = "0000"
	var p Problem
	if _, err = Add(dir, minimal("c"), c, Options{}); !errors.As(err, &p) || p.Code != "changed-meanwhile" {
		t.Errorf("%v", err)
	}
	if read(t, dir, "k.yaml") != annotated || read(t, dir, "history.ndjson") != "" {
		t.Error("something was written")
	}
	broken := folder(t, map[string]string{"k.yaml": annotated + "okänd: 1\n"})
	if _, err = Add(broken, minimal("c"), by("Eva"), Options{}); !AsProblems(err).Has("unknown-key") {
		t.Errorf("%v", err)
	}
	single := filepath.Join(folder(t, map[string]string{"k.yaml": annotated}), "k.yaml")
	other := minimal("c")
	other.Tenant = "annan"
	if _, err = Add(single, other, by("Eva"), Options{}); !errors.As(err, &p) || p.Code != "other-tenant" {
		t.Errorf("%v", err)
	}
}

func TestHomeOfANewAccount(t *testing.T) {
	dir := folder(t, map[string]string{
		"ab.yaml":       strings.Replace(annotated, "accounts:", "section: Exempel AB\naccounts:", 1),
		"kommunen.yaml": strings.NewReplacer("id: a", "id: c", "id: b", "id: d", "a.example", "c.example", "b.example", "d.example").Replace(annotated),
	})
	for file, a := range map[string]Account{"ab.yaml": minimal("e1"), "kommunen.yaml": minimal("e2"), "grannen.yaml": minimal("e3")} {
		switch file {
		case "ab.yaml":
			a.Section = "Exempel AB"
		case "grannen.yaml":
			a.Tenant = "grannen"
		}
		r, err := Add(dir, a, by("Eva"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, _ := r.ByID(a.Tenant, a.ID)
		if filepath.Base(got.File) != file || got.Section != a.Section || strings.Contains(read(t, dir, file), "section: Exempel AB\n    ") {
			t.Errorf("%s: %+v", file, got)
		}
	}
	empty := filepath.Join(t.TempDir(), "new", "register")
	if r, err := Add(empty, minimal("a"), by("Eva"), Options{}); err != nil || len(r.Accounts) != 1 || !strings.HasPrefix(read(t, empty, "register.yaml"), "accounts:\n  - id: a\n") {
		t.Errorf("%v", err)
	}
	file := filepath.Join(t.TempDir(), "konton.yaml")
	if _, err := Add(file, minimal("a"), by("Eva"), Options{}); err != nil || !strings.HasPrefix(read(t, file), "accounts:") {
		t.Errorf("%v", err)
	}
}

func TestModeAndLinksAreKept(t *testing.T) {
	dir := folder(t, map[string]string{"real": annotated})
	link := filepath.Join(dir, "k.yaml")
	if err := os.Symlink("real", link); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "real"), 0o604); err != nil {
		t.Fatal(err)
	}
	if _, err := Add(link, minimal("c"), by("Eva"), Options{}); err != nil {
		t.Fatal(err)
	}
	fi, err := os.Lstat(link)
	target, err2 := os.Stat(link)
	if err != nil || err2 != nil || fi.Mode()&os.ModeSymlink == 0 || target.Mode().Perm() != 0o604 || !strings.Contains(read(t, dir, "real"), "id: c") {
		t.Errorf("%v %v", fi.Mode(), target.Mode())
	}
}
