package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arsring/config"
	"arsring/internal/capture"
	"arsring/internal/egress"
	"arsring/internal/vault"
)

// Logins that are stored, and one that an account needs and nobody has stored, are told of in time.
func TestLoginAges(t *testing.T) {
	dir := testDir(t)
	a, err := testApp(dir)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	a.now = func() time.Time { return now }
	if err := os.MkdirAll(filepath.Join(dir, "register"), 0o700); err != nil {
		t.Fatal(err)
	}
	const entry = "accounts:\n  - {id: kommunen, platform: web, url: https://a.example/, title: A, archive_creator: K, unit: U, login_profile: saknas, responsible: {name: A, email: a@example.org}, administrators: [{name: A, email: a@example.org}]}\n"
	if err := os.WriteFile(filepath.Join(dir, "register", "r.yaml"), []byte(entry), 0o600); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "chrome")
	if err := os.MkdirAll(filepath.Join(folder, "Default"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "Default", "Cookies"), []byte("kakor"), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := a.Vault()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Seal(t.Context(), "facebook", folder, vault.Facts{Cookies: []vault.Cookie{{Name: "xs", Expires: now.AddDate(0, 0, 60), HTTPOnly: true}}}); err != nil {
		t.Fatal(err)
	}
	want := func(name string, person bool, text string) {
		t.Helper()
		all, err := a.loginAges()
		if err != nil || len(all) != 2 {
			t.Fatalf("%+v %v", all, err)
		}
		for _, l := range all {
			if l.Name == name && (l.Person != person || !strings.Contains(l.SV, text)) {
				t.Errorf("%+v", l)
			}
		}
	}
	want("facebook", false, "gäller troligen till")
	want("saknas", true, "arsring login saknas")
	now = now.AddDate(0, 0, 40) // 20 days left, warned of 30 days before
	want("facebook", true, "går troligen ut om")
	now = now.AddDate(0, 0, 30)
	want("facebook", true, "gick troligen ut")
}

// What the platform's own host sets counts; what others set says nothing about the login.
func TestFactsOf(t *testing.T) {
	f := factsOf("https://www.plattform.example/kommunen", []capture.LoginCookie{{Name: "a", Domain: ".plattform.example"}, {Name: "b", Domain: "www.plattform.example"}, {Name: "c", Domain: ".reklam.example"},
		{Name: "d", Domain: "login.plattform.example"}, {Name: "e", Domain: "minplattform.example"}})
	if f.Host != "www.plattform.example" || len(f.Cookies) != 3 {
		t.Errorf("%+v", f)
	}
}

// What the configuration lets a page take of the machine is what the browser is started with.
func TestBrowserBounds(t *testing.T) {
	cfg, err := config.Load(config.Options{Overrides: map[string]any{"data_dir": t.TempDir(), "capture.chrome_memory": "600MiB", "capture.chrome_disk": "70MB"}})
	if err != nil {
		t.Fatal(err)
	}
	proxy, err := egress.Start(t.Context(), egress.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	if o := New(Options{Config: cfg}).browserOptions(proxy); o.Memory != 600<<20 || o.Disk != 70_000_000 {
		t.Errorf("memory %d, disk %d", o.Memory, o.Disk)
	}
}
