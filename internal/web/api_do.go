package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"arsring/internal/access"
	"arsring/internal/register"
)

var errShape = &Refusal{SV: "Begäran ska vara ett JSON-objekt med text.", EN: "The request is a JSON object of texts."}

// readJSON reads the body of a request into a struct; a member that it does not have is refused.
func (q *ask) readJSON(v any) error {
	d := json.NewDecoder(q.r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return &Refusal{SV: "Begäran är inte JSON av rätt form.", EN: "The request is not JSON of the right form: " + clip(200, err.Error())}
	}
	return nil
}

// knownQuery refuses a program's parameters that a route does not have, or has twice: the answer would look as if they had been heeded.
func (q *ask) knownQuery() error {
	if !q.rt.api || q.r.Method != http.MethodGet {
		return nil
	}
	v, err := url.ParseQuery(q.r.URL.RawQuery)
	if err != nil {
		return &Refusal{SV: "Adressens parametrar går inte att läsa.", EN: "The parameters of the address cannot be read."}
	}
	known := strings.Fields(q.rt.query)
	for _, name := range slices.Sorted(maps.Keys(v)) {
		switch {
		case len(known) == 0:
			return &Refusal{SV: "Okänd parameter: " + clip(80, name) + ". Här finns inga.", EN: "Unknown parameter: " + clip(80, name) + ". There are none here."}
		case !slices.Contains(known, name):
			return &Refusal{SV: "Okänd parameter: " + clip(80, name) + ". De som finns: " + strings.Join(known, ", ") + ".", EN: "Unknown parameter: " + clip(80, name) + ". There are: " + strings.Join(known, ", ") + "."}
		case len(v[name]) > 1:
			return &Refusal{SV: "Parametern " + name + " står flera gånger.", EN: "The parameter " + name + " stands several times."}
		}
	}
	return nil
}

// number is a parameter that is a whole number from 0 to most; absent where it is not there.
func (q *ask) number(name string, absent, most int) (int, error) {
	s := q.r.URL.Query().Get(name)
	if s == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > most {
		return 0, &Refusal{SV: fmt.Sprintf("%s ska vara ett heltal från 0 till %d.", name, most), EN: fmt.Sprintf("%s is a whole number from 0 to %d.", name, most)}
	}
	return n, nil
}

// readFields puts the members of a JSON object where a form's fields stand, so that a program's request is carried out, checked and noted by
// the same lines as a person's.
func (q *ask) readFields() error {
	got := map[string]any{}
	if err := json.NewDecoder(q.r.Body).Decode(&got); err != nil && !errors.Is(err, io.EOF) {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return err
		}
		return errShape
	}
	v := url.Values{}
	for name, x := range got {
		s, ok := x.(string)
		switch {
		case !slices.Contains(q.rt.fields, name):
			return &Refusal{SV: "Okänt fält: " + clip(80, name), EN: "Unknown field: " + clip(80, name)}
		case !ok:
			return errShape
		}
		v.Set(name, s)
	}
	q.r.PostForm, q.r.Form = v, v
	return nil
}

// formJSON answers a program where a person would see the form again.
func (q *ask) formJSON(status int, p page) error {
	if len(p.Errors) == 0 {
		return q.json(status, p.JSON)
	}
	fields := make([]string, 0, len(p.Errors))
	for _, say := range p.Errors {
		fields = append(fields, say)
	}
	slices.Sort(fields)
	return q.json(status, map[string]any{"error": strings.Join(fields, " "), "fields": p.Errors, "status": status})
}

// doneJSON answers a program where a person would be sent to another page.
func (q *ask) doneJSON(to string) error {
	if id, ok := strings.CutPrefix(to, "/jobb/"); ok {
		to = "/api/v1/orders/" + id
	} else if rest, ok := strings.CutPrefix(to, "/konton"); ok {
		to = "/api/v1/accounts" + rest
	} else {
		to = ""
	}
	out := map[string]any{"ok": true, "message": q.said}
	if to != "" {
		out["location"] = to
		q.w.Header().Set("Location", to)
	}
	return q.json(http.StatusOK, out)
}

// apiOverview is the half-year at a glance.
func (q *ask) apiOverview() error {
	d, err := q.atAGlance()
	if err != nil {
		return err
	}
	type row struct {
		Tenant  string `json:"tenant"`
		Account string `json:"account"`
		Title   string `json:"title"`
		Status  string `json:"status"`
		Last    string `json:"last"` // snapshot that decides how it stands; empty: none
	}
	lacking := []row{}
	for _, st := range d.Lacking {
		r := row{st.Account.Tenant, st.Account.ID, st.Account.Title, string(st.Decision.Status), ""}
		if st.Last != nil {
			r.Last = st.Last.ID
		}
		lacking = append(lacking, r)
	}
	return q.json(http.StatusOK, map[string]any{"half": d.Half, "accounts": d.All, "kept": d.Kept, "partial": d.Partial, "waiting_for_login": d.Login, "lacking": lacking,
		"snapshots": d.Snapshots, "bytes": d.Bytes, "without_receipt": d.NoReceipt, "store_answers": d.StoreOK})
}

// apiHistory is the history of an account's entry.
func (q *ask) apiHistory() error {
	a, err := q.account(q.r.PathValue("tenant"), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	all, err := q.o.Accounts.History(a.Tenant, a.ID)
	if err != nil {
		return err
	}
	return q.json(http.StatusOK, append([]register.Entry{}, all...))
}

func (q *ask) apiProposals() error {
	all, err := q.proposals("")
	if err != nil {
		return err
	}
	return q.json(http.StatusOK, append([]access.Proposal{}, all...))
}

func (q *ask) apiUsers() error {
	if !q.actor.MayEverywhere(access.Admin) {
		return errForbidden
	}
	all, err := q.o.State.Users(q.ctx())
	if err != nil {
		return err
	}
	return q.json(http.StatusOK, append([]access.User{}, all...))
}

// apiCalendar is a year's windows and days.
func (q *ask) apiCalendar() error {
	year, err := q.number("ar", q.o.Now().In(register.Location()).Year(), 2200)
	if err == nil && year < 2000 {
		err = &Refusal{SV: "ar ska vara ett år från 2000.", EN: "ar is a year from 2000 on."}
	}
	if err != nil {
		return err
	}
	dates, _, err := q.dates(year)
	if err != nil {
		return err
	}
	return q.json(http.StatusOK, map[string]any{"year": year, "windows": q.o.Year.Windows(year), "days": dates})
}

// apiCopy makes a copy to be handed out.
func (q *ask) apiCopy() error {
	k, err := q.disclosable()
	if err != nil {
		return err
	}
	var r copyRequest
	if err := q.readJSON(&r); err != nil {
		return err
	}
	errs := map[string]string{}
	for name, s := range map[string]string{"why": r.Why, "assessor": r.Assessor} {
		if strings.TrimSpace(s) == "" || len([]rune(s)) > longest {
			errs[name] = q.t(name+" saknas eller är för långt.", name+" is missing or too long.")
		}
	}
	return q.giveCopy(k, r, errs, func() error { return q.formJSON(http.StatusUnprocessableEntity, page{Errors: errs}) })
}
