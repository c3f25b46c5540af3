package pdfa

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// attach embeds files as associated files of the document (ISO 19005-3, 6.8 and Annex E). Their bytes stay on disk until
// the document is written.
func (d *document) attach(files []Attachment, o Options) error {
	if len(files) == 0 {
		return nil
	}
	root := d.catalog()
	names := d.dict(root["Names"])
	if names == nil {
		names = types.Dict{}
		root["Names"] = names
	}
	entries := d.nameTree(names["EmbeddedFiles"])
	taken := map[string]bool{}
	for _, e := range entries {
		taken[e.key] = true
	}
	af := d.array(root["AF"])
	for _, f := range files {
		key := string(utf16be(f.Name, true))
		if f.Name == "" || taken[key] {
			return &RefusedError{Code: "option", Reason: fmt.Sprintf("attachment %q: the name is empty or used twice", f.Name)}
		}
		taken[key] = true
		ref, err := d.fileSpec(f, o)
		if err != nil {
			return err
		}
		entries = append(entries, named{key, ref})
		af = append(af, ref)
	}
	sort.SliceStable(entries, func(i, j int) bool { return entries[i].key < entries[j].key })
	var list types.Array
	for _, e := range entries {
		list = append(list, byteString([]byte(e.key)), e.value)
	}
	names["EmbeddedFiles"] = types.Dict{"Names": list}
	root["AF"] = af
	return nil
}

// fileSpec makes the file specification of an attachment.
func (d *document) fileSpec(f Attachment, o Options) (types.IndirectRef, error) {
	info, err := os.Stat(f.Path)
	if err != nil {
		return types.IndirectRef{}, fmt.Errorf("pdfa: attachment %s: %w", f.Name, err)
	}
	mime := f.MIME
	if !mimePattern.MatchString(mime) {
		mime = "application/octet-stream"
	}
	relation := f.Relationship
	switch relation {
	case "Source", "Data", "Alternative", "Supplement":
	default:
		relation = "Unspecified"
	}
	stream := d.add(types.StreamDict{Dict: types.Dict{
		"Type":    types.Name("EmbeddedFile"),
		"Subtype": types.Name(mime),
		"Params":  types.Dict{"Size": types.Integer(info.Size()), "ModDate": types.StringLiteral(formatDate(o.Now))},
	}})
	d.files[int(stream.ObjectNumber)] = fileStream{path: f.Path, size: info.Size()}
	name := filepath.Base(f.Name)
	spec := types.Dict{
		"Type": types.Name("Filespec"), "F": textString(name), "UF": textString(name),
		"AFRelationship": types.Name(relation), "EF": types.Dict{"F": stream, "UF": stream},
	}
	if f.Description != "" {
		spec["Desc"] = textString(f.Description)
	}
	return d.add(spec), nil
}
