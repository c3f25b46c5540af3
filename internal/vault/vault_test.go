package vault

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
)

const planted = "hemlig-kaka-4711"

var now = time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC)

// browserFolder is a user data folder as a browser leaves it.
func browserFolder(t *testing.T, secret string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"Default/Cookies": secret, "Default/Cookies-journal": "", "Default/Local Storage/leveldb/000003.log": "storage " + secret, "Default/Local Storage/leveldb/LOCK": "",
		"Default/IndexedDB/https_site.example_0.indexeddb.leveldb/MANIFEST-000001": "idb", "Default/History": "historia", "Default/Login Data": "lösenord",
		"Local State": "{}", "Default/Cache/Cache_Data/f_000001": strings.Repeat("x", 100_000), "SingletonLock": "",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t *testing.T, change func(*Options)) *Vault {
	t.Helper()
	dir := t.TempDir()
	o := Options{Dir: filepath.Join(dir, "vault"), IdentityFile: filepath.Join(dir, "keys", "vault.age"), Temp: []string{filepath.Join(dir, "tmp")}, Now: func() time.Time { return now }}
	if err := os.Mkdir(o.Temp[0], 0o700); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&o)
	}
	v, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func seal(t *testing.T, v *Vault, name, secret string) Profile {
	t.Helper()
	at := now.AddDate(0, 3, 0)
	p, err := v.Seal(t.Context(), name, browserFolder(t, secret), Facts{Host: "site.example", Cookies: []Cookie{{Name: "session", Expires: at, HTTPOnly: true}}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func want(t *testing.T, err error, code string) {
	t.Helper()
	if Code(err) != code {
		t.Fatalf("got %q (%v), want %s", Code(err), err, code)
	}
	if strings.Contains(err.Error(), planted) || strings.Contains(err.Error(), "AGE-SECRET-KEY-1") {
		t.Fatalf("the sentence holds a secret: %v", err)
	}
}

// tree lists a folder's files.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[rel] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRoundTrip(t *testing.T) {
	v := open(t, nil)
	p := seal(t, v, "kommunen", planted)
	if p.Cookies != 1 || !p.Stored.Equal(now) || p.Expires == nil || !p.Expires.Equal(now.AddDate(0, 3, 0)) || p.Bytes == 0 {
		t.Errorf("%+v", p)
	}
	for _, file := range []string{v.o.IdentityFile, filepath.Join(v.o.Dir, "kommunen.vault")} {
		if fi, err := os.Stat(file); err != nil || fi.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", file, fi.Mode(), err)
		}
	}
	for name, text := range tree(t, v.o.Dir) {
		if strings.Contains(text, planted) || strings.Contains(text, "session") {
			t.Errorf("%s can be read", name)
		}
	}
	c, err := v.Open(t.Context(), "kommunen")
	if err != nil {
		t.Fatal(err)
	}
	if fi, err := os.Stat(c.Dir); err != nil || fi.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", fi, err)
	}
	got := tree(t, c.Dir)
	if len(got) != 4 || got["Default/Cookies"] != planted || got["Default/Local Storage/leveldb/000003.log"] != "storage "+planted {
		t.Errorf("%v", got)
	}
	if c.Profile.Host != "site.example" {
		t.Errorf("%+v", c.Profile)
	}
	before := tree(t, v.o.Dir)
	if err := os.WriteFile(filepath.Join(c.Dir, "Default", "Cookies"), []byte("utloggad"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if left := tree(t, v.o.Temp[0]); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if after := tree(t, v.o.Dir); after["kommunen.vault"] != before["kommunen.vault"] {
		t.Error("the stored profile was changed by a copy")
	}
	seal(t, v, "kommunen", "ny kaka")
	if c, err = v.Open(t.Context(), "kommunen"); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got := tree(t, c.Dir)["Default/Cookies"]; got != "ny kaka" {
		t.Error(got)
	}
	if err := v.Remove("kommunen"); err != nil {
		t.Fatal(err)
	}
	_, err = v.Open(t.Context(), "kommunen")
	want(t, err, "no-profile")
	want(t, v.Remove("kommunen"), "no-profile")
}

// TestWipeOverwrites holds a copy's file open while it is wiped: what is read through it afterwards is zeros.
func TestWipeOverwrites(t *testing.T) {
	v := open(t, nil)
	seal(t, v, "a", planted)
	c, err := v.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(c.Dir, "Default", "Cookies"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(b, make([]byte, len(planted))) {
		t.Errorf("%q %v", b, err)
	}
}

func TestBadNames(t *testing.T) {
	v := open(t, nil)
	for _, name := range []string{"", ".", "..", "a/b", "../a", "a..b", ".dold", "-a", "a b", "a\nb", strings.Repeat("a", 64), "a\x00"} {
		_, err := v.Open(t.Context(), name)
		want(t, err, "name")
		_, err = v.Seal(t.Context(), name, t.TempDir(), Facts{})
		want(t, err, "name")
		want(t, v.Remove(name), "name")
	}
}

func TestIdentity(t *testing.T) {
	dir := t.TempDir()
	for _, file := range []string{filepath.Join(dir, "v", "vault.age"), filepath.Join(dir, "v", "keys", "vault.age")} {
		_, err := New(Options{Dir: filepath.Join(dir, "v"), IdentityFile: file})
		want(t, err, "identity-beside")
	}
	if err := os.Mkdir(filepath.Join(dir, "real"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	_, err := New(Options{Dir: filepath.Join(dir, "real"), IdentityFile: filepath.Join(dir, "link", "vault.age")})
	want(t, err, "identity-beside")

	v := open(t, nil)
	seal(t, v, "a", planted)
	key := v.o.IdentityFile
	good, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	tries := map[string]func() error{
		"identity-mode":   func() error { return os.Chmod(key, 0o640) },
		"identity-broken": func() error { return os.WriteFile(key, []byte("AGE-SECRET-KEY-1QQQ "+planted+"\n"), 0o600) },
		"wrong-identity": func() error {
			id, _ := age.GenerateX25519Identity()
			return os.WriteFile(key, []byte(id.String()), 0o600)
		},
		"no-identity": func() error { return os.Remove(key) },
	}
	for code, spoil := range tries {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		_, err := v.Open(t.Context(), "a")
		want(t, err, code)
		if code == "no-identity" { // a key that is lost is not replaced in silence
			_, err = v.Seal(t.Context(), "b", browserFolder(t, planted), Facts{})
			want(t, err, "no-identity")
		}
		_ = os.Remove(key)
		if err := os.WriteFile(key, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := v.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
}

// TestCredential takes a key as a service manager hands it over: readable for its group, and never writable.
func TestCredential(t *testing.T) {
	v := open(t, func(o *Options) {
		o.Credentials = filepath.Dir(filepath.Dir(o.IdentityFile)) + "/cred"
		o.IdentityFile = o.Credentials + "/vault"
	})
	id, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(v.o.Credentials, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(v.o.IdentityFile, []byte(id.String()+"\n"), 0o440); err != nil {
		t.Fatal(err)
	}
	seal(t, v, "a", planted)
	c, err := v.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	if err := os.Chmod(v.o.IdentityFile, 0o444); err != nil {
		t.Fatal(err)
	}
	_, err = v.Open(t.Context(), "a")
	want(t, err, "identity-mode")
}

func TestBrokenFiles(t *testing.T) {
	v := open(t, nil)
	seal(t, v, "a", planted)
	file := filepath.Join(v.o.Dir, "a.vault")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line := bytes.IndexByte(good, '\n') + 1
	try := func(b []byte) error {
		t.Helper()
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := v.Open(t.Context(), "a")
		if err == nil {
			_ = c.Close()
		}
		if left := tree(t, v.o.Temp[0]); len(left) > 0 {
			t.Fatalf("left behind: %v", left)
		}
		return err
	}
	for i := line; i < len(good); i += 7 { // every part of what is sealed
		b := bytes.Clone(good)
		b[i] ^= 1
		if err := try(b); err == nil || Code(err) != "broken" && Code(err) != "wrong-identity" {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
	for _, n := range []int{0, 1, line - 1, line, line + 50, len(good) - 1} {
		want(t, try(good[:n]), "broken")
	}
	want(t, try(append(bytes.Clone(good), 'x')), "broken")
	want(t, try(bytes.Replace(good, []byte("2026-10-15"), []byte("2027-10-15"), 1)), "broken") // dated anew
	want(t, try(bytes.Replace(good, []byte(`"a"`), []byte(`"b"`), 1)), "broken")               // another profile's file
	want(t, try(bytes.Replace(good, []byte(Schema), []byte("arsring-vault-9"), 1)), "version")
	list, err := v.List()
	if err != nil || len(list) != 1 || Code(list[0].Err) != "version" {
		t.Errorf("%+v %v", list, err)
	}
	if err := try(good); err != nil {
		t.Fatal(err)
	}
}

// TestForeignContent seals what this room would never seal: only what a login needs is ever written to a disk.
func TestForeignContent(t *testing.T) {
	v := open(t, nil)
	seal(t, v, "a", planted)
	to, err := v.recipients()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(v.o.Dir, "a.vault")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line := good[:bytes.IndexByte(good, '\n')+1]
	for _, h := range []tar.Header{
		{Name: "../../utanför", Typeflag: tar.TypeReg}, {Name: "Default/Local Storage/../../../utanför", Typeflag: tar.TypeReg}, {Name: "/etc/utanför", Typeflag: tar.TypeReg},
		{Name: "Default/Extensions/x.js", Typeflag: tar.TypeReg}, {Name: "Default/Cookies", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
	} {
		b := bytes.NewBuffer(bytes.Clone(line))
		w, err := age.Encrypt(b, to...)
		if err != nil {
			t.Fatal(err)
		}
		z := gzip.NewWriter(w)
		out := tar.NewWriter(z)
		h.Mode = 0o600
		if err := errors.Join(addBytes(out, headName, line), out.WriteHeader(&h), out.Close(), z.Close(), w.Close(), os.WriteFile(file, b.Bytes(), 0o600)); err != nil {
			t.Fatal(err)
		}
		_, err = v.Open(t.Context(), "a")
		want(t, err, "broken")
	}
}

func TestSweep(t *testing.T) {
	v := open(t, nil)
	seal(t, v, "a", planted)
	dead, err := v.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	_ = dead.lock.Close() // as the kernel does when the process dies
	live, err := v.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	v.Sweep()
	if _, err := os.Stat(dead.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a dead process's copy is still there")
	}
	if len(tree(t, live.Dir)) == 0 {
		t.Error("a copy in use was wiped")
	}
}

// TestTogether stores and opens at the same time: every copy is whole.
func TestTogether(t *testing.T) {
	v := open(t, nil)
	seal(t, v, "a", "kaka 0")
	var wait sync.WaitGroup
	for range 4 {
		wait.Add(2)
		go func() {
			defer wait.Done()
			for range 5 {
				seal(t, v, "a", "kaka 1")
			}
		}()
		go func() {
			defer wait.Done()
			for range 10 {
				c, err := v.Open(t.Context(), "a")
				if err != nil {
					t.Error(err)
					return
				}
				b, err := os.ReadFile(filepath.Join(c.Dir, "Default", "Cookies"))
				if err != nil || !strings.HasPrefix(string(b), "kaka ") {
					t.Errorf("%q %v", b, err)
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	wait.Wait()
}

func TestNothingToStore(t *testing.T) {
	v := open(t, nil)
	_, err := v.Seal(t.Context(), "a", t.TempDir(), Facts{})
	want(t, err, "empty")
	if got := tree(t, v.o.Dir); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestExpiry(t *testing.T) {
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	for name, c := range map[string]struct {
		cookies []Cookie
		want    time.Time
	}{
		"none":                      {nil, time.Time{}},
		"sessions only":             {[]Cookie{{Name: "sid"}}, time.Time{}},
		"a login among trackers":    {[]Cookie{{"_ga", day(400), false}, {"xs", day(365), true}, {"c_user", day(360), false}, {"promo", day(2), false}}, day(360)},
		"hidden from scripts":       {[]Cookie{{"q", day(30), true}, {"_ga", day(400), false}}, day(30)},
		"the ticket of the hour":    {[]Cookie{{"auth_token", now.Add(time.Hour), true}, {"auth_refresh_token", day(90), true}}, day(90)},
		"nothing looks like one":    {[]Cookie{{"a", day(10), false}, {"b", day(20), false}}, day(20)},
		"already gone does not say": {[]Cookie{{"session", day(-1), true}}, time.Time{}},
	} {
		got := Facts{Cookies: c.cookies}.Expiry(now)
		if got == nil && !c.want.IsZero() || got != nil && !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestStatus(t *testing.T) {
	at := now
	v := open(t, func(o *Options) { o.Now = func() time.Time { return at } })
	seal(t, v, "a", planted) // ends after three months
	if _, err := v.Seal(t.Context(), "b", browserFolder(t, "x"), Facts{}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(v.o.Dir, "c.vault"), []byte("skräp"), 0o600); err != nil {
		t.Fatal(err)
	}
	states := func() map[string]State {
		t.Helper()
		list, err := v.Status(map[string][]string{"a": {"default/x"}, "d": {"default/y"}}, 30)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]State{}
		for _, s := range list {
			out[s.Name] = s.State
			if s.SV == "" || s.EN == "" || s.NeedsPerson() && !strings.Contains(s.In("sv"), "arsring login") && s.Name != "e" {
				t.Errorf("%+v", s)
			}
		}
		return out
	}
	check := func(want map[string]State) {
		t.Helper()
		got := states()
		for name, s := range want {
			if got[name] != s {
				t.Errorf("%s is %s, want %s", name, got[name], s)
			}
		}
	}
	check(map[string]State{"a": StateOK, "b": StateUnknown, "c": StateBroken, "d": StateMissing})
	at = now.AddDate(0, 2, 10)
	check(map[string]State{"a": StateExpiring, "b": StateUnknown})
	at = now.AddDate(0, 3, 1)
	check(map[string]State{"a": StateExpired})
	at = now.AddDate(0, 7, 0)
	check(map[string]State{"a": StateExpired, "b": StateOld})
}
