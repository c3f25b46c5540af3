package sip

import (
	"time"

	"arsring/internal/capture"
)

// ContentSchema names the layout of content.json.
const ContentSchema = "arsring-content-1"

// Content is representations/content/data/content.json: every post and comment of the snapshot as data, and the text
// of pages without a feed. Its JSON form is a contract (docs/content.schema.json): arrays are never null, unknown
// values are null and never guessed, times are RFC 3339 with zone.
type Content struct {
	Schema     string         `json:"schema"`
	Snapshot   string         `json:"snapshot"`
	Account    string         `json:"account"` // the account's id
	URL        string         `json:"url"`
	Period     Period         `json:"period"`
	Counts     capture.Counts `json:"counts"`
	Posts      []Post         `json:"posts"`
	Pages      []Page         `json:"pages"`
	Structured []Structured   `json:"structured"`
}

// Period is what the snapshot should cover and what it reached.
type Period struct {
	WantedFrom *time.Time    `json:"wanted_from"`
	Overlap    int           `json:"overlap_days"`
	Oldest     *time.Time    `json:"oldest"`
	Newest     *time.Time    `json:"newest"`
	Stop       *capture.Stop `json:"stop"`
}

// Post is a post or a comment.
type Post struct {
	ID              string             `json:"id"`
	Permalink       *string            `json:"permalink"`
	Author          *string            `json:"author"`
	AuthorID        *string            `json:"author_id"`
	AuthorURL       *string            `json:"author_url"`
	Origin          capture.Origin     `json:"origin"`
	Published       *time.Time         `json:"published"`
	PublishedSource *string            `json:"published_source"`
	PublishedText   *string            `json:"published_text"`
	Precision       *string            `json:"published_precision"` // how exact published is, "minute" to "year"
	Edited          *time.Time         `json:"edited"`
	EditedShown     bool               `json:"edited_shown"`
	Pinned          bool               `json:"pinned"`
	Warning         *string            `json:"warning"`
	Lang            *string            `json:"lang"`
	Dir             *string            `json:"dir"`
	Text            string             `json:"text"`
	Links           []string           `json:"links"`
	Media           []Media            `json:"media"`
	Reactions       *capture.Reactions `json:"reactions"`
	Comments        []Post             `json:"comments"`
	Tiles           []int              `json:"tiles"`
}

// Media is a picture, video or sound of a post.
type Media struct {
	Kind   string  `json:"kind"` // "image", "video", "audio"
	URL    *string `json:"url"`
	Alt    *string `json:"alt"`    // null: the page gives none
	SHA256 *string `json:"sha256"` // null: not kept
	Path   *string `json:"path"`   // media/<name>, from the folder of content.json; null: not kept
	MIME   *string `json:"mime"`
	Bytes  *int64  `json:"bytes"`
	W      *int    `json:"w"`
	H      *int    `json:"h"`
}

// Page is one page's own text.
type Page struct {
	URL    string         `json:"url"`
	Title  *string        `json:"title"`
	Lang   *string        `json:"lang"`
	Dir    *string        `json:"dir"`
	Status *int           `json:"status"`
	Text   string         `json:"text"` // the blocks as plain text, a line each
	Blocks []Block        `json:"blocks"`
	Links  []capture.Link `json:"links"`
}

// Block is a piece of a page's text in reading order.
type Block struct {
	Kind  string     `json:"kind"` // "h", "p", "li", "pre", "table"
	Level *int       `json:"level"`
	Text  string     `json:"text"`
	Rows  [][]string `json:"rows"`
	Head  bool       `json:"head"`
	Lang  *string    `json:"lang"`
	Dir   *string    `json:"dir"`
}

// Structured is a piece of structured data found on the page, as it stood but for masked secrets.
type Structured struct {
	Kind string `json:"kind"`
	JSON string `json:"json"`
}
