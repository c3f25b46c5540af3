package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"arsring/internal/validators"
)

// secrets are what is planted: each stands in one place only, so that a find says where it leaked from.
var secrets = map[string]string{
	"proxy user": "proxyanvandare-77ab01", "proxy password": "proxylosen-77ab02", "smtp password": "smtplosen-77ab03", "oidc secret": "oidchemlighet-77ab04",
	"webhook": "webhooknyckel-77ab05", "heartbeat": "hjartslag-77ab06", "database password": "databaslosen-77ab07", "stamp password": "stampellosen-77ab08",
	"wrong s3 key": "felaktigs3-77ab09", "wrong proxy password": "felproxy-77ab10", "password in a wrong setting": "felinstallning-77ab11",
	"set cookie": "kaka-77ab12", "script cookie": "skriptkaka-77ab13", "local storage": "lager-77ab14", "session storage": "sessionslager-77ab15", "indexed db": "databas-77ab16",
	"query of the address": "adressfraga-77ab17", "fragment of the address": "adressfragment-77ab18", "query of a redirect": "vidare-77ab19", "picture signature": "bildsignatur-77ab20",
	"lost picture": "borttappadbild-77ab21", "link token": "lanktoken-77ab22", "link user": "lankanvandare-77ab23", "link password": "lanklosen-77ab24", "link fragment": "lankfragment-77ab25",
	"amazon signature": "amazonsignatur-77ab26", "response header": "svarshuvud-77ab27", "form token": "formular-77ab28", "canonical": "kanonisk-77ab29", "open graph": "ogadress-77ab30",
	"frame": "ramadress-77ab31", "script request": "skriptanrop-77ab32", "popup": "fonster-77ab33", "refused host": "vagrad-77ab34", "json-ld": "jsonld-77ab35", "password field": "falt-77ab36",
	"failing address": "misslyckad-77ab37", "download": "nedladdning-77ab38", "address with a password": "adresslosen-77ab39", "bearer of a request": "barare-77ab40",
	"post link": "inlaggslank-77ab41", "post picture": "inlaggsbild-77ab42",
}

// plantedSite is a page with secrets wherever pages have them.
func plantedSite(t *testing.T) *httptest.Server {
	t.Helper()
	s := secrets
	mux := http.NewServeMux()
	page := func(w http.ResponseWriter, body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		http.SetCookie(w, &http.Cookie{Name: "session", Value: s["set cookie"], Path: "/"})
		w.Header().Set("X-Auth-Token", s["response header"])
		w.Header().Set("Link", `</bild.svg?signature=`+s["picture signature"]+`>; rel="preload"; as="image"`)
		_, _ = io.WriteString(w, body)
	}
	mux.HandleFunc("/bild.svg", picture)
	mux.HandleFunc("/flytt", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/sida?auth="+s["query of a redirect"], http.StatusFound)
	})
	mux.HandleFunc("/ram", func(w http.ResponseWriter, _ *http.Request) { page(w, "<p>Ramen.</p>") })
	mux.HandleFunc("/data", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true}`)
	})
	mux.HandleFunc("/fil", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Disposition", `attachment; filename="protokoll.docx"`)
		_, _ = io.WriteString(w, "fil")
	})
	mux.HandleFunc("/fel", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "nej", http.StatusInternalServerError) })
	mux.HandleFunc("/sida", func(w http.ResponseWriter, _ *http.Request) { page(w, plantedPage()) })
	mux.HandleFunc("/flode", func(w http.ResponseWriter, _ *http.Request) { page(w, plantedFeed()) })
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv
}

func plantedPage() string {
	text := `<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Sidan</title>
