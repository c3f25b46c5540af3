package sip

import (
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// ManifestSchema names the layout of manifest.json. It changes only when a field changes its meaning or goes away.
const ManifestSchema = "arsring-manifest-1"

// Manifest is metadata/descriptive/manifest.json: everything a program or a person asks about one snapshot. Its
// JSON form is a contract (docs/manifest.schema.json): arrays are never null, unknown values are null, times are
// RFC 3339 with zone. It is the only file of the package that names the account's role holders.
type Manifest struct {
	Schema      string           `json:"schema"`
	ID          string           `json:"id"` // the snapshot ID, the folder's name and METS OBJID
	Tenant      string           `json:"tenant"`
	Account     register.Account `json:"account"` // the register entry as it was then
	URL         string           `json:"url"`     // the address that was opened
	Trigger     capture.Trigger  `json:"trigger"`
	Reason      *string          `json:"reason"`
	OrderedBy   *string          `json:"ordered_by"`
	Ordered     *time.Time       `json:"ordered"`
	Slot        *string          `json:"slot"` // the claim it fills in the calendar: the opening's date; null when a person ordered it
	Late        bool             `json:"late"`
	Lang        string           `json:"lang"` // of the record: "sv" or "en"
	AccessClass register.Class   `json:"access_class"`
	Disposal    *Disposal        `json:"disposal"`
	Previous    *string          `json:"previous"` // ID of the account's snapshot before this one

	Outcome  capture.Outcome `json:"outcome"`
	Code     *string         `json:"code"`
	Sentence capture.Text    `json:"sentence"`

	Period        Period                 `json:"period"`
	Counts        capture.Counts         `json:"counts"`
	Missing       []capture.Missing      `json:"missing"`
	Interventions []capture.Intervention `json:"interventions"`
	Facts         Facts                  `json:"facts"`
	LoginProfile  *string                `json:"login_profile"` // its name only
	Started       time.Time              `json:"started"`       // of the capture
	Ended         time.Time              `json:"ended"`
	Packed        time.Time              `json:"packed"`
	Versions      []capture.Version      `json:"versions"`
	Organisation  Organisation           `json:"organisation"`

	Record   *RecordFile  `json:"record"`  // null only for an ingest without one
	Content  string       `json:"content"` // path of content.json
	Files    []File       `json:"files"`
	Tiles    []Tile       `json:"tiles"`
	Views    int          `json:"views"`
	Viewport capture.Rect `json:"viewport"`
	Evidence *Evidence    `json:"evidence"`
	Media    MediaSummary `json:"media"`

	Checks []capture.Check `json:"checks,omitempty"` // the snapshot against what the service itself tells publicly
}

// Disposal is the decision on what happens to the snapshot, as the register had it.
type Disposal struct {
	Action   string  `json:"action"` // "bevara" or "gallra"
	After    *string `json:"after"`  // years as "10y"
	Decision *string `json:"decision"`
	Plan     *string `json:"plan"`
}

// Organisation is the body that submits the package.
type Organisation struct {
	Name *string `json:"name"`
	ID   *string `json:"id"` // organisation number
}

// Facts are what is known about the page as a response, without secrets.
type Facts struct {
	RequestedURL string             `json:"requested_url"`
	FinalURL     string             `json:"final_url"`
	Status       *int               `json:"status"` // HTTP status; null when there was no answer to count
	Redirects    []capture.Redirect `json:"redirects"`
	IP           *string            `json:"ip"`
	TLS          *TLS               `json:"tls"`
	Headers      map[string]string  `json:"headers"`
	MIME         *string            `json:"mime"`
	Title        *string            `json:"title"`
	Lang         *string            `json:"lang"`
	Dir          *string            `json:"dir"`
	Description  *string            `json:"description"`
}

// TLS describes the certificate that the page's server showed.
type TLS struct {
	Version   string    `json:"version"`
	Cipher    string    `json:"cipher"`
	Subject   string    `json:"subject"`
	Issuer    string    `json:"issuer"`
	Names     []string  `json:"names"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	SHA256    *string   `json:"sha256"` // of the certificate's DER
}

// Evidence is what a documented post needs besides itself.
type Evidence struct {
	URL    string  `json:"url"`
	Reason string  `json:"reason"`
	Ground *string `json:"ground"` // the legal ground for removing it
	Diary  *string `json:"diary"`  // diary number; null until registered
	By     *string `json:"by"`
	Ad     bool    `json:"ad"` // advertising, which needs no registration

	Post      *string    `json:"post"`      // id of the documented post or comment in content.json; null when it could not be told
	Sender    *Sender    `json:"sender"`    // who made it, as the page shows it
	Published *time.Time `json:"published"` // when
}

// Sender is who made a documented piece.
type Sender struct {
	Name *string `json:"name"`
	ID   *string `json:"id"`  // the platform's name for the person
	URL  *string `json:"url"` // the profile's address
}

// RecordFile is the record that a person reads.
type RecordFile struct {
	Path   string  `json:"path"`
	SHA256 string  `json:"sha256"`
	Bytes  int64   `json:"bytes"`
	Pages  int     `json:"pages"`
	PDFA   *string `json:"pdfa"` // "2a"; null: not PDF/A
	UA     bool    `json:"ua"`   // PDF/UA-1
}

// File is one file of the package. METS.xml files, PREMIS files and the manifest itself are not listed: METS.xml
// covers those.
type File struct {
	Path         string  `json:"path"` // from the package's root, with slashes
	SHA256       string  `json:"sha256"`
	Bytes        int64   `json:"bytes"`
	MIME         string  `json:"mime"`
	Role         Role    `json:"role"`
	OriginalName *string `json:"original_name"` // the name a handed-in file came with
}

// Role says what a file is in the package.
type Role string

// The roles.
const (
	RoleRecord        Role = "record"
	RoleContent       Role = "content"
	RoleMedia         Role = "media"
	RoleTile          Role = "tile"
	RoleOriginal      Role = "original"
	RoleReport        Role = "pdfa-report"
	RoleDescription   Role = "description"
	RoleDocumentation Role = "documentation"
	RoleSchema        Role = "schema"
)

// Tile is one screenshot of the facsimile. Its pixels are in the record; the file itself is kept in the package for
// evidence and closure only.
type Tile struct {
	N          int              `json:"n"`
	Kind       capture.TileKind `json:"kind"`
	View       int              `json:"view"`
	Page       int              `json:"page"`
	Rect       capture.Rect     `json:"rect"`
	At         time.Time        `json:"at"`
	SHA256     string           `json:"sha256"`
	RecordPage *int             `json:"record_page"` // 1-based page of the record; null when not known
	Path       *string          `json:"path"`        // in the package; null when only the record holds it
}

// MediaSummary counts the media of all posts and comments, and lists what falls under legal deposit.
type MediaSummary struct {
	Images       int            `json:"images"`
	Videos       int            `json:"videos"`
	Audio        int            `json:"audio"`
	Kept         int            `json:"kept"` // whose bytes are in the package
	KeptBytes    int64          `json:"kept_bytes"`
	LegalDeposit []DepositMedia `json:"legal_deposit"`
}

// DepositMedia is a video or sound that the authority itself published, to be reported for legal deposit at KB.
type DepositMedia struct {
	Kind      string     `json:"kind"` // "video" or "audio"
	URL       *string    `json:"url"`
	Post      string     `json:"post"` // id of the post or comment in content.json
	Permalink *string    `json:"permalink"`
	Published *time.Time `json:"published"`
	Alt       *string    `json:"alt"`
}
