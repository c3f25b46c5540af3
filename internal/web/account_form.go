package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"arsring/internal/access"
	"arsring/internal/register"
)

// labels name the register's keys for people.
var labels = map[string]pair{
	"id": {"Kortnamn", "Short name"}, "platform": {"Plattform", "Platform"}, "url": {"Adress", "Address"}, "title": {"Namn", "Name"}, "archive_creator": {"Arkivbildare", "Archive creator"},
	"unit": {"Ansvarig verksamhet", "Responsible unit"}, "section": {"Bolag eller sektor", "Company or sector"}, "responsible-name": {"Ansvarig", "Responsible"}, "responsible-email": {"Ansvarigs e-post", "Mail of the responsible"},
	"administrators": {"Administratörer", "Administrators"}, "substitute": {"Ersättare", "Substitute"}, "substitute-name": {"Ersättare", "Substitute"}, "substitute-email": {"Ersättarens e-post", "Mail of the substitute"},
	"purpose": {"Syfte", "Purpose"}, "sender": {"Avsändare som den visas", "Sender as shown"}, "since": {"Finns sedan", "Exists since"}, "until": {"Upphörde", "Ended"}, "class": {"Åtkomstklass", "Access class"},
	"disposal-action": {"Gallring", "Disposal"}, "disposal-after": {"Gallras efter", "Disposed of after"}, "disposal-decision": {"Beslut om gallring", "Decision on disposal"}, "document_plan": {"Dokumenthanteringsplan", "Document plan"},
	"processing_entry": {"Post i registerförteckningen", "Entry in the register of processing"}, "privacy_notice": {"Information om personuppgifter", "Privacy notice"}, "login_profile": {"Inloggningsprofil", "Login profile"},
	"group": {"Kalendergrupp", "Calendar group"}, "allowed_hosts": {"Tillåtna värdar", "Allowed hosts"}, "legal_deposit": {"Pliktleverans", "Legal deposit"},
	"notice-date": {"Allmänheten underrättad", "Public told"}, "notice-remove": {"Sidan tas bort", "Page removed"}, "tenant": {"Kommun", "Municipality"},
}

var fieldName = strings.NewReplacer("[", "-", "]", "", ".", "-")

// label names a key of the register in the asker's language.
func (q *ask) label(key string) string {
	name := fieldName.Replace(key)
	if p, ok := labels[name]; ok {
		return p.in(q.lang)
	}
	if rest, ok := strings.CutPrefix(name, "administrators-"); ok {
		i, what, _ := strings.Cut(rest, "-")
		n := 1
		_, _ = fmt.Sscan(i, &n)
		if what == "email" {
			return fmt.Sprintf("%s %d, %s", q.t("Administratör", "Administrator"), n+1, q.t("e-post", "mail"))
		}
		return fmt.Sprintf("%s %d", q.t("Administratör", "Administrator"), n+1)
	}
	return name
}

// administratorRows is how many administrators the form offers.
const administratorRows = 3

// formOf fills a form with an account.
func formOf(a register.Account) url.Values {
	v := url.Values{}
	set := func(k, s string) { v.Set(k, s) }
	for k, s := range map[string]string{"id": a.ID, "tenant": a.Tenant, "platform": a.Platform, "url": a.URL, "title": a.Title, "archive_creator": a.ArchiveCreator, "unit": a.Unit, "section": a.Section,
		"responsible-name": a.Responsible.Name, "responsible-email": a.Responsible.Email, "purpose": a.Purpose, "sender": a.Sender, "since": a.Since, "until": a.Until, "class": string(a.Class),
		"disposal-action": a.Disposal.Action, "disposal-after": a.Disposal.After, "disposal-decision": a.Disposal.Decision, "document_plan": a.DocumentPlan, "processing_entry": a.ProcessingEntry,
		"privacy_notice": a.PrivacyNotice, "login_profile": a.LoginProfile, "group": a.Group, "allowed_hosts": strings.Join(a.AllowedHosts, " "), "legal_deposit": a.LegalDeposit} {
		set(k, s)
	}
	for i, p := range a.Administrators {
		set(fmt.Sprintf("administrators-%d-name", i), p.Name)
		set(fmt.Sprintf("administrators-%d-email", i), p.Email)
	}
	if a.Substitute != nil {
		set("substitute-name", a.Substitute.Name)
		set("substitute-email", a.Substitute.Email)
	}
	return v
}

