package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/notify"
	"arsring/internal/proof"
)

// missedLines bounds what of a partial snapshot is named in a letter; the record names all of it.
const missedLines = 5

// told turns a daemon's event into one for people; ok is false for what nobody needs to hear.
//
// A fault of an account, of the store or of the register is a standing fact of its topic, told once until another takes its place; what
// happened once and for all has a key.
func (a *App) told(e Event) (n notify.Event, ok bool) {
	n = notify.Event{At: e.At, Tenant: e.Tenant, Account: e.Account, Title: e.Title, Trigger: string(e.Trigger), Slot: e.Slot, Snapshot: e.Snapshot, Accounts: e.Accounts,
		Text: notify.Text{SV: e.Text.SV, EN: e.Text.EN}, Link: a.accountLink(e.Tenant, e.Account)}
	account := "account/" + cmp.Or(e.Tenant, Tenant) + "/" + e.Account
	switch e.Kind {
	case EventWindowStart:
		n.Kind, n.Key, n.Link = notify.KindWindow, e.Key, ""
	case EventKept:
		n.Kind, n.Key = notify.KindKept, "kept/"+e.Snapshot
		a.addResult(&n, e.Result)
		n.Topic = whole(e.Trigger, account)
	case EventFailed:
		n.Kind, n.Topic, n.Fact = notify.KindFailed, account, "failed/"+codeOf(e)
	case EventNeedsPerson:
		n.Kind, n.Topic, n.Fact = notify.KindPerson, account, "needs-person/"+codeOf(e)
	case EventGivenUp:
		n.Kind, n.Topic, n.Fact = notify.KindGivenUp, account, "given-up/"+cmp.Or(e.Slot, e.Snapshot)
	case EventOverdue:
		n.Kind, n.Key = notify.KindOverdue, e.Key
	case EventMissed:
		n.Kind, n.Key = notify.KindMissed, e.Key
	case EventStoreRefuses:
		n.Kind, n.Topic, n.Fact, n.Urgent = notify.KindStore, "store", codeOf(e), true
		n.Tenant, n.Account, n.Title, n.Snapshot, n.Trigger, n.Link = "", "", "", "", "", "" // whoever met it first, it concerns everybody
	case EventStoreBack:
		n.Kind, n.Topic = notify.KindStore, "store"
	case EventTickFailed:
		var u *archive.UnreachableError
		if errors.As(e.Err, &u) { // the store's own event says it
			return n, false
		}
		n.Kind, n.Topic, n.Fact = notify.KindOther, "calendar", "failed"
	case EventTick:
		n.Kind, n.Topic = notify.KindOther, "calendar"
		n.Text = notify.Text{SV: "Kalendern går igen.", EN: "The calendar goes on again."}
	case EventRegisterBad:
		sum := sha256.Sum256([]byte(e.Text.EN))
		n.Kind, n.Topic, n.Fact = notify.KindCheck, "register", "broken/"+hex.EncodeToString(sum[:6])
	case EventRegister:
		n.Kind, n.Topic = notify.KindCheck, "register"
	default:
		return n, false
	}
	if n.Text == (notify.Text{}) && e.Result != nil {
		n.Text = notify.Text{SV: e.Result.Sentence, EN: e.Result.Sentence}
	}
	return n, true
}

// whole is the account's topic where all of it was kept: one documented post says nothing about what hinders the account's snapshot.
func whole(t capture.Trigger, topic string) string {
	if wholeAccount(t) {
		return topic
	}
	return ""
}

// storeTakes is the word that the archive takes what is delivered: a delivery proves it better than a question.
func storeTakes(e Event) notify.Event {
	return notify.Event{Kind: notify.KindStore, Topic: "store", At: e.At, Text: notify.Text{SV: "Arkivlagret tar emot igen.", EN: "The archive takes deliveries again."}}
}

// addResult puts what was kept into the event.
func (a *App) addResult(n *notify.Event, r *Result) {
	n.Link = a.snapshotLink(n.Snapshot)
	if r == nil {
		return
	}
	n.Posts, n.Pages = r.Posts, r.Pages
	if r.Outcome != nil {
		n.Outcome = string(*r.Outcome)
	}
	for i, m := range r.Missing {
		if i == missedLines {
			rest := len(r.Missing) - i
			n.Lines = append(n.Lines, notify.Text{SV: fmt.Sprintf("... och %d till", rest), EN: fmt.Sprintf("... and %d more", rest)})
			break
		}
		n.Lines = append(n.Lines, notify.Text{SV: m.Text, EN: m.Text})
	}
}

// codeOf names what went wrong, so that the same fault is known again: the store's code, the page's, or that there was an error.
func codeOf(e Event) string {
	var u *archive.UnreachableError
	switch {
	case errors.As(e.Err, &u):
		return u.Code
	case e.Result != nil && e.Result.Code != "":
		return e.Result.Code
	case e.Result != nil && e.Result.Outcome != nil:
		return string(*e.Result.Outcome)
	}
	return "error"
}

// tellFindings tells people of what verify found, or, after the whole archive was found in order, that this has passed.
func (a *App) tellFindings(ctx context.Context, r proof.Report, whole bool) {
	if r.OK && !whole {
		return
	}
	n := notify.Event{Kind: notify.KindVerify, Topic: "verify", Text: notify.Text{SV: "Alla lagrade paket är oförändrade.", EN: "All stored packages are unchanged."}}
	if !r.OK {
		n = findingsEvent(r)
	}
	if err := a.tellOnce(ctx, func(t *notify.Teller) error { return t.Tell(n) }); err != nil {
		a.log.Warn("the findings could not be told by mail now", "error", err)
	}
}

// findingsEvent is the word that what is stored differs from what was delivered.
func findingsEvent(r proof.Report) notify.Event {
	n := notify.Event{Kind: notify.KindVerify, Urgent: true, Topic: "verify", Text: notify.Text{
		SV: fmt.Sprintf("Kontrollen av arkivet fann %d paket som avviker och %d andra fel: kör arsring verify --all och jämför med säkerhetskopian.", len(r.Bad), len(r.Findings)),
		EN: fmt.Sprintf("Verifying the archive found %d packages that differ and %d other faults: run arsring verify --all and compare with the backup.", len(r.Bad), len(r.Findings)),
	}}
	if r.Unmet > 0 && r.Altered == 0 && len(r.Findings) == 0 {
		n.Urgent, n.Text = false, notify.Text{SV: fmt.Sprintf("Alla lagrade paket är oförändrade, men %d arkivexemplar uppfyller inte den PDF/A-nivå som de anger.", r.Unmet),
			EN: fmt.Sprintf("All stored packages are unchanged, but %d records do not meet the PDF/A level that they declare.", r.Unmet)}
	}
	h := sha256.New()
	add := func(line string) {
		_, _ = fmt.Fprintln(h, line)
		n.Lines = append(n.Lines, notify.Text{SV: line, EN: line})
	}
	for _, c := range r.Bad {
		for _, f := range c.Findings {
			add(c.ID + ": " + f.Path + " (" + f.Code + ")")
		}
	}
	for _, f := range r.Findings {
		add(f.Path + " (" + f.Code + ")")
	}
	n.Fact = hex.EncodeToString(h.Sum(nil)[:8])
	return n
}
