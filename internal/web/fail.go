package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"arsring/internal/access"
	"arsring/internal/register"
)

// trouble is an answer that is not what was asked for.
type trouble struct {
	Status     int
	Title, Say string
}

// fail answers with what went wrong: a sentence for people, the cause for the log only.
func (q *ask) fail(err error) {
	t := q.trouble(err)
	if t.Status >= 500 {
		q.o.Log.Error("a page could not be shown", "path", q.r.URL.Path, "error", err)
	}
	if q.rt.api || strings.HasPrefix(q.r.URL.Path, "/api/") {
		if t.Status == http.StatusUnauthorized {
			q.w.Header().Set("WWW-Authenticate", "Bearer")
		}
		_ = q.json(t.Status, map[string]any{"error": t.Say, "status": t.Status})
		return
	}
	if err := q.render(t.Status, "trouble", t.Title, t); err != nil {
		http.Error(q.w, t.Say, t.Status)
	}
}

func (q *ask) trouble(err error) trouble {
	var refusal *Refusal
	var field *access.FieldError
	var large *http.MaxBytesError
	problems := register.AsProblems(err)
	switch {
	case errors.Is(err, ErrNotFound):
		return trouble{http.StatusNotFound, q.t("Sidan finns inte", "There is no such page"), q.t("Det du söker finns inte här, eller så får du inte se det.", "What you look for is not here, or is not for you to see.")}
	case errors.Is(err, errForbidden):
		return trouble{http.StatusForbidden, q.t("Det får du inte göra", "You may not do this"), q.t("Din roll räcker inte till detta. Be en administratör om hjälp.", "Your role does not allow this. Ask an administrator.")}
	case errors.Is(err, errBadToken):
		return trouble{http.StatusUnauthorized, "Token", q.t("Nyckeln är fel eller har gått ut.", "The token is wrong or has expired.")}
	case errors.As(err, &large):
		return trouble{http.StatusRequestEntityTooLarge, q.t("För mycket på en gång", "Too much at once"), q.t("Det som skickades är för stort. Skicka mindre åt gången.", "What was sent is too large. Send less at a time.")}
	case errors.As(err, &refusal):
		return trouble{http.StatusUnprocessableEntity, q.t("Det gick inte", "That did not work"), q.t(refusal.SV, refusal.EN)}
	case errors.As(err, &field):
		return trouble{http.StatusUnprocessableEntity, q.t("Det gick inte", "That did not work"), field.In(q.lang)}
	case problems != nil:
		return trouble{http.StatusUnprocessableEntity, q.t("Registret godtar inte ändringen", "The register refuses the change"), problems.Errors().In(q.lang)}
	}
	return trouble{http.StatusBadGateway, q.t("Något gick fel", "Something went wrong"), q.t("Arkivet eller registret svarar inte som det ska. Felet står i driftloggen. Försök igen om en stund.", "The archive or the register does not answer as it should. The fault is in the log. Try again in a while.")}
}

// signInFirst sends who is not signed in to the sign-in page, and remembers the way back.
func (q *ask) signInFirst() {
	if q.rt.api {
		q.fail(errBadToken)
		return
	}
	to := "/logga-in"
	if q.r.Method == http.MethodGet && q.r.URL.Path != "/" {
		to += "?till=" + url.QueryEscape(q.r.URL.RequestURI())
	}
	http.Redirect(q.w, q.r, to, http.StatusSeeOther)
}

// within makes an address from a parameter safe to send a browser to: a path of this site, else the front page.
func within(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t\x00") {
		return "/"
	}
	if strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") {
		return "/"
	}
	return u.RequestURI()
}

// refuseForeign answers a request that another site had the browser make.
func (s *Site) refuseForeign(w http.ResponseWriter, r *http.Request) {
	q := &ask{Site: s, w: w, r: r, lang: s.language(r)}
	http.Error(w, q.t("Begäran kom från en annan webbplats och har inte utförts.", "The request came from another site and was not carried out."), http.StatusForbidden)
}
