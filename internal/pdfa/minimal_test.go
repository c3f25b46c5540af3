package pdfa

import (
	"bytes"
	"fmt"
)

// buildPDF makes a file of objects 1, 2, 3 and so on; object 1 is the catalog.
func buildPDF(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func stream(dict, content string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(content), content)
}

// pagePDF makes a file of one page: further catalog entries, page entries and content, and further objects from 5 on.
func pagePDF(catalog, page, content string, more ...string) []byte {
	return buildPDF(append([]string{
		"<</Type/Catalog/Pages 2 0 R" + catalog + ">>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R" + page + ">>",
		stream("", content),
	}, more...)...)
}

func minimalPDF() []byte { return pagePDF("", "/Resources<<>>", "0 0 1 rg 10 10 50 50 re f") }

func withCatalog(entries string) []byte {
	return pagePDF(entries, "/Resources<<>>", "0 0 1 rg 10 10 50 50 re f")
}
