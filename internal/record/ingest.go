package record

import (
	"arsring/internal/capture"
)

// ingestWords are the cover's words for what was handed in, in one language.
type ingestWords struct{ By, When, Note, Originals, Picture, Alt, File, Sheets, Content, Sums string }

var ingestTexts = map[string]ingestWords{
	"sv": {By: "Inlämnad av", When: "Inlämnad", Note: "Anteckning", Picture: "Inlämnad bild", Alt: "Inlämnad bild, blad %d.", File: "Fil:", Sheets: "Det som lämnades in", Content: "Filerna", Sums: "Kontrollsummor för bilderna på bladen",
		Originals: "Materialet är framställt och inlämnat av en person, inte fångat av Årsring. Filerna ligger oförändrade i leveranspaketets mapp representations/original."},
	"en": {By: "Handed in by", When: "Handed in", Note: "Note", Picture: "Picture handed in", Alt: "Picture handed in, sheet %d.", File: "File:", Sheets: "What was handed in", Content: "The files", Sums: "Checksums of the pictures on the sheets",
		Originals: "The material was made and handed in by a person, not captured by Årsring. The files lie unchanged in the package's folder representations/original."},
}

// labelsFor gives the record's words: those for what was handed in speak of files where others speak of a page.
func labelsFor(c *capture.Capture, lang string) *labels {
	t := texts[lang]
	if c.Job.Trigger != capture.TriggerIngest {
		return t
	}
	l, w := *t, ingestTexts[lang]
	l.PageTile, l.AltSheet, l.AltShows, l.SheetsHead, l.ContentHead, l.By, l.Reason = w.Picture, w.Alt, w.File, w.Sheets, w.Content, w.By, w.Note
	l.Tile, l.When, l.TilesHead = w.Picture, w.When, w.Sums
	return &l
}

// ingestCover is the cover of what a person handed in: there was no page, so nothing is said of one.
func ingestCover(in Input, t *labels, lang string) []section {
	c, a := in.Capture, in.Capture.Job.Account
	w := ingestTexts[lang]
	rows := rowList{}
	rows.add(t.Snapshot, c.Job.SnapshotID)
	rows.add(t.Account, a.ID)
	rows.add(t.Title, a.Title)
	rows.add(t.Platform, a.Platform)
	rows.add(t.Owner, a.ArchiveCreator)
	rows.add(t.Unit, a.Unit)
	if a.URL != "" {
		rows = append(rows, row{t.Address, clean(c.Facts.RequestedURL), linkable(c.Facts.RequestedURL)})
	}
	rows.add(t.Trigger, word(t.Triggers, string(c.Job.Trigger)))
	rows.add(t.By, c.Job.By)
	rows.add(w.When, clockZone(c.Job.Created)+", "+t.Zone)
	rows.add(t.Reason, c.Job.Reason)
	rows.add(t.Class, string(a.Class))
	rows.add(t.Disposal, disposal(a.Disposal))
	outcome := rowList{}
	outcome.add(t.Outcome, word(t.Outcomes, string(c.Outcome))+": "+c.Sentence.In(lang))
	return []section{
		{Rows: rows},
		{Head: t.Outcome, Rows: outcome},
		{Head: t.Missing, List: missing(c, t, lang)},
		{Head: t.Checks, Rows: checkRows(in, t), List: []string{w.Originals}},
	}
}
