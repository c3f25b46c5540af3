package register

import (
	"fmt"
	"net/mail"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
)

// NoticeDays is how long before its removal an account's closure should be announced.
const NoticeDays = 14

var (
	hostPattern  = regexp.MustCompile(`^(?i)[\pL\pN_]([\pL\pN_-]{0,62})(\.[\pL\pN_-]{1,63})*\.?$`)
	yearsPattern = regexp.MustCompile(`^[1-9][0-9]{0,2}y$`)
)

func validHost(h string) bool {
	if _, err := netip.ParseAddr(h); err == nil {
		return true
	}
	return len(h) <= 253 && hostPattern.MatchString(h)
}

// validMail wants a bare address: a name belongs in its own field.
func validMail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}

func (c *checker) people(e entry) {
	a := e.account
	names := map[string]bool{}
	for i, p := range a.Administrators {
		key := fmt.Sprintf("administrators[%d]", i)
		c.person(e, key, p, true)
		if p.Name != "" {
			names[strings.ToLower(p.Name)] = true
		}
	}
	switch {
	case len(a.Administrators) == 0:
		c.warn(e, "few-administrators", "administrators", "saknas: ange minst två namngivna administratörer", "are missing: name at least two administrators")
	case len(names) < 2:
		c.warn(e, "few-administrators", "administrators", "är bara en person: ange minst två, så att kontot kan skötas vid frånvaro", "are only one person: name at least two, so that the account is looked after during absence")
	}
	c.person(e, "responsible", a.Responsible, false)
	if a.Responsible.Name != "" && a.Responsible.Email == "" {
		c.warn(e, "missing-field", "responsible.email", "saknas: utan adress får den ansvariga inga besked", "is missing: without an address the responsible person is told nothing")
	}
	if a.Substitute == nil {
		c.warn(e, "missing-substitute", "substitute", "saknas: ange vem som tar vid när den ansvariga är borta", "is missing: name who takes over when the responsible person is away")
	} else {
		c.person(e, "substitute", *a.Substitute, true)
	}
	if a.Registrar != nil {
		c.person(e, "registrar", *a.Registrar, true)
	}
}

func (c *checker) person(e entry, key string, p Person, needsName bool) {
	if p.Name == "" && needsName {
		c.fail(e, "missing-field", key+".name", "saknas: ange namnet", "is missing: give the name")
	}
	if p.Email != "" && !validMail(p.Email) {
		c.fail(e, "bad-mail", key+".email", quoted(p.Email)+" är ingen e-postadress", quoted(p.Email)+" is no mail address")
	}
}

// day reads a date of the register; ok is false when it is empty or wrong.
func (c *checker) day(e entry, key, s string) (d time.Time, ok bool) {
	if s == "" {
		return time.Time{}, false
	}
	d, err := time.ParseInLocation(time.DateOnly, s, Location())
	if err != nil || d.Year() < 1990 || d.Year() > 2200 {
		c.fail(e, "bad-date", key, quoted(s)+" är inget datum: skriv ÅÅÅÅ-MM-DD, till exempel 2026-10-15", quoted(s)+" is no date: write YYYY-MM-DD, such as 2026-10-15")
		return time.Time{}, false
	}
	return d, true
}

func (c *checker) dates(e entry) {
	a := e.account
	since, hasSince := c.day(e, "since", a.Since)
	until, hasUntil := c.day(e, "until", a.Until)
	if hasSince && hasUntil && until.Before(since) {
		c.fail(e, "until-before-since", "until", fmt.Sprintf("(%s) ligger före since (%s): rätta det ena", a.Until, a.Since), fmt.Sprintf("(%s) lies before since (%s): correct one of them", a.Until, a.Since))
	}
	if a.Notice == nil {
		return
	}
	told, hasTold := c.day(e, "notice.date", a.Notice.Date)
	remove, hasRemove := c.day(e, "notice.remove", a.Notice.Remove)
	if a.Notice.Date == "" {
		c.fail(e, "missing-field", "notice.date", "saknas: ange dagen då allmänheten fick veta", "is missing: give the day on which the public was told")
	}
	if a.Notice.Remove == "" {
		c.fail(e, "missing-field", "notice.remove", "saknas: ange dagen då sidan tas bort", "is missing: give the day on which the page is removed")
	}
	if !hasTold || !hasRemove {
		return
	}
	switch days := daysBetween(told, remove); {
	case days < 0:
		c.fail(e, "bad-notice", "notice.remove", fmt.Sprintf("(%s) ligger före notice.date (%s): rätta det ena", a.Notice.Remove, a.Notice.Date), fmt.Sprintf("(%s) lies before notice.date (%s): correct one of them", a.Notice.Remove, a.Notice.Date))
	case days < NoticeDays:
		c.warn(e, "short-notice", "notice", fmt.Sprintf("ger allmänheten %d dagar: minst %d är god sed", days, NoticeDays), fmt.Sprintf("gives the public %d days: at least %d are good practice", days, NoticeDays))
	}
}

