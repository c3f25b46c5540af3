package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"

	"arsring/internal/access"
	"arsring/internal/capture"
	"arsring/internal/register"
)

type orderData struct {
	Accounts [][2]string // "tenant/id" and title
	Jobs     []Job
	MayCheck bool
}

// orderable lists the accounts that the asker may order snapshots of.
func (q *ask) orderable() ([][2]string, error) {
	r, err := q.o.Accounts.Current()
	if err != nil {
		return nil, err
	}
	var out [][2]string
	for _, a := range r.Accounts {
		if q.MayOrder(a.Tenant) && q.seesAccount(a) && a.Until == "" {
			out = append(out, [2]string{a.Tenant + "/" + a.ID, clip(80, a.Title) + " (" + platformName(a.Platform) + ")"})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i][1] < out[j][1] })
	return out, nil
}

func (q *ask) orderPage() error {
	return q.showOrder(http.StatusOK, "order", url.Values{"konto": {q.r.URL.Query().Get("konto")}}, nil)
}

func (q *ask) evidencePage() error {
	return q.showOrder(http.StatusOK, "evidence", url.Values{"konto": {q.r.URL.Query().Get("konto")}}, nil)
}

func (q *ask) uploadPage() error {
	return q.showOrder(http.StatusOK, "upload", url.Values{"konto": {q.r.URL.Query().Get("konto")}}, nil)
}

func (q *ask) showOrder(status int, name string, form url.Values, errs map[string]string) error {
	all, err := q.orderable()
	if err != nil {
		return err
	}
	d := orderData{Accounts: append([][2]string{{"", q.t("Välj konto", "Choose an account")}}, all...)}
	if d.Jobs, err = q.jobs(); err != nil {
		return err
	}
	d.Jobs = d.Jobs[:min(len(d.Jobs), 12)]
	title := map[string]string{"order": q.t("Ta ögonblicksbild", "Take a snapshot"), "evidence": q.t("Dokumentera inlägg", "Document a post"), "upload": q.t("Lämna in det som gjorts för hand", "Hand in what was made by hand")}[name]
	return q.renderPage(status, name, page{Title: title, Form: form, Errors: errs, Data: d})
}

// chosen finds the account that a form names, when the asker may order for it.
func (q *ask) chosen(v url.Values, errs map[string]string) register.Account {
	tenant, id, _ := strings.Cut(v.Get("konto"), "/")
	a, err := q.account(tenant, id)
	if err != nil || !q.MayOrder(a.Tenant) {
		errs["konto"] = q.t("Välj ett konto i listan.", "Choose an account from the list.")
		return register.Account{}
	}
	return a
}

// sentence reads a field of free text that must be there.
func (q *ask) sentence(v url.Values, name, sv, en string, errs map[string]string) string {
	s := strings.TrimSpace(v.Get(name))
	switch {
	case s == "":
		errs[name] = q.t(sv, en)
	case len([]rune(s)) > longest:
		errs[name] = q.t(fmt.Sprintf("Högst %d tecken.", longest), fmt.Sprintf("At most %d characters.", longest))
	}
	return s
}

func (q *ask) order() error {
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	v, errs := q.r.PostForm, map[string]string{}
	a := q.chosen(v, errs)
	o := Order{Tenant: a.Tenant, Account: a.ID, Trigger: capture.TriggerManual, By: q.actor.Who(), Reason: q.sentence(v, "reason", "Skriv varför, till exempel: inför ny formgivning.", "Write why, such as: before a new design.", errs)}
	return q.place("order", "order", o, v, errs)
}

func (q *ask) evidence() error {
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	v, errs := q.r.PostForm, map[string]string{}
	a := q.chosen(v, errs)
	o := Order{Tenant: a.Tenant, Account: a.ID, Trigger: capture.TriggerEvidence, By: q.actor.Who(), URL: strings.TrimSpace(v.Get("url")), Ground: clip(longest, strings.TrimSpace(v.Get("ground"))), Diary: clip(200, strings.TrimSpace(v.Get("diary"))),
		Reason: q.sentence(v, "reason", "Skriv varför inlägget dokumenteras.", "Write why the post is documented.", errs)}
	if webLink(o.URL) == "" {
		errs["url"] = q.t("Klistra in inläggets hela adress. Den börjar med https:// och innehåller inget lösenord.", "Paste the whole address of the post. It begins with https:// and holds no password.")
	}
	return q.place("evidence", "evidence", o, v, errs)
}

