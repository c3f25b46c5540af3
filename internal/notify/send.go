package notify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Run sends what is due until ctx ends, and calls the heartbeat. It gives ErrSender when another process does that for the folder.
func (t *Teller) Run(ctx context.Context) error {
	if err := t.become(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() { defer close(done); t.beat(ctx) }()
	tick := time.NewTicker(t.o.Every)
	defer tick.Stop()
	for {
		if err := t.pass(ctx); err != nil && ctx.Err() == nil {
			t.o.Report(err)
		}
		select {
		case <-ctx.Done():
			<-done
			return nil
		case <-tick.C:
		case <-t.wake:
		}
	}
}

// Flush sends what is due now, once, unless another process sends for the folder, which then will. It is for commands that end.
func (t *Teller) Flush(ctx context.Context) error {
	if err := t.become(); err != nil {
		if errors.Is(err, ErrSender) {
			return nil
		}
		return err
	}
	return t.pass(ctx)
}

// pass writes the letters that are due, sends what waits, and calls the webhook.
func (t *Teller) pass(ctx context.Context) error {
	t.passing.Lock()
	defer t.passing.Unlock()
	if err := t.change(t.settle); err != nil {
		return err
	}
	if err := t.change(t.compose); err != nil {
		return err
	}
	err := t.mail(ctx)
	err = errors.Join(err, t.callHook(ctx))
	return errors.Join(err, t.compact())
}

// settle finds letters whose last line had gone out when the process before this one ended.
func (t *Teller) settle(s *state) ([]record, error) {
	var out []record
	for _, l := range s.Letters {
		if l.Committed {
			out = append(out, record{T: recUnsure, At: t.o.Now(), ID: l.ID})
		}
	}
	return out, nil
}

// compose writes the letters that are due: urgent ones after they were gathered for a moment, all others at the hour of the digest.
func (t *Teller) compose(s *state) ([]record, error) {
	now := t.o.Now()
	last := slot(now, t.hour, t.minute, t.o.Location)
	digest, urgent := false, false
	for _, k := range s.Events {
		if !k.Pending {
			continue
		}
		digest = digest || k.Accepted.Before(last)
		urgent = urgent || k.Urgent && now.Sub(k.Accepted) >= t.o.UrgentWait && now.Sub(s.Urgent) >= t.o.UrgentEvery
	}
	if !digest && !urgent {
		return nil, nil
	}
	r := record{T: recLetters, At: now}
	readers := map[string][]string{}
	for _, k := range s.Events {
		if !k.Pending || !digest && !k.Urgent {
			continue
		}
		r.Told = append(r.Told, k.ID)
		for _, to := range t.readers(k.Event) {
			readers[to] = append(readers[to], k.ID)
		}
	}
	for _, to := range slices.Sorted(maps.Keys(readers)) {
		l, gone, err := t.write(s, to, readers[to], digest, now)
		if err != nil {
			return nil, err
		}
		r.Letters, r.Withdrawn = append(r.Letters, l), append(r.Withdrawn, gone...)
	}
	return []record{r}, nil
}

func (t *Teller) readers(e Event) []string {
	var out []string
	for _, to := range t.o.Readers(e) {
		a, ok := address(to)
		if !ok || e.Kind == KindMail && strings.EqualFold("mail/"+a, e.Topic) || slices.ContainsFunc(out, func(x string) bool { return strings.EqualFold(x, a) }) {
			continue
		}
		out = append(out, a)
	}
	return out
}

// write makes one reader's letter. What he was written before and the server has not taken yet goes into it, so that days without a mail server
// end in one letter.
func (t *Teller) write(s *state, to string, ids []string, digest bool, now time.Time) (*letter, []string, error) {
	var gone, all []string
	since := now
	for _, l := range s.Letters {
		if l.Own || l.Committed || !strings.EqualFold(l.To, to) || !digest && !l.Urgent {
			continue
		}
		gone, all = append(gone, l.ID), append(all, l.Events...)
		if l.Since.Before(since) {
			since = l.Since
		}
	}
	for _, id := range ids {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	id, err := t.messageID()
	if err != nil {
		return nil, nil, err
	}
	var events []*kept
	for _, e := range all {
		if k := s.find(e); k != nil {
			events = append(events, k)
		}
	}
	a := author{lang: t.o.Lang, loc: t.o.Location, name: Clean(t.o.Organisation, 100), url: t.o.URL, standing: s.Standing}
	return &letter{ID: id, To: to, Subject: a.subject(events, !digest), Body: a.body(events, now), At: now, Since: since, Urgent: !digest, Events: all}, gone, nil
}

// messageID is unique in the world by the clock, ten random bytes and the sender's domain (RFC 5322 section 3.6.4).
func (t *Teller) messageID() (string, error) {
	id, err := t.draw()
	_, domain, ok := strings.Cut(t.o.Mail.sender(), "@")
	if !ok {
		domain = "arsring.invalid"
	}
	return id + "@" + domain, err
}

// mail sends every letter whose time has come. A server that is not there is left alone for a while, with all that waits for it.
func (t *Teller) mail(ctx context.Context) error {
	if t.o.Mail.Host == "" || t.o.Now().Before(t.mailNext) {
		return nil
	}
	t.mu.Lock()
	due := slices.DeleteFunc(slices.Clone(t.s.Letters), func(l *letter) bool { return l.Next.After(t.o.Now()) })
	t.mu.Unlock()
	for _, l := range due {
		err := t.o.Mail.send(ctx, l, func() error {
			return t.change(func(*state) ([]record, error) {
				return []record{{T: recCommit, At: t.o.Now(), ID: l.ID}}, nil
			})
		})
		if err := t.after(l, err); err != nil {
			return err
		}
		if err != nil && !answered(err) {
			return fmt.Errorf("mail to %s waits: %w", l.To, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// after notes how a try ended.
func (t *Teller) after(l *letter, err error) error {
	now := t.o.Now()
	var f *sendFault
	r := record{T: recSent, At: now, ID: l.ID}
	more := []record{}
	t.mu.Lock()
	t.mailN, t.mailErr, t.mailNext = 0, "", time.Time{}
	if err != nil && !answered(err) {
		t.mailN++
		t.mailErr, t.mailNext = err.Error(), now.Add(wait(t.mailN, 15*time.Minute))
	}
	t.mu.Unlock()
	switch {
	case err == nil:
		more = t.clears("mail/"+strings.ToLower(l.To), KindMail, Text{"Brev till " + l.To + " tas emot igen.", "Mail to " + l.To + " is taken again."})
	case errors.As(err, &f) && f.unknown:
		r.T = recUnsure
	case errors.As(err, &f) && f.permanent():
		r.T, r.Error, r.Next = recFailed, err.Error(), now.Add(time.Hour)
		if now.Sub(l.Since) >= t.o.GiveUp {
			r.T = recRefused
		}
		more = append(more, t.eventRecord(t.refusal(l, f)))
	default:
		r.T, r.Error, r.Next = recFailed, err.Error(), now.Add(wait(l.Tries+1, 15*time.Minute))
		if !answered(err) {
			r.Next = time.Time{} // the server was not there: the letter itself has done nothing wrong
		}
	}
	err = t.change(func(*state) ([]record, error) { return append([]record{r}, more...), nil })
	if l.Attach != nil && (r.T == recSent || r.T == recRefused || r.T == recUnsure) {
		err = errors.Join(err, os.Remove(l.Attach.Path))
	}
	return err
}

func (t *Teller) refusal(l *letter, f *sendFault) Event {
	e, _ := t.prepare(Event{Kind: KindMail, Topic: "mail/" + strings.ToLower(l.To), Fact: "refused", Text: Text{
		SV: fmt.Sprintf("Brev till %s tas inte emot (%v): rätta adressen.", l.To, f.err),
		EN: fmt.Sprintf("Mail to %s is not taken (%v): correct the address.", l.To, f.err),
	}, Lines: []Text{{l.Subject, l.Subject}}})
	return e
}

// clears gives the record that a topic is well again, where something stands against it.
func (t *Teller) clears(topic string, kind Kind, text Text) []record {
	t.mu.Lock()
	standing := t.s.Standing[topic]
	t.mu.Unlock()
	if standing == "" {
		return nil
	}
	e, err := t.prepare(Event{Kind: kind, Topic: topic, Text: text})
	if err != nil {
		return nil
	}
	return []record{t.eventRecord(e)}
}

// wait doubles from half a minute up to most.
func wait(n int, most time.Duration) time.Duration {
	return min(most, 30*time.Second<<min(n-1, 10))
}

// compactAt is the size from which the journal is written anew, when most of it is history.
const compactAt = 1 << 20

func (t *Teller) compact() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.j.size() < compactAt {
		return nil
	}
	err := t.j.locked(func() { t.s = newState() }, func() error {
		if err := t.j.news(t.apply); err != nil {
			return err
		}
		t.s.prune(t.o.Now())
		return t.j.replace(record{T: recState, At: t.o.Now(), State: t.s})
	})
	if err != nil {
		return err
	}
	return t.sweepFiles()
}

// sweepFiles removes attachments that no letter names any more.
func (t *Teller) sweepFiles() error {
	used := map[string]bool{}
	for _, l := range t.s.Letters {
		if l.Attach != nil {
			used[filepath.Base(l.Attach.Path)] = true
		}
	}
	files, err := os.ReadDir(filepath.Join(t.o.Dir, "attach"))
	for _, f := range files {
		fi, ferr := f.Info()
		if !used[f.Name()] && ferr == nil && t.o.Now().Sub(fi.ModTime()) > time.Hour {
			err = errors.Join(err, os.Remove(filepath.Join(t.o.Dir, "attach", f.Name())))
		}
	}
	return err
}
