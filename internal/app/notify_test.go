package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/notify"
	"arsring/internal/proof"
	"arsring/internal/register"
)

// ear is a webhook's other end.
type ear struct {
	*httptest.Server
	heard chan notify.Event
}

func listen(t *testing.T) *ear {
	t.Helper()
	e := &ear{heard: make(chan notify.Event, 100)}
	e.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var n notify.Event
		if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
			t.Error(err)
		}
		e.heard <- n
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *ear) next(t *testing.T) notify.Event {
	t.Helper()
	select {
	case n := <-e.heard:
		return n
	case <-time.After(time.Minute):
		t.Fatal("nothing was heard for a minute")
		return notify.Event{}
	}
}

// run lets an observer work until the test ends.
func run(t *testing.T, o *Observer) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- o.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// The embedded store is not needed here, and its process takes time: lists are left for later.
func quietly(o *Observer) {
	o.Every, o.ListEvery = time.Hour, 0
}

func TestDaemonsEventsReachPeople(t *testing.T) {
	e := listen(t)
	o, _ := observed(t, map[string]any{"notify.webhook": e.URL, "notify.disk_low": "0"})
	quietly(o)
	run(t, o)
	complete := capture.Complete
	posts := 12
	full := &archive.UnreachableError{Code: archive.CodeFull, Text: archive.Text{SV: "Fullt.", EN: "Full."}}
	wall := Event{Kind: EventNeedsPerson, Tenant: "default", Account: "facebook", Title: "Kommunen", Slot: "2026-10-15", Result: &Result{Code: "login-wall"}, Text: capture.Text{SV: "Vägg.", EN: "Wall."}}
	kept := Event{Kind: EventKept, Tenant: "default", Account: "facebook", Slot: "2026-10-15", Snapshot: "s1", Trigger: capture.TriggerScheduled, Text: capture.Text{SV: "Tagen.", EN: "Taken."},
		Result: &Result{Outcome: &complete, Posts: &posts, Missing: []Missing{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}, {"f", "6"}, {"g", "7"}}}}
	for _, ev := range []Event{
		{Kind: EventStarted}, {Kind: EventTick}, {Kind: EventTick},
		{Kind: EventWindowStart, Key: "w", Slot: "2026-10-15", Accounts: []string{"default/facebook"}, Text: capture.Text{SV: "Öppet.", EN: "Open."}},
		{Kind: EventStoreRefuses, Err: full, Text: personText(full)}, {Kind: EventStoreRefuses, Err: full, Text: personText(full)}, {Kind: EventStoreBack, Text: capture.Text{SV: "Åter.", EN: "Back."}},
		wall, wall, kept, kept,
		{Kind: EventTickFailed, Err: errors.New("x"), Text: capture.Text{SV: "Stopp.", EN: "Stop."}}, {Kind: EventTick},
		{Kind: EventRegisterBad, Text: capture.Text{SV: "Trasigt.", EN: "Broken."}}, {Kind: EventRegister, Text: capture.Text{SV: "Helt.", EN: "Whole."}},
		{Kind: EventStoreRefuses, Tenant: "default", Account: "webb", Err: full, Text: personText(full)},
		{Kind: EventKept, Tenant: "default", Account: "webb", Snapshot: "s2", Trigger: capture.TriggerEvidence, Text: capture.Text{SV: "Bevis.", EN: "Evidence."}, Result: &Result{Outcome: &complete}},
		{Kind: EventOverdue, Key: "o", Tenant: "default", Account: "webb", Text: capture.Text{SV: "Sent.", EN: "Late."}},
	} {
		o.Hear(ev)
	}
	var got []string
	for range 14 {
		n := e.next(t)
		got = append(got, string(n.Kind)+":"+n.Fact+":"+n.Text.SV)
		switch n.Kind {
		case notify.KindStore:
			if n.Urgent != (n.Fact == archive.CodeFull) || n.Account != "" {
				t.Errorf("%+v", n)
			}
		case notify.KindKept:
			if n.Snapshot == "s2" {
				if n.Topic != "" {
					t.Errorf("evidence clears what hinders the account: %+v", n)
				}
				continue
			}
			if n.Outcome != "complete" || *n.Posts != 12 || len(n.Lines) != missedLines+1 || n.Lines[5].SV != "... och 2 till" || n.Link != "http://127.0.0.1:8080/ogonblicksbild/s1" {
				t.Errorf("%+v", n)
			}
		case notify.KindPerson:
			if n.Link != "http://127.0.0.1:8080/konton/default/facebook" {
				t.Errorf("%+v", n)
			}
		}
	}
	want := []string{"window-start::Öppet.", "store:full:Fullt.", "store::Åter.", "needs-person:needs-person/login-wall:Vägg.", "kept::Tagen.", "run-done::Omgången 2026-10-15 är klar: 1 av 1 konton har en ögonblicksbild.",
		"other:failed:Stopp.", "other::Kalendern går igen.", "register:broken/", "register::Helt.", "store:full:Fullt.", "kept::Bevis.", "store::Arkivlagret tar emot igen.", "overdue::Sent."}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("heard %q, want %q", got[i], want[i])
		}
	}
}

