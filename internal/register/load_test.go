package register

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// entryWith is a valid account in a register, with lines put in place of, or after, its own. A line "-key" leaves a field out.
func entryWith(lines ...string) string {
	fields := []string{"id: a", "platform: web", "url: https://a.example/", "title: A", "archive_creator: KS", "unit: K", "responsible: {name: R, email: r@example.org}",
		"administrators: [{name: R}, {name: S}]", "substitute: {name: T}", "purpose: P", "sender: S", "class: öppen"}
	for _, l := range lines {
		key, _, _ := strings.Cut(strings.TrimPrefix(l, "-"), ":")
		replaced := false
		for i, f := range fields {
			if strings.HasPrefix(f, key+":") {
				fields[i], replaced = l, true
			}
		}
		if !replaced {
			fields = append(fields, l)
		}
	}
	out := "accounts:\n"
	lead := "  - "
	for _, f := range fields {
		if !strings.HasPrefix(f, "-") {
			out += lead + f + "\n"
			lead = "    "
		}
	}
	return out
}

func TestAWholeEntryHasNoProblem(t *testing.T) {
	r, err := Parse("r.yaml", []byte(entryWith()), Options{Platforms: []string{"web"}, Groups: []string{}})
	if err != nil || len(r.Warnings) > 0 {
		t.Fatal(err, r.Warnings)
	}
	a := r.Accounts[0]
	if a.File != "r.yaml" || a.Line != 2 || a.Tenant != "default" || a.Class != ClassOpen || a.Administrators[1].Name != "S" {
		t.Errorf("%+v", a)
	}
}

