package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"arsring/internal/access"
	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/register"
)

// scope is what the asker may see, for the catalogue. Where the roles differ between tenants and no tenant is named, it holds the classes
// that may be seen in all of them: too little rather than too much.
func (q *ask) scope(tenant string) (catalog.Scope, error) {
	r, err := q.o.Accounts.Current()
	if err != nil {
		return catalog.Scope{}, err
	}
	all := []string{register.DefaultTenant}
	for _, t := range r.Tenants {
		if !slices.Contains(all, t.ID) {
			all = append(all, t.ID)
		}
	}
	sc := catalog.Scope{}
	if !q.actor.Known() {
		if q.o.ReadingRoom && q.rt.room {
			sc = catalog.Scope{Tenants: all, Classes: []register.Class{register.ClassOpen}}
		}
		return sc, nil
	}
	for _, t := range all {
		if (tenant == "" || tenant == t) && q.actor.May(t, access.Reader) {
			sc.Tenants = append(sc.Tenants, t)
		}
	}
	for _, c := range catalog.AllClasses() {
		if !slices.ContainsFunc(sc.Tenants, func(t string) bool { return !q.actor.MaySee(t, c) }) {
			sc.Classes = append(sc.Classes, c)
		}
	}
	return sc, nil
}

// scopes are what the asker may see, for sums: tenants of which the same classes may be seen stand in one.
func (q *ask) scopes(r *register.Register) []catalog.Scope {
	var out []catalog.Scope
	all := []string{register.DefaultTenant}
	for _, t := range r.Tenants {
		if !slices.Contains(all, t.ID) {
			all = append(all, t.ID)
		}
	}
	for _, t := range all {
		if !q.actor.May(t, access.Reader) {
			continue
		}
		sc := catalog.Scope{Tenants: []string{t}}
		for _, c := range catalog.AllClasses() {
			if q.actor.MaySee(t, c) {
				sc.Classes = append(sc.Classes, c)
			}
		}
		i := slices.IndexFunc(out, func(o catalog.Scope) bool { return slices.Equal(o.Classes, sc.Classes) })
		if i < 0 {
			out = append(out, sc)
			continue
		}
		out[i].Tenants = append(out[i].Tenants, t)
	}
	return out
}

type searchData struct {
	catalog.Results
	Asked     bool
	Accounts  [][2]string
	Units     [][2]string
	Platforms [][2]string
	Triggers  [][2]string
	Outcomes  [][2]string
	More      string // address of the next page; empty: none
	Room      bool
}

