package sip_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"arsring/internal/capture"
	"arsring/internal/sip"
)

func TestNewID(t *testing.T) {
	stockholm := time.Date(2026, 10, 15, 10, 0, 0, 999, time.FixedZone("CEST", 7200))
	got := sip.NewID("facebook-kommunen", stockholm, capture.TriggerScheduled, bytes.NewReader([]byte{0x52, 0x9e, 0x03}))
	if want := "facebook-kommunen-20261015T080000Z-scheduled-kkpa"; got != want {
		t.Errorf("NewID = %q, want %q", got, want)
	}
	seen := map[string]bool{}
	for range 100 {
		id := sip.NewID("a", stockholm, capture.TriggerEvidence, nil)
		if _, _, _, err := sip.ParseID(id); err != nil {
			t.Fatal(err)
		}
		seen[id] = true
	}
	if len(seen) < 90 {
		t.Errorf("100 snapshots of one second have only %d IDs", len(seen))
	}
	// A source that runs dry does not make IDs alike.
	if a, b := sip.NewID("a", stockholm, "manual", strings.NewReader("")), sip.NewID("a", stockholm, "manual", strings.NewReader("")); a == b {
		t.Errorf("both are %s", a)
	}
}

func TestParseID(t *testing.T) {
	account, at, trigger, err := sip.ParseID("a-20261015t-20261015T080000Z-manual-k7qa")
	if err != nil || account != "a-20261015t" || trigger != capture.TriggerManual || !at.Equal(time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("ParseID: %q %v %q %v", account, at, trigger, err)
	}
	for _, bad := range []string{
		"", "a", "a-20261015T080000Z-manual", "a-20261015T080000Z-manual-k7q", "a-20261015T080000Z-manual-k7qa\n", "a-20261015T080000Z-manual-K7QA",
		"a-20261015T080000Z-manual-k718", "a-20261315T080000Z-manual-k7qa", "a-20260230T080000Z-manual-k7qa", "a-20261015T250000Z-manual-k7qa",
		"a-20261015T080000Z-other-k7qa", "A-20261015T080000Z-manual-k7qa", "../a-20261015T080000Z-manual-k7qa", "å-20261015T080000Z-manual-k7qa",
		strings.Repeat("a", 49) + "-20261015T080000Z-manual-k7qa",
	} {
		if account, _, _, err := sip.ParseID(bad); err == nil {
			t.Errorf("ParseID takes %q as one of %q", bad, account)
		}
	}
}

func FuzzParseID(f *testing.F) {
	f.Add("facebook-kommunen-20261015T080000Z-scheduled-k7qa")
	f.Add("a-20261015T080000Z-manual-k7q\x00")
	f.Fuzz(func(t *testing.T, s string) {
		account, at, trigger, err := sip.ParseID(s)
		if err != nil {
			return
		}
		want := account + "-" + at.Format("20060102T150405Z") + "-" + string(trigger) + "-" + s[len(s)-4:]
		if s != want || strings.ContainsAny(s, "/\\.\n") {
			t.Errorf("ParseID(%q) reads %q", s, want)
		}
	})
}
