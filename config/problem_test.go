package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProblemsNamePlaceKeyAndRemedy(t *testing.T) {
	for name, x := range map[string]struct{ file, want string }{
		"unknown key":        {"capture:\n  imgae: png\n", `F:2: capture.imgae: is unknown: did you mean "image"?`},
		"unknown section":    {"captures:\n  image: png\n", `F:1: captures: is unknown: did you mean "capture"?`},
		"capital letters":    {"Capture:\n  image: png\n", `F:1: Capture: is unknown: did you mean "capture"?`},
		"far from any":       {"zzzzqqqq: 1\n", `F:1: zzzzqqqq: is unknown: remove it, or see arsring.example.yaml for the names`},
		"in a list":          {"calendar:\n  groups:\n    - name: a\n      opening: [x]\n", `F:4: calendar.groups[0].opening: is unknown: did you mean "openings"?`},
		"number":             {"capture:\n  parallel: many\n", `F:2: capture.parallel: must be a whole number`},
		"range":              {"capture:\n  parallel: 0\n", `F:2: capture.parallel: is 0 but must lie between 1 and 64`},
		"truth":              {"register:\n  write: maybe\n", `F:2: register.write: must be true or false`},
		"duration":           {"jobs:\n  tick: 60\n", `F:2: jobs.tick: must be a time with its unit, such as 90s, 5m or 8h`},
		"duration range":     {"jobs:\n  tick: 1ms\n", `F:2: jobs.tick: is 1ms but must lie between 1s and 1h0m0s`},
		"size":               {"capture:\n  limits:\n    bytes: many\n", `F:3: capture.limits.bytes: must be a size, such as 500MB or 2GiB`},
		"size range":         {"capture:\n  chrome_disk: 100MiB\n  chrome_memory: 64MB\n", `F:3: capture.chrome_memory: is 64MB but must lie between 512MB and 1TB`},
		"list for text":      {"language: [sv]\n", `F:1: language: must be a text`},
		"text for list":      {"capture:\n  allow_private: 127.0.0.1\n", `F:2: capture.allow_private: must be a list of texts, such as [a, b]`},
		"text for section":   {"capture: yes\n", `F:1: capture: must be a group of settings, one a line and indented under the key`},
		"list at the top":    {"- a\n", `F:1: must be a group of settings`},
		"sections":           {"proof:\n  tsa: https://a.example\n", `F:2: proof.tsa: must be a list in which each entry begins with a dash`},
		"one of":             {"capture:\n  image: jpg\n", `F:2: capture.image: is "jpg" but must be one of: jpeg, png: did you mean "jpeg"?`},
		"pdfa 1b":            {"pdfa:\n  level: 1b\n", `F:2: pdfa.level: cannot be 1b: PDF/A-1 allows neither transparency nor the record's invisible text layer. Choose 2a`},
		"duplicate":          {"language: sv\nlog:\n  level: info\nlanguage: en\n", `F:4: language: stands twice, first on line 1: remove one`},
		"not yaml":           {"capture:\n  image: [png\nlog: x\n", `F:2: is not valid YAML`},
		"tab":                {"capture:\n\timage: png\n", `F:2: is not valid YAML (found character that cannot start any token)`},
		"two documents":      {"language: sv\n---\nlanguage: en\n", `F:2: holds more than one YAML document: remove the lines from ---`},
		"not utf-8":          {"language: sv\norganisation:\n  name: K\xf6ping\n", `F:3: is not UTF-8: save the file as UTF-8`},
		"anchor":             {"capture: &a\n  image: png\n", `F:1: capture: uses an anchor (& or *)`},
		"remote proxy":       {"capture:\n  remote_proxy:\n    listen: 10.0.0.5\n", `F:3: capture.remote_proxy.listen: "10.0.0.5" is no address to listen on`},
		"remote ports":       {"capture:\n  remote_proxy:\n    listen: 10.0.0.5:9399-9300\n", `F:3: capture.remote_proxy.listen: "10.0.0.5:9399-9300" is no address to listen on`},
		"remote any":         {"capture:\n  remote_proxy:\n    listen: 0.0.0.0:0\n", `capture.remote_proxy.tell: is missing`},
		"remote tell":        {"capture:\n  remote_proxy:\n    tell: arsring.example:80\n", `F:3: capture.remote_proxy.tell: "arsring.example:80" is neither a host name nor an address`},
		"private":            {"capture:\n  allow_private:\n    - 10.0.0.0/8\n    - https://intranet.example/\n", `F:4: capture.allow_private[1]: "https://intranet.example/" is neither a host name, an address nor a network`},
		"endpoint":           {"archive:\n  endpoint: s3.example\n", `F:2: archive.endpoint: "s3.example" is no complete address: it must begin with http://, https:// and have a host name`},
		"endpoint with path": {"archive:\n  endpoint: https://s3.example/b\n", `F:2: archive.endpoint: must be only address and port`},
		"plain http":         {"archive:\n  endpoint: http://s3.example\n", `F:2: archive.endpoint: is not encrypted (http)`},
		"no keys":            {"archive:\n  endpoint: https://s3.example\n", `F:1: archive.secret_key_file: is missing`},
		"keys, no endpoint":  {"archive:\n  access_key: AK\n  secret_key: SK\n", `F:1: archive.endpoint: is missing although keys are given`},
		"compliance":         {"archive:\n  lock:\n    mode: compliance\n", "F:2: archive.lock.years: is missing: say for how many years deliveries are locked\nF:2: archive.lock.confirm: is missing: compliance cannot be lifted"},
		"store abroad":       {"archive:\n  store_listen: 0.0.0.0:9000\n", `F:2: archive.store_listen: "0.0.0.0:9000" will not do`},
		"prefix":             {"archive:\n  prefix: /a/../b\n", `F:2: archive.prefix: "/a/../b" will not do`},
		"bucket":             {"archive:\n  bucket: B\n", `F:2: archive.bucket: "B" is no bucket name`},
		"no CA file":         {"archive:\n  ca_file: none.pem\n", `none.pem does not exist or is a folder`},
		"no secret file":     {"mail:\n  password_file: none\n", `none does not exist: create it with the secret on the first line`},
		"month and day":      {"calendar:\n  forbidden:\n    - {name: x, from: 02-30, to: 03-01}\n", `F:3: calendar.forbidden[0].from: "02-30" is no day`},
		"hours":              {"calendar:\n  hour_from: 12\n  hour_to: 8\n", `F:3: calendar.hour_to: lies before calendar.hour_from`},
		"group twice":        {"calendar:\n  groups:\n    - name: a\n    - name: a\n", `F:4: calendar.groups[1].name: "a" stands already as group 1: remove one`},
		"no openings":        {"calendar:\n  openings: []\n", `F:2: calendar.openings: is missing`},
		"listen":             {"web:\n  listen: 8080\n", `F:2: web.listen: "8080" is no address to listen on: write for example 127.0.0.1:8080`},
		"half a certificate": {"web:\n  key_file: k\n", `web.cert_file: and web.key_file must be given both or none`},
		"mail address":       {"mail:\n  host: smtp.example\n  from: nobody\n", `F:3: mail.from: "nobody" is no mail address`},
		"mail without from":  {"mail:\n  host: smtp.example\n", `F:1: mail.from: is missing`},
		"password in clear":  {"mail:\n  host: smtp.example\n  from: a@example.org\n  tls: none\n  password: p\n", `F:4: mail.tls: is none although a password is to be sent`},
		"oidc over http":     {"web:\n  oidc:\n    issuer: http://login.example\n    client_id: x\n", `F:3: web.oidc.issuer: is not encrypted (http): login demands https`},
		"who is told":        {"mail:\n  accounts: alla\n", `F:2: mail.accounts: is "alla" but must be one of: none, responsible, administrators`},
		"token for metrics":  {"telemetry:\n  metrics: token\n", `telemetry.metrics_token_file: is missing`},
		"time of day":        {"notify:\n  digest_at: 25:00\n", `F:2: notify.digest_at: "25:00" is no time of day`},
		"zone":               {"capture:\n  timezone: Sverige\n", `F:2: capture.timezone: "Sverige" is no time zone`},
		"contact":            {"capture:\n  user_agent: named\n", `F:1: capture.contact: is missing`},
		"credentials folder": {"mail:\n  password_file: ${CREDENTIALS_DIRECTORY}/smtp\n", `F:2: mail.password_file: is no usable path: CREDENTIALS_DIRECTORY is not set`},
		"control characters": {"\"cap\\u001b[31mture\": 1\n", `F:1: cap\x1b[31mture: is unknown`},
	} {
		t.Run(name, func(t *testing.T) {
			f := write(t, x.file)
			_, err := Load(Options{File: f, Environ: home()})
			ps := AsProblems(err)
			if len(ps) == 0 {
				t.Fatalf("no problem found: %v", err)
			}
			got := strings.ReplaceAll(ps.Error(), f, "F")
			if !strings.Contains(got, x.want) {
				t.Errorf("got  %s\nwant %s", got, x.want)
			}
			for _, p := range ps {
				if p.SV == "" || p.EN == "" || p.SV == p.EN {
					t.Errorf("not in both languages: %+v", p)
				}
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	f := write(t, "languge: sv\ncapture:\n  imge: png\n  parallel: x\n")
	_, err := Load(Options{File: f, Environ: home("ARSRING_JOBS_TICK=often"), Overrides: map[string]any{"log.levl": "x"}})
	if ps := AsProblems(err); len(ps) != 5 {
		t.Errorf("%d problems: %v", len(ps), err)
	}
	if !strings.Contains(err.Error(), "ARSRING_JOBS_TICK: jobs.tick: must be a time") || !strings.Contains(err.Error(), `log.levl: is unknown: did you mean "log.level"?`) {
		t.Error(err)
	}
	if sv := AsProblems(err).In("sv"); !strings.Contains(sv, `:1: languge: finns inte: menade du "language"?`) {
		t.Error(sv)
	}
}

func TestUnreadableFiles(t *testing.T) {
	dir := t.TempDir()
	big := filepath.Join(dir, "big.yaml")
	if err := os.WriteFile(big, []byte(strings.Repeat("# lång rad\n", 200_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		filepath.Join(dir, "none.yaml"): "cannot be read (no such file or directory): check the path and the permissions",
		dir:                             "cannot be read (is a directory)",
		big:                             "cannot be read (larger than 1 MiB)",
	} {
		_, err := Load(Options{File: file, Environ: home()})
		if err == nil || !strings.HasPrefix(err.Error(), file+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", file, err)
		}
	}
	for _, empty := range []string{"", "# nothing\n", "---\n", "~\n", "capture:\nmail:\n"} {
		if _, err := Load(Options{File: write(t, empty), Environ: home()}); err != nil {
			t.Errorf("%q: %v", empty, err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(Example)
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("capture:\n  allow_private: [1, 2, ~, {}]\ncalendar: {groups: [~, [], {name: 1}]}"))
	f.Add([]byte("? [a, b]\n: c\n<<: {a: b}\n"))
	f.Add([]byte("!!binary x: y\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := filepath.Join(t.TempDir(), "f.yaml")
		if err := os.WriteFile(p, b, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(Options{File: p, Environ: home()})
		if err == nil {
			if err := c.Validate(); err != nil {
				t.Fatalf("loaded but not valid: %v", err)
			}
			return
		}
		if AsProblems(err) == nil {
			t.Fatalf("not as problems: %v", err)
		}
		for _, p := range AsProblems(err) {
			if strings.ContainsAny(p.Key, "\x1b\x00\n") {
				t.Fatalf("control characters in %q", p.Key)
			}
		}
	})
}
