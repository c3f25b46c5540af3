package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestNothingSteersTheTerminal: whatever a page calls itself, the commands print nothing that a terminal takes for an order, and their JSON
// still says the same.
func TestNothingSteersTheTerminal(t *testing.T) {
	rough := "a\x1b[2J\x1b]0;kapad\x07\u009b31m\u202egnp\u2066x\u200f\ufeff\r\x00\x7f\U000e0041\xff b\tc\nåäö 😀"
	var out bytes.Buffer
	fmt.Fprintf(tame{&out, stdout.(tame).other}, "%s: %s\n", rough, rough)
	for _, r := range out.String() {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || strings.ContainsRune("\u202e\u2066\u200f\ufeff\U000e0041", r) {
			t.Errorf("%q stands in %q", r, out.String())
		}
	}
	if !strings.Contains(out.String(), "b\tc\nåäö 😀") {
		t.Errorf("what is harmless was changed: %q", out.String())
	}
	out.Reset()
	if err := json.NewEncoder(tame{&out, jsonOut.(tame).other}).Encode(map[string]string{"title": rough}); err != nil {
		t.Fatal(err)
	}
	var back map[string]string
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || back["title"] != strings.ToValidUTF8(rough, "\ufffd") {
		t.Errorf("%q became %q, %v", rough, back["title"], err)
	}
	if strings.ContainsFunc(strings.TrimSuffix(out.String(), "\n"), steers) {
		t.Errorf("%q", out.String())
	}
}
