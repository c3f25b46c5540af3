package notify

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func ptr(n int) *int { return &n }

// morning lets the clock go on to five past seven the next day, and sends.
func morning(t testing.TB, tl *Teller, c *clock) {
	t.Helper()
	now := c.Now().In(stockholm)
	c.on(time.Date(now.Year(), now.Month(), now.Day()+1, 7, 5, 0, 0, stockholm).Sub(now))
	if err := tl.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestDigestGolden(t *testing.T) {
	for _, lang := range []string{"sv", "en"} {
		t.Run(lang, func(t *testing.T) {
			c := noon()
			s := serve(t, "none")
			o := s.options(t, c, "none")
			o.Lang = lang
			tl := open(t, o)
			tell(t, tl, aDay(c)...)
			if err := tl.Flush(t.Context()); err != nil || len(s.got()) != 0 {
				t.Fatalf("a digest before its hour: %v, %d letters", err, len(s.got()))
			}
			morning(t, tl, c)
			got := s.got()
			if len(got) != 1 {
				t.Fatalf("%d letters", len(got))
			}
			compare(t, "digest."+lang+".txt", "Subject: "+got[0].subject(t)+"\n\n"+got[0].text)
			morning(t, tl, c)
			if len(s.got()) != 1 {
				t.Errorf("a day without news brought a letter:\n%s", s.got()[1].text)
			}
		})
	}
}

// aDay is a day on which much happened.
func aDay(c *clock) []Event {
	at := c.Now()
	acc := func(k Kind, id, title, fact, sv, en string) Event {
		return Event{Kind: k, At: at, Tenant: "default", Account: id, Title: title, Slot: "2026-10-15", Topic: "account/default/" + id, Fact: fact, Text: Text{sv, en}}
	}
	kept := func(id, title, outcome string, posts int, sv, en string) Event {
		e := acc(KindKept, id, title, "", sv, en)
		e.Trigger, e.Outcome, e.Posts, e.Snapshot, e.Link = "scheduled", outcome, ptr(posts), id+"-1", "https://arsring.example/snapshots/"+id+"-1"
		return e
	}
	before := kept("instagram", "Kommunen på Instagram", "complete", 120, "Ögonblicksbilden är fullständig: 120 inlägg.", "The snapshot is complete: 120 posts.")
	before.Key, before.Slot, before.Snapshot = "kept/before", "2026-04-15", "instagram-0"
	return []Event{
		before,
		{Kind: KindWindow, At: at, Key: "window/2026-10-15", Tenant: "default", Slot: "2026-10-15", Accounts: []string{"default/facebook", "default/instagram", "default/x"},
			Text: Text{"Fönstret 2026-10-15 har öppnat: 3 konton tas till och med 4 november.", "The window 2026-10-15 has opened: 3 accounts are taken until 4 November."}},
		acc(KindFailed, "facebook", "Kommunen på Facebook", "failed/unreachable", "Sidan svarade inte; nytt försök klockan 13.", "The page did not answer; tried again at 13."),
		kept("facebook", "Kommunen på Facebook", "complete", 42, "Ögonblicksbilden är fullständig: 42 inlägg.", "The snapshot is complete: 42 posts."),
		acc(KindPerson, "x", "Kommunen på X", "needs-person/login-wall", "Sidan kräver inloggning: kör arsring login kommunen.", "The page wants a login: run arsring login kommunen."),
		acc(KindPerson, "x", "Kommunen på X", "needs-person/login-wall", "Sidan kräver inloggning: kör arsring login kommunen.", "The page wants a login: run arsring login kommunen."),
		kept("instagram", "Kommunen på Instagram", "partial", 12, "Ögonblicksbilden är ofullständig: 3 bilder saknas.", "The snapshot is partial: 3 images are missing."),
		{Kind: KindGivenUp, At: at, Key: "given-up/x", Tenant: "default", Account: "x", Title: "Kommunen på X", Slot: "2026-10-15", Text: Text{"Jobbet har gett upp.", "The job has given up."}},
		{Kind: KindStore, At: at, Topic: "store", Fact: "full", Urgent: true, Text: Text{"Arkivlagret tar inte emot: disken är full.", "The store takes nothing: the disk is full."}},
		{Kind: KindStore, At: at.Add(time.Minute), Topic: "store", Text: Text{"Arkivlagret svarar igen.", "The store answers again."}},
		{Kind: KindVerify, At: at, Text: Text{"En lagrad fil har ändrats.", "A stored file was changed."}, Lines: []Text{{"facebook-1: record.pdf", "facebook-1: record.pdf"}}},
	}
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("ARSRING_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", name, got)
	}
}

