package platform

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Generic is the name of the platform that stands for every page; its walls, private areas and forbidden buttons hold for all the others too.
const Generic = "generic"

// Never is the value of Tried for a file that nobody has held against the live service.
const Never = "never"

// Platform is one file. All lists of selectors hold CSS selectors, the first that finds something wins; patterns are regular expressions without flags,
// matched against a whole address and blind to case.
type Platform struct {
	Name       string     `yaml:"name"`       // the file's name without .yaml; what a register entry calls its platform
	Title      string     `yaml:"title"`      // as people write it
	Tried      string     `yaml:"tried"`      // "never", or the day (YYYY-MM-DD) on which the file was last held against the live service
	Hosts      []string   `yaml:"hosts"`      // host names; each covers its subdomains
	Paths      []string   `yaml:"paths"`      // patterns of an address's path, where hosts do not tell; empty: any
	Terms      string     `yaml:"terms"`      // address of the terms of use
	Export     Export     `yaml:"export"`     // the official way to one's own data, to be preferred where it is enough
	Politeness Politeness `yaml:"politeness"` // how seldom the platform is visited
	Check      []string   `yaml:"check"`      // public ways without a key to count and to fill facts: see Checks
	Select     Select     `yaml:"select"`
	Counters   Counters   `yaml:"counters"`
	Consent    Consent    `yaml:"consent"`
	Login      Login      `yaml:"login"`
	Walls      Walls      `yaml:"walls"`
	Never      Forbidden  `yaml:"never"`
	Private    Private    `yaml:"private"`

	// Source tells where the data came from: the built-in file, the operator's, or both. It is no key of the files.
	Source string `yaml:"-"`
}

// Export is an official export.
type Export struct {
	Name string `yaml:"name"`
	URL  string `yaml:"url"`
	SV   string `yaml:"sv"` // what it holds and how it is asked for, in Swedish
	EN   string `yaml:"en"`
}

// Politeness bounds how often a platform is visited.
type Politeness struct {
	Pause time.Duration `yaml:"pause"` // least time between two captures; zero: what the configuration says
}

// Select says where things stand in a page.
type Select struct {
	Post          []string `yaml:"post"`
	Permalink     []string `yaml:"permalink"` // in a post: the link to its own page
	Author        []string `yaml:"author"`
	Time          []string `yaml:"time"`
	TimeAttribute []string `yaml:"time_attribute"` // attributes that hold a time for machines: ISO 8601, or seconds or milliseconds since 1970
	Text          []string `yaml:"text"`
	Warning       []string `yaml:"warning"` // what stands before a covered text
	Comment       []string `yaml:"comment"`
	Reply         []string `yaml:"reply"`
	More          []string `yaml:"more"`   // buttons below a list that bring more posts
	Expand        []string `yaml:"expand"` // buttons in a post that show more text, comments or replies
}

// Counters say where a post tells its numbers.
type Counters struct {
	Likes    []string `yaml:"likes"`
	Shares   []string `yaml:"shares"`
	Comments []string `yaml:"comments"`
}

// Consent says how a dialog about cookies is refused or put aside. Nothing that accepts belongs here.
type Consent struct {
	Refuse  []string `yaml:"refuse"`
	Close   []string `yaml:"close"`
	Overlay []string `yaml:"overlay"` // dialogs and what lies beneath them
}

// Login tells a logged-in page from one that is not.
type Login struct {
	In  []string `yaml:"in"`
	Out []string `yaml:"out"`
}

// Walls are the signs of what can stand in a page's place.
type Walls struct {
	Login   Sign `yaml:"login"`
	Captcha Sign `yaml:"captcha"`
	Removed Sign `yaml:"removed"`
	Age     Sign `yaml:"age"`
	Geo     Sign `yaml:"geo"`
	Rate    Sign `yaml:"rate_limit"`
	Members Sign `yaml:"members"`
}

// Sign is how something is recognised: by its address and its elements, which every language shares, before its words.
type Sign struct {
	URLs     []string `yaml:"urls"`
	Elements []string `yaml:"elements"`
	Phrases  []Phrase `yaml:"phrases"`
}

// Phrase is a piece of a sentence in one language, written as it stands on the page.
type Phrase struct {
	Lang string `yaml:"lang"`
	Text string `yaml:"text"`
}

// Forbidden is what is never pressed, whatever else says that it should be.
type Forbidden struct {
	Press []string `yaml:"press"` // selectors
	Words []string `yaml:"words"` // labels of buttons, whole
}

// Private is what is never opened and never shown in a picture: inboxes, chats, notices, statistics.
type Private struct {
	URLs     []string `yaml:"urls"`
	Elements []string `yaml:"elements"`
}

// Checks are the public ways, needing no key, by which a capture's counts can be held against what the service itself tells.
var Checks = []string{"feed", "mastodon", "wordpress", "youtube", "bluesky", "oembed"}

// IsPrivate reports whether an address leads into an area that is never opened.
func (p *Platform) IsPrivate(address string) bool {
	return p != nil && slices.ContainsFunc(p.Private.URLs, func(s string) bool {
		re, err := regexp.Compile("(?i)" + s)
		return err == nil && re.MatchString(address)
	})
}

// covers reports whether an address lies on the platform, and how exactly: the length of the host that matched.
func (p *Platform) covers(u *url.URL) int {
	best, host := 0, strings.ToLower(u.Hostname())
	for _, h := range p.Hosts {
		if h = strings.ToLower(h); host == h || strings.HasSuffix(host, "."+h) {
			best = max(best, len(h))
		}
	}
	if best == 0 || len(p.Paths) == 0 {
		return best
	}
	for _, s := range p.Paths {
		if re, err := regexp.Compile("(?i)" + s); err == nil && re.MatchString(u.Path) {
			return best
		}
	}
	return 0
}
