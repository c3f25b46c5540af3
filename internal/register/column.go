package register

import (
	"cmp"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// column is one column of a list: how it is called, and how its cells are read and written.
type column struct {
	key   string   // the field's name in YAML
	title string   // the Swedish heading
	alias []string // other headings that municipalities use
	get   func(*Account) string
	set   func(a *Account, cell string, t *Table) error
}

func textColumn(key, title string, field func(*Account) *string, alias ...string) column {
	return column{key, title, alias, func(a *Account) string { return *field(a) },
		func(a *Account, cell string, _ *Table) error { *field(a) = oneLine(cell); return nil }}
}

func dateColumn(key, title string, field func(*Account) *string, alias ...string) column {
	return column{key, title, alias, func(a *Account) string { return *field(a) },
		func(a *Account, cell string, t *Table) error {
			d, err := t.date(cell)
			*field(a) = cmp.Or(d, cell)
			return err
		}}
}

// personColumn holds "Anna Exempel <anna@example.org>"; person gives it, and with create makes one where there is none.
func personColumn(key, title string, person func(a *Account, create bool) *Person, alias ...string) []column {
	get := func(a *Account) Person {
		if p := person(a, false); p != nil {
			return *p
		}
		return Person{}
	}
	return []column{
		{key, title, alias, func(a *Account) string { return get(a).text() },
			func(a *Account, cell string, _ *Table) error {
				p := parsePerson(cell)
				to := person(a, true)
				to.Name, to.Email = p.Name, cmp.Or(p.Email, to.Email)
				return nil
			}},
		{key + ".email", "", []string{title + " e-post", "e-post " + title, title + " epost", title + " mail", title + "s e-post"}, nil,
			func(a *Account, cell string, _ *Table) error { person(a, true).Email = oneLine(cell); return nil }},
	}
}

func optional(field func(*Account) **Person) func(*Account, bool) *Person {
	return func(a *Account, create bool) *Person {
		p := field(a)
		if *p == nil && create {
			*p = &Person{}
		}
		return *p
	}
}

// columns are all that an import reads and an export writes, in the order of the export.
var columns = buildColumns()

func buildColumns() []column {
	cs := []column{
		textColumn("id", "Id", func(a *Account) *string { return &a.ID }, "konto-id", "kontoid", "beteckning"),
		textColumn("title", "Namn", func(a *Account) *string { return &a.Title }, "titel", "kontonamn", "konto", "namn på kontot", "sida"),
		textColumn("platform", "Plattform", func(a *Account) *string { return &a.Platform }, "kanal", "medium", "socialt medium", "tjänst", "typ"),
		textColumn("url", "Adress", func(a *Account) *string { return &a.URL }, "webbadress", "länk", "url", "webbsida", "adress (url)", "länk till kontot"),
		textColumn("archive_creator", "Arkivbildare", func(a *Account) *string { return &a.ArchiveCreator }, "nämnd", "nämnd/bolag", "myndighet"),
		textColumn("unit", "Ansvarig verksamhet", func(a *Account) *string { return &a.Unit }, "verksamhet", "enhet", "förvaltning", "avdelning", "ansvarig enhet", "ansvarig förvaltning"),
		textColumn("section", "Bolag eller sektor", func(a *Account) *string { return &a.Section }, "bolag", "sektor", "del"),
	}
	cs = append(cs, personColumn("responsible", "Ansvarig", func(a *Account, _ bool) *Person { return &a.Responsible }, "ansvarig person", "kontoansvarig", "kontaktperson", "ansvarig utgivare")...)
	cs = append(cs, administrators()...)
	cs = append(cs, personColumn("substitute", "Ersättare", optional(func(a *Account) **Person { return &a.Substitute }), "vikarie", "backup")...)
	cs = append(cs, personColumn("registrar", "Registrator", optional(func(a *Account) **Person { return &a.Registrar }), "registratur", "diarium")...)
	cs = append(cs,
		column{"purpose", "Syfte", []string{"ändamål", "beskrivning"}, func(a *Account) string { return a.Purpose },
			func(a *Account, cell string, _ *Table) error {
				a.Purpose = strings.TrimSpace(strings.ReplaceAll(cell, "\r\n", "\n"))
				return nil
			}},
		textColumn("sender", "Avsändare", func(a *Account) *string { return &a.Sender }, "avsändare på sidan"),
		dateColumn("since", "Startdatum", func(a *Account) *string { return &a.Since }, "start", "startat", "från", "fr.o.m.", "skapat", "upprättat"),
		dateColumn("until", "Slutdatum", func(a *Account) *string { return &a.Until }, "slut", "avslutat", "till", "t.o.m.", "upphört"),
		textColumn("login_profile", "Inloggning", func(a *Account) *string { return &a.LoginProfile }, "inloggningsprofil"),
		textColumn("group", "Grupp", func(a *Account) *string { return &a.Group }, "kalendergrupp"),
		column{"class", "Klass", []string{"åtkomstklass", "sekretess", "sekretessklass", "informationsklass"}, func(a *Account) string { return string(a.Class) }, setClass},
		column{"disposal.action", "Bevara eller gallra", []string{"bevarande", "gallring", "bevaras/gallras", "bevara/gallra"}, func(a *Account) string { return a.Disposal.Action }, setDisposal},
		column{"disposal.after", "Gallras efter", []string{"gallringsfrist", "frist"}, func(a *Account) string { return a.Disposal.After }, setYears},
		textColumn("disposal.decision", "Gallringsbeslut", func(a *Account) *string { return &a.Disposal.Decision }, "beslut"),
		textColumn("disposal.plan", "Gallringsplan", func(a *Account) *string { return &a.Disposal.Plan }),
		textColumn("document_plan", "Dokumenthanteringsplan", func(a *Account) *string { return &a.DocumentPlan }, "informationshanteringsplan", "dhp"),
		textColumn("processing_entry", "Personuppgiftsbehandling", func(a *Account) *string { return &a.ProcessingEntry }, "registerförteckning", "gdpr"),
		textColumn("privacy_notice", "Information om personuppgifter", func(a *Account) *string { return &a.PrivacyNotice }),
		textColumn("legal_deposit", "Pliktleverans", func(a *Account) *string { return &a.LegalDeposit }, "pliktexemplar", "kb"),
		column{"allowed_hosts", "Tillåtna värdar", nil, func(a *Account) string { return strings.Join(a.AllowedHosts, "; ") },
			func(a *Account, cell string, _ *Table) error { a.AllowedHosts = cells(cell); return nil }},
	)
	return append(cs, append(limitColumns(), noticeColumns()...)...)
}

// administrators are one column with all of them; lists that have one column each are read as well.
func administrators() []column {
	all := column{"administrators", "Administratörer", []string{"administratör", "admin", "redaktörer"},
		func(a *Account) string {
			var out []string
			for _, p := range a.Administrators {
				out = append(out, p.text())
			}
			return strings.Join(out, "; ")
		},
		func(a *Account, cell string, _ *Table) error {
			a.Administrators = nil
			for _, c := range cells(cell) {
				a.Administrators = append(a.Administrators, parsePerson(c))
			}
			return nil
		}}
	out := []column{all}
	for i := range 6 {
		nr := strconv.Itoa(i + 1)
		at := func(a *Account) *Person {
			for len(a.Administrators) <= i {
				a.Administrators = append(a.Administrators, Person{})
			}
			return &a.Administrators[i]
		}
		key := fmt.Sprintf("administrators[%d]", i)
		out = append(out,
			column{key, "", []string{"administratör " + nr, "admin " + nr, "redaktör " + nr}, nil, func(a *Account, cell string, _ *Table) error {
				p, to := parsePerson(cell), at(a)
				to.Name, to.Email = p.Name, cmp.Or(p.Email, to.Email)
				return nil
			}},
			column{key + ".email", "", []string{"administratör " + nr + " e-post", "e-post administratör " + nr, "admin " + nr + " e-post"}, nil,
				func(a *Account, cell string, _ *Table) error { at(a).Email = oneLine(cell); return nil }})
	}
	return out
}

func limitColumns() []column {
	number := func(key, title string, get func(*Limits) int64, set func(*Limits, int64)) column {
		return column{"limits." + key, title, nil, func(a *Account) string {
			if n := get(&a.Limits); n != 0 {
				return strconv.FormatInt(n, 10)
			}
			return ""
		}, func(a *Account, cell string, _ *Table) error {
			n, err := strconv.ParseInt(strings.NewReplacer(" ", "", "\u00a0", "").Replace(cell), 10, 64)
			set(&a.Limits, n)
			if err != nil {
				return errNumber
			}
			return nil
		}}
	}
	return []column{
		number("posts", "Högst inlägg", func(l *Limits) int64 { return int64(l.Posts) }, func(l *Limits, n int64) { l.Posts = int(n) }),
		number("sheets", "Högst blad", func(l *Limits) int64 { return int64(l.Sheets) }, func(l *Limits, n int64) { l.Sheets = int(n) }),
		number("minutes", "Högst minuter", func(l *Limits) int64 { return int64(l.Minutes) }, func(l *Limits, n int64) { l.Minutes = int(n) }),
		number("bytes", "Högst byte", func(l *Limits) int64 { return l.Bytes }, func(l *Limits, n int64) { l.Bytes = n }),
		number("pages", "Högst sidor", func(l *Limits) int64 { return int64(l.Pages) }, func(l *Limits, n int64) { l.Pages = int(n) }),
		number("depth", "Länkdjup", func(l *Limits) int64 { return int64(l.Depth) }, func(l *Limits, n int64) { l.Depth = int(n) }),
	}
}

func noticeColumns() []column {
	field := func(key, title string, date bool, f func(*Notice) *string) column {
		return column{"notice." + key, title, nil, func(a *Account) string {
			if a.Notice == nil {
				return ""
			}
			return *f(a.Notice)
		}, func(a *Account, cell string, t *Table) (err error) {
			n := Notice{}
			if a.Notice != nil {
				n = *a.Notice
			}
			v := oneLine(cell)
			if date {
				var d string
				d, err = t.date(cell)
				v = cmp.Or(d, v)
			}
			*f(&n) = v
			a.Notice = &n
			return err
		}}
	}
	return []column{
		field("date", "Avslut meddelat", true, func(n *Notice) *string { return &n.Date }),
		field("remove", "Tas bort", true, func(n *Notice) *string { return &n.Remove }),
		field("reason", "Skäl till avslut", false, func(n *Notice) *string { return &n.Reason }),
	}
}

var (
	errDate   = errors.New("no date")
	errNumber = errors.New("no number")
	errClass  = errors.New("no class")
)

func setClass(a *Account, cell string, _ *Table) error {
	switch strings.ToLower(oneLine(cell)) {
	case "öppen", "öppet", "offentlig", "nej", "open":
		a.Class = ClassOpen
	case "sekretessprövning krävs", "sekretessprövning", "prövas", "review":
		a.Class = ClassReview
	case "sekretess", "hemlig", "ja", "secret":
		a.Class = ClassSecret
	default:
		a.Class = Class(oneLine(cell))
		return errClass
	}
	return nil
}

func setDisposal(a *Account, cell string, _ *Table) error {
	switch v := strings.ToLower(oneLine(cell)); v {
	case "bevaras", "bevara":
		a.Disposal.Action = "bevara"
	case "gallras", "gallra":
		a.Disposal.Action = "gallra"
	default:
		a.Disposal.Action = v
	}
	return nil
}

var yearsCell = regexp.MustCompile(`^(\d{1,3}) ?(år|y)?$`)

func setYears(a *Account, cell string, _ *Table) error {
	a.Disposal.After = oneLine(cell)
	if m := yearsCell.FindStringSubmatch(strings.ToLower(a.Disposal.After)); m != nil {
		a.Disposal.After = m[1] + "y"
	}
	return nil
}

// text is a person as one cell.
func (p Person) text() string {
	if p.Email == "" {
		return p.Name
	}
	return p.Name + " <" + p.Email + ">"
}

// parsePerson reads "Anna Exempel <anna@example.org>", "Anna Exempel, anna@example.org", "Anna Exempel (anna@…)", a name or an address.
func parsePerson(cell string) Person {
	s := oneLine(cell)
	if name, rest, ok := strings.Cut(s, "<"); ok {
		return Person{strings.Trim(name, ` ,"`), strings.Trim(rest, " >")}
	}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,()/", r) }) {
		if a, err := mail.ParseAddress(w); err == nil && a.Address == w {
			return Person{strings.Trim(strings.Replace(s, w, "", 1), " ,()/"), w}
		}
	}
	return Person{Name: s}
}

// cells cuts a cell that holds several values at semicolons and line breaks.
func cells(s string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '\n' || r == '\r' }) {
		if p = oneLine(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// date reads the ways in which Swedish lists write a day, Excel's own count of days included.
func (t *Table) date(cell string) (string, error) {
	s := oneLine(cell)
	for _, layout := range []string{time.DateOnly, "2006/01/02", "2006.01.02", "20060102", "2006-1-2", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2/1/2006", "2.1.2006", "2 January 2006"} {
		if d, err := time.Parse(layout, s); err == nil {
			return d.Format(time.DateOnly), nil
		}
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && t.serial != nil && n >= 20_000 && n < 80_000 { // 1954 to 2119
		return t.serial(n).Format(time.DateOnly), nil
	}
	return "", errDate
}
