package app

import (
	"cmp"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arsring/config"
	"arsring/internal/archive"
)

// sick is an app with something broken in it, and what doctor should say of it.
type sick struct {
	over  map[string]any
	fonts string // program that lists fonts, where it is not the real one
	harm  func(t *testing.T, a *App)
	check string
	want  Health
	text  string // in the Swedish sentence
	do    string // in what to do
}

// examine runs one check of doctor's and gives its lines.
func examine(t *testing.T, a *App, check func(*doctor)) []Diagnosis {
	t.Helper()
	var lines []Diagnosis
	d := &doctor{a: a, worst: HealthOK, fonts: "fc-list", r: DoctorRequest{Tell: func(l Diagnosis) { lines = append(lines, l) }}}
	check(d)
	worst := HealthOK
	for _, l := range lines {
		if l.Text.SV == "" || l.Text.EN == "" || (l.State == HealthOK) != (l.Do.SV == "") || (l.Do.SV == "") != (l.Do.EN == "") {
			t.Errorf("a line without words, or without what to do: %+v", l)
		}
		if l.State == HealthError || l.State == HealthWarning && worst == HealthOK {
			worst = l.State
		}
	}
	if d.worst != worst {
		t.Errorf("the worst is %s, said to be %s", worst, d.worst)
	}
	return lines
}

