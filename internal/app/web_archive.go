package app

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/sip"
	"arsring/internal/web"
)

// webArchive is the archive as the pages see it. Manifests never change, so each is read once.
type webArchive struct {
	a      *App
	search *webSearch
	tiles  *tileShelf

	mu    sync.Mutex
	known map[string]web.Snapshot
}

func newWebArchive(a *App, search *webSearch) *webArchive {
	w := &webArchive{a: a, search: search, known: map[string]web.Snapshot{}}
	w.tiles = newTileShelf(w)
	return w
}

// gone turns the archive's words for "not there" into the pages' one.
func gone(err error) error {
	var none *archive.NotFoundError
	var bad *archive.InputError
	if errors.As(err, &none) || errors.As(err, &bad) {
		return web.ErrNotFound
	}
	return err
}

// Snapshots lists what is kept, newest first, as the catalogue has it.
func (w *webArchive) Snapshots(ctx context.Context, tenant, account string) ([]web.Snapshot, error) {
	c, err := w.search.fresh(ctx)
	if err != nil {
		return nil, err
	}
	sc := catalog.Scope{Tenants: []string{tenant}, Classes: catalog.AllClasses()}
	if tenant == "" {
		r, err := w.a.Register()
		if err != nil {
			return nil, err
		}
		sc = everyTenant(r)
	}
	all, err := c.All(ctx, sc, catalog.Filter{Tenant: tenant, Account: account})
	if err != nil {
		return nil, err
	}
	out := make([]web.Snapshot, len(all))
	for i, s := range all {
		out[i] = web.Snapshot{ID: s.ID, Tenant: s.Tenant, Account: s.Account, Title: s.Title, Platform: s.Platform, Unit: s.Unit, Trigger: s.Trigger, Outcome: s.Outcome, Class: s.Class, Taken: s.Taken,
			WantedFrom: s.WantedFrom, Oldest: s.Oldest, Newest: s.Newest, Reason: s.Reason, By: s.OrderedBy, Late: s.Late, Posts: s.Posts, Comments: s.Comments, Pages: s.Pages, PDFA: s.PDFA,
			Missing: len(s.Missing), Bytes: s.Bytes, Receipt: s.Receipt, Sentence: s.Sentence}
	}
	slices.SortStableFunc(out, func(a, b web.Snapshot) int { return b.Taken.Compare(a.Taken) })
	return out, nil
}

func (w *webArchive) row(ctx context.Context, s *archive.Store, e archive.Entry) (web.Snapshot, error) {
	w.mu.Lock()
	row, ok := w.known[e.ID]
	w.mu.Unlock()
	if !ok {
		m, err := w.a.manifest(ctx, s, e)
		if err != nil {
			return row, err
		}
		row = webRow(m)
		w.mu.Lock()
		w.known[e.ID] = row
		w.mu.Unlock()
	}
	row.Bytes, row.Receipt = e.Bytes, e.Receipt
	return row, nil
}

func webRow(m sip.Manifest) web.Snapshot {
	row := web.Snapshot{ID: m.ID, Tenant: m.Tenant, Account: m.Account.ID, Title: m.Account.Title, Platform: m.Account.Platform, Unit: m.Account.Unit, Trigger: m.Trigger, Outcome: m.Outcome,
		Class: m.AccessClass, Taken: m.Started, WantedFrom: m.Period.WantedFrom, Oldest: m.Period.Oldest, Newest: m.Period.Newest, Late: m.Late, Posts: m.Counts.Posts, Comments: m.Counts.Comments,
		Missing: len(m.Missing), Sentence: m.Sentence}
	if m.Reason != nil {
		row.Reason = *m.Reason
	}
	if m.OrderedBy != nil {
		row.By = *m.OrderedBy
	}
	if m.Record != nil {
		row.Pages = m.Record.Pages
		if m.Record.PDFA != nil {
			row.PDFA = *m.Record.PDFA
		}
	}
	return row
}

func (w *webArchive) find(ctx context.Context, id string) (*archive.Store, archive.Entry, error) {
	s, err := w.a.Store(ctx)
	if err != nil {
		return nil, archive.Entry{}, err
	}
	if _, _, _, err := sip.ParseID(id); err != nil {
		return nil, archive.Entry{}, web.ErrNotFound
	}
	e, err := s.Find(ctx, id)
	return s, e, gone(err)
}

// Snapshot is one of them.
func (w *webArchive) Snapshot(ctx context.Context, id string) (web.Snapshot, error) {
	s, e, err := w.find(ctx, id)
	if err != nil {
		return web.Snapshot{}, err
	}
	return w.row(ctx, s, e)
}

