package capture

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// when is every writing of one time that the page gave.
type when struct {
	Datetime string   `json:"datetime"` // machine-readable attribute
	Epoch    string   `json:"epoch"`
	Titles   []string `json:"titles"` // tooltips and labels
	Text     string   `json:"text"`   // what a person sees
}

// Precisions of a time that was found.
const (
	preciseMinute = "minute"
	preciseHour   = "hour"
	preciseDay    = "day"
	preciseWeek   = "week"
	preciseMonth  = "month"
	preciseYear   = "year"
)

// moment is a time with how it was found and how exact it is.
type moment struct {
	at        time.Time
	source    string
	precision string
}

// resolve finds the time among its writings: machine-readable ones first, tooltips next, the visible text last. now is when the page was
// looked at; zone is the page's. A date without a clock is only taken when nothing better stands beside it.
func (w when) resolve(now time.Time, zone *time.Location) (moment, bool) {
	now = now.In(zone)
	var best moment
	found := false
	consider := func(m moment, ok bool) bool {
		if !ok || m.at.Year() < 1990 || m.at.After(now.Add(48*time.Hour)) {
			return false
		}
		if !found || rank(m.precision) < rank(best.precision) {
			best, found = m, true
		}
		return best.precision == preciseMinute
	}
	if m, ok := parseMachine(w.Datetime, zone); consider(m, ok) {
		return best, true
	}
	if m, ok := parseEpoch(w.Epoch, zone); consider(m, ok) {
		return best, true
	}
	for _, s := range w.Titles {
		m, ok := parseWritten(s, now)
		m.source = "title"
		if consider(m, ok) {
			return best, true
		}
	}
	m, ok := parseWritten(w.Text, now)
	m.source = "text"
	if consider(m, ok) {
		return best, true
	}
	m, ok = parseRelative(w.Text, now)
	consider(m, ok)
	return best, found
}

func rank(p string) int {
	for i, q := range []string{preciseMinute, preciseHour, preciseDay, preciseWeek, preciseMonth, preciseYear} {
		if p == q {
			return i
		}
	}
	return 9
}

var machineLayouts = []struct{ layout, precision string }{
	{time.RFC3339Nano, preciseMinute}, {"2006-01-02T15:04Z07:00", preciseMinute}, {"2006-01-02T15:04:05.999Z0700", preciseMinute}, {"2006-01-02T15:04:05", preciseMinute},
	{"2006-01-02T15:04:05.999", preciseMinute}, {"2006-01-02T15:04", preciseMinute}, {"2006-01-02 15:04:05Z07:00", preciseMinute}, {"2006-01-02 15:04:05 -0700", preciseMinute},
	{"2006-01-02 15:04:05 MST", preciseMinute}, {"2006-01-02 15:04:05", preciseMinute}, {"2006-01-02 15:04", preciseMinute},
	{time.RFC1123Z, preciseMinute}, {time.RFC1123, preciseMinute}, {"2006-01-02", preciseDay},
}

// parseMachine reads a datetime attribute (HTML 4.5.14, RFC 3339 and its usual variants). Without a zone it is local.
func parseMachine(s string, zone *time.Location) (moment, bool) {
	s = strings.TrimSpace(s)
	for _, l := range machineLayouts {
		if t, err := time.ParseInLocation(l.layout, s, zone); err == nil {
			return moment{t.In(zone), "datetime", l.precision}, true
		}
	}
	if m, ok := parseEpoch(s, zone); ok {
		return m, true
	}
	return moment{}, false
}

// parseEpoch reads seconds, milliseconds or microseconds since 1970.
func parseEpoch(s string, zone *time.Location) (moment, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if ferr != nil {
			return moment{}, false
		}
		n = int64(f)
	}
	switch {
	case n > 600_000_000 && n < 10_000_000_000:
		return moment{time.Unix(n, 0).In(zone), "datetime", preciseMinute}, true
	case n > 600_000_000_000 && n < 10_000_000_000_000:
		return moment{time.UnixMilli(n).In(zone), "datetime", preciseMinute}, true
	case n > 600_000_000_000_000 && n < 10_000_000_000_000_000:
		return moment{time.UnixMicro(n).In(zone), "datetime", preciseMinute}, true
	}
	return moment{}, false
}

