package sites

import (
	"fmt"
	"strings"
	"time"
)

var (
	svDays   = []string{"söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"}
	svMonths = []string{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"}
)

// tongue is how a platform writes times in one language.
type tongue struct {
	lang, now             string
	months                []string
	minutes, hours, days  string // short units, after the number
	weeks                 string
	ago                   string // "%s" holds number and unit
	yesterday, today      string // "%s" holds the clock
	full, noYear, dayYear string // day, month, clock, year as indexed verbs
}

var tongues = map[string]tongue{
	"sv": {lang: "sv", now: "Just nu", months: svMonths, minutes: " min", hours: " tim", days: " d", weeks: " v", ago: "för %s sedan", yesterday: "i går kl. %s", today: "i dag kl. %s",
		full: "%[1]d %[2]s %[4]d kl. %[3]s", noYear: "%[1]d %[2]s kl. %[3]s", dayYear: "%[1]d %[2]s %[3]d"},
	"en": {lang: "en", now: "Just now", months: []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		minutes: "m", hours: "h", days: "d", weeks: "w", ago: "%s ago", yesterday: "Yesterday at %s", today: "Today at %s",
		full: "%[2]s %[1]d, %[4]d at %[3]s", noYear: "%[2]s %[1]d at %[3]s", dayYear: "%[2]s %[1]d, %[3]d"},
	"nb": {lang: "nb", now: "Nå nettopp", months: []string{"januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"},
		minutes: " min", hours: " t", days: " d", weeks: " u", ago: "for %s siden", yesterday: "i går kl. %s", today: "i dag kl. %s",
		full: "%[1]d. %[2]s %[4]d kl. %[3]s", noYear: "%[1]d. %[2]s kl. %[3]s", dayYear: "%[1]d. %[2]s %[3]d"},
	"da": {lang: "da", now: "Lige nu", months: []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"},
		minutes: " min.", hours: " t", days: " d", weeks: " u", ago: "for %s siden", yesterday: "i går kl. %s", today: "i dag kl. %s",
		full: "%[1]d. %[2]s %[4]d kl. %[3]s", noYear: "%[1]d. %[2]s kl. %[3]s", dayYear: "%[1]d. %[2]s %[3]d"},
	"fi": {lang: "fi", now: "Juuri nyt", months: []string{"tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta", "kesäkuuta", "heinäkuuta", "elokuuta", "syyskuuta", "lokakuuta", "marraskuuta", "joulukuuta"},
		minutes: " min", hours: " t", days: " pv", weeks: " vk", ago: "%s sitten", yesterday: "eilen klo %s", today: "tänään klo %s",
		full: "%[1]d. %[2]s %[4]d klo %[3]s", noYear: "%[1]d. %[2]s klo %[3]s", dayYear: "%[1]d. %[2]s %[3]d"},
}

// relative writes a time as its age: minutes, hours, days, and from a week on in days up to 30, then as a date.
func (t tongue) relative(at, now time.Time) string {
	age := now.Sub(at)
	switch {
	case age < time.Minute:
		return t.now
	case age < time.Hour:
		return fmt.Sprintf("%d%s", int(age.Minutes()), t.minutes)
	case age < 24*time.Hour:
		return fmt.Sprintf("%d%s", int(age.Hours()), t.hours)
	case age < 7*24*time.Hour:
		return fmt.Sprintf("%d%s", int(age.Hours()/24), t.days)
	case at.In(Stockholm).Year() == now.In(Stockholm).Year():
		return t.day(at, false)
	default:
		return t.day(at, true)
	}
}

// age writes a time as its age only, however old it is.
func (t tongue) age(at, now time.Time) string {
	if d := now.Sub(at); d >= 7*24*time.Hour {
		return fmt.Sprintf("%d%s", int(d.Hours()/24/7), t.weeks)
	}
	return t.relative(at, now)
}

// longUnits are minute, hour, day, week, month and year in one and in many.
var longUnits = map[string][6][2]string{
	"sv": {{"minut", "minuter"}, {"timme", "timmar"}, {"dag", "dagar"}, {"vecka", "veckor"}, {"månad", "månader"}, {"år", "år"}},
	"en": {{"minute", "minutes"}, {"hour", "hours"}, {"day", "days"}, {"week", "weeks"}, {"month", "months"}, {"year", "years"}},
	"nb": {{"minutt", "minutter"}, {"time", "timer"}, {"dag", "dager"}, {"uke", "uker"}, {"måned", "måneder"}, {"år", "år"}},
	"da": {{"minut", "minutter"}, {"time", "timer"}, {"dag", "dage"}, {"uge", "uger"}, {"måned", "måneder"}, {"år", "år"}},
	"fi": {{"minuutti", "minuuttia"}, {"tunti", "tuntia"}, {"päivä", "päivää"}, {"viikko", "viikkoa"}, {"kuukausi", "kuukautta"}, {"vuosi", "vuotta"}},
}

// long writes a time as its age in words: "för 3 timmar sedan".
func (t tongue) long(at, now time.Time) string {
	age, minutes := now.Sub(at), []int{1, 60, 1440, 10080, 43200, 525600}
	unit := 0
	for i, m := range minutes {
		if int(age.Minutes()) >= m {
			unit = i
		}
	}
	n := max(int(age.Minutes())/minutes[unit], 1)
	return fmt.Sprintf(t.ago, fmt.Sprintf("%d %s", n, longUnits[t.lang][unit][min(n-1, 1)]))
}

// day writes the date without the clock.
func (t tongue) day(at time.Time, year bool) string {
	at = at.In(Stockholm)
	if year {
		return fmt.Sprintf(t.dayYear, at.Day(), t.months[at.Month()-1], at.Year())
	}
	d, _, _ := strings.Cut(fmt.Sprintf(t.noYear, at.Day(), t.months[at.Month()-1], "|"), "|")
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(d), "kl."), "klo"), " at"))
}

