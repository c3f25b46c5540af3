package app

import (
	"regexp"
	"strings"
	"time"

	"arsring/internal/register"
)

// machineTime reads the ways in which interfaces write a time; those without a zone are UTC.
func machineTime(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// The ways in which feeds write a time, with a zone and without; the names of a weekday and of a zone are taken off before.
var (
	zonedTimes = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04 -0700",
		"2 Jan 06 15:04:05 -0700", "2 Jan 06 15:04 -0700", "2 Jan 2006 15:04:05 -07:00"}
	bareTimes = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2 Jan 2006 15:04:05", "2 Jan 2006 15:04", "2 Jan 06 15:04:05", "2006-01-02", "2 Jan 2006"}
	weekday   = regexp.MustCompile(`^\pL+(?:[.,]+\s*|\s+)`)
	zoneName  = regexp.MustCompile(`\s*\(?([A-Za-z]{1,5})\)?$`)
	swedish   = strings.NewReplacer("maj", "May", "okt", "Oct")
)

// zones are the names of RFC 822 and those in use in Europe. Go would read any name that it does not know as UTC.
var zones = map[string]string{"UT": "+0000", "UTC": "+0000", "GMT": "+0000", "Z": "+0000", "WET": "+0000", "BST": "+0100", "WEST": "+0100", "CET": "+0100", "MET": "+0100", "CEST": "+0200", "MEST": "+0200", "EET": "+0200",
	"EEST": "+0300", "EST": "-0500", "EDT": "-0400", "CST": "-0600", "CDT": "-0500", "MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700"}

// feedTime reads a time as feeds write it; the zero time is none. It is vague where the feed does not say in which zone, or at what hour.
func feedTime(s string) (at time.Time, vague bool) {
	s = swedish.Replace(weekday.ReplaceAllString(strings.TrimSpace(s), ""))
	for _, layout := range zonedTimes {
		if t, err := time.Parse(layout, s); err == nil {
			return t, false
		}
	}
	if m := zoneName.FindStringSubmatchIndex(s); m != nil {
		zone := zones[strings.ToUpper(s[m[2]:m[3]])]
		s = strings.TrimSpace(s[:m[0]])
		if zone != "" {
			for _, layout := range bareTimes {
				if t, err := time.Parse(layout+" -0700", s+" "+zone); err == nil {
					return t, !strings.Contains(layout, ":")
				}
			}
		}
	}
	for _, layout := range bareTimes {
		if t, err := time.ParseInLocation(layout, s, register.Location()); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
