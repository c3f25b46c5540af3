package calendar

import "time"

// day is a local calendar date, counted from 1970-01-01. Arithmetic on it knows no hours and so no summer time.
type day int

func dayOf(y int, m time.Month, d int) day {
	return day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// on gives the date that a clock in the zone shows.
func on(t time.Time, loc *time.Location) day {
	y, m, d := t.In(loc).Date()
	return dayOf(y, m, d)
}

func (d day) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// at gives the moment at which a clock in the zone shows the hour and minute on this date. An hour that summer time skips becomes the next.
func (d day) at(hour, minute int, loc *time.Location) time.Time {
	y, m, dd := d.utc().Date()
	return time.Date(y, m, dd, hour, minute, 0, 0, loc)
}

func (d day) String() string { return d.utc().Format(time.DateOnly) }

// parseDay reads YYYY-MM-DD, several times as fast as time.Parse: each asking reads two for every account.
func parseDay(s string) (day, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	n := [3]int{}
	for i, part := range [3]string{s[:4], s[5:7], s[8:]} {
		for _, c := range []byte(part) {
			if c < '0' || c > '9' {
				return 0, false
			}
			n[i] = n[i]*10 + int(c-'0')
		}
	}
	d := dayOf(n[0], time.Month(n[1]), n[2])
	y, m, dd := d.utc().Date()
	return d, y == n[0] && int(m) == n[1] && dd == n[2] // 30 February would have become 2 March
}
