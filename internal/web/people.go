package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"arsring/internal/access"
	"arsring/internal/register"
)

type peopleData struct {
	Users   []access.User
	Roles   [][2]string
	Classes [][2]string
	Tenants [][2]string
	Self    int64
}

// peoplePage is for admins of everything: who may sign in decides about every tenant.
func (q *ask) peoplePage() error { return q.showPeople(http.StatusOK, nil, nil) }

func (q *ask) showPeople(status int, form url.Values, errs map[string]string) error {
	if !q.actor.MayEverywhere(access.Admin) {
		return errForbidden
	}
	users, err := q.o.State.Users(q.ctx())
	if err != nil {
		return err
	}
	d := peopleData{Users: users, Self: q.actor.UserID, Tenants: [][2]string{{access.AnyTenant, q.t("alla", "all")}}, Classes: [][2]string{{"", q.t("rollens egen", "the role’s own")}}}
	for _, r := range access.Roles() {
		d.Roles = append(d.Roles, [2]string{string(r), word(roles, r, q.lang)})
	}
	for _, c := range []register.Class{register.ClassOpen, register.ClassReview, register.ClassSecret} {
		d.Classes = append(d.Classes, [2]string{string(c), word(classNames, c, q.lang)})
	}
	if r, err := q.o.Accounts.Current(); err == nil {
		for _, t := range r.Tenants {
			d.Tenants = append(d.Tenants, [2]string{t.ID, tenantName(r, t.ID)})
		}
	}
	form.Del("new_password")
	return q.renderPage(status, "people", page{Title: q.t("Användare", "Users"), Form: form, Errors: errs, Data: d})
}

// grant reads role, tenant and class of a form.
func grant(v url.Values) ([]access.Grant, error) {
	r, err := access.ParseRole(v.Get("role"))
	if err != nil {
		return nil, &access.FieldError{Field: "role", SV: "Välj en roll.", EN: "Choose a role."}
	}
	g := access.Grant{Tenant: v.Get("tenant"), Role: r}
	if c := v.Get("class"); c != "" {
		if g.Class, err = access.ParseClass(c); err != nil {
			return nil, &access.FieldError{Field: "class", SV: "Välj en åtkomstklass.", EN: "Choose an access class."}
		}
	}
	return []access.Grant{g}, nil
}

func (q *ask) addPerson() error {
	if !q.actor.MayEverywhere(access.Admin) {
		return errForbidden
	}
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	v := q.r.PostForm
	grants, err := grant(v)
	if err == nil {
		err = access.CheckPassword(v.Get("login"), v.Get("new_password"))
		var f *access.FieldError
		if errors.As(err, &f) {
			err = &access.FieldError{Field: "new_password", SV: f.SV, EN: f.EN}
		}
	}
	if err == nil {
		_, err = q.o.State.AddUser(q.ctx(), access.NewUser{Login: v.Get("login"), Name: v.Get("name"), Email: v.Get("email"), Password: v.Get("new_password"), Grants: grants})
	}
	var f *access.FieldError
	if errors.As(err, &f) {
		return q.showPeople(http.StatusUnprocessableEntity, v, map[string]string{f.Field: f.In(q.lang)})
	}
	if err != nil {
		return err
	}
	if err := q.note("", "user-add", v.Get("login"), v.Get("role")); err != nil {
		return err
	}
	q.flash(q.t("Användaren finns nu.", "The user is there now."))
	return q.redirect("/anvandare")
}

