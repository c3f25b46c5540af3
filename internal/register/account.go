package register

import (
	"sync"
	"time"
)

// Class is the access class of an account's records: who may read them without a review.
type Class string

// The access classes. Only ClassOpen reaches static pages, the public reading room and mail attachments.
const (
	ClassOpen   Class = "öppen"
	ClassReview Class = "sekretessprövning krävs"
	ClassSecret Class = "sekretess"
)

// Person is a named role holder with a mail address.
type Person struct {
	Name  string `yaml:"name" json:"name"`
	Email string `yaml:"email,omitempty" json:"email,omitempty"`
}

// Limits bound one capture of one account. Zero means the configured default.
type Limits struct {
	Posts   int   `yaml:"posts,omitempty" json:"posts,omitempty"`
	Sheets  int   `yaml:"sheets,omitempty" json:"sheets,omitempty"`
	Minutes int   `yaml:"minutes,omitempty" json:"minutes,omitempty"`
	Bytes   int64 `yaml:"bytes,omitempty" json:"bytes,omitempty"`
	// Pages and Depth bound site mode: how many pages of one host, how many links from the start page.
	Pages int `yaml:"pages,omitempty" json:"pages,omitempty"`
	Depth int `yaml:"depth,omitempty" json:"depth,omitempty"`
}

// Disposal is the decision on what happens to an account's records.
type Disposal struct {
	Action   string `yaml:"action" json:"action"`                   // "bevara" or "gallra"
	After    string `yaml:"after,omitempty" json:"after,omitempty"` // years as "10y"; empty with bevara
	Decision string `yaml:"decision,omitempty" json:"decision,omitempty"`
	Plan     string `yaml:"plan,omitempty" json:"plan,omitempty"`
}

// Account is one registered page of the municipality on a platform or an external site.
// All fields of a register entry are here; dates are YYYY-MM-DD in Europe/Stockholm, empty when unknown.
type Account struct {
	ID       string `yaml:"id" json:"id"` // [a-z0-9-]{1,48}
	Tenant   string `yaml:"-" json:"tenant"`
	Platform string `yaml:"platform" json:"platform"`
	URL      string `yaml:"url" json:"url"`
	Title    string `yaml:"title" json:"title"`

	ArchiveCreator string   `yaml:"archive_creator" json:"archive_creator"`
	Unit           string   `yaml:"unit" json:"unit"`
	Section        string   `yaml:"section,omitempty" json:"section,omitempty"` // company or sector whose part of the register this is
	Responsible    Person   `yaml:"responsible" json:"responsible"`
	Administrators []Person `yaml:"administrators" json:"administrators"`
	Substitute     *Person  `yaml:"substitute,omitempty" json:"substitute,omitempty"`
	Registrar      *Person  `yaml:"registrar,omitempty" json:"registrar,omitempty"`

	Purpose string `yaml:"purpose,omitempty" json:"purpose,omitempty"`
	Sender  string `yaml:"sender,omitempty" json:"sender,omitempty"` // the sender as shown on the page
	Since   string `yaml:"since,omitempty" json:"since,omitempty"`
	Until   string `yaml:"until,omitempty" json:"until,omitempty"`

	LoginProfile string   `yaml:"login_profile,omitempty" json:"login_profile,omitempty"`
	Group        string   `yaml:"group,omitempty" json:"group,omitempty"`
	Limits       Limits   `yaml:"limits,omitempty" json:"limits,omitempty"`
	AllowedHosts []string `yaml:"allowed_hosts,omitempty" json:"allowed_hosts,omitempty"`

	Class           Class    `yaml:"class,omitempty" json:"class"`
	Disposal        Disposal `yaml:"disposal,omitempty" json:"disposal,omitempty"`
	DocumentPlan    string   `yaml:"document_plan,omitempty" json:"document_plan,omitempty"`
	ProcessingEntry string   `yaml:"processing_entry,omitempty" json:"processing_entry,omitempty"` // register of processing (GDPR art. 30)
	PrivacyNotice   string   `yaml:"privacy_notice,omitempty" json:"privacy_notice,omitempty"`     // where users are told how their personal data is used
	LegalDeposit    string   `yaml:"legal_deposit,omitempty" json:"legal_deposit,omitempty"`       // status of deposit at KB

	Notice *Notice `yaml:"notice,omitempty" json:"notice,omitempty"`

	// File and Line say where the entry stands; they are never written.
	File string `yaml:"-" json:"-"`
	Line int    `yaml:"-" json:"-"`
}

// Notice is an announced closure of an account.
type Notice struct {
	Date   string `yaml:"date" json:"date"`     // when the public was told
	Remove string `yaml:"remove" json:"remove"` // when the account goes away
	Reason string `yaml:"reason,omitempty" json:"reason,omitempty"`
}

var location = sync.OnceValue(func() *time.Location {
	l, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		return time.FixedZone("CET", 3600)
	}
	return l
})

// Location is the zone in which every local date of the register is read. It falls back to UTC+1
// only where the machine carries no zone data; the binary embeds time/tzdata so that it does not happen.
func Location() *time.Location { return location() }