// fill puts a form's values into an account; what the form does not show stays as it is.
func fill(a register.Account, v url.Values) register.Account {
	get := func(k string) string { return strings.TrimSpace(v.Get(k)) }
	a.Platform, a.URL, a.Title, a.ArchiveCreator, a.Unit, a.Section = get("platform"), get("url"), get("title"), get("archive_creator"), get("unit"), get("section")
	a.Responsible = register.Person{Name: get("responsible-name"), Email: get("responsible-email")}
	a.Purpose, a.Sender, a.Since, a.Until, a.Class = get("purpose"), get("sender"), get("since"), get("until"), register.Class(get("class"))
	a.Disposal.Action, a.Disposal.After, a.Disposal.Decision = get("disposal-action"), get("disposal-after"), get("disposal-decision")
	a.DocumentPlan, a.ProcessingEntry, a.PrivacyNotice = get("document_plan"), get("processing_entry"), get("privacy_notice")
	a.LoginProfile, a.Group, a.LegalDeposit = get("login_profile"), get("group"), get("legal_deposit")
	a.AllowedHosts = strings.Fields(strings.ReplaceAll(v.Get("allowed_hosts"), ",", " "))
	var admins []register.Person
	for i := range administratorRows + 20 {
		p := register.Person{Name: get(fmt.Sprintf("administrators-%d-name", i)), Email: get(fmt.Sprintf("administrators-%d-email", i))}
		if p != (register.Person{}) {
			admins = append(admins, p)
		}
	}
	a.Administrators = admins
	a.Substitute = nil
	if p := (register.Person{Name: get("substitute-name"), Email: get("substitute-email")}); p != (register.Person{}) {
		a.Substitute = &p
	}
	return a
}

// longest bounds what a form's field may hold.
const longest = 2000

// tooLong finds fields that hold more than a register should.
func (q *ask) tooLong(v url.Values) map[string]string {
	errs := map[string]string{}
	for k, all := range v {
		if len(all) > 0 && len([]rune(all[0])) > longest {
			errs[k] = q.label(k) + ": " + q.t(fmt.Sprintf("högst %d tecken.", longest), fmt.Sprintf("at most %d characters.", longest))
		}
	}
	return errs
}

// problems puts the register's findings beside the fields that they are about.
func (q *ask) problems(err error) (map[string]string, bool) {
	ps := register.AsProblems(err)
	if ps == nil {
		return nil, false
	}
	errs := map[string]string{}
	for _, p := range ps.Errors() {
		name := fieldName.Replace(p.Key)
		if name == "" || errs[name] != "" {
			name = "id"
		}
		errs[name] = q.label(p.Key) + " " + pair{p.SV, p.EN}.in(q.lang)
	}
	return errs, true
}

type accountFormData struct {
	New, Propose bool
	Account      register.Account
	Platforms    [][2]string
	Classes      [][2]string
	Disposals    [][2]string
	Tenants      [][2]string
	Rows         []int
	Version      string
}

func (q *ask) accountForm(status int, a register.Account, isNew bool, form url.Values, errs map[string]string) error {
	r, err := q.o.Accounts.Current()
	if err != nil {
		return err
	}
	d := accountFormData{New: isNew, Account: a, Version: r.Version, Propose: isNew && !q.actor.MaySomewhere(access.Archivist),
		Classes:   [][2]string{{string(register.ClassOpen), q.t("öppen", "open")}, {string(register.ClassReview), q.t("sekretessprövning krävs", "confidentiality review needed")}, {string(register.ClassSecret), q.t("sekretess", "confidential")}},
		Disposals: [][2]string{{"", q.t("inget beslut ännu", "no decision yet")}, {"bevara", q.t("bevaras", "kept for ever")}, {"gallra", q.t("gallras", "disposed of")}}}
	for _, p := range q.o.Accounts.Platforms() {
		d.Platforms = append(d.Platforms, [2]string{p, platformName(p)})
	}
	for _, t := range q.tenants(r, access.Officer) {
		d.Tenants = append(d.Tenants, [2]string{t, tenantName(r, t)})
	}
	for i := range max(administratorRows, len(a.Administrators)) {
		d.Rows = append(d.Rows, i)
	}
	title := q.t("Ändra", "Change") + " " + a.Title
	if isNew {
		title = q.t("Nytt konto", "New account")
		if d.Propose {
			title = q.t("Anmäl konto", "Report an account")
		}
	}
	return q.renderPage(status, "account_form", page{Title: title, Form: form, Errors: errs, Data: d})
}

// tenants are those in which the asker has a role, the default one among them while the register is empty.
func (q *ask) tenants(r *register.Register, need access.Role) []string {
	var out []string
	for _, t := range r.Tenants {
		if q.actor.May(t.ID, need) {
			out = append(out, t.ID)
		}
	}
	if q.actor.May(register.DefaultTenant, need) && !slices.Contains(out, register.DefaultTenant) {
		out = append(out, register.DefaultTenant)
	}
	return out
}

func tenantName(r *register.Register, id string) string {
	if n := r.Tenant(id).Name; n != "" {
		return n
	}
	return id
}

// AccountField is a field of an account's form, labelled as the register's keys are.
func (q *ask) AccountField(p page, name, kind, sv, en string, required bool, options ...[][2]string) formField {
	return field(p, name, q.label(name), kind, q.t(sv, en), required, options...)
}
