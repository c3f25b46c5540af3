package sip

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"

	"arsring/internal/capture"
)

// The paths that never change, from the package's root.
const (
	dcPath       = "metadata/descriptive/dc.xml"
	manifestPath = "metadata/descriptive/manifest.json"
	premisPath   = "metadata/preservation/premis.xml"
	lasmigPath   = "documentation/LASMIG.txt"
	contentDir   = "representations/content/data"
)

//go:embed schemas/manifest.schema.json schemas/content.schema.json
var schemaFiles embed.FS

// packer makes one package, step by step in the order of build.
type packer struct {
	in       *Input
	stage    *stage
	manifest Manifest
	reps     []*representation
}

// data copies and writes everything under representations/*/data.
func (p *packer) data() error {
	return firstError(p.record, p.content, p.tiles, p.originals)
}

// firstError runs steps until one fails.
func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (p *packer) add(r *representation, f staged, err error) error {
	if err == nil {
		r.data = append(r.data, f)
	}
	return err
}

func (p *packer) begin(name string) *representation {
	r := &representation{name: name}
	p.reps = append(p.reps, r)
	return r
}

// record copies record.pdf. Only a folder named pdfa holds a PDF/A.
func (p *packer) record() error {
	if p.in.Record == "" {
		return nil
	}
	name := "pdfa"
	if p.in.RecordLevel == "" {
		name = "pdf"
	}
	r := p.begin(name)
	f, err := p.stage.copy(staged{path: r.dir() + "/data/record.pdf", mime: "application/pdf", role: RoleRecord, level: p.in.RecordLevel}, p.in.Record, "")
	return p.add(r, f, err)
}

// content writes content.json and copies the media that its posts name.
func (p *packer) content() error {
	r := p.begin("content")
	f, err := p.stage.put(staged{path: contentDir + "/content.json", mime: "application/json", role: RoleContent}, func(w io.Writer) error {
		return writeJSON(w, newContent(p.in.Capture))
	})
	if err := p.add(r, f, err); err != nil {
		return err
	}
	done := map[string]string{}
	return eachMedia(p.in.Capture.Posts, func(m *capture.Media) error { return p.media(r, m, done) })
}

// eachMedia visits the media of all posts and comments that have a file.
func eachMedia(posts []capture.Post, visit func(*capture.Media) error) error {
	for i := range posts {
		for j := range posts[i].Media {
			if posts[i].Media[j].Path == "" {
				continue
			}
			if err := visit(&posts[i].Media[j]); err != nil {
				return err
			}
		}
		if err := eachMedia(posts[i].Comments, visit); err != nil {
			return err
		}
	}
	return nil
}

// media copies one file of a post. The same file may belong to several posts.
func (p *packer) media(r *representation, m *capture.Media, done map[string]string) error {
	name, ok := strings.CutPrefix(m.Path, "media/")
	digest := strings.ToLower(m.SHA256)
	if !ok || !mediaName.MatchString(name) || !hexDigest(digest) {
		return fmt.Errorf("the capture names the media file %s with SHA-256 %s: want media/<name> and 64 hex digits", quote(m.Path), quote(m.SHA256))
	}
	if before, ok := done[m.Path]; ok {
		if before != digest {
			return fmt.Errorf("the capture gives %s two different SHA-256", m.Path)
		}
		return nil
	}
	done[m.Path] = digest
	from := filepath.Join(p.in.CaptureDir, filepath.FromSlash(m.Path))
	f, err := p.stage.copy(staged{path: contentDir + "/" + m.Path, mime: mediaType(m.MIME, name, sniffer(from)), role: RoleMedia}, from, digest)
	return p.add(r, f, err)
}

// tiles copies the screenshots of evidence and closure; for other snapshots the record alone holds them.
func (p *packer) tiles() error {
	trigger := p.in.Capture.Job.Trigger
	if trigger != capture.TriggerEvidence && trigger != capture.TriggerClosure || len(p.in.Capture.Tiles) == 0 {
		return nil
	}
	r := p.begin("facsimile")
	for i, t := range p.in.Capture.Tiles {
		name := path.Base(t.File)
		digest := strings.ToLower(t.SHA256)
		if t.File != "tiles/"+name || !mediaName.MatchString(name) || !hexDigest(digest) {
			return fmt.Errorf("the capture names the tile %s with SHA-256 %s: want tiles/<name> and 64 hex digits", quote(t.File), quote(t.SHA256))
		}
		from := filepath.Join(p.in.CaptureDir, "tiles", name)
		f, err := p.stage.copy(staged{path: r.dir() + "/data/" + name, mime: mediaType(t.MIME, name, sniffer(from)), role: RoleTile}, from, digest)
		if err := p.add(r, f, err); err != nil {
			return err
		}
		p.manifest.Tiles[i].Path = &f.path
	}
	return nil
}

