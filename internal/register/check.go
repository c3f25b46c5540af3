package register

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var (
	idPattern     = regexp.MustCompile(`^[a-z0-9-]{1,48}$`)
	prefixPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$`)
)

// entry is one account with the lines of its keys.
type entry struct {
	account Account
	lines   map[string]int // of the whole file
	at      string         // the entry's own key in lines: "accounts[3]"
}

func (e entry) line(key string) int {
	for k := key; k != ""; k = k[:max(0, strings.LastIndexAny(k, ".["))] {
		if l := e.lines[e.at+"."+k]; l > 0 {
			return l
		}
	}
	return e.account.Line
}

// checker gathers the entries of all files and what is wrong with them.
type checker struct {
	o        Options
	entries  []entry
	tenant   map[string]Tenant
	origin   map[string]string // tenant + setting → the file that gave it
	problems Problems
}

func newChecker(o Options) *checker {
	return &checker{o: o, tenant: map[string]Tenant{}, origin: map[string]string{}}
}

// file takes over one parsed file: its tenant's settings and its accounts.
func (c *checker) file(p *parser, f file) {
	tenant := cmp.Or(f.Tenant, DefaultTenant)
	if !idPattern.MatchString(tenant) {
		p.add("bad-id", p.lines["tenant"], "tenant", quoted(tenant)+" duger inte: använd a-z, 0-9 och bindestreck, högst 48 tecken", quoted(tenant)+" will not do: use a-z, 0-9 and hyphen, at most 48 characters")
	}
	if f.Archive.Prefix != "" && !prefixPattern.MatchString(f.Archive.Prefix) {
		p.add("bad-prefix", p.lines["archive.prefix"], "archive.prefix", quoted(f.Archive.Prefix)+" duger inte: skriv till exempel kommunen/arkiv, utan snedstreck först och sist", quoted(f.Archive.Prefix)+" will not do: write for example kommunen/arkiv, without slashes at the ends")
	}
	if (f.Archive.AccessKeyFile == "") != (f.Archive.SecretKeyFile == "") {
		p.add("half-a-key", p.lines["archive"], "archive", "ska ha både access_key_file och secret_key_file eller ingen av dem", "must have both access_key_file and secret_key_file, or neither")
	}
	for i, m := range f.Mail {
		if !validMail(m) {
			key := fmt.Sprintf("mail[%d]", i)
			p.add("bad-mail", p.lines[key], key, quoted(m)+" är ingen e-postadress", quoted(m)+" is no mail address")
		}
	}
	c.besidePrefix(p, tenant, f.Archive.Prefix)
	c.mergeTenant(p, tenant, f)
	c.problems = append(c.problems, p.problems...)
	for i, a := range f.Accounts {
		e := entry{lines: p.lines, at: fmt.Sprintf("accounts[%d]", i)}
		a.Tenant, a.File, a.Line = tenant, p.file, p.lines[e.at]
		a.Section = cmp.Or(a.Section, f.Section)
		e.account = a
		c.entry(e)
	}
}

// besidePrefix demands that a tenant's prefix lies beside the archive's own and those of the others.
func (c *checker) besidePrefix(p *parser, tenant, prefix string) {
	if prefix == "" || c.o.Prefix == nil {
		return
	}
	others := map[string]string{*c.o.Prefix: "archive.prefix"}
	for id, t := range c.tenant {
		if t.Prefix != "" && id != tenant {
			others[t.Prefix] = id
		}
	}
	inside := func(outer, inner string) bool { return outer == "" || strings.HasPrefix(inner, outer+"/") }
	for other, whose := range others {
		if other != prefix && (inside(other, prefix) || inside(prefix, other)) {
			p.add("nested-prefix", p.lines["archive.prefix"], "archive.prefix", fmt.Sprintf("%s ligger inuti eller omkring %s (%s): välj ett prefix som ligger bredvid", quoted(prefix), quoted(other), whose),
				fmt.Sprintf("%s lies inside of or around %s (%s): choose a prefix beside it", quoted(prefix), quoted(other), whose))
		}
	}
}

// mergeTenant lets several files of one tenant say its settings once; saying them differently is an error.
func (c *checker) mergeTenant(p *parser, id string, f file) {
	t := c.tenant[id]
	t.ID = id
	for _, s := range []struct {
		key  string
		to   *string
		from string
	}{
		{"name", &t.Name, f.Name}, {"organisation_id", &t.OrganisationID, f.OrganisationID}, {"archive.prefix", &t.Prefix, f.Archive.Prefix},
		{"archive.access_key_file", &t.AccessKeyFile, f.Archive.AccessKeyFile}, {"archive.secret_key_file", &t.SecretKeyFile, f.Archive.SecretKeyFile},
	} {
		switch {
		case s.from == "":
		case *s.to == "":
			*s.to, c.origin[id+s.key] = s.from, p.file
		case *s.to != s.from:
			other := c.origin[id+s.key]
			p.add("tenant-conflict", p.lines[s.key], s.key, fmt.Sprintf("säger något annat än %s för samma tenant %q: låt bara en fil ange det", other, id),
				fmt.Sprintf("says something else than %s for the same tenant %q: let only one file say it", other, id))
		}
	}
	for _, m := range f.Mail {
		if !slices.Contains(t.Mail, m) {
			t.Mail = append(t.Mail, m)
		}
	}
	c.tenant[id] = t
}

func (c *checker) tenants() []Tenant { return slices.Collect(maps.Values(c.tenant)) }

func (c *checker) accounts() []Account {
	out := make([]Account, len(c.entries))
	for i, e := range c.entries {
		out[i] = e.account
	}
	return out
}

// about adds a problem with one entry.
func (c *checker) about(e entry, code string, s Severity, key, sv, en string) {
	c.problems = append(c.problems, Problem{File: e.account.File, Line: e.line(key), Key: key, Account: e.account.ID, Code: code, Severity: s, SV: sv, EN: en})
}

func (c *checker) fail(e entry, code, key, sv, en string) {
	c.about(e, code, SeverityError, key, sv, en)
}

func (c *checker) warn(e entry, code, key, sv, en string) {
	c.about(e, code, SeverityWarning, key, sv, en)
}

// entry checks one account by itself and keeps it.
func (c *checker) entry(e entry) {
	a := &e.account
	c.texts(e)
	c.required(e)
	if a.ID != "" && !idPattern.MatchString(a.ID) {
		c.fail(e, "bad-id", "id", quoted(a.ID)+" duger inte: använd a-z, 0-9 och bindestreck, högst 48 tecken", quoted(a.ID)+" will not do: use a-z, 0-9 and hyphen, at most 48 characters")
	}
	c.url(e)
	c.known(e)
	c.people(e)
	c.dates(e)
	c.class(&e)
	c.disposal(e)
	c.limits(e)
	for i, h := range a.AllowedHosts {
		if !validHost(h) {
			c.fail(e, "bad-host", fmt.Sprintf("allowed_hosts[%d]", i), quoted(h)+" är inget värdnamn: skriv bara namnet, utan https:// och sökväg", quoted(h)+" is no host name: write only the name, without https:// and path")
		}
	}
	c.entries = append(c.entries, e)
}

func (c *checker) required(e entry) {
	a := e.account
	for _, f := range []struct{ key, value, sv, en string }{
		{"id", a.ID, "kontots fasta kortnamn, till exempel facebook-kommunen", "the account's permanent short name, such as facebook-kommunen"},
		{"platform", a.Platform, "plattformen, till exempel facebook eller web", "the platform, such as facebook or web"},
		{"url", a.URL, "sidans adress", "the page's address"},
		{"title", a.Title, "kontots namn", "the account's name"},
		{"archive_creator", a.ArchiveCreator, "arkivbildaren: nämnden eller bolaget", "the creator of the archive: the board or company"},
		{"unit", a.Unit, "den ansvariga verksamheten", "the responsible unit"},
		{"responsible.name", a.Responsible.Name, "den ansvarigas namn", "the responsible person's name"},
	} {
		if f.value == "" {
			c.fail(e, "missing-field", f.key, "saknas: ange "+f.sv, "is missing: give "+f.en)
		}
	}
	for _, f := range []struct{ key, value, sv, en string }{
		{"purpose", a.Purpose, "ange vad kontot är till för", "say what the account is for"},
		{"sender", a.Sender, "ange avsändaren som den visas på sidan", "give the sender as the page shows it"},
	} {
		if f.value == "" {
			c.warn(e, "missing-field", f.key, "saknas: "+f.sv, "is missing: "+f.en)
		}
	}
}

// texts bounds every text and keeps control characters out of packages, mail and tables. Purpose alone may have lines.
func (c *checker) texts(e entry) {
	for _, f := range flat(e.account) {
		most := 500
		if f.key == "purpose" || f.key == "url" {
			most = 4000
		}
		if len([]rune(f.value)) > most {
			c.fail(e, "too-long", f.key, fmt.Sprintf("är längre än %d tecken: korta texten", most), fmt.Sprintf("is longer than %d characters: shorten it", most))
		}
		if strings.ContainsFunc(f.value, func(r rune) bool { return forbiddenRune(r) && !(f.key == "purpose" && r == '\n') }) {
			c.fail(e, "control-character", f.key, "innehåller styrtecken eller radbrytning: skriv texten på en rad", "holds control characters or a line break: write the text on one line")
		}
	}
}

// forbiddenRune tells control characters and those that turn the direction of the text around them.
func forbiddenRune(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == unicode.ReplacementChar
}

func (c *checker) url(e entry) {
	raw := e.account.URL
	if raw == "" {
		return
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		c.fail(e, "bad-url", "url", "är ingen webbadress: skriv hela adressen från https://", "is no web address: write the whole address from https://")
	case u.User != nil:
		c.fail(e, "bad-url", "url", "innehåller användarnamn eller lösenord: ta bort det, och använd login_profile om inloggning behövs", "holds a user name or password: remove it, and use login_profile where a login is needed")
	case !validHost(u.Hostname()):
		c.fail(e, "bad-url", "url", quoted(u.Hostname())+" är inget värdnamn", quoted(u.Hostname())+" is no host name")
	case strings.Contains(raw, "#") && !strings.HasPrefix(u.Fragment, "/") && !strings.HasPrefix(u.Fragment, "!"): // those lead a page's own script to a part of it
		c.fail(e, "bad-url", "url", "innehåller # och det som följer: ta bort det, det når aldrig sidans server", "holds # and what follows: remove it, it never reaches the page's server")
	case strings.ContainsFunc(raw, unicode.IsSpace):
		c.fail(e, "bad-url", "url", "innehåller mellanslag: ta bort det eller skriv %20", "holds a space: remove it, or write %20")
	case secretQuery(u.Query()):
		c.warn(e, "secret-in-url", "url", "ser ut att innehålla en hemlig nyckel, som då arkiveras: använd sidans öppna adress", "seems to hold a secret key, which is then archived: use the page's open address")
	}
}

// secretQuery tells parameters that commonly carry a right to enter.
func secretQuery(q url.Values) bool {
	for k := range q {
		k = strings.ToLower(k)
		for _, s := range []string{"token", "secret", "password", "passwd", "apikey", "api_key", "signature", "session", "auth"} {
			if strings.Contains(k, s) {
				return true
			}
		}
	}
	return false
}

func (c *checker) known(e entry) {
	a := e.account
	if len(c.o.Platforms) > 0 && a.Platform != "" && !slices.Contains(c.o.Platforms, a.Platform) {
		near := suggest(strings.ToLower(a.Platform), c.o.Platforms)
		sv, en := didYouMean(near)
		if near == "" {
			all := strings.Join(sorted(c.o.Platforms), ", ")
			sv, en = ": välj bland "+all, ": choose one of "+all
		}
		c.fail(e, "unknown-platform", "platform", quoted(a.Platform)+" är ingen känd plattform"+sv, quoted(a.Platform)+" is no known platform"+en)
	}
	if c.o.Groups != nil && a.Group != "" && !slices.Contains(c.o.Groups, a.Group) {
		c.warn(e, "unknown-group", "group", quoted(a.Group)+" finns inte under calendar.groups i konfigurationen, så de vanliga öppningsdagarna gäller", quoted(a.Group)+" is not under calendar.groups in the configuration, so the usual opening days hold")
	}
}

// across checks the accounts against each other: IDs must differ within a tenant, addresses should.
func (c *checker) across() {
	ids, urls := map[[2]string]entry{}, map[[2]string]entry{}
	for _, e := range c.entries {
		a := e.account
		key := [2]string{a.Tenant, a.ID}
		if first, twice := ids[key]; twice && a.ID != "" {
			place := fmt.Sprintf("%s:%d", first.account.File, first.line("id"))
			c.fail(e, "double-id", "id", "finns redan på "+place+": ge det ena kontot ett annat id", "stands already at "+place+": give one of the accounts another id")
		} else {
			ids[key] = e
		}
		same := [2]string{a.Tenant, normalURL(a.URL)}
		if first, twice := urls[same]; twice && a.URL != "" {
			c.warn(e, "double-url", "url", fmt.Sprintf("är samma sida som %s (%s:%d): sidan tas då två gånger", first.account.ID, first.account.File, first.line("url")),
				fmt.Sprintf("is the same page as %s (%s:%d): the page is then taken twice", first.account.ID, first.account.File, first.line("url")))
		} else {
			urls[same] = e
		}
	}
}

// normalURL brings addresses of the same page to one form, for comparison only.
func normalURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if p := u.Port(); p != "" && p != "80" && p != "443" {
		host += ":" + p
	}
	s := host + strings.TrimRight(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		s += "?" + u.Query().Encode()
	}
	return s
}
