package app

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"testing"
	"time"

	"arsring/internal/pdfa"
	"arsring/internal/validators"
)

// aimVerify is what verify may cost beside sha256sum over the same files, both from a warm disk.
const aimVerify = 4.0

// BenchmarkVerifyArchive re-reads an archive of stamped packages with everything that verify does, and lets sha256sum read the same files.
func BenchmarkVerifyArchive(b *testing.B) {
	tab := table{head: "verify: everything it checks, beside sha256sum on the same files", rows: []string{"archive\tMB\tverify MB/s\tsha256sum MB/s\tverify / sha256sum, time\taim\t"}}
	for _, c := range []struct{ packages, kB int }{{100, 1}, {8, 16 << 10}} {
		w := newArchive(b, stampedBy(validators.StartAuthority(b)))
		for i := range c.packages {
			w.keepPDF(account(i%10), bigPDF(b, i, c.kB))
		}
		var ours, theirs []float64
		var mb float64
		for range 3 {
			began := time.Now()
			r, err := w.Verify(b.Context(), VerifyRequest{})
			if err != nil || !r.OK {
				b.Fatalf("%s, %v", r.SV(), err)
			}
			ours = append(ours, time.Since(began).Seconds())
			mb = float64(r.Bytes) / 1e6
			theirs = append(theirs, sha256sums(b, w.file(Tenant)))
		}
		o, s := median(ours), median(theirs)
		tab.row("%d packages of %d kB\t%.0f\t%.0f\t%.0f\t%.1f\t≤ %.0f %s", c.packages, c.kB, mb, mb/o, mb/s, o/s, aimVerify, verdict(o/s <= aimVerify))
	}
	tab.print()
}

// sha256sums gives the seconds that sha256sum takes over every file below a folder.
func sha256sums(b *testing.B, dir string) float64 {
	b.Helper()
	began := time.Now()
	cmd := exec.CommandContext(b.Context(), "sh", "-c", `find "$1" -type f -print0 | xargs -0 sha256sum >/dev/null`, "sh", dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return time.Since(began).Seconds()
}

// bigPDF is a valid PDF/A with so many kilobytes that do not compress.
func bigPDF(t testing.TB, n, kB int) []byte {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(n), 3))
	pixels := make([]byte, kB<<10)
	for i := range pixels {
		pixels[i] = byte(r.Uint32())
	}
	var b bytes.Buffer
	var at []int
	object := func(head string, stream []byte) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s", len(at), head)
		if stream != nil {
			fmt.Fprintf(&b, "stream\n%s\nendstream", stream)
		}
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	object("<</Type/Catalog/Pages 2 0 R>>", nil)
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>", nil)
	object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>", nil)
	draw := []byte("q 500 0 0 700 40 40 cm /I Do Q\n")
	object(fmt.Sprintf("<</Length %d>>", len(draw)), draw)
	object(fmt.Sprintf("<</Type/XObject/Subtype/Image/Width 1024/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Length %d>>", kB, len(pixels)), pixels)
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	var out bytes.Buffer
	rep, err := pdfa.Convert(t.Context(), bytes.NewReader(b.Bytes()), &out, pdfa.Options{Title: fmt.Sprintf("Bild %d", n), Lang: "sv", Now: time.Unix(1792000000, 0), Want: pdfa.Level("2b")})
	if err != nil || rep.Level == "" {
		t.Fatalf("the big PDF is no PDF/A: %+v, %v", rep, err)
	}
	return out.Bytes()
}
