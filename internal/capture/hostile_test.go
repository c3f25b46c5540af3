package capture

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"arsring/internal/register"
)

// serveOne serves one page for every path.
func serveOne(t *testing.T, body string) Job {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><html lang="sv"><title>Älvsunda</title><h1>Badplatser</h1><p>Vattnet är provtaget.</p>` + body))
	}))
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	return Job{SnapshotID: "konto-20261015T073000Z-manual-aaaa", Trigger: TriggerManual, URL: srv.URL, Image: "jpeg", Lang: "sv",
		Account: register.Account{ID: "konto", Tenant: "default", URL: srv.URL}}
}

// says reports whether some page's kept text holds the words.
func says(c *Capture, words string) bool {
	return slices.ContainsFunc(c.Pages, func(p Page) bool {
		return slices.ContainsFunc(p.Blocks, func(b Block) bool { return strings.Contains(b.Text, words) })
	})
}

// A page whose script never ends is captured as it stood, without its scripts.
func TestScriptsThatNeverEndAreStopped(t *testing.T) {
	c, _ := captureWith(t, serveOne(t, `<script>setTimeout(() => { for (;;); }, 200)</script>`), Options{Patience: 10 * time.Second})
	if c.Outcome != Partial || !lacks(c, "scripts-stopped") || !says(c, "provtaget") || len(c.Tiles) < 2 {
		t.Errorf("%s %s, missing %v, %d tiles, pages %+v", c.Outcome, c.Code, c.Missing, len(c.Tiles), c.Pages)
	}
}

// What a page takes of the machine is bounded: its process is ended, and the outcome says why.
func TestMemoryIsBounded(t *testing.T) {
	began := time.Now()
	c, _ := captureWith(t, serveOne(t, `<script>const a = []; setInterval(() => { try { a.push(new Uint8Array(3e7).fill(7)) } catch {} }, 20)</script><img src="/x" style="height:900000px">`), Options{Memory: 500 << 20})
	if c.Outcome != Failed || c.Code != "memory" || c.Sentence.SV == "" {
		t.Errorf("%s %s after %s", c.Outcome, c.Code, time.Since(began))
	}
}

// What a page leaves on the disk is bounded, too.
func TestDiskIsBounded(t *testing.T) {
	c, _ := captureWith(t, serveOne(t, `<script>const big = new Uint8Array(4e6).map((_, i) => i * 7919); navigator.storage.getDirectory().then(async d => { const w = await (await d.getFileHandle("f", { create: true })).createWritable(); for (;;) await w.write(big) });
const o = indexedDB.open("d", 1); o.onupgradeneeded = () => o.result.createObjectStore("s", { autoIncrement: true }); o.onsuccess = () => setInterval(() => o.result.transaction("s", "readwrite").objectStore("s").add(big), 20)</script><div style="height:900000px">Vattnet</div>`), Options{Disk: 60 << 20})
	if c.Outcome != Failed || c.Code != "disk" {
		t.Errorf("%s %s, missing %v", c.Outcome, c.Code, c.Missing)
	}
}

// Where a visit ends before its time, what was kept by then stays and is partial; where nothing was kept, and for evidence, the verdict stands.
func TestCutShort(t *testing.T) {
	for code, v := range map[string]verdict{"limit-minutes": timeoutVerdict, "page-hung": unresponsiveVerdict, "page-replaced": circleVerdict()} {
		kept := &Capture{Pages: []Page{{}}, Tiles: []Tile{{}}, Job: Job{Account: register.Account{ID: "konto"}}}
		kept.cutShort(&tab{}, v)
		if kept.Outcome != Complete || !lacks(kept, code) || !kept.incomplete() || kept.Period.Stop != StopLimit {
			t.Errorf("%s: %s, missing %v", code, kept.Outcome, kept.Missing)
		}
		for _, nothing := range []*Capture{{}, {Pages: []Page{{}}}, {Pages: []Page{{}}, Tiles: []Tile{{}}, Job: Job{Evidence: &Evidence{}}}} {
			nothing.cutShort(&tab{}, v)
			if nothing.Outcome != v.outcome || nothing.Code != v.code || len(nothing.Missing) > 0 {
				t.Errorf("%s: %s %s", code, nothing.Outcome, nothing.Code)
			}
		}
	}
}