// changePerson changes a user's role, or removes the user.
func (q *ask) changePerson() error {
	if !q.actor.MayEverywhere(access.Admin) {
		return errForbidden
	}
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	id, _ := strconv.ParseInt(q.r.PathValue("id"), 10, 64)
	u, err := q.o.State.User(q.ctx(), id)
	if errors.Is(err, access.ErrNoUser) {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	v, action := q.r.PostForm, "user-role"
	if v.Get("do") == "remove" {
		action = "user-remove"
		err = q.o.State.RemoveUser(q.ctx(), id)
	} else {
		var grants []access.Grant
		if grants, err = grant(v); err == nil {
			err = q.o.State.SetGrants(q.ctx(), id, grants)
		}
	}
	if errors.Is(err, access.ErrLastAdmin) {
		return &Refusal{SV: "Detta är den sista administratören. Gör någon annan till administratör först.", EN: "This is the last administrator. Make somebody else one first."}
	}
	if err != nil {
		return err
	}
	if err := q.note("", action, u.Login, v.Get("role")); err != nil {
		return err
	}
	q.flash(q.t("Ändringen är sparad.", "The change has been kept."))
	return q.redirect("/anvandare")
}

type meData struct {
	User   access.User
	Tokens []access.Token
	Secret string // of a token that was just made; shown once
	Roles  [][2]string
}

func (q *ask) mePage() error { return q.showMe(http.StatusOK, "", nil, nil) }

func (q *ask) showMe(status int, secret string, form url.Values, errs map[string]string) error {
	if q.o.Everyone.Known() {
		return ErrNotFound
	}
	u, err := q.o.State.User(q.ctx(), q.actor.UserID)
	if err != nil {
		return err
	}
	tokens, err := q.o.State.Tokens(q.ctx(), u.ID)
	if err != nil {
		return err
	}
	d := meData{User: u, Tokens: tokens, Secret: secret}
	for _, r := range access.Roles() {
		if q.actor.MaySomewhere(r) {
			d.Roles = append(d.Roles, [2]string{string(r), word(roles, r, q.lang)})
		}
	}
	return q.renderPage(status, "me", page{Title: u.Name, Form: form, Errors: errs, Data: d})
}

func (q *ask) addToken() error {
	if q.o.Everyone.Known() {
		return ErrNotFound
	}
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	v := q.r.PostForm
	secret, err := q.o.State.AddToken(q.ctx(), q.actor.UserID, access.Token{Name: v.Get("token_name"), Role: access.Role(v.Get("token_role")), Expires: q.o.Now().AddDate(1, 0, 0)})
	var f *access.FieldError
	if errors.As(err, &f) {
		return q.showMe(http.StatusUnprocessableEntity, "", v, map[string]string{f.Field: f.In(q.lang)})
	}
	if err != nil {
		return err
	}
	if err := q.note("", "token-add", v.Get("token_name"), v.Get("token_role")); err != nil {
		return err
	}
	return q.showMe(http.StatusOK, secret, nil, nil)
}

func (q *ask) removeToken() error {
	id, _ := strconv.ParseInt(q.r.PathValue("id"), 10, 64)
	if err := q.o.State.RemoveToken(q.ctx(), q.actor.UserID, id); errors.Is(err, access.ErrNoUser) {
		return ErrNotFound
	} else if err != nil {
		return err
	}
	if err := q.note("", "token-remove", strconv.FormatInt(id, 10), ""); err != nil {
		return err
	}
	q.flash(q.t("Nyckeln är borttagen.", "The token is gone."))
	return q.redirect("/jag")
}

func (q *ask) password() error {
	if q.o.Everyone.Known() {
		return ErrNotFound
	}
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	v := q.r.PostForm
	_, err := q.o.State.SignIn(q.ctx(), q.actor.Login, v.Get("password"), q.address())
	switch {
	case errors.Is(err, access.ErrWrongLogin):
		return q.showMe(http.StatusUnprocessableEntity, "", nil, map[string]string{"password": q.t("Det nuvarande lösenordet är fel.", "The present password is wrong.")})
	case errors.Is(err, access.ErrTooMany):
		return q.showMe(http.StatusTooManyRequests, "", nil, map[string]string{"password": q.t("För många försök. Vänta en minut.", "Too many tries. Wait a minute.")})
	case err != nil:
		return err
	}
	err = q.o.State.SetPassword(q.ctx(), q.actor.UserID, v.Get("new_password"))
	var f *access.FieldError
	if errors.As(err, &f) {
		return q.showMe(http.StatusUnprocessableEntity, "", nil, map[string]string{"new_password": f.In(q.lang)})
	}
	if err != nil {
		return err
	}
	if err := q.note("", "password", q.actor.Login, ""); err != nil {
		return err
	}
	if err := q.sessions.SignIn(q.ctx(), q.actor.UserID); err != nil {
		return err
	}
	q.flash(q.t("Lösenordet är bytt.", "The password has been changed."))
	return q.redirect("/jag")
}

// pending keeps previews of imports between the look and the yes, for those who made them.
type pending struct {
	now func() time.Time
	sem chan struct{}
	all []waiting
}

type waiting struct {
	id   string
	user int64
	at   time.Time
	what *register.Import
}

func newPending(now func() time.Time) *pending {
	p := &pending{now: now, sem: make(chan struct{}, 1)}
	return p
}

// mostPending and pendingFor bound what waits.
const (
	mostPending = 20
	pendingFor  = time.Hour
)

func (p *pending) put(id string, user int64, i *register.Import) {
	p.sem <- struct{}{}
	defer func() { <-p.sem }()
	p.all = slices.DeleteFunc(p.all, func(w waiting) bool { return p.now().Sub(w.at) > pendingFor || w.user == user })
	if len(p.all) >= mostPending {
		p.all = p.all[1:]
	}
	p.all = append(p.all, waiting{id, user, p.now(), i})
}

func (p *pending) get(id string, user int64) (*register.Import, bool) {
	p.sem <- struct{}{}
	defer func() { <-p.sem }()
	for _, w := range p.all {
		if w.id == id && w.user == user && p.now().Sub(w.at) <= pendingFor {
			return w.what, true
		}
	}
	return nil, false
}
