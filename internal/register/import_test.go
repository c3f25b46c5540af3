package register

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
)

const swedish = "Förteckning över konton;;;;;;;;\n" +
	"Namn;Kanal;Länk;Nämnd/Bolag;Förvaltning;Kontaktperson;Administratörer;Startdatum;Följare\n" +
	"Biblioteket i Växjö;Facebook;www.facebook.com/biblioteket;Kultur- och fritidsnämnden;Biblioteket;Åsa Öberg <asa@example.org>;Åsa Öberg (asa@example.org); 2015-03-01;1200\n" +
	"\n" +
	"\"Vatten; och \"\"avlopp\"\"\";;https://va.example/;Tekniska nämnden;VA;Bo Prov, bo@example.org;;20240502;\n"

func preview(t *testing.T, r *Register, name string, b []byte) *Import {
	t.Helper()
	tab, err := ReadTable(name, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return Preview(r, tab, ImportOptions{Options: Options{Platforms: []string{"facebook", "web"}}, Platform: func(u string) string {
		if strings.Contains(u, "facebook.com") {
			return "facebook"
		}
		return "web"
	}})
}

// The same list in every encoding and separator that Swedish spreadsheets save.
func TestImportCSV(t *testing.T) {
	latin, err := charmap.Windows1252.NewEncoder().String(swedish)
	if err != nil {
		t.Fatal(err)
	}
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(strings.ReplaceAll(commaToTab(t, swedish), "\n", "\r\n"))) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for name, b := range map[string][]byte{
		"utf-8": []byte(swedish), "with mark": []byte("\ufeff" + swedish), "windows-1252": []byte(latin), "utf-16 with tabs": wide,
		"decomposed": []byte(strings.NewReplacer("å", "a\u030a", "ö", "o\u0308", "ä", "a\u0308").Replace(swedish)), "sep": []byte("sep=;\n" + swedish),
	} {
		t.Run(name, func(t *testing.T) {
			im := preview(t, nil, "konton.csv", b)
			if err := im.Problems.err(); err != nil {
				t.Fatal(err)
			}
			if len(im.Rows) != 2 || im.Rows[0].Kind != ImportAdd || strings.Join(im.Ignored, " ") != "Följare" {
				t.Fatalf("%+v", im)
			}
			a, b := im.Rows[0].Account, im.Rows[1].Account
			if a.ID != "facebook-biblioteket-i-vaxjo" || a.Platform != "facebook" || a.URL != "https://www.facebook.com/biblioteket" || a.Since != "2015-03-01" ||
				a.Responsible != (Person{"Åsa Öberg", "asa@example.org"}) || len(a.Administrators) != 1 || a.Administrators[0].Email != "asa@example.org" || a.Class != ClassReview {
				t.Errorf("%+v", a)
			}
			if b.Line != 5+strings.Count(name, "sep")-strings.Count(name, "tabs") || b.ID != "web-vatten-och-avlopp" || b.Title != `Vatten; och "avlopp"` || b.Platform != "web" || b.Since != "2024-05-02" || b.Responsible.Email != "bo@example.org" {
				t.Errorf("%+v", b)
			}
		})
	}
}

