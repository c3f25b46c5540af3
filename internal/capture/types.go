package capture

import (
	"time"

	"arsring/internal/register"
)

// Trigger says why a snapshot was taken.
type Trigger string

// The triggers. Evidence and ingest never advance an account's period.
const (
	TriggerScheduled Trigger = "scheduled"
	TriggerManual    Trigger = "manual"
	TriggerClosure   Trigger = "closure"
	TriggerEvidence  Trigger = "evidence"
	TriggerIngest    Trigger = "ingest"
)

// Outcome is how a capture ended, apart from the state of its job.
type Outcome string

// The outcomes. Only Complete and Partial make a package.
const (
	Complete    Outcome = "complete"
	Partial     Outcome = "partial"
	LoginWall   Outcome = "login-wall"
	Blocked     Outcome = "blocked"
	NotFound    Outcome = "not-found"
	Blank       Outcome = "blank"
	Unreachable Outcome = "unreachable"
	Failed      Outcome = "failed"
)

// Kept reports whether a capture with this outcome becomes a package.
func (o Outcome) Kept() bool { return o == Complete || o == Partial }

// Stop is why the scrolling back in time ended.
type Stop string

// The stop reasons. A page that is no feed ends with StopEndOfPage.
const (
	StopReachedDate Stop = "reached-date"
	StopEndOfFeed   Stop = "end-of-feed"
	StopLoop        Stop = "loop"
	StopNoGrowth    Stop = "no-growth"
	StopLimit       Stop = "limit"
	StopWall        Stop = "wall"
	StopEndOfPage   Stop = "end-of-page"
)

// Origin says who made a piece: the authority or somebody else.
type Origin string

// The origins.
const (
	OriginOwn      Origin = "own"
	OriginReceived Origin = "received"
	OriginUnknown  Origin = "unknown"
)

// Text is a sentence in the two languages that people meet.
type Text struct {
	SV string `json:"sv"`
	EN string `json:"en"`
}

// In returns the sentence in the language ("sv" or "en"); Swedish when the language is unknown.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.SV
}

// Missing names one thing that the capture should have held and does not.
type Missing struct {
	Code string `json:"code"` // stable, e.g. "image-failed", "comments-unopened", "limit-posts"
	Text Text   `json:"text"`
}

// Intervention is one thing the capture did to the page: dialog answered, element hidden, button pressed.
type Intervention struct {
	Act  string    `json:"act"`  // "dialog", "consent-refused", "hidden", "pressed", "download-refused", "popup-closed", "permission-denied", "request-refused", ...
	What string    `json:"what"` // what it was done to, as shown on the page
	At   time.Time `json:"at"`
	N    int       `json:"n,omitempty"` // how many times, when the same act was repeated; 0 means once
}

// Facts are what is known about the page as a response.
type Facts struct {
	RequestedURL string            `json:"requested_url"`
	FinalURL     string            `json:"final_url"`
	Status       int               `json:"status"` // HTTP status of the document; 0 when there was none
	Redirects    []Redirect        `json:"redirects"`
	IP           string            `json:"ip"`
	TLS          *TLSFacts         `json:"tls"`
	Headers      map[string]string `json:"headers"` // lower-case names; secrets removed
	MIME         string            `json:"mime"`
	Title        string            `json:"title"`
	Lang         string            `json:"lang"`
	Dir          string            `json:"dir"`
	Description  string            `json:"description"`
	Structured   []Structured      `json:"structured"`
}

// Redirect is one hop on the way to the document.
type Redirect struct {
	URL    string `json:"url"`
	Status int    `json:"status"`
	To     string `json:"to"`
}

