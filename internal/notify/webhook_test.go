package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// receiver is a webhook's other end.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	got   []Event
	tries int
	fault http.HandlerFunc // nil: takes everything
}

func receive(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		r.mu.Lock()
		r.tries++
		fault := r.fault
		r.mu.Unlock()
		if fault != nil {
			fault(w, req)
			return
		}
		mac := hmac.New(sha256.New, []byte("nyckel"))
		fmt.Fprint(mac, req.Header.Get("X-Arsring-Timestamp")+"."+string(body))
		if want := "sha256=" + hex.EncodeToString(mac.Sum(nil)); req.Header.Get("X-Arsring-Signature") != want || req.Header.Get("Content-Type") != "application/json" {
			t.Errorf("headers %v, want signature %s", req.Header, want)
		}
		var e Event
		if err := json.Unmarshal(body, &e); err != nil || e.ID != req.Header.Get("X-Arsring-Event") {
			t.Errorf("body %s: %v", body, err)
		}
		r.mu.Lock()
		r.got = append(r.got, e)
		r.mu.Unlock()
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) set(f http.HandlerFunc) { r.mu.Lock(); defer r.mu.Unlock(); r.fault = f }

func (r *receiver) events() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Event{}, r.got...)
}

func hookOptions(t *testing.T, r *receiver, c *clock) Options {
	return Options{Dir: t.TempDir(), Location: stockholm, Now: c.Now, Webhook: Webhook{URL: r.URL + "/hemlig-adress", Secret: "nyckel",
		Client: &http.Client{Timeout: time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}}
}

func TestWebhookTakesEveryEventOnceAndInOrder(t *testing.T) {
	elsewhere := receive(t)
	for name, fault := range map[string]http.HandlerFunc{
		"none": nil,
		"500":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) },
		"404":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) },
		"redirect": func(w http.ResponseWriter, req *http.Request) {
			http.Redirect(w, req, elsewhere.URL, http.StatusTemporaryRedirect)
		},
		"cut":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"stall": func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			c := noon()
			r := receive(t)
			o := hookOptions(t, r, c)
			o.Webhook.Client.Timeout = 200 * time.Millisecond
			if fault == nil {
				o.Webhook.Client.Timeout = 10 * time.Second
			}
			r.set(fault)
			tl := open(t, o)
			for i := range 3 {
				tell(t, tl, Event{Kind: KindGivenUp, Account: "a", Posts: ptr(i), Text: Text{SV: "Rad", EN: "Line"}})
			}
			err := tl.Flush(t.Context())
			if (err == nil) != (fault == nil) {
				t.Fatalf("error %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "hemlig") {
				t.Errorf("the error gives the address away: %v", err)
			}
			if fault != nil && (len(r.events()) != 0 || tl.Status().Hooks != 3 || tl.Status().HookErr == "") {
				t.Fatalf("during the fault: %d taken, %+v", len(r.events()), tl.Status())
			}
			if err := tl.Close(); err != nil {
				t.Fatal(err)
			}
			r.set(nil)
			o.Webhook.Client.Timeout = 10 * time.Second
			tl = open(t, o)
			for range 3 {
				c.on(time.Hour)
				if err := tl.Flush(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			got := r.events()
			if len(got) != 3 || *got[0].Posts != 0 || *got[2].Posts != 2 || got[0].ID == got[1].ID || tl.Status().Hooks != 0 {
				t.Errorf("%d taken: %+v", len(got), got)
			}
		})
	}
	if elsewhere.tries != 0 {
		t.Error("a redirect was followed with the event")
	}
}

func TestWebhookThatStaysAwayIsSaidByMail(t *testing.T) {
	c := noon()
	s := serve(t, "none")
	r := receive(t)
	o := s.options(t, c, "none")
	o.Webhook = hookOptions(t, r, c).Webhook
	r.set(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) })
	tl := open(t, o)
	tell(t, tl, Event{Kind: KindGivenUp, Account: "a", Key: "first", Text: Text{SV: "Första.", EN: "First."}})
	for range 100 {
		c.on(time.Hour)
		_ = tl.Flush(t.Context())
	}
	text := allText(s.got())
	if strings.Count(text, "Webhooken tar inte emot händelser (the server answered 403)") != 1 || strings.Contains(text, "hemlig") {
		t.Errorf("the letters say:\n%s", text)
	}
	if st := tl.Status(); st.Hooks != 0 {
		t.Errorf("an event waits for ever: %+v", st)
	}
	r.set(nil)
	tell(t, tl, Event{Kind: KindGivenUp, Account: "b", Key: "second", Text: Text{SV: "Andra.", EN: "Second."}})
	for range 30 {
		c.on(time.Hour)
		_ = tl.Flush(t.Context())
	}
	if got := r.events(); len(got) != 1 || got[0].Account != "b" || !strings.Contains(allText(s.got()), "Webhooken tar emot händelser igen.") {
		t.Errorf("%d events taken afterwards", len(got))
	}
}

func TestHeartbeatBeatsWhileAllIsWell(t *testing.T) {
	beats := make(chan string, 100)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { beats <- r.Method }))
	defer srv.Close()
	var mu sync.Mutex
	var health error
	var reports []string
	told := make(chan struct{}, 100)
	tl := open(t, Options{Dir: t.TempDir(), Heartbeat: srv.URL + "/hemlig", HeartbeatEvery: 20 * time.Millisecond,
		Healthy: func(context.Context) error { mu.Lock(); defer mu.Unlock(); return health },
		Report: func(err error) {
			mu.Lock()
			defer mu.Unlock()
			reports = append(reports, err.Error())
			told <- struct{}{}
		}})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- tl.Run(ctx) }()
	for range 3 {
		if m := <-beats; m != http.MethodGet {
			t.Errorf("called by %s", m)
		}
	}
	mu.Lock()
	health = errors.New("the store is away")
	mu.Unlock()
	<-told
	<-told // a whole round after the first that was held back
	for len(beats) > 0 {
		<-beats
	}
	<-told
	if n := len(beats); n != 0 {
		t.Errorf("%d beats while ill", n)
	}
	mu.Lock()
	health = nil
	mu.Unlock()
	<-beats
	srv.CloseClientConnections()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if !strings.Contains(reports[0], "the store is away") || strings.Contains(strings.Join(reports, "\n"), "hemlig") {
		t.Errorf("reports %q", reports)
	}
}