<link rel="canonical" href="/sida?access_token=[canonical]"><meta property="og:url" content="https://a.example/?token=[open graph]">
<script type="application/ld+json">{"@type":"WebPage","url":"https://a.example/?api_key=[json-ld]"}</script></head><body><h1>Sidan</h1><p>Synlig text om badplatser.</p>
<img src="/bild.svg?signature=[picture signature]" width="100" height="50" alt="En bild"><img src="/borta.png?token=[lost picture]" alt="Borta">
<p><a href="/andra?access_token=[link token]">En länk</a> <a href="https://[link user]:[link password]@a.example/">En länk till</a>
<a href="https://a.example/#access_token=[link fragment]&amp;x=1">Ett fragment</a> <a href="https://b.example/fil?X-Amz-Signature=[amazon signature]&amp;X-Amz-Date=20261015">Filen</a></p>
<form action="/spara"><input type="hidden" name="csrf" value="[form token]"><input name="namn"><input type="password" value="[password field]" style="display:none"></form>
<iframe src="/ram?session=[frame]" width="200" height="50"></iframe>
<script>document.cookie = "klient=[script cookie]; path=/"; localStorage.setItem("nyckel", "[local storage]"); sessionStorage.setItem("nyckel", "[session storage]");
indexedDB.open("d", 1).onupgradeneeded = e => e.target.result.createObjectStore("s").put("[indexed db]", "k");
fetch("/data?auth_token=[script request]", { headers: { Authorization: "Bearer [bearer of a request]" } });
fetch("http://10.1.2.3/x?token=[refused host]").catch(() => 0); open("/ram?token=[popup]"); const a = document.createElement("a"); a.href = "/fil?token=[download]"; a.download = "p"; a.click();</script></body></html>`
	for name, s := range secrets {
		text = strings.ReplaceAll(text, "["+name+"]", s)
	}
	return text
}

func plantedFeed() string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="sv"><meta charset="utf-8"><title>Flödet</title><main role="feed">`)
	for i := 1; i <= 3; i++ {
		fmt.Fprintf(&b, `<article role="article" aria-posinset="%d" aria-setsize="3"><h2>Älvsunda kommun</h2><a href="/flode/inlagg/%d?token=%s"><time datetime="2026-10-0%dT08:00:00+02:00">den %d oktober</time></a><p>Inlägg nummer %d om vägen.</p><img src="/bild.svg?sig=%s&amp;n=%d" width="300" height="150" alt="Vägen"></article>`,
			i, i, secrets["post link"], i, i, i, secrets["post picture"], i)
	}
	b.WriteString(`</main></html>`)
	return b.String()
}

// parent is a proxy that wants a name and a password, as some networks have.
type parent struct {
	srv   *httptest.Server
	asked atomic.Int64 // with the right ones
}

// siteHost is a name that only the parent proxy knows.
const siteHost = "kommun.example"

func newParent(t *testing.T, site *httptest.Server) *parent {
	t.Helper()
	p := &parent{}
	home := strings.TrimPrefix(site.URL, "http://")
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(secrets["proxy user"]+":"+secrets["proxy password"]))
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.Header.Del("Proxy-Authorization")
		r.Out.URL.Scheme, r.Out.URL.Host = "http", home
	}}
	p.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Proxy-Authorization") != want {
			w.Header().Set("Proxy-Authenticate", `Basic realm="nätet"`)
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		p.asked.Add(1)
		if r.Method == http.MethodConnect {
			tunnel(w, home)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(p.srv.Close)
	return p
}

// tunnel connects whoever asked with the site.
func tunnel(w http.ResponseWriter, home string) {
	up, err := net.Dial("tcp", home)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer up.Close()
	down, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer down.Close()
	_, _ = io.WriteString(down, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(up, rw); _ = up.Close() }()
	_, _ = io.Copy(down, up)
}

// plantedTown is an installation with every kind of secret in its settings.
type plantedTown struct {
	t      *testing.T
	dir    string // everything: etc/ holds the settings, data/ and out/ what the program writes, elsewhere/ the store
	keys   string // where the store keeps its keys
	parent *parent
	site   string // its address
	env    []string
}

