package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"

	"arsring/internal/access"
	"arsring/internal/register"
)

// importBytes bounds a list of accounts.
const importBytes = 8 << 20

type importData struct {
	ID       string
	Import   *register.Import
	Counts   map[register.ImportKind]int
	Problems []string
	Warnings []string
	OK       bool
}

func (q *ask) importPage() error {
	return q.renderPage(http.StatusOK, "import", page{Title: q.t("Importera lista", "Import a list"), Data: importData{}})
}

// importPreview shows what a list would do. Nothing is written.
func (q *ask) importPreview() error {
	wrong := func(say string) error {
		return q.renderPage(http.StatusUnprocessableEntity, "import", page{Title: q.t("Importera lista", "Import a list"), Errors: map[string]string{"list": say}, Data: importData{}})
	}
	form, err := q.r.MultipartReader()
	if err != nil {
		return wrong(q.t("Välj en fil.", "Choose a file."))
	}
	part, err := form.NextPart()
	for err == nil && part.FormName() != "list" {
		part, err = form.NextPart()
	}
	if errors.Is(err, io.EOF) || err == nil && part.FileName() == "" {
		return wrong(q.t("Välj en fil.", "Choose a file."))
	}
	if err != nil {
		return err
	}
	got, err := q.o.Accounts.Preview(safeName(part.FileName()), part)
	if ps := register.AsProblems(err); ps != nil {
		return wrong(clip(1000, ps.In(q.lang)))
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return wrong(q.t("Filen är större än 8 MB.", "The file is larger than 8 MB."))
	}
	if err != nil {
		return err
	}
	for _, row := range got.Rows {
		if !q.MayChange(row.Account.Tenant) {
			return errForbidden
		}
	}
	d := importData{ID: rand.Text(), Import: got, Counts: map[register.ImportKind]int{}, OK: len(got.Problems.Errors()) == 0}
	for _, r := range got.Rows {
		d.Counts[r.Kind]++
	}
	d.OK = d.OK && d.Counts[register.ImportAdd]+d.Counts[register.ImportChange] > 0
	for _, p := range got.Problems.Errors() {
		d.Problems = append(d.Problems, p.In(q.lang))
	}
	for _, p := range got.Problems.Warnings() {
		d.Warnings = append(d.Warnings, p.In(q.lang))
	}
	q.imports.put(d.ID, q.actor.UserID, got)
	return q.renderPage(http.StatusOK, "import", page{Title: q.t("Förhandsgranska importen", "Preview of the import"), Data: d,
		JSON: map[string]any{"id": d.ID, "ok": d.OK, "rows": got.Rows, "problems": append([]string{}, d.Problems...), "warnings": append([]string{}, d.Warnings...)}})
}

func (q *ask) importApply() error {
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	got, ok := q.imports.get(q.r.PathValue("id"), q.actor.UserID)
	if !ok {
		return &Refusal{SV: "Förhandsgranskningen finns inte kvar. Ladda upp listan igen.", EN: "The preview is no longer there. Upload the list again."}
	}
	for _, row := range got.Rows {
		if err := q.need(row.Account.Tenant, access.Archivist); err != nil {
			return err
		}
	}
	if err := q.o.Accounts.Apply(got, register.Change{By: q.actor.Who(), Reason: "Import: " + got.File, At: q.o.Now()}); err != nil {
		return err
	}
	if err := q.note("", "import", got.File, fmt.Sprintf("%d rader", len(got.Rows))); err != nil {
		return err
	}
	q.flash(q.t("Listan är införd i registret.", "The list is in the register."))
	return q.redirect("/konton")
}

// Code names a kind of row.
func (d importData) Count(kind string) int { return d.Counts[register.ImportKind(kind)] }
