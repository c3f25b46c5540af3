package pdfa

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"arsring/internal/validators"
)

// samePlain holds what readPlain makes of a file against what pdfcpu does, and tells whether it took the file at all.
func samePlain(t *testing.T, pdf []byte) bool {
	t.Helper()
	got, err := readPlain(bytes.NewReader(pdf), int64(len(pdf)))
	if err != nil {
		if !errors.Is(err, errNotPlain) {
			t.Errorf("a file that is not plain: %v", err)
		}
		return false
	}
	want, err := parse(t.Context(), bytes.NewReader(pdf), maxPlainBytes+1, nil) // too large to be tried as plain
	if err != nil {
		t.Logf("pdfcpu does not read it: %v", err) // it stumbles over ends of line that are sound
		return true
	}
	for _, f := range []struct {
		name      string
		got, want any
	}{{"Size", *got.Size, *want.Size}, {"Root", got.Root, want.Root}, {"Info", got.Info, want.Info}, {"ID", got.ID, want.ID}, {"Encrypt", got.Encrypt, want.Encrypt}, {"objects", len(got.Table), len(want.Table)}} {
		if !reflect.DeepEqual(f.got, f.want) {
			t.Errorf("%s is %v, and %v by pdfcpu", f.name, f.got, f.want)
		}
	}
	for n, e := range want.Table {
		have := got.Table[n]
		if have == nil {
			have = &model.XRefTableEntry{}
		}
		if have.Free != e.Free || !reflect.DeepEqual(have.Offset, e.Offset) && n != 0 || !reflect.DeepEqual(have.Object, e.Object) {
			t.Fatalf("object %d is %v, and %v by pdfcpu", n, have.Object, e.Object)
		}
	}
	return true
}

// TestPlainReader: what is out of the ordinary is left to pdfcpu, and what is not is read alike.
func TestPlainReader(t *testing.T) {
	sound := string(pagePDF("", "/Resources<<>>/Dest/ /None[/]/Dests<</ [1 0 R]>>/Count -3/Real -.5/Big 12.75/Yes true/Text(a\\)\\(b(c)\\n%)/Hex<0aFF>/Nums[1 0 2 0 R 3 0]/Empty<<>>", "0 0 5 5 re f"))
	if !samePlain(t, []byte(sound)) {
		t.Fatal("a sound file is not plain")
	}
	for name, edit := range map[string][2]string{
		"comment": {"/Count -3", "/Count%-3"}, "null": {"/Yes true", "/Yes null"}, "two keys": {"/Big 12.75", "/Real 12.7"}, "escaped name": {"/Empty", "/Emp#y"},
		"odd digits": {"<0aFF>", "<0aF >"}, "two signs": {"-.5", "--5"}, "exponent": {"12.75", "1.2e5"}, "generation": {"2 0 R", "2 1 R"}, "no table": {"xref\n", "xrxf\n"},
		"comma": {"12.75", "12,75"}, "unterminated": {"[1 0 2 0 R 3 0]", "[1 0 2 0 R 3 0 "}, "length": {"/Length 12", "/Length 11"}, "word": {"true", "trux"}, "keyword in a name": {"/Empty<<>>", "/endobj 1 "},
	} {
		bad := []byte(strings.Replace(sound, edit[0], edit[1], 1))
		if len(bad) != len(sound) || string(bad) == sound {
			t.Fatalf("%s: the edit does not fit", name)
		}
		if samePlain(t, bad) {
			t.Errorf("%s: read as a plain file", name)
		}
	}
	for _, cut := range []int{0, 1, 20, len(sound) / 2, len(sound) - 1, len(sound) - 7} {
		samePlain(t, []byte(sound[:cut]))
	}
	if os.Getenv("ARSRING_SOAK") == "" {
		return
	}
	plain := 0
	for _, path := range validators.ForeignPDFs(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			if len(b) < 16<<20 && samePlain(t, b) {
				plain++
			}
		})
	}
	t.Logf("%d files are plain", plain)
}

// FuzzPlainReader: whatever readPlain takes, it reads as pdfcpu does.
func FuzzPlainReader(f *testing.F) {
	addForeign(f)
	f.Add(minimalPDF())
	f.Add(pagePDF("/Lang(sv)", "/Resources<</ExtGState<</G<</ca .5>>>>>>/A[1 0 R -2 +.5 <0a>(x\\()true]", "/G gs 0 0 5 5 re f"))
	f.Fuzz(func(t *testing.T, pdf []byte) { samePlain(t, pdf) })
}