func TestAFaultIsToldOnceUntilItChanges(t *testing.T) {
	c := noon()
	s := serve(t, "none")
	o := s.options(t, c, "none")
	dir := o.Dir
	wall := func(fact string) Event {
		return Event{Kind: KindPerson, Tenant: "default", Account: "x", Topic: "account/default/x", Fact: fact, Text: Text{SV: "Hinder: " + fact, EN: "x"}}
	}
	for _, fact := range []string{"login", "login", "blocked", "login"} {
		tl := open(t, o) // each day another process
		tell(t, tl, wall(fact), wall(fact))
		morning(t, tl, c)
		if err := tl.Close(); err != nil {
			t.Fatal(err)
		}
	}
	text := allText(s.got())
	if len(s.got()) != 3 || strings.Count(text, "Hinder: login") != 2 || strings.Count(text, "Hinder: blocked") != 1 {
		t.Errorf("%d letters:\n%s", len(s.got()), text)
	}
	o.Dir = dir
	tl := open(t, o)
	kept := Event{Kind: KindKept, Tenant: "default", Account: "x", Topic: "account/default/x", Key: "kept/1", Outcome: "complete", Text: Text{SV: "Tagen.", EN: "Taken."}}
	tell(t, tl, kept, kept, wall("login"))
	morning(t, tl, c)
	if last := s.got()[3].text; strings.Count(last, "Tagen.") != 1 || strings.Count(last, "Hinder: login") != 1 {
		t.Errorf("after it was kept and met the wall again:\n%s", last)
	}
}

func TestUrgentLettersAreFewAndPassingFaultsWait(t *testing.T) {
	c := noon()
	s := serve(t, "none")
	tl := open(t, s.options(t, c, "none"))
	store := func(fact string) Event {
		return Event{Kind: KindStore, Topic: "store", Fact: fact, Urgent: fact != "", Text: Text{SV: "Lagret: " + fact, EN: "x"}}
	}
	for range 20 { // a store that comes and goes within the minute
		tell(t, tl, store("timeout"))
		c.on(10 * time.Second)
		tell(t, tl, store(""))
		if err := tl.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.got()); n != 0 {
		t.Fatalf("%d urgent letters about what passed by itself", n)
	}
	for i := range 120 { // two hours of ever new faults
		tell(t, tl, store(fmt.Sprintf("fault-%d", i)), Event{Kind: KindDisk, Topic: fmt.Sprintf("disk/%d", i), Fact: "low", Urgent: true, Text: Text{SV: "Disk", EN: "disk"}})
		c.on(time.Minute)
		if err := tl.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.got()); n < 2 || n > 3 {
		t.Errorf("%d urgent letters in two hours", n)
	}
}

func TestEveryReaderGetsHisOwn(t *testing.T) {
	c := noon()
	s := serve(t, "none")
	o := s.options(t, c, "none")
	o.Readers = func(e Event) []string {
		if e.Tenant == "norr" {
			return []string{"norr@example.org", "NORR@example.org", "inte en adress", "drift@example.org"}
		}
		return []string{"drift@example.org"}
	}
	tl := open(t, o)
	tell(t, tl, Event{Kind: KindGivenUp, Tenant: "norr", Account: "a", Text: Text{SV: "Nordens.", EN: "x"}}, Event{Kind: KindGivenUp, Tenant: "söder", Account: "b", Text: Text{SV: "Söderns.", EN: "x"}})
	morning(t, tl, c)
	by := map[string]string{}
	for _, m := range s.got() {
		by[m.to] += m.text
	}
	if len(s.got()) != 2 || strings.Contains(by["norr@example.org"], "Söderns.") || !strings.Contains(by["norr@example.org"], "Nordens.") ||
		!strings.Contains(by["drift@example.org"], "Nordens.") || !strings.Contains(by["drift@example.org"], "Söderns.") {
		t.Errorf("%v", by)
	}
}