// TLSFacts describe the certificate that the page's server showed.
type TLSFacts struct {
	Version   string    `json:"version"`
	Cipher    string    `json:"cipher"`
	Subject   string    `json:"subject"`
	Issuer    string    `json:"issuer"`
	Names     []string  `json:"names"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	SHA256    string    `json:"sha256"` // of the leaf certificate's DER; empty when unknown
}

// Structured is a piece of structured data found on the page (JSON-LD, Open Graph, microdata), as it stood.
type Structured struct {
	Kind string `json:"kind"` // "json-ld", "open-graph", "microdata"
	JSON string `json:"json"`
}

// Rect is a rectangle in CSS pixels.
type Rect struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	W float64 `json:"w"`
	H float64 `json:"h"`
}

// TextBox is one run of text in a tile: its place in tile pixels (origin top left of the tile) and its words in logical order.
type TextBox struct {
	Rect
	Text string `json:"t"`
	RTL  bool   `json:"rtl,omitempty"`
}

// LinkBox is a link's clickable area in tile pixels.
type LinkBox struct {
	Rect
	URL  string `json:"url"`
	Text string `json:"text"` // accessible name, for /Contents
}

// TileKind says what a tile shows.
type TileKind string

// The kinds of tiles.
const (
	TileFirstView TileKind = "first-view" // the untouched first view, before any dialog was answered
	TilePage      TileKind = "page"       // a piece of the page in its order
)

// Tile is a screenshot of a rectangle in CSS pixels. It never cuts a line of text; its height fits one sheet (SheetHeight).
type Tile struct {
	N      int       `json:"n"`
	Kind   TileKind  `json:"kind"`
	View   int       `json:"view"` // the view (scroll position) it was shot in, 1-based
	Page   int       `json:"page"` // index in Capture.Pages (site mode); 0 for the account's page
	Rect   Rect      `json:"rect"` // where on the page, CSS px at the time
	File   string    `json:"file"` // path inside the capture folder: tiles/0001.jpg
	MIME   string    `json:"mime"` // image/jpeg or image/png
	W      int       `json:"w"`    // pixels
	H      int       `json:"h"`
	At     time.Time `json:"at"`
	SHA256 string    `json:"sha256"`
	Text   []TextBox `json:"text"`
	Links  []LinkBox `json:"links"`
	Posts  []string  `json:"posts"` // ids of the posts and comments that it shows, in order
	Shows  string    `json:"shows"` // headings shown, for the Alt text; empty when none
}

// Media is a picture, video or sound of a post.
type Media struct {
	Kind   string  `json:"kind"` // "image", "video", "audio"
	URL    string  `json:"url"`
	Alt    *string `json:"alt"`    // nil: the page gives none
	SHA256 string  `json:"sha256"` // of the kept bytes; empty when not kept
	Path   string  `json:"path"`   // media/<name> inside the content representation; empty when not kept
	MIME   string  `json:"mime,omitempty"`
	Bytes  int64   `json:"bytes,omitempty"`
	W      int     `json:"w,omitempty"` // natural size in pixels
	H      int     `json:"h,omitempty"`
}

// Reactions are the counters that the page shows for a post; nil is not shown.
type Reactions struct {
	Likes    *int `json:"likes"`
	Shares   *int `json:"shares"`
	Comments *int `json:"comments"`
}

// Post is a post or a comment. Times are in Europe/Stockholm; nil is unknown, never guessed.
type Post struct {
	ID              string     `json:"id"` // stable: derived from the permalink, else from the author, time and text
	Permalink       string     `json:"permalink"`
	Author          string     `json:"author"`
	AuthorID        string     `json:"author_id,omitempty"`
	AuthorURL       string     `json:"author_url,omitempty"`
	Origin          Origin     `json:"origin"`
	Published       *time.Time `json:"published"`
	PublishedSource string     `json:"published_source"` // how the time was found: "datetime", "json-ld", "title", "text", "relative", "feed", "mastodon-api", "wordpress-api", "bluesky-api", "youtube-feed"; empty when unknown
	PublishedText   string     `json:"published_text,omitempty"`
	// PublishedPrecision is how exact the time is: "minute", "hour", "day", "week", "month" or "year".
	PublishedPrecision string     `json:"published_precision,omitempty"`
	Edited             *time.Time `json:"edited"`
	EditedShown        bool       `json:"edited_shown,omitempty"` // the page says it was edited
	Pinned             bool       `json:"pinned,omitempty"`
	Warning            string     `json:"warning,omitempty"` // content warning shown before the text
	Lang               string     `json:"lang,omitempty"`
	Dir                string     `json:"dir,omitempty"`
	Text               string     `json:"text"` // with line breaks
	Links              []string   `json:"links"`
	Media              []Media    `json:"media"`
	Reactions          *Reactions `json:"reactions,omitempty"`
	Comments           []Post     `json:"comments"` // replies nested
	Tiles              []int      `json:"tiles,omitempty"`
}

// Period is what the snapshot should cover and what it reached.
type Period struct {
	WantedFrom *time.Time `json:"wanted_from"` // nil: everything
	Overlap    int        `json:"overlap_days"`
	Oldest     *time.Time `json:"oldest"`
	Newest     *time.Time `json:"newest"`
	Stop       Stop       `json:"stop"`
}

// Counts are the posts and comments kept against the page's own counters; nil is not shown by the page.
type Counts struct {
	Posts        int  `json:"posts"`
	Comments     int  `json:"comments"`
	PagePosts    *int `json:"page_posts"`
	PageComments *int `json:"page_comments"`
}

// Block is a piece of a page's text in reading order, for the record's third part.
type Block struct {
	Kind  string     `json:"kind"` // "h" (heading), "p", "li", "pre", "table"
	Level int        `json:"level,omitempty"`
	Text  string     `json:"text,omitempty"`
	Rows  [][]string `json:"rows,omitempty"` // for "table"
	Head  bool       `json:"head,omitempty"` // the table's first row is headers
	Lang  string     `json:"lang,omitempty"`
	Dir   string     `json:"dir,omitempty"`
}

// Page is one page's own text: the account's page, and in site mode each page beside it.
type Page struct {
	URL    string  `json:"url"`
	Title  string  `json:"title"`
	Lang   string  `json:"lang"`
	Dir    string  `json:"dir"`
	Status int     `json:"status"`
	Blocks []Block `json:"blocks"`
	Links  []Link  `json:"links"`
}

// Link is a link of a page.
type Link struct {
	URL  string `json:"url"`
	Text string `json:"text"`
}

// Version names one tool that took part.
type Version struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Job is what a capture is asked to do. It is written into the spool before anything else and never changes.
type Job struct {
	SnapshotID string           `json:"snapshot_id"`
	Account    register.Account `json:"account"`
	URL        string           `json:"url"` // the page to open: the account's, or the post's for evidence
	Trigger    Trigger          `json:"trigger"`
	Reason     string           `json:"reason"`
	By         string           `json:"by"` // who ordered it
	Created    time.Time        `json:"created"`
	WantedFrom *time.Time       `json:"wanted_from"`
	Overlap    int              `json:"overlap_days"`
	Slot       string           `json:"slot,omitempty"` // the calendar's claim that it fills; empty when a person ordered it
	Late       bool             `json:"late,omitempty"`
	Lang       string           `json:"lang"`  // of the record: "sv" or "en"
	Image      string           `json:"image"` // "jpeg" or "png"
	Evidence   *Evidence        `json:"evidence,omitempty"`
}

// Evidence is what a documented post needs besides itself.
type Evidence struct {
	URL    string `json:"url"`
	Reason string `json:"reason"`
	Ground string `json:"ground"`
	Diary  string `json:"diary"`
	By     string `json:"by"`
	Ad     bool   `json:"ad,omitempty"`
	Post   string `json:"post,omitempty"` // id of the post or comment that the address names; set by the capture
}

// Capture is the raw result of looking at a page. It is stored as capture.json in the capture folder, tiles and media beside it.
type Capture struct {
	Schema        string         `json:"schema"` // CaptureSchema
	Job           Job            `json:"job"`
	Outcome       Outcome        `json:"outcome"`
	Sentence      Text           `json:"sentence"` // what happened, for people
	Code          string         `json:"code"`     // finer than the outcome: "http-404", "dns", "refused", "tls", "timeout", "captcha", "rate-limited", ...
	RetryAfter    *time.Time     `json:"retry_after"`
	Facts         Facts          `json:"facts"`
	Started       time.Time      `json:"started"`
	Ended         time.Time      `json:"ended"`
	Period        Period         `json:"period"`
	Counts        Counts         `json:"counts"`
	Missing       []Missing      `json:"missing"`
	Interventions []Intervention `json:"interventions"`
	Tiles         []Tile         `json:"tiles"`
	Views         int            `json:"views"`
	Posts         []Post         `json:"posts"`
	Pages         []Page         `json:"pages"`
	Versions      []Version      `json:"versions"`
	Viewport      Rect           `json:"viewport"`
	Checks        []Check        `json:"checks,omitempty"` // the capture against what the service itself tells
	Hints         *HintReport    `json:"hints,omitempty"`  // what the platform file's selectors found; nil where none was used
}

// CaptureSchema names the layout of capture.json.
const CaptureSchema = "arsring-capture-1"

// The facsimile's measures in CSS px: the width Chrome is told, and the tallest tile that fits a sheet under its caption.
const (
	ViewportWidth = 1240
	SheetHeight   = 1640
)
