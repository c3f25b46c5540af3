package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// write puts a configuration file with mode 0600 into a fresh folder.
func write(t *testing.T, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), "arsring.yaml")
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func home(extra ...string) []string { return append([]string{"HOME=/home/anna"}, extra...) }

func TestDefaultsAreValidAndComplete(t *testing.T) {
	c, err := Load(Options{Environ: home()})
	if err != nil {
		t.Fatal(err)
	}
	if c.DataDir != "/home/anna/.local/share/arsring" && c.DataDir != systemData {
		t.Errorf("data folder %q", c.DataDir)
	}
	if c.Register.Path != filepath.Join(c.DataDir, "register") || c.Vault.IdentityFile != filepath.Join(c.DataDir, "keys/vault.age") {
		t.Errorf("register %q, identity %q", c.Register.Path, c.Vault.IdentityFile)
	}
	want := Default()
	want.DataDir, want.Register.Path, want.Vault.IdentityFile, want.Warnings, want.where = c.DataDir, c.Register.Path, c.Vault.IdentityFile, c.Warnings, c.where
	if !equalButNil(c, want) {
		t.Errorf("the defaults do not survive Load:\n got %+v\nwant %+v", c, want)
	}
	if got := AsProblems(c.Warnings); len(got) != 1 || got[0].Key != "organisation.name" {
		t.Errorf("warnings %v", got)
	}
}

// equalButNil compares without telling an empty list from none.
func equalButNil(a, b Config) bool {
	same := true
	values := map[string]any{}
	each(reflect.ValueOf(&a).Elem(), schema, "", func(v reflect.Value, _ *setting, key string) { values[key] = v.Interface() })
	each(reflect.ValueOf(&b).Elem(), schema, "", func(v reflect.Value, _ *setting, key string) {
		if v.Kind() == reflect.Slice && v.Len() == 0 && reflect.ValueOf(values[key]).Len() == 0 {
			return
		}
		same = same && reflect.DeepEqual(values[key], v.Interface())
	})
	return same
}

func TestExampleIsValidAndSaysTheDefaults(t *testing.T) {
	c, err := Load(Options{File: "arsring.example.yaml", Environ: home()})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Warnings) > 0 {
		t.Errorf("warnings: %v", c.Warnings)
	}
	d := Default()
	d.DataDir, d.Vault.IdentityFile, d.Register.Path = c.DataDir, c.Vault.IdentityFile, c.Register.Path
	d.Organisation, d.Register.Write, d.Calendar.Groups = c.Organisation, true, c.Calendar.Groups
	if !equalButNil(c, d) {
		t.Errorf("the example's open lines differ from the defaults:\n got %+v\nwant %+v", c, d)
	}
}

// Every line of the example that is commented out must still be a setting that exists.
func TestExampleWithEveryLineOpen(t *testing.T) {
	var lines []string
	for l := range strings.SplitSeq(string(Example), "\n") {
		body := strings.TrimLeft(l, " ")
		if code, ok := strings.CutPrefix(body, "#"); ok && !strings.HasPrefix(code, " ") && strings.Contains(code, ":") {
			l = l[:len(l)-len(body)] + code
		} else if strings.HasPrefix(strings.TrimLeft(l, " "), "#  ") { // the continuation of a commented list
			l = strings.Replace(l, "#", "", 1)
		}
		if strings.TrimSpace(l) == "tsa: []" {
			continue
		}
		lines = append(lines, l)
	}
	r := &reader{file: "example", where: places{}}
	m := r.document([]byte(strings.Join(lines, "\n")))
	if len(r.problems) > 0 {
		t.Fatal(r.problems)
	}
	said := map[string]bool{}
	for k := range r.where {
		said[k] = true
	}
	for _, s := range schema.leaves() {
		direct := map[string]bool{"archive.access_key": true, "archive.secret_key": true, "archive.replica.access_key": true, "archive.replica.secret_key": true, "capture.proxy": true, "jobs.database": true, "mail.password": true,
			"notify.webhook": true, "notify.webhook_secret": true, "telemetry.metrics_token": true, "notify.heartbeat": true, "web.oidc.client_secret": true, "web.oidc.ca_file": true, "mail.ca_file": true}
		if !said[s.path] && !direct[s.path] {
			t.Errorf("the example is silent about %s", s.path)
		}
	}
	if m["archive"].(map[string]any)["endpoint"] != "https://s3.example" {
		t.Errorf("archive: %v", m["archive"])
	}
}