func newPlantedTown(t *testing.T) *plantedTown {
	t.Helper()
	w := &plantedTown{t: t, dir: tempDir(t), site: "http://" + siteHost}
	w.parent = newParent(t, plantedSite(t))
	for _, d := range []string{"etc", "out", "data/register"} {
		if err := os.MkdirAll(filepath.Join(w.dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	register := strings.NewReplacer("/sida\n", "/flode\n", "/trog\n", "/sida\n", "/andra\n", "/flode\n    login_profile: kommunen\n").Replace(fixtureRegister(w.site))
	w.write("data/register/register.yaml", register)
	w.env = append(os.Environ(), "ARSRING_CONFIG="+filepath.Join(w.dir, "etc", "arsring.yaml"))
	return w
}

func (w *plantedTown) write(name, text string) string {
	w.t.Helper()
	file := filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return file
}

// configure writes the settings; more stands below them.
func (w *plantedTown) configure(archive, proxyPassword, more string) {
	w.t.Helper()
	host := strings.TrimPrefix(w.parent.srv.URL, "http://")
	w.write("etc/proxy", "http://"+secrets["proxy user"]+":"+proxyPassword+"@"+host+"\n")
	for name, s := range map[string]string{"smtp": secrets["smtp password"], "oidc": secrets["oidc secret"], "webhook": "http://127.0.0.1:9/" + secrets["webhook"], "heartbeat": "http://127.0.0.1:9/?key=" + secrets["heartbeat"], "tsa": secrets["stamp password"]} {
		w.write("etc/"+name, s+"\n")
	}
	w.write("etc/arsring.yaml", fmt.Sprintf(`data_dir: ../data
organisation: {name: Provkommun}
capture: {allow_private: [127.0.0.1], proxy_file: proxy}
vault: {identity_file: vault.age}
%s
mail: {host: 127.0.0.1, port: 9, username: arsring, password_file: smtp, from: arkiv@example.org, to: [arkiv@example.org]}
notify: {webhook_file: webhook, heartbeat_file: heartbeat}
web:
  listen: 127.0.0.1:0
  oidc: {issuer: "https://127.0.0.1:9/", client_id: arsring, client_secret_file: oidc}
proof:
  tsa: [{url: "http://127.0.0.1:9/tsr", username: arsring, password_file: tsa}]
log: {level: debug, format: json}
%s
`, archive, more))
}

// store starts a store of its own process and gives the settings that reach it, and its keys.
func (w *plantedTown) store() (settings string, keys []string) {
	w.t.Helper()
	cmd := exec.Command("arsring", "store", "--data-dir", filepath.Join(w.dir, "elsewhere"))
	cmd.Env = append(os.Environ(), "HOME="+w.dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })
	var ready struct {
		Endpoint string `json:"endpoint"`
		CAFile   string `json:"ca_file"`
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &ready) != nil {
		w.t.Fatalf("%v %s", err, line)
	}
	w.keys = filepath.Join(w.dir, "elsewhere", "keys", "store-access.json")
	data, err := os.ReadFile(w.keys)
	if err != nil {
		w.t.Fatal(err)
	}
	var k struct {
		Access string `json:"access_key"`
		Secret string `json:"secret_key"`
	}
	if err := json.Unmarshal(data, &k); err != nil {
		w.t.Fatal(err)
	}
	w.write("etc/s3-access", k.Access+"\n")
	w.write("etc/s3-secret", k.Secret+"\n")
	w.write("etc/s3-wrong", secrets["wrong s3 key"]+"\n")
	return fmt.Sprintf("archive: {endpoint: %q, ca_file: %q, region: se-arsring-1, access_key_file: s3-access, secret_key_file: s3-secret}", ready.Endpoint, ready.CAFile), []string{k.Secret}
}

// run runs the program and looks at what it says.
func (w *plantedTown) run(p *planting, want int, args ...string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 4*time.Minute)
	defer cancel()
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, "arsring", args...)
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.Dir = w.env, &out, &out, w.dir
	began := time.Now()
	_ = cmd.Run() // the exit code says it
	w.t.Logf("arsring %.60q: %.1f s", args, time.Since(began).Seconds())
	if got := cmd.ProcessState.ExitCode(); got != want {
		w.t.Errorf("arsring %.80q: exit code %d, want %d\n%s", args, got, want, out.String())
	}
	p.text("output of arsring "+args[0], out.String())
	return out.String()
}

// daemon runs `arsring run` until it has said that it could not reach anybody, or for some seconds.
func (w *plantedTown) daemon(p *planting) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "arsring", "run")
	cmd.Env, cmd.Dir = w.env, w.dir
	pipe, err := cmd.StderrPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	var said strings.Builder
	lines := bufio.NewScanner(pipe)
	lines.Buffer(nil, 1<<20)
	stopped := false
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if n := strings.Count(said.String(), "\n"); !stopped && (n >= 60 || strings.Contains(said.String(), "refused")) {
			stopped = true
			_ = cmd.Process.Signal(syscall.SIGTERM)
		}
	}
	_ = cmd.Wait() // a daemon that cannot reach its provider may end with an error
	p.text("log of the daemon", said.String())
	w.t.Logf("the daemon said:\n%s", said.String())
}

