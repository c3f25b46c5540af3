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
	"net/url"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Webhook is an address that gets every event as JSON.
type Webhook struct {
	URL    string // empty: none. It may carry a secret, and is never repeated in an error
	Secret string // key of the signature; empty: calls are not signed
	// Client makes the calls; nil: one with a time limit of 15 s that follows no redirect.
	Client *http.Client
}

// The headers of a call. The signature is "sha256=" and the hex HMAC-SHA-256 of timestamp, a full stop and the body.
const (
	HeaderEvent     = "X-Arsring-Event"
	HeaderTimestamp = "X-Arsring-Timestamp"
	HeaderSignature = "X-Arsring-Signature"
)

// Sign gives the value of HeaderSignature for a body and a time in seconds since 1970.
func Sign(secret string, unix int64, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(h, "%d.", unix)
	_, _ = h.Write(body)
	return "sha256=" + hex.EncodeToString(h.Sum(nil))
}

type hook struct {
	w Webhook
	c *retryablehttp.Client
}

func newHook(w Webhook) (*hook, error) {
	if w.URL == "" {
		return nil, nil
	}
	if u, err := url.Parse(w.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("notify.webhook is no address: it begins with https://")
	}
	return &hook{w: w, c: patient(w.Client, 2)}, nil
}

// patient is a client that tries again at once when a server stumbles, and shows neither address nor body to anybody.
func patient(plain *http.Client, tries int) *retryablehttp.Client {
	c := retryablehttp.NewClient()
	c.Logger = nil
	c.RetryMax, c.RetryWaitMin, c.RetryWaitMax = tries, 200*time.Millisecond, 2*time.Second
	c.ErrorHandler = retryablehttp.PassthroughErrorHandler
	if plain == nil {
		plain = &http.Client{Timeout: 15 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	c.HTTPClient = plain
	return c
}

// call posts one event; any answer of the 200s means that it was taken.
func (h *hook) call(ctx context.Context, e Event, now time.Time) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPost, h.w.URL, body)
	if err != nil {
		return errors.New("the address of the webhook is no address")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Arsring")
	req.Header.Set(HeaderEvent, e.ID)
	req.Header.Set(HeaderTimestamp, strconv.FormatInt(now.Unix(), 10))
	if h.w.Secret != "" {
		req.Header.Set(HeaderSignature, Sign(h.w.Secret, now.Unix(), body))
	}
	return finish(h.c.Do(req))
}

// finish reads an answer to its end and judges it.
func finish(resp *http.Response, err error) error {
	if err != nil {
		return withoutAddress(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("the server answered %d", resp.StatusCode)
	}
	return nil
}

// withoutAddress takes the address, which may carry a secret, out of an error.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// hookTold is after how many failures in a row people are told.
const hookTold = 5

// callHook posts what waits, in the order of its coming. The first failure ends the round.
func (t *Teller) callHook(ctx context.Context) error {
	for t.hook != nil && ctx.Err() == nil {
		e, ok := t.nextHook()
		if !ok {
			return nil
		}
		now := t.o.Now()
		err := t.hook.call(ctx, e.Event, now)
		if ctx.Err() != nil {
			return ctx.Err() // it is posted again; its ID says that it is the same
		}
		r := record{T: recHooked, At: now, ID: e.ID}
		var more []record
		switch {
		case err == nil:
			more = t.clears("webhook", KindHook, Text{"Webhooken tar emot händelser igen.", "The webhook takes events again."})
		case now.Sub(e.Accepted) >= t.o.GiveUp:
			r.T, r.Error = recHookGone, err.Error()
		default:
			r.T, r.Error = recHookFailed, err.Error()
			r.Next = now.Add(wait(t.failures()+1, 30*time.Minute))
		}
		if err != nil && t.failures()+1 >= hookTold {
			more = t.hookFault(err)
		}
		if cerr := t.change(func(*state) ([]record, error) { return append([]record{r}, more...), nil }); cerr != nil {
			return cerr
		}
		if err != nil && r.T == recHookFailed {
			return fmt.Errorf("the webhook takes nothing: %w", err)
		}
	}
	return nil
}

func (t *Teller) nextHook() (kept, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.o.Now().Before(t.s.HookNext) {
		return kept{}, false
	}
	for _, k := range t.s.Events {
		if k.Hook {
			return *k, true
		}
	}
	return kept{}, false
}

func (t *Teller) failures() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.s.HookN
}

func (t *Teller) hookFault(err error) []record {
	e, perr := t.prepare(Event{Kind: KindHook, Topic: "webhook", Fact: "failing", Text: Text{
		SV: fmt.Sprintf("Webhooken tar inte emot händelser (%v): kontrollera notify.webhook.", err),
		EN: fmt.Sprintf("The webhook takes no events (%v): check notify.webhook.", err),
	}})
	if perr != nil {
		return nil
	}
	return []record{t.eventRecord(e)}
}
