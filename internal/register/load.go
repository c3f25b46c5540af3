package register

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// DefaultTenant holds the accounts of files that name no tenant.
const DefaultTenant = "default"

// Options say what the register is checked against besides itself.
type Options struct {
	// Platforms are the known platform names; empty checks none.
	Platforms []string
	// Groups are the calendar's groups; an account with another group gets a warning. Nil checks none.
	Groups []string
	// Prefix is the archive's own. No tenant's may lie inside of it or around it, because each would then show the other's packages as its own. Nil checks none.
	Prefix *string
}

// Tenant is one municipality whose accounts stand in the register.
type Tenant struct {
	ID             string `json:"id"`
	Name           string `json:"name,omitempty"`
	OrganisationID string `json:"organisation_id,omitempty"`
	// Prefix replaces the archive's prefix for this tenant; keys are <prefix>/<tenant>/<account>/...
	Prefix string `json:"prefix,omitempty"`
	// AccessKeyFile and SecretKeyFile hold the tenant's own keys to the store; empty means the daemon's. A relative name lies beside the register, or among
	// the credentials that systemd hands to the daemon.
	AccessKeyFile string `json:"access_key_file,omitempty"`
	SecretKeyFile string `json:"secret_key_file,omitempty"`
	// Mail lists the addresses that are told about this tenant's accounts; empty means the daemon's.
	Mail []string `json:"mail,omitempty"`
}

// Register is a whole, valid register. It is never changed after Load; a new one takes its place.
type Register struct {
	Path     string // file or folder that was read
	Version  string // SHA-256 in hex of Normal
	Tenants  []Tenant
	Accounts []Account // by tenant, then ID
	Warnings Problems
	index    map[[2]string]int
}

// Section is the part of the register that a company or sector keeps.
type Section struct {
	Tenant   string
	Name     string // empty for the municipality's own
	Accounts []Account
}

// Load reads and checks a register file or folder. The error is Problems, warnings among them.
func Load(path string, o Options) (*Register, error) {
	sources, ps := readSources(path)
	if len(ps) > 0 {
		return nil, ps
	}
	return build(path, sources, o)
}

// Parse reads and checks one register file in memory; name stands in its problems.
func Parse(name string, data []byte, o Options) (*Register, error) {
	return build(name, []source{{name: name, data: data}}, o)
}

func build(path string, sources []source, o Options) (*Register, error) {
	c := newChecker(o)
	for _, s := range sources {
		p := &parser{file: s.name, lines: map[string]int{}}
		var f file
		if root := p.document(s.data); root != nil {
			p.into(root, reflect.ValueOf(&f).Elem(), "")
		}
		c.file(p, f)
	}
	if len(c.entries) == 0 && len(c.problems) == 0 {
		c.problems = append(c.problems, Problem{File: path, Code: "empty", Severity: SeverityError,
			SV: "registret har inga konton: lägg till det första under accounts: eller med arsring register add",
			EN: "the register has no accounts: add the first under accounts:, or with arsring register add"})
	}
	c.across()
	if err := c.problems.err(); err != nil {
		return nil, err
	}
	return assemble(path, c.tenants(), c.accounts(), c.problems), nil
}

