package web

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"arsring/internal/access"
	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/register"
)

// pair is a word in both languages.
type pair struct{ sv, en string }

func (p pair) in(lang string) string {
	if lang == "en" {
		return p.en
	}
	return p.sv
}

var outcomes = map[capture.Outcome]pair{
	capture.Complete: {"fullständig", "complete"}, capture.Partial: {"ofullständig", "partial"}, capture.LoginWall: {"inloggning krävs", "login needed"},
	capture.Blocked: {"spärrad av plattformen", "blocked by the platform"}, capture.NotFound: {"sidan finns inte", "no such page"}, capture.Blank: {"tom sida", "blank page"},
	capture.Unreachable: {"gick inte att nå", "unreachable"}, capture.Failed: {"misslyckades", "failed"},
}

var triggers = map[capture.Trigger]pair{
	capture.TriggerScheduled: {"schemalagd", "scheduled"}, capture.TriggerManual: {"beställd", "ordered"}, capture.TriggerClosure: {"avslut", "closure"},
	capture.TriggerEvidence: {"dokumenterat inlägg", "documented post"}, capture.TriggerIngest: {"inlämnad", "handed in"},
}

var origins = map[capture.Origin]pair{
	capture.OriginOwn: {"eget", "own"}, capture.OriginReceived: {"mottaget", "received"}, capture.OriginUnknown: {"okänd avsändare", "unknown sender"},
}

var statuses = map[calendar.Status]pair{
	calendar.StatusKept: {"bevarat", "kept"}, calendar.StatusPartial: {"ofullständigt", "partial"}, calendar.StatusWaiting: {"väntar på sin dag", "its day has not come"},
	calendar.StatusDue: {"på tur", "due"}, calendar.StatusOverdue: {"försenat", "overdue"}, calendar.StatusNotBegun: {"har inte börjat", "not begun"}, calendar.StatusEnded: {"avslutat", "ended"},
}

var states = map[string]pair{
	"waiting": {"väntar", "waiting"}, "running": {"pågår", "running"}, "delivered": {"lagrad", "stored"}, "needs-person": {"behöver en människa", "needs a person"}, "given-up": {"gavs upp", "given up"},
}

var stages = map[string]pair{
	"": {"förbereds", "preparing"}, "capture": {"sidan läses", "reading the page"}, "record": {"arkivexemplaret sätts samman", "composing the record"}, "pdfa": {"görs till PDF/A", "making PDF/A"},
	"package": {"paketeras", "packing"}, "deliver": {"lagras och läses tillbaka", "storing and reading back"},
}

var roles = map[access.Role]pair{
	access.Reader: {"läsare", "reader"}, access.Officer: {"handläggare", "officer"}, access.Archivist: {"arkivarie", "archivist"}, access.Admin: {"administratör", "administrator"},
}

var classNames = map[register.Class]pair{
	register.ClassOpen: {"öppen", "open"}, register.ClassReview: {"sekretessprövning krävs", "confidentiality review needed"}, register.ClassSecret: {"sekretess", "confidential"},
}

var actions = map[string]pair{
	"sign-in": {"loggade in", "signed in"}, "sign-in-failed": {"inloggning misslyckades", "sign-in failed"}, "sign-out": {"loggade ut", "signed out"}, "first-admin": {"första administratören", "first admin"},
	"order": {"beställde ögonblicksbild", "ordered a snapshot"}, "evidence": {"dokumenterade inlägg", "documented a post"}, "ingest": {"lämnade in filer", "handed in files"},
	"check": {"kontrollerade", "checked"}, "download": {"hämtade", "downloaded"}, "hand-out": {"lämnade ut kopia", "handed out a copy"}, "account-add": {"lade till konto", "added an account"},
	"account-update": {"ändrade konto", "changed an account"}, "account-close": {"avslutade konto", "closed an account"}, "account-propose": {"anmälde konto", "reported an account"},
	"account-approve": {"godkände anmälan", "approved a report"}, "account-refuse": {"avslog anmälan", "refused a report"}, "import": {"importerade lista", "imported a list"},
	"pause": {"pausade konto", "paused an account"}, "resume": {"avbröt paus", "ended a pause"}, "user-add": {"lade till användare", "added a user"}, "user-role": {"ändrade roll", "changed a role"},
	"user-remove": {"tog bort användare", "removed a user"}, "token-add": {"skapade nyckel", "made a token"}, "token-remove": {"tog bort nyckel", "removed a token"}, "password": {"bytte lösenord", "changed the password"},
}

func word[K comparable](m map[K]pair, k K, lang string) string {
	if p, ok := m[k]; ok {
		return p.in(lang)
	}
	return fmt.Sprint(k)
}

