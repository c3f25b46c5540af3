package sip

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
	"text/template"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

//go:embed lasmig.sv.txt
var lasmigText string

var lasmigTemplate = template.Must(template.New("LASMIG.txt").Parse(lasmigText))

// lasmig is what LASMIG.txt says about one package. Every text is a single line already.
type lasmig struct {
	ID, Title, Platform, URL, Creator, Unit, Trigger string
	Started, Ended, Period, Outcome, Sentence        string
	Class, Disposal, Record, Level, Report, Diary    string
	ContentType                                      string
	Posts, Comments, Media, Tiles, Originals         int
	Shots                                            int  // screenshots that only the record holds
	Ingest                                           bool // made by a person, not by a capture
	Missing                                          []string
}

// unsaid stands where the register says nothing.
const unsaid = "ej angivet"

func newLasmig(m *Manifest, s *stage) lasmig {
	l := lasmig{
		ID: m.ID, Title: title(m), Platform: firstOf(cleanLine(m.Account.Platform, 100), unsaid),
		URL: m.URL, Creator: firstOf(cleanLine(m.Account.ArchiveCreator, 500), unsaid), Unit: firstOf(cleanLine(m.Account.Unit, 500), unsaid),
		Trigger: triggerSV(m.Trigger), Started: clock(m.Started), Ended: clock(m.Ended), Period: periodSV(&m.Period),
		Outcome: outcomeSV(m.Outcome), Sentence: m.Sentence.SV, Class: cleanLine(string(m.AccessClass), 200), Disposal: unsaid,
		ContentType: ContentType, Posts: m.Counts.Posts, Comments: m.Counts.Comments,
		Media: len(s.with(RoleMedia)), Tiles: len(s.with(RoleTile)), Originals: len(s.with(RoleOriginal)),
	}
	if m.Evidence != nil && m.Evidence.Diary != nil {
		l.Diary = *m.Evidence.Diary
	}
	if l.Ingest = m.Trigger == capture.TriggerIngest; l.Tiles == 0 {
		l.Shots = len(m.Tiles)
	}
	if m.Disposal != nil {
		l.Disposal = disposalSV(m.Disposal)
	}
	for _, f := range s.with(RoleRecord) {
		l.Record = f.path
		if f.level != "" {
			l.Level = "PDF/A-" + f.level
		}
	}
	for _, f := range s.with(RoleReport) {
		l.Report = f.path
	}
	for _, one := range m.Missing {
		l.Missing = append(l.Missing, one.Text.SV)
	}
	return l
}

func writeLasmig(w io.Writer, l lasmig) error {
	if err := lasmigTemplate.Execute(w, l); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// clock is a time for people in Sweden.
func clock(t time.Time) string {
	t = t.In(register.Location())
	zone := "vintertid"
	if t.IsDST() {
		zone = "sommartid"
	}
	return fmt.Sprintf("%s kl. %s (svensk %s)", t.Format("2006-01-02"), t.Format("15.04.05"), zone)
}

func periodSV(p *Period) string {
	from := "från kontots början"
	if p.WantedFrom != nil {
		from = "från " + day(p.WantedFrom)
	}
	var parts []string
	parts = append(parts, "önskad "+from)
	if p.Oldest != nil {
		parts = append(parts, "äldsta inlägg "+day(p.Oldest))
	}
	if p.Newest != nil {
		parts = append(parts, "nyaste "+day(p.Newest))
	}
	return strings.Join(parts, ", ")
}
