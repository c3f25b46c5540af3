package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"arsring/internal/access"
)

func cloneValues(v url.Values) url.Values {
	out := url.Values{}
	for k, all := range v {
		out[k] = append([]string(nil), all...)
	}
	return out
}

// record gives the record as it lies in the archive, for the browser's own viewer, or as a file with ?spara=1.
func (q *ask) record() error {
	k, err := q.kept()
	if err != nil {
		return err
	}
	if k.M.Record == nil {
		return ErrNotFound
	}
	h := q.w.Header()
	how := "inline"
	if q.r.URL.Query().Get("spara") != "" {
		how = "attachment"
		if err := q.noteDownload(k.Snapshot, "arkivexemplar.pdf"); err != nil {
			return err
		}
	}
	h.Set("Content-Disposition", how+`; filename="`+k.ID+`.pdf"`)
	h.Set("Content-Security-Policy", pdfPolicy)
	return q.send(k.ID, k.M.Record.Path, "application/pdf")
}

func (q *ask) noteDownload(s Snapshot, what string) error {
	if !q.actor.Known() {
		return nil // the reading room keeps no names
	}
	return q.note(s.Tenant, "download", s.ID, what)
}

// send copies one file of a package to the browser.
func (q *ask) send(id, path, mime string) error {
	r, n, err := q.o.Archive.Open(q.ctx(), id, path)
	if err != nil {
		return err
	}
	defer r.Close()
	h := q.w.Header()
	h.Set("Content-Type", mime)
	h.Set("Content-Length", strconv.FormatInt(n, 10))
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+id+`"`)
	if q.r.Header.Get("If-None-Match") == `"`+id+`"` && mime == "application/pdf" {
		h.Del("Content-Length")
		q.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if q.r.Method == http.MethodHead {
		return nil
	}
	if _, err := io.Copy(q.w, r); err != nil {
		q.o.Log.Warn("a file was not sent whole", "snapshot", id, "path", path, "error", err)
		return context.Canceled // the answer has begun: nothing else can be said
	}
	return nil
}

// manifestFile names the role holders of the account: for those who work with the archive only.
func (q *ask) manifestFile() error {
	s, err := q.snapshot(q.r.PathValue("id"))
	if err != nil {
		return err
	}
	q.attach("application/json; charset=utf-8", s.ID+".manifest.json")
	return q.send(s.ID, "metadata/descriptive/manifest.json", "application/json; charset=utf-8")
}

func (q *ask) contentFile() error {
	k, err := q.kept()
	if err != nil {
		return err
	}
	if err := q.noteDownload(k.Snapshot, "innehall.json"); err != nil {
		return err
	}
	q.attach("application/json; charset=utf-8", k.ID+".json")
	return q.send(k.ID, k.M.Content, "application/json; charset=utf-8")
}

// packageFile gives the whole package as a ZIP.
func (q *ask) packageFile() error {
	s, err := q.snapshot(q.r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := q.need(s.Tenant, access.Reader); err != nil {
		return err
	}
	if err := q.noteDownload(s, "paket.zip"); err != nil {
		return err
	}
	q.attach("application/zip", s.ID+".zip")
	if err := q.o.Archive.Package(q.ctx(), s.ID, q.w); err != nil {
		q.o.Log.Error("a package was not sent whole", "snapshot", s.ID, "error", err)
		panic(http.ErrAbortHandler) // half a ZIP must not look like a whole one
	}
	return nil
}
