package proof

import (
	"regexp"
	"strings"
)

// where is what a key says about itself.
type where struct {
	tenant, account, id string
	own                 bool // the archive's own: logs, the self-test, pages and lists that are rewritten
}

var (
	// snapshotForm is a snapshot's ID: account, time, trigger and four letters. IDs of another form are taken as they are.
	accountPage = regexp.MustCompile(`^(index\.html|[a-z0-9-]+\.html|manifests(-[a-z0-9]+)?\.ndjson|[a-z0-9-]+\.css)$`)
	besideForm  = regexp.MustCompile(`^([^/.]+)\.(receipt\.json|tsr|[0-9]+\.tsr|(diary|removed)-[0-9]{3}\.json)$`)
)

// place reads a key. An object that belongs to no package and is not the archive's own has neither an id nor own.
func place(key string) where {
	parts := strings.SplitN(key, "/", 4)
	w := where{tenant: parts[0]}
	if strings.HasPrefix(w.tenant, "_") || len(parts) == 1 {
		w.tenant, w.own = "", strings.HasPrefix(parts[0], "_") || accountPage.MatchString(parts[0])
		return w
	}
	if strings.HasPrefix(parts[1], "_") { // the tenant's own folders
		w.own = true
		return w
	}
	if len(parts) == 2 {
		w.own = accountPage.MatchString(parts[1])
		return w
	}
	w.account = parts[1]
	if len(parts) == 4 {
		if !strings.HasPrefix(parts[2], "_") {
			w.id = parts[2]
		}
		w.own = w.id == ""
		return w
	}
	if accountPage.MatchString(parts[2]) {
		w.own = true
		return w
	}
	if m := besideForm.FindStringSubmatch(parts[2]); m != nil {
		w.id = m[1]
	}
	return w
}