func TestPrecedence(t *testing.T) {
	f := write(t, "capture:\n  image: png\n  parallel: 2\n  overlap_days: 30\nlog:\n  level: warn\n")
	c, err := Load(Options{
		File:      f,
		Environ:   home("ARSRING_CAPTURE_PARALLEL=3", "ARSRING_LOG_LEVEL=error", "ARSRING_CAPTURE_ALLOW_PRIVATE=127.0.0.1, 10.0.0.0/8,intranet.example", "ARSRING_LOG_FORMAT="),
		Overrides: map[string]any{"log.level": "debug", "web.reading_room": true, "mail.to": []string{"a@example.org"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Capture.Image != "png" || c.Capture.Parallel != 3 || c.Capture.OverlapDays != 30 || c.Capture.Locale != "sv-SE" || c.Log.Level != "debug" || c.Log.Format != "text" {
		t.Errorf("%+v %+v", c.Capture, c.Log)
	}
	if !c.Web.ReadingRoom || !reflect.DeepEqual(c.Mail.To, []string{"a@example.org"}) {
		t.Errorf("flags: %+v %+v", c.Web, c.Mail)
	}
	if want := []string{"127.0.0.1", "10.0.0.0/8", "intranet.example"}; !reflect.DeepEqual(c.Capture.AllowPrivate, want) {
		t.Errorf("allow_private %q", c.Capture.AllowPrivate)
	}
	if c.At("capture.image") != f+":2" || c.At("capture.parallel") != "ARSRING_CAPTURE_PARALLEL" || c.At("web.listen") != "" {
		t.Errorf("places %q %q %q", c.At("capture.image"), c.At("capture.parallel"), c.At("web.listen"))
	}
}

// Every setting can be given by its environment variable, lists of groups as YAML.
func TestEveryEnvironmentVariable(t *testing.T) {
	values := map[kind]string{text: "", texts: "", number: "7", truth: "true", duration: "77s", size: "700MB", secret: ""}
	for _, s := range schema.leaves() {
		val := values[s.kind]
		if val == "" {
			continue
		}
		c, err := Load(Options{Environ: home(s.env() + "=" + val)})
		if err != nil {
			t.Errorf("%s: %v", s.env(), err)
			continue
		}
		if c.At(s.path) != s.env() {
			t.Errorf("%s did not arrive", s.env())
		}
	}
	c, err := Load(Options{Environ: home(
		"ARSRING_CALENDAR_OPENINGS=0 0 1,15 4 *; 0 0 15 10 *",
		`ARSRING_CALENDAR_GROUPS=[{name: Skola, openings: ["0 0 1 3 *"], window_days: 14}]`)})
	if err != nil {
		t.Fatal(err)
	}
	want := []CalendarGroup{{Name: "Skola", Openings: []string{"0 0 1 3 *"}, WindowDays: 14}}
	if !reflect.DeepEqual(c.Calendar.Groups, want) || len(c.Calendar.Openings) != 2 || c.Calendar.Openings[0] != "0 0 1,15 4 *" {
		t.Errorf("%+v", c.Calendar)
	}
}

func TestPathsAreAbsolute(t *testing.T) {
	f := write(t, "data_dir: data\nregister:\n  path: konton\ncapture:\n  chrome: chromium\npdfa:\n  verapdf: ~/bin/verapdf\n")
	dir := filepath.Dir(f)
	c, err := Load(Options{File: f, Environ: home()})
	if err != nil {
		t.Fatal(err)
	}
	if c.DataDir != filepath.Join(dir, "data") || c.Register.Path != filepath.Join(dir, "konton") || c.Capture.Chrome != "chromium" || c.PDFA.VeraPDF != "/home/anna/bin/verapdf" {
		t.Errorf("%q %q %q %q", c.DataDir, c.Register.Path, c.Capture.Chrome, c.PDFA.VeraPDF)
	}
	c, err = Load(Options{File: f, Environ: home("ARSRING_DATA_DIR=here")})
	wd, _ := os.Getwd()
	if err != nil || c.DataDir != filepath.Join(wd, "here") {
		t.Errorf("from the environment: %q %v", c.DataDir, err)
	}
}

func TestDataDirAndRegisterAreFound(t *testing.T) {
	sys := t.TempDir()
	for _, x := range []struct {
		system string
		env    map[string]string
		want   string
	}{
		{sys, map[string]string{"HOME": "/h"}, sys},
		{sys + "/none", map[string]string{"HOME": "/h"}, "/h/.local/share/arsring"},
		{sys + "/none", map[string]string{"HOME": "/h", "XDG_DATA_HOME": "/x"}, "/x/arsring"},
		{sys + "/none", map[string]string{"HOME": "/h", "XDG_DATA_HOME": "relative"}, "/h/.local/share/arsring"},
	} {
		if got, err := dataDir(x.system, x.env); err != nil || got != x.want {
			t.Errorf("dataDir(%q, %v) = %q, %v", x.system, x.env, got, err)
		}
	}
	if _, err := dataDir(sys+"/none", nil); err == nil {
		t.Error("no home folder must be an error")
	}
	f := write(t, "data_dir: d\n")
	beside := filepath.Join(filepath.Dir(f), "register.yaml")
	if err := os.WriteFile(beside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := Load(Options{Environ: home(EnvFile + "=" + f)}); err != nil || c.Register.Path != beside || c.File != f {
		t.Errorf("register %q, file %q, %v", c.Register.Path, c.File, err)
	}
}

func TestMistypedVariableIsRefused(t *testing.T) {
	if _, err := Load(Options{Environ: home("ARSRING_CAPTURE_ALOW_PRIVATE=", "ARSRING_SOAK=1", "ARSRING_TOOLS=/t")}); err != nil {
		t.Fatal(err)
	}
	_, err := Load(Options{Environ: home("ARSRING_CAPTURE_ALOW_PRIVATE=127.0.0.1", "ARSRING_SOAK=1")})
	if got := AsProblems(err).In("en"); !strings.Contains(got, `ARSRING_CAPTURE_ALOW_PRIVATE: is no setting: did you mean "ARSRING_CAPTURE_ALLOW_PRIVATE"?`) || strings.Contains(got, "SOAK") {
		t.Error(got)
	}
}

func TestBytes(t *testing.T) {
	for in, want := range map[string]Bytes{"0": 0, "12": 12, "500MB": 500 * MB, "2 GiB": 2 << 30, "7kb": 7 * KB, "1TB": TB, "3B": 3} {
		if got, err := ParseBytes(in); err != nil || got != want {
			t.Errorf("%q: %d %v", in, got, err)
		}
	}
	for _, in := range []string{"", "MB", "-1", "1.5GB", "1XB", "99999999999TB", "1 000"} {
		if got, err := ParseBytes(in); err == nil {
			t.Errorf("%q was read as %d", in, got)
		}
	}
	for in, want := range map[Bytes]string{0: "0", 1500: "1500", 500 * MB: "500MB", 7 * KB: "7kB"} {
		if in.String() != want {
			t.Errorf("%d is written %s", int64(in), in)
		}
	}
}

func TestQuick(t *testing.T) {
	start := time.Now()
	for range 100 {
		if _, err := Load(Options{File: "arsring.example.yaml", Environ: home()}); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%s a load", time.Since(start)/100)
}
