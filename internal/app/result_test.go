package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arsring/config"
	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/job"
)

func TestExitCodes(t *testing.T) {
	for o, want := range map[capture.Outcome]int{capture.Complete: 0, capture.Partial: 3, capture.Failed: 1, capture.LoginWall: 4, capture.Blocked: 4,
		capture.NotFound: 4, capture.Blank: 4, capture.Unreachable: 4} {
		if got := (Result{Outcome: &o}).Exit(); got != want {
			t.Errorf("%s: exit code %d, want %d", o, got, want)
		}
		if got := (Result{Outcome: &o, Err: errors.New("no store")}).Exit(); got != 1 {
			t.Errorf("%s that could not be stored: exit code %d, want 1", o, got)
		}
	}
	if got := (Result{}).Exit(); got != 1 {
		t.Errorf("no outcome: exit code %d, want 1", got)
	}
}

func TestPagesThatNeedAPerson(t *testing.T) {
	for _, o := range []capture.Outcome{capture.LoginWall, capture.Blocked, capture.NotFound, capture.Blank} {
		if afterwards(o) != job.NeedsPerson {
			t.Errorf("%s: %s", o, afterwards(o))
		}
	}
	for _, o := range []capture.Outcome{capture.Unreachable, capture.Failed} {
		if afterwards(o) != job.GivenUp {
			t.Errorf("%s: %s", o, afterwards(o))
		}
	}
}

