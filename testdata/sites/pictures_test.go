package sites

import (
	"bytes"
	"crypto/sha256"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"testing"
)

func TestPicturesAreWhatTheyClaim(t *testing.T) {
	srv := serve(t, Options{Now: testNow})
	sums, total, n := map[[32]byte]string{}, 0, 0
	for _, scene := range []string{"natur", "vag", "vinter", "bibliotek", "plan", "ung"} {
		for _, name := range []string{scene + "-a.jpg", scene + "-b.jpg", scene + "-a.png"} {
			_, body := get(t, srv.URL+"/feed/media/"+name)
			cfg, kind, err := image.DecodeConfig(bytes.NewReader([]byte(body)))
			if err != nil || cfg.Width != pictureW || cfg.Height != pictureH {
				t.Errorf("%s: %s of %d x %d: %v", name, kind, cfg.Width, cfg.Height, err)
			}
			sum := sha256.Sum256([]byte(body))
			if sums[sum] != "" {
				t.Errorf("%s has the bytes of %s", name, sums[sum])
			}
			sums[sum] = name
			if kind == "jpeg" {
				total, n = total+len(body), n+1
			}
		}
	}
	if mean := total / n; mean < 20_000 || mean > 60_000 {
		t.Errorf("pictures are %d bytes in the mean, want 20 to 60 kB", mean)
	}
}
