package web

import (
	"cmp"
	"errors"
	"math"
	"net/http"
	"slices"
	"strings"

	"arsring/internal/access"
	"arsring/internal/calendar"
	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/register"
)

func (q *ask) apiAccounts() error {
	r, err := q.o.Accounts.Current()
	if err != nil {
		return err
	}
	out := []register.Account{}
	for _, a := range r.Accounts {
		if q.seesAccount(a) {
			out = append(out, a)
		}
	}
	return q.json(http.StatusOK, out)
}

func (q *ask) apiAccount() error {
	a, err := q.account(q.r.PathValue("tenant"), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	return q.json(http.StatusOK, a)
}

func (q *ask) apiSnapshots() error {
	from, err := q.number("offset", 0, math.MaxInt32)
	if err != nil {
		return err
	}
	n, err := q.number("limit", 100, 1000)
	if err != nil {
		return err
	}
	v := q.r.URL.Query()
	all, err := q.visible(v.Get("tenant"), v.Get("account"))
	if err != nil {
		return err
	}
	from = min(from, len(all))
	return q.json(http.StatusOK, map[string]any{"total": len(all), "snapshots": append([]Snapshot{}, all[from:min(from+n, len(all))]...)})
}

func (q *ask) apiSnapshot() error {
	k, err := q.kept()
	if err != nil {
		return err
	}
	out := map[string]any{"snapshot": k.Snapshot, "manifest": k.M, "receipt": nil}
	switch r, err := q.o.Archive.Receipt(q.ctx(), k.ID); {
	case err == nil:
		out["receipt"] = r
	case !errors.Is(err, ErrNotFound):
		return err
	}
	return q.json(http.StatusOK, out)
}

func (q *ask) apiSearch() error {
	res, errs, err := q.find(q.r.URL.Query())
	if err != nil {
		return err
	}
	if len(errs) > 0 {
		return q.formJSON(http.StatusUnprocessableEntity, page{Errors: errs})
	}
	if res.Hits == nil {
		res.Hits = []catalog.Hit{}
	}
	return q.json(http.StatusOK, map[string]any{"count": res.Count, "more": res.More, "next": res.Next, "hits": res.Hits})
}

func (q *ask) apiCompare() error {
	v := q.r.URL.Query()
	if v.Get("a") == "" || v.Get("b") == "" {
		return &Refusal{SV: "a och b ska vara två ögonblicksbilder.", EN: "a and b are two snapshots."}
	}
	a, err := q.snapshot(v.Get("a"))
	if err != nil {
		return err
	}
	b, err := q.snapshot(v.Get("b"))
	if err != nil {
		return err
	}
	d := compareData{Tenant: b.Tenant, Account: b.Account, New: &b}
	errs := map[string]string{}
	if err := q.compared(&d, a.ID, b.ID, errs); err != nil {
		return err
	}
	if len(errs) > 0 {
		return q.json(http.StatusUnprocessableEntity, map[string]any{"error": errs["a"], "status": 422})
	}
	return q.json(http.StatusOK, d.Comparison)
}

func (q *ask) apiDue() error {
	all, err := q.standings()
	if err != nil {
		return err
	}
	type row struct {
		calendar.Decision
		Why   calendar.Text `json:"why"`
		Valid bool          `json:"valid"` // a complete snapshot of this half-year is stored and read back
	}
	out := []row{}
	for _, st := range all {
		out = append(out, row{st.Decision, st.Decision.Why(), st.Valid})
	}
	return q.json(http.StatusOK, out)
}

// apiOrder takes an order as JSON: tenant, account, trigger ("manual", "closure" or "evidence"), reason, and for evidence url, ground, diary.
func (q *ask) apiOrder() error {
	var o Order
	if err := q.readJSON(&o); err != nil {
		return err
	}
	if err := o.lacks(); err != nil {
		return err
	}
	a, err := q.account(o.Tenant, o.Account)
	if err != nil {
		return err
	}
	if err := q.need(a.Tenant, access.Officer); err != nil {
		return err
	}
	o.By = q.actor.Who()
	action := "order"
	if o.Trigger == capture.TriggerEvidence {
		action = "evidence"
	}
	if err := q.note(o.Tenant, action, o.Account, strings.TrimSpace(o.URL+" "+o.Reason)); err != nil {
		return err
	}
	id, err := q.o.Orders.Place(q.ctx(), o)
	if err != nil {
		return err
	}
	q.w.Header().Set("Location", "/api/v1/orders/"+id)
	return q.json(http.StatusAccepted, map[string]string{"id": id})
}

// lacks fills in what goes without saying, and refuses an order in which something is missing or wrong, by the name of its field.
func (o *Order) lacks() error {
	o.Tenant, o.Reason = cmp.Or(o.Tenant, register.DefaultTenant), strings.TrimSpace(o.Reason)
	var missing []string
	for _, f := range [][2]string{{"account", o.Account}, {"trigger", string(o.Trigger)}, {"reason", o.Reason}} {
		if f[1] == "" {
			missing = append(missing, f[0])
		}
	}
	switch {
	case len(missing) > 0:
		return &Refusal{SV: "Det här saknas: " + strings.Join(missing, ", ") + ".", EN: "This is missing: " + strings.Join(missing, ", ") + "."}
	case !slices.Contains([]capture.Trigger{capture.TriggerManual, capture.TriggerClosure, capture.TriggerEvidence}, o.Trigger):
		return &Refusal{SV: "trigger ska vara manual, closure eller evidence.", EN: "trigger is manual, closure or evidence."}
	case len([]rune(o.Reason)) > longest:
		return &Refusal{SV: "reason är för långt.", EN: "reason is too long."}
	case o.Trigger == capture.TriggerEvidence && webLink(o.URL) == "":
		return &Refusal{SV: "url ska vara inläggets adress.", EN: "url is the address of the post."}
	}
	return nil
}

func (q *ask) apiOrders() error {
	all, err := q.jobs()
	if err != nil {
		return err
	}
	return q.json(http.StatusOK, append([]Job{}, all...))
}

func (q *ask) apiJob() error {
	j, err := q.job()
	if err != nil {
		return err
	}
	return q.json(http.StatusOK, j)
}
