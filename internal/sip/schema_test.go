package sip_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"arsring/internal/capture"
	"arsring/internal/sip"
)

// schema compiles a published schema, formats checked.
func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(filepath.Join("..", "..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func instance(t *testing.T, file string) any {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSchemasHold validates manifest and content of every kind of package, and sees that a wrong one is refused.
func TestSchemasHold(t *testing.T) {
	manifest, content := schema(t, "manifest.schema.json"), schema(t, "content.schema.json")
	for name, input := range packages {
		dir, m := build(t, input(t))
		if err := manifest.Validate(instance(t, filepath.Join(dir, "metadata/descriptive/manifest.json"))); err != nil {
			t.Errorf("%s: manifest: %v", name, err)
		}
		if err := content.Validate(instance(t, filepath.Join(dir, filepath.FromSlash(m.Content)))); err != nil {
			t.Errorf("%s: content: %v", name, err)
		}
	}
	wrong := instance(t, "testdata/golden/metadata/descriptive/manifest.json").(map[string]any)
	wrong["missing"] = nil
	if manifest.Validate(wrong) == nil {
		t.Error("the schema takes a manifest whose missing is null")
	}
}

// TestSchemasInPackages holds the schemas that packages carry against the published ones.
func TestSchemasInPackages(t *testing.T) {
	for _, name := range []string{"manifest.schema.json", "content.schema.json"} {
		packed, err := os.ReadFile(filepath.Join("schemas", name))
		if err != nil {
			t.Fatal(err)
		}
		published := filepath.Join("..", "..", "docs", name)
		if *update {
			write(t, filepath.Dir(published), name, packed)
		}
		if b, err := os.ReadFile(published); err != nil || !bytes.Equal(b, packed) {
			t.Errorf("docs/%s and internal/sip/schemas/%s differ (%v): change the latter, then run the tests with -update", name, name, err)
		}
	}
}

// TestSchemasAgreeWithTypes walks the Go types and the schemas side by side: every field is a property and every
// property a field, what is always written is required, and what may be null is allowed to be.
func TestSchemasAgreeWithTypes(t *testing.T) {
	for name, typ := range map[string]reflect.Type{
		"manifest.schema.json": reflect.TypeFor[sip.Manifest](), "content.schema.json": reflect.TypeFor[sip.Content](),
	} {
		root := instance(t, filepath.Join("schemas", name)).(map[string]any)
		w := &walker{t: t, root: root, seen: map[reflect.Type]bool{}}
		w.walk(strings.TrimSuffix(name, ".schema.json"), typ, root)
	}
}

type walker struct {
	t    *testing.T
	root map[string]any
	seen map[reflect.Type]bool
}

// resolve follows $ref and takes the null out of anyOf; it tells whether null is allowed.
func (w *walker) resolve(s map[string]any) (map[string]any, bool) {
	null := false
	if either, ok := s["anyOf"].([]any); ok {
		null = true
		s = either[0].(map[string]any)
	}
	if ref, ok := s["$ref"].(string); ok {
		def, ok := w.root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		if !ok {
			w.t.Fatalf("%s leads nowhere", ref)
		}
		s = def
	}
	if types, ok := s["type"].([]any); ok {
		null = null || slices.Contains(types, any("null"))
	}
	if values, ok := s["enum"].([]any); ok {
		null = null || slices.Contains(values, nil)
	}
	return s, null
}

func (w *walker) walk(at string, typ reflect.Type, raw map[string]any) {
	s, null := w.resolve(raw)
	if raw["description"] == nil && s["description"] == nil && raw["const"] == nil && !strings.HasSuffix(at, "[]") && !strings.HasSuffix(at, "{}") {
		w.t.Errorf("%s has no description", at)
	}
	if pointer := typ.Kind() == reflect.Pointer; pointer != null {
		w.t.Errorf("%s: may be null in Go: %v, in the schema: %v", at, pointer, null)
	}
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	switch {
	case typ == reflect.TypeFor[time.Time]():
		if s["format"] != "date-time" {
			w.t.Errorf("%s is a time, but the schema does not say so", at)
		}
	case typ.Kind() == reflect.Slice:
		w.walk(at+"[]", typ.Elem(), s["items"].(map[string]any))
	case typ.Kind() == reflect.Struct && !w.seen[typ]:
		w.seen[typ] = true
		w.fields(at, typ, s)
	}
}

func (w *walker) fields(at string, typ reflect.Type, s map[string]any) {
	properties, _ := s["properties"].(map[string]any)
	required, _ := s["required"].([]any)
	left := map[string]bool{}
	for name := range properties {
		left[name] = true
	}
	for i := range typ.NumField() {
		name, options, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		property, ok := properties[name].(map[string]any)
		if !ok {
			w.t.Errorf("%s.%s is not in the schema", at, name)
			continue
		}
		delete(left, name)
		if optional := options == "omitempty"; optional == slices.Contains(required, any(name)) {
			w.t.Errorf("%s.%s: may be left out in Go: %v, but the schema says the opposite", at, name, optional)
		}
		field := typ.Field(i).Type
		if options == "omitempty" && field.Kind() == reflect.Pointer {
			field = field.Elem() // left out when nil, so never null
		}
		w.walk(at+"."+name, field, property)
	}
	for name := range left {
		w.t.Errorf("%s.%s is in the schema, but no field", at, name)
	}
}

// TestContentLosesNothing sees that whatever the capture knows of a post or a page has its place in content.json.
func TestContentLosesNothing(t *testing.T) {
	for _, pair := range [][2]reflect.Type{
		{reflect.TypeFor[capture.Post](), reflect.TypeFor[sip.Post]()}, {reflect.TypeFor[capture.Media](), reflect.TypeFor[sip.Media]()},
		{reflect.TypeFor[capture.Page](), reflect.TypeFor[sip.Page]()}, {reflect.TypeFor[capture.Block](), reflect.TypeFor[sip.Block]()},
		{reflect.TypeFor[capture.Period](), reflect.TypeFor[sip.Period]()}, {reflect.TypeFor[capture.TLSFacts](), reflect.TypeFor[sip.TLS]()},
		{reflect.TypeFor[capture.Evidence](), reflect.TypeFor[sip.Evidence]()},
	} {
		have := map[string]bool{}
		for i := range pair[1].NumField() {
			have[pair[1].Field(i).Tag.Get("json")] = true
		}
		for i := range pair[0].NumField() {
			if name, _, _ := strings.Cut(pair[0].Field(i).Tag.Get("json"), ","); !have[name] {
				t.Errorf("%s.%s is not in %s", pair[0], name, pair[1])
			}
		}
	}
}

// TestReadBack sees that what is written is what is read.
func TestReadBack(t *testing.T) {
	dir, m := build(t, newInput(t, newCapture(capture.TriggerEvidence)))
	f, err := os.Open(filepath.Join(dir, "metadata/descriptive/manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	back, err := sip.ReadManifest(f)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(m)
	b, _ := json.Marshal(back)
	if !bytes.Equal(a, b) {
		t.Errorf("the manifest came back as another:\n%s\n%s", a, b)
	}
	g, err := os.Open(filepath.Join(dir, filepath.FromSlash(m.Content)))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	c, err := sip.ReadContent(g)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Posts) != 2 || c.Posts[0].Comments[0].Comments[0].Text != "Så roligt 🎉" || !c.Posts[0].Published.Equal(*at(14, 12)) {
		t.Errorf("the content came back as another: %+v", c.Posts)
	}
}
