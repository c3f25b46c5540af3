package sip

import (
	"net/url"
	"reflect"
	"sort"
	"strings"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// AccessClass is the access class of a snapshot: the account's, but evidence is never open before somebody has
// looked at it, and neither is the snapshot of an account whose class is unknown.
func AccessClass(trigger capture.Trigger, account register.Class) register.Class {
	if account == "" || trigger == capture.TriggerEvidence && account == register.ClassOpen {
		return register.ClassReview
	}
	return account
}

// newManifest describes the snapshot; the files are added when they have been written.
func newManifest(in *Input) Manifest {
	c, job := in.Capture, in.Capture.Job
	m := Manifest{
		Schema: ManifestSchema, ID: job.SnapshotID, Tenant: firstOf(job.Account.Tenant, "default"),
		Account: entry(job.Account), URL: openedURL(c),
		Trigger: job.Trigger, Reason: orNull(cleanText(job.Reason)), OrderedBy: orNull(cleanLine(job.By, 500)),
		Slot: orNull(cleanLine(job.Slot, 100)), Late: job.Late, Lang: firstOf(cleanLine(job.Lang, 35), "sv"),
		AccessClass: accessClass(in), Disposal: newDisposal(job.Account.Disposal), Previous: orNull(in.Previous),
		Outcome: c.Outcome, Code: orNull(cleanLine(c.Code, 200)), Sentence: redactSentence(c.Sentence),
		Period: newPeriod(&c.Period), Counts: c.Counts, Missing: missing(c.Missing), Interventions: interventions(c.Interventions),
		Facts: newFacts(&c.Facts), LoginProfile: orNull(cleanLine(job.Account.LoginProfile, 200)),
		Started: timeOr(c.Started, job.Created, in.Now), Ended: timeOr(c.Ended, c.Started, job.Created, in.Now), Packed: in.Now, Versions: versions(in),
		Organisation: Organisation{Name: orNull(cleanLine(in.Organisation, 500)), ID: orNull(cleanLine(in.OrganisationID, 100))},
		Files:        []File{}, Tiles: newTiles(in), Views: c.Views, Viewport: c.Viewport,
		Evidence: newEvidence(job.Evidence, c.Posts), Media: sumMedia(c.Posts), Checks: checks(c.Checks),
	}
	if !job.Created.IsZero() {
		m.Ordered = &job.Created
	}
	if in.RecordLevel == "" && in.Record != "" {
		m.notPDFA()
	}
	return m
}

// notPDFA says honestly that the record is a PDF but no PDF/A: the snapshot is then partial, whatever was captured.
func (m *Manifest) notPDFA() {
	const code = "not-pdfa"
	if m.Outcome == capture.Complete {
		m.Outcome = capture.Partial
		m.Code = orNull(code)
		m.Sentence = capture.Text{
			SV: "Innehållet är bevarat, men arkivexemplaret kunde inte göras till PDF/A.",
			EN: "The content is kept, but the record could not be made into PDF/A.",
		}
	}
	for _, one := range m.Missing {
		if one.Code == code {
			return
		}
	}
	m.Missing = append(m.Missing, capture.Missing{Code: code, Text: capture.Text{
		SV: "Arkivexemplaret är en vanlig PDF, inte PDF/A.",
		EN: "The record is a plain PDF, not PDF/A.",
	}})
}

func accessClass(in *Input) register.Class {
	c := in.Class
	if c == "" {
		c = AccessClass(in.Capture.Job.Trigger, in.Capture.Job.Account.Class)
	}
	return register.Class(cleanLine(string(c), 200))
}

// entry is the register entry as it was, without secrets in its addresses. The caller's own stays as it is.
func entry(a register.Account) register.Account {
	a.Tenant = firstOf(a.Tenant, "default")
	a.URL = RedactURL(a.URL)
	a.PrivacyNotice = RedactURL(a.PrivacyNotice)
	a.Administrators = full(a.Administrators)
	a.File, a.Line = "", 0
	cleanFields(reflect.ValueOf(&a).Elem())
	return a
}

// cleanFields makes every text of a register entry fit for the package: text with its line breaks, nothing that
// breaks a reader. What lies behind pointers and slices is replaced by copies.
func cleanFields(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(cleanText(v.String()))
	case reflect.Struct:
		for i := range v.NumField() {
			cleanFields(v.Field(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			to := reflect.New(v.Type().Elem())
			to.Elem().Set(v.Elem())
			cleanFields(to.Elem())
			v.Set(to)
		}
	case reflect.Slice:
		to := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(to, v)
		for i := range to.Len() {
			cleanFields(to.Index(i))
		}
		if !v.IsNil() {
			v.Set(to)
		}
	}
}

func newDisposal(d register.Disposal) *Disposal {
	if d == (register.Disposal{}) {
		return nil
	}
	return &Disposal{
		Action: cleanLine(d.Action, 100), After: orNull(cleanLine(d.After, 100)),
		Decision: orNull(cleanLine(d.Decision, 1000)), Plan: orNull(cleanLine(d.Plan, 1000)),
	}
}

func redactSentence(t capture.Text) capture.Text {
	return capture.Text{SV: RedactText(cleanLine(t.SV, 4000)), EN: RedactText(cleanLine(t.EN, 4000))}
}

// checks are the comparisons with what the service itself tells, without secrets in their addresses.
func checks(in []capture.Check) []capture.Check {
	var out []capture.Check
	for _, k := range in {
		absent := make([]string, 0, len(k.Absent))
		for _, a := range k.Absent {
			absent = append(absent, address(a))
		}
		k.Address, k.Absent, k.Note = address(k.Address), absent, RedactText(cleanLine(k.Note, 1000))
		out = append(out, k)
	}
	return out
}

func missing(in []capture.Missing) []capture.Missing {
	out := make([]capture.Missing, 0, len(in))
	for _, m := range in {
		out = append(out, capture.Missing{Code: cleanLine(m.Code, 200), Text: redactSentence(m.Text)})
	}
	return out
}

func interventions(in []capture.Intervention) []capture.Intervention {
	out := make([]capture.Intervention, 0, len(in))
	for _, i := range in {
		i.Act, i.What = cleanLine(i.Act, 200), RedactText(cleanLine(i.What, 4000))
		out = append(out, i)
	}
	return out
}

func newFacts(f *capture.Facts) Facts {
	out := Facts{
		RequestedURL: address(f.RequestedURL), FinalURL: address(f.FinalURL), Status: zeroNull(f.Status),
		Redirects: make([]capture.Redirect, 0, len(f.Redirects)), IP: orNull(cleanLine(f.IP, 100)), TLS: newTLS(f.TLS),
		Headers: redactHeaders(f.Headers), MIME: orNull(cleanLine(f.MIME, 200)), Title: orNull(cleanLine(f.Title, 2000)),
		Lang: orNull(cleanLine(f.Lang, 100)), Dir: orNull(cleanLine(f.Dir, 10)), Description: orNull(cleanLine(f.Description, 4000)),
	}
	for _, r := range f.Redirects {
		out.Redirects = append(out.Redirects, capture.Redirect{URL: address(r.URL), Status: r.Status, To: address(r.To)})
	}
	return out
}

func newTLS(t *capture.TLSFacts) *TLS {
	if t == nil {
		return nil
	}
	out := &TLS{
		Version: cleanLine(t.Version, 100), Cipher: cleanLine(t.Cipher, 100), Subject: cleanLine(t.Subject, 1000), Issuer: cleanLine(t.Issuer, 1000),
		Names: make([]string, 0, len(t.Names)), NotBefore: t.NotBefore, NotAfter: t.NotAfter, SHA256: orNull(cleanLine(t.SHA256, 100)),
	}
	for _, name := range t.Names {
		out.Names = append(out.Names, cleanLine(name, 300))
	}
	return out
}

// versions are the tools of the capture and the program that packs, each once.
func versions(in *Input) []capture.Version {
	out := make([]capture.Version, 0, len(in.Capture.Versions)+1)
	seen := map[capture.Version]bool{}
	for _, v := range append([]capture.Version{{Name: in.Tool, Version: in.ToolVersion}}, in.Capture.Versions...) {
		v = cleanVersion(v)
		if v.Name != "" && !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

func cleanVersion(v capture.Version) capture.Version {
	return capture.Version{Name: cleanLine(v.Name, 200), Version: cleanLine(v.Version, 200)}
}

func newEvidence(e *capture.Evidence, posts []capture.Post) *Evidence {
	if e == nil {
		return nil
	}
	out := &Evidence{
		URL: address(e.URL), Reason: cleanText(e.Reason), Ground: orNull(cleanText(e.Ground)),
		Diary: orNull(cleanLine(e.Diary, 200)), By: orNull(cleanLine(e.By, 500)), Ad: e.Ad,
	}
	if p := capture.FindPost(posts, e.Post); p != nil {
		out.Post, out.Published = orNull(cleanLine(p.ID, 1000)), p.Published
		out.Sender = &Sender{Name: orNull(cleanText(p.Author)), ID: orNull(cleanText(p.AuthorID)), URL: orNull(address(p.AuthorURL))}
	}
	return out
}

func newTiles(in *Input) []Tile {
	out := make([]Tile, 0, len(in.Capture.Tiles))
	for _, t := range in.Capture.Tiles {
		n := Tile{N: t.N, Kind: t.Kind, View: t.View, Page: t.Page, Rect: t.Rect, At: t.At, SHA256: strings.ToLower(t.SHA256)}
		n.RecordPage = zeroNull(in.TilePages[t.N])
		out = append(out, n)
	}
	return out
}

// sumMedia counts the media of posts and comments and lists the authority's own video and sound.
func sumMedia(posts []capture.Post) MediaSummary {
	sum := MediaSummary{LegalDeposit: []DepositMedia{}}
	seen := map[string]bool{}
	var walk func([]capture.Post)
	walk = func(posts []capture.Post) {
		for i := range posts {
			sum.add(&posts[i], seen)
			walk(posts[i].Comments)
		}
	}
	walk(posts)
	return sum
}

func (s *MediaSummary) add(p *capture.Post, seen map[string]bool) {
	for _, m := range p.Media {
		switch m.Kind {
		case "video":
			s.Videos++
		case "audio":
			s.Audio++
		default:
			s.Images++
		}
		if m.Path != "" && !seen[m.Path] {
			seen[m.Path] = true
			s.Kept++
			s.KeptBytes += m.Bytes
		}
		if (m.Kind == "video" || m.Kind == "audio") && p.Origin == capture.OriginOwn {
			n := newMedia([]capture.Media{m})[0]
			s.LegalDeposit = append(s.LegalDeposit, DepositMedia{
				Kind: n.Kind, URL: n.URL, Post: cleanLine(p.ID, 1000), Permalink: orNull(address(p.Permalink)),
				Published: p.Published, Alt: n.Alt,
			})
		}
	}
}

// describe adds the files that were written, in the order of their paths. Files with their own place in METS only
// (PREMIS) have no role and are left out.
func (m *Manifest) describe(files []staged, pages int, ua bool) {
	for _, f := range files {
		if f.role == "" {
			continue
		}
		m.Files = append(m.Files, File{
			Path: f.path, SHA256: f.sha256, Bytes: f.size, MIME: f.mime, Role: f.role, OriginalName: orNull(f.original),
		})
		switch f.role {
		case RoleContent:
			m.Content = f.path
		case RoleRecord:
			m.Record = &RecordFile{Path: f.path, SHA256: f.sha256, Bytes: f.size, Pages: pages, PDFA: orNull(f.level), UA: ua}
		}
	}
	sort.Slice(m.Files, func(i, j int) bool { return m.Files[i].Path < m.Files[j].Path })
}

// host is the host of an address for people; the address itself when it has none.
func host(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Hostname()
	}
	return address
}
