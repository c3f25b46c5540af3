package config

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const planted = "pl4nted-s3cret"

// shown is every way in which a value could be printed.
func shown(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%T", "%10.30s", "%U", "%o", "%c"} {
		fmt.Fprintf(&b, verb+"\n", v)
	}
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, yaml.Marshal, xml.Marshal} {
		if out, err := marshal(v); err == nil {
			b.Write(out)
		}
	}
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v, slog.Group("g", "v", v))
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v)
	fmt.Fprintln(&b, fmt.Errorf("with %v and %w", v, os.ErrInvalid), v)
	return b.String()
}

func leaks(s string) bool {
	return strings.Contains(s, planted) || strings.Contains(strings.ToLower(s), fmt.Sprintf("%x", planted))
}

func TestSecretNeverShowsItself(t *testing.T) {
	s := NewSecret(planted)
	type hidden struct {
		inner Secret
		m     map[string]Secret
	}
	for name, v := range map[string]any{
		"itself": s, "pointer": &s, "list": []Secret{s}, "map": map[string]Secret{"a": s},
		"exported field":   struct{ Key Secret }{s},
		"unexported field": hidden{s, map[string]Secret{"a": s}}, "pointer to it": &hidden{inner: s},
	} {
		if out := shown(t, v); leaks(out) {
			t.Errorf("%s leaks:\n%s", name, out)
		}
	}
	if s.Reveal() != planted || !s.IsSet() || NewSecret("").IsSet() || (Secret{}).Reveal() != "" || (Secret{}).String() != "" {
		t.Error("Reveal or IsSet is wrong")
	}
	if b, err := json.Marshal(struct{ A, B Secret }{A: s}); err != nil || string(b) != `{"A":"[redacted]","B":""}` {
		t.Errorf("%s %v", b, err)
	}
}

// A whole configuration full of secrets, from files and environment, is printed in every way.
func TestConfigNeverShowsSecrets(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "secret")
	if err := os.WriteFile(file, []byte(planted+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(Options{
		File: write(t, "mail:\n  host: smtp.example\n  from: a@example.org\n  password_file: "+file+"\nproof:\n  tsa:\n    - url: https://tsa.example\n      password_file: "+file+"\n"),
		Environ: home(
			"ARSRING_ARCHIVE_ENDPOINT=https://s3.example", "ARSRING_ARCHIVE_ACCESS_KEY="+planted, "ARSRING_ARCHIVE_SECRET_KEY_FILE=${CREDENTIALS_DIRECTORY}/secret",
			"CREDENTIALS_DIRECTORY="+dir, "ARSRING_JOBS_DATABASE=postgres://u:"+planted+"@db.example/arsring",
			"ARSRING_CAPTURE_PROXY=http://u:"+planted+"@proxy.example:3128", "ARSRING_NOTIFY_WEBHOOK=https://hook.example/"+planted,
			"ARSRING_NOTIFY_HEARTBEAT=https://beat.example/"+planted, "ARSRING_WEB_OIDC_ISSUER=https://login.example", "ARSRING_WEB_OIDC_CLIENT_ID=x", "ARSRING_WEB_OIDC_CLIENT_SECRET="+planted),
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]Secret{"mail": c.Mail.Password, "tsa": c.Proof.TSA[0].Password, "access": c.Archive.AccessKey, "secret": c.Archive.SecretKey, "oidc": c.Web.OIDC.ClientSecret} {
		if got.Reveal() != planted {
			t.Errorf("%s: %d characters arrived", name, len(got.Reveal()))
		}
	}
	if out := shown(t, c); leaks(out) {
		t.Errorf("leaks:\n%s", out)
	}
}

// What is wrong about a secret is said without it.
func TestProblemsNeverShowSecrets(t *testing.T) {
	exposed := write(t, "mail:\n  password: "+planted+"\n")
	if err := os.Chmod(exposed, 0o644); err != nil {
		t.Fatal(err)
	}
	lines := filepath.Join(t.TempDir(), "lines")
	if err := os.WriteFile(lines, []byte(planted+"\n"+planted+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		o    Options
		want string
	}{
		"file that others read": {Options{File: exposed}, ":2: mail.password: is a secret in a file that others may read: chmod 600"},
		"bad database":          {Options{Environ: home("ARSRING_JOBS_DATABASE=mysql://u:" + planted + "@h/d")}, "ARSRING_JOBS_DATABASE: jobs.database: is no complete address"},
		"unparsable database":   {Options{Environ: home("ARSRING_JOBS_DATABASE=postgres://u:%zz" + planted + "@h/d")}, "jobs.database: is no complete address"},
		"proxy":                 {Options{Environ: home("ARSRING_CAPTURE_PROXY=" + planted)}, "capture.proxy: is no complete address"},
		"endpoint with secret":  {Options{Environ: home("ARSRING_ARCHIVE_ENDPOINT=https://AK:" + planted + "@s3.example")}, "archive.endpoint: holds a user name or password"},
		"broken endpoint":       {Options{Environ: home("ARSRING_ARCHIVE_ENDPOINT=s3://AK:" + planted + "@s3.example")}, "archive.endpoint: "},
		"two lines":             {Options{Environ: home("ARSRING_MAIL_PASSWORD_FILE=" + lines)}, "must hold a single line with the secret"},
		"twice":                 {Options{Environ: home("ARSRING_MAIL_PASSWORD="+planted, "ARSRING_MAIL_PASSWORD_FILE="+lines)}, "is given both directly and as a file"},
		"list for secret":       {Options{File: write(t, "mail:\n  password: ["+planted+"]\n")}, "mail.password: must be a text"},
	} {
		x.o.Environ = append(home(), x.o.Environ...)
		_, err := Load(x.o)
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && leaks(shown(t, err)+AsProblems(err).In("sv")) {
			t.Errorf("%s leaks: %v", name, err)
		}
	}
}