func TestHostileTextBreaksNothing(t *testing.T) {
	c := noon()
	s := serve(t, "none")
	tl := open(t, s.options(t, c, "none"))
	evil := "Snäll sida\r\nBcc: spion@example.org\r\n\r\n.\r\nMAIL FROM:<x>\u202e\u0000\x1b[31m\u200b" + strings.Repeat("A", 5000)
	e := full(evil)
	e.Title, e.Account, e.Link, e.Lines = evil, "konto", evil, []Text{{evil, evil}}
	tell(t, tl, e)
	c.on(2 * time.Minute)
	if err := tl.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := s.got()
	if len(got) != 1 || got[0].msg.Header.Get("Bcc") != "" || len(got[0].subject(t)) > 300 {
		t.Fatalf("%d letters, header %v", len(got), got[0].msg.Header)
	}
	all := got[0].subject(t) + got[0].text
	for _, bad := range []string{"\u202e", "\u200b", "\x1b", "\x00", "\r", "\nBcc", "\n.", "\nMAIL"} {
		if strings.Contains(all, bad) {
			t.Errorf("%q came through:\n%q", bad, all)
		}
	}
	for _, line := range strings.Split(string(got[0].raw), "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes (RFC 5322 allows 998)", len(line))
		}
	}
}

func TestJournalSurvivesWhatAKillLeaves(t *testing.T) {
	c := noon()
	s := serve(t, "none")
	o := s.options(t, c, "none")
	path := filepath.Join(o.Dir, "journal.jsonl")
	for i := range 5 {
		tl := open(t, o)
		tell(t, tl, Event{Kind: KindGivenUp, Account: "a", Key: fmt.Sprint("k", i), Text: Text{SV: fmt.Sprintf("Rad %d.", i), EN: "x"}})
		if err := tl.Close(); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(`{"t":"event","event":{"id":"torn`); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	tl := open(t, o)
	morning(t, tl, c)
	text := allText(s.got())
	for i := range 5 {
		if strings.Count(text, fmt.Sprintf("Rad %d.", i)) != 1 {
			t.Errorf("line %d in:\n%s", i, text)
		}
	}
}

// Several holders of one folder tell at once; one of them sends; the journal is written anew in between.
func TestSeveralProcessesShareAFolder(t *testing.T) {
	c := noon()
	s := serve(t, "none")
	o := s.options(t, c, "none")
	sender := open(t, o)
	if err := sender.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("lång ", 150)
	var wg sync.WaitGroup
	const tellers, each = 4, 120
	for n := range tellers {
		tl := open(t, o)
		if err := tl.Run(t.Context()); !errors.Is(err, ErrSender) {
			t.Fatalf("two senders: %v", err)
		}
		wg.Go(func() {
			for i := range each {
				if err := tl.Tell(Event{Kind: KindGivenUp, Account: "a", Key: fmt.Sprintf("%d/%d", n, i), Text: Text{SV: fmt.Sprintf("Rad %d/%d. %s", n, i, long), EN: long}}); err != nil {
					t.Error(err)
				}
				if i%40 == 0 {
					if err := sender.Flush(t.Context()); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	if err := sender.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 3 { // told again by another process: no news
		tl := open(t, o)
		tell(t, tl, Event{Kind: KindGivenUp, Account: "a", Key: "0/0", Text: Text{SV: "Rad 0/0.", EN: "x"}})
	}
	if n := sender.Status().Events; n != tellers*each {
		t.Errorf("%d events wait, want %d", n, tellers*each)
	}
	morning(t, sender, c)
	if got := s.got(); len(got) != 1 || !strings.Contains(got[0].text, fmt.Sprintf("... och %d till", tellers*each-maxLines)) {
		t.Errorf("%d letters", len(got))
	}
	if fi, err := os.Stat(filepath.Join(o.Dir, "journal.jsonl")); err != nil || fi.Size() > 2*compactAt {
		t.Errorf("the journal grew to %d bytes, %v", fi.Size(), err)
	}
}

func TestSlotOfTheDigestFollowsTheLocalDay(t *testing.T) {
	for now, want := range map[string]string{
		"2026-10-25T06:59:00+01:00": "2026-10-24T07:00:00+02:00", // the night the clock goes back
		"2026-10-25T07:00:00+01:00": "2026-10-25T07:00:00+01:00",
		"2027-03-28T08:00:00+02:00": "2027-03-28T07:00:00+02:00",
		"2027-01-01T00:00:00+01:00": "2026-12-31T07:00:00+01:00",
	} {
		n, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := slot(n, 7, 0, stockholm).Format(time.RFC3339); got != want {
			t.Errorf("at %s: %s, want %s", now, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\r\nBcc: b", 10)
	f.Fuzz(func(t *testing.T, s string, most int) {
		most = max(2, most%500)
		got := Clean(s, most)
		if strings.ContainsFunc(got, func(r rune) bool { return r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || turnsText(r) }) || len([]rune(got)) > most+1 {
			t.Errorf("%q became %q", s, got)
		}
		if Clean(got, most+1) != got {
			t.Errorf("cleaning twice changes %q", got)
		}
	})
}
