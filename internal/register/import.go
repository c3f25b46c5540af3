package register

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ImportOptions say how a list becomes accounts.
type ImportOptions struct {
	Options
	// Tenant and Section hold for every row that says nothing else.
	Tenant, Section string
	// Platform guesses a platform from an address where the list has none; nil guesses none.
	Platform func(url string) string
}

// ImportKind says what a row does to the register.
type ImportKind string

// The kinds.
const (
	ImportAdd    ImportKind = "add"
	ImportChange ImportKind = "change"
	ImportSame   ImportKind = "same"
)

// ImportRow is one row of a list and what it would do.
type ImportRow struct {
	Row     int           `json:"row"` // 1-based, as the spreadsheet counts
	Kind    ImportKind    `json:"kind"`
	Account Account       `json:"account"` // as it would become
	Fields  []FieldChange `json:"fields"`
}

// Import is the preview of a list: nothing is written until Apply.
type Import struct {
	File     string
	Rows     []ImportRow
	Ignored  []string // headings that mean nothing here
	Problems Problems // Line is the row
	version  string
}

// Preview compares a list with the register (nil for none yet): rows are matched by id, else by address. An empty cell leaves the field as it is.
func Preview(r *Register, t *Table, o ImportOptions) *Import {
	p := &previewer{r: r, t: t, o: o, out: &Import{File: t.Name}, byURL: map[string]Account{}, ids: map[string]bool{}, changed: map[string]bool{}}
	p.o.Tenant = cmp.Or(o.Tenant, DefaultTenant)
	if r != nil {
		p.out.version = r.Version
		for _, a := range r.Accounts {
			if a.Tenant == p.o.Tenant {
				p.byURL[normalURL(a.URL)] = a
				p.ids[a.ID] = true
			}
		}
	}
	start, ok := p.header()
	if !ok {
		return p.out
	}
	for i := start; i < len(t.Rows); i++ {
		p.row(i)
	}
	if len(p.out.Rows) == 0 {
		p.add(0, "", "", "empty", "listan har inga konton under rubrikraden", "the list has no accounts below the heading")
	}
	p.check()
	return p.out
}

// Apply writes a preview without errors into the register, and refuses when the register has changed since.
func (i *Import) Apply(path string, c Change, o Options) (*Register, error) {
	if err := i.Problems.err(); err != nil {
		return nil, err
	}
	e := Edit{Action: "import"}
	for _, r := range i.Rows {
		switch r.Kind {
		case ImportAdd:
			e.Add = append(e.Add, r.Account)
		case ImportChange:
			e.Update = append(e.Update, r.Account)
		}
	}
	if len(e.Add)+len(e.Update) == 0 {
		return Load(path, o)
	}
	if i.version != "" {
		c.IfVersion = i.version
	}
	return Apply(path, e, c, o)
}

type previewer struct {
	r       *Register
	t       *Table
	o       ImportOptions
	out     *Import
	columns []*column // by index; nil is ignored
	byURL   map[string]Account
	ids     map[string]bool // taken
	changed map[string]bool
}

func (p *previewer) add(row int, account, key, code, sv, en string) {
	p.out.Problems = append(p.out.Problems, Problem{File: p.t.Name, Line: row, Key: key, Account: account, Code: code, Severity: SeverityError, SV: sv, EN: en})
}

// heading brings a heading to the form in which they are compared.
func heading(s string) string {
	s = strings.ToLower(norm.NFC.String(s))
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return ' '
	}, s)
	return oneLine(strings.ReplaceAll(s, "e post", "epost"))
}

var headings = func() map[string]*column {
	m := map[string]*column{}
	for i := range columns {
		c := &columns[i]
		for _, h := range append([]string{c.key, c.title}, c.alias...) {
			if h != "" {
				m[heading(h)] = c
			}
		}
	}
	return m
}()

