package web

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"arsring/internal/access"
	"arsring/internal/capture"
	"arsring/internal/register"
)

func (q *ask) newAccountPage() error {
	form := url.Values{"class": {string(register.ClassOpen)}, "tenant": {register.DefaultTenant}, "platform": {"web"}}
	return q.accountForm(http.StatusOK, register.Account{}, true, form, nil)
}

var notShort = regexp.MustCompile(`[^a-z0-9]+`)

// shortName makes an ID of an account's name, as a first proposal.
func shortName(s string) string {
	s = strings.NewReplacer("å", "a", "ä", "a", "ö", "o", "é", "e", "ü", "u").Replace(strings.ToLower(s))
	s = strings.Trim(notShort.ReplaceAllString(s, "-"), "-")
	if len(s) > 48 {
		s = strings.Trim(s[:48], "-")
	}
	return s
}

// saveNew adds an account, or reports it where the asker may not decide.
func (q *ask) saveNew() error {
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	v := q.r.PostForm
	tenant := v.Get("tenant")
	if tenant == "" {
		tenant = register.DefaultTenant
	}
	if err := q.need(tenant, access.Officer); err != nil {
		return err
	}
	a := fill(register.Account{Tenant: tenant, ID: strings.TrimSpace(v.Get("id"))}, v)
	if a.ID == "" {
		a.ID = shortName(a.Title)
		v.Set("id", a.ID)
	}
	if errs := q.tooLong(v); len(errs) > 0 {
		return q.accountForm(http.StatusUnprocessableEntity, a, true, v, errs)
	}
	if !q.MayChange(tenant) {
		return q.propose(a, v)
	}
	err := q.o.Accounts.Add(a, q.change(v, q.t("Nytt konto", "New account")))
	if errs, ok := q.formErrors(err); ok {
		return q.accountForm(http.StatusUnprocessableEntity, a, true, v, errs)
	}
	if err != nil {
		return err
	}
	if err := q.note(tenant, "account-add", a.ID, a.URL); err != nil {
		return err
	}
	q.flash(q.t("Kontot är tillagt i registret.", "The account is in the register."))
	return q.redirect("/konton/" + tenant + "/" + a.ID)
}

// formErrors are what the register says about fields, also where the whole is refused.
func (q *ask) formErrors(err error) (map[string]string, bool) {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		field := refusal.Field
		if field == "" {
			field = "title"
		}
		return map[string]string{field: q.t(refusal.SV, refusal.EN)}, true
	}
	return q.problems(err)
}

func (q *ask) change(v url.Values, otherwise string) register.Change {
	reason := strings.TrimSpace(v.Get("reason"))
	if reason == "" {
		reason = otherwise
	}
	return register.Change{By: q.actor.Who(), Reason: reason, At: q.o.Now(), IfVersion: v.Get("version")}
}

// propose keeps the account as a report that an admin answers. What the register would refuse is refused now.
func (q *ask) propose(a register.Account, v url.Values) error {
	errs := map[string]string{}
	for key, what := range map[string]string{"title": a.Title, "url": a.URL, "unit": a.Unit, "archive_creator": a.ArchiveCreator, "responsible-name": a.Responsible.Name} {
		if what == "" {
			errs[key] = q.label(key) + ": " + q.t("fyll i det här fältet.", "fill in this field.")
		}
	}
	if webLink(a.URL) == "" {
		errs["url"] = q.t("Adressen ska börja med https://", "The address begins with https://")
	}
	if r, err := q.o.Accounts.Current(); err == nil {
		if _, taken := r.ByID(a.Tenant, a.ID); taken {
			errs["id"] = q.t("Kortnamnet är upptaget av ett annat konto.", "The short name belongs to another account.")
		}
	}
	if len(errs) > 0 {
		return q.accountForm(http.StatusUnprocessableEntity, a, true, v, errs)
	}
	if _, err := q.o.State.Propose(q.ctx(), access.Proposal{Tenant: a.Tenant, Account: a, By: q.actor.Who(), Reason: strings.TrimSpace(v.Get("reason"))}); err != nil {
		return err
	}
	if err := q.note(a.Tenant, "account-propose", a.ID, a.URL); err != nil {
		return err
	}
	q.flash(q.t("Anmälan är mottagen. En administratör godkänner den innan kontot hamnar i registret.", "The report has been received. An administrator approves it before the account stands in the register."))
	return q.redirect("/konton")
}

func (q *ask) editPage() error {
	a, err := q.changeable()
	if err != nil {
		return err
	}
	return q.accountForm(http.StatusOK, a, false, formOf(a), nil)
}

// changeable is the account of the address, when the asker may change it.
func (q *ask) changeable() (register.Account, error) {
	a, err := q.account(q.r.PathValue("tenant"), q.r.PathValue("id"))
	if err != nil {
		return a, err
	}
	return a, q.need(a.Tenant, access.Archivist)
}

