package web

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"arsring/internal/access"
	"arsring/internal/register"
)

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// needs says, apart from the program's own table, who may ask for each route: "" is anybody.
var needs = map[string]access.Role{
	"GET /logga-in": "", "POST /logga-in": "", "POST /logga-ut": "", "GET /forsta": "", "POST /forsta": "", "GET /logga-in/leverantor": "", "GET /logga-in/klar": "", "GET /sprak": "",
	"GET /register": "", "GET /oppet/{file}": "", "GET /api/openapi.json": "",
	"GET /{$}": "reader", "GET /konton": "reader", "GET /konton/{tenant}/{id}": "reader", "GET /sok": "reader", "GET /jamfor": "reader", "GET /kalender": "reader", "GET /kalender.ics": "reader",
	"GET /ogonblicksbild/{id}": "reader", "GET /ogonblicksbild/{id}/inlagg": "reader", "GET /ogonblicksbild/{id}/blad": "reader", "GET /ogonblicksbild/{id}/utsnitt/{n}": "reader",
	"GET /ogonblicksbild/{id}/miniatyr": "reader", "GET /ogonblicksbild/{id}/arkivexemplar.pdf": "reader", "GET /ogonblicksbild/{id}/innehall.json": "reader", "GET /ogonblicksbild/{id}/manifest.json": "reader",
	"GET /ogonblicksbild/{id}/paket.zip": "reader", "GET /jag": "reader", "POST /jag/nycklar": "reader", "POST /jag/nycklar/{id}/bort": "reader", "POST /jag/losenord": "reader",
	"GET /konton/ny": "officer", "POST /konton/ny": "officer", "POST /ogonblicksbild/{id}/kontrollera": "officer", "GET /bestall": "officer", "POST /bestall": "officer", "GET /dokumentera": "officer",
	"POST /dokumentera": "officer", "GET /lamna-in": "officer", "POST /lamna-in": "officer", "GET /jobb/{id}": "officer", "GET /jobb/{id}/handelser": "officer",
	"GET /konton/{tenant}/{id}/andra": "archivist", "POST /konton/{tenant}/{id}/andra": "archivist", "POST /konton/{tenant}/{id}/avsluta": "archivist", "POST /konton/{tenant}/{id}/paus": "archivist",
	"POST /konton/{tenant}/{id}/aterta": "archivist", "GET /lista/{file}": "archivist", "GET /logg": "archivist", "GET /import": "archivist", "POST /import": "archivist", "POST /import/{id}": "archivist",
	"GET /lamna-ut/{id}": "archivist", "POST /lamna-ut/{id}": "archivist",
	"GET /anmalningar": "admin", "POST /anmalningar/{id}": "admin", "GET /anvandare": "admin", "POST /anvandare": "admin", "POST /anvandare/{id}": "admin",
	"GET /api/v1/accounts": "reader", "GET /api/v1/accounts/{tenant}/{id}": "reader", "GET /api/v1/snapshots": "reader", "GET /api/v1/snapshots/{id}": "reader", "GET /api/v1/snapshots/{id}/record.pdf": "reader",
	"GET /api/v1/snapshots/{id}/content.json": "reader", "GET /api/v1/snapshots/{id}/package.zip": "reader", "GET /api/v1/search": "reader", "GET /api/v1/due": "reader", "GET /api/v1/compare": "reader",
	"POST /api/v1/snapshots/{id}/check": "officer", "POST /api/v1/orders": "officer", "GET /api/v1/orders": "officer", "GET /api/v1/orders/{id}": "officer", "GET /api/v1/audit": "archivist",
	"GET /api/v1/overview": "reader", "GET /api/v1/accounts/{tenant}/{id}/history": "reader", "GET /api/v1/snapshots/{id}/manifest.json": "reader", "GET /api/v1/snapshots/{id}/tiles/{n}": "reader", "GET /api/v1/calendar": "reader",
	"POST /api/v1/accounts": "officer", "POST /api/v1/files": "officer", "GET /api/v1/orders/{id}/events": "officer",
	"POST /api/v1/accounts/{tenant}/{id}": "archivist", "POST /api/v1/accounts/{tenant}/{id}/close": "archivist", "POST /api/v1/accounts/{tenant}/{id}/pause": "archivist", "POST /api/v1/accounts/{tenant}/{id}/resume": "archivist",
	"POST /api/v1/imports": "archivist", "POST /api/v1/imports/{id}": "archivist", "POST /api/v1/snapshots/{id}/copy": "archivist",
	"GET /api/v1/proposals": "admin", "POST /api/v1/proposals/{id}": "admin", "GET /api/v1/users": "admin", "POST /api/v1/users": "admin", "POST /api/v1/users/{id}": "admin",
}

var classOf = map[string]register.Class{"oppet": register.ClassOpen, "granskas": register.ClassReview, "hemligt": register.ClassSecret, "annat": register.ClassOpen, "annat-hemligt": register.ClassSecret}