var (
	isoDate   = regexp.MustCompile(`\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?:\b|T)`)
	dayMonth  = regexp.MustCompile(`(?i)(?:^|[^\d\pL])(\d{1,2})(?:\.|st|nd|rd|th|:e|:a)?\s*(?:of\s+|de\s+)?(` + monthPattern + `)\.?,?(?:\s+((?:19|20)\d\d)\b)?`)
	monthDay  = regexp.MustCompile(`(?i)(?:^|\PL)(` + monthPattern + `)\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+((?:19|20)\d\d)\b)?`)
	dotDate   = regexp.MustCompile(`(?:^|[^\d.])(\d{1,2})[./]\s?(\d{1,2})[./]\s?((?:19|20)?\d\d)(?:$|[^\d])`)
	shortDate = regexp.MustCompile(`(?:^|[^\d./:])(\d{1,2})/(\d{1,2})(?:$|[^\d./:])`)
	hanDate   = regexp.MustCompile(`((?:19|20)\d\d)\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日`)
	clock     = regexp.MustCompile(`(?i)(?:^|[^\d.:/-])(?:kl\.?\s*|at\s+|klo\s+|um\s+)?([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.][0-5]\d)?\s*([ap])?\.?(?:m\b)?\.?`)
	hourOnly  = regexp.MustCompile(`(?i)(?:kl\.?|klo)\s*([01]?\d|2[0-3])(?:$|[^\d:.])|\b(1[0-2]|[1-9])\s?([ap])\.?m\b`)
	yesterday = regexp.MustCompile(`(?i)(?:^|\PL)(?:i ?går|yesterday|eilen|gestern)(?:$|\PL)`)
	dayBefore = regexp.MustCompile(`(?i)(?:^|\PL)(?:i ?förrgår|i forgårs|i forgårs|toissapäivänä)(?:$|\PL)`)
	today     = regexp.MustCompile(`(?i)(?:^|\PL)(?:i ?dag|today|tänään|heute)(?:$|\PL)`)
	weekdays  = regexp.MustCompile(`(?i)(?:^|\PL)(mån|tis|ons|tors|fre|lör|sön|mon|tue|wed|thu|fri|sat|sun|man|tir|tor|lør|søn|maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)\pL*`)
	utcMark   = regexp.MustCompile(`(?i)\b(?:UTC|GMT)\b(?:\s*([+-]\d{1,2})(?::?(\d\d))?)?`)
)

const monthPattern = `tammikuu\pL*|helmikuu\pL*|maaliskuu\pL*|huhtikuu\pL*|toukokuu\pL*|kesäkuu\pL*|heinäkuu\pL*|elokuu\pL*|syyskuu\pL*|lokakuu\pL*|marraskuu\pL*|joulukuu\pL*|jan(?:uari|uary|uar)?|feb(?:ruari|ruary|ruar)?|mars|march|mar|märz|mär|marts|apr(?:il)?|maj|may|mai|juni|june|jun|juli|july|jul|augusti|august|aug|sept(?:ember)?|sep|oktober|october|okt|oct|november|nov|december|desember|dezember|dec|des|dez`

var monthStarts = [][]string{
	{"jan", "tammi"}, {"feb", "helmi"}, {"mar", "mär", "maalis"}, {"apr", "huhti"}, {"maj", "may", "mai", "touko"}, {"jun", "kesä"},
	{"jul", "heinä"}, {"aug", "elo"}, {"sep", "syys"}, {"okt", "oct", "loka"}, {"nov", "marras"}, {"dec", "des", "dez", "joulu"},
}

func monthNumber(name string) int {
	name = strings.ToLower(name)
	best, month := 0, 0 // the longest beginning counts: marraskuu is November and begins like March
	for i, starts := range monthStarts {
		for _, s := range starts {
			if strings.HasPrefix(name, s) && len(s) > best {
				best, month = len(s), i+1
			}
		}
	}
	return month
}

