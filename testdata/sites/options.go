package sites

import (
	"fmt"
	"net/url"
	"strconv"
	"time"
	_ "time/tzdata" // the pages write Swedish local time on any machine
)

// Options shape the content of the sites. The zero value is usable. Every field can also be set for one request by the query string, with
// the key named at the field; a permalink found on such a page keeps working without its query as long as the handler lives.
type Options struct {
	Seed     int64         // seed: another seed, other texts, people, pictures and times
	Posts    int           // posts: how many posts the feed holds; 0 means the site's own number, below 0 none
	Batch    int           // batch: posts per batch; 0 means the site's own number
	Delay    time.Duration // delay (milliseconds): how long the server waits before it answers with a batch
	Now      time.Time     // now (RFC 3339 or 2006-01-02): the feed's "today"; zero means the clock when Handler, All or ByName is called
	Months   int           // months: how far back the posts go; 0 means 8
	Comments bool          // comments (1/0): whether the posts have comments
	NoImages bool          // images=0: no pictures
	Wall     int           // wall: posts before the login wall, on the sites that have one; 0 means the site's own number
	Fresh    int           // fresh: posts that come in on top while the page is read, on the sites that do so; 0 means the site's own number
}

// Stockholm is the zone in which the imitated pages write their times.
var Stockholm = mustZone("Europe/Stockholm")

// maxPosts keeps a mistyped query from filling the memory.
const maxPosts = 5000

func mustZone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(fmt.Sprintf("sites: the embedded zone data lack %s: %v", name, err))
	}
	return loc
}

// filled replaces what was left out by the site's own numbers, so that equal content has equal options.
func (o Options) filled(own Options) Options {
	pick := func(v, d, last int) int {
		if v != 0 {
			return v
		}
		if d != 0 {
			return d
		}
		return last
	}
	o.Posts = min(max(pick(o.Posts, own.Posts, 40), 0), maxPosts)
	o.Batch = min(max(pick(o.Batch, own.Batch, 10), 1), maxPosts)
	o.Months = max(pick(o.Months, own.Months, 8), 1)
	o.Wall = pick(o.Wall, own.Wall, 0)
	o.Fresh = pick(o.Fresh, own.Fresh, 0)
	if o.Delay == 0 {
		o.Delay = own.Delay
	}
	o.Now = o.now()
	return o
}

// now is the feed's "today" to the minute.
func (o Options) now() time.Time {
	t := o.Now
	if t.IsZero() {
		t = time.Now()
	}
	return t.In(Stockholm).Truncate(time.Minute)
}

// With returns the options changed by a query string, with the keys named at the fields of Options. A value that cannot be read is an error
// that names it.
func (o Options) With(q url.Values) (Options, error) {
	ints := map[string]*int{"posts": &o.Posts, "batch": &o.Batch, "months": &o.Months, "wall": &o.Wall, "fresh": &o.Fresh}
	for key, p := range ints {
		if err := readInt(q, key, p); err != nil {
			return o, err
		}
	}
	seed, delay := int(o.Seed), int(o.Delay/time.Millisecond)
	if err := readInt(q, "seed", &seed); err != nil {
		return o, err
	}
	if err := readInt(q, "delay", &delay); err != nil {
		return o, err
	}
	o.Seed, o.Delay = int64(seed), time.Duration(min(delay, 30_000))*time.Millisecond
	if q.Has("posts") && o.Posts == 0 {
		o.Posts = -1 // asked for: none
	}
	if q.Has("comments") {
		o.Comments = q.Get("comments") != "0"
	}
	if q.Has("images") {
		o.NoImages = q.Get("images") == "0"
	}
	return o, readNow(q, &o.Now)
}

func readInt(q url.Values, key string, p *int) error {
	if !q.Has(key) {
		return nil
	}
	n, err := strconv.Atoi(q.Get(key))
	if err != nil {
		return fmt.Errorf("query %s=%q is not a whole number", key, q.Get(key))
	}
	*p = n
	return nil
}

func readNow(q url.Values, p *time.Time) error {
	if !q.Has("now") {
		return nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, q.Get("now"), Stockholm); err == nil {
			*p = t
			return nil
		}
	}
	return fmt.Errorf("query now=%q is neither RFC 3339 nor 2006-01-02", q.Get("now"))
}