// place gives the order to the queue, or shows the form again.
func (q *ask) place(form, action string, o Order, v url.Values, errs map[string]string) error {
	if len(errs) > 0 {
		return q.showOrder(http.StatusUnprocessableEntity, form, v, errs)
	}
	if err := q.note(o.Tenant, action, o.Account, strings.TrimSpace(o.URL+" "+o.Reason)); err != nil {
		return err
	}
	id, err := q.o.Orders.Place(q.ctx(), o)
	var refusal *Refusal
	if errors.As(err, &refusal) {
		name := refusal.Field
		if name == "" {
			name = "konto"
		}
		return q.showOrder(http.StatusUnprocessableEntity, form, v, map[string]string{name: q.t(refusal.SV, refusal.EN)})
	}
	if err != nil {
		return err
	}
	return q.redirect("/jobb/" + url.PathEscape(id))
}

// steps are the stages of a passage, in order.
var steps = []string{"capture", "record", "pdfa", "package", "deliver"}

func step(stage string) int {
	for i, s := range steps {
		if s == stage {
			return i
		}
	}
	return -1
}

type jobData struct {
	Job
	Title string
	Steps []jobStep
	Kept  bool // what was made can be opened
}

type jobStep struct {
	Name      string
	Done, Now bool
}

// job finds an order that the asker may see.
func (q *ask) job() (Job, error) {
	j, err := q.o.Orders.Job(q.ctx(), q.r.PathValue("id"))
	if err != nil {
		return j, err
	}
	if !q.seesJob(j) {
		return Job{}, ErrNotFound
	}
	return j, nil
}

func (q *ask) jobPage() error {
	j, err := q.job()
	if err != nil {
		return err
	}
	d := jobData{Job: j, Title: j.Order.Account}
	if a, err := q.account(j.Order.Tenant, j.Order.Account); err == nil {
		d.Title = a.Title
	}
	for i, s := range steps {
		d.Steps = append(d.Steps, jobStep{word(stages, s, q.lang), i < step(j.Stage) || j.Ended && j.Outcome.Kept(), i == step(j.Stage) && !j.Ended})
	}
	if j.Ended && j.Snapshot != "" {
		_, err := q.snapshot(j.Snapshot)
		d.Kept = err == nil
	}
	p := page{Title: q.t("Beställning", "Order") + ", " + clip(80, d.Title), Data: d}
	if !j.Ended {
		p.Refresh = 3
	}
	return q.renderPage(http.StatusOK, "job", p)
}

// followed is what one event says.
type followed struct {
	Step  int    `json:"step"`
	Says  string `json:"says"`
	Done  int64  `json:"done"`
	Total int64  `json:"total"`
	Ended bool   `json:"ended"`
}

// keepAlive is how often a quiet stream says that it is there, so that no proxy between cuts it.
const keepAlive = 15 * time.Second

// follow sends a job's progress as server-sent events until it has ended. A browser that lost the connection asks again and hears how it
// stands now: every event says all there is.
func (q *ask) follow() error {
	j, err := q.job()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(q.ctx())
	defer cancel()
	events, err := q.o.Orders.Watch(ctx, j.ID)
	if err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(q.w)
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for {
		line := ": still here\n\n"
		select {
		case j, ok := <-events:
			if !ok {
				return context.Canceled
			}
			b, err := json.Marshal(followed{Step: step(j.Stage), Says: q.says(j), Done: j.Done, Total: j.Total, Ended: j.Ended})
			if err != nil {
				return err
			}
			line = "data: " + string(b) + "\n\n"
		case <-tick.C:
		}
		if _, err := q.w.Write([]byte(line)); err != nil {
			return context.Canceled
		}
		if err := out.Flush(); err != nil {
			return context.Canceled
		}
	}
}

func (q *ask) says(j Job) string {
	if j.State == "waiting" && j.Sentence.SV != "" { // it was tried, and will be again
		return q.t("Försöks igen om en stund. ", "Is tried again in a while. ") + j.Sentence.In(q.lang)
	}
	if j.State == "waiting" {
		return q.t("Väntar på sin tur", "Waits for its turn")
	}
	s := word(stages, j.Stage, q.lang)
	if j.Total > 0 {
		s += fmt.Sprintf(", %d %%", j.Done*100/j.Total)
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// Says tells how a job goes, for browsers without script.
func (q *ask) Says(j Job) string { return q.says(j) }

// MaySeeAll reports whether the asker may do what an archivist may anywhere.
func (q *ask) MaySeeAll() bool { return q.actor.MaySomewhere(access.Archivist) }
