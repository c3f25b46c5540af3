package app

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"arsring/internal/archive"
	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// ledger is what the archive says has been kept of each account, remembered between two askings. The archive is asked for everything now and
// then, since commands and other daemons deliver too, and for one account right before something is ordered for it.
type ledger struct {
	store func(ctx context.Context) (*archive.Store, error)
	now   func() time.Time

	mu    sync.Mutex
	kept  map[string]map[string]calendar.Kept // "tenant/account" → snapshot ID → what it is
	known map[string]time.Time                // "tenant/account" → when the register first had it
	asked time.Time                           // when the archive was last asked for everything
}

// Snapshots older than this say nothing about a window that is open or was missed lately; the whole archive is asked anew after everything.
const (
	ledgerYears  = 3
	ledgerAfresh = 6 * time.Hour
)

func newLedger(store func(ctx context.Context) (*archive.Store, error), now func() time.Time) *ledger {
	return &ledger{store: store, now: now, kept: map[string]map[string]calendar.Kept{}, known: map[string]time.Time{}}
}

// refresh asks the archive for everything when that was long ago, and notes accounts that are new in the register. It gives the accounts of which it
// then knows; those of tenants that cannot be read are named by an *archive.UnreadError beside them.
func (l *ledger) refresh(ctx context.Context, accounts []register.Account) ([]register.Account, error) {
	s, err := l.store(ctx)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	fresh := !l.asked.IsZero() && l.now().Sub(l.asked) < ledgerAfresh
	l.mu.Unlock()
	var unread error
	if !fresh {
		if accounts, unread = l.readAll(ctx, s, accounts); len(accounts) == 0 && unread != nil {
			return nil, unread
		}
	}
	if err := l.noteNew(ctx, s, accounts); err != nil {
		return nil, err
	}
	return accounts, unread
}

// readAll reads what was kept and since when accounts are known. It gives what refresh gives.
func (l *ledger) readAll(ctx context.Context, s *archive.Store, accounts []register.Account) ([]register.Account, error) {
	asked := l.now()
	entries, unread := s.ListReadable(ctx, archive.ListFilter{})
	if unread != nil {
		if accounts = readable(accounts, unread); len(accounts) == 0 {
			return nil, unread
		}
		asked = time.Time{} // asked again the next time
	}
	if err := l.take(ctx, s, entries); err != nil {
		return nil, err
	}
	known, err := readKnown(ctx, s, accounts)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for k, at := range known {
		l.know(k, at)
	}
	l.asked = asked
	return accounts, unread
}

// readable leaves out the accounts of tenants that could not be read; any other error leaves none.
func readable(accounts []register.Account, err error) []register.Account {
	var u *archive.UnreadError
	if !errors.As(err, &u) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(accounts), func(a register.Account) bool {
		return slices.ContainsFunc(u.Tenants, func(t archive.Unread) bool { return t.Tenant == a.Tenant })
	})
}

// know keeps the earliest time; the caller holds the lock.
func (l *ledger) know(key string, at time.Time) {
	if before, ok := l.known[key]; !ok || at.Before(before) {
		l.known[key] = at
	}
}

// take reads the manifests of packages that are not in the ledger yet.
func (l *ledger) take(ctx context.Context, s *archive.Store, entries []archive.Entry) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, e := range entries {
		_, at, trigger, err := sip.ParseID(e.ID)
		if err != nil || trigger == capture.TriggerEvidence || trigger == capture.TriggerIngest || at.Before(l.now().AddDate(-ledgerYears, 0, 0)) || l.has(e) {
			continue
		}
		g.Go(func() error {
			r, _, err := s.Open(gctx, e, manifestPath)
			if err != nil {
				return err
			}
			defer r.Close()
			m, err := sip.ReadManifest(r)
			if err != nil {
				return nil // a package that nobody can read fills no slot; verify finds it
			}
			l.add(e.Tenant, e.Account, keptOf(m, at))
			return nil
		})
	}
	return g.Wait()
}

