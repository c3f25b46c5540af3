package sip

import (
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// representation is one folder under representations/ with the files its METS.xml names.
type representation struct {
	name     string   // pdfa, pdf, content, facsimile or original
	data     []staged // under data/
	premis   staged
	report   *staged // a conformance report beside the PREMIS file
	metsFile staged  // its METS.xml, once written
}

func (r *representation) dir() string { return "representations/" + r.name }

// metsMaker knows what every METS.xml of one package says alike.
type metsMaker struct {
	manifest *Manifest
	tool     capture.Version
	at       string
}

func newMETS(in *Input, m *Manifest) *metsMaker {
	return &metsMaker{
		manifest: m, at: stamped(in.Now),
		tool: cleanVersion(capture.Version{Name: firstOf(in.Tool, "arsring"), Version: firstOf(in.ToolVersion, "okänd")}),
	}
}

// stamped writes a time for METS and PREMIS: the archive's own zone, whole seconds.
func stamped(t time.Time) string { return t.In(register.Location()).Format(time.RFC3339) }

func (k *metsMaker) document(objID string) metsXML {
	return metsXML{
		NS: nsMETS, XLink: nsXLink, CSIP: nsCSIP, SIP: nsSIP, XSI: nsXSI, Locations: metsLocations,
		ObjID: objID, Label: label(k.manifest), Type: "Websites", Content: "OTHER", Other: ContentType, Profile: profile,
		Hdr: headerXML{Created: k.at, Modified: k.at, Status: "NEW", OAIS: "SIP", Agents: k.agents()},
	}
}

// label is the package's title for people, in Swedish.
func label(m *Manifest) string {
	name := title(m)
	if p := cleanLine(m.Account.Platform, 100); p != "" && p != "web" && !strings.Contains(strings.ToLower(name), strings.ToLower(p)) {
		name += " (" + p + ")"
	}
	return cleanLine(fmt.Sprintf("%s av %s, %s", kindSV(m.Trigger), name, m.Started.In(register.Location()).Format("2006-01-02")), 250)
}

// title is the account's name for people, on one line.
func title(m *Manifest) string {
	return firstOf(cleanLine(m.Account.Title, 500), cleanLine(m.Account.Sender, 500), host(m.URL))
}

func kindSV(t capture.Trigger) string {
	switch t {
	case capture.TriggerEvidence:
		return "Dokumenterat inlägg"
	case capture.TriggerIngest:
		return "Inlämnad ögonblicksbild"
	}
	return "Ögonblicksbild"
}

// agents are the program, the archive creator and the submitting organisation. No person is named in METS. The
// organisation number belongs to the organisation: an archive creator may be a company with one of its own.
func (k *metsMaker) agents() []agentXML {
	organisation, code := "", []noteXML(nil)
	if name := k.manifest.Organisation.Name; name != nil {
		organisation = *name
	}
	if id := k.manifest.Organisation.ID; id != nil {
		code = []noteXML{{Type: "IDENTIFICATIONCODE", Text: *id}}
	}
	archivist := agentXML{Role: "ARCHIVIST", Type: "ORGANIZATION", Name: cleanLine(k.manifest.Account.ArchiveCreator, 500)}
	if archivist.Name == "" || archivist.Name == organisation {
		archivist.Name, archivist.Notes = firstOf(organisation, unknownCreator), code
	}
	submitter := organisation
	if unit := cleanLine(k.manifest.Account.Unit, 500); unit != "" && unit != organisation {
		submitter = strings.TrimPrefix(organisation+", "+unit, ", ")
	}
	return []agentXML{
		{Role: "CREATOR", Type: "OTHER", OtherType: "SOFTWARE", Name: k.tool.Name, Notes: []noteXML{{Type: "SOFTWARE VERSION", Text: k.tool.Version}}},
		archivist,
		{Role: "CREATOR", Type: "ORGANIZATION", Name: firstOf(submitter, archivist.Name), Notes: code},
	}
}

// unknownCreator stands in METS where a snapshot was taken without a register entry and without a configured organisation.
const unknownCreator = "Arkivbildare ej angiven"

// representation writes the METS.xml of one representation.
func (k *metsMaker) representation(w io.Writer, r *representation) error {
	doc := k.document(r.name)
	doc.Amd.Prov = append(doc.Amd.Prov, k.reference("prov-premis", r.dir(), "PREMIS", r.premis))
	if r.report != nil {
		doc.Amd.Prov = append(doc.Amd.Prov, k.reference("prov-report", r.dir(), "PDFA-REPORT", *r.report))
	}
	doc.FileSec = fileSecXML{ID: "filesec", Groups: []groupXML{k.group("grp-data", "Data", r.dir(), r.data)}}
	doc.Map = structMap(divXML{ID: "div-root", Label: r.name, Divs: []divXML{
		{ID: "div-metadata", Label: "Metadata", AdmID: ids(doc.Amd.Prov)},
		{ID: "div-data", Label: "Data", Files: []fptrXML{{FileID: "grp-data"}}},
	}})
	return writeXML(w, doc)
}

// root writes the package's own METS.xml, which covers every other file directly or through a representation's.
func (k *metsMaker) root(w io.Writer, s *stage, reps []*representation) error {
	doc := k.document(k.manifest.ID)
	for _, f := range s.files {
		switch f.path {
		case dcPath:
			doc.Dmd = append(doc.Dmd, k.reference("dmd-dc", "", "DC", f))
		case manifestPath:
			doc.Dmd = append(doc.Dmd, k.reference("dmd-manifest", "", "ARSRING-MANIFEST", f))
		case premisPath:
			doc.Amd.Prov = append(doc.Amd.Prov, k.reference("prov-premis", "", "PREMIS", f))
		}
	}
	doc.FileSec = fileSecXML{ID: "filesec", Groups: []groupXML{
		k.group("grp-documentation", "Documentation", "", s.with(RoleDocumentation)),
		k.group("grp-schemas", "Schemas", "", s.with(RoleSchema)),
	}}
	top := divXML{ID: "div-root", Label: k.manifest.ID, Divs: []divXML{
		{ID: "div-metadata", Label: "Metadata", AdmID: ids(doc.Amd.Prov), DmdID: ids(doc.Dmd)},
		{ID: "div-documentation", Label: "Documentation", Files: []fptrXML{{FileID: "grp-documentation"}}},
		{ID: "div-schemas", Label: "Schemas", Files: []fptrXML{{FileID: "grp-schemas"}}},
	}}
	for _, r := range reps {
		group, use := "grp-"+r.name, "Representations/"+r.name
		doc.FileSec.Groups = append(doc.FileSec.Groups, k.group(group, use, "", []staged{r.metsFile}))
		top.Divs = append(top.Divs, divXML{ID: "div-" + r.name, Label: use, Ptr: &locationXML{
			LocType: "URL", Link: "simple", Href: r.metsFile.path, Title: group,
		}})
	}
	doc.Map = structMap(top)
	return writeXML(w, doc)
}

func structMap(top divXML) mapXML {
	return mapXML{ID: "structmap", Type: "PHYSICAL", Label: "CSIP", Div: top}
}

// ids lists the IDs of metadata sections as an IDREFS attribute.
func ids(sections []dmdXML) string {
	names := make([]string, 0, len(sections))
	for _, s := range sections {
		names = append(names, s.ID)
	}
	return strings.Join(names, " ")
}

// reference points at a metadata file. A kind that is no METS MDTYPE is written as OTHER with its own name.
func (k *metsMaker) reference(id, dir, kind string, f staged) dmdXML {
	other := ""
	if kind != "DC" && kind != "PREMIS" {
		kind, other = "OTHER", kind
	}
	return dmdXML{ID: id, Created: k.at, Status: "CURRENT", Ref: refXML{
		LocType: "URL", Link: "simple", MDType: kind, OtherType: other, MIME: metsType(f.mime), Size: f.size, Created: k.at,
		Checksum: f.sha256, SumType: "SHA-256", Href: relative(dir, f.path),
	}}
}

func (k *metsMaker) group(id, use, dir string, files []staged) groupXML {
	g := groupXML{ID: id, Use: use, Content: "OTHER", Other: ContentType}
	for i, f := range files {
		x := fileXML{
			ID: fmt.Sprintf("%s-%04d", id, i+1), MIME: metsType(f.mime), Size: f.size, Created: k.at,
			Checksum: f.sha256, SumType: "SHA-256", At: locationXML{LocType: "URL", Link: "simple", Href: relative(dir, f.path)},
		}
		if format := formatOf(f); format.key != "" {
			x.Format, x.Version, x.Registry, x.Key = format.name, format.version, "PRONOM", format.key
		}
		g.Files = append(g.Files, x)
	}
	return g
}

// relative is a package path as seen from the folder of a METS.xml.
func relative(dir, p string) string {
	if dir == "" {
		return p
	}
	return strings.TrimPrefix(p, path.Clean(dir)+"/")
}
