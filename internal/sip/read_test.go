package sip_test

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"arsring/internal/sip"
)

func golden(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/golden/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const (
	goldenManifest = "metadata/descriptive/manifest.json"
	goldenContent  = "representations/content/data/content.json"
)

// TestReadManifestIsStrict changes one thing in a good manifest at a time.
func TestReadManifestIsStrict(t *testing.T) {
	good := golden(t, goldenManifest)
	if _, err := sip.ReadManifest(strings.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"schema":           {`"arsring-manifest-1"`, `"arsring-manifest-2"`},
		"id":               {`"id": "facebook-kommunen-20261015T080000Z-scheduled-k7qa"`, `"id": "../x"`},
		"account":          {`"id": "facebook-kommunen",`, `"id": "other",`},
		"trigger":          {`"trigger": "scheduled"`, `"trigger": "manual"`},
		"outcome":          {`"outcome": "complete"`, `"outcome": "login-wall"`},
		"previous":         {`"previous": null`, `"previous": "x"`},
		"path up":          {`"path": "documentation/LASMIG.txt"`, `"path": "../LASMIG.txt"`},
		"path absolute":    {`"path": "documentation/LASMIG.txt"`, `"path": "/LASMIG.txt"`},
		"path backslash":   {`"path": "documentation/LASMIG.txt"`, `"path": "a\\LASMIG.txt"`},
		"path twice":       {`"path": "documentation/LASMIG.txt"`, `"path": "metadata/descriptive/dc.xml"`},
		"hash":             {`"sha256": "70f5093a`, `"sha256": "G0f5093a`},
		"content unlisted": {`"content": "representations/content/data/content.json"`, `"content": "x.json"`},
		"record unlisted":  {`"path": "representations/pdfa/data/record.pdf"`, `"path": "x.pdf"`},
		"tile unlisted":    {`"path": null`, `"path": "x.png"`},
		"size":             {`"bytes": 36,`, `"bytes": -1,`},
		"not a number":     {`"late": false`, `"late": "false"`},
		"not a time":       {`"packed": "2026-10-15T10:05:30+02:00"`, `"packed": "yesterday"`},
		"half":             {`"views": 2,`, `"views": 2`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := sip.ReadManifest(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "manifest.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, bad := range map[string]string{"empty": "", "null": "null", "array": "[]", "more after it": good + "{}", "junk after it": good + "x"} {
		if _, err := sip.ReadManifest(strings.NewReader(bad)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// TestReadIsTolerant reads what a later version might add, and what leaves fields out.
func TestReadIsTolerant(t *testing.T) {
	later := strings.Replace(golden(t, goldenManifest), `"late": false,`, `"late": false, "new": {"a": [1]},`, 1)
	if _, err := sip.ReadManifest(strings.NewReader(later)); err != nil {
		t.Error(err)
	}
	least := `{"schema":"arsring-manifest-1","id":"a-20261015T080000Z-ingest-k7qa","account":{"id":"a"},"trigger":"ingest","outcome":"partial",
		"content":"c","files":[{"path":"c","sha256":"` + strings.Repeat("0", 64) + `"}],"facts":{"tls":{}}}`
	m, err := sip.ReadManifest(strings.NewReader(least))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(m)
	for _, field := range []string{"administrators", "missing", "interventions", "versions", "redirects", "tiles", "legal_deposit", "names"} {
		if !strings.Contains(string(b), `"`+field+`":[]`) {
			t.Errorf("%s is no empty array: %s", field, b)
		}
	}
	c, err := sip.ReadContent(strings.NewReader(`{"schema":"arsring-content-1","snapshot":"a-20261015T080000Z-ingest-k7qa","account":"a","new":1,
		"posts":[{"origin":"own","comments":[{"origin":"received"}]}],"pages":[{"blocks":[{}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := json.Marshal(c); strings.Contains(string(b), `"links":null`) || strings.Contains(string(b), `"rows":null`) || strings.Contains(string(b), `"tiles":null`) {
		t.Errorf("null for an array: %s", b)
	}
}

func TestReadContentIsStrict(t *testing.T) {
	good := golden(t, goldenContent)
	for name, change := range map[string][2]string{
		"schema":     {`"arsring-content-1"`, `"arsring-content-2"`},
		"snapshot":   {`"snapshot": "facebook-kommunen-2026`, `"snapshot": "2026`},
		"account":    {`"account": "facebook-kommunen"`, `"account": "x"`},
		"origin":     {`"origin": "received"`, `"origin": "theirs"`},
		"media path": {`"path": "media/1.png"`, `"path": "../1.png"`},
		"media hash": {`"sha256": "70f5`, `"sha256": "70F5`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := sip.ReadContent(strings.NewReader(bad)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// TestReadLimits sees that an endless file ends, soon after the limit.
func TestReadLimits(t *testing.T) {
	r := &counter{r: io.MultiReader(strings.NewReader(`{"schema":"`), zeros{})}
	_, err := sip.ReadManifest(r)
	if err == nil || !strings.Contains(err.Error(), "larger") || r.n > sip.MaxManifest+1 {
		t.Errorf("after %d bytes: %v", r.n, err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '0'
	}
	return len(b), nil
}

type counter struct {
	r io.Reader
	n int
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += n
	return n, err
}

func FuzzReadManifest(f *testing.F) {
	f.Add([]byte(golden(f, goldenManifest)))
	f.Add([]byte(`{"schema":"arsring-manifest-1","id":"a-20261015T080000Z-ingest-k7qa"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := sip.ReadManifest(strings.NewReader(string(b)))
		if err != nil {
			return
		}
		if out, err := json.Marshal(m); err != nil || strings.Contains(string(out), `"files":null`) {
			t.Errorf("%v: %s", err, out)
		}
		if account, _, _, err := sip.ParseID(m.ID); err != nil || account != m.Account.ID {
			t.Errorf("%q of %q: %v", m.ID, m.Account.ID, err)
		}
	})
}

func FuzzReadContent(f *testing.F) {
	f.Add([]byte(golden(f, goldenContent)))
	f.Add([]byte(`{"schema":"arsring-content-1","snapshot":"a-20261015T080000Z-ingest-k7qa","account":"a","posts":[{"comments":[{}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := sip.ReadContent(strings.NewReader(string(b)))
		if err != nil {
			return
		}
		if out, err := json.Marshal(c); err != nil || strings.Contains(string(out), `"comments":null,"tiles"`) {
			t.Errorf("%v: %s", err, out)
		}
	})
}
