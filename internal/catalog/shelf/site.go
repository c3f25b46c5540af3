package shelf

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/register"
)

const (
	pageName    = "index.html"
	listName    = "manifests.ndjson"
	yearFolder  = "_year"
	ownerFolder = "_owner"
)

// site is what the pages of one tenant are made of.
type site struct {
	tenant    string
	apart     bool                // it has a place of its own in the bucket, with no page above its own
	name      string              // of the organisation, as its latest package has it
	snapshots []catalog.Snapshot  // newest first
	accounts  map[string]*account // by id
	order     []*account          // by title
	updated   time.Time           // when the latest package was made
}

// account gathers the snapshots of one account.
type account struct {
	ID        string
	Latest    catalog.Snapshot
	Snapshots []catalog.Snapshot // newest first
}

func newSite(tenant string, list []catalog.Snapshot) *site {
	s := &site{tenant: tenant, name: tenant, snapshots: list, accounts: map[string]*account{}}
	for _, x := range list {
		a := s.accounts[x.Account]
		if a == nil {
			a = &account{ID: x.Account, Latest: x}
			s.accounts[x.Account] = a
			s.order = append(s.order, a)
		}
		a.Snapshots = append(a.Snapshots, x)
		if x.Packed.After(s.updated) {
			s.updated = x.Packed
		}
	}
	for _, x := range list {
		if x.Organisation != "" {
			s.name = x.Organisation
			break
		}
	}
	swedish := collate.New(language.Swedish, collate.Numeric)
	slices.SortFunc(s.order, func(a, b *account) int {
		if x := swedish.CompareString(a.Latest.Title, b.Latest.Title); x != 0 {
			return x
		}
		return strings.Compare(a.ID, b.ID)
	})
	return s
}

// years lists the local years in which something was taken, latest first.
func (s *site) years() []int {
	var out []int
	for _, x := range s.snapshots {
		if y := x.Half().Year(); !slices.Contains(out, y) {
			out = append(out, y)
		}
	}
	slices.SortFunc(out, func(a, b int) int { return b - a })
	return out
}

// owners lists the archive creators of the snapshots, by name.
func (s *site) owners() []string {
	seen := map[string]bool{}
	var out []string
	for _, x := range s.snapshots {
		if !seen[x.Creator] {
			seen[x.Creator] = true
			out = append(out, x.Creator)
		}
	}
	swedish := collate.New(language.Swedish, collate.Numeric)
	slices.SortFunc(out, func(a, b string) int {
		if x := swedish.CompareString(a, b); x != 0 {
			return x
		}
		return strings.Compare(a, b)
	})
	return out
}

var slugCode = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// slug makes a folder's name of an owner's: readable letters, and a few that stand for the exact name, so that no two owners share one.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == 'å' || r == 'ä':
			b.WriteByte('a')
		case r == 'ö':
			b.WriteByte('o')
		case r == 'é':
			b.WriteByte('e')
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 40 {
			break
		}
	}
	sum := sha256.Sum256([]byte(name))
	return strings.Trim(strings.Trim(b.String(), "-")+"-"+slugCode.EncodeToString(sum[:4])[:5], "-")
}

// account makes the pages of one account; they are to go when there is nothing to show.
func (s *site) account(id string, pages map[string][]byte) error {
	folder := s.tenant + "/" + id + "/"
	a := s.accounts[id]
	if a == nil {
		pages[folder+pageName], pages[folder+listName] = nil, nil
		return nil
	}
	var err error
	if pages[folder+listName], err = a.lines(); err != nil {
		return err
	}
	// Nothing of the other accounts may be on it: it is written again only when this one changes.
	h := head{Title: a.Latest.Title, Name: a.Latest.Organisation, Base: "../", Up: "../" + pageName}
	if h.Name == "" {
		h.Name = s.tenant
	}
	for _, x := range a.Snapshots {
		if x.Packed.After(h.Updated) {
			h.Updated = x.Packed
		}
	}
	pages[folder+pageName], err = render("account", accountPage{h, a, a.byHalf(), slug(a.Latest.Creator)})
	return err
}

// upper makes the pages above the accounts.
func (s *site) upper(pages map[string][]byte) error {
	if len(s.snapshots) == 0 {
		pages[s.tenant+"/"+pageName] = nil
		return nil
	}
	var err error
	up := "../" + pageName
	if s.apart {
		up = ""
	}
	if pages[s.tenant+"/"+pageName], err = s.front("", up); err != nil {
		return err
	}
	for _, year := range s.years() {
		h := s.head("År "+strconv.Itoa(year), "../../", "../../"+pageName)
		if pages[fmt.Sprintf("%s/%s/%d/%s", s.tenant, yearFolder, year, pageName)], err = render("year", yearPage{h, year, s.ofYear(year)}); err != nil {
			return err
		}
	}
	for _, owner := range s.owners() {
		h := s.head(ownerName(owner), "../../", "../../"+pageName)
		if pages[fmt.Sprintf("%s/%s/%s/%s", s.tenant, ownerFolder, slug(owner), pageName)], err = render("owner", ownerPage{h, owner, s.ofOwner(owner)}); err != nil {
			return err
		}
	}
	return nil
}