func (q *ask) search() error {
	v := q.r.URL.Query()
	res, errs, err := q.find(v)
	if err != nil {
		return err
	}
	d := searchData{Results: res, Asked: len(v) > 0, Room: !q.actor.Known()}
	if err := q.searchMenus(&d); err != nil {
		return err
	}
	if res.Next != "" {
		next := cloneValues(v)
		next.Set("efter", res.Next)
		d.More = "/sok?" + next.Encode()
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return q.renderPage(status, "search", page{Title: q.t("Sök", "Search"), Form: v, Errors: errs, Data: d})
}

// find asks the catalogue for what a query string says.
func (q *ask) find(v url.Values) (catalog.Results, map[string]string, error) {
	errs := map[string]string{}
	sc, err := q.scope("")
	if err != nil || len(v) == 0 {
		return catalog.Results{}, errs, err
	}
	ask := catalog.Query{Scope: sc, Text: clip(500, v.Get("q")), WithoutNames: !q.actor.Known(), Page: catalog.Page{After: v.Get("efter"), Limit: 25}}
	ask.Platform, ask.Unit, ask.Trigger, ask.Outcome, ask.Origin = v.Get("plattform"), v.Get("verksamhet"), capture.Trigger(v.Get("anledning")), capture.Outcome(v.Get("utfall")), capture.Origin(v.Get("vems"))
	if ask.Tenant, ask.Account, err = q.namedAccount(v.Get("konto"), errs); err != nil {
		return catalog.Results{}, errs, err
	}
	oneOf(q, "vems", v, origins, errs)
	oneOf(q, "anledning", v, triggers, errs)
	oneOf(q, "utfall", v, outcomes, errs)
	for name, to := range map[string]*time.Time{"dag1": &ask.PublishedFrom, "dag2": &ask.PublishedTo} {
		s := v.Get(name)
		if s == "" {
			continue
		}
		d, ok := register.Day(s)
		if !ok {
			errs[name] = q.t("Skriv dagen som ÅÅÅÅ-MM-DD.", "Write the day as YYYY-MM-DD.")
			continue
		}
		if name == "dag2" {
			d = d.AddDate(0, 0, 1)
		}
		*to = d
	}
	if len(errs) > 0 {
		return catalog.Results{}, errs, nil
	}
	res, err := q.o.Search.Search(q.ctx(), ask)
	var wrong *catalog.InputError
	if errors.As(err, &wrong) {
		errs["q"] = q.t(wrong.Text.SV, wrong.Text.EN)
		return catalog.Results{}, errs, nil
	}
	return res, errs, err
}

// namedAccount takes tenant/id, or an id that only one account has of those that the asker may see. A name that tells no account is put among the errors.
func (q *ask) namedAccount(name string, errs map[string]string) (tenant, id string, err error) {
	if tenant, id, ok := strings.Cut(name, "/"); ok || name == "" {
		return tenant, id, nil
	}
	r, err := q.o.Accounts.Current()
	if err != nil {
		return "", "", err
	}
	n := 0
	for _, a := range r.Accounts {
		if a.ID == name && q.searches(a) {
			tenant, n = a.Tenant, n+1
		}
	}
	if n != 1 {
		errs["konto"] = q.t("Skriv kontot som kommun/konto, till exempel ", "Write the account as tenant/account, such as ") + register.DefaultTenant + "/" + clip(60, name) + "."
	}
	return tenant, name, nil
}

// searches reports whether an account is among those that the asker can narrow a search to.
func (q *ask) searches(a register.Account) bool {
	if q.actor.Known() {
		return q.seesAccount(a)
	}
	return a.Class == register.ClassOpen
}

// oneOf puts a parameter that is none of the words among the errors: as a filter it would only find nothing.
func oneOf[T ~string](q *ask, name string, v url.Values, words map[T]pair, errs map[string]string) {
	if _, ok := words[T(v.Get(name))]; ok || v.Get(name) == "" {
		return
	}
	known := make([]string, 0, len(words))
	for w := range words {
		known = append(known, string(w))
	}
	slices.Sort(known)
	errs[name] = name + ": " + q.t("välj ", "choose ") + strings.Join(known, ", ") + "."
}

func (q *ask) searchMenus(d *searchData) error {
	all := [2]string{"", q.t("alla", "all")}
	d.Accounts, d.Units, d.Platforms, d.Triggers, d.Outcomes = [][2]string{all}, [][2]string{all}, [][2]string{all}, [][2]string{all}, [][2]string{all}
	for _, t := range []capture.Trigger{capture.TriggerScheduled, capture.TriggerManual, capture.TriggerClosure, capture.TriggerEvidence, capture.TriggerIngest} {
		d.Triggers = append(d.Triggers, [2]string{string(t), word(triggers, t, q.lang)})
	}
	for _, o := range []capture.Outcome{capture.Complete, capture.Partial} {
		d.Outcomes = append(d.Outcomes, [2]string{string(o), word(outcomes, o, q.lang)})
	}
	r, err := q.o.Accounts.Current()
	if err != nil {
		return err
	}
	units, plats := map[string]bool{}, map[string]bool{}
	for _, a := range r.Accounts {
		if !q.searches(a) {
			continue
		}
		d.Accounts = append(d.Accounts, [2]string{a.Tenant + "/" + a.ID, clip(60, a.Title)})
		if !units[a.Unit] && a.Unit != "" {
			units[a.Unit] = true
			d.Units = append(d.Units, [2]string{a.Unit, clip(60, a.Unit)})
		}
		if !plats[a.Platform] {
			plats[a.Platform] = true
			d.Platforms = append(d.Platforms, [2]string{a.Platform, platformName(a.Platform)})
		}
	}
	return nil
}

// HitLink is where a hit can be read: the post in its snapshot.
func (q *ask) HitLink(h catalog.Hit) string {
	to := "/ogonblicksbild/" + url.PathEscape(h.Snapshot)
	if h.Kind == catalog.KindSnapshot {
		return to
	}
	if h.Kind == catalog.KindPage {
		return to + "/inlagg"
	}
	return to + "/inlagg?visa=" + url.QueryEscape(h.Post) + "#p-" + url.PathEscape(h.Post)
}

// SheetLink opens the record at the page that shows a hit.
func (q *ask) SheetLink(snapshot string, sheet int) string {
	return "/ogonblicksbild/" + url.PathEscape(snapshot) + "/arkivexemplar.pdf#page=" + number(sheet)
}
