package record

import (
	"arsring/internal/capture"
)

// evidenceWords are the cover's words for a documented piece, in one language.
type evidenceWords struct{ Piece, Sender, SenderID, SenderURL, Published, NotKnown, About, Shown, Ad, AdText string }

var evidenceTexts = map[string]evidenceWords{
	"sv": {Piece: "Kommentar eller inlägg", Sender: "Avsändare", SenderID: "Avsändarens id", SenderURL: "Avsändarens sida", Published: "Publicerat", NotKnown: "framgår inte av sidan", About: "ungefär", Shown: "sidan anger", Ad: "Reklam", AdText: "ja, behöver inte registreras"},
	"en": {Piece: "Comment or post", Sender: "Sender", SenderID: "Sender's id", SenderURL: "Sender's page", Published: "Published", NotKnown: "the page does not tell", About: "about", Shown: "the page says", Ad: "Advertising", AdText: "yes, needs no registration"},
}

// evidenceRows say what is documented, who made it and when, why, and under which number.
func evidenceRows(c *capture.Capture, t *labels) []row {
	e := c.Job.Evidence
	if e == nil {
		return nil
	}
	w, ok := evidenceTexts[c.Job.Lang]
	if !ok {
		w = evidenceTexts["sv"]
	}
	rows := rowList{{t.Evidence, clean(e.URL), linkable(e.URL)}}
	if p := capture.FindPost(c.Posts, e.Post); p != nil {
		rows.add(w.Sender, orElse(p.Author, w.NotKnown))
		rows.add(w.SenderID, p.AuthorID)
		if p.AuthorURL != "" {
			rows = append(rows, row{w.SenderURL, clean(p.AuthorURL), linkable(p.AuthorURL)})
		}
		rows.add(w.Published, evidenceTime(p, w))
		rows.add(w.Piece, p.Text)
	}
	rows.add(t.Ground, e.Ground)
	rows.add(t.Diary, e.Diary)
	if e.Ad {
		rows.add(w.Ad, w.AdText)
	}
	return rows
}

func evidenceTime(p *capture.Post, w evidenceWords) string {
	switch {
	case p.Published != nil && p.PublishedPrecision != "" && p.PublishedPrecision != "minute":
		return w.About + " " + clockZone(*p.Published) + " (" + w.Shown + ": " + p.PublishedText + ")"
	case p.Published != nil:
		return clockZone(*p.Published)
	}
	return orElse(p.PublishedText, w.NotKnown)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
