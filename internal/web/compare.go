package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"arsring/internal/catalog"
)

type compareData struct {
	*catalog.Comparison
	Title    string
	Tenant   string
	Account  string
	Choices  [][2]string
	Old, New *Snapshot // hide those of the comparison
	Sheets   [2][]sheet
	Nothing  bool
}

// compare shows what is new, changed and gone between two snapshots of one account.
func (q *ask) compare() error {
	v := q.r.URL.Query()
	d := compareData{}
	a, b := v.Get("a"), v.Get("b")
	tenant, id, _ := strings.Cut(v.Get("konto"), "/")
	if b != "" {
		s, err := q.snapshot(b)
		if err != nil {
			return err
		}
		d.New, tenant, id = &s, s.Tenant, s.Account
	}
	acc, err := q.account(tenant, id)
	if err != nil {
		return err
	}
	d.Title, d.Tenant, d.Account = acc.Title, tenant, id
	snaps, err := q.visible(tenant, id)
	if err != nil {
		return err
	}
	for _, s := range snaps {
		if wide(s) {
			d.Choices = append(d.Choices, [2]string{s.ID, when(s.Taken) + ", " + word(outcomes, s.Outcome, q.lang)})
		}
	}
	form := url.Values{"a": {a}, "b": {b}}
	if a == "" && b == "" && len(d.Choices) > 1 {
		form.Set("a", d.Choices[1][0])
		form.Set("b", d.Choices[0][0])
	}
	errs := map[string]string{}
	if a != "" && b != "" {
		if err := q.compared(&d, a, b, errs); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return q.renderPage(status, "compare", page{Title: q.t("Jämför", "Compare") + ", " + clip(80, d.Title), Form: form, Errors: errs, Data: d})
}

func (q *ask) compared(d *compareData, a, b string, errs map[string]string) error {
	one, err := q.snapshot(a)
	if err != nil {
		return err
	}
	if one.Tenant != d.Tenant || one.Account != d.Account || a == b {
		errs["a"] = q.t("Välj två olika ögonblicksbilder av samma konto.", "Choose two different snapshots of one account.")
		return nil
	}
	sc, err := q.scope(d.Tenant)
	if err != nil {
		return err
	}
	got, err := q.o.Search.Compare(q.ctx(), sc, a, b)
	var wrong *catalog.InputError
	var none *catalog.NotFoundError
	switch {
	case errors.As(err, &wrong):
		errs["a"] = q.t(wrong.Text.SV, wrong.Text.EN)
		return nil
	case errors.As(err, &none):
		return ErrNotFound
	case err != nil:
		return err
	}
	d.Comparison, d.Old = &got, &one
	if got.Old.ID != a { // the older one stands on the left, whatever was asked
		d.Old, d.New = d.New, &one
	}
	d.Nothing = len(got.Added)+len(got.Changed)+len(got.Removed) == 0
	for i, s := range []*Snapshot{d.Old, d.New} {
		m, err := q.o.Archive.Manifest(q.ctx(), s.ID)
		if err != nil {
			return err
		}
		d.Sheets[i] = sheetsOf(m)
		d.Sheets[i] = d.Sheets[i][:min(len(d.Sheets[i]), 12)]
	}
	return nil
}

// Side is the snapshot on a side: 0 the older, 1 the newer.
func (d compareData) Side(i int) *Snapshot {
	if i == 0 {
		return d.Old
	}
	return d.New
}

// Marked reports whether something on this page of a side's record differs.
func (d compareData) Marked(side, page int) bool {
	if page == 0 || d.Comparison == nil {
		return false
	}
	for _, c := range d.Removed {
		if side == 0 && c.OldSheet == page {
			return true
		}
	}
	for _, c := range d.Added {
		if side == 1 && c.NewSheet == page {
			return true
		}
	}
	for _, c := range d.Changed {
		if side == 0 && c.OldSheet == page || side == 1 && c.NewSheet == page {
			return true
		}
	}
	return false
}
