package sip

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

type dcXML struct {
	XMLName     xml.Name `xml:"oai_dc:dc"`
	OAI         string   `xml:"xmlns:oai_dc,attr"`
	DC          string   `xml:"xmlns:dc,attr"`
	Title       string   `xml:"dc:title"`
	Creator     string   `xml:"dc:creator"`
	Publisher   string   `xml:"dc:publisher,omitempty"`
	Description string   `xml:"dc:description"`
	Date        string   `xml:"dc:date"`
	Type        string   `xml:"dc:type"`
	Formats     []string `xml:"dc:format"`
	Identifier  string   `xml:"dc:identifier"`
	Source      string   `xml:"dc:source"`
	Language    string   `xml:"dc:language"`
	Coverage    string   `xml:"dc:coverage,omitempty"`
	Rights      string   `xml:"dc:rights"`
}

// writeDC writes the snapshot's Dublin Core description, in Swedish.
func writeDC(w io.Writer, m *Manifest, formats []string) error {
	doc := dcXML{
		OAI: "http://www.openarchives.org/OAI/2.0/oai_dc/", DC: "http://purl.org/dc/elements/1.1/",
		Title: label(m), Creator: firstOf(cleanLine(m.Account.ArchiveCreator, 500), unknownCreator),
		Publisher: publisher(m), Description: describeSV(m), Date: day(&m.Started), Type: "Collection",
		Formats: formats, Identifier: m.ID, Source: m.URL, Language: m.Lang, Rights: string(m.AccessClass),
	}
	if m.Period.Oldest != nil && m.Period.Newest != nil {
		doc.Coverage = day(m.Period.Oldest) + "/" + day(m.Period.Newest)
	}
	return writeXML(w, doc)
}

// publisher is the unit that runs the account, else the organisation.
func publisher(m *Manifest) string {
	if unit := cleanLine(m.Account.Unit, 500); unit != "" || m.Organisation.Name == nil {
		return unit
	}
	return *m.Organisation.Name
}

// describeSV says in a few sentences what the snapshot holds.
func describeSV(m *Manifest) string {
	s := fmt.Sprintf("%s Utfall: %s. %d inlägg och %d kommentarer.", triggerSV(m.Trigger), outcomeSV(m.Outcome), m.Counts.Posts, m.Counts.Comments)
	if len(m.Missing) > 0 {
		s += fmt.Sprintf(" %d uppgifter om vad som saknas finns i manifest.json.", len(m.Missing))
	}
	return s
}

func triggerSV(t capture.Trigger) string {
	switch t {
	case capture.TriggerScheduled:
		return "Återkommande ögonblicksbild."
	case capture.TriggerManual:
		return "Ögonblicksbild på beställning."
	case capture.TriggerClosure:
		return "Ögonblicksbild inför att kontot stängs."
	case capture.TriggerEvidence:
		return "Inlägg dokumenterat innan det tas bort."
	}
	return "Ögonblicksbild som en person har lämnat in."
}

func outcomeSV(o capture.Outcome) string {
	if o == capture.Complete {
		return "fullständig"
	}
	return "ofullständig"
}

// day is a time's date in Sweden; empty for none.
func day(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.In(register.Location()).Format("2006-01-02")
}
