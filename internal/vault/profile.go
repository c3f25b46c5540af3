package vault

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"regexp"
	"time"
)

// Schema names the layout of a sealed profile: one line of JSON that anyone may read, then an age file of a compressed tar.
const Schema = "arsring-vault-1"

// maxHead bounds the line that anyone may read.
const maxHead = 4096

// Profile is what is known of a stored login without its key.
type Profile struct {
	Schema  string     `json:"schema"`
	Name    string     `json:"name"`
	Host    string     `json:"host"`    // of the page at which the person logged in
	Stored  time.Time  `json:"stored"`  // when the person logged in
	Expires *time.Time `json:"expires"` // when the platform's cookies probably end the login; nil when they do not say
	Cookies int        `json:"cookies"` // how many there are; names and values are sealed

	Bytes int64 `json:"-"` // of the sealed file
	Err   error `json:"-"` // why the file cannot be used; the fields above are empty then
}

// Cookie is what the vault is told of a cookie: never its value.
type Cookie struct {
	Name     string
	Expires  time.Time // zero: with the browser's session
	HTTPOnly bool
}

// Facts are what the browser knows of a login when it is stored.
type Facts struct {
	Host    string
	Cookies []Cookie
}

// telling are names that cookies of a login have on most platforms.
var telling = regexp.MustCompile(`(?i)(^|[._-])(sess|session|sessionid|auth|token|login|user|jwt|remember|sid|ssid|hsid|xs|li_at|sso|account)|session|auth_?token|c_user`)

// Expiry is when a login probably ends: with the first of the cookies that look like a login's and live longer than a day; with the last of all
// cookies where none looks like one. Nil when no cookie says.
func (f Facts) Expiry(now time.Time) *time.Time {
	var first, last *time.Time
	for _, c := range f.Cookies {
		if c.Expires.Before(now.Add(24 * time.Hour)) { // sessions, and tickets of the hour
			continue
		}
		at := c.Expires.UTC().Truncate(time.Second)
		if (c.HTTPOnly || telling.MatchString(c.Name)) && (first == nil || at.Before(*first)) {
			first = &at
		}
		if last == nil || at.After(*last) {
			last = &at
		}
	}
	if first != nil {
		return first
	}
	return last
}

// readHead reads a sealed file's open line.
func readHead(file, name string) (Profile, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Profile{}, missing(name)
	}
	if err != nil {
		return Profile{}, fault("unreadable", cause(err), "inloggningen "+quoted(name)+" kan inte läsas", "the login "+quoted(name)+" cannot be read")
	}
	defer f.Close()
	p, _, err := head(bufio.NewReaderSize(f, maxHead), name)
	if err != nil {
		return p, err
	}
	fi, err := f.Stat()
	if err == nil {
		p.Bytes = fi.Size()
	}
	return p, nil
}

// head takes the open line off a sealed file. The raw line comes with it, to be held against the sealed copy.
func head(r *bufio.Reader, name string) (Profile, []byte, error) {
	line, err := r.ReadSlice('\n')
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return Profile{}, nil, fault("unreadable", cause(err), "inloggningen "+quoted(name)+" kan inte läsas", "the login "+quoted(name)+" cannot be read")
	}
	var p Profile
	if err != nil || json.Unmarshal(line, &p) != nil || p.Schema == "" {
		return Profile{}, nil, broken(name)
	}
	if p.Schema != Schema {
		return Profile{}, nil, fault("version", nil, "inloggningen "+quoted(name)+" är sparad av en annan version ("+quoted(p.Schema)+"): kör arsring login "+name+" igen",
			"the login "+quoted(name)+" was stored by another version ("+quoted(p.Schema)+"): run arsring login "+name+" again")
	}
	if p.Name != name {
		return Profile{}, nil, broken(name)
	}
	return p, bytes.Clone(line), nil
}

func broken(name string) error {
	return fault("broken", nil, "filen med inloggningen "+quoted(name)+" är trasig: kör arsring login "+name+" igen", "the file of the login "+quoted(name)+" is broken: run arsring login "+name+" again")
}