func TestLowDiskIsToldOnceAndWhenItHasPassed(t *testing.T) {
	e := listen(t)
	o, a := observed(t, map[string]any{"notify.webhook": e.URL, "notify.disk_low": "9000000TB"})
	look := func() {
		t.Helper()
		o.lookAtDisk()
		if err := o.t.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	look()
	n := e.next(t)
	if n.Kind != notify.KindDisk || n.Fact != "low" || !n.Urgent || !strings.Contains(n.Text.SV, "är ledigt i "+a.cfg.DataDir) {
		t.Fatalf("%+v", n)
	}
	look()
	a.cfg.Notify.DiskLow = 1
	look()
	if n := e.next(t); n.Kind != notify.KindDisk || n.Fact != "" || !strings.Contains(n.Text.SV, "Det finns plats igen") {
		t.Fatalf("%+v", n)
	}
}

func TestReadersAreThoseOfTheTenantAndTheAccount(t *testing.T) {
	for setting, want := range map[string]string{
		"none": "arkiv@example.org", "responsible": "arkiv@example.org anna@example.org", "administrators": "arkiv@example.org anna@example.org anna@example.org bo@example.org",
	} {
		_, a := observed(t, map[string]any{"mail.to": []string{"arkiv@example.org"}, "mail.accounts": setting})
		if got := strings.Join(a.readers(a.Register, notify.Event{Tenant: "default", Account: "webb"}), " "); got != want {
			t.Errorf("%s: %s", setting, got)
		}
		if got := strings.Join(a.readers(a.Register, notify.Event{Account: "webb"}), " "); got != "arkiv@example.org" {
			t.Errorf("an event of no tenant goes to %s", got)
		}
	}
	_, a := observed(t, map[string]any{"mail.to": []string{"drift@example.org"}})
	text, err := os.ReadFile(a.cfg.Register.Path)
	if err != nil {
		t.Fatal(err)
	}
	norr := strings.Replace(string(text), "tenant: default\n", "tenant: norr\nname: Norr\nmail: [norr@example.org]\n", 1)
	if err := os.WriteFile(a.cfg.Register.Path, []byte(norr), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(a.readers(a.Register, notify.Event{Tenant: "norr", Account: "webb"}), " "); got != "norr@example.org" {
		t.Errorf("the tenant's event goes to %s", got)
	}
}

// mailbox is a real mail server that keeps what it takes.
type mailbox struct {
	mu   sync.Mutex
	text []string
}

func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }
func (m *mailbox) Mail(string, *smtp.MailOptions) error        { return nil }
func (m *mailbox) Rcpt(to string, _ *smtp.RcptOptions) error   { return nil }
func (m *mailbox) Reset()                                      {}
func (m *mailbox) Logout() error                               { return nil }
func (m *mailbox) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.text = append(m.text, string(b))
	return err
}

// post starts a mail server and gives the settings that lead to it.
func post(t *testing.T) (*mailbox, map[string]any) {
	t.Helper()
	box := &mailbox{}
	s := smtp.NewServer(box)
	s.Domain = "mail.example"
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(ln) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	port := ln.Addr().(*net.TCPAddr).Port
	return box, map[string]any{"mail.host": "127.0.0.1", "mail.port": strconv.Itoa(port), "mail.tls": "none", "mail.from": "arsring@example.org", "mail.to": []string{"arkiv@example.org"}}
}

func TestRegistrarGetsTheRecordOnlyWhereEverybodyMayReadIt(t *testing.T) {
	for class, open := range map[register.Class]bool{register.ClassOpen: true, register.ClassReview: false, register.ClassSecret: false} {
		t.Run(string(class), func(t *testing.T) {
			box, over := post(t)
			_, a := observed(t, over)
			dir := t.TempDir()
			id := "facebook-20261014T120000Z-evidence-abcd"
			if err := os.WriteFile(filepath.Join(dir, "record.pdf"), []byte("%PDF-1.7 innehåll"), 0o600); err != nil {
				t.Fatal(err)
			}
			acc := register.Account{ID: "facebook", Tenant: "default", Title: "Kommunen", Registrar: &register.Person{Name: "Reg", Email: "registrator@example.org"}}
			p := &passage{a: a, dir: dir, job: capture.Job{SnapshotID: id, Account: acc, Trigger: capture.TriggerEvidence, Reason: "hotfullt inlägg", Evidence: &capture.Evidence{Diary: "KS 2026/17"}}}
			res := &EvidenceResult{Result: Result{ID: id, Trigger: capture.TriggerEvidence}, URL: "https://x.example/inlagg/1"}
			for range 2 {
				a.writeRegistrar(t.Context(), p, res, class)
			}
			if len(box.text) != 1 || len(res.Warnings) != 0 {
				t.Fatalf("%d letters, %v", len(box.text), res.Warnings)
			}
			m := box.text[0]
			if strings.Contains(m, id+".pdf") != open || strings.Contains(m, "hotfullt") != open || strings.Contains(m, "x.example") != open {
				t.Errorf("class %s:\n%s", class, m)
			}
			if !strings.Contains(m, "KS 2026/17") || !strings.Contains(m, "/ogonblicksbild/"+id[:20]) {
				t.Errorf("neither diary number nor link:\n%s", m)
			}
		})
	}
}

func TestFindingsAreToldUntilAllIsWhole(t *testing.T) {
	box, over := post(t)
	_, a := observed(t, over)
	now := a.now()
	a.now = func() time.Time { return now }
	bad := proof.Report{Bad: []Checked{{ID: "s1", Findings: []archive.Finding{{Code: "changed", Path: "record.pdf"}}}}}
	whole := proof.Report{OK: true}
	for range 3 {
		a.tellFindings(t.Context(), bad, false)
		now = now.Add(2 * time.Hour)
	}
	a.tellFindings(t.Context(), whole, false) // a few packages that are whole say nothing about the others
	if len(box.text) != 1 || !strings.Contains(box.text[0], "s1: record.pdf (changed)") {
		t.Fatalf("%q", box.text)
	}
	a.tellFindings(t.Context(), whole, true)
	now = now.Add(24 * time.Hour)
	a.tellFindings(t.Context(), whole, true)
	if len(box.text) != 2 || !strings.Contains(box.text[1], "=C3=85TER I ORDNING") {
		t.Errorf("%q", box.text)
	}
}
