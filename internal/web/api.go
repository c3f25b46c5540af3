package web

import (
	"encoding/json"
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
	d := json.NewDecoder(q.r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		return &Refusal{SV: "Begäran är inte JSON av rätt form.", EN: "The request is not JSON of the right form: " + clip(200, err.Error())}
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

func (s *Site) apiRoutes() []route {
	return []route{
		{pattern: "GET /api/openapi.json", run: (*ask).openAPI, api: true},
		{pattern: "GET /api/v1/accounts", need: access.Reader, run: (*ask).apiAccounts, api: true, about: "The accounts of record that the token may see"},
		{pattern: "GET /api/v1/accounts/{tenant}/{id}", need: access.Reader, run: (*ask).apiAccount, api: true, about: "One account"},
		{pattern: "GET /api/v1/snapshots", need: access.Reader, run: (*ask).apiSnapshots, api: true, about: "Snapshots, newest first", query: "tenant account limit offset"},
		{pattern: "GET /api/v1/snapshots/{id}", need: access.Reader, run: (*ask).apiSnapshot, api: true, about: "One snapshot with its manifest and receipt"},
		{pattern: "GET /api/v1/snapshots/{id}/record.pdf", need: access.Reader, run: (*ask).record, api: true, about: "The record, PDF/A"},
		{pattern: "GET /api/v1/snapshots/{id}/content.json", need: access.Reader, run: (*ask).contentFile, api: true, about: "Posts and comments as data"},
		{pattern: "GET /api/v1/snapshots/{id}/package.zip", need: access.Reader, run: (*ask).packageFile, api: true, about: "The whole package"},
		{pattern: "POST /api/v1/snapshots/{id}/check", need: access.Officer, run: (*ask).check, api: true, about: "Re-read every byte of the package"},
		{pattern: "GET /api/v1/search", need: access.Reader, run: (*ask).apiSearch, api: true, about: "Search posts, comments, pages and descriptions", query: "q konto verksamhet plattform vems anledning utfall dag1 dag2 efter"},
		{pattern: "GET /api/v1/compare", need: access.Reader, run: (*ask).apiCompare, api: true, about: "What differs between two snapshots of one account", query: "a b"},
		{pattern: "GET /api/v1/due", need: access.Reader, run: (*ask).apiDue, api: true, about: "How every account stands in the calendar"},
		{pattern: "GET /api/v1/orders", need: access.Officer, run: (*ask).apiOrders, api: true, about: "Orders that are under way, and the newest that have ended"},
		{pattern: "POST /api/v1/orders", need: access.Officer, run: (*ask).apiOrder, api: true, about: "Order a snapshot, or the documentation of a post"},
		{pattern: "GET /api/v1/orders/{id}", need: access.Officer, run: (*ask).apiJob, api: true, about: "How one order goes"},
		{pattern: "GET /api/v1/audit", need: access.Archivist, run: (*ask).audit, api: true, about: "The audit log, newest first", query: "vem vad pa fore"},
	}
}

// openAPI describes the API (OpenAPI 3.1), made from the table of routes so that it cannot say anything else than what is served.
func (q *ask) openAPI() error {
	paths := map[string]map[string]any{}
	for _, rt := range q.apiRoutes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		if rt.about == "" {
			continue
		}
		if paths[path] == nil {
			paths[path] = map[string]any{}
		}
		paths[path][strings.ToLower(method)] = operation(rt, method, path)
	}
	return q.json(http.StatusOK, map[string]any{
		"openapi":  "3.1.0",
		"info":     map[string]any{"title": "Årsring", "version": q.o.Version, "description": "What the page does, for programs. Make a token under your name on the page and send it as Authorization: Bearer."},
		"security": []any{map[string]any{"token": []string{}}},
		"components": map[string]any{"securitySchemes": map[string]any{"token": map[string]any{"type": "http", "scheme": "bearer"}},
			"schemas": map[string]any{"Order": map[string]any{"type": "object", "required": []string{"account", "trigger", "reason"}, "properties": map[string]any{
				"tenant": stringType, "account": stringType, "trigger": map[string]any{"type": "string", "enum": []string{"manual", "closure", "evidence"}}, "reason": stringType, "url": stringType, "ground": stringType, "diary": stringType}},
				"Error": map[string]any{"type": "object", "properties": map[string]any{"error": stringType, "status": map[string]any{"type": "integer"}}}}},
		"paths": paths,
	})
}

var stringType = map[string]any{"type": "string"}

func operation(rt route, method, path string) map[string]any {
	params := []any{}
	for _, part := range strings.Split(path, "/") {
		if strings.HasPrefix(part, "{") {
			params = append(params, map[string]any{"name": strings.Trim(part, "{}"), "in": "path", "required": true, "schema": stringType})
		}
	}
	for _, name := range strings.Fields(rt.query) {
		params = append(params, map[string]any{"name": name, "in": "query", "schema": stringType})
	}
	kind, code := "application/json", "200"
	switch {
	case strings.HasSuffix(path, ".pdf"):
		kind = "application/pdf"
	case strings.HasSuffix(path, ".zip"):
		kind = "application/zip"
	case path == "/api/v1/orders" && method == http.MethodPost:
		code = "202"
	}
	failed := map[string]any{"description": "What went wrong", "content": map[string]any{"application/json": map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/Error"}}}}
	op := map[string]any{"summary": rt.about, "description": "Needs the role " + string(rt.need) + ".", "parameters": params,
		"responses": map[string]any{code: map[string]any{"description": rt.about, "content": map[string]any{kind: map[string]any{}}}, "default": failed}}
	if code == "202" {
		op["requestBody"] = map[string]any{"required": true, "content": map[string]any{"application/json": map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/Order"}}}}
	}
	return op
}
