package capture

import "time"

// Limits bound one capture. Zero is no limit.
type Limits struct {
	Posts, Sheets int
	Time          time.Duration
	Bytes         int64
}

// reached names the first limit that has been used up: its code, and what it is called in Swedish and English. The code is empty while none is.
func (l Limits) reached(used Limits) (code, sv, en string) {
	switch {
	case l.Posts > 0 && used.Posts >= l.Posts:
		return "posts", "antal inlägg", "number of posts"
	case l.Sheets > 0 && used.Sheets >= l.Sheets:
		return "sheets", "antal blad", "number of sheets"
	case l.Time > 0 && used.Time >= l.Time:
		return "minutes", "tid", "time"
	case l.Bytes > 0 && used.Bytes >= l.Bytes:
		return "bytes", "mängd data", "amount of data"
	}
	return "", "", ""
}