// absolute writes date and clock in full.
func (t tongue) absolute(at time.Time) string {
	at = at.In(Stockholm)
	return fmt.Sprintf(t.full, at.Day(), t.months[at.Month()-1], at.Format("15:04"), at.Year())
}

// near writes "i går kl. 14:03" and the like, and the full form for what is older.
func (t tongue) near(at, now time.Time) string {
	at, now = at.In(Stockholm), now.In(Stockholm)
	switch {
	case sameDay(at, now):
		return fmt.Sprintf(t.today, at.Format("15:04"))
	case sameDay(at, now.AddDate(0, 0, -1)):
		return fmt.Sprintf(t.yesterday, at.Format("15:04"))
	case at.Year() == now.Year():
		return fmt.Sprintf(t.noYear, at.Day(), t.months[at.Month()-1], at.Format("15:04"))
	}
	return t.absolute(at)
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

// numeric writes date and clock in figures.
func (t tongue) numeric(at time.Time) string {
	layouts := map[string]string{"sv": "2006-01-02 15.04", "en": "Jan 2, 2006, 3:04 PM", "nb": "02.01.2006 kl. 15:04", "da": "02.01.2006 15.04", "fi": "2.1.2006 klo 15.04"}
	return at.In(Stockholm).Format(layouts[t.lang])
}

// dayShort writes the date without the clock, the month shortened.
func (t tongue) dayShort(at time.Time) string {
	at = at.In(Stockholm)
	month := []rune(t.months[at.Month()-1])
	switch t.lang {
	case "en":
		return fmt.Sprintf("%s %d, %d", string(month[:3]), at.Day(), at.Year())
	case "fi":
		return fmt.Sprintf("%d.%d.%d", at.Day(), at.Month(), at.Year())
	case "sv":
		if len(month) > 4 {
			month = append(month[:3:3], '.')
		}
		return fmt.Sprintf("%d %s %d", at.Day(), string(month), at.Year())
	}
	if len(month) > 4 {
		month = append(month[:3:3], '.')
	}
	return fmt.Sprintf("%d. %s %d", at.Day(), string(month), at.Year())
}
