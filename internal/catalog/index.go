package catalog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"arsring/internal/capture"
	"arsring/internal/sip"
)

// entry is one snapshot as it goes into the tables.
type entry struct {
	key  int64 // of the second in which it was taken, without the slot
	slot int64 // where in the second to begin to look for a free place
	snap Snapshot
	tags string
	data []byte
	docs []document // in the order in which hits are given
	size int        // bytes of text, roughly
}

// document is one row of the index.
type document struct {
	kind      Kind
	origin    capture.Origin
	published *time.Time
	sheet     int
	id        string
	parent    string
	permalink string
	author    string
	body      string
}

const (
	docBits   = 20
	slotBits  = 10
	maxDocs   = 1<<docBits - 1
	maxBody   = 1 << 20 // bytes of one document; what is longer is cut
	maxFields = 2000    // bytes of an id, an author, an address
)

// epoch is where keys begin to count seconds: thirty-three bits reach into the year 2272.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func keyOf(t time.Time) int64 {
	return min(max(int64(t.Sub(epoch)/time.Second), 0), 1<<33-1) << slotBits
}

// newEntry makes the rows of a package. where are the tenant and account under which it stands in the archive; a package whose manifest says
// something else is an error, since its access class would be looked up in the wrong place.
func newEntry(tenant, account string, at Sight, m *sip.Manifest, c *sip.Content) (*entry, error) {
	_, taken, _, err := sip.ParseID(at.ID)
	switch {
	case err != nil:
		return nil, err
	case m.ID != at.ID || c.Snapshot != at.ID:
		return nil, fmt.Errorf("it says that it is %q and %q", m.ID, c.Snapshot)
	case m.Account.ID != account || m.Tenant != tenant:
		return nil, fmt.Errorf("it stands under %s/%s but says that it belongs to %q/%q", tenant, account, m.Tenant, m.Account.ID)
	}
	e := &entry{key: keyOf(taken), slot: slotOf(at.ID), snap: newSnapshot(taken, m)}
	e.tags = snapshotTags(&e.snap)
	if e.data, err = json.Marshal(&e.snap); err != nil {
		return nil, err
	}
	e.snap.Receipt, e.snap.Token = at.Receipt, at.Token
	e.describe(m)
	e.addContent(m, c)
	for i := range e.docs {
		e.size += len(e.docs[i].body) + 200
	}
	e.size += len(e.data)
	return e, nil
}

// slotOf spreads the snapshots of one second by the letters that their IDs end in, so that they mostly get the same places every time.
func slotOf(id string) int64 {
	h := int64(0)
	for _, b := range []byte(id[max(0, len(id)-4):]) {
		h = h*33 + int64(b)
	}
	return h & (1<<slotBits - 1)
}

func newSnapshot(taken time.Time, m *sip.Manifest) Snapshot {
	s := Snapshot{
		ID: m.ID, Tenant: m.Tenant, Account: m.Account.ID, Title: line(m.Account.Title), Platform: line(m.Account.Platform), URL: line(m.URL),
		Creator: line(m.Account.ArchiveCreator), Unit: line(m.Account.Unit), Organisation: line(text(m.Organisation.Name)),
		Taken: taken, Packed: m.Packed, Trigger: m.Trigger, Outcome: m.Outcome, Class: m.AccessClass, Late: m.Late,
		Reason: line(text(m.Reason)), OrderedBy: line(text(m.OrderedBy)), Previous: text(m.Previous),
		Sentence:   capture.Text{SV: line(m.Sentence.SV), EN: line(m.Sentence.EN)},
		WantedFrom: m.Period.WantedFrom, Oldest: m.Period.Oldest, Newest: m.Period.Newest,
		Posts: m.Counts.Posts, Comments: m.Counts.Comments, Missing: []string{}, Content: m.Content,
		Images: m.Media.Images, Videos: m.Media.Videos,
	}
	if s.Title == "" {
		s.Title = s.Account
	}
	if m.Slot != nil {
		s.Slot = line(*m.Slot)
	}
	if m.Period.Stop != nil {
		s.Stop = string(*m.Period.Stop)
	}
	for _, x := range m.Missing {
		if !slices.Contains(s.Missing, x.Code) && len(s.Missing) < 100 {
			s.Missing = append(s.Missing, line(x.Code))
		}
	}
	if r := m.Record; r != nil {
		s.Record, s.RecordSHA256, s.Pages, s.PDFA, s.UA = r.Path, r.SHA256, r.Pages, text(r.PDFA), r.UA
	}
	for _, f := range m.Files {
		s.Bytes += f.Bytes
	}
	if d := m.Disposal; d != nil {
		s.Disposal, s.DisposeAfter = line(d.Action), line(text(d.After))
	}
	if e := m.Evidence; e != nil {
		s.Diary, s.EvidenceURL = line(text(e.Diary)), line(e.URL)
	}
	return s
}

