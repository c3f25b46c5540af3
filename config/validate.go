package config

import (
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Validate checks every setting's range and the settings against each other. The error is Problems.
func (c Config) Validate() error {
	k := &checker{c: c}
	k.general()
	k.capture()
	k.archive()
	k.proof()
	k.jobs()
	k.calendar()
	k.web()
	k.telling()
	if len(k.problems) > 0 {
		return k.problems
	}
	return nil
}

// checker gathers what is wrong. Its sentences never repeat the value of a secret.
type checker struct {
	c        Config
	problems Problems
}

func (k *checker) add(key, sv, en string) { k.problems = append(k.problems, k.c.Problem(key, sv, en)) }

func (k *checker) oneOf(key, value string, allowed ...string) {
	if slices.Contains(allowed, value) {
		return
	}
	list := strings.Join(allowed, ", ")
	near := suggest(strings.ToLower(value), allowed)
	hint := func(lang string) string {
		if near == "" {
			return ""
		}
		return didYouMean(lang, near)
	}
	k.add(key, fmt.Sprintf("är %q men ska vara något av: %s%s", value, list, hint("sv")),
		fmt.Sprintf("is %q but must be one of: %s%s", value, list, hint("en")))
}

func (k *checker) within(key string, value, low, high int) {
	if value < low || value > high {
		k.add(key, fmt.Sprintf("är %d men ska ligga mellan %d och %d", value, low, high), fmt.Sprintf("is %d but must lie between %d and %d", value, low, high))
	}
}

func (k *checker) lasts(key string, value, low, high time.Duration) {
	if value < low || value > high {
		k.add(key, fmt.Sprintf("är %s men ska ligga mellan %s och %s", value, low, high), fmt.Sprintf("is %s but must lie between %s and %s", value, low, high))
	}
}

// line demands a text of one line and bounded length.
func (k *checker) line(key, value string, most int) {
	if len(value) > most || strings.ContainsFunc(value, unicode.IsControl) {
		k.add(key, fmt.Sprintf("ska vara en rad på högst %d tecken", most), fmt.Sprintf("must be one line of at most %d characters", most))
	}
}

// file demands that a file which is named is there; who may read it shows when it is read.
func (k *checker) file(key, path string) {
	if path == "" {
		return
	}
	if fi, err := os.Stat(path); err != nil || fi.IsDir() {
		k.add(key, path+" finns inte eller är en mapp: rätta sökvägen", path+" does not exist or is a folder: correct the path")
	}
}

// address demands a URL with a host, of one of the schemes; secret tells that the value must not be repeated.
func (k *checker) address(key, value string, isSecret bool, schemes ...string) {
	if value == "" {
		return
	}
	u, err := url.Parse(value)
	if err == nil && slices.Contains(schemes, u.Scheme) && u.Hostname() != "" && validHost(u.Hostname()) {
		if u.User == nil || isSecret {
			return
		}
		k.add(key, "innehåller användarnamn eller lösenord: ta bort det ur adressen", "holds a user name or password: take it out of the address")
		return
	}
	shown := ""
	if !isSecret {
		shown = fmt.Sprintf("%q ", printable(withoutUser(value)))
	}
	list := strings.Join(schemes, "://, ") + "://"
	k.add(key, shown+"är ingen fullständig adress: den ska börja med "+list+" och ha ett värdnamn", shown+"is no complete address: it must begin with "+list+" and have a host name")
}

// withoutUser keeps a mistyped address's credentials out of the message.
func withoutUser(s string) string {
	if i := strings.LastIndex(s, "@"); i >= 0 {
		return "…" + s[i:]
	}
	return s
}

var (
	hostName = regexp.MustCompile(`^(?i)[a-zåäöü0-9_]([a-zåäöü0-9_-]{0,62})(\.[a-zåäöü0-9_-]{1,63})*\.?$`)
	bucket   = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	prefix   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$`)
	locale   = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$`)
)

func validHost(h string) bool {
	if _, err := netip.ParseAddr(h); err == nil {
		return true
	}
	return len(h) <= 253 && hostName.MatchString(h)
}

func validNetwork(s string) bool {
	if _, err := netip.ParsePrefix(s); err == nil {
		return true
	}
	_, err := netip.ParseAddr(s)
	return err == nil
}

func (k *checker) mailAddress(key, value string) {
	if a, err := mail.ParseAddress(value); err != nil || a.Name != "" && strings.ContainsFunc(a.Name, unicode.IsControl) {
		k.add(key, fmt.Sprintf("%q är ingen e-postadress", printable(value)), fmt.Sprintf("%q is no mail address", printable(value)))
	}
}

func (k *checker) general() {
	k.oneOf("language", k.c.Language, "sv", "en")
	k.line("organisation.name", k.c.Organisation.Name, 200)
	k.line("organisation.id", k.c.Organisation.ID, 64)
	k.within("vault.warn_days", k.c.Vault.WarnDays, 0, 365)
	if k.c.PDFA.Level == "1b" || k.c.PDFA.Level == "1a" {
		k.add("pdfa.level", "kan inte vara "+k.c.PDFA.Level+": PDF/A-1 tillåter varken genomskinlighet eller det osynliga textlagret i arkivexemplaret. Välj 2a",
			"cannot be "+k.c.PDFA.Level+": PDF/A-1 allows neither transparency nor the record's invisible text layer. Choose 2a")
	} else {
		k.oneOf("pdfa.level", k.c.PDFA.Level, "2a", "2u", "2b", "3a")
	}
	k.oneOf("log.level", k.c.Log.Level, "debug", "info", "warn", "error")
	k.oneOf("log.format", k.c.Log.Format, "text", "json")
	k.telemetry()
	if f := k.c.Platforms.Folder; f != "" {
		if fi, err := os.Stat(f); err != nil || !fi.IsDir() {
			k.add("platforms.folder", f+" är ingen mapp: skapa den eller ta bort raden", f+" is no folder: create it or remove the line")
		}
	}
}