// header finds the heading among the first rows: the one with most known headings, at least two.
func (p *previewer) header() (next int, ok bool) {
	best, most := -1, 1
	for i, row := range p.t.Rows[:min(len(p.t.Rows), 20)] {
		n := 0
		for _, c := range row {
			if headings[heading(c)] != nil {
				n++
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		p.add(0, "", "", "no-heading", "ingen rubrikrad hittades: listan behöver en rad med till exempel Namn, Plattform, Adress, Arkivbildare, Ansvarig verksamhet och Ansvarig",
			"no heading was found: the list needs a row with for example Namn, Plattform, Adress, Arkivbildare, Ansvarig verksamhet and Ansvarig")
		return 0, false
	}
	seen := map[*column]bool{}
	for _, h := range p.t.Rows[best] {
		c := headings[heading(h)]
		if c != nil && seen[c] {
			p.add(best+1, "", c.key, "double-column", fmt.Sprintf("rubriken %s betyder samma sak som en tidigare: ta bort den ena kolumnen", quoted(oneLine(h))), fmt.Sprintf("the heading %s means the same as one before: remove one of the columns", quoted(oneLine(h))))
		}
		if c == nil && oneLine(h) != "" {
			p.out.Ignored = append(p.out.Ignored, oneLine(norm.NFC.String(h)))
		}
		seen[c] = true
		p.columns = append(p.columns, c)
	}
	return best + 1, true
}

func (p *previewer) row(i int) {
	cell := map[string]string{}
	filled := false
	for j, c := range p.t.Rows[i] {
		c = strings.TrimSpace(unguard(strings.ToValidUTF8(norm.NFC.String(c), "\ufffd")))
		if c == "" || j >= len(p.columns) || p.columns[j] == nil {
			continue
		}
		cell[p.columns[j].key], filled = c, true
	}
	if !filled {
		return
	}
	before, known := p.match(cell)
	a := clone(before)
	if !known {
		a = Account{Tenant: p.o.Tenant, Section: p.o.Section}
	}
	type bad struct {
		key string
		err error
	}
	var bads []bad
	for j := range columns {
		if v, ok := cell[columns[j].key]; ok {
			if err := columns[j].set(&a, v, p.t); err != nil {
				bads = append(bads, bad{columns[j].key, err})
			}
		}
	}
	p.complete(&a, known)
	if strings.TrimRight(a.URL, "/") == strings.TrimRight(before.URL, "/") { // the same address written shorter is no change
		a.URL = before.URL
	}
	for _, b := range bads {
		p.badCell(i+1, a.ID, b.key, cell[b.key], b.err)
	}
	a.File, a.Line = p.t.Name, i+1
	row := ImportRow{Row: i + 1, Kind: ImportAdd, Account: a, Fields: Diff(before, a)}
	if known {
		row.Kind = ImportChange
		if len(row.Fields) == 0 {
			row.Kind = ImportSame
		}
	}
	p.out.Rows = append(p.out.Rows, row)
}

// match finds the account that a row speaks of.
func (p *previewer) match(cell map[string]string) (Account, bool) {
	if p.r == nil {
		return Account{}, false
	}
	if id := cell["id"]; id != "" {
		return p.r.ByID(p.o.Tenant, id)
	}
	a, ok := p.byURL[normalURL(withScheme(cell["url"]))]
	return a, ok && cell["url"] != ""
}

// complete fills what a list may leave out: the scheme of an address, the platform, the id.
func (p *previewer) complete(a *Account, known bool) {
	a.URL = withScheme(a.URL)
	if a.Platform == "" && p.o.Platform != nil && a.URL != "" {
		a.Platform = p.o.Platform(a.URL)
	}
	a.Platform = platformName(a.Platform, p.o.Platforms)
	if a.ID == "" && !known {
		a.ID = p.freeID(a.Platform, a.Title)
	}
	p.ids[a.ID] = true
	a.Class = cmp.Or(a.Class, ClassReview)
}

func withScheme(url string) string {
	if url != "" && !strings.Contains(url, "://") && strings.Contains(url, ".") && !strings.ContainsAny(url, " @") {
		return "https://" + url
	}
	return url
}

// platformName takes "Facebook" for facebook.
func platformName(s string, known []string) string {
	if l := strings.ToLower(s); slices.Contains(known, l) || len(known) == 0 {
		return l
	}
	return s
}

// freeID makes an id of platform and name: "Biblioteket i Växjö" on Facebook becomes facebook-biblioteket-i-vaxjo.
func (p *previewer) freeID(platform, title string) string {
	base := slug(platform + "-" + title)
	if base == "" {
		base = "konto"
	}
	id := base
	for n := 2; p.ids[id]; n++ {
		tail := fmt.Sprintf("-%d", n)
		id = strings.TrimRight(base[:min(len(base), 48-len(tail))], "-") + tail
	}
	return id
}

func slug(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r): // the ring and dots of å, ä, ö
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String()[:min(b.Len(), 48)], "-")
}

func (p *previewer) badCell(row int, account, key, cell string, err error) {
	switch {
	case errors.Is(err, errNumber):
		p.add(row, account, key, "bad-number", quoted(cell)+" är inget heltal", quoted(cell)+" is no whole number")
	case errors.Is(err, errDate), errors.Is(err, errClass): // the register's own check says it
	default:
		p.add(row, account, key, "bad-cell", quoted(cell)+" går inte att läsa", quoted(cell)+" cannot be read")
	}
}

// check holds the rows against the register's rules, together with the accounts that the list leaves alone.
func (p *previewer) check() {
	c := newChecker(p.o.Options)
	for _, row := range p.out.Rows {
		p.changed[row.Account.ID] = true
	}
	if p.r != nil {
		for _, a := range p.r.Accounts {
			if a.Tenant != p.o.Tenant || !p.changed[a.ID] {
				c.entries = append(c.entries, entry{account: a})
			}
		}
	}
	for _, row := range p.out.Rows {
		c.entry(entry{account: row.Account, lines: map[string]int{}})
	}
	c.across()
	p.out.Problems = append(p.out.Problems, c.problems...)
}

// clone copies an account so deep that changing the copy leaves the register alone.
func clone(a Account) Account {
	a.Administrators, a.AllowedHosts = slices.Clone(a.Administrators), slices.Clone(a.AllowedHosts)
	for _, p := range []**Person{&a.Substitute, &a.Registrar} {
		if *p != nil {
			q := **p
			*p = &q
		}
	}
	if a.Notice != nil {
		n := *a.Notice
		a.Notice = &n
	}
	return a
}
