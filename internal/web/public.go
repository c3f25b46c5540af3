package web

import (
	"cmp"
	"net/http"

	"arsring/internal/register"
)

// publicList is the register as anybody may read it: no persons, no logins.
func (q *ask) publicList() (register.PublicList, error) {
	if !q.o.PublicRegister {
		return register.PublicList{}, ErrNotFound
	}
	r, err := q.o.Accounts.Current()
	if err != nil {
		return register.PublicList{}, err
	}
	l := r.Public(cmp.Or(q.r.URL.Query().Get("kommun"), register.DefaultTenant), q.o.Now())
	if l.Name == "" {
		l.Name = q.o.Organisation
	}
	return l, nil
}

func (q *ask) publicPage() error {
	l, err := q.publicList()
	if err != nil {
		return err
	}
	return q.render(http.StatusOK, "register", q.t("Kommunens konton", "The municipality’s accounts"), l)
}

// publicFile gives the public register for programs and for other pages to embed; any site may read it.
func (q *ask) publicFile() error {
	l, err := q.publicList()
	if err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "public, max-age=300")
	switch q.r.PathValue("file") {
	case "register.json":
		h.Set("Content-Type", "application/json; charset=utf-8")
		return l.WriteJSON(q.w)
	case "register.csv":
		h.Set("Content-Type", "text/csv; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="register.csv"`)
		return l.WriteCSV(q.w)
	case "tabell.html":
		h.Set("Content-Type", "text/html; charset=utf-8")
		// Only a table: no script, no picture, and any page may frame it.
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors *")
		return l.WriteFragment(q.w, q.lang)
	}
	return ErrNotFound
}