var dayStarts = [][]string{
	{"sön", "sun", "søn", "sunnuntai"}, {"mån", "mon", "man", "maanantai"}, {"tis", "tue", "tir", "tiistai"}, {"ons", "wed", "keskiviikko"},
	{"tors", "thu", "tor", "torstai"}, {"fre", "fri", "perjantai"}, {"lör", "sat", "lør", "lauantai"},
}

// parseWritten reads a date as people write it, with or without a clock, in Swedish, English, Norwegian, Danish, Finnish and German.
func parseWritten(s string, now time.Time) (moment, bool) {
	s = strings.Join(strings.Fields(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s)), " ")
	if s == "" || len(s) > 200 {
		return moment{}, false
	}
	y, mo, d, rest, ok := findDate(s, now)
	if !ok {
		return moment{}, false
	}
	h, mi, precision := findClock(rest)
	zone := now.Location()
	if u := utcMark.FindStringSubmatch(rest); u != nil && precision == preciseMinute {
		zone = time.FixedZone("", offset(u[1], u[2]))
	}
	t := time.Date(y, time.Month(mo), d, h, mi, 0, 0, zone)
	if t.In(zone).Day() != d {
		return moment{}, false
	}
	return moment{t.In(now.Location()), "", precision}, true
}

func offset(hours, minutes string) int {
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	if h < 0 {
		m = -m
	}
	return h*3600 + m*60
}

// findDate finds the date and gives back the text around it, where the clock may stand.
func findDate(s string, now time.Time) (y, mo, d int, rest string, ok bool) {
	cutOut := func(loc []int) string { return s[:loc[0]] + " | " + s[loc[1]:] }
	num := func(v string) int { n, _ := strconv.Atoi(v); return n }
	for _, re := range []*regexp.Regexp{isoDate, hanDate} {
		if m := re.FindStringSubmatchIndex(s); m != nil {
			y, mo, d = num(s[m[2]:m[3]]), num(s[m[4]:m[5]]), num(s[m[6]:m[7]])
			return y, mo, d, cutOut(m), mo >= 1 && mo <= 12 && d >= 1 && d <= 31
		}
	}
	if m := dayMonth.FindStringSubmatchIndex(s); m != nil {
		d, mo = num(s[m[2]:m[3]]), monthNumber(s[m[4]:m[5]])
		if m[6] >= 0 {
			y = num(s[m[6]:m[7]])
		}
		y = lastYear(y, mo, d, now)
		return y, mo, d, cutOut(m), d >= 1 && d <= 31
	}
	if m := monthDay.FindStringSubmatchIndex(s); m != nil {
		mo, d = monthNumber(s[m[2]:m[3]]), num(s[m[4]:m[5]])
		if m[6] >= 0 {
			y = num(s[m[6]:m[7]])
		}
		y = lastYear(y, mo, d, now)
		return y, mo, d, cutOut(m), d >= 1 && d <= 31
	}
	if m := dotDate.FindStringSubmatchIndex(s); m != nil {
		d, mo, y = num(s[m[2]:m[3]]), num(s[m[4]:m[5]]), num(s[m[6]:m[7]])
		if y < 100 {
			y += 2000
		}
		return y, mo, d, cutOut(m), mo >= 1 && mo <= 12 && d >= 1 && d <= 31
	}
	for i, re := range []*regexp.Regexp{today, yesterday, dayBefore} {
		if m := re.FindStringIndex(s); m != nil {
			t := now.AddDate(0, 0, -i)
			return t.Year(), int(t.Month()), t.Day(), cutOut(m), true
		}
	}
	if m := weekdays.FindStringSubmatchIndex(s); m != nil && clock.MatchString(s) {
		if t, ok := lastWeekday(s[m[2]:m[3]], now); ok {
			return t.Year(), int(t.Month()), t.Day(), cutOut(m), true
		}
	}
	if m := shortDate.FindStringSubmatchIndex(s); m != nil {
		d, mo = num(s[m[2]:m[3]]), num(s[m[4]:m[5]])
		return lastYear(0, mo, d, now), mo, d, cutOut(m), mo >= 1 && mo <= 12 && d >= 1 && d <= 31
	}
	return 0, 0, 0, "", false
}

