package app

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

//go:embed demo_page.html demo_page.css
var demoFiles embed.FS

var demoPage = template.Must(template.ParseFS(demoFiles, "demo_page.html"))

// demoCSP lets the page load its own style sheet and nothing else: no script, no frame, no form.
const demoCSP = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// demoFile is one kind of file that the page hands out.
type demoFile struct {
	mime string
	path func(sip.Manifest) string // inside the package; empty when it holds none
}

var demoParts = map[string]demoFile{
	"record.pdf": {"application/pdf", func(m sip.Manifest) string {
		if m.Record == nil {
			return ""
		}
		return m.Record.Path
	}},
	"manifest.json": {"application/json; charset=utf-8", func(sip.Manifest) string { return manifestPath }},
	"content.json":  {"application/json; charset=utf-8", func(m sip.Manifest) string { return m.Content }},
}

// Page is the demonstration's read-only page: a list of what its archive holds, with each record, manifest and content as they lie in the store.
// It answers only requests made to a loopback address by name or number, so that no foreign page can have a browser read it.
func (d *Demo) Page() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", d.showList)
	mux.HandleFunc("GET /stil.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, demoFiles, "demo_page.css") })
	mux.HandleFunc("GET /{id}/{file}", d.showFile)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", demoCSP)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !isLoopbackHost(r.Host) {
			http.Error(w, "Sidan finns bara på den här datorn.", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func isLoopbackHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

// Serve shows the page on loopback until ctx ends, and tells its address once it can be opened.
func (d *Demo) Serve(ctx context.Context, ready func(url string)) error {
	ln, err := listenLoopback(ctx, "127.0.0.1:8080")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: d.Page(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		BaseContext: func(net.Listener) context.Context { return ctx }}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	ready("http://" + ln.Addr().String() + "/")
	if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// demoRow is one snapshot as the list shows it.
type demoRow struct {
	ID, Title, Taken, Outcome, Level, Size string
	Kept, Receipt                          bool
	Posts, Comments, Sheets, Pages         int
}

var outcomeNames = map[capture.Outcome]string{capture.Complete: "fullständig", capture.Partial: "ofullständig"}

func (d *Demo) showList(w http.ResponseWriter, r *http.Request) {
	rows, err := d.rows(r.Context())
	if err != nil {
		d.app.log.Error("the archive cannot be listed", "error", err)
		http.Error(w, "Arkivet svarar inte.", http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := demoPage.Execute(w, map[string]any{"Rows": rows, "Dir": d.dir}); err != nil {
		d.app.log.Warn("the page was not sent whole", "error", err)
	}
}

func (d *Demo) rows(ctx context.Context) ([]demoRow, error) {
	s, err := d.app.Store(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := s.List(ctx, archive.ListFilter{})
	if err != nil {
		return nil, err
	}
	rows := make([]demoRow, 0, len(entries))
	for _, e := range entries {
		m, err := d.app.manifest(ctx, s, e)
		if err != nil {
			return nil, err
		}
		rows = append(rows, demoRowOf(e, m))
	}
	return rows, nil
}

func demoRowOf(e archive.Entry, m sip.Manifest) demoRow {
	row := demoRow{ID: e.ID, Title: m.Account.Title, Taken: m.Started.In(register.Location()).Format("2006-01-02 15.04"), Outcome: string(m.Outcome), Level: "inte PDF/A",
		Size: kilobytes(e.Bytes), Kept: m.Outcome == capture.Complete, Receipt: e.Receipt, Posts: m.Counts.Posts, Comments: m.Counts.Comments, Sheets: sheets(m.Tiles)}
	if name, ok := outcomeNames[m.Outcome]; ok {
		row.Outcome = name
	}
	if m.Record != nil {
		row.Pages = m.Record.Pages
		if m.Record.PDFA != nil {
			row.Level = "PDF/A-" + *m.Record.PDFA
		}
	}
	return row
}

// sheets counts the pages of the record that show tiles. A tile whose page is not known counts as a sheet of its own.
func sheets(tiles []sip.Tile) int {
	pages, alone := map[int]bool{}, 0
	for _, t := range tiles {
		if t.RecordPage == nil {
			alone++
			continue
		}
		pages[*t.RecordPage] = true
	}
	return len(pages) + alone
}

func kilobytes(n int64) string { return fmt.Sprintf("%d kB", (n+1023)/1024) }

func (d *Demo) showFile(w http.ResponseWriter, r *http.Request) {
	part, ok := demoParts[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	body, size, err := d.openPart(r.Context(), r.PathValue("id"), part)
	var none *archive.NotFoundError
	var bad *archive.InputError
	switch {
	case errors.As(err, &none), errors.As(err, &bad):
		http.NotFound(w, r)
		return
	case err != nil:
		d.app.log.Error("a file cannot be read from the archive", "error", err)
		http.Error(w, "Arkivet svarar inte.", http.StatusBadGateway)
		return
	}
	defer body.Close()
	h := w.Header()
	h.Set("Content-Type", part.mime)
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	if part.mime == "application/pdf" {
		// The browser's own viewer has to work on it; no policy of a page applies to a document without scripts.
		h.Del("Content-Security-Policy")
		h.Set("Content-Disposition", fmt.Sprintf("inline; filename=%q", r.PathValue("id")+".pdf"))
	}
	if _, err := io.Copy(w, body); err != nil {
		d.app.log.Warn("a file was not sent whole", "error", err)
	}
}

func (d *Demo) openPart(ctx context.Context, id string, part demoFile) (io.ReadCloser, int64, error) {
	s, err := d.app.Store(ctx)
	if err != nil {
		return nil, 0, err
	}
	e, err := s.Find(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	m, err := d.app.manifest(ctx, s, e)
	if err != nil {
		return nil, 0, err
	}
	path := part.path(m)
	if path == "" {
		return nil, 0, &archive.NotFoundError{Key: id}
	}
	return s.Open(ctx, e, path)
}