func TestSentenceIsTheOneForPeople(t *testing.T) {
	store := &archive.UnreachableError{Code: archive.CodeRefused, Text: archive.Text{SV: "Lagret svarar inte.", EN: "The store does not answer; start it."}, Cause: errors.New("dial tcp: refused")}
	for _, c := range []struct {
		err  error
		want string
	}{
		{store, "The store does not answer; start it."},
		{&job.StageError{Stage: "deliver", Err: fmt.Errorf("snapshot a: %w", store)}, "deliver: snapshot a: The store does not answer; start it."},
		{&UsageError{"say which"}, "say which"},
		{errors.New("plain"), "plain"},
	} {
		if got := Sentence(c.err); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestInterruptionIsSaid(t *testing.T) {
	a, p := &App{}, &passage{dir: t.TempDir()}
	err := &job.StageError{Stage: "capture", Err: fmt.Errorf("starting the browser: %w", context.Canceled)}
	if got := a.explain(p, err); got != "the snapshot was interrupted during capture, before it was delivered; order it again" {
		t.Error(got)
	}
}

func TestAddressesGetAnID(t *testing.T) {
	for in, want := range map[string]string{
		"https://www.example.org/":                       "www-example-org",
		"https://example.org/Föreningar/å?x=1":           "example-org-f-reningar",
		"https://example.org/" + strings.Repeat("a", 90): "example-org-" + strings.Repeat("a", 36),
		"https://åäö/":                                   "page",
	} {
		if got := addressAccount(in).ID; got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// TestInterruptedPassageIsTakenUp holds the spool's promise: the same account and trigger go on where they stopped, others do not.
func TestInterruptedPassageIsTakenUp(t *testing.T) {
	var cfg config.Config
	cfg.DataDir, cfg.Language = t.TempDir(), "sv"
	a := New(Options{Config: cfg, Version: "test", Now: func() time.Time { return time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC) }})
	acc := addressAccount("https://example.org/badplatser")
	r := Request{Account: acc, Trigger: capture.TriggerManual, Since: new(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))}
	first, err := a.begin(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	again, err := a.begin(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	if again.job.SnapshotID != first.job.SnapshotID || again.dir != first.dir {
		t.Errorf("%s was not taken up: %s", first.job.SnapshotID, again.job.SnapshotID)
	}
	r.Trigger = capture.TriggerClosure
	other, err := a.begin(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	if other.job.SnapshotID == first.job.SnapshotID || other.job.Image != "png" {
		t.Errorf("a closure is its own snapshot in PNG: %+v", other.job)
	}
	unlock, err := lockFolder(first.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if _, err := lockFolder(first.dir); err == nil || !strings.Contains(err.Error(), "already working") {
		t.Errorf("two hold the same passage: %v", err)
	}
	r.Trigger = capture.TriggerManual
	third, err := a.begin(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	if third.job.SnapshotID == first.job.SnapshotID {
		t.Error("a passage that another works on was taken up")
	}
}

// TestNewOrderIsNoOldCapture: a capture that waits because of another order is delivered, and is not the answer to a new one.
func TestNewOrderIsNoOldCapture(t *testing.T) {
	var cfg config.Config
	cfg.DataDir, cfg.Language = t.TempDir(), "sv"
	a := New(Options{Config: cfg, Version: "test", Now: func() time.Time { return time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC) }})
	acc := addressAccount("https://example.org/badplatser")
	r := Request{Account: acc, Trigger: capture.TriggerManual, Reason: "gammal", By: "Eva", Since: new(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))}
	first, err := a.begin(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	later := r
	later.Reason = "ny, före ombyggnad"
	if got := a.otherOrders(later); len(got) != 0 {
		t.Errorf("nothing was captured yet: %s", got[0].job.SnapshotID)
	}
	if err := os.Mkdir(filepath.Join(first.dir, "capture"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(first.dir, "capture", "capture.json"), "{}")
	if got := a.otherOrders(r); len(got) != 0 {
		t.Error("the same order is another one")
	}
	if got := a.otherOrders(later); len(got) != 1 || got[0].job.SnapshotID != first.job.SnapshotID {
		t.Errorf("what waits is not delivered first: %v", got)
	}
	plain := r
	plain.Reason, plain.By, plain.Since = "", "Olle", nil
	if again, err := a.begin(t.Context(), plain); err != nil || again.job.SnapshotID != first.job.SnapshotID {
		t.Errorf("without a reason what waits is delivered: %v, %v", again.job.SnapshotID, err)
	}
	if second, err := a.begin(t.Context(), later); err != nil || second.job.SnapshotID == first.job.SnapshotID || second.job.Reason != later.Reason {
		t.Errorf("%+v, %v", second, err)
	}
	further := r
	further.Since = new(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	if got := a.otherOrders(further); len(got) != 1 {
		t.Error("a longer period is answered with a shorter one")
	}
	if note := a.waitedNote(first, Result{}, "Den väntade.", ""); !strings.Contains(note, "2026-10-15") || !strings.Contains(note, "gammal") {
		t.Errorf("%q", note)
	}
}

// TestNewEvidenceIsNoOldCopy is the same of documented posts.
func TestNewEvidenceIsNoOldCopy(t *testing.T) {
	var cfg config.Config
	cfg.DataDir, cfg.Language = t.TempDir(), "sv"
	a := New(Options{Config: cfg, Version: "test", Now: func() time.Time { return time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC) }})
	r := EvidenceRequest{Account: addressAccount("https://example.org/badplatser"), URL: "https://example.org/badplatser/1", Reason: "hot", By: "Eva"}
	first, err := a.beginEvidence(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(first.dir, "capture"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(first.dir, "capture", "capture.json"), "{}")
	numbered := r
	numbered.Diary = "KS 2026/1" // is noted beside the package
	if again, err := a.beginEvidence(numbered); err != nil || again.job.SnapshotID != first.job.SnapshotID || len(a.otherEvidence(numbered)) != 0 {
		t.Errorf("the same order is another one: %v", err)
	}
	other := r
	other.By = "Olle"
	if got := a.otherEvidence(other); len(got) != 1 || got[0].job.SnapshotID != first.job.SnapshotID {
		t.Errorf("what waits is not delivered first: %v", got)
	}
	if second, err := a.beginEvidence(other); err != nil || second.job.SnapshotID == first.job.SnapshotID {
		t.Errorf("%+v, %v", second, err)
	}
}

// TestRemovalToCome: a removal that has not happened yet is not noted.
func TestRemovalToCome(t *testing.T) {
	now := time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC)
	a := New(Options{Version: "test", Now: func() time.Time { return now }})
	var use *UsageError
	_, err := a.AddRemoval(t.Context(), "sida-20261015T070000Z-evidence-abcd", now.AddDate(9, 0, 0), "Eva")
	if !errors.As(err, &use) || !strings.Contains(err.Error(), "has not come yet") {
		t.Errorf("%v", err)
	}
}