// lastYear gives the year of a date written without one: the last time that date was.
func lastYear(y, mo, d int, now time.Time) int {
	if y > 0 {
		return y
	}
	if time.Date(now.Year(), time.Month(mo), d, 0, 0, 0, 0, now.Location()).After(now.AddDate(0, 0, 1)) {
		return now.Year() - 1
	}
	return now.Year()
}

func lastWeekday(name string, now time.Time) (time.Time, bool) {
	name = strings.ToLower(name)
	for wd, starts := range dayStarts {
		for _, s := range starts {
			if strings.HasPrefix(name, s) {
				back := (int(now.Weekday()) - wd + 7) % 7
				if back == 0 {
					back = 7
				}
				return now.AddDate(0, 0, -back), true
			}
		}
	}
	return time.Time{}, false
}

func findClock(s string) (h, m int, precision string) {
	num := func(v string) int { n, _ := strconv.Atoi(v); return n }
	if c := clock.FindStringSubmatch(s); c != nil {
		return twelve(num(c[1]), c[3]), num(c[2]), preciseMinute
	}
	if c := hourOnly.FindStringSubmatch(s); c != nil {
		if c[1] != "" {
			return num(c[1]), 0, preciseMinute
		}
		return twelve(num(c[2]), c[3]), 0, preciseMinute
	}
	return 0, 0, preciseDay
}

func twelve(h int, half string) int {
	switch strings.ToLower(half) {
	case "p":
		if h < 12 {
			return h + 12
		}
	case "a":
		if h == 12 {
			return 0
		}
	}
	return h
}

var relative = regexp.MustCompile(`(?i)^(?:(?:för|om|for|about|noin|ca\.?|cirka)\s+)?(\d{1,3}|en|ett|et|an?|one|yksi)\s?(\pL+)\.?(?:\s+(?:sedan|sen|ago|siden|sitten))?$`)

var justNow = regexp.MustCompile(`(?i)^(?:just nu|nyss|nyligen|just now|now|nu|akkurat nå|nå|lige nu|juuri nyt|äsken)$`)

// parseRelative reads "3 tim", "2 d", "för en vecka sedan" and their like; the time is that long before now, as exact as its unit.
func parseRelative(s string, now time.Time) (moment, bool) {
	s = strings.Trim(strings.Join(strings.Fields(s), " "), " ·•|,–-")
	if justNow.MatchString(s) {
		return moment{now, "relative", preciseMinute}, true
	}
	m := relative.FindStringSubmatch(s)
	if m == nil {
		return moment{}, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		n = 1
	}
	u := strings.ToLower(m[2])
	is := func(exact string, starts ...string) bool {
		for _, e := range strings.Fields(exact) {
			if u == e {
				return true
			}
		}
		for _, p := range starts {
			if strings.HasPrefix(u, p) {
				return true
			}
		}
		return false
	}
	switch {
	case is("mo mos kk", "mån", "month", "måned", "kuukau"):
		return moment{now.AddDate(0, -n, 0), "relative", preciseMonth}, true
	case is("s", "sek", "sec"):
		return moment{now.Add(-time.Duration(n) * time.Second), "relative", preciseMinute}, true
	case is("m", "min"):
		return moment{now.Add(-time.Duration(n) * time.Minute), "relative", preciseMinute}, true
	case is("t h hr hrs", "tim", "hour", "tunti"):
		return moment{now.Add(-time.Duration(n) * time.Hour), "relative", preciseHour}, true
	case is("d pv", "dag", "day", "døgn", "dygn", "päiv"):
		return moment{now.AddDate(0, 0, -n), "relative", preciseDay}, true
	case is("v w wk vk", "veck", "week", "uke", "uge", "viikko"):
		return moment{now.AddDate(0, 0, -7*n), "relative", preciseWeek}, true
	case is("å år y yr yrs", "year", "vuo"):
		return moment{now.AddDate(-n, 0, 0), "relative", preciseYear}, true
	}
	return moment{}, false
}
