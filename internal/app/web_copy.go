package app

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"os"
	"path/filepath"
	"time"

	"arsring/internal/capture"
	"arsring/internal/pdfa"
	"arsring/internal/register"
	"arsring/internal/web"
)

//go:embed web_copy.html
var copyHTML string

var copyPage = template.Must(template.New("copy").Funcs(template.FuncMap{
	"str": func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	},
	"when": func(t *time.Time) string {
		if t == nil {
			return "okänd tid"
		}
		return t.In(register.Location()).Format("2006-01-02 kl. 15.04")
	},
	"taken": func(t time.Time) string { return t.In(register.Location()).Format("2006-01-02 kl. 15.04") },
	"picture": func(s copiedSheet) template.URL {
		return template.URL("data:" + s.mime + ";base64," + base64.StdEncoding.EncodeToString(s.data)) //nolint:gosec // our own bytes in base64
	},
}).Parse(copyHTML))

// copied is what the copy's document is filled from.
type copied struct {
	web.Disclosure
	Pictures []copiedSheet
}

// Places counts what was blacked out on the pictures.
func (c copied) Places() int {
	n := 0
	for _, s := range c.Pictures {
		n += s.Places
	}
	return n
}

// webCopies makes the copies that are handed out: a document of its own, printed by the browser, that says on every sheet that it is a copy.
type webCopies struct {
	a    *App
	arch *webArchive
	busy chan struct{} // one browser at a time for this
}

// Copy gives the PDF of a copy.
func (w *webCopies) Copy(ctx context.Context, d web.Disclosure) ([]byte, error) {
	select {
	case w.busy <- struct{}{}:
		defer func() { <-w.busy }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	sheets, err := w.sheets(ctx, d)
	if err != nil {
		return nil, err
	}
	var html bytes.Buffer
	if err := copyPage.Execute(&html, copied{d, sheets}); err != nil {
		return nil, err
	}
	if err := mkdir(w.a.spool()); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(w.a.spool(), ".copy-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	raw := filepath.Join(dir, "raw.pdf")
	if err := w.print(ctx, html.Bytes(), raw); err != nil {
		return nil, err
	}
	in, err := os.Open(raw)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var out bytes.Buffer
	_, err = pdfa.Convert(ctx, in, &out, pdfa.Options{Title: "Kopia ur " + d.Snapshot.ID, Lang: "sv", Author: d.Org, Creator: w.a.Tool(), Now: w.a.now(), Want: pdfa.Level(w.a.cfg.PDFA.Level), UA: true})
	return out.Bytes(), err
}

func (w *webCopies) print(ctx context.Context, html []byte, file string) (err error) {
	b, proxy, err := w.a.openBrowser(ctx, register.Account{}, false, func(*capture.Options) {})
	if proxy != nil {
		defer func() { err = errors.Join(err, proxy.Close()) }()
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return b.Print(ctx, html, file)
}
