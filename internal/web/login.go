package web

import (
	"errors"
	"net/http"
	"net/url"

	"arsring/internal/access"
)

type signInData struct {
	To       string
	Provider bool
	First    bool // there are no users yet
}

func (q *ask) signInPage() error {
	if q.actor.Known() {
		return q.redirect("/")
	}
	return q.showSignIn(http.StatusOK, within(q.r.URL.Query().Get("till")), nil, nil)
}

func (q *ask) showSignIn(status int, to string, form url.Values, errs map[string]string) error {
	empty, err := q.o.State.Empty(q.ctx())
	if err != nil {
		return err
	}
	return q.renderPage(status, "login", page{Title: q.t("Logga in", "Sign in"), Form: form, Errors: errs, Data: signInData{To: to, Provider: q.o.Provider != nil, First: empty}})
}

func (q *ask) signIn() error {
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	to, login := within(q.r.PostForm.Get("till")), q.r.PostForm.Get("login")
	u, err := q.o.State.SignIn(q.ctx(), login, q.r.PostForm.Get("password"), q.address())
	switch {
	case errors.Is(err, access.ErrTooMany):
		q.w.Header().Set("Retry-After", "60")
		return q.showSignIn(http.StatusTooManyRequests, to, url.Values{"login": {login}}, map[string]string{"login": q.t("För många försök. Vänta en minut och försök igen.", "Too many tries. Wait a minute and try again.")})
	case errors.Is(err, access.ErrWrongLogin):
		say := q.t("Användarnamnet eller lösenordet är fel.", "The user name or the password is wrong.")
		if err := q.o.State.Note(q.ctx(), access.Event{Who: clip(64, login), Place: q.address(), Action: "sign-in-failed"}); err != nil {
			return err
		}
		return q.showSignIn(http.StatusUnprocessableEntity, to, url.Values{"login": {login}}, map[string]string{"login": say})
	case err != nil:
		return err
	}
	return q.enter(u, "sign-in", to)
}

// enter makes the session a user's.
func (q *ask) enter(u access.User, action, to string) error {
	if err := q.sessions.SignIn(q.ctx(), u.ID); err != nil {
		return err
	}
	q.actor = access.Actor{UserID: u.ID, Login: u.Login, Name: u.Name, Via: "session"}
	if err := q.note("", action, u.Login, ""); err != nil {
		return err
	}
	return q.redirect(to)
}

func (q *ask) signOut() error {
	if q.actor.Known() {
		if err := q.note("", "sign-out", q.actor.Login, ""); err != nil {
			return err
		}
	}
	if err := q.sessions.SignOut(q.ctx()); err != nil {
		return err
	}
	return q.redirect("/logga-in")
}

func (q *ask) firstPage() error { return q.showFirst(http.StatusOK, nil, nil) }

func (q *ask) showFirst(status int, form url.Values, errs map[string]string) error {
	empty, err := q.o.State.Empty(q.ctx())
	if err != nil {
		return err
	}
	if !empty {
		return ErrNotFound
	}
	form.Del("password")
	return q.renderPage(status, "first", page{Title: q.t("Den första administratören", "The first administrator"), Form: form, Errors: errs})
}

func (q *ask) first() error {
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	f := q.r.PostForm
	u, err := q.o.State.FirstAdmin(q.ctx(), f.Get("code"), access.NewUser{Login: f.Get("login"), Name: f.Get("name"), Email: f.Get("email"), Password: f.Get("password")}, q.address())
	var field *access.FieldError
	switch {
	case errors.As(err, &field):
		return q.showFirst(http.StatusUnprocessableEntity, f, map[string]string{field.Field: field.In(q.lang)})
	case errors.Is(err, access.ErrWrongCode):
		return q.showFirst(http.StatusUnprocessableEntity, f, map[string]string{"code": q.t("Koden är fel eller redan använd. Den senaste står i driftloggen.", "The code is wrong or has been used. The latest is in the log.")})
	case errors.Is(err, access.ErrTooMany):
		return q.showFirst(http.StatusTooManyRequests, f, map[string]string{"code": q.t("För många försök. Vänta en minut.", "Too many tries. Wait a minute.")})
	case err != nil:
		return err
	}
	return q.enter(u, "first-admin", "/")
}

func (q *ask) providerBegin() error {
	if q.o.Provider == nil {
		return ErrNotFound
	}
	address, memory, err := q.o.Provider.Begin(q.ctx(), q.o.State)
	if err != nil {
		return err
	}
	q.sessions.Put(q.ctx(), "oidc", memory)
	q.sessions.Put(q.ctx(), "oidc-to", within(q.r.URL.Query().Get("till")))
	return q.redirect(address)
}

func (q *ask) providerEnd() error {
	if q.o.Provider == nil {
		return ErrNotFound
	}
	v := q.r.URL.Query()
	memory, to := q.sessions.Pop(q.ctx(), "oidc"), within(q.sessions.Pop(q.ctx(), "oidc-to"))
	u, err := q.o.Provider.Finish(q.ctx(), q.o.State, memory, v.Get("state"), v.Get("code"))
	if err != nil {
		q.o.Log.Warn("a sign-in through the provider failed", "error", err, "answer", clip(200, v.Get("error")))
		return q.showSignIn(http.StatusUnprocessableEntity, to, nil, map[string]string{"login": q.t("Inloggningen hos leverantören gick inte igenom. Försök igen.", "The sign-in at the provider did not succeed. Try again.")})
	}
	return q.enter(u, "sign-in", to)
}

// setLanguage keeps the language in a cookie that holds nothing else.
func (q *ask) setLanguage() error {
	v := q.r.URL.Query()
	if lang := v.Get("till"); lang == "sv" || lang == "en" {
		//nolint:gosec // over plain http, as on loopback, a Secure cookie would be lost
		http.SetCookie(q.w, &http.Cookie{Name: "sprak", Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: q.secure()})
	}
	return q.redirect(within(v.Get("fran")))
}

func (q *ask) secure() bool { return len(q.o.URL) > 6 && q.o.URL[:6] == "https:" }
