package capture

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	isoDate    = regexp.MustCompile(`\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?:\b|T)`)
	dayMonth   = regexp.MustCompile(`(?i)(?:^|[^\d\pL])(\d{1,2})(?:\.|st|nd|rd|th|:e|:a)?\s*(?:of\s+|de\s+)?(` + monthPattern + `)\.?,?(?:\s+(?:de\s+)?((?:19|20)\d\d)\b|\s+['’-](\d\d)\b)?`)
	monthDay   = regexp.MustCompile(`(?i)(?:^|\PL)(` + monthPattern + `)\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+((?:19|20)\d\d)\b)?`)
	dotDate    = regexp.MustCompile(`(?:^|[^\d.])(\d{1,2})[./]\s?(\d{1,2})[./]\s?((?:19|20)?\d\d)(?:$|[^\d])`)
	slashYear  = regexp.MustCompile(`(?:^|[^\d./])(\d{1,2})/(\d{1,2})[-\s]((?:19|20)\d\d)(?:$|[^\d])`)
	dashDate   = regexp.MustCompile(`(?:^|[^\d-])(\d{1,2})-(\d{1,2})-((?:19|20)\d\d)(?:$|[^\d-])`)
	inOne      = regexp.MustCompile(`(?:^|\D)(20\d\d)([01]\d)([0-3]\d)(?:,?\s|$)`)
	weekDate   = regexp.MustCompile(`(?i)(?:^|[^\pL\d])(?:((?:19|20)\d\d)-?W(\d\d?)|(?:vecka|week|uge|uke|viikko|v\.?)\s?(\d{1,2}),?\s((?:19|20)\d\d))(?:$|\D)`)
	shortDate  = regexp.MustCompile(`(?:^|[^\d./:])(\d{1,2})/(\d{1,2})(?:$|[^\d./:])`)
	hanDate    = regexp.MustCompile(`((?:19|20)\d\d)\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日`)
	hanShort   = regexp.MustCompile(`(\d{1,2})月(\d{1,2})日`)
	dashShort  = regexp.MustCompile(`^([01]?\d)-([0-3]?\d)$`)
	clockAlone = regexp.MustCompile(`(?i)^(?:kl\.?\s*)?(?:[01]?\d|2[0-3])[:.][0-5]\d(?:\s?[ap]\.?m\.?)?$`)
	dotShort   = regexp.MustCompile(`(?:^|[^\d.])(\d{1,2})\.(\d{1,2})\.(?:\s|$)`)
	clock      = regexp.MustCompile(`(?i)(?:^|[^\d.:/-])(?:kl\.?\s*|at\s+|klo\s+|um\s+)?([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.][0-5]\d)?(?:\s*([ap])\.?\s?m\b)?`)
	hourOnly   = regexp.MustCompile(`(?i)(?:kl\.?|klo)\s*([01]?\d|2[0-3])(?:$|[^\d:.])|\b(1[0-2]|[1-9])\s?([ap])\.?m\b`)
	yesterday  = regexp.MustCompile(`(?i)(?:^|\PL)(?:i ?går|yesterday|eilen|gestern|昨日|昨天|어제|أمس|вчера|hier|ayer)(?:$|\PL)`)
	dayBefore  = regexp.MustCompile(`(?i)(?:^|\PL)(?:i ?förrgår|i forgårs|vorgestern|toissapäivänä)(?:$|\PL)`)
	today      = regexp.MustCompile(`(?i)(?:^|\PL)(?:i ?dag|i ?morse|i ?kväll|i ?natt|today|tänään|heute|今日|今天|오늘|اليوم|сегодня|hoy)(?:$|\PL)`)
	weekdays   = regexp.MustCompile(`(?i)(?:^|\PL)(mån|tis|ons|tors|fre|lör|sön|mon|tue|wed|thu|fri|sat|sun|man|tir|tor|lør|søn|diens|mittwoch|donners|sams|sonn|maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)\pL*`)
	lastDay    = regexp.MustCompile(`(?i)^i (?:mån|tis|ons|tors|fre|lör|sön)dags$`)
	utcMark    = regexp.MustCompile(`(?i)\b(?:UTC|GMT)\b(?:\s*([+-]\d{1,2})(?::?(\d\d))?)?`)
)

const monthPattern = `tammikuu\pL*|helmikuu\pL*|maaliskuu\pL*|huhtikuu\pL*|toukokuu\pL*|kesäkuu\pL*|heinäkuu\pL*|elokuu\pL*|syyskuu\pL*|lokakuu\pL*|marraskuu\pL*|joulukuu\pL*|janv(?:ier)?|févr(?:ier)?|avril|juin|juil(?:let)?|août|septembre|octobre|novembre|déc(?:embre)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|янв(?:аря)?|фев(?:раля)?|марта|апр(?:еля)?|мая|июня|июля|авг(?:уста)?|сент(?:ября)?|окт(?:ября)?|нояб(?:ря)?|дек(?:абря)?|يناير|فبراير|مارس|أبريل|إبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر|jan(?:uari|uary|uar)?|feb(?:ruari|ruary|ruar)?|mars|march|mar|märz|mär|marts|apr(?:il)?|maj|may|mai|juni|june|jun|juli|july|jul|augusti|august|aug|sept(?:ember)?|sep|oktober|october|okt|oct|november|nov|december|desember|dezember|dec|des|dez`