// daysBetween counts calendar days, whatever summer time does to their length.
func daysBetween(a, b time.Time) int {
	utc := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(utc(b).Sub(utc(a)).Hours() / 24)
}

// class fills the careful class where none is given: nothing becomes public by omission.
func (c *checker) class(e *entry) {
	a := &e.account
	classes := []string{string(ClassOpen), string(ClassReview), string(ClassSecret)}
	switch {
	case a.Class == "":
		a.Class = ClassReview
		c.warn(*e, "missing-class", "class", fmt.Sprintf("saknas: kontot behandlas som %q tills något annat anges", ClassReview), fmt.Sprintf("is missing: the account counts as %q until something else is said", ClassReview))
	case !slices.Contains(classes, string(a.Class)):
		c.fail(*e, "bad-class", "class", quoted(string(a.Class))+" är ingen klass: välj "+strings.Join(classes, ", "), quoted(string(a.Class))+" is no class: choose one of "+strings.Join(classes, ", "))
	}
}

func (c *checker) disposal(e entry) {
	d := e.account.Disposal
	switch d.Action {
	case "":
		if d != (Disposal{}) {
			c.fail(e, "bad-disposal", "disposal.action", "saknas: skriv bevara eller gallra", "is missing: write bevara or gallra")
		}
	case "bevara":
		if d.After != "" {
			c.fail(e, "bad-disposal", "disposal.after", "hör inte ihop med bevara: ta bort raden, eller skriv gallra", "does not go with bevara: remove it, or write gallra")
		}
	case "gallra":
		if !yearsPattern.MatchString(d.After) {
			c.fail(e, "bad-disposal", "disposal.after", "behövs för gallra: skriv antal år, till exempel 10y", "is needed for gallra: write the number of years, such as 10y")
		}
		if d.Decision == "" {
			c.fail(e, "bad-disposal", "disposal.decision", "behövs för gallra: ange beslutet, till exempel KS 2026/123 § 45", "is needed for gallra: name the decision, such as KS 2026/123 § 45")
		}
	default:
		c.fail(e, "bad-disposal", "disposal.action", quoted(d.Action)+" är inget beslut: skriv bevara eller gallra", quoted(d.Action)+" is no decision: write bevara or gallra")
	}
}

// Years gives the years after which records may go; ok is false with bevara and where nothing is decided.
func (d Disposal) Years() (years int, ok bool) {
	if d.Action != "gallra" || !yearsPattern.MatchString(d.After) {
		return 0, false
	}
	_, err := fmt.Sscanf(d.After, "%dy", &years)
	return years, err == nil
}

func (c *checker) limits(e entry) {
	l := e.account.Limits
	for _, f := range []struct {
		key   string
		value int64
	}{
		{"posts", int64(l.Posts)}, {"sheets", int64(l.Sheets)}, {"minutes", int64(l.Minutes)}, {"bytes", l.Bytes}, {"pages", int64(l.Pages)}, {"depth", int64(l.Depth)},
	} {
		if f.value < 0 || f.value > 1<<40 {
			c.fail(e, "bad-limit", "limits."+f.key, fmt.Sprintf("är %d: skriv ett positivt tal, eller ta bort raden för standardvärdet", f.value), fmt.Sprintf("is %d: write a positive number, or remove it for the default", f.value))
		}
	}
}

// Day reads a date of an entry as the local midnight with which it begins; ok is false when it is empty or wrong.
func Day(s string) (time.Time, bool) {
	d, err := time.ParseInLocation(time.DateOnly, s, Location())
	return d, err == nil
}
