package web

import (
	"errors"
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
	v := q.r.URL.Query()
	all, err := q.visible(v.Get("tenant"), v.Get("account"))
	if err != nil {
		return err
	}
	from := min(max(0, atoi(v.Get("offset"))), len(all))
	n := atoi(v.Get("limit"))
	if n <= 0 || n > 1000 {
		n = 100
	}
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
		return q.json(http.StatusUnprocessableEntity, map[string]any{"error": "the query is wrong", "fields": errs, "status": 422})
	}
	if res.Hits == nil {
		res.Hits = []catalog.Hit{}
	}
	return q.json(http.StatusOK, map[string]any{"count": res.Count, "more": res.More, "next": res.Next, "hits": res.Hits})
}

func (q *ask) apiCompare() error {
	v := q.r.URL.Query()
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
	if o.Tenant == "" {
		o.Tenant = register.DefaultTenant
	}
	a, err := q.account(o.Tenant, o.Account)
	if err != nil {
		return err
	}
	if err := q.need(a.Tenant, access.Officer); err != nil {
		return err
	}
	o.Reason, o.By = strings.TrimSpace(o.Reason), q.actor.Who()
	switch {
	case !slices.Contains([]capture.Trigger{capture.TriggerManual, capture.TriggerClosure, capture.TriggerEvidence}, o.Trigger):
		return &Refusal{SV: "trigger ska vara manual, closure eller evidence.", EN: "trigger is manual, closure or evidence."}
	case o.Reason == "" || len([]rune(o.Reason)) > longest:
		return &Refusal{SV: "reason saknas eller är för långt.", EN: "reason is missing or too long."}
	case o.Trigger == capture.TriggerEvidence && webLink(o.URL) == "":
		return &Refusal{SV: "url ska vara inläggets adress.", EN: "url is the address of the post."}
	}
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
