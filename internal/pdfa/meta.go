package pdfa

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// langPattern is what a language identifier may look like (ISO 19005-2, 6.7.4).
var langPattern = regexp.MustCompile(`^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$`)

// collectMetadata makes the one source of Info and XMP: the options first, then the file's own Info, then its XMP.
func (d *document) collectMetadata(o Options) metadata {
	m := metadata{title: o.Title, author: o.Author, subject: o.Subject, creator: o.Creator, lang: o.Lang, modified: o.Now}
	var info types.Dict
	if d.ctx.Info != nil {
		info = d.dict(*d.ctx.Info)
	}
	old := d.readXMP()
	for _, f := range []struct {
		to       *string
		key, xmp string
	}{
		{&m.title, "Title", "dc:title"}, {&m.author, "Author", "dc:creator"}, {&m.subject, "Subject", "dc:description"},
		{&m.keywords, "Keywords", "pdf:Keywords"}, {&m.creator, "Creator", "xmp:CreatorTool"}, {&m.producer, "Producer", "pdf:Producer"},
	} {
		if *f.to == "" {
			*f.to, _ = d.text(info[f.key])
		}
		if *f.to == "" {
			*f.to = old.first(f.xmp)
		}
		*f.to = cleanText(*f.to)
	}
	if m.producer == "" {
		m.producer = "Årsring"
	}
	if s, ok := d.text(info["CreationDate"]); ok {
		m.created, _ = parseDate(s)
	}
	if m.created.IsZero() {
		m.created, _ = time.Parse(time.RFC3339, old.first("xmp:CreateDate"))
	}
	if m.lang == "" {
		m.lang, _ = d.text(d.catalog()["Lang"])
	}
	if !langPattern.MatchString(m.lang) {
		m.lang = ""
	}
	d.nameUntitled(&m)
	return m
}

// nameUntitled gives a file without a title a neutral one, because PDF/UA asks for one and readers show it.
func (d *document) nameUntitled(m *metadata) {
	if m.title != "" {
		return
	}
	m.title = "Untitled"
	if m.lang == "sv" || strings.HasPrefix(m.lang, "sv-") {
		m.title = "Utan titel"
	}
	d.note("neutral title given to a file without one", "ISO 14289-1, 7.1", 1, false)
}

// cleanText takes control characters out of a text for Info and XMP and cuts what no reader shows.
func cleanText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case r < ' ' || r == 0x7f || r == 0xfffe || r == 0xffff || r == 0xfeff:
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > 2000 {
		s = string(r[:2000])
	}
	return s
}

// applyMetadata writes Info from the one source, and makes room for the XMP: the number of a stream whose bytes are still to come.
func (d *document) applyMetadata(m metadata) int {
	info := types.Dict{}
	for k, v := range map[string]string{
		"Title": m.title, "Author": m.author, "Subject": m.subject, "Keywords": m.keywords, "Creator": m.creator, "Producer": m.producer,
	} {
		if v != "" {
			info[k] = textString(v)
		}
	}
	if !m.created.IsZero() {
		info["CreationDate"] = types.StringLiteral(formatDate(m.created))
	}
	info["ModDate"] = types.StringLiteral(formatDate(m.modified))
	// Both are new objects: what the file has there may be something else as well.
	ref := d.add(info)
	d.ctx.Info = &ref
	packet := d.add(types.StreamDict{Dict: types.Dict{"Type": types.Name("Metadata"), "Subtype": types.Name("XML")}})
	d.catalog()["Metadata"] = packet
	return int(packet.ObjectNumber)
}

// formatDate writes a PDF date (ISO 32000-1, 7.9.4).
func formatDate(t time.Time) string {
	s := t.Format("20060102150405")
	_, off := t.Zone()
	if off == 0 {
		return "D:" + s + "Z"
	}
	sign := '+'
	if off < 0 {
		sign, off = '-', -off
	}
	return fmt.Sprintf("D:%s%c%02d'%02d'", s, sign, off/3600, off/60%60)
}

var datePattern = regexp.MustCompile(`^(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z.*|([+-])(\d\d)'?(\d\d)?'?)?$`)

// parseDate reads a PDF date; a part that is left out is the first.
func parseDate(s string) (time.Time, error) {
	g := datePattern.FindStringSubmatch(strings.TrimSpace(s))
	if g == nil {
		return time.Time{}, fmt.Errorf("no PDF date: %q", s)
	}
	v := [6]int{0, 1, 1, 0, 0, 0}
	for i := range v {
		if g[i+1] != "" {
			_, _ = fmt.Sscanf(g[i+1], "%d", &v[i])
		}
	}
	zone := time.UTC
	if g[7] != "" {
		var h, m int
		_, _ = fmt.Sscanf(g[8], "%d", &h)
		_, _ = fmt.Sscanf(g[9], "%d", &m)
		off := h*3600 + m*60
		if g[7] == "-" {
			off = -off
		}
		zone = time.FixedZone("", off)
	}
	t := time.Date(v[0], time.Month(v[1]), v[2], v[3], v[4], v[5], 0, zone)
	if t.Month() != time.Month(v[1]) || t.Day() != v[2] || v[3] > 23 || v[4] > 59 || v[0] < 1 {
		return time.Time{}, fmt.Errorf("no PDF date: %q", s)
	}
	return t, nil
}
