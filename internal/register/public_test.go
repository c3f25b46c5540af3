package register

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// publicRegister has an account with every field filled with words that must not get out, and some that are not public at all.
func publicRegister(t *testing.T) *Register {
	t.Helper()
	a := whole()
	a.Title, a.Purpose = `<script>alert("x")</script>`, "=1+1"
	secret, ended, later := minimal("hemlig"), minimal("slut"), minimal("sen")
	secret.Class, ended.Until, later.Since = ClassSecret, "2026-10-15", "2026-10-16"
	accounts := []Account{a, secret, ended, later}
	for i := range accounts {
		accounts[i].Tenant = DefaultTenant
	}
	return assemble("x", []Tenant{{ID: DefaultTenant, Name: "Exempelkommun"}}, accounts, nil)
}

func TestPublicListHoldsOnlyPublicFields(t *testing.T) {
	l := publicRegister(t).Public(DefaultTenant, when)
	if len(l.Accounts) != 1 || l.Accounts[0].ID != whole().ID || l.Accounts[0].Closes != "2031-01-01" || l.Updated != "2026-10-15" {
		t.Fatalf("%+v", l)
	}
	for name, write := range map[string]func(io.Writer) error{
		"json": l.WriteJSON, "csv": l.WriteCSV,
		"html": func(w io.Writer) error { return l.WriteHTML(w, "sv") }, "fragment": func(w io.Writer) error { return l.WriteFragment(w, "en") },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		for _, private := range []string{"example.org", "Anna", "Bo Prov", "Cecilia", "Registraturen", "insta\"", "KS 2026/1", "10y", "öppen", "ny sida", "cdn.example", "hemlig", "slut"} {
			if strings.Contains(b.String(), private) {
				t.Errorf("%s tells %q:\n%s", name, private, b.String())
			}
		}
		if !strings.Contains(b.String(), "https://www.instagram.com/biblioteket/") {
			t.Errorf("%s lacks the address:\n%s", name, b.String())
		}
	}
}

func TestPublicForms(t *testing.T) {
	l := publicRegister(t).Public(DefaultTenant, when)
	var b bytes.Buffer
	if err := l.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 2 || rows[1][6] != "'=1+1" {
		t.Errorf("%q %v", rows, err)
	}
	b.Reset()
	if err := l.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var back PublicList
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back.Schema != PublicSchema || back.Accounts[0] != l.Accounts[0] {
		t.Errorf("%+v %v", back, err)
	}
	for lang, word := range map[string]string{"sv": "Ansvarig verksamhet", "en": "Responsible unit", "de": "Ansvarig verksamhet"} {
		b.Reset()
		if err := l.WriteHTML(&b, lang); err != nil {
			t.Fatal(err)
		}
		doc, err := html.Parse(&b)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]int{}
		var text strings.Builder
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode {
				seen[n.Data]++
			}
			if n.Type == html.TextNode {
				text.WriteString(n.Data + " ")
			}
		}
		if seen["script"] > 0 || seen["table"] != 1 || seen["caption"] != 1 || seen["h1"] != 1 || seen["main"] != 1 || !strings.Contains(text.String(), word) || !strings.Contains(text.String(), `<script>alert("x")</script>`) {
			t.Errorf("%s: %v %s", lang, seen, text.String())
		}
	}
	empty := PublicList{Accounts: []Public{}}
	b.Reset()
	if err := empty.WriteFragment(&b, "sv"); err != nil || !strings.Contains(b.String(), "Registret har inga konton.") {
		t.Errorf("%v %s", err, b.String())
	}
}