// originals copies what a person handed in, byte for byte, under names that are safe everywhere.
func (p *packer) originals() error {
	if len(p.in.Originals) == 0 {
		return nil
	}
	r := p.begin("original")
	taken := map[string]bool{}
	for _, o := range p.in.Originals {
		given := cleanLine(firstOf(o.Name, filepath.Base(o.Path)), 500)
		name := uniqueName(LegalName(given), taken)
		f := staged{path: r.dir() + "/data/" + name, mime: mediaType(o.MIME, name, sniffer(o.Path)), role: RoleOriginal, original: given}
		f, err := p.stage.copy(f, o.Path, "")
		if err := p.add(r, f, err); err != nil {
			return err
		}
	}
	return nil
}

// reports keeps the conformance report beside the preservation metadata of the record.
func (p *packer) reports() error {
	if p.in.PDFAReport == nil || p.in.Record == "" {
		return nil
	}
	r := p.reps[0]
	f, err := p.stage.put(staged{path: r.dir() + "/metadata/preservation/pdfa-report.json", mime: "application/json", role: RoleReport}, func(w io.Writer) error {
		report, err := json.MarshalIndent(p.in.PDFAReport, "", "  ")
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, RedactText(cleanJSON(string(report)))+"\n")
		return err
	})
	r.report = &f
	return err
}

// describe writes the documentation, the schemas, dc.xml and, when every file it lists is there, the manifest.
func (p *packer) describe() error {
	m := &p.manifest
	if err := firstError(p.documentation, p.schemas, p.dc); err != nil {
		return err
	}
	m.describe(p.stage.files, p.in.Pages, p.in.RecordUA)
	_, err := p.stage.put(staged{path: manifestPath, mime: "application/json"}, func(w io.Writer) error { return writeJSON(w, m) })
	return err
}

func (p *packer) documentation() error {
	_, err := p.stage.put(staged{path: lasmigPath, mime: "text/plain", role: RoleDocumentation}, func(w io.Writer) error {
		return writeLasmig(w, newLasmig(&p.manifest, p.stage))
	})
	return err
}

func (p *packer) schemas() error {
	for _, name := range []string{"schemas/content.schema.json", "schemas/manifest.schema.json"} {
		b, err := schemaFiles.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := p.stage.put(staged{path: name, mime: "application/json", role: RoleSchema}, func(w io.Writer) error {
			_, err := w.Write(b)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func (p *packer) dc() error {
	var formats []string
	seen := map[string]bool{}
	for _, f := range p.stage.with(RoleRecord, RoleContent, RoleOriginal) {
		if !seen[f.mime] {
			seen[f.mime] = true
			formats = append(formats, f.mime)
		}
	}
	_, err := p.stage.put(staged{path: dcPath, mime: "application/xml", role: RoleDescription}, func(w io.Writer) error {
		return writeDC(w, &p.manifest, formats)
	})
	return err
}

// preserve writes the PREMIS files.
func (p *packer) preserve() error {
	k := newPREMIS(p.in, &p.manifest, p.reps)
	_, err := p.stage.put(staged{path: premisPath, mime: "application/xml"}, func(w io.Writer) error { return k.root(w, p.reps) })
	if err != nil {
		return err
	}
	for _, r := range p.reps {
		f := staged{path: r.dir() + "/" + premisPath, mime: "application/xml"}
		r.premis, err = p.stage.put(f, func(w io.Writer) error { return k.representation(w, r) })
		if err != nil {
			return err
		}
	}
	return nil
}

// inventories writes the METS.xml of each representation.
func (p *packer) inventories() error {
	k := newMETS(p.in, &p.manifest)
	for _, r := range p.reps {
		f, err := p.stage.put(staged{path: r.dir() + "/" + metsFile, mime: "application/xml"}, func(w io.Writer) error { return k.representation(w, r) })
		if err != nil {
			return err
		}
		r.metsFile = f
	}
	return nil
}

// seal writes the package's METS.xml when every other file is on the disk.
func (p *packer) seal() error {
	if err := p.stage.sync(p.stage.files); err != nil {
		return err
	}
	k := newMETS(p.in, &p.manifest)
	f, err := p.stage.put(staged{path: metsFile, mime: "application/xml"}, func(w io.Writer) error { return k.root(w, p.stage, p.reps) })
	return errors.Join(err, p.stage.sync([]staged{f}))
}
