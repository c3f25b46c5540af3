package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"arsring/config"
	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/job"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// calendarOf makes the calendar of the configuration. Its faults are calendar.Problems.
func calendarOf(c config.Calendar) (*calendar.Calendar, error) {
	s := calendar.Settings{Openings: c.Openings, WindowDays: c.WindowDays, HourFrom: c.HourFrom, HourTo: c.HourTo}
	for _, f := range c.Forbidden {
		s.Forbidden = append(s.Forbidden, calendar.Forbidden{Name: f.Name, From: f.From, To: f.To})
	}
	for _, g := range c.Groups {
		s.Groups = append(s.Groups, calendar.Group{Name: g.Name, Openings: g.Openings, WindowDays: g.WindowDays})
	}
	return calendar.New(s)
}

// Calendar is the calendar of the configuration; a fault in it is a *UsageError that names the settings and where they stand.
func (a *App) Calendar() (*calendar.Calendar, error) {
	c, err := calendarOf(a.cfg.Calendar)
	if err != nil {
		var faults calendar.Problems
		if !errors.As(err, &faults) {
			return nil, err
		}
		lines := make([]string, len(faults))
		for i, f := range faults {
			lines[i] = a.cfg.Problem("calendar."+f.Key, f.Text.SV, f.Text.EN).Error()
		}
		return nil, &UsageError{strings.Join(lines, "\n")}
	}
	return c, nil
}

// keeper is what the archive knows.
type keeper interface {
	refresh(ctx context.Context, accounts []register.Account) ([]register.Account, error) // those of which the archive could be asked
	of(a *register.Account) (kept []calendar.Kept, known time.Time)
	ask(ctx context.Context, a *register.Account) ([]calendar.Kept, error)
}

// orders is the queue, as far as ordering needs it.
type orders interface {
	Order(ctx context.Context, o ...job.Order) ([]job.Placed, error)
	Slots(ctx context.Context) (map[string]map[string]job.State, error)
	Pauses(ctx context.Context) ([]job.Pause, error)
}

// ticker asks the calendar again and again and orders what is due. It remembers nothing but what it has told.
type ticker struct {
	cal   *calendar.Calendar
	keep  keeper
	queue orders
	now   func() time.Time
	id    func(account string, at time.Time, trigger capture.Trigger) string
	emit  func(Event)
	told  map[string]bool
}

// chunk is how many accounts are asked about before they are ordered: after a long absence thousands may be due at once.
const chunk = 100

// tick asks once. It gives how many jobs were ordered anew. Where tenants cannot be read it orders for the others, and names those in the error.
func (t *ticker) tick(ctx context.Context, accounts []register.Account) (int, error) {
	accounts, unread := t.keep.refresh(ctx, accounts)
	if unread != nil {
		unread = fmt.Errorf("the archive cannot be asked what has been kept: %w", unread)
		if len(accounts) == 0 {
			return 0, unread
		}
	}
	n, err := t.orderDue(ctx, accounts)
	return n, errors.Join(err, unread)
}

// orderDue orders what is due of the accounts.
func (t *ticker) orderDue(ctx context.Context, accounts []register.Account) (int, error) {
	standings, err := t.standings(ctx, accounts)
	if err != nil {
		return 0, err
	}
	now := t.now()
	decisions := t.cal.Due(standings, now)
	t.tell(standings, decisions, now)
	byKey := make(map[string]*calendar.Standing, len(standings))
	for i := range standings {
		byKey[standings[i].Account.Tenant+"/"+standings[i].Account.ID] = &standings[i]
	}
	ordered, batch := 0, []job.Order{}
	for i := range decisions {
		if d := &decisions[i]; d.Take {
			o, ok, err := t.confirm(ctx, byKey[d.Tenant+"/"+d.Account], d, now)
			if err != nil {
				return ordered, err
			}
			if ok {
				batch = append(batch, o)
			}
		}
		if len(batch) == chunk || i == len(decisions)-1 {
			n, err := t.order(ctx, batch)
			ordered += n
			if err != nil {
				return ordered, err
			}
			batch = batch[:0]
		}
	}
	return ordered, nil
}

// standings says of every account what is kept, queued and paused.
func (t *ticker) standings(ctx context.Context, accounts []register.Account) ([]calendar.Standing, error) {
	slots, err := t.queue.Slots(ctx)
	if err != nil {
		return nil, fmt.Errorf("the queue cannot be asked: %w", err)
	}
	pauses, err := t.queue.Pauses(ctx)
	if err != nil {
		return nil, fmt.Errorf("the queue cannot be asked for pauses: %w", err)
	}
	return standingsOf(accounts, t.keep, slots, pauses), nil
}

func standingsOf(accounts []register.Account, keep keeper, slots map[string]map[string]job.State, pauses []job.Pause) []calendar.Standing {
	paused := map[string]*calendar.Pause{}
	for _, p := range pauses {
		paused[p.Scope] = &calendar.Pause{Reason: p.Reason}
		if !p.Until.IsZero() {
			paused[p.Scope].Until = p.Until.In(register.Location()) // people read it
		}
	}
	out := make([]calendar.Standing, len(accounts))
	for i := range accounts {
		a := &accounts[i]
		s := calendar.Standing{Account: *a}
		s.Kept, s.Known = keep.of(a)
		for slot, state := range slots[a.Tenant+"/"+a.ID] {
			if s.Queued == nil {
				s.Queued = map[string]string{}
			}
			s.Queued[slot] = string(state)
		}
		for _, scope := range []string{job.ScopeAll, "platform:" + a.Platform, "account:" + a.Tenant + "/" + a.ID} {
			if p := paused[scope]; p != nil {
				s.Paused = p
			}
		}
		out[i] = s
	}
	return out
}