// TestMatrix asks for every route as every role, of the own municipality and of another, for records of each class.
func TestMatrix(t *testing.T) {
	s := newSite(t, newTown(t))
	clients := map[string]*http.Client{"": s.client(t, "")}
	grants := map[string]access.Grant{}
	for _, tenant := range []string{"default", "grannen"} {
		for _, r := range access.Roles() {
			login := string(r) + "." + tenant
			grants[login] = access.Grant{Tenant: tenant, Role: r, Class: access.DefaultClass(r)}
			s.add(t, login, grants[login])
			clients[login] = s.client(t, login)
		}
	}
	s.add(t, "boss", access.Grant{Tenant: access.AnyTenant, Role: access.Admin})
	seen := map[string]bool{}
	n := 0
	for _, rt := range (&Site{}).routes() {
		need, ok := needs[rt.pattern]
		if !ok {
			t.Errorf("nobody has said who may ask for %s", rt.pattern)
			continue
		}
		seen[rt.pattern] = true
		method, path, _ := strings.Cut(rt.pattern, " ")
		if path == "/jag/losenord" || path == "/logga-ut" || path == "/logga-in" || path == "/forsta" || strings.HasSuffix(path, "/handelser") || path == "/jag/nycklar" {
			continue // about oneself; tested below and elsewhere
		}
		for login, c := range clients {
			for account, class := range classOf {
				tenant := "default"
				if strings.HasPrefix(account, "annat") {
					tenant = "grannen"
				}
				object := strings.Contains(path, "{tenant}") || strings.Contains(path, "ogonblicksbild/{id}") || strings.Contains(path, "snapshots/{id}") || strings.Contains(path, "lamna-ut/{id}")
				if !object && account != "oppet" {
					continue
				}
				n++
				p := fillPath(path, tenant, account)
				res := s.do(t, c, method, p, strings.NewReader(""), "application/x-www-form-urlencoded")
				want := wanted(method+" "+path, need, grants[login], login, object, tenant, class, strings.Contains(path, "konton") || strings.Contains(path, "accounts"))
				if got := kindOf(res, rt.api); got != want {
					t.Errorf("%s %s as %q: %s (%d), want %s", method, p, login, got, res.StatusCode, want)
				}
			}
		}
	}
	for pattern := range needs {
		if !seen[pattern] {
			t.Errorf("%s is no route", pattern)
		}
	}
	t.Logf("%d requests", n)
}

func fillPath(path, tenant, account string) string {
	path = strings.NewReplacer("/{$}", "/", "{tenant}", tenant, "{n}", "1", "{file}", "register.json").Replace(path)
	switch {
	case strings.Contains(path, "konton/"), strings.Contains(path, "accounts/"):
		path = strings.ReplaceAll(path, "{id}", account)
	case strings.Contains(path, "ogonblicksbild/"), strings.Contains(path, "snapshots/"), strings.Contains(path, "lamna-ut/"):
		path = strings.ReplaceAll(path, "{id}", url.PathEscape(snapID(account)))
	}
	if strings.HasPrefix(path, "/lista/") {
		return "/lista/konton.csv"
	}
	two := "a=oppet-20260416T080000Z-scheduled-abce&b=" + snapID("oppet")
	switch path {
	case "/jamfor":
		return path + "?konto=default/oppet&" + two
	case "/api/v1/compare":
		return path + "?" + two
	}
	return strings.ReplaceAll(path, "{id}", "999")
}

// wanted is what a request must come to: "in" (answered, whatever the answer), "door" (asked to sign in), "no" (refused or not there).
func wanted(route string, need access.Role, g access.Grant, login string, object bool, tenant string, class register.Class, accountPage bool) string {
	switch {
	case need == "":
		return "in"
	case login == "":
		return "door"
	case !g.Role.Includes(need):
		return "no"
	case strings.Contains(route, " /anvandare"), strings.Contains(route, "/api/v1/users"):
		return "no" // who may sign in is a matter of the whole installation
	case g.Tenant != "default" && (route == "GET /jamfor" || route == "GET /api/v1/compare" || route == "POST /konton/ny" || route == "POST /api/v1/accounts"):
		return "no" // these name the first municipality in the request itself
	case !object:
		return "in"
	case g.Tenant != tenant:
		return "no"
	case accountPage && class != register.ClassSecret:
		return "in"
	case class == register.ClassOpen, class == register.ClassReview && g.Role != access.Reader, class == register.ClassSecret && g.Role.Includes(access.Archivist):
		return "in"
	}
	return "no"
}

func kindOf(res reply, api bool) string {
	switch {
	case res.StatusCode == http.StatusSeeOther && strings.HasPrefix(res.Header.Get("Location"), "/logga-in"), api && res.StatusCode == http.StatusUnauthorized:
		return "door"
	case res.StatusCode == http.StatusForbidden, res.StatusCode == http.StatusNotFound && !strings.Contains(res.Path, "999") && !strings.Contains(res.Path, "/logga-in/"):
		return "no"
	}
	return "in"
}