func assemble(path string, tenants []Tenant, accounts []Account, warnings Problems) *Register {
	slices.SortFunc(accounts, func(a, b Account) int { return cmp.Or(cmp.Compare(a.Tenant, b.Tenant), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(tenants, func(a, b Tenant) int { return cmp.Compare(a.ID, b.ID) })
	r := &Register{Path: path, Tenants: tenants, Accounts: accounts, Warnings: warnings, index: map[[2]string]int{}}
	for i, a := range accounts {
		r.index[[2]string{a.Tenant, a.ID}] = i
	}
	sum := sha256.Sum256(r.Normal())
	r.Version = hex.EncodeToString(sum[:])
	return r
}

// ByID finds an account; an empty tenant means DefaultTenant.
func (r *Register) ByID(tenant, id string) (Account, bool) {
	i, ok := r.index[[2]string{cmp.Or(tenant, DefaultTenant), id}]
	if !ok {
		return Account{}, false
	}
	return r.Accounts[i], true
}

// Find takes what a person writes: "id", or "tenant/id". A bare id that several tenants have is an error, as is an unknown one.
func (r *Register) Find(name string) (Account, error) {
	if tenant, id, ok := strings.Cut(name, "/"); ok {
		if a, ok := r.ByID(tenant, id); ok {
			return a, nil
		}
	}
	var found []Account
	var ids []string
	for _, a := range r.Accounts {
		if a.ID == name {
			found = append(found, a)
		}
		ids = append(ids, a.ID)
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		sv, en := didYouMean(suggest(name, ids))
		if suggest(name, ids) == "" {
			sv, en = ": arsring register list visar alla", ": arsring register list shows all"
		}
		return Account{}, Problem{File: r.Path, Account: name, Code: "unknown-account", Severity: SeverityError, SV: "kontot finns inte i registret" + sv, EN: "the account is not in the register" + en}
	}
	return Account{}, Problem{File: r.Path, Account: name, Code: "ambiguous-account", Severity: SeverityError,
		SV: fmt.Sprintf("finns hos flera: skriv %s/%s", found[0].Tenant, name), EN: fmt.Sprintf("exists for several tenants: write %s/%s", found[0].Tenant, name)}
}

// Tenant gives the tenant's own settings; a tenant without any has only its ID.
func (r *Register) Tenant(id string) Tenant {
	for _, t := range r.Tenants {
		if t.ID == id {
			return t
		}
	}
	return Tenant{ID: id}
}

// Sections gives the register in its parts, by tenant and name.
func (r *Register) Sections() []Section {
	var out []Section
	place := map[[2]string]int{}
	for _, a := range r.Accounts {
		k := [2]string{a.Tenant, a.Section}
		i, ok := place[k]
		if !ok {
			i = len(out)
			place[k] = i
			out = append(out, Section{Tenant: a.Tenant, Name: a.Section})
		}
		out[i].Accounts = append(out[i].Accounts, a)
	}
	slices.SortStableFunc(out, func(a, b Section) int { return cmp.Or(cmp.Compare(a.Tenant, b.Tenant), cmp.Compare(a.Name, b.Name)) })
	return out
}

// NormalSchema names the layout of Normal.
const NormalSchema = "arsring-register-1"

type normal struct {
	Schema   string    `json:"schema"`
	Tenants  []Tenant  `json:"tenants"`
	Accounts []Account `json:"accounts"`
}

// Normal is the register as one JSON document, the same bytes for the same content however it is spread over files.
func (r *Register) Normal() []byte {
	b, err := json.MarshalIndent(normal{NormalSchema, r.Tenants, r.Accounts}, "", " ")
	if err != nil {
		panic(err) // plain structs of texts and numbers always marshal
	}
	return append(b, '\n')
}

// FromNormal reads what Normal wrote, as other machines do with the published register. It checks it like files.
func FromNormal(path string, data []byte, o Options) (*Register, error) {
	var n normal
	if err := json.Unmarshal(data, &n); err != nil || n.Schema != NormalSchema {
		return nil, Problems{{File: path, Code: "not-normal", Severity: SeverityError,
			SV: "är inget publicerat register: publicera det igen från maskinen med register.write", EN: "is no published register: publish it again from the machine with register.write"}}
	}
	c := newChecker(o)
	for _, t := range n.Tenants {
		c.tenant[t.ID] = t
	}
	for _, a := range n.Accounts {
		a.File = path
		c.entry(entry{account: a, lines: map[string]int{}})
	}
	c.across()
	if err := c.problems.err(); err != nil {
		return nil, err
	}
	return assemble(path, c.tenants(), c.accounts(), c.problems), nil
}
