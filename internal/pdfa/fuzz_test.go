package pdfa

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"syscall"
	"testing"
	"time"

	"arsring/internal/validators"
)

// FuzzConvert converts and checks what the fuzzer makes of small files. Nothing may panic or hang; every failure is a
// refusal with a sentence; and a file that was declared PDF/A must hold against the check when it is read again.
func FuzzConvert(f *testing.F) {
	addForeign(f)
	fonts := []string{"/usr/share/fonts/truetype/liberation"}
	f.Add(minimalPDF())
	f.Add(withCatalog("/OpenAction<</S/JavaScript/JS(1)>>/Lang(sv)"))
	f.Add(pagePDF("/MarkInfo<</Marked true>>/StructTreeRoot 5 0 R", "/Resources<</ExtGState<</G<</TR/Identity/ca .5>>>>>>/StructParents 0",
		"/P<</MCID 0>>BDC /G gs 0 0 0 1 k 1 1 9 9 re f EMC", "<</Type/StructTreeRoot/K 6 0 R/ParentTree<</Nums[0[6 0 R]]>>>>", "<</S/Odd/P 5 0 R/K 0/Pg 3 0 R>>"))
	f.Add(pagePDF("", "/Resources<</XObject<</X 5 0 R>>>>/Annots[<</Type/Annot/Subtype/Square/Rect[0 0 9 9]>>]", "/X Do BI /W 1 /H 1 /BPC 8 /CS /G /I true ID x EI",
		stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "1 0 0 rg 0 0 5 5 re f")))
	f.Add(pagePDF("", "/Resources<<>>", "0 0 5 5 re B)j 0 g q]Q f>S"))                               // strays between operators
	f.Add(pagePDF("/PageLabels 6 0 R", "/Annots[8 0 R]/Resources<</XObject<</X 9 0 R>>>>", "/X Do")) // references to nothing
	f.Add(pagePDF("", "/Length 0", ""))                                                              // what streams alone have
	f.Add(pagePDF("", "", "A<0>A"))                                                                  // one mend inside what another takes away
	f.Add(pagePDF("/Odd 5 0 R", "", "", stream("/Type/Metadata/Subtype/XML", "<x>")))                // metadata where none belongs
	f.Add(pagePDF("", "/Resources<</Font<</F 6 0 R>>/XObject<</X 5 0 R>>>>", "/X Do",                // a font that is null, and one around
		stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 7 0 R>>>>", "BT /F 9 Tf (a) Tj ET"), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", "null"))
	f.Add(pagePDF("", "/Resources<</ExtGState<</G<</ca .5>>>>/XObject<</X 5 0 R>>>>", "/X Do", // a form that takes from the form and the page around
		stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</Y 6 0 R>>>>", "/Y Do"), stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "/G gs 0 0 5 5 re f")))
	f.Add([]byte("%PDF-000\n1 0 obj<</Pages 2 0 R/Type/Catalog 0endobj\n2 0 obj<<00000000/Kids[3 0 R4 0 R]%000000000000endobj\n3 0 obj2 0 Rendobj\n4 0 obj<<0/Type/Page 0endobj 0")) // no page once the tree is mended
	f.Fuzz(func(t *testing.T, pdf []byte) {
		defer bounded(t)()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute) // what the clock shows says little on a busy machine
		defer cancel()
		var refused *RefusedError
		if _, err := Check(ctx, bytes.NewReader(pdf)); err != nil && !errors.As(err, &refused) {
			t.Fatalf("check: %v", err)
		}
		var out bytes.Buffer
		r, err := Convert(ctx, bytes.NewReader(pdf), &out, Options{Now: testTime, UA: true, FontDirs: fonts})
		if err != nil {
			if !errors.As(err, &refused) || refused.Reason == "" {
				t.Fatalf("convert: %v", err)
			}
			return
		}
		if r.Level == LevelNone {
			return
		}
		again, err := Check(ctx, bytes.NewReader(out.Bytes()))
		if err != nil || again.Level != r.Level || len(again.Failed) > 0 {
			t.Fatalf("declared %q, and the check says %q: %+v %v", r.Level, again.Level, again.Failed, err)
		}
	})
}

