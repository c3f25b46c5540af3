package app

import (
	"arsring/internal/archive"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/job"
	"arsring/internal/notify"
	"arsring/internal/register"
)

// twoTowns is an app for two municipalities, one of which has a place of its own in the archive and readers of its own.
func twoTowns(t *testing.T, more string) *App {
	t.Helper()
	site := remotePages(t)
	a, err := testApp(testDir(t))
	if err != nil {
		t.Fatal(err)
	}
	a.cfg.Register.Path = filepath.Join(a.cfg.DataDir, "register")
	if err := os.MkdirAll(a.cfg.Register.Path, 0o700); err != nil {
		t.Fatal(err)
	}
	a.cfg.Mail.To = []string{"drift@example.org"}
	entry := func(id string) string {
		return fmt.Sprintf("accounts:\n  - {id: %s, platform: web, url: %q, title: Sida, archive_creator: Kommunstyrelsen, unit: E, responsible: {name: A, email: a@example.org}, "+
			"administrators: [{name: A, email: a@example.org}, {name: B, email: b@example.org}], since: 2024-01-01, class: öppen}\n", id, site.URL+"/"+id)
	}
	write(t, filepath.Join(a.cfg.Register.Path, "a.yaml"), entry("sida"))
	write(t, filepath.Join(a.cfg.Register.Path, "boden.yaml"), "tenant: boden\nname: Bodens prov\nmail: [arkiv@boden.example]\narchive: {prefix: boden-arkiv"+more+"}\n"+entry("sida"))
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// inBucket lists the objects of the embedded store as they stand in its folder.
func inBucket(t *testing.T, a *App) (out []string) {
	t.Helper()
	root := filepath.Join(a.cfg.Path("store"), "objects", a.cfg.Archive.Bucket)
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			rel, _ := filepath.Rel(root, p)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestTenantsOwnPlace takes a snapshot for each of two municipalities. The packages, log and pages of one never land under the other's prefix, and list,
// catalogue, verify, export and mail know both.
func TestTenantsOwnPlace(t *testing.T) {
	t.Parallel()
	a := twoTowns(t, "")
	kept := map[string]string{}
	for _, name := range []string{"default/sida", "boden/sida"} {
		acc, err := a.Account(name)
		if err != nil {
			t.Fatal(err)
		}
		r := a.Snapshot(t.Context(), Request{Account: acc, Trigger: capture.TriggerManual, Reason: "Prov"})
		if r.Err != nil || r.State != job.Delivered || r.Package == nil {
			t.Fatalf("%s: %s %v", name, r.Sentence, r.Err)
		}
		tenant, _, _ := strings.Cut(name, "/")
		kept[tenant] = r.ID
		place := map[string]string{"default": "arkiv", "boden": "boden-arkiv"}[tenant]
		if want := "s3://arsring/" + place + "/" + name + "/" + r.ID + "/"; *r.Package != want {
			t.Errorf("the package is said to be at %s, want %s", *r.Package, want)
		}
	}
	seen := map[string]int{}
	for _, key := range inBucket(t, a) {
		top := strings.SplitN(key, "/", 3)
		if len(top) < 3 && key != "arkiv/index.html" || top[0] == "arkiv" && top[1] == "boden" || top[0] == "boden-arkiv" && top[1] != "boden" || strings.Contains(key, kept["boden"]) && top[0] != "boden-arkiv" {
			t.Errorf("in the bucket stands %s", key)
		}
		for _, part := range []string{"METS.xml", ".receipt.json", "/_tlog/", "index.html"} {
			if strings.Contains(key, part) {
				seen[top[0]+" "+part]++
			}
		}
	}
	for _, want := range []string{"arkiv METS.xml", "arkiv .receipt.json", "arkiv /_tlog/", "arkiv index.html", "boden-arkiv METS.xml", "boden-arkiv .receipt.json", "boden-arkiv /_tlog/", "boden-arkiv index.html"} {
		if seen[want] == 0 {
			t.Errorf("there is no %s", want)
		}
	}
	readTowns(t, a, kept)
	movedTown(t, a)
}

// readTowns reads both archives in every way there is.
func readTowns(t *testing.T, a *App, kept map[string]string) {
	t.Helper()
	ctx := t.Context()
	if list, err := a.List(ctx); err != nil || len(list) != 2 {
		t.Errorf("list: %+v %v", list, err)
	}
	report, err := a.Verify(ctx, VerifyRequest{})
	if err != nil || !report.OK || report.Packages != 2 {
		t.Errorf("verify: %+v %v", report, err)
	}
	for tenant, id := range kept {
		dir := t.TempDir()
		if folder, err := a.Export(ctx, id, dir); err != nil || !exists(filepath.Join(folder, "METS.xml")) {
			t.Errorf("export of %s: %s %v", tenant, folder, err)
		}
		sc := catalog.Scope{Tenants: []string{tenant}, Classes: []register.Class{register.ClassOpen}}
		c, err := a.Catalog(ctx)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.All(ctx, sc, catalog.Filter{})
		if err != nil || len(got) != 1 || got[0].ID != id {
			t.Errorf("the catalogue of %s: %+v %v", tenant, got, err)
		}
		if side, err := a.Side(ctx, sc, id); err != nil || side.Manifest.ID != id {
			t.Errorf("%s cannot be opened: %v", id, err)
		}
	}
	if res, err := a.RebuildCatalog(ctx, nil); err != nil || res.Added != 2 || len(res.Faults) != 0 {
		t.Errorf("rebuilt: %+v %v", res, err)
	}
	s, err := a.Store(ctx)
	if err != nil {
		t.Fatal(err)
	}
	page := func(key string) string {
		data, _, err := s.Get(ctx, key)
		if err != nil {
			t.Error(err)
		}
		return string(data)
	}
	if p := page("index.html"); strings.Contains(p, "Boden") || strings.Contains(p, "boden") {
		t.Error("the first page of the archive tells of a tenant with a place of its own")
	}
	if p := page("boden/index.html"); !strings.Contains(p, "Bodens prov") || strings.Contains(p, "../index.html") {
		t.Errorf("the tenant's first page leads out of its place: %s", p)
	}
	for tenant, want := range map[string][]string{"default": {"drift@example.org"}, "boden": {"arkiv@boden.example"}, "": {"drift@example.org"}} {
		if got := a.readers(a.Register, notify.Event{Tenant: tenant, Account: "sida"}); !slices.Equal(got, want) {
			t.Errorf("told of %q: %v, want %v", tenant, got, want)
		}
	}
	if lines := examine(t, a, func(d *doctor) { d.branches(ctx, s) }); len(lines) != 1 || lines[0].State != HealthOK || !strings.Contains(lines[0].Text.SV, "boden-arkiv/boden/") {
		t.Errorf("doctor: %+v", lines)
	}
}

// movedTown gives the other municipality a place of its own when it has packages already: nothing more is delivered until that is undone.
func movedTown(t *testing.T, a *App) {
	t.Helper()
	ctx := t.Context()
	file := filepath.Join(a.cfg.Register.Path, "a.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, "archive: {prefix: nytt}\n"+string(text))
	r, err := a.Register()
	if err != nil {
		t.Fatal(err)
	}
	a.registerHolds(r)
	acc, _ := r.ByID("default", "sida")
	res := a.Snapshot(ctx, Request{Account: acc, Trigger: capture.TriggerManual, Reason: "Prov"})
	if res.Err == nil || !strings.Contains(res.Err.Error(), "already stands under arkiv/default/") {
		t.Errorf("delivered to another place than what is there: %+v", res.Err)
	}
	s, _ := a.Store(ctx)
	if lines := examine(t, a, func(d *doctor) { d.branches(ctx, s) }); len(lines) != 2 || !slices.ContainsFunc(lines, func(l Diagnosis) bool { return l.State == HealthError && strings.Contains(l.Text.SV, "arkiv/default/") }) {
		t.Errorf("doctor: %+v", lines)
	}
	write(t, file, string(text))
	if r, err = a.Register(); err != nil {
		t.Fatal(err)
	}
	a.registerHolds(r)
	// What waits in the spool is delivered now.
	if res = a.Snapshot(ctx, Request{Account: acc, Trigger: capture.TriggerManual, Reason: "Prov"}); res.Err != nil || res.State != job.Delivered {
		t.Errorf("after it was undone: %+v %v", res.State, res.Err)
	}
	write(t, filepath.Join(a.cfg.Register.Path, "c.yaml"), strings.Replace("tenant: calix\narchive: {prefix: arkiv/calix}\n"+string(text), "id: sida", "id: annan", 1))
	if _, err := a.Register(); err == nil || !strings.Contains(err.Error(), "lies inside of or around") {
		t.Errorf("a prefix inside of the archive's own: %v", err)
	}
}

// TestTenantsOwnKeys: a tenant's keys are read from files beside the register or among systemd's credentials; without them nothing of that tenant is read or
// written, and the others go on.
func TestTenantsOwnKeys(t *testing.T) {
	t.Parallel()
	a := twoTowns(t, ", access_key_file: nyckel, secret_key_file: hemlig")
	credentials := t.TempDir()
	a.env = append(a.env, "CREDENTIALS_DIRECTORY="+credentials)
	write(t, filepath.Join(a.cfg.Register.Path, "nyckel"), "BODEN\n")
	r, err := a.Register()
	if err != nil {
		t.Fatal(err)
	}
	got := a.branchesOf(r)
	if len(got) != 1 || got[0].Err == nil || !strings.Contains(got[0].Err.Error(), filepath.Join(credentials, "hemlig")) {
		t.Fatalf("a key is missing: %+v", got)
	}
	s, err := a.Store(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Accounts(t.Context(), "boden"); err == nil || !strings.Contains(err.Error()+fmt.Sprint(unwrapAll(err)), "are not known") {
		t.Errorf("without its keys: %v", err)
	}
	if _, err := s.Accounts(t.Context(), "default"); err != nil {
		t.Errorf("the other one: %v", err)
	}
	if lines := examine(t, a, func(d *doctor) { d.branches(t.Context(), s) }); len(lines) != 1 || lines[0].State != HealthError {
		t.Errorf("doctor: %+v", lines)
	}
	othersAreRead(t, a)
	write(t, filepath.Join(credentials, "hemlig"), "BODENS HEMLIGHET")
	if got = a.branchesOf(r); len(got) != 1 || got[0].Err != nil || got[0].AccessKey != "BODEN" || got[0].SecretKey != "BODENS HEMLIGHET" || got[0].Prefix != "boden-arkiv" {
		t.Errorf("%+v", got)
	}
	a.registerHolds(r)
	// The embedded store knows no such key: what matters is that it is asked with it, and not with its own.
	if _, err := s.Put(t.Context(), "boden/index.html", []byte("x"), archivePut); err == nil {
		t.Error("written with other keys than the tenant's")
	}
	if keys := inBucket(t, a); slices.ContainsFunc(keys, func(k string) bool { return strings.Contains(k, "boden") }) {
		t.Errorf("in the bucket: %v", keys)
	}
}

// othersAreRead: while the other tenant cannot be read, this one is listed, found, verified and asked what is due; the other one is named.
func othersAreRead(t *testing.T, a *App) {
	t.Helper()
	ctx := t.Context()
	acc, err := a.Account("default/sida")
	if err != nil {
		t.Fatal(err)
	}
	kept := a.Snapshot(ctx, Request{Account: acc, Trigger: capture.TriggerManual, Reason: "Prov"})
	if kept.Err != nil {
		t.Fatal(kept.Err)
	}
	named := func(what string, err error) {
		t.Helper()
		if !OnlyUnread(err) || !strings.Contains(Sentence(err), "The archive of boden was not read. The store's keys for boden are not known") {
			t.Errorf("%s: %v", what, err)
		}
	}
	list, err := a.List(ctx)
	if named("list", err); len(list) != 1 || list[0].ID != kept.ID {
		t.Errorf("listed: %+v", list)
	}
	choices, err := a.Disposals(ctx, true)
	if named("dispose", err); len(choices) != 1 {
		t.Errorf("may be disposed of: %+v", choices)
	}
	due, _, err := a.Due(ctx, a.now())
	if named("due", err); len(due) != 1 || due[0].Tenant != Tenant {
		t.Errorf("due: %+v", due)
	}
	if folder, err := a.Export(ctx, kept.ID, t.TempDir()); err != nil || !exists(filepath.Join(folder, "METS.xml")) {
		t.Errorf("export: %v", err)
	}
	_, err = a.Export(ctx, "sida-20200101T000000Z-manual-aaaa", t.TempDir())
	named("export of what may be the other's", err)
	r, err := a.Verify(ctx, VerifyRequest{})
	if err != nil || r.OK || r.Packages != 1 || r.Altered != 0 || len(r.Findings) != 1 || r.Findings[0].Code != "unread" || !strings.Contains(r.Summary().SV, "Arkivet för boden är inte läst. Arkivlagrets nycklar för boden är inte kända") {
		t.Errorf("verify: %+v %v", r, err)
	}
	if r, err = a.Verify(ctx, VerifyRequest{IDs: []string{kept.ID}}); err != nil || !r.OK || r.Packages != 1 {
		t.Errorf("verify of one: %+v %v", r, err)
	}
	keep := newLedger(a.Store, a.now)
	both, err := a.Register()
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := keep.refresh(ctx, both.Accounts)
	if named("the calendar's question", err); len(accounts) != 1 || accounts[0].Tenant != Tenant {
		t.Errorf("asked about: %+v", accounts)
	}
}

var archivePut = archive.PutOptions{}

func unwrapAll(err error) []error {
	var out []error
	for ; err != nil; err = errors.Unwrap(err) {
		out = append(out, err)
	}
	return out
}
