package archive

import (
	"context"
	"slices"
	"strings"
)

// Sight is a package as a list one level deep shows it: its folder and what stands beside it, but nothing inside.
type Sight struct {
	ID      string
	Receipt bool // a receipt stands beside it
	Token   bool // a time stamp token stands beside it
}

// Tenants lists the tenants that have anything in the archive, in order.
func (s *Store) Tenants(ctx context.Context) ([]string, error) { return s.segments(ctx, "", "") }

// Accounts lists the accounts of a tenant that have anything in the archive, in order.
func (s *Store) Accounts(ctx context.Context, tenant string) ([]string, error) {
	if !nameForm.MatchString(tenant) {
		return nil, nil // nothing can be stored under such a name
	}
	return s.segments(ctx, tenant+"/", "")
}

// Sights lists the packages of an account, in the order of their IDs, with one or two keys a package instead of all. A folder beside which
// no receipt stands is asked for its METS.xml; where a receipt stands it is believed that there was one.
func (s *Store) Sights(ctx context.Context, tenant, account string) ([]Sight, error) {
	if !nameForm.MatchString(tenant) || !nameForm.MatchString(account) {
		return nil, nil
	}
	prefix := tenant + "/" + account + "/"
	var folders []string
	beside := map[string]bool{}
	for o, err := range s.list(ctx, prefix, "", false) {
		if err != nil {
			return nil, err
		}
		name := strings.TrimPrefix(o.Key, prefix)
		if folder, ok := strings.CutSuffix(name, "/"); !ok {
			beside[name] = true
		} else if nameForm.MatchString(folder) {
			folders = append(folders, folder)
		}
	}
	out := make([]Sight, 0, len(folders))
	for _, id := range folders {
		at := Sight{ID: id, Receipt: beside[id+receiptSuffix], Token: beside[id+tokenSuffix]}
		if !at.Receipt {
			if _, err := s.Stat(ctx, prefix+id+"/"+metsName); isNotFound(err) {
				continue // remains of an interrupted delivery
			} else if err != nil {
				return nil, err
			}
		}
		out = append(out, at)
	}
	slices.SortFunc(out, func(a, b Sight) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// RemovePage removes a derived object, such as an index page, with all its versions. It refuses everything that belongs to a package, a
// receipt, a token or the log: what can be removed so can always be made again. An object that is not there counts as removed.
func (s *Store) RemovePage(ctx context.Context, key string) error {
	if !isPage(key) {
		return badInput(
			"Objektet "+key+" är ingen arkivsida och tas inte bort.",
			"The object "+key+" is no page of the archive and is not removed.", nil)
	}
	if err := s.removeVersions(ctx, key, false); err != nil {
		return s.fault(err, key)
	}
	return nil
}

// isPage tells the keys of derived pages: index.html anywhere above the packages, and an account's list of manifests.
func isPage(key string) bool {
	parts := strings.Split(key, "/")
	name := parts[len(parts)-1]
	if checkPath(key) != nil || name != "index.html" && name != "manifests.ndjson" {
		return false
	}
	switch len(parts) {
	case 1, 2, 3: // archive, tenant, account
		return true
	case 4: // <tenant>/_year/<year>/index.html, <tenant>/_owner/<name>/index.html
		return strings.HasPrefix(parts[1], "_") && parts[1] != "_log"
	}
	return false
}