// addForeign seeds the fuzzer with the small files of the corpora; with ARSRING_SOAK only. Nothing of them is kept.
func addForeign(f *testing.F) {
	f.Helper()
	if os.Getenv("ARSRING_SOAK") == "" {
		return
	}
	for _, path := range validators.ForeignPDFs(f) {
		if info, err := os.Stat(path); err != nil || info.Size() > 8<<10 {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

// bounded fails the test when what it does until the end takes more than ten seconds of the processor's time.
func bounded(t *testing.T) (end func()) {
	t.Helper()
	start := processorTime(t)
	return func() {
		if took := processorTime(t) - start; took > 10*time.Second {
			t.Errorf("it took %v of the processor's time", took)
		}
	}
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		t.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// FuzzParts reads what lies packed inside a PDF, where a fuzzer of whole files seldom gets: font programs, character maps, metadata, profiles,
// JPEG 2000 headers and content streams.
func FuzzParts(f *testing.F) {
	program := glyphlessTrueType()
	f.Add(byte(0), program)
	f.Add(byte(1), []byte{1, 0, 4, 1, 0, 1, 1, 1, 2, 'x', 0, 1, 1, 1, 6, 139, 139, 139, 17, 0, 0, 0, 0, 0, 0})
	f.Add(byte(2), []byte("%!PS\n/FontMatrix [0.001 0 0 0.001 0 0] def /Encoding StandardEncoding def currentfile eexec 0123456789abcdef0123456789abcdef"))
	f.Add(byte(3), []byte("1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <01> <09> <0041> endbfrange 1 beginbfchar <0a> <d83dde00> endbfchar"))
	f.Add(byte(4), []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">t</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>`))
	f.Add(byte(5), rgbProfile())
	f.Add(byte(6), []byte("\x00\x00\x00\x0cjP  \r\n\x87\n\x00\x00\x00\x1ejp2h\x00\x00\x00\x16ihdr\x00\x00\x00\x01\x00\x00\x00\x01\x00\x03\x07\x07\x00\x00"))
	f.Add(byte(7), []byte("q BT /F 12 Tf (a) Tj [(b) -20 <0c>] TJ ET /P <</MCID 0/ActualText(x)>> BDC EMC BI /W 1 /H 1 ID x EI Q"))
	f.Fuzz(func(t *testing.T, kind byte, b []byte) {
		defer bounded(t)()
		switch kind % 8 {
		case 0:
			useTrueType(parseTrueType(b))
		case 1:
			if c := parseCFF(b); c != nil {
				for g := range min(len(c.charset), 1000) {
					c.width(g)
				}
			}
		case 2:
			parseType1(b)
		case 3:
			m := parseCMap(b)
			m.leadsToPUA()
			_ = m.file(true)
			for i := range b {
				if _, n := m.next(b[i:]); n < 1 || n > len(b)-i {
					t.Fatalf("a code of %d bytes, of %d", n, len(b)-i)
				}
			}
		case 4:
			parseXMP(b)
		case 5:
			readProfile(b)
		case 6:
			readJPX(b)
		case 7:
			l := lexer{src: b}
			for x := l.next(); x.kind != tokEnd; x = l.next() {
				x.bytes(nil)
			}
		}
	})
}

// useTrueType asks a font program all that the rules ask, and writes it anew.
func useTrueType(f *trueType) {
	if f == nil {
		return
	}
	for g := range min(f.glyphs, 300) {
		f.width(g)
	}
	for i := range f.cmaps {
		for code := range 300 {
			f.cmaps[i].glyph(code)
		}
		f.cmaps[i].first()
	}
	f.named("A")
	f.rewrite(trueTypeEdit{copyNotdef: true, advances: map[int]int{0: 500}})
}

// BenchmarkConvert converts a print; with BenchmarkGhostscript beside it, the two times stand side by side.
func BenchmarkConvert(b *testing.B) {
	pdf := readFileB(b)
	b.SetBytes(int64(len(pdf)))
	for b.Loop() {
		if _, err := Convert(b.Context(), bytes.NewReader(pdf), io.Discard, Options{Now: testTime, UA: true}); err != nil {
			b.Fatal(err)
		}
	}
}