// words are the functions that templates use.
func words(lang string) template.FuncMap {
	return template.FuncMap{
		"t":           func(sv, en string) string { return pair{sv, en}.in(lang) },
		"outcome":     func(o capture.Outcome) string { return word(outcomes, o, lang) },
		"trigger":     func(t capture.Trigger) string { return word(triggers, t, lang) },
		"origin":      func(o capture.Origin) string { return word(origins, o, lang) },
		"status":      func(s calendar.Status) string { return word(statuses, s, lang) },
		"state":       func(s string) string { return word(states, s, lang) },
		"stage":       func(s string) string { return word(stages, s, lang) },
		"role":        func(r access.Role) string { return word(roles, r, lang) },
		"class":       func(c register.Class) string { return word(classNames, c, lang) },
		"action":      func(a string) string { return word(actions, a, lang) },
		"day":         day,
		"when":        when,
		"iso":         func(v any) string { return moment(v).Format(time.RFC3339) },
		"size":        size,
		"num":         number,
		"say":         func(t capture.Text) string { return t.In(lang) },
		"why":         func(d calendar.Decision) string { w := d.Why(); return pair{w.SV, w.EN}.in(lang) },
		"platform":    platformName,
		"tone":        tone,
		"clip":        clip,
		"str":         str,
		"act":         func(a string) string { return word(acts, a, lang) },
		"changed":     func(a string) string { return word(changed, a, lang) },
		"tongue":      tongue,
		"host":        hostOf,
		"weblink":     webLink,
		"lines":       func(s string) []string { return strings.Split(s, "\n") },
		"add":         func(a, b int) int { return a + b },
		"list":        func(v ...any) []any { return v },
		"field":       field,
		"has":         func(all []string, s string) bool { return slices.Contains(all, s) },
		"halves":      func(y int) []string { return []string{fmt.Sprintf("%d-1", y), fmt.Sprintf("%d-2", y)} },
		"actionNames": func() []string { return slices.Sorted(keysOf(actions)) },
	}
}

func keysOf(m map[string]pair) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// moment takes a time or a pointer to one; nil is the zero time.
func moment(v any) time.Time {
	switch t := v.(type) {
	case time.Time:
		return t.In(register.Location())
	case *time.Time:
		if t != nil {
			return t.In(register.Location())
		}
	}
	return time.Time{}
}

// day writes a date as 2026-10-15; the zero time as a dash.
func day(v any) string {
	t := moment(v)
	if t.IsZero() {
		return "–"
	}
	return t.Format(time.DateOnly)
}

// when writes a time as 2026-10-15 kl. 08.00.
func when(v any) string {
	t := moment(v)
	if t.IsZero() {
		return "–"
	}
	return t.Format("2006-01-02 kl. 15.04")
}

// size writes bytes as people read them.
func size(n int64) string {
	switch f := float64(n); {
	case n < 1000:
		return fmt.Sprintf("%d byte", n)
	case n < 1000_000:
		return fmt.Sprintf("%.0f kB", math.Ceil(f/1000))
	case n < 1000_000_000:
		return strings.Replace(fmt.Sprintf("%.1f MB", f/1e6), ".", ",", 1)
	default:
		return strings.Replace(fmt.Sprintf("%.1f GB", f/1e9), ".", ",", 1)
	}
}

// number writes 12345 as 12 345.
func number(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "\u00a0" + s[i:]
	}
	return s
}

// tone is how good a word is, for colour and sign: "good", "warn", "bad" or "calm".
func tone(v any) string {
	switch fmt.Sprint(v) {
	case string(capture.Complete), string(calendar.StatusKept), "delivered", "approved":
		return "good"
	case string(capture.Partial), string(calendar.StatusDue), "running":
		return "warn"
	case string(calendar.StatusOverdue), "needs-person", "given-up", "refused", string(capture.LoginWall), string(capture.Blocked), string(capture.NotFound), string(capture.Blank), string(capture.Unreachable), string(capture.Failed):
		return "bad"
	}
	return "calm"
}

// clip cuts a text for a list at n characters.
func clip(n int, s string) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimSpace(string(r[:n])) + "…"
}

var tongueForm = regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}$`)

// tongue is a page's language tag where it is written as one.
func tongue(s *string) string {
	if t := str(s); tongueForm.MatchString(t) {
		return t
	}
	return ""
}

// str is a text that may be unknown.
func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func platformName(p string) string {
	names := map[string]string{"facebook": "Facebook", "instagram": "Instagram", "x": "X", "linkedin": "LinkedIn", "youtube": "YouTube", "tiktok": "TikTok", "mastodon": "Mastodon",
		"bluesky": "Bluesky", "threads": "Threads", "web": "Webb", "": "Webb"}
	return cmp.Or(names[p], p)
}
