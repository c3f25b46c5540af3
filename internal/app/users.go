package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arsring/internal/access"
	"arsring/internal/register"
)

// User is a person who may sign in.
type User = access.User

// UserRequest is what a command asks about a user. Fields that do not belong to what is asked are empty.
type UserRequest struct {
	Login, Name, Password string
	Role, Tenant, Class   string
	Token                 string // name of a new token
	By                    string // who runs the command
}

// grant is the role that is asked for. A tenant that the register does not have is refused, where the register can be read: nobody would see anything.
func (a *App) grant(r UserRequest) (access.Grant, error) {
	role, err := access.ParseRole(r.Role)
	if err != nil {
		return access.Grant{}, &UsageError{"--role: " + err.Error()}
	}
	if reg, err := a.Register(); err == nil {
		known := tenantsOf(reg.Accounts)
		for _, t := range reg.Tenants {
			known = append(known, t.ID)
		}
		slices.Sort(known)
		known = slices.Compact(known)
		if !slices.Contains(append(known, "", access.AnyTenant, Tenant), r.Tenant) {
			return access.Grant{}, &UsageError{fmt.Sprintf("--tenant: the register has no municipality %q; it has %s", r.Tenant, strings.Join(known, ", "))}
		}
	}
	g := access.Grant{Tenant: cmp.Or(r.Tenant, access.AnyTenant), Role: role, Class: register.Class(r.Class)}
	if r.Class != "" {
		if g.Class, err = access.ParseClass(r.Class); err != nil {
			return g, &UsageError{"--class: " + err.Error()}
		}
	}
	return g, nil
}

func (r UserRequest) user(g access.Grant) access.NewUser {
	return access.NewUser{Login: r.Login, Name: cmp.Or(r.Name, r.Login), Password: r.Password, Grants: []access.Grant{g}}
}

// wrongField makes a wrong value a wrong use of the command.
func wrongField(err error) error {
	var field *access.FieldError
	if errors.As(err, &field) {
		return &UsageError{field.EN}
	}
	return err
}

// MayAddUser says what is wrong with a new user before anybody types a password.
func (a *App) MayAddUser(ctx context.Context, r UserRequest) (err error) {
	g, err := a.grant(r)
	if err != nil {
		return err
	}
	if err := mkdir(a.cfg.DataDir); err != nil {
		return err
	}
	state, err := a.OpenState(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, state.Close()) }()
	return wrongField(state.MayAdd(ctx, r.user(g)))
}

// User adds, lists, changes or removes users, or makes a token; what is "add", "list", "role", "token" or "remove". It gives the users that
// are concerned, and the secret of a token. Everything but list is noted in the audit log.
func (a *App) User(ctx context.Context, what string, r UserRequest) (users []User, secret string, err error) {
	if err := mkdir(a.cfg.DataDir); err != nil {
		return nil, "", err
	}
	state, err := a.OpenState(ctx)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, state.Close()) }()
	if what == "list" {
		users, err = state.Users(ctx)
		return users, "", err
	}
	g, gerr := a.grant(r)
	if gerr != nil && what != "remove" {
		return nil, "", gerr
	}
	action, detail := "user-add", r.Role
	switch what {
	case "add":
		var u User
		u, err = state.AddUser(ctx, r.user(g))
		users = []User{u}
	default:
		users, secret, action, err = changeUser(ctx, state, what, r, g)
	}
	if err != nil {
		return nil, "", wrongField(err)
	}
	return users, secret, state.Note(ctx, access.Event{Who: r.By, Via: "command", Action: action, Object: r.Login, Detail: detail})
}

func changeUser(ctx context.Context, state *access.State, what string, r UserRequest, g access.Grant) (users []User, secret, action string, err error) {
	u, err := state.UserByLogin(ctx, r.Login)
	if errors.Is(err, access.ErrNoUser) {
		return nil, "", "", &UsageError{fmt.Sprintf("there is no user %q; `arsring user list` shows those there are", r.Login)}
	}
	if err != nil {
		return nil, "", "", err
	}
	switch what {
	case "role":
		if err = state.SetGrants(ctx, u.ID, []access.Grant{g}); err == nil {
			u, err = state.User(ctx, u.ID)
		}
		return []User{u}, "", "user-role", err
	case "token":
		secret, err = state.AddToken(ctx, u.ID, access.Token{Name: r.Token, Role: g.Role, Class: g.Class})
		return nil, secret, "token-add", err
	}
	return nil, "", "user-remove", state.RemoveUser(ctx, u.ID)
}