// confirm asks the archive about the one account before anything is ordered for it: what is remembered may be hours old.
func (t *ticker) confirm(ctx context.Context, s *calendar.Standing, d *calendar.Decision, now time.Time) (job.Order, bool, error) {
	kept, err := t.keep.ask(ctx, &s.Account)
	if err != nil {
		return job.Order{}, false, fmt.Errorf("the archive cannot be asked what has been kept of %s: %w", d.Account, err)
	}
	again := *s
	again.Kept = kept
	for _, n := range t.cal.Due([]calendar.Standing{again}, now) {
		if n.Trigger == d.Trigger && n.Take {
			return t.orderOf(&s.Account, &n, now), true, nil
		}
	}
	return job.Order{}, false, nil
}

func (t *ticker) orderOf(a *register.Account, d *calendar.Decision, now time.Time) job.Order {
	trigger := capture.Trigger(d.Trigger)
	o := orderFor(a, trigger, t.id(a.ID, now, trigger), now)
	o.Slot, o.Once, o.Late, o.Manual = d.Slot, "", d.Late, trigger == capture.TriggerClosure
	return o
}

// orderFor is an order for an account, without a slot.
func orderFor(a *register.Account, trigger capture.Trigger, id string, now time.Time) job.Order {
	return job.Order{Tenant: a.Tenant, Account: a.ID, Snapshot: id, Trigger: string(trigger), Once: string(trigger), Lane: laneOf(a), Platform: a.Platform,
		Title: a.Title, Ordered: now, Manual: true}
}

// laneOf is what the account's captures share with others: the platform and the login there, or a site of its own.
func laneOf(a *register.Account) string {
	lane := a.Platform
	if host := hostOf(a.URL); host != "" && (lane == "" || lane == PlatformWeb || lane == "mastodon") {
		lane = PlatformWeb + ":" + host
	}
	if a.LoginProfile != "" {
		lane += "/" + a.LoginProfile
	}
	return lane
}

func (t *ticker) order(ctx context.Context, batch []job.Order) (int, error) {
	if len(batch) == 0 {
		return 0, nil
	}
	placed, err := t.queue.Order(ctx, batch...)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, p := range placed {
		if p.New {
			n++
		}
	}
	return n, nil
}

// tell says once what people should know: windows that open, slots that are overdue or were missed.
func (t *ticker) tell(standings []calendar.Standing, decisions []calendar.Decision, now time.Time) {
	title := map[string]string{}
	for i := range standings {
		title[standings[i].Account.Tenant+"/"+standings[i].Account.ID] = standings[i].Account.Title
	}
	windows := map[string]*Event{}
	for i := range decisions {
		d := &decisions[i]
		key := d.Tenant + "/" + d.Account
		e := Event{At: now, Tenant: d.Tenant, Account: d.Account, Title: title[key], Slot: d.Slot, Trigger: capture.Trigger(d.Trigger)}
		if d.Status == calendar.StatusOverdue {
			e.Kind, e.Key, e.Next, e.Text = EventOverdue, "overdue/"+key+"/"+d.Slot, d.Next, capture.Text(d.Why())
			t.once(e)
		}
		for _, missed := range d.Missed {
			e.Kind, e.Slot, e.Key = EventMissed, missed, "missed/"+key+"/"+missed
			e.Text = capture.Text{SV: "Fönstret som öppnade " + missed + " gick utan ögonblicksbild.", EN: "The window that opened on " + missed + " passed without a snapshot."}
			t.once(e)
		}
		if d.Trigger != calendar.TriggerScheduled || d.Opens.IsZero() || now.Before(d.Opens) || !now.Before(d.Closes) {
			continue
		}
		name := "window/" + d.Slot + "/" + date(d.Closes)
		if windows[name] == nil {
			windows[name] = &Event{Kind: EventWindowStart, Key: name, At: now, Slot: d.Slot, Next: d.Closes, Text: capture.Text{
				SV: fmt.Sprintf("Fönstret %s till %s är öppet.", d.Slot, date(d.Closes.Add(-time.Hour))), EN: fmt.Sprintf("The window %s to %s is open.", d.Slot, date(d.Closes.Add(-time.Hour)))}}
		}
		windows[name].Accounts = append(windows[name].Accounts, key)
	}
	for _, e := range windows {
		t.once(*e)
	}
}

func (t *ticker) once(e Event) {
	if !t.told[e.Key] {
		t.told[e.Key] = true
		t.emit(e)
	}
}

func date(t time.Time) string { return t.In(register.Location()).Format(time.DateOnly) }

// drawID draws a snapshot's ID.
func (a *App) drawID(account string, at time.Time, trigger capture.Trigger) string {
	return sip.NewID(account, at, trigger, a.rand)
}