var monthStarts = [][]string{
	{"jan", "tammi", "ene", "sty", "янв", "يناير"}, {"feb", "helmi", "fév", "lut", "фев", "فبراير"}, {"mar", "mär", "maalis", "мар", "مارس"},
	{"apr", "huhti", "avr", "abr", "kwi", "апр", "أبريل", "إبريل"}, {"maj", "may", "mai", "touko", "мая", "مايو"}, {"jun", "kesä", "juin", "cze", "июн", "يونيو"},
	{"jul", "heinä", "juil", "lip", "июл", "يوليو"}, {"aug", "elo", "aoû", "ago", "sie", "авг", "أغسطس"}, {"sep", "syys", "wrz", "сен", "سبتمبر"},
	{"okt", "oct", "loka", "paź", "окт", "أكتوبر"}, {"nov", "marras", "lis", "ноя", "نوفمبر"}, {"dec", "des", "dez", "joulu", "déc", "dic", "gru", "дек", "ديسمبر"},
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
	{"sön", "sun", "søn", "sonn", "sunnuntai"}, {"mån", "mon", "man", "maanantai"}, {"tis", "tue", "tir", "diens", "tiistai"}, {"ons", "wed", "mittwoch", "keskiviikko"},
	{"tors", "thu", "tor", "donners", "torstai"}, {"fre", "fri", "perjantai"}, {"lör", "sat", "lør", "sams", "lauantai"},
}

// parseWritten reads a date as people write it, with or without a clock, in Swedish, English, Norwegian, Danish, Finnish and German.
func parseWritten(s string, now time.Time) (moment, bool) {
	s = westernDigits(s)
	s = strings.Join(strings.Fields(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s)), " ")
	if s == "" || len(s) > 200 {
		return moment{}, false
	}
	if m := weekDate.FindStringSubmatch(s); m != nil {
		return weekOf(number(m[1]+m[4]), number(m[2]+m[3]), now.Location())
	}
	if clockAlone.MatchString(s) {
		return clockOf(s, now), true
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

// westernDigits writes the digits of Arabic and Persian as the others do.
func westernDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '٠' && r <= '٩' || r >= '۰' && r <= '۹' {
			return '0' + r&15
		}
		return r
	}, s)
}

// clockOf is the last time that a clock showed so: today, or else yesterday.
func clockOf(s string, now time.Time) moment {
	h, mi, precision := findClock(s)
	t := time.Date(now.Year(), now.Month(), now.Day(), h, mi, 0, 0, now.Location())
	if t.After(now.Add(2 * time.Minute)) {
		t = t.AddDate(0, 0, -1)
	}
	return moment{t, "", precision}
}

// weekOf is the Monday of a week (ISO 8601: the first week is the one with the year's first Thursday).
func weekOf(year, week int, zone *time.Location) (moment, bool) {
	first := time.Date(year, time.January, 4, 0, 0, 0, 0, zone)
	at := first.AddDate(0, 0, 7*(week-1)-(int(first.Weekday())+6)%7)
	return moment{at, "", preciseWeek}, week >= 1 && week <= 53
}

func offset(hours, minutes string) int {
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	if h < 0 {
		m = -m
	}
	return h*3600 + m*60
}

// dated is a date that was found in a text. rest is the text around it, where the clock may stand; ok is false for a day that no month has.
type dated struct {
	y, mo, d int
	rest     string
	ok       bool
}

// finders look for a date in one way of writing each, the least ambiguous first. The second result is false where there is none.
var finders = []func(s string, now time.Time) (dated, bool){yearFirst, dayThenMonth, monthThenDay, withDots, dayNamed, weekdayNamed, withSlash}

// findDate finds the date and gives back the text around it, where the clock may stand.
func findDate(s string, now time.Time) (y, mo, d int, rest string, ok bool) {
	for _, find := range finders {
		if f, found := find(s, now); found {
			return f.y, f.mo, f.d, f.rest, f.ok && f.d >= 1 && f.d <= 31
		}
	}
	return 0, 0, 0, "", false
}

// group is the text of a submatch; empty where it took no part.
func group(s string, m []int, n int) string {
	if m[2*n] < 0 {
		return ""
	}
	return s[m[2*n]:m[2*n+1]]
}

// number reads what a pattern found to be digits; 0 when there are none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func without(s string, m []int) string { return s[:m[0]] + " | " + s[m[1]:] }

