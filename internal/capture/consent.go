package capture

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/network"
)

// consentPlan is what the page's script wants to do next about a consent dialog.
type consentPlan struct {
	Do   string // "refuse", "save", "settings", "hide", "unlock"; empty for nothing
	What string // the button's label, or the dialog's first words
}

// consentDone is what came of it.
type consentDone struct {
	Done bool // it was done
	Gone bool // the dialog is gone
	Lost bool // the page was replaced meanwhile
}

const (
	consentSteps  = 8                       // acts on one page: a dialog that keeps coming back is left alone
	consentPeriod = 8 * time.Second         // how long a dialog may be late
	consentWait   = 1500 * time.Millisecond // how long a button may take to show its effect
)

// consentActs names the interventions.
var consentActs = map[string]string{"refuse": "consent-refused", "save": "consent-refused", "settings": "consent-settings", "hide": "consent-hidden", "unlock": "scroll-unlocked"}

// consent answers a consent dialog: refused where refusing is offered, else hidden. Each act is an intervention. A page without one costs a
// few milliseconds.
func (t *tab) consent(ctx context.Context) error {
	acted, err := t.answerConsent(ctx, 0)
	if err != nil || !acted {
		return err
	}
	// Some pages fetch what they show only when they have been answered.
	if err := t.settle(ctx, true); err != nil {
		return err
	}
	return t.late(ctx)
}

// consentLate answers a dialog that came after consent was called, and tells whether there was one. It is cheap enough to be called for every
// view, and does nothing once the page has been open for a while.
func (t *tab) consentLate(ctx context.Context) (acted bool, err error) {
	return t.answerConsent(ctx, consentPeriod)
}

// answerConsent does what there is to do about a consent dialog, with late > 0 only during so long after the first time. acted tells whether
// there was anything.
func (t *tab) answerConsent(ctx context.Context, late time.Duration) (acted bool, err error) {
	if late > 0 && !t.consentSince.IsZero() && time.Since(t.consentSince) > late {
		return false, nil
	}
	if t.consentSince.IsZero() {
		t.consentSince = time.Now()
	}
	pressNothing := false
	for range consentSteps {
		plan, err := eval[consentPlan](ctx, t, "consentPlan", late.Milliseconds(), pressNothing)
		if err != nil || plan.Do == "" {
			return acted, err
		}
		acted = true
		before, err := t.standing(ctx)
		if err != nil {
			return acted, err
		}
		done, err := eval[consentDone](ctx, t, "consentDo", consentWait.Milliseconds())
		if err != nil {
			return acted, err
		}
		if done.Done || done.Lost {
			t.note(consentActs[plan.Do], plan.What)
		}
		if plan.Do == "refuse" || plan.Do == "save" {
			left, err := t.comeBack(ctx, before)
			if err != nil {
				return acted, err
			}
			pressNothing = pressNothing || left
		}
	}
	return acted, nil
}

// standing is which document the tab shows.
type standing struct {
	address  string
	request  string
	response *network.Response
	refused  int // navigations that were ended
}

func (t *tab) standing(ctx context.Context) (standing, error) {
	address, err := eval[string](ctx, t, "address")
	t.net.mu.Lock()
	defer t.net.mu.Unlock()
	return standing{address, t.net.docID, t.net.document, t.refusals()}, err
}

// comeBack waits for a page that loads itself again after an answer. Where the answer led to another page, it opens the first one again and
// reports so: nothing more should be pressed there.
func (t *tab) comeBack(ctx context.Context, before standing) (left bool, err error) {
	const grace = 80 * time.Millisecond // between a press and the request that follows from it
	if err := pause(ctx, grace); err != nil {
		return false, err
	}
	now, err := t.standing(ctx)
	if err != nil || now.refused != before.refused || now.request == before.request && now.address == before.address {
		return false, err // it stays where it is
	}
	for until := time.Now().Add(t.b.o.Load); now.request != before.request && now.response == before.response && now.refused == before.refused && time.Now().Before(until); {
		if err := pause(ctx, 15*time.Millisecond); err != nil {
			return false, err
		}
		if now, err = t.standing(ctx); err != nil {
			return false, err
		}
	}
	if _, err := eval[any](ctx, t, "loaded", t.b.o.Load.Milliseconds()); err != nil {
		return false, err
	}
	if now, err = t.standing(ctx); err != nil {
		return false, err
	}
	if now.address != before.address && now.request != before.request {
		t.note("returned", withoutSecrets(before.address))
		if _, _, err := t.open(ctx, before.address); err != nil {
			return true, err
		}
		left = true
	}
	return left, t.settle(ctx, true)
}
