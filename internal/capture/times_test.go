package capture

import (
	"testing"
	"time"

	"arsring/internal/register"
)

func TestResolve(t *testing.T) {
	zone := register.Location()
	now := time.Date(2026, 11, 22, 15, 4, 0, 0, zone) // a Sunday
	at := func(y, mo, d, h, m int) time.Time { return time.Date(y, time.Month(mo), d, h, m, 0, 0, zone) }
	for _, c := range []struct {
		w         when
		want      time.Time
		source    string
		precision string
	}{
		{when{Datetime: "2026-10-15T06:12:00Z"}, at(2026, 10, 15, 8, 12), "datetime", "minute"},
		{when{Datetime: "2026-10-15T08:12"}, at(2026, 10, 15, 8, 12), "datetime", "minute"},
		{when{Datetime: "2026-10-15T08:12:00+0200"}, at(2026, 10, 15, 8, 12), "datetime", "minute"},
		{when{Datetime: "2026-10-15", Titles: []string{"torsdag 15 oktober 2026 kl. 08:12"}, Text: "15 okt"}, at(2026, 10, 15, 8, 12), "title", "minute"},
		{when{Epoch: "1792044720"}, at(2026, 10, 15, 8, 12), "datetime", "minute"},
		{when{Epoch: "1792044720000"}, at(2026, 10, 15, 8, 12), "datetime", "minute"},
		{when{Text: "15 oktober 2026 kl. 08:12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "2026-10-15 08.12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "2026-10-15 kl. 08.12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "Oct 15, 2026"}, at(2026, 10, 15, 0, 0), "text", "day"},
		{when{Text: "October 15, 2026 at 8:12 PM"}, at(2026, 10, 15, 20, 12), "text", "minute"},
		{when{Text: "8:12 AM · Oct 15, 2026"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "15. okt. 2026 kl. 8.12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "15. lokakuuta 2026 klo 8.12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "11. marraskuuta 2026 klo 8.12"}, at(2026, 11, 11, 8, 12), "text", "minute"},
		{when{Text: "15.10.2026 08:12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "15/10/2026, 08:12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "15 december kl. 07:00"}, at(2025, 12, 15, 7, 0), "text", "minute"},
		{when{Text: "i går kl. 14:03"}, at(2026, 11, 21, 14, 3), "text", "minute"},
		{when{Text: "Igår 14.03"}, at(2026, 11, 21, 14, 3), "text", "minute"},
		{when{Text: "15 oktober 2026 kl. 12.14 av Anna Ek"}, at(2026, 10, 15, 12, 14), "text", "minute"},
		{when{Text: "15 oktober 2026 kl. 03.10 på torget"}, at(2026, 10, 15, 3, 10), "text", "minute"},
		{when{Text: "15 October 2026, 3:05 p.m."}, at(2026, 10, 15, 15, 5), "text", "minute"},
		{when{Text: "yesterday at 2:03 pm"}, at(2026, 11, 21, 14, 3), "text", "minute"},
		{when{Text: "09:30"}, at(2026, 11, 22, 9, 30), "text", "minute"},
		{when{Text: "kl. 16.05"}, at(2026, 11, 21, 16, 5), "text", "minute"},
		{when{Text: "10-24"}, at(2026, 10, 24, 0, 0), "text", "day"},
		{when{Text: "idag 09:30"}, at(2026, 11, 22, 9, 30), "text", "minute"},
		{when{Text: "fredag kl. 10:00"}, at(2026, 11, 20, 10, 0), "text", "minute"},
		{when{Text: "Friday at 4:05 PM"}, at(2026, 11, 20, 16, 5), "text", "minute"},
		{when{Text: "perjantaina klo 16.05"}, at(2026, 11, 20, 16, 5), "text", "minute"},
		{when{Text: "Donnerstag um 16:05"}, at(2026, 11, 19, 16, 5), "text", "minute"},
		{when{Text: "pe 20.11. klo 16.05"}, at(2026, 11, 20, 16, 5), "text", "minute"},
		{when{Text: "20/11-2025"}, at(2025, 11, 20, 0, 0), "text", "day"},
		{when{Text: "20 noviembre de 2025"}, at(2025, 11, 20, 0, 0), "text", "day"},
		{when{Text: "11月20日 16:05"}, at(2026, 11, 20, 16, 5), "text", "minute"},
		{when{Text: "vor 3 Stunden"}, at(2026, 11, 22, 12, 4), "relative", "hour"},
		{when{Text: "منذ 3 أيام"}, at(2026, 11, 19, 15, 4), "relative", "day"},
		{when{Text: "3週間前"}, at(2026, 11, 1, 15, 4), "relative", "week"},
		{when{Text: "tunti sitten"}, at(2026, 11, 22, 14, 4), "relative", "hour"},
		{when{Text: "toissapäivänä klo 16.05"}, at(2026, 11, 20, 16, 5), "text", "minute"},
		{when{Text: "3 tim"}, at(2026, 11, 22, 12, 4), "relative", "hour"},
		{when{Text: "7 u"}, at(2026, 10, 4, 15, 4), "relative", "week"},
		{when{Text: "5 d"}, at(2026, 11, 17, 15, 4), "relative", "day"},
		{when{Text: "för 2 veckor sedan"}, at(2026, 11, 8, 15, 4), "relative", "week"},
		{when{Text: "3 tim", Titles: []string{"söndag 22 november 2026 12:31"}}, at(2026, 11, 22, 12, 31), "title", "minute"},
		{when{Text: "for 3 timer siden"}, at(2026, 11, 22, 12, 4), "relative", "hour"},
		{when{Text: "en månad sedan"}, at(2026, 10, 22, 15, 4), "relative", "month"},
		{when{Text: "Just nu"}, now, "relative", "minute"},
		{when{Text: "15/10 08:12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "15-10-2026 08:12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "2026.10.15 08:12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "20261015 08:12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "15 okt. -26 08:12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "ca kl 08.12 den 15 oktober 2026"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Text: "2026-W42"}, at(2026, 10, 12, 0, 0), "text", "week"},
		{when{Text: "Vecka 1, 2026"}, at(2025, 12, 29, 0, 0), "text", "week"},
		{when{Text: "ungefär 5 timmar sedan"}, at(2026, 11, 22, 10, 4), "relative", "hour"},
		{when{Text: "för ungefär två timmar sedan"}, at(2026, 11, 22, 13, 4), "relative", "hour"},
		{when{Text: "mindre än en minut sedan"}, at(2026, 11, 22, 15, 3), "relative", "minute"},
		{when{Text: "för ett halvår sedan"}, at(2026, 5, 22, 15, 4), "relative", "month"},
		{when{Text: "förra veckan"}, at(2026, 11, 15, 15, 4), "relative", "week"},
		{when{Text: "a couple of months ago"}, at(2026, 9, 22, 15, 4), "relative", "month"},
		{when{Text: "i fjol"}, at(2025, 11, 22, 15, 4), "relative", "year"},
		{when{Text: "ett"}, time.Time{}, "", ""},
		{when{Text: "ett t"}, time.Time{}, "", ""},
		{when{Text: "2026-W99"}, time.Time{}, "", ""},
		{when{Text: "2 años"}, time.Time{}, "", ""},
		{when{Text: "hej"}, time.Time{}, "", ""},
		{when{Text: "31 februari 2026"}, time.Time{}, "", ""},
		{when{JSONLD: "2026-10-15T06:12:00Z"}, at(2026, 10, 15, 8, 12), "json-ld", "minute"},
		{when{JSONLD: "2026-10-15", Text: "15 okt kl. 08:12"}, at(2026, 10, 15, 8, 12), "text", "minute"},
		{when{Datetime: "P3D", Text: "Oct 15, 2026 06:12 UTC"}, at(2026, 10, 15, 8, 12), "text", "minute"},
	} {
		m, ok := c.w.resolve(now, zone)
		if ok != !c.want.IsZero() || ok && (!m.at.Equal(c.want) || m.source != c.source || m.precision != c.precision) {
			t.Errorf("%+v: got %v %q %q (%v), want %v %q %q", c.w, m.at, m.source, m.precision, ok, c.want, c.source, c.precision)
		}
	}
}

func FuzzResolve(f *testing.F) {
	f.Add("2026-10-15T08:12", "1792044720", "torsdag 15 oktober", "3 tim")
	now := time.Date(2026, 11, 22, 15, 4, 0, 0, register.Location())
	f.Fuzz(func(t *testing.T, datetime, epoch, title, text string) {
		m, ok := when{datetime, epoch, []string{title}, text, datetime}.resolve(now, now.Location())
		if ok && (m.at.After(now.Add(48*time.Hour)) || m.at.Year() < 1990 || m.source == "" || rank(m.precision) == 9) {
			t.Fatalf("impossible moment %+v", m)
		}
	})
}

// American dates are told by what else the text says; digits of Arabic are digits.
func TestWrittenAbroad(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, register.Location())
	for s, want := range map[string]string{
		"11/3/26, 2:05 PM":        "2026-11-03T14:05",
		"11/21/26, 6:26 PM":       "2026-11-21T18:26",
		"3/11/2026 14:05":         "2026-11-03T14:05",
		"mån, 11/02/2026 - 14:05": "2026-11-02T14:05",
		"mån, 11/23/2026 - 14:05": "2026-11-23T14:05",
		"٢٠ نوفمبر ٢٠٢٦، ٠٤:١٠":   "2026-11-20T04:10",
		"20.11.2026 dii. 04.10":   "2026-11-20T04:10",
	} {
		m, ok := parseWritten(s, now)
		if got := m.at.Format("2006-01-02T15:04"); !ok || got != want || m.precision != preciseMinute {
			t.Errorf("%q: %v %s (%s), want %s", s, ok, got, m.precision, want)
		}
	}
	if m, ok := (when{Titles: []string{"08:06"}, Text: "20 november 2026"}).resolve(now, now.Location()); !ok || m.at.Format("2006-01-02T15:04") != "2026-11-20T08:06" {
		t.Errorf("a clock in a title: %v %+v", ok, m)
	}
}