// describe adds the document that stands for the snapshot itself. Role holders are not in it.
func (e *entry) describe(m *sip.Manifest) {
	s := &e.snap
	parts := []string{s.Title, s.Unit, s.Creator, s.URL, s.ID, s.Reason, text(m.Facts.Title), text(m.Facts.Description), m.Account.Purpose, m.Account.Sender}
	if ev := m.Evidence; ev != nil {
		parts = append(parts, ev.Reason, text(ev.Ground), text(ev.Diary), ev.URL)
	}
	e.docs = append(e.docs, document{kind: KindSnapshot, id: s.ID, permalink: s.URL, body: body(parts...)})
}

func (e *entry) addContent(m *sip.Manifest, c *sip.Content) {
	sheets := make(map[int]int, len(m.Tiles))
	for _, t := range m.Tiles {
		if t.RecordPage != nil {
			sheets[t.N] = *t.RecordPage
		}
	}
	e.addPosts(c.Posts, "", sheets)
	for i := range c.Pages {
		p := &c.Pages[i]
		e.add(document{kind: KindPage, id: line(p.URL), permalink: line(p.URL), body: body(text(p.Title), p.Text)})
	}
}

func (e *entry) addPosts(posts []sip.Post, parent string, sheets map[int]int) {
	for i := range posts {
		p := &posts[i]
		d := document{
			kind: KindPost, origin: p.Origin, published: p.Published, id: line(p.ID), parent: parent,
			permalink: line(text(p.Permalink)), author: line(text(p.Author)),
		}
		if parent != "" {
			d.kind = KindComment
		}
		if len(p.Tiles) > 0 {
			d.sheet = sheets[p.Tiles[0]]
		}
		parts := []string{text(p.Warning), p.Text}
		for _, md := range p.Media {
			parts = append(parts, text(md.Alt))
		}
		d.body = body(parts...)
		e.add(d)
		e.addPosts(p.Comments, d.id, sheets)
	}
}

func (e *entry) add(d document) {
	if len(e.docs) < maxDocs {
		e.docs = append(e.docs, d)
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// line is a short text for a column: NFC, valid, without NUL, bounded.
func line(s string) string { return cut(clean(s), maxFields) }

// body joins the parts of a document that are not empty.
func body(parts ...string) string {
	kept := parts[:0:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return cut(clean(strings.Join(kept, "\n")), maxBody)
}

// clean makes text searchable: NFC, valid UTF-8, without NUL, and without characters that stand inside words unseen (soft hyphen, word
// joiner, byte order mark).
func clean(s string) string {
	if isPlain(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case 0, '\u00ad', '\u2060', '\ufeff':
			return -1
		}
		return r // what is no UTF-8 comes as U+FFFD
	}, s)
	return norm.NFC.String(s)
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] == 0 {
			return false
		}
	}
	return true
}

// cut shortens a text to so many bytes, not inside a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}