func (l *ledger) has(e archive.Entry) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, ok := l.kept[e.Tenant+"/"+e.Account][e.ID]
	return ok
}

// keptOf is a snapshot as the calendar sees it: ordered at the time in its ID.
func keptOf(m sip.Manifest, at time.Time) calendar.Kept {
	k := calendar.Kept{ID: m.ID, Trigger: string(m.Trigger), Complete: m.Outcome == capture.Complete, At: at, WantedFrom: m.Period.WantedFrom}
	if m.Slot != nil {
		k.Slot = *m.Slot
	}
	return k
}

func (l *ledger) add(tenant, account string, k calendar.Kept) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := tenant + "/" + account
	if l.kept[key] == nil {
		l.kept[key] = map[string]calendar.Kept{}
	}
	l.kept[key][k.ID] = k
}

// of gives what is remembered of an account, and since when the register has had it.
func (l *ledger) of(a *register.Account) (kept []calendar.Kept, known time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := a.Tenant + "/" + a.ID
	for _, k := range l.kept[key] {
		kept = append(kept, k)
	}
	return kept, l.known[key]
}

// ask asks the archive for one account, now.
func (l *ledger) ask(ctx context.Context, a *register.Account) ([]calendar.Kept, error) {
	s, err := l.store(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := s.List(ctx, archive.ListFilter{Tenant: a.Tenant, Account: a.ID})
	if err != nil {
		return nil, err
	}
	if err := l.take(ctx, s, entries); err != nil {
		return nil, err
	}
	kept, _ := l.of(a)
	return kept, nil
}

// kindKnown is the kind of the notes in the archive's log that say since when accounts have stood in the register. A window that had closed
// before is nobody's debt.
const kindKnown = "accounts-known"

func readKnown(ctx context.Context, s *archive.Store, accounts []register.Account) (map[string]time.Time, error) {
	out := map[string]time.Time{}
	for _, tenant := range tenantsOf(accounts) {
		for o, err := range s.ListKeys(ctx, tenant+"/_log/") {
			if err != nil {
				return nil, err
			}
			if !strings.Contains(o.Key, "-"+kindKnown+"-") {
				continue
			}
			data, _, err := s.Get(ctx, o.Key)
			if err != nil {
				return nil, err
			}
			var e archive.LogEntry
			var ids []string
			if json.Unmarshal(data, &e) != nil || json.Unmarshal(e.Data, &ids) != nil {
				continue // somebody else's file
			}
			for _, id := range ids {
				key := tenant + "/" + id
				if before, ok := out[key]; !ok || e.At.Before(before) {
					out[key] = e.At
				}
			}
		}
	}
	return out, nil
}

func tenantsOf(accounts []register.Account) []string {
	var out []string
	for i := range accounts {
		out = append(out, accounts[i].Tenant)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// noteNew writes into the archive's log which accounts it meets for the first time.
func (l *ledger) noteNew(ctx context.Context, s *archive.Store, accounts []register.Account) error {
	fresh := map[string][]string{}
	l.mu.Lock()
	for i := range accounts {
		a := &accounts[i]
		if _, ok := l.known[a.Tenant+"/"+a.ID]; !ok {
			fresh[a.Tenant] = append(fresh[a.Tenant], a.ID)
		}
	}
	l.mu.Unlock()
	var errs []error
	for tenant, ids := range fresh {
		data, err := json.Marshal(ids)
		if err != nil {
			return err
		}
		at := l.now()
		err = s.Log(ctx, tenant, archive.LogEntry{At: at, Kind: kindKnown, By: "arsring", Data: data,
			Text: archive.Text{SV: "Kontona står i registret från och med nu.", EN: "The accounts stand in the register from now on."}})
		if err != nil {
			errs = append(errs, err)
			continue
		}
		l.mu.Lock()
		for _, id := range ids {
			l.know(tenant+"/"+id, at)
		}
		l.mu.Unlock()
	}
	return errors.Join(errs...)
}