func (q *ask) edit() error {
	a, err := q.changeable()
	if err != nil {
		return err
	}
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	v := q.r.PostForm
	if q.rt.api { // what is left out stays as it is
		given := v
		v = formOf(a)
		maps.Copy(v, given)
	}
	changed := fill(a, v)
	if errs := q.tooLong(v); len(errs) > 0 {
		return q.accountForm(http.StatusUnprocessableEntity, changed, false, v, errs)
	}
	fields := register.Diff(a, changed)
	if len(fields) == 0 {
		q.flash(q.t("Inget var ändrat.", "Nothing was changed."))
		return q.redirect("/konton/" + a.Tenant + "/" + a.ID)
	}
	err = q.o.Accounts.Update(changed, q.change(v, q.t("Ändring på sidan", "Change on the page")))
	if errs, ok := q.formErrors(err); ok {
		return q.accountForm(http.StatusUnprocessableEntity, changed, false, v, errs)
	}
	if err != nil {
		return err
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Key
	}
	if err := q.note(a.Tenant, "account-update", a.ID, strings.Join(names, ", ")); err != nil {
		return err
	}
	q.flash(q.t("Ändringen är sparad i registret.", "The change is in the register."))
	return q.redirect("/konton/" + a.Tenant + "/" + a.ID)
}

// closeAccount announces a closure, and orders the snapshot that belongs to it.
func (q *ask) closeAccount() error {
	a, err := q.changeable()
	if err != nil {
		return err
	}
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	v := q.r.PostForm
	n := register.Notice{Date: v.Get("notice-date"), Remove: v.Get("notice-remove"), Reason: strings.TrimSpace(v.Get("reason"))}
	err = q.o.Accounts.Close(a.Tenant, a.ID, n, q.change(url.Values{"reason": {n.Reason}}, q.t("Kontot avslutas", "The account is closed")))
	if errs, ok := q.formErrors(err); ok {
		return q.showAccount(http.StatusUnprocessableEntity, a, v, errs)
	}
	if err != nil {
		return err
	}
	if err := q.note(a.Tenant, "account-close", a.ID, n.Remove); err != nil {
		return err
	}
	id, err := q.o.Orders.Place(q.ctx(), Order{Tenant: a.Tenant, Account: a.ID, Trigger: capture.TriggerClosure, Reason: n.Reason, By: q.actor.Who()})
	if err != nil {
		return err
	}
	q.flash(q.t("Avslutet är antecknat. En sista ögonblicksbild tas nu; ta inte bort kontot förrän den är lagrad.", "The closure is noted. A last snapshot is being taken; do not remove the account before it is stored."))
	return q.redirect("/jobb/" + id)
}

func (q *ask) pause() error {
	a, err := q.changeable()
	if err != nil {
		return err
	}
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	v := q.r.PostForm
	reason := strings.TrimSpace(v.Get("pause_reason"))
	until := time.Time{}
	errs := map[string]string{}
	if reason == "" || len([]rune(reason)) > longest {
		errs["pause_reason"] = q.t("Skriv varför kontot pausas.", "Write why the account is paused.")
	}
	if s := v.Get("pause_until"); s != "" {
		d, ok := register.Day(s)
		if !ok || d.Before(q.o.Now()) {
			errs["pause_until"] = q.t("Skriv en dag som kommer, ÅÅÅÅ-MM-DD.", "Write a day to come, YYYY-MM-DD.")
		}
		until = d.AddDate(0, 0, 1)
	}
	if len(errs) > 0 {
		return q.showAccount(http.StatusUnprocessableEntity, a, v, errs)
	}
	if err := q.note(a.Tenant, "pause", a.ID, reason); err != nil {
		return err
	}
	if err := q.o.Pauses.SetPause(q.ctx(), access.Pause{Tenant: a.Tenant, Account: a.ID, Until: until, Reason: reason, By: q.actor.Who()}); err != nil {
		return err
	}
	q.flash(q.t("Kalendern lämnar kontot i fred tills pausen är slut.", "The calendar leaves the account alone until the pause ends."))
	return q.redirect("/konton/" + a.Tenant + "/" + a.ID)
}

func (q *ask) resume() error {
	a, err := q.changeable()
	if err != nil {
		return err
	}
	if err := q.note(a.Tenant, "resume", a.ID, ""); err != nil {
		return err
	}
	if err := q.o.Pauses.EndPause(q.ctx(), a.Tenant, a.ID); err != nil {
		return err
	}
	q.flash(q.t("Pausen är slut.", "The pause has ended."))
	return q.redirect("/konton/" + a.Tenant + "/" + a.ID)
}

func (q *ask) proposalsPage() error {
	all, err := q.proposals("")
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, "proposals", q.t("Anmälda konton", "Reported accounts"), all)
}

// answer approves or refuses a reported account.
func (q *ask) answer() error {
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	id, err := strconv.ParseInt(q.r.PathValue("id"), 10, 64)
	if err != nil {
		return ErrNotFound
	}
	waiting, err := q.proposals("waiting")
	if err != nil {
		return err
	}
	for _, p := range waiting {
		if p.ID == id {
			return q.answerTo(p, q.r.PostForm)
		}
	}
	return ErrNotFound
}

func (q *ask) answerTo(p access.Proposal, v url.Values) error {
	state, action := "refused", "account-refuse"
	if v.Get("svar") == "ja" {
		state, action = "approved", "account-approve"
		reason := fmt.Sprintf("%s %s", q.t("Anmält av", "Reported by"), p.By)
		if err := q.o.Accounts.Add(p.Account, register.Change{By: q.actor.Who(), Reason: reason, At: q.o.Now()}); err != nil {
			return err
		}
	}
	if err := q.o.State.Answer(q.ctx(), p.ID, state, clip(longest, v.Get("answer")), q.actor.Who()); err != nil {
		return err
	}
	if err := q.note(p.Tenant, action, p.Account.ID, clip(longest, v.Get("answer"))); err != nil {
		return err
	}
	q.flash(q.t("Svaret är sparat.", "The answer has been kept."))
	return q.redirect("/anmalningar")
}
