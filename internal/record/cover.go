package record

import (
	"fmt"
	"strings"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// section is a block of the cover sheet: a heading, rows of facts, and a table or a list below them.
type section struct {
	Head string
	Rows []row
	List []string
}

type row struct{ Key, Value, URL string }

// cover gathers what the cover sheet says.
func cover(in Input, t *labels, lang string) []section {
	c := in.Capture
	if c.Job.Trigger == capture.TriggerIngest {
		return ingestCover(in, t, lang)
	}
	return []section{
		{Rows: accountRows(in, t)},
		{Head: t.Outcome, Rows: outcomeRows(c, t, lang)},
		{Head: t.Missing, List: missing(c, t, lang)},
		{Head: t.Interventions, List: interventions(c, t)},
		{Head: t.Checks, Rows: checkRows(in, t), List: []string{t.NoDM, composed(c, t)}},
	}
}

func accountRows(in Input, t *labels) []row {
	c, a := in.Capture, in.Capture.Job.Account
	rows := rowList{}
	rows.add(t.Snapshot, c.Job.SnapshotID)
	rows.add(t.Account, a.ID)
	rows.add(t.Title, a.Title)
	rows.add(t.Platform, a.Platform)
	rows.add(t.Owner, a.ArchiveCreator)
	rows.add(t.Unit, a.Unit)
	rows = append(rows, row{t.Address, clean(c.Facts.RequestedURL), linkable(c.Facts.RequestedURL)})
	if c.Facts.FinalURL != c.Facts.RequestedURL && c.Facts.FinalURL != "" {
		rows = append(rows, row{t.Final, clean(c.Facts.FinalURL), linkable(c.Facts.FinalURL)})
	}
	rows.add(t.Trigger, word(t.Triggers, string(c.Job.Trigger)))
	if c.Job.Late {
		rows.add("", t.Late)
	}
	rows.add(t.Reason, c.Job.Reason)
	rows.add(t.By, c.Job.By)
	rows = append(rows, evidenceRows(c, t)...)
	rows.add(t.Class, string(a.Class))
	rows.add(t.Disposal, disposal(a.Disposal))
	return rows
}

func disposal(d register.Disposal) string {
	parts := []string{}
	for _, p := range []string{d.Action, d.After, d.Decision, d.Plan} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

func outcomeRows(c *capture.Capture, t *labels, lang string) []row {
	rows := rowList{}
	rows.add(t.Outcome, word(t.Outcomes, string(c.Outcome))+": "+c.Sentence.In(lang))
	rows.add(t.Taken, clockZone(c.Started)+" – "+clockZone(c.Ended)+", "+t.Zone)
	if c.Job.Evidence == nil { // one post has no period
		rows.add(t.PeriodWanted, wanted(c.Period, t))
		rows.add(t.PeriodReached, reached(c))
		rows.add(t.Stop, word(t.Stops, string(c.Period.Stop)))
	}
	if c.Period.Stop != capture.StopEndOfPage {
		rows.add(t.Kept, counts(c.Counts, t))
	}
	if c.Facts.Status > 0 {
		rows.add(t.Status, fmt.Sprint(c.Facts.Status))
	}
	for _, h := range c.Facts.Redirects {
		rows.add(t.Redirects, fmt.Sprintf("%s (%d)", h.URL, h.Status))
	}
	rows.add(t.IP, c.Facts.IP)
	if s := c.Facts.TLS; s != nil {
		rows.add(t.TLS, fmt.Sprintf("%s, %s, %s – %s, SHA-256 %s", s.Subject, s.Issuer, s.NotBefore.Format(time.DateOnly), s.NotAfter.Format(time.DateOnly), s.SHA256))
	}
	return rows
}

func wanted(p capture.Period, t *labels) string {
	if p.WantedFrom == nil {
		return t.Everything
	}
	s := stamp(*p.WantedFrom) + " –"
	if p.Overlap > 0 {
		s += " (" + fmt.Sprintf(t.Overlap, p.Overlap) + ")"
	}
	return s
}

func reached(c *capture.Capture) string {
	if c.Period.Oldest == nil || c.Period.Newest == nil {
		return ""
	}
	return stamp(*c.Period.Oldest) + " – " + stamp(*c.Period.Newest)
}

func counts(n capture.Counts, t *labels) string {
	one := func(kept int, page *int, what string) string {
		s := fmt.Sprintf("%d %s", kept, what)
		if page != nil {
			s += fmt.Sprintf(" (%s %d)", t.PageSays, *page)
		}
		return s
	}
	return one(n.Posts, n.PagePosts, t.Posts) + ", " + one(n.Comments, n.PageComments, t.Comments)
}

func missing(c *capture.Capture, t *labels, lang string) []string {
	if len(c.Missing) == 0 {
		return []string{t.Nothing}
	}
	out := make([]string, len(c.Missing))
	for i, m := range c.Missing {
		out[i] = clean(m.Text.In(lang))
	}
	return out
}

func interventions(c *capture.Capture, t *labels) []string {
	if len(c.Interventions) == 0 {
		return []string{t.None}
	}
	out := make([]string, len(c.Interventions))
	for i, iv := range c.Interventions {
		out[i] = fmt.Sprintf("%s: %s", word(t.Acts, iv.Act), clean(iv.What))
		if iv.N > 1 {
			out[i] += fmt.Sprintf(" (%d %s)", iv.N, t.Times)
		}
	}
	return out
}

func checkRows(in Input, t *labels) []row {
	rows := rowList{}
	rows.add(t.ContentSum, in.ContentSHA256)
	var v []string
	for _, x := range in.Capture.Versions {
		v = append(v, x.Name+" "+x.Version)
	}
	rows.add(t.Versions, strings.Join(append(v, in.Tool), ", "))
	return rows
}

func composed(c *capture.Capture, t *labels) string {
	from, to := c.Started, c.Ended
	if len(c.Tiles) > 0 {
		from, to = c.Tiles[0].At, c.Tiles[len(c.Tiles)-1].At
	}
	return fmt.Sprintf(t.Composed, c.Views, clockZone(from), clockZone(to))
}

// rowList leaves out what is empty.
type rowList []row

func (l *rowList) add(key, value string) {
	if value = strings.TrimSpace(clean(value)); value != "" {
		*l = append(*l, row{Key: key, Value: value})
	}
}

// linkable gives an address back when it may be a live link.
func linkable(u string) string {
	if strings.HasPrefix(u, "http://") || strings.HasPrefix(u, "https://") {
		return u
	}
	return ""
}