// front is the page of one archive. base leads to the tenant's folder.
func (s *site) front(base, up string) ([]byte, error) {
	p := frontPage{head: s.head("", base, up), Accounts: s.order}
	for _, y := range s.years() {
		p.Years = append(p.Years, count{Name: strconv.Itoa(y), Link: yearFolder + "/" + strconv.Itoa(y) + "/" + pageName, Snapshots: countOf(s.ofYear(y))})
	}
	for _, o := range s.owners() {
		c := count{Name: ownerName(o), Link: ownerFolder + "/" + slug(o) + "/" + pageName}
		for _, a := range s.ofOwner(o) {
			c.Accounts++
			c.Snapshots += a.Count
		}
		p.Owners = append(p.Owners, c)
	}
	return render("front", p)
}

func ownerName(s string) string {
	if s == "" {
		return "Arkivbildare saknas"
	}
	return s
}

func countOf(halves []half) (n int) {
	for _, h := range halves {
		n += len(h.Snapshots)
	}
	return n
}

// half is one half-year's snapshots.
type half struct {
	Half      catalog.Half
	Snapshots []catalog.Snapshot
}

func (s *site) ofYear(year int) []half {
	return byHalf(s.snapshots, func(x *catalog.Snapshot) bool { return x.Half().Year() == year })
}

func (a *account) byHalf() []half {
	return byHalf(a.Snapshots, func(*catalog.Snapshot) bool { return true })
}

func byHalf(list []catalog.Snapshot, of func(*catalog.Snapshot) bool) []half {
	var out []half
	for i := range list {
		if !of(&list[i]) {
			continue
		}
		h := list[i].Half()
		if len(out) == 0 || out[len(out)-1].Half != h {
			out = append(out, half{Half: h})
		}
		out[len(out)-1].Snapshots = append(out[len(out)-1].Snapshots, list[i])
	}
	return out
}

// owned is an account on an owner's page.
type owned struct {
	*account
	Count int // snapshots of this owner: an account may have changed hands
	Last  catalog.Snapshot
}

func (s *site) ofOwner(owner string) []owned {
	var out []owned
	for _, a := range s.order {
		o := owned{account: a}
		for _, x := range a.Snapshots {
			if x.Creator == owner {
				if o.Count == 0 {
					o.Last = x
				}
				o.Count++
			}
		}
		if o.Count > 0 {
			out = append(out, o)
		}
	}
	return out
}

// ListSchema names the layout of a line of manifests.ndjson.
const ListSchema = "arsring-list-1"

// listed is one line of manifests.ndjson: what a program needs to find a snapshot and to check its record. Paths lead from the list's folder.
// People are not named in it; the package's own manifest names them.
type listed struct {
	Schema       string          `json:"schema"`
	ID           string          `json:"id"`
	Tenant       string          `json:"tenant"`
	Account      string          `json:"account"`
	Title        string          `json:"title"`
	Platform     string          `json:"platform"`
	URL          string          `json:"url"`
	Creator      string          `json:"archive_creator"`
	Unit         string          `json:"unit"`
	Organisation string          `json:"organisation"`
	Class        register.Class  `json:"access_class"`
	Taken        time.Time       `json:"taken"`
	Packed       time.Time       `json:"packed"`
	Trigger      capture.Trigger `json:"trigger"`
	Outcome      capture.Outcome `json:"outcome"`
	Late         bool            `json:"late"`
	Missing      []string        `json:"missing"`
	WantedFrom   *time.Time      `json:"wanted_from"`
	Oldest       *time.Time      `json:"oldest"`
	Newest       *time.Time      `json:"newest"`
	Stop         string          `json:"stop"`
	Posts        int             `json:"posts"`
	Comments     int             `json:"comments"`
	Pages        int             `json:"pages"`
	PDFA         string          `json:"pdfa"`
	UA           bool            `json:"ua"`
	Bytes        int64           `json:"bytes"`
	METS         string          `json:"mets"`
	Manifest     string          `json:"manifest"`
	Content      string          `json:"content"`
	Record       string          `json:"record"`
	RecordSHA256 string          `json:"record_sha256"`
	Receipt      string          `json:"receipt"` // empty: none stands beside the package
	Token        string          `json:"token"`   // empty: none
}

func (a *account) lines() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for i := len(a.Snapshots) - 1; i >= 0; i-- { // oldest first: new lines come last
		x := a.Snapshots[i]
		l := listed{Schema: ListSchema, ID: x.ID, Tenant: x.Tenant, Account: x.Account, Title: x.Title, Platform: x.Platform, URL: x.URL, Creator: x.Creator, Unit: x.Unit,
			Organisation: x.Organisation, Class: x.Class, Taken: x.Taken, Packed: x.Packed, Trigger: x.Trigger, Outcome: x.Outcome, Late: x.Late, Missing: x.Missing,
			WantedFrom: x.WantedFrom, Oldest: x.Oldest, Newest: x.Newest, Stop: x.Stop, Posts: x.Posts, Comments: x.Comments, Pages: x.Pages, PDFA: x.PDFA, UA: x.UA,
			Bytes: x.Bytes, METS: x.ID + "/METS.xml", Manifest: x.ID + "/metadata/descriptive/manifest.json", Content: x.ID + "/" + x.Content, RecordSHA256: x.RecordSHA256}
		if x.Record != "" {
			l.Record = x.ID + "/" + x.Record
		}
		if x.Receipt {
			l.Receipt = x.ID + ".receipt.json"
		}
		if x.Token {
			l.Token = x.ID + ".tsr"
		}
		if err := enc.Encode(l); err != nil {
			return nil, fmt.Errorf("the list of %s: %w", a.ID, err)
		}
	}
	return b.Bytes(), nil
}

// escape writes a path of a package as a relative address.
func escape(p string) string {
	parts := strings.Split(p, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}