func isMonth(mo int) bool { return mo >= 1 && mo <= 12 }

func yearFirst(s string, _ time.Time) (dated, bool) {
	for _, re := range []*regexp.Regexp{isoDate, hanDate, inOne} {
		if m := re.FindStringSubmatchIndex(s); m != nil {
			mo := number(group(s, m, 2))
			return dated{number(group(s, m, 1)), mo, number(group(s, m, 3)), without(s, m), isMonth(mo)}, true
		}
	}
	return dated{}, false
}

func dayThenMonth(s string, now time.Time) (dated, bool) {
	m := dayMonth.FindStringSubmatchIndex(s)
	if m == nil {
		return dated{}, false
	}
	d, mo := number(group(s, m, 1)), monthNumber(group(s, m, 2))
	y := number(group(s, m, 3))
	if short := number(group(s, m, 4)); short > 0 {
		y = 2000 + short
	}
	return dated{lastYear(y, mo, d, now), mo, d, without(s, m), true}, true
}

func monthThenDay(s string, now time.Time) (dated, bool) {
	m := monthDay.FindStringSubmatchIndex(s)
	if m == nil {
		return dated{}, false
	}
	mo, d := monthNumber(group(s, m, 1)), number(group(s, m, 2))
	return dated{lastYear(number(group(s, m, 3)), mo, d, now), mo, d, without(s, m), true}, true
}

func withDots(s string, _ time.Time) (dated, bool) {
	var m []int
	for _, re := range []*regexp.Regexp{dotDate, slashYear, dashDate} {
		if m = re.FindStringSubmatchIndex(s); m != nil {
			break
		}
	}
	if m == nil {
		return dated{}, false
	}
	d, mo, y := number(group(s, m, 1)), number(group(s, m, 2)), number(group(s, m, 3))
	if y < 100 {
		y += 2000
	}
	if monthComesFirst(s, y, mo, d) {
		d, mo = mo, d
	}
	return dated{y, mo, d, without(s, m), isMonth(mo)}, true
}

func dayNamed(s string, now time.Time) (dated, bool) {
	for i, re := range []*regexp.Regexp{today, yesterday, dayBefore} {
		if m := re.FindStringIndex(s); m != nil {
			t := now.AddDate(0, 0, -i)
			return dated{t.Year(), int(t.Month()), t.Day(), without(s, m), true}, true
		}
	}
	return dated{}, false
}

func weekdayNamed(s string, now time.Time) (dated, bool) {
	m := weekdays.FindStringSubmatchIndex(s)
	if m == nil || !clock.MatchString(s) && !lastDay.MatchString(s) {
		return dated{}, false
	}
	t, ok := lastWeekday(group(s, m, 1), now)
	return dated{t.Year(), int(t.Month()), t.Day(), without(s, m), true}, ok
}

var halfDay = regexp.MustCompile(`\d\s?[AP]M\b`)

// monthComesFirst tells American dates, as "11/3/26, 2:05 PM": by a second number that is no month, by the day of the week, by halves of days in capitals.
func monthComesFirst(s string, y, mo, d int) bool {
	if !strings.Contains(s, "/") || !isMonth(d) {
		return false
	}
	if !isMonth(mo) {
		return mo <= 31
	}
	if m := weekdays.FindStringSubmatch(s); m != nil {
		wd, ok := weekdayOf(m[1])
		is := func(mo, d int) bool {
			return ok && time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC).Weekday() == wd
		}
		if dayFirst, monthFirst := is(mo, d), is(d, mo); dayFirst != monthFirst {
			return monthFirst
		}
	}
	return halfDay.MatchString(s)
}

func withSlash(s string, now time.Time) (dated, bool) {
	m := shortDate.FindStringSubmatchIndex(s)
	if m == nil {
		m = dotShort.FindStringSubmatchIndex(s)
	}
	for _, monthFirst := range []*regexp.Regexp{hanShort, dashShort} {
		if h := monthFirst.FindStringSubmatchIndex(s); h != nil {
			m = []int{h[0], h[1], h[4], h[5], h[2], h[3]}
		}
	}
	if m == nil {
		return dated{}, false
	}
	d, mo := number(group(s, m, 1)), number(group(s, m, 2))
	return dated{lastYear(0, mo, d, now), mo, d, without(s, m), isMonth(mo)}, true
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
	wd, ok := weekdayOf(name)
	if !ok {
		return time.Time{}, false
	}
	back := (int(now.Weekday()-wd) + 7) % 7
	if back == 0 {
		back = 7
	}
	return now.AddDate(0, 0, -back), true
}

// weekdayOf is the day of the week that a word begins to name.
func weekdayOf(name string) (time.Weekday, bool) {
	name = strings.ToLower(name)
	for wd, starts := range dayStarts {
		for _, s := range starts {
			if strings.HasPrefix(name, s) {
				return time.Weekday(wd), true
			}
		}
	}
	return 0, false
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