// TestPlantedSecrets plants secrets in settings, addresses and pages, lets the whole program work and fail, and looks for them wherever it leaves anything.
func TestPlantedSecrets(t *testing.T) {
	w := newPlantedTown(t)
	archive, keys := w.store()
	all := keys
	for _, s := range secrets {
		all = append(all, s)
	}
	all = append(all, "AGE-SECRET-KEY-1")
	p := watchSecrets(t, all)
	w.configure(archive, secrets["proxy password"], "")
	out := filepath.Join(w.dir, "out")

	// It works.
	said := w.run(p, exitKept, "snapshot", "badplatser", "--json")
	if !strings.Contains(said, `"posts":3`) || w.parent.asked.Load() == 0 {
		t.Errorf("not through the parent proxy (%d), or not whole: %s", w.parent.asked.Load(), said)
	}
	// Addresses with secrets: the page's own, a redirect, a page that fails, one that is not reached, one that is refused at once.
	w.urls(p, out)
	w.run(p, exitKept, "list")
	w.run(p, exitKept, "verify", "--all")
	w.run(p, exitKept, "register", "list", "--json")
	w.daemon(p)
	w.failures(p, archive, out)

	if left := copiesLeft(t); len(left) > 0 {
		t.Errorf("readable copies are left: %q", left)
	}
	p.processes()
	etc, err := filepath.Glob(filepath.Join(w.dir, "etc", "*"))
	if err != nil {
		t.Fatal(err)
	}
	p.folder(w.dir, append(etc, w.keys)...)
	for _, record := range records(t, w.dir) {
		p.text("record "+strings.TrimPrefix(record, w.dir), validators.PDFToText(t, record)+strings.Join(validators.PDFLinks(t, record), "\n"))
	}
	t.Logf("%d planted secrets looked for", len(all))
}

// urls takes snapshots of addresses that hold secrets, and of one that a person gives with a password in it.
func (w *plantedTown) urls(p *planting, out string) {
	w.t.Helper()
	s := secrets
	snapshot := func(want int, address string) {
		w.t.Helper()
		p.allow(address) // the person's own command line holds what the person wrote; nobody else's may
		w.run(p, want, "snapshot", "--url", address, "--out", out, "--json")
	}
	snapshot(exitKept, w.site+"/sida?access_token="+s["query of the address"]+"#token="+s["fragment of the address"])
	snapshot(exitKept, w.site+"/flytt")
	snapshot(exitPage, w.site+"/fel?token="+s["failing address"])
	snapshot(exitPage, "http://127.0.0.1:1/?token="+s["failing address"])
	snapshot(exitPage, "http://10.1.2.3/?token="+s["failing address"])
	snapshot(exitUsage, strings.Replace(w.site, "http://", "http://anna:"+s["address with a password"]+"@", 1))
}

// failures has everything go wrong that a secret takes part in.
func (w *plantedTown) failures(p *planting, archive, out string) {
	w.t.Helper()
	w.configure(strings.Replace(archive, "secret_key_file: s3-secret", "secret_key_file: s3-wrong", 1), secrets["proxy password"], "")
	w.run(p, exitFailed, "list")
	w.run(p, exitFailed, "snapshot", "badplatser")
	w.configure(`archive: {endpoint: "https://127.0.0.1:1", access_key_file: s3-access, secret_key_file: s3-secret}`, secrets["proxy password"], "")
	w.run(p, exitFailed, "verify", "--all")
	w.run(p, exitFailed, "snapshot", "trog")
	w.configure(archive, secrets["wrong proxy password"], "")
	w.run(p, exitPage, "snapshot", "--url", w.site+"/sida", "--out", out)
	w.configure(archive, secrets["proxy password"], "jobs: {database: \"postgres://arsring:"+secrets["database password"]+"@127.0.0.1:1/x\"}")
	w.daemon(p)
	w.configure(archive, secrets["proxy password"], "jobs: {database: \"mysql://arsring:"+secrets["password in a wrong setting"]+"@127.0.0.1/x\"}")
	w.run(p, exitUsage, "list")
	w.configure(archive, secrets["proxy password"], "jobs: {database: [\""+secrets["password in a wrong setting"]+"\"]}")
	w.run(p, exitUsage, "list")
	// A login whose key is another one, broken, or readable by others.
	w.configure(archive, secrets["proxy password"], "")
	if err := os.MkdirAll(filepath.Join(w.dir, "data", "vault"), 0o700); err != nil {
		w.t.Fatal(err)
	}
	w.write("data/vault/kommunen.vault", `{"schema":"arsring-vault-1","name":"kommunen","host":"a.example","stored":"2026-10-15T08:00:00Z","expires":null,"cookies":1}`+"\nage-encryption.org/v1\n")
	for _, key := range []string{"AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ\n", "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n"} {
		w.write("etc/vault.age", key)
		w.run(p, exitFailed, "snapshot", "oppettider")
		w.run(p, exitFailed, "login", "--check", "kommunen")
	}
}

// records finds every record that was made.
func records(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if e != nil && e.Type().IsRegular() && filepath.Base(path) == "record.pdf" && !strings.Contains(path, "/store/meta/") {
			out = append(out, path)
		}
		return err
	})
	if err != nil || len(out) < 3 {
		t.Fatalf("%d records, %v", len(out), err)
	}
	return out
}