func TestExampleRegister(t *testing.T) {
	r, err := Load("../../config/register.example.yaml", Options{Platforms: []string{"facebook", "web"}, Groups: []string{"skola"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Warnings) > 0 || len(r.Accounts) != 2 || r.Accounts[0].ProcessingEntry != "PUB-2026-017" {
		t.Errorf("%v %+v", r.Warnings, r.Accounts)
	}
}

// What follows # may be how a page's own script knows which part of it is meant.
func TestRouteInAddress(t *testing.T) {
	for _, address := range []string{"https://a.example/#/nyheter", "https://a.example/app#!/nyheter"} {
		r, err := Load(folder(t, map[string]string{"r.yaml": entryWith("url: '" + address + "'")}), Options{})
		if err != nil || r.Accounts[0].URL != address {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestProblemsOfOneFile(t *testing.T) {
	control := "title: \"A\\x1b[31m\""
	for name, x := range map[string]struct{ file, want string }{
		"unknown key":       {entryWith("titel: X"), `r.yaml:14: accounts[0].titel: is unknown: did you mean "title"?`},
		"unknown top key":   {"konton: []\n", `r.yaml:1: konton: is unknown: remove it, or see register.example.yaml for the names`},
		"nested key":        {entryWith("responsible: {namn: R}"), `r.yaml:8: accounts[0].responsible.namn: is unknown: did you mean "name"?`},
		"double key":        {entryWith() + "    url: https://b.example/\n", `r.yaml:14: accounts[0].url: stands twice, first on line 4: remove one`},
		"bad id":            {entryWith("id: Å_1"), `r.yaml:2: Å_1: id: "Å_1" will not do: use a-z, 0-9 and hyphen, at most 48 characters`},
		"long id":           {entryWith("id: " + strings.Repeat("a", 49)), "will not do"},
		"no id":             {entryWith("-id"), "r.yaml:2: id: is missing: give the account's permanent short name"},
		"no platform":       {entryWith("-platform"), "r.yaml:2: a: platform: is missing"},
		"no title":          {entryWith("-title"), "r.yaml:2: a: title: is missing"},
		"no creator":        {entryWith("-archive_creator"), "a: archive_creator: is missing"},
		"no unit":           {entryWith("-unit"), "a: unit: is missing"},
		"nobody":            {entryWith("-responsible"), "a: responsible.name: is missing"},
		"no scheme":         {entryWith("url: a.example"), "r.yaml:4: a: url: is no web address: write the whole address from https://"},
		"other scheme":      {entryWith("url: file:///etc/passwd"), "url: is no web address"},
		"script":            {entryWith("url: 'javascript:alert(1)'"), "url: is no web address"},
		"no host":           {entryWith("url: https:///x"), "url: is no web address"},
		"credentials":       {entryWith("url: https://u:p@a.example/"), "url: holds a user name or password: remove it, and use login_profile"},
		"fragment":          {entryWith("url: 'https://a.example/#x'"), "url: holds # and what follows"},
		"empty fragment":    {entryWith("url: 'https://a.example/#'"), "url: holds # and what follows"},
		"space":             {entryWith("url: 'https://a.example/x y'"), "url: holds a space"},
		"bad host":          {entryWith("url: 'https://a..example/'"), `"a..example" is no host name`},
		"secret":            {entryWith("url: 'https://a.example/?access_token=x'"), "warning: seems to hold a secret key"},
		"unknown platform":  {entryWith("platform: wbe"), `r.yaml:3: a: platform: "wbe" is no known platform: did you mean "web"?`},
		"strange platform":  {entryWith("platform: radio-x"), `"radio-x" is no known platform: choose one of facebook, web`},
		"unknown group":     {entryWith("group: skolan"), `warning: "skolan" is not under calendar.groups`},
		"one administrator": {entryWith("administrators: [{name: R}]"), "r.yaml:9: a: administrators: warning: are only one person"},
		"same twice":        {entryWith("administrators: [{name: R}, {name: r}]"), "warning: are only one person"},
		"no administrator":  {entryWith("-administrators"), "r.yaml:2: a: administrators: warning: are missing: name at least two"},
		"unnamed":           {entryWith("administrators: [{name: R}, {email: s@example.org}]"), "r.yaml:9: a: administrators[1].name: is missing"},
		"no substitute":     {entryWith("-substitute"), "warning: is missing: name who takes over"},
		"bad mail":          {entryWith("responsible: {name: R, email: r(at)example.org}"), `a: responsible.email: "r(at)example.org" is no mail address`},
		"mail with header":  {entryWith(`substitute: {name: T, email: "t@example.org\r\nBcc: x@example.org"}`), "substitute.email: "},
		"no mail":           {entryWith("responsible: {name: R}"), "responsible.email: warning: is missing"},
		"a name alone":      {entryWith("responsible: Anna"), "accounts[0].responsible: must be a person: {name: Anna Exempel, email: anna@example.org}"},
		"until first":       {entryWith("since: 2026-02-01", "until: 2026-01-31"), "r.yaml:15: a: until: (2026-01-31) lies before since (2026-02-01)"},
		"bad date":          {entryWith("since: 2026-02-30"), `since: "2026-02-30" is no date: write YYYY-MM-DD`},
		"Swedish date":      {entryWith("since: 15 mars 2026"), `is no date`},
		"year 20260":        {entryWith("since: 20260-01-01"), `is no date`},
		"bad class":         {entryWith("class: hemlig"), `class: "hemlig" is no class: choose one of öppen, sekretessprövning krävs, sekretess`},
		"no class":          {entryWith("-class"), `warning: is missing: the account counts as "sekretessprövning krävs"`},
		"no action":         {entryWith("disposal: {plan: x}"), "disposal.action: is missing: write bevara or gallra"},
		"other action":      {entryWith("disposal: {action: slänga}"), `"slänga" is no decision`},
		"gallra, no years":  {entryWith("disposal: {action: gallra, decision: x}"), "disposal.after: is needed for gallra: write the number of years, such as 10y"},
		"gallra, bad years": {entryWith("disposal: {action: gallra, decision: x, after: 10 år}"), "disposal.after: is needed"},
		"gallra undecided":  {entryWith("disposal: {action: gallra, after: 10y}"), "disposal.decision: is needed for gallra"},
		"bevara for years":  {entryWith("disposal: {action: bevara, after: 10y}"), "disposal.after: does not go with bevara"},
		"short notice":      {entryWith("notice: {date: 2026-01-01, remove: 2026-01-14}"), "r.yaml:14: a: notice: warning: gives the public 13 days"},
		"notice backwards":  {entryWith("notice: {date: 2026-02-01, remove: 2026-01-14}"), "notice.remove: (2026-01-14) lies before notice.date"},
		"half a notice":     {entryWith("notice: {date: 2026-02-01}"), "notice.remove: is missing"},
		"negative limit":    {entryWith("limits: {posts: -1}"), "limits.posts: is -1: write a positive number"},
		"limit in words":    {entryWith("limits: {posts: många}"), "accounts[0].limits.posts: must be a whole number"},
		"host with scheme":  {entryWith("allowed_hosts: ['https://b.example']"), `allowed_hosts[0]: "https://b.example" is no host name`},
		"control character": {entryWith(control), "title: holds control characters"},
		"direction":         {entryWith(`title: "A\u202Egnp.exe"`), "title: holds control characters"},
		"long text":         {entryWith("title: " + strings.Repeat("x", 501)), "title: is longer than 500 characters"},
		"null entry":        {"accounts:\n  -\n", "r.yaml:2: accounts[0]: must be a group of keys"},
		"entry a text":      {"accounts: [a]\n", "accounts[0]: must be a group of keys"},
		"accounts a text":   {"accounts: a\n", "r.yaml:1: accounts: must be a list in which each entry begins with a dash"},
		"a list":            {"- id: a\n", "r.yaml:1: must be a group of keys"},
		"a list for text":   {entryWith("title: [a]"), "accounts[0].title: must be a text"},
		"anchor":            {entryWith("purpose: &p hej", "sender: *p"), "r.yaml:11: accounts[0].purpose: uses an anchor (& or *)"},
		"merge":             {entryWith("<<: {title: x}"), "merges entries, which is not supported"},
		"empty":             {"", "r.yaml: the register has no accounts"},
		"only comments":     {"# inget\n", "the register has no accounts"},
		"no accounts":       {"accounts: []\n", "the register has no accounts"},
		"not yaml":          {"accounts:\n  - id: 'a\n    platform: web\n", "r.yaml:2: is not valid YAML (found unexpected end of stream): check indentation, colons and quotes"},
		"tab":               {"accounts:\n\t- id: a\n", "r.yaml:2: is indented with a tab: use spaces"},
		"bad indentation":   {entryWith() + "   title: B\n", "r.yaml:14: is not valid YAML"},
		"two documents":     {entryWith() + "---\nname: B\n", "r.yaml:14: holds more than one YAML document"},
		"not utf-8":         {entryWith("title: K\xf6ping"), "r.yaml:5: is not UTF-8: save the file as UTF-8"},
		"a picture":         {"\x89PNG\r\n\x1a\n\x00\x00", "r.yaml:1: is not UTF-8"},
		"bad tenant":        {"tenant: Min Kommun\n" + entryWith(), `r.yaml:1: tenant: "Min Kommun" will not do`},
		"bad prefix":        {"archive: {prefix: ../x}\n" + entryWith(), `r.yaml:1: archive.prefix: "../x" will not do`},
		"half a key":        {"archive: {access_key_file: /x}\n" + entryWith(), `archive: must have both access_key_file and secret_key_file`},
		"bad tenant mail":   {"mail: [x]\n" + entryWith(), `mail[0]: "x" is no mail address`},
		"hostile key":       {"\"\\u001b[31m\\u202e\": 1\n", `r.yaml:1: \x1b[31m\u202e: is unknown`},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Parse("r.yaml", []byte(x.file), Options{Platforms: []string{"web", "facebook"}, Groups: []string{"skola"}})
			ps := AsProblems(err)
			if err == nil {
				ps = r.Warnings
			}
			if strings.Contains(x.want, "warning: ") != (err == nil) {
				t.Errorf("warning or error: %v", err)
			}
			if !strings.Contains(ps.Error(), x.want) {
				t.Errorf("got  %s\nwant %s", ps, x.want)
			}
			for _, p := range ps {
				if p.Code == "" || p.SV == "" || p.EN == "" || p.SV == p.EN || p.Severity == "" || strings.ContainsAny(p.In("sv"), "\x1b\x00\r\u202e") {
					t.Errorf("%+v", p)
				}
			}
		})
	}
}

// Each file in testdata/broken says in its first line what must be said of it.
func TestBrokenFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		first, _, _ := strings.Cut(read(t, f), "\n")
		want := strings.TrimPrefix(first, "# want: ")
		if _, err := Load(f, Options{}); err == nil || !strings.Contains(err.Error(), "testdata/broken/"+want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestDoublesNameBothPlaces(t *testing.T) {
	dir := folder(t, map[string]string{"a.yaml": entryWith(), "b.yaml": "name: X\n" + entryWith("url: 'HTTPS://WWW.A.example'")})
	_, err := Load(dir, Options{})
	ps := AsProblems(err)
	a, b := filepath.Join(dir, "a.yaml"), filepath.Join(dir, "b.yaml")
	if want := b + ":3: a: id: stands already at " + a + ":2: give one of the accounts another id"; !strings.Contains(ps.Errors().Error(), want) || len(ps.Errors()) != 1 {
		t.Errorf("got %s\nwant %s", ps, want)
	}
	if want := b + ":5: a: url: warning: is the same page as a (" + a + ":4)"; !strings.Contains(ps.Warnings().Error(), want) {
		t.Errorf("got %s\nwant %s", ps, want)
	}
	if sv := ps.In("sv"); !strings.Contains(sv, "finns redan på "+a+":2") || !strings.Contains(sv, "varning: är samma sida") {
		t.Error(sv)
	}
}

func TestTenants(t *testing.T) {
	dir := folder(t, map[string]string{
		"a.yaml":   "tenant: ystad\nname: Ystads kommun\narchive: {prefix: ystad/arkiv, access_key_file: /k/a, secret_key_file: /k/s}\nmail: [arkiv@example.org]\n" + entryWith(),
		"b.yml":    "tenant: ystad\nsection: Hamnen AB\nmail: [hamn@example.org]\n" + entryWith("id: b", "url: https://b.example"),
		"c.yaml":   "tenant: arvika\n" + entryWith(),
		".d.yaml":  "broken: [",
		"e.txt":    "broken: [",
		"g.yaml~":  "broken: [",
		"sub.yaml": entryWith("id: own"),
	})
	if err := os.Mkdir(filepath.Join(dir, "folder.yaml"), 0o750); err != nil {
		t.Fatal(err)
	}
	r, err := Load(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(r.Tenant("ystad"))
	if string(got) != `{"id":"ystad","name":"Ystads kommun","prefix":"ystad/arkiv","access_key_file":"/k/a","secret_key_file":"/k/s","mail":["arkiv@example.org","hamn@example.org"]}` {
		t.Error(string(got))
	}
	var names []string
	for _, s := range r.Sections() {
		names = append(names, fmt.Sprintf("%s/%s:%d", s.Tenant, s.Name, len(s.Accounts)))
	}
	if strings.Join(names, " ") != "arvika/:1 default/:1 ystad/:1 ystad/Hamnen AB:1" {
		t.Error(names)
	}
	if a, ok := r.ByID("ystad", "b"); !ok || a.Section != "Hamnen AB" {
		t.Errorf("%+v", a)
	}
	if a, err := r.Find("arvika/a"); err != nil || a.Tenant != "arvika" {
		t.Errorf("%+v %v", a, err)
	}
	if _, err := r.Find("a"); err == nil || !strings.Contains(err.Error(), "exists for several tenants: write arvika/a") {
		t.Error(err)
	}
	if _, err := r.Find("ovn"); err == nil || !strings.Contains(err.Error(), `did you mean "own"?`) {
		t.Error(err)
	}
	conflict := folder(t, map[string]string{"a.yaml": "name: A\n" + entryWith(), "b.yaml": "name: B\n" + entryWith("id: b", "url: https://b.example")})
	if _, err := Load(conflict, Options{}); !AsProblems(err).Has("tenant-conflict") {
		t.Error(err)
	}
}

func TestMissingAndUnreadable(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		filepath.Join(dir, "none.yaml"): "does not exist: create the register (see register.example.yaml), or correct the path in register.path",
		dir:                             "the folder has no .yaml file",
	} {
		if _, err := Load(path, Options{}); err == nil || !strings.Contains(err.Error(), path+": "+want) {
			t.Error(err)
		}
	}
	big := filepath.Join(dir, "big.yaml")
	if err := os.WriteFile(big, []byte(strings.Repeat("# fyllnad\n", maxFileBytes/10+2)), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir, Options{}); !AsProblems(err).Has("too-large") {
		t.Error(err)
	}
}

// The version depends on what is said, not on where or how.
func TestVersionAndNormal(t *testing.T) {
	one, err := Parse("x", []byte(entryWith()+strings.TrimPrefix(entryWith("id: b", "url: https://b.example"), "accounts:\n")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	two, err := Load(folder(t, map[string]string{"2.yaml": "# annan fil\n" + entryWith("title: 'A'"), "1.yaml": entryWith("id: b", "url: https://b.example")}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if one.Version != two.Version || len(one.Version) != 64 {
		t.Errorf("%s %s", one.Version, two.Version)
	}
	changed, err := Parse("x", []byte(entryWith("title: B")), Options{})
	if err != nil || changed.Version == one.Version {
		t.Error("another title must be another version")
	}
	back, err := FromNormal("current", one.Normal(), Options{Platforms: []string{"web"}})
	if err != nil || back.Version != one.Version || string(back.Normal()) != string(one.Normal()) {
		t.Errorf("%v", err)
	}
	if a, ok := back.ByID("default", "b"); !ok || a.File != "current" {
		t.Errorf("%+v", a)
	}
	if _, err := FromNormal("current", []byte(`{"schema":"x"}`), Options{}); !AsProblems(err).Has("not-normal") {
		t.Error(err)
	}
	if _, err := FromNormal("current", one.Normal(), Options{Platforms: []string{"facebook"}}); !AsProblems(err).Has("unknown-platform") {
		t.Error(err)
	}
}

func TestYears(t *testing.T) {
	for d, want := range map[Disposal]int{{Action: "gallra", After: "10y"}: 10, {Action: "bevara"}: 0, {Action: "gallra", After: "x"}: 0, {}: 0} {
		if n, ok := d.Years(); n != want || ok != (want > 0) {
			t.Errorf("%+v: %d %v", d, n, ok)
		}
	}
}

// Files that try to hurt end in a problem, quickly.
func TestHostileFiles(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'l'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	for name, body := range map[string]string{
		"bomb":            bomb,
		"bomb in entries": strings.Replace(bomb, "k: &k", "accounts: &k", 1),
		"itself":          "accounts: &a [*a]\n",
		"deep flow":       "accounts: " + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000),
		"deep block": "accounts:\n" + func() string {
			var b strings.Builder
			for i := range 1000 {
				b.WriteString(strings.Repeat(" ", i) + "- \n")
			}
			return b.String()
		}(),
		"many keys":     "? " + strings.Repeat("{a: ", 2000) + strings.Repeat("}", 2000) + "\n: 1\n",
		"huge number":   entryWith("limits: {bytes: 999999999999999999999999999}"),
		"binary tag":    entryWith("title: !!binary aGVq"),
		"unknown tag":   entryWith("title: !!python/object:os.system x"),
		"long key":      strings.Repeat("k", 100_000) + ": 1\n",
		"many accounts": "accounts: [" + strings.Repeat("~,", maxAccounts+1) + "]\n",
		"null bytes":    "accounts:\n  - id: \"a\\0b\"\n",
		"BOM":           "\ufeffkonton: 1\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("r.yaml", []byte(body), Options{})
			if err == nil && name != "binary tag" && name != "unknown tag" {
				t.Error("accepted")
			}
			if err != nil && (AsProblems(err) == nil || len(err.Error()) > 2000) {
				t.Errorf("%d bytes of error", len(err.Error()))
			}
		})
	}
}

// TestLook: every change of a file shows, and nothing else does.
func TestLook(t *testing.T) {
	dir := t.TempDir()
	if _, err := Look(dir); err == nil {
		t.Error("an empty folder has a look")
	}
	looks := map[string]string{}
	look := func(what string) {
		t.Helper()
		l, err := Look(dir)
		if err != nil {
			t.Fatal(err)
		}
		if before, ok := looks[l]; ok {
			t.Errorf("%s looks like %s", what, before)
		}
		looks[l] = what
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.yaml", "ab")
	look("one file")
	write("a.yaml", "ac")
	look("another byte")
	write("b.yaml", "")
	look("a second file")
	write("a.yaml", "a")
	write("b.yaml", "c")
	look("bytes moved to the second")
	one, _ := Look(dir)
	write(".hidden.yaml", "x")
	if again, _ := Look(dir); again != one {
		t.Error("a hidden file shows")
	}
}
