package sites

// spec says what one site is: its look, its shape of addresses, and how it behaves.
type spec struct {
	name, title, notes string
	feed               bool
	look               string  // folder below assets/looks
	shape              shape   // of identifiers and addresses
	own                Options // what is used where the caller leaves a number out

	mode     string // how more posts come: "scroll", "button", "older", "virtual", "grid", "none"
	talkOn   string // where the comments are: "" means "feed"
	talkLang string // language of labels and times, "" means "sv"
	first    int    // comments shown before any button is pressed
	chunk    int    // comments per press, 0 means 10

	counter     bool // the page shows how many posts there are
	mute        bool // no comments here, whatever the options say
	flatTalk    bool // no replies to comments
	sorted      bool // comments are sorted by relevance first, and some are folded away
	alwaysImage bool // every post has a picture
	titled      bool // the first paragraph is a title
	handles     bool // people are shown by their user names only
	flat        bool // nothing shows what a reply answers
	wholeTalk   bool // replies are shown at once below what they answer
	hollows     bool // posts far from the window lose their content, but keep their place
	unfolded    bool // long texts are shown whole
	emojiImages bool // emoji are pictures with alt texts

	inner, shadow, framed    bool   // the feed scrolls in a container, lies in shadow roots, or in an iframe
	loops, inserts, reorders bool   // what the feed does while it is read
	forgets                  bool   // a virtual list that closes what was opened when it takes a post out
	cellTest                 string // the data-testid of a virtual list's cells
	lazy                     string // "": at once, "native": loading=lazy, "script": data-src
	fails                    string // a batch fails once: "auto" or "button" says how it is tried again
	relative                 bool   // times are ages and nothing else
	pagePath                 bool   // older posts lie at page/2/ and not at ?sida=2
	carousel                 bool   // a post shows one picture at a time
	wall                     string // after Options.Wall posts: "modal" or "redirect"

	consent string // which consent dialog covers the page
	members bool   // the page greets who logged in

	// Of generated sites only: the look itself.
	markup, css string              // templates and style sheet, with names as in the embedded ones
	textStyle   string              // as lookText
	namer       func(string) string // gives class names their form
	keyName     string              // of the attribute that holds a post's ID

	tweak func(*spec, *feed, *writer) // changes single posts after they were written
	serve func(*call) bool            // answers requests of its own; false hands on to what all sites answer
	truth func(*call) Truth           // for sites that are no feeds
}

// path is the site's own page on the server, ending in a slash.
func (s *spec) path() string { return "/" + s.name + "/" }

func (s *spec) commentsOn() string {
	if s.talkOn == "" {
		return "feed"
	}
	return s.talkOn
}

func (s *spec) lang() string {
	if s.talkLang == "" {
		return "sv"
	}
	return s.talkLang
}

func (s *spec) tongue() tongue { return tongues[s.lang()] }

// plainShape is the shape of addresses on the sites that imitate no platform in particular.
var plainShape = shape{
	id:      digits,
	post:    func(id string) string { return "inlagg/" + id },
	comment: func(_, post, _, id string) string { return post + "#kommentar-" + id },
	author:  func(handle string) string { return "profil/" + handle },
}

// specs lists every site. Their order is the order of All.
func specs() []*spec {
	var all []*spec
	for _, list := range [][]*spec{plainFeeds(), platforms(), consents(), walls(), webSites(), family()} {
		all = append(all, list...)
	}
	return all
}

// The methods below tell templates about the spec.

// Mode is how more posts come.
func (s *spec) Mode() string { return s.mode }

// Wall is what kind of login wall there is.
func (s *spec) Wall() string { return s.wall }

// Lazy is how pictures are loaded.
func (s *spec) Lazy() string { return s.lazy }

// Relative is true where only ages are written.
func (s *spec) Relative() bool { return s.relative }

// Carousel is true where a post shows one picture at a time.
func (s *spec) Carousel() bool { return s.carousel }

// Shadow is true where the feed lies in shadow roots.
func (s *spec) Shadow() bool { return s.shadow }

// Counter is true where the page shows how many posts there are.
func (s *spec) Counter() bool { return s.counter }

// Members is true where the page greets who logged in.
func (s *spec) Members() bool { return s.members }

// Inner is true where the feed scrolls in a container.
func (s *spec) Inner() bool { return s.inner }
