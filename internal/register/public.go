package register

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"time"

	_ "embed"
)

// Public is what anyone may know of an account: no persons, no addresses of theirs, nothing about logins, access or limits.
type Public struct {
	ID             string `json:"id"`
	Title          string `json:"title"`
	Platform       string `json:"platform"`
	URL            string `json:"url"`
	ArchiveCreator string `json:"archive_creator"`
	Unit           string `json:"unit"`
	Section        string `json:"section,omitempty"`
	Purpose        string `json:"purpose,omitempty"`
	Sender         string `json:"sender,omitempty"`
	Since          string `json:"since,omitempty"`
	Closes         string `json:"closes,omitempty"` // the announced day of removal
	PrivacyNotice  string `json:"privacy_notice,omitempty"`
}

// PublicSchema names the layout of PublicList as JSON.
const PublicSchema = "arsring-public-register-1"

// PublicList is the register as the public reads it.
type PublicList struct {
	Schema   string   `json:"schema"`
	Name     string   `json:"name"`
	Updated  string   `json:"updated"` // date
	Accounts []Public `json:"accounts"`
}

// Public gives a tenant's accounts that exist on the local date of now, without those of the class sekretess.
func (r *Register) Public(tenant string, now time.Time) PublicList {
	today := now.In(Location()).Format(time.DateOnly)
	list := PublicList{Schema: PublicSchema, Name: r.Tenant(tenant).Name, Updated: today, Accounts: []Public{}}
	for _, a := range r.Accounts {
		if a.Tenant != tenant || a.Class == ClassSecret || a.Until != "" && a.Until <= today || a.Since > today {
			continue
		}
		p := Public{ID: a.ID, Title: a.Title, Platform: a.Platform, URL: a.URL, ArchiveCreator: a.ArchiveCreator, Unit: a.Unit, Section: a.Section,
			Purpose: a.Purpose, Sender: a.Sender, Since: a.Since, PrivacyNotice: a.PrivacyNotice}
		if a.Notice != nil {
			p.Closes = a.Notice.Remove
		}
		list.Accounts = append(list.Accounts, p)
	}
	return list
}

// WriteJSON writes the list for programs.
func (l PublicList) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(l); err != nil {
		return fmt.Errorf("writing the public register: %w", err)
	}
	return nil
}

// WriteCSV writes the list for spreadsheets, guarded against formulas.
func (l PublicList) WriteCSV(w io.Writer) error {
	rows := [][]string{{"Namn", "Plattform", "Adress", "Arkivbildare", "Ansvarig verksamhet", "Bolag eller sektor", "Syfte", "Avsändare", "Startdatum", "Tas bort", "Information om personuppgifter"}}
	for _, a := range l.Accounts {
		rows = append(rows, []string{a.Title, a.Platform, a.URL, a.ArchiveCreator, a.Unit, a.Section, a.Purpose, a.Sender, a.Since, a.Closes, a.PrivacyNotice})
	}
	return writeCSV(w, rows)
}

//go:embed public.html
var publicHTML string

var publicPage = template.Must(template.New("page").Parse(publicHTML))

type publicView struct {
	PublicList
	Lang string
	T    map[string]string
}

var publicWords = map[string]map[string]string{
	"sv": {"title": "Konton i sociala medier och externa webbplatser", "name": "Namn", "platform": "Plattform", "unit": "Ansvarig verksamhet", "creator": "Arkivbildare",
		"purpose": "Syfte", "sender": "Avsändare", "since": "Sedan", "closes": "Tas bort", "updated": "Uppdaterad", "none": "Registret har inga konton.", "privacy": "Om personuppgifter"},
	"en": {"title": "Social media accounts and external sites", "name": "Name", "platform": "Platform", "unit": "Responsible unit", "creator": "Creator of the archive",
		"purpose": "Purpose", "sender": "Sender", "since": "Since", "closes": "Is removed on", "updated": "Updated", "none": "The register has no accounts.", "privacy": "About personal data"},
}

// WriteHTML writes the list as a page of its own, in "sv" or "en"; it needs no script and no other file.
func (l PublicList) WriteHTML(w io.Writer, lang string) error { return l.html(w, lang, "page") }

// WriteFragment writes only the table, for another page to embed.
func (l PublicList) WriteFragment(w io.Writer, lang string) error { return l.html(w, lang, "list") }

func (l PublicList) html(w io.Writer, lang, name string) error {
	if publicWords[lang] == nil {
		lang = "sv"
	}
	if err := publicPage.ExecuteTemplate(w, name, publicView{l, lang, publicWords[lang]}); err != nil {
		return fmt.Errorf("writing the public register: %w", err)
	}
	return nil
}
