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

func (d day) year() int { return d.utc().Year() }