func nobodyListens(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

func fakeProgram(t *testing.T, name, script string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestDoctorNamesWhatIsBroken(t *testing.T) {
	closed := nobodyListens(t)
	_, port, err := net.SplitHostPort(closed)
	if err != nil {
		t.Fatal(err)
	}
	noArabic := fakeProgram(t, "fc-list", `case "$1" in *ar|*zsye) ;; *) echo font ;; esac`)
	quits := fakeProgram(t, "chromium", "exit 3")
	ctx := t.Context()
	checks := map[string]func(*doctor){
		"settings": func(d *doctor) { d.settings(ctx) }, "disk": func(d *doctor) { d.disk(ctx) }, "register": func(d *doctor) { d.register(ctx) }, "calendar": func(d *doctor) { d.calendar(ctx) },
		"database": func(d *doctor) { d.database(ctx) }, "browser": func(d *doctor) { d.browser(ctx) }, "fonts": func(d *doctor) { d.writings(ctx) }, "store": func(d *doctor) { d.store(ctx) },
		"mail": func(d *doctor) { d.mail(ctx) }, "logins": func(d *doctor) { d.logins(ctx) },
	}
	for name, c := range map[string]sick{
		"no name":          {check: "settings", want: HealthWarning, text: "organisation.name: saknas"},
		"all set":          {check: "settings", over: map[string]any{"organisation.name": "K"}, want: HealthOK, text: "Ingen konfigurationsfil"},
		"room":             {check: "disk", over: map[string]any{"notify.disk_low": "1"}, want: HealthOK, text: "är ledigt i"},
		"no room":          {check: "disk", over: map[string]any{"notify.disk_low": "9000000TB"}, want: HealthError, text: "är ledigt i", do: "minst 9000000.0 TB"},
		"spool is a file":  {check: "disk", harm: func(t *testing.T, a *App) { write(t, a.spool(), "x") }, want: HealthError, text: "spool", do: "skrivrätt"},
		"register":         {check: "register", want: HealthWarning, text: "2 konton i", do: "register check"},
		"broken register":  {check: "register", harm: func(t *testing.T, a *App) { write(t, a.cfg.Register.Path, "accounts:\n  - id: A B\n") }, want: HealthError, text: "register.yaml:2", do: "register check"},
		"no register":      {check: "register", harm: func(t *testing.T, a *App) { a.cfg.Register.Path += ".bak" }, want: HealthError, text: "finns inte", do: "register check"},
		"calendar":         {check: "calendar", want: HealthOK, text: "går ihop"},
		"calendar clashes": {check: "calendar", over: map[string]any{"calendar.openings": []string{"0 0 10 6 *"}}, want: HealthError, text: "calendar.", do: "under calendar"},
		"database":         {check: "database", want: HealthOK, text: "0 väntar"},
		"database broken":  {check: "database", harm: func(t *testing.T, a *App) { write(t, a.cfg.Path("jobs.db"), strings.Repeat("ingen databas ", 1000)) }, want: HealthError, do: "jobs.database"},
		"no Postgres":      {check: "database", over: map[string]any{"jobs.database": "postgres://u:hemligt@" + closed + "/x?connect_timeout=2"}, want: HealthError, do: "jobs.database"},
		"no browser":       {check: "browser", over: map[string]any{"capture.chrome": "/nowhere/chromium"}, want: HealthError, text: "Ingen webbläsare startar", do: "apt install chromium"},
		"only remote ones": {check: "browser", over: map[string]any{"capture.chrome": "/nowhere/chromium", "capture.remote": []string{"ws://chrome.example:9222"}}, want: HealthWarning, text: "ingen egen webbläsare", do: "annars räcker de fjärrstyrda"},
		"browser quits":    {check: "browser", over: map[string]any{"capture.chrome": filepath.Join(quits, "chromium")}, want: HealthError, text: "Ingen webbläsare startar", do: "apt install chromium"},
		"no sandbox":       {check: "browser", over: map[string]any{"capture.chrome_sandbox": "off"}, want: HealthWarning, text: "utan webbläsarens skydd", do: "arsring"},
		"sandbox":          {check: "browser", want: HealthOK, text: "skydd är på"},
		"fonts":            {check: "fonts", want: HealthOK, text: "emoji"},
		"no Arabic":        {check: "fonts", fonts: filepath.Join(noArabic, "fc-list"), want: HealthError, text: "saknas för arabiska, emoji:", do: "apt install fonts-noto-core fonts-noto-color-emoji"},
		"no fontconfig":    {check: "fonts", fonts: "/nowhere/fc-list", want: HealthWarning, text: "fc-list", do: "fontconfig"},
		"no store":         {check: "store", over: map[string]any{"archive.endpoint": "https://" + closed, "archive.access_key": "a", "archive.secret_key": "hemligt"}, want: HealthError, text: closed, do: "archive"},
		"no mail":          {check: "mail", want: HealthWarning, text: "ingen får veta", do: "mail.host"},
		"mail away":        {check: "mail", over: map[string]any{"mail.host": "127.0.0.1", "mail.port": port, "mail.from": "a@example.org", "mail.password": "hemligt", "mail.username": "u"}, want: HealthError, text: "kan inte användas", do: "brandväggen"},
		"no logins":        {check: "logins", want: HealthOK, text: "Inga sparade"},
		"login missing": {check: "logins", harm: func(t *testing.T, a *App) {
			text, err := os.ReadFile(a.cfg.Register.Path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, a.cfg.Register.Path, strings.Replace(string(text), "    class:", "    login_profile: kommunen\n    class:", 1))
		}, want: HealthError, text: "kommunen:", do: "arsring login kommunen"},
	} {
		t.Run(name, func(t *testing.T) {
			_, a := observed(t, c.over)
			a.env = os.Environ()
			if c.harm != nil {
				c.harm(t, a)
			}
			lines := examine(t, a, func(d *doctor) { d.fonts = cmp.Or(c.fonts, d.fonts); checks[c.check](d) })
			if err := a.Close(); err != nil {
				t.Error(err)
			}
			found := false
			for _, l := range lines {
				found = found || l.State == c.want && strings.Contains(l.Text.SV, c.text) && strings.Contains(l.Do.SV, c.do)
				if strings.Contains(l.Text.SV+l.Text.EN, "hemligt") {
					t.Errorf("a secret is shown: %+v", l)
				}
				if c.want == HealthOK && l.State != HealthOK {
					t.Errorf("something is said to be wrong: %+v", l)
				}
			}
			if !found {
				t.Errorf("want %s %q, do %q; said:\n%+v", c.want, c.text, c.do, lines)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The real embedded store, with a lock configured and without, and the clock beside it.
func TestDoctorTriesTheStoreAndItsClock(t *testing.T) {
	dir := testDir(t)
	a, err := testApp(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	a.cfg.Archive.Lock = config.Lock{Mode: archive.LockGovernance, Years: 1}
	lines := examine(t, a, func(d *doctor) { d.store(t.Context()); d.clock(t.Context()) })
	if len(lines) != 3 || lines[0].State != HealthOK || lines[1].Check != "lock" || lines[1].State != HealthOK || !strings.Contains(lines[1].Text.SV, "vägrade ta bort") || lines[2].State != HealthOK {
		t.Errorf("%+v", lines)
	}
	right := a.now
	for off, want := range map[time.Duration]Health{time.Minute: HealthWarning, -time.Hour: HealthError} {
		a.now = func() time.Time { return right().Add(off) }
		lines := examine(t, a, func(d *doctor) { d.clock(t.Context()) })
		if len(lines) != 1 || lines[0].State != want || !strings.Contains(lines[0].Do.SV, "set-ntp") {
			t.Errorf("%v: %+v", off, lines)
		}
	}
}

func TestDoctorWeighsWhatItSaw(t *testing.T) {
	_, a := observed(t, nil)
	for name, c := range map[string]struct {
		check func(*doctor)
		want  Health
		text  string
	}{
		"old browser": {func(d *doctor) { d.judgeVersion("99.0.1", 99, nil) }, HealthError, "för gammal"},
		"new browser": {func(d *doctor) { d.judgeVersion("156.0.1", 156, nil) }, HealthOK, "startar"},
		"good store": {func(d *doctor) {
			d.judgeStore(archive.Behaviour{CreateOnly: true, SHA256: true, BadDigest: true, Deletes: true})
		}, HealthOK, "som det ska"},
		"overwrites":     {func(d *doctor) { d.judgeStore(archive.Behaviour{SHA256: true, BadDigest: true, Deletes: true}) }, HealthWarning, "vägrar inte att skriva över"},
		"never removes":  {func(d *doctor) { d.judgeStore(archive.Behaviour{CreateOnly: true, SHA256: true, BadDigest: true}) }, HealthWarning, "tar inte bort"},
		"small offset":   {func(d *doctor) { d.judgeClock(3*time.Second, 0) }, HealthOK, "går lika"},
		"slow answer":    {func(d *doctor) { d.judgeClock(20*time.Second, 30*time.Second) }, HealthOK, "går lika"},
		"minutes behind": {func(d *doctor) { d.judgeClock(-10*time.Minute, 0) }, HealthError, "skiljer -10m0s"},
		"unsandboxed":    {func(d *doctor) { d.unprotected(HealthError) }, HealthError, "utan webbläsarens skydd"},
	} {
		t.Run(name, func(t *testing.T) {
			lines := examine(t, a, c.check)
			if len(lines) != 1 || lines[0].State != c.want || !strings.Contains(lines[0].Text.SV, c.text) {
				t.Errorf("%+v", lines)
			}
		})
	}
}

func TestDoctorSendsATestLetter(t *testing.T) {
	box, over := post(t)
	_, a := observed(t, over)
	lines := examine(t, a, func(d *doctor) { d.r.Send = "prov@example.org"; d.mail(t.Context()) })
	if len(lines) != 2 || lines[1].State != HealthOK || len(box.text) != 1 || !strings.Contains(box.text[0], "Provbrev") || !strings.Contains(box.text[0], "prov@example.org") {
		t.Errorf("%+v\n%q", lines, box.text)
	}
	lines = examine(t, a, func(d *doctor) { d.r.Send = "ingen adress"; d.mail(t.Context()) })
	if len(lines) != 2 || lines[1].State != HealthError || len(box.text) != 1 {
		t.Errorf("%+v", lines)
	}
}

// A whole examination goes on after what is broken, and says the worst.
func TestDoctorGoesOn(t *testing.T) {
	dir := testDir(t)
	a, err := testApp(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	a.cfg.Capture.Chrome = "/nowhere/chromium"
	seen := map[string]Health{}
	worst := a.Doctor(t.Context(), DoctorRequest{Tell: func(d Diagnosis) { seen[d.Check] = d.State }})
	want := map[string]Health{"settings": HealthWarning, "disk": HealthOK, "register": HealthError, "calendar": HealthOK, "database": HealthOK, "chrome": HealthError,
		"fonts": HealthOK, "store": HealthOK, "lock": HealthOK, "clock": HealthOK, "mail": HealthWarning, "logins": HealthOK}
	for check, state := range want {
		if seen[check] != state {
			t.Errorf("%s: %q, want %q", check, seen[check], state)
		}
	}
	if worst != HealthError || len(seen) != len(want) {
		t.Errorf("worst %s, %v", worst, seen)
	}
}