// Manifest reads a package's manifest.
func (w *webArchive) Manifest(ctx context.Context, id string) (sip.Manifest, error) {
	s, e, err := w.find(ctx, id)
	if err != nil {
		return sip.Manifest{}, err
	}
	return w.a.manifest(ctx, s, e)
}

// Content reads a package's posts.
func (w *webArchive) Content(ctx context.Context, id string) (sip.Content, error) {
	m, err := w.Manifest(ctx, id)
	if err != nil {
		return sip.Content{}, err
	}
	r, _, err := w.Open(ctx, id, m.Content)
	if err != nil {
		return sip.Content{}, err
	}
	defer r.Close()
	return sip.ReadContent(r)
}

// Receipt is the proof of delivery.
func (w *webArchive) Receipt(ctx context.Context, id string) (web.Receipt, error) {
	s, e, err := w.find(ctx, id)
	if err != nil {
		return web.Receipt{}, err
	}
	r, err := s.ReadReceipt(ctx, e)
	if err != nil {
		return web.Receipt{}, gone(err)
	}
	out := web.Receipt{Location: s.Location(e), Delivered: r.Delivered, ReadBack: r.ReadBack, Objects: len(r.Objects), METS: r.METSSHA256}
	for _, o := range r.Objects {
		out.Bytes += o.Size
	}
	if r.Lock != nil {
		out.Lock, out.LockUntil = r.Lock.Mode, r.Lock.Until
	}
	return out, nil
}

// Open opens one file of a package.
func (w *webArchive) Open(ctx context.Context, id, path string) (io.ReadCloser, int64, error) {
	s, e, err := w.find(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	r, n, err := s.Open(ctx, e, path)
	return r, n, gone(err)
}

// Tile is the picture of one tile.
func (w *webArchive) Tile(ctx context.Context, id string, n, width int) ([]byte, string, error) {
	return w.tiles.get(ctx, id, n, width)
}

// Package writes the whole package as a ZIP whose only folder is the package's.
func (w *webArchive) Package(ctx context.Context, id string, to io.Writer) error {
	s, e, err := w.find(ctx, id)
	if err != nil {
		return err
	}
	z := zip.NewWriter(to)
	for o, err := range s.ListKeys(ctx, e.Prefix) {
		if err != nil {
			return err
		}
		if err := zipObject(ctx, z, s, e, o); err != nil {
			return err
		}
	}
	return z.Close()
}

func zipObject(ctx context.Context, z *zip.Writer, s *archive.Store, e archive.Entry, o archive.ObjectInfo) error {
	path := o.Key[len(e.Prefix):]
	r, _, err := s.Open(ctx, e, path)
	if err != nil {
		return err
	}
	defer r.Close()
	f, err := z.CreateHeader(&zip.FileHeader{Name: e.ID + "/" + path, Method: zip.Deflate, Modified: o.Modified})
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return err
}

// Check re-reads a package, and holds it against its time stamp and the log.
func (w *webArchive) Check(ctx context.Context, id string) (web.Check, error) {
	if _, _, err := w.find(ctx, id); err != nil {
		return web.Check{}, err
	}
	out := checked{web.Check{ID: id, At: w.a.now()}}
	report, err := w.a.Verify(ctx, VerifyRequest{IDs: []string{id}, Tell: func(c Checked) {
		out.Objects, out.Bytes = c.Objects, c.Bytes
		out.add(c.Findings)
	}})
	out.add(report.Findings)
	out.OK = report.OK && len(out.Findings) == 0
	return out.Check, err
}

// Location is where the archive is.
func (w *webArchive) Location() string {
	if c := w.a.cfg.Archive; c.Endpoint != "" {
		return c.Endpoint + "/" + c.Bucket
	}
	return w.a.cfg.Path("store", "objects")
}

// Healthy asks the store for something small.
func (w *webArchive) Healthy(ctx context.Context) error {
	s, err := w.a.Store(ctx)
	if err != nil {
		return err
	}
	_, err = s.Stat(ctx, "_health")
	var none *archive.NotFoundError
	if errors.As(err, &none) {
		return nil
	}
	return err
}

// checked is a check in the making.
type checked struct{ web.Check }

func (c *checked) add(found []archive.Finding) {
	for _, f := range found {
		c.Findings = append(c.Findings, capture.Text{SV: f.Text.SV, EN: f.Text.EN})
	}
}