func commaToTab(t *testing.T, s string) string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(s))
	r.Comma, r.FieldsPerRecord = ';', -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = '\t'
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestImportChangesAndApplies(t *testing.T) {
	dir := folder(t, map[string]string{"k.yaml": annotated})
	r, err := Load(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	list := "id;namn;adress;plattform;arkivbildare;enhet;ansvarig;syfte\n" +
		"a;Nytt namn;;;;;;\n" + // by id
		";B;b.example;;;;;\n" + // by address, nothing changes
		";Ny;ny.example;web;KS;K;Rut;Ett syfte\n"
	im := preview(t, r, "konton.csv", []byte(list))
	if err := im.Problems.err(); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, row := range im.Rows {
		kinds = append(kinds, fmt.Sprintf("%d:%s:%s", row.Row, row.Kind, row.Account.ID))
	}
	if strings.Join(kinds, " ") != "2:change:a 3:same:b 4:add:web-ny" {
		t.Fatal(kinds)
	}
	if f := im.Rows[0].Fields; len(f) != 1 || f[0] != (FieldChange{"title", "Titel: A", "Nytt namn"}) {
		t.Errorf("%+v", f)
	}
	after, err := im.Apply(dir, by("Eva"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a, _ := after.ByID("", "a"); a.Title != "Nytt namn" || len(a.Administrators) != 2 || len(after.Accounts) != 3 {
		t.Errorf("%+v", a)
	}
	gone, come := lineDiff(annotated, read(t, dir, "k.yaml"))
	if len(gone) != 1 || len(come) < 8 || come[0] != "    title: Nytt namn # namnet" {
		t.Errorf("%q %q", gone, come)
	}
	if h, err := History(dir); err != nil || len(h) != 2 || h[0].Action != "import" || h[1].Account != "a" {
		t.Errorf("%+v %v", h, err)
	}
	if _, err := im.Apply(dir, by("Eva"), Options{}); err == nil || !strings.Contains(err.Error(), "has changed in the meantime") {
		t.Error(err)
	}
}

func TestImportProblems(t *testing.T) {
	r, err := Parse("r.yaml", []byte(entryWith()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	const head = "id;namn;adress;plattform;arkivbildare;enhet;ansvarig;startdatum;högst inlägg;klass\n"
	for name, x := range map[string]struct{ list, want string }{
		"no heading":       {"hej;hopp\n1;2\n", "l.csv: no heading was found"},
		"empty file":       {"", "no heading was found"},
		"only heading":     {head, "l.csv: the list has no accounts below the heading"},
		"double column":    {"namn;titel;adress\nA;B;C\n", `l.csv:1: title: the heading "titel" means the same as one before`},
		"bad date":         {head + "b;B;b.example;web;KS;K;R;i våras;;\n", `l.csv:2: b: since: "i våras" is no date`},
		"bad number":       {head + "b;B;b.example;web;KS;K;R;;många;\n", `l.csv:2: b: limits.posts: "många" is no whole number`},
		"bad class":        {head + "b;B;b.example;web;KS;K;R;;;kanske\n", `l.csv:2: b: class: "kanske" is no class`},
		"bad platform":     {head + "b;B;b.example;tv;KS;K;R;;;\n", `l.csv:2: b: platform: "tv" is no known platform`},
		"missing":          {head + "b;B;b.example;web;;K;R;;;\n", `l.csv:2: b: archive_creator: is missing`},
		"bad id":           {head + "B 1;B;b.example;web;KS;K;R;;;\n", `l.csv:2: B 1: id: "B 1" will not do`},
		"double id":        {head + "b;B;b.example;web;KS;K;R;;;\nb;C;c.example;web;KS;K;R;;;\n", `l.csv:3: b: id: stands already at l.csv:2`},
		"address of other": {head + "b;B;https://a.example;web;KS;K;R;;;\n", `l.csv:2: b: url: warning: is the same page as a (r.yaml:2)`},
		"mail as address":  {head + "b;B;b@example.org;web;KS;K;R;;;\n", `url: is no web address`},
		"control":          {head + "b;\"B\x1b[1m\";b.example;web;KS;K;R;;;\n", `title: holds control characters`},
	} {
		t.Run(name, func(t *testing.T) {
			im := preview(t, r, "l.csv", []byte(x.list))
			if !strings.Contains(im.Problems.Error(), x.want) {
				t.Errorf("got  %s\nwant %s", im.Problems, x.want)
			}
			if !strings.Contains(x.want, "warning") {
				if _, err := im.Apply(t.TempDir(), by("Eva"), Options{}); err == nil {
					t.Error("applied")
				}
			}
		})
	}
}

func TestListFromAWindowsMachine(t *testing.T) {
	b, err := os.ReadFile("testdata/lists/konton-windows.csv")
	if err != nil {
		t.Fatal(err)
	}
	im := preview(t, nil, "konton-windows.csv", b)
	if im.Problems.err() != nil || len(im.Rows) != 1 || im.Rows[0].Account.Title != "Biblioteket i Växjö" || im.Rows[0].Row != 3 {
		t.Errorf("%+v", im)
	}
}

func TestListsThatAreNone(t *testing.T) {
	for name, b := range map[string][]byte{
		"a.xlsx": []byte("PK\x03\x04 not a zip"), "b.xls": {0xd0, 0xcf, 0x11, 0xe0, 1, 2}, "c.csv": {0xd0, 0xcf, 0x11, 0xe0}, "d.csv": []byte("a\x00b;c\n"),
		"e.ods": []byte("x"), "f.csv": bytes.Repeat([]byte("a;b\n"), maxRows+1), "g.csv": make([]byte, maxListBytes+1), "h.csv": []byte("PK\x03\x04"),
	} {
		if _, err := ReadTable(name, bytes.NewReader(b)); AsProblems(err) == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestImportXLSX(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for _, err := range []error{f.SetSheetName("Sheet1", "Blad1"), func() error { _, err := f.NewSheet("Konton"); return err }(),
		f.SetSheetRow("Konton", "B2", &[]any{"Namn", "Adress", "Plattform", "Arkivbildare", "Enhet", "Ansvarig", "Ansvarig e-post", "Administratör 1", "Administratör 2", "E-post administratör 2", "Startdatum", "Syfte"}),
		f.SetSheetRow("Konton", "B3", &[]any{"Åhus hamn", "hamn.example", "Web", "Hamnen AB", "Drift", "Rut", "rut@example.org", "Rut", "Siv", "siv@example.org", time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC), "=1+1"}),
		f.SetCellFormula("Konton", "A3", "=HYPERLINK(\"https://evil.example\")")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	im := preview(t, nil, "konton.xlsx", b.Bytes())
	if err := im.Problems.err(); err != nil {
		t.Fatal(err)
	}
	a := im.Rows[0].Account
	if a.ID != "web-ahus-hamn" || a.Since != "2020-02-29" || a.Platform != "web" || a.Responsible.Email != "rut@example.org" || len(a.Administrators) != 2 || a.Administrators[1] != (Person{"Siv", "siv@example.org"}) || im.Rows[0].Row != 3 {
		t.Errorf("%+v", im.Rows[0])
	}
}

// What is written is read back field by field, and no cell can be a formula.
func TestExportAndBack(t *testing.T) {
	a := whole()
	a.Title, a.Sender, a.DocumentPlan, a.Unit, a.Purpose = "=cmd|' /C calc'!A0", "@SUM(1)", "+46 8", "'=x", "-1\nrad två; \"citat\""
	a.Administrators[1].Email = "bo@example.org"
	for name, write := range map[string]func(*bytes.Buffer) error{
		"ut.csv":  func(b *bytes.Buffer) error { return WriteCSV(b, []Account{a}) },
		"ut.xlsx": func(b *bytes.Buffer) error { return WriteXLSX(b, []Account{a}) },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			tab, err := ReadTable(name, bytes.NewReader(b.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range tab.Rows {
				for _, c := range row {
					if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
						t.Errorf("a formula: %q", c)
					}
				}
			}
			im := Preview(nil, tab, ImportOptions{})
			if err := im.Problems.err(); err != nil || len(im.Rows) != 1 || len(im.Ignored) > 0 {
				t.Fatalf("%v %+v", err, im)
			}
			if d := Diff(a, im.Rows[0].Account); len(d) > 0 {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestHundredsAtOnce(t *testing.T) {
	n := 300
	if os.Getenv("ARSRING_SOAK") != "" {
		n = 10_000
	}
	var b strings.Builder
	b.WriteString("id;namn;adress;plattform;arkivbildare;enhet;ansvarig\n")
	for i := range n {
		fmt.Fprintf(&b, "k%d;K;https://k%d.example;web;KS;K;R\n", i, i)
	}
	path := filepath.Join(t.TempDir(), "register")
	start := time.Now()
	im := preview(t, nil, "l.csv", []byte(b.String()))
	r, err := im.Apply(path, by("Eva"), Options{})
	if err != nil || len(r.Accounts) != n {
		t.Fatal(err)
	}
	im = preview(t, r, "l.csv", []byte(strings.ReplaceAll(b.String(), ";K;http", ";Nytt;http")))
	if r, err = im.Apply(path, by("Eva"), Options{}); err != nil || r.Accounts[n-1].Title != "Nytt" {
		t.Fatal(err)
	}
	t.Logf("%d added and changed in %s", n, time.Since(start))
}

func TestDatesInLists(t *testing.T) {
	tab := &Table{serial: func(n float64) time.Time { d, _ := excelize.ExcelDateToTime(n, false); return d }}
	for in, want := range map[string]string{
		"2015-03-01": "2015-03-01", "2015/03/01": "2015-03-01", "20150301": "2015-03-01", "2015-3-1": "2015-03-01", "42064": "2015-03-01", "42064.5": "2015-03-01",
		"1/3/2015": "2015-03-01", "2015-03-01 00:00:00": "2015-03-01", "2015": "", "x": "", "1e9": "", "NaN": "", "-5": "",
	} {
		if got, err := tab.date(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q %v", in, got, err)
		}
	}
	if _, err := (&Table{}).date("42064"); err == nil {
		t.Error("a bare number in CSV is no date")
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(swedish))
	latin, err := os.ReadFile("testdata/lists/konton-windows.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(latin)
	f.Add([]byte("id\tnamn\n\xff\xfe;\"\n"))
	f.Add([]byte("\xff\xfei\x00d\x00;\x00"))
	r, err := Parse("r.yaml", []byte(annotated), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tab, err := ReadTable("f.csv", bytes.NewReader(b))
		if err != nil {
			return
		}
		holdPreview(t, Preview(r, tab, ImportOptions{}))
	})
}

// holdPreview checks that a preview without errors becomes a register that is read back the same.
func holdPreview(t *testing.T, im *Import) {
	t.Helper()
	if im.Problems.err() != nil {
		return
	}
	dir := folder(t, map[string]string{"k.yaml": annotated})
	after, err := im.Apply(dir, by("Eva"), Options{})
	if err != nil {
		t.Fatalf("previewed without errors, then: %v", err)
	}
	for _, row := range im.Rows {
		got, ok := after.ByID(row.Account.Tenant, row.Account.ID)
		if d := Diff(row.Account, got); !ok || len(d) > 0 {
			t.Fatalf("%+v", d)
		}
	}
}

func FuzzXLSX(f *testing.F) {
	var b bytes.Buffer
	if err := WriteXLSX(&b, []Account{whole()}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		tab, err := ReadTable("f.xlsx", bytes.NewReader(b))
		if err != nil {
			if AsProblems(err) == nil {
				t.Fatalf("not as problems: %v", err)
			}
			return
		}
		Preview(nil, tab, ImportOptions{})
	})
}

func FuzzLoad(f *testing.F) {
	broken, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(broken) == 0 {
		f.Fatal(err)
	}
	for _, file := range broken {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("accounts:\n-\n    platform: web # p\n    id: a\n    url: |\n      https://a.example\n    title: >-\n      A\n      # B\n    responsible:\n      name: R # r\n    # c\n    archive_creator: \"K\\u00e5\"\n    unit:\n      'K\n      L'\n\nname: X\n"))
	f.Add([]byte("accounts: [{id: a, platform: web, url: 'https://a.example', title: A, archive_creator: KS, unit: K, responsible: {name: R}}] # x\r\n"))
	f.Add([]byte(annotated))
	f.Add([]byte(entryWith("disposal: {action: gallra, after: 10y, decision: x}", "notice: {date: 2026-01-01, remove: 2026-02-01}")))
	f.Add([]byte("accounts: &a [*a, {id: a}, ~]\ntenant: x\n---\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Parse("f.yaml", b, Options{Platforms: []string{"web"}})
		if err != nil {
			if AsProblems(err) == nil || strings.ContainsAny(err.Error(), "\x1b\x00\u202e") {
				t.Fatalf("%q", err)
			}
			return
		}
		back, err := FromNormal("n", r.Normal(), Options{})
		if err != nil || back.Version != r.Version {
			t.Fatalf("not the same again: %v", err)
		}
		dir := folder(t, map[string]string{"f.yaml": string(b)})
		a := minimal("fuzz-ny")
		a.Tenant = r.Accounts[0].Tenant
		if _, ok := r.ByID(a.Tenant, a.ID); ok {
			return
		}
		after, err := Add(filepath.Join(dir, "f.yaml"), a, by("Eva"), Options{})
		if err != nil {
			t.Fatalf("adding: %v\n%s", err, b)
		}
		first := after.Accounts[0]
		first.Title = "Annat namn"
		if _, err := Update(filepath.Join(dir, "f.yaml"), first, by("Eva"), Options{}); err != nil {
			t.Fatalf("updating: %v\n%s", err, read(t, dir, "f.yaml"))
		}
	})
}
