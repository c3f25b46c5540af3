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
	Titles   []string `json:"titles"`  // tooltips and labels
	Text     string   `json:"text"`    // what a person sees
	JSONLD   string   `json:"json_ld"` // what structured data says of the post's address
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
	if m, ok := parseMachine(w.JSONLD, zone); ok {
		m.source = "json-ld"
		if consider(m, ok) {
			return best, true
		}
	}
	for _, s := range w.Titles {
		clock := clockAlone.MatchString(strings.TrimSpace(s)) && !clockAlone.MatchString(strings.TrimSpace(w.Text))
		if clock { // of the day that is in sight
			s = w.Text + " kl. " + s
		}
		m, ok := parseWritten(s, now)
		m.source = "title"
		if consider(m, ok && (!clock || m.precision == preciseMinute)) {
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

var relative = regexp.MustCompile(`(?i)^(?:(?:för|om|for|about|noin|ca\.?|cirka|ungefär|omkring|omtrent|nästan|nesten|næsten|almost|over|över|mer än|more than|mindre än|mindre enn|less than|under|drygt|knappt)\s+){0,2}` +
	`(?:(\d{1,3})\s?|(\pL+(?: par| few| couple of)?)\s)(\pL+)\.?(?:\s+(?:sedan|sen|ago|siden|sitten))?$`)

// lastOne is the week, month or year before this one.
var lastOne = regexp.MustCompile(`(?i)^(?:förra|forrige|sidste|last|viime|i)\s(veckan|uke|uge|week|viikolla|månaden|måned|month|kuussa|året|år|year|vuonna|fjol|fjor)$`)

// counts are the numbers that stand before a unit as words.
var counts = map[string]int{"två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8, "nio": 9, "tio": 10, "elva": 11, "tolv": 12,
	"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"to": 2, "fire": 4, "seks": 6, "syv": 7, "åtte": 8, "ni": 9, "ti": 10, "elleve": 11, "otte": 8, "kaksi": 2, "kolme": 3, "neljä": 4, "viisi": 5, "kuusi": 6,
	"några": 3, "ett par": 2, "a few": 3, "a couple of": 2, "noen": 3, "et par": 2, "nogle": 3, "muutama": 3,
	"en": 1, "ett": 1, "et": 1, "a": 1, "an": 1, "one": 1, "yksi": 1}

var justNow = regexp.MustCompile(`(?i)^(?:just nu|alldeles nyss|(?:för )?ett ögonblick sedan|a moment ago|hetki sitten|for et (?:øyeblikk|øjeblik) siden|nyss|nyligen|just now|now|nu|akkurat nå|nå|lige nu|juuri nyt|äsken)$`)

// parseRelative reads "3 tim", "2 d", "för en vecka sedan" and their like; the time is that long before now, as exact as its unit.
func parseRelative(s string, now time.Time) (moment, bool) {
	s = strings.Trim(strings.Join(strings.Fields(s), " "), " ·•|,–-")
	if justNow.MatchString(s) {
		return moment{now, "relative", preciseMinute}, true
	}
	if m := lastOne.FindStringSubmatch(s); m != nil {
		return lastUnit(strings.ToLower(m[1]), now), true
	}
	if m := otherwise.FindStringSubmatch(s); m != nil {
		return agoOtherwise(m, now)
	}
	m := relative.FindStringSubmatch(s)
	if m == nil {
		return moment{}, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		n = counts[strings.ToLower(m[2])]
	}
	u := strings.ToLower(m[3])
	if n == 0 && m[1] == "" || m[1] == "" && len([]rune(u)) < 2 {
		return moment{}, false
	}
	return ago(n, u, now)
}

// otherwise is the same in languages that put the unit otherwise: "vor 3 Stunden", "3時間前", "tunti sitten".
var otherwise = regexp.MustCompile(`(?i)^(?:(?:vor|il y a|hace|منذ|قبل)\s(\d{1,3}|einer|einem|une?|una)\s(\pL+)|(\d{1,3})\s?(\pL+?)\s?[前전]|()(tunti|päivä|viikko|kuukausi|vuosi) sitten)$`)

// units are the beginnings of these units, by the short ones of ago.
var units = map[string]string{"sekund": "s", "seconde": "s", "segundo": "s", "秒": "s", "초": "s", "minut": "min", "دقيقة": "min", "دقائق": "min", "分": "min", "분": "min",
	"stunde": "h", "heure": "h", "hora": "h", "ساع": "h", "時間": "h", "小时": "h", "小時": "h", "시간": "h", "tunti": "h", "tag": "d", "jour": "d", "día": "d", "يوم": "d", "أيام": "d", "日": "d", "天": "d", "일": "d", "päivä": "d",
	"woche": "w", "semain": "w", "semana": "w", "أسبوع": "w", "أسابيع": "w", "周": "w", "週": "w", "주": "w", "viikko": "w", "monat": "mo", "mois": "mo", "mes": "mo", "شهر": "mo", "أشهر": "mo", "か月": "mo", "ヶ月": "mo", "个月": "mo", "個月": "mo", "개월": "mo", "kuukausi": "mo",
	"jahr": "y", "an": "y", "año": "y", "سن": "y", "年": "y", "년": "y", "vuosi": "y"}

// agoOtherwise reads what otherwise found.
func agoOtherwise(m []string, now time.Time) (moment, bool) {
	unit, best := strings.ToLower(m[2]+m[4]+m[6]), ""
	for u := range units {
		if strings.HasPrefix(unit, u) && len(u) > len(best) {
			best = u
		}
	}
	return ago(max(1, number(m[1]+m[3])), units[best], now)
}

// ago is the time so many units before now.
func ago(n int, u string, now time.Time) (moment, bool) {
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
	case is("halvår"):
		return moment{now.AddDate(0, -6*n, 0), "relative", preciseMonth}, true
	case is("mo mos kk", "mån", "month", "måned", "kuukau"):
		return moment{now.AddDate(0, -n, 0), "relative", preciseMonth}, true
	case is("s", "sek", "sec"):
		return moment{now.Add(-time.Duration(n) * time.Second), "relative", preciseMinute}, true
	case is("m", "min"):
		return moment{now.Add(-time.Duration(n) * time.Minute), "relative", preciseMinute}, true
	case is("t h hr hrs", "tim", "hour", "tunti"):
		return moment{now.Add(-time.Duration(n) * time.Hour), "relative", preciseHour}, true
	case is("d pv dgr", "dag", "day", "døgn", "dygn", "päiv"):
		return moment{now.AddDate(0, 0, -n), "relative", preciseDay}, true
	case is("v w wk wks vk u", "veck", "week", "uke", "uge", "viikko"):
		return moment{now.AddDate(0, 0, -7*n), "relative", preciseWeek}, true
	case is("å år y yr yrs", "year", "vuo"):
		return moment{now.AddDate(-n, 0, 0), "relative", preciseYear}, true
	}
	return moment{}, false
}

// lastUnit is a time in the week, month or year before this one.
func lastUnit(unit string, now time.Time) moment {
	switch {
	case strings.HasPrefix(unit, "v") && unit != "vuonna" || unit == "uke" || unit == "uge" || unit == "week":
		return moment{now.AddDate(0, 0, -7), "relative", preciseWeek}
	case strings.HasPrefix(unit, "m") || unit == "kuussa":
		return moment{now.AddDate(0, -1, 0), "relative", preciseMonth}
	}
	return moment{now.AddDate(-1, 0, 0), "relative", preciseYear}
}
