package access

import (
	"fmt"
	"slices"

	"arsring/internal/register"
)

// Role is what a person may do in a tenant. Each includes those before it.
type Role string

// The roles: a reader reads, an officer also orders and reports accounts, an archivist also hands out copies, changes the register and
// sees the audit log, an admin also approves accounts and looks after people.
const (
	Reader    Role = "reader"
	Officer   Role = "officer"
	Archivist Role = "archivist"
	Admin     Role = "admin"
)

// AnyTenant in a grant means every tenant of this installation.
const AnyTenant = "*"

// Roles are all roles, the least first.
func Roles() []Role { return []Role{Reader, Officer, Archivist, Admin} }

// ParseRole reads a role's name.
func ParseRole(s string) (Role, error) {
	if r := Role(s); slices.Contains(Roles(), r) {
		return r, nil
	}
	return "", fmt.Errorf("%q is no role: it is reader, officer, archivist or admin", s)
}

// Includes reports whether the role may do what need may.
func (r Role) Includes(need Role) bool {
	i, j := slices.Index(Roles(), r), slices.Index(Roles(), need)
	return i >= 0 && j >= 0 && i >= j
}

var classes = []register.Class{register.ClassOpen, register.ClassReview, register.ClassSecret}

// ParseClass reads an access class, as the highest that a grant opens.
func ParseClass(s string) (register.Class, error) {
	if c := register.Class(s); slices.Contains(classes, c) {
		return c, nil
	}
	return "", fmt.Errorf("%q is no access class: it is %q, %q or %q", s, classes[0], classes[1], classes[2])
}

// Grant gives a role in one tenant, for records up to an access class.
type Grant struct {
	Tenant string         `json:"tenant"` // AnyTenant: all
	Role   Role           `json:"role"`
	Class  register.Class `json:"class"` // the highest class that it opens
}

// DefaultClass is the highest class that a role opens where nothing else is said.
func DefaultClass(r Role) register.Class {
	switch r {
	case Reader:
		return register.ClassOpen
	case Officer:
		return register.ClassReview
	}
	return register.ClassSecret
}

func (g Grant) holds(tenant string) bool { return g.Tenant == AnyTenant || g.Tenant == tenant }

func (g Grant) opens(c register.Class) bool {
	want := slices.Index(classes, c)
	if want < 0 {
		want = len(classes) - 1 // a class that nobody knows is treated as the strictest
	}
	return slices.Index(classes, g.Class) >= want
}

// Actor is who asks: a signed-in person, or a program with a token. The zero value may do nothing.
type Actor struct {
	UserID int64
	Login  string
	Name   string
	Via    string // "session" or "token"
	Token  string // the token's name
	Grants []Grant
}

// Known reports whether somebody is signed in.
func (a Actor) Known() bool { return a.UserID != 0 }

// May reports whether the actor has the role, or a higher one, in the tenant.
func (a Actor) May(tenant string, need Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.holds(tenant) && g.Role.Includes(need) })
}

// MaySomewhere reports whether the actor has the role in any tenant.
func (a Actor) MaySomewhere(need Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role.Includes(need) })
}

// MayEverywhere reports whether the actor has the role in every tenant.
func (a Actor) MayEverywhere(need Role) bool { return a.May(AnyTenant, need) }

// MaySee reports whether the actor may know of a record of this class in the tenant.
func (a Actor) MaySee(tenant string, class register.Class) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.holds(tenant) && g.opens(class) })
}

// MayDo reports whether one grant of the actor gives both the role and the class in the tenant.
func (a Actor) MayDo(tenant string, class register.Class, need Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.holds(tenant) && g.Role.Includes(need) && g.opens(class) })
}

// Who is the actor's name for logs and records.
func (a Actor) Who() string {
	switch {
	case a.Name != "" && a.Name != a.Login:
		return a.Name + " (" + a.Login + ")"
	case a.Login != "":
		return a.Login
	}
	return a.Name
}

// capped limits grants to a role and a class, as a token does: a token can never do more than its owner.
func capped(grants []Grant, role Role, class register.Class) []Grant {
	out := make([]Grant, 0, len(grants))
	for _, g := range grants {
		if !role.Includes(g.Role) {
			g.Role = role
		}
		if slices.Index(classes, class) < slices.Index(classes, g.Class) {
			g.Class = class
		}
		out = append(out, g)
	}
	return out
}
