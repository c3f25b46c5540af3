package pdfa

import "testing"

// A name with two codes has the lower one, each time: what is declared must hold when the file is read again.
func TestMacCode(t *testing.T) {
	for range 50 {
		if c := macCode()["space"]; c != 0x20 {
			t.Fatalf("the space is at %#x", c)
		}
	}
}
