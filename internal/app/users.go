package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"

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

func (r UserRequest) grant() (access.Grant, error) {
	role, err := access.ParseRole(r.Role)
	if err != nil {
		return access.Grant{}, &UsageError{"--role: " + err.Error()}
	}
	g := access.Grant{Tenant: cmp.Or(r.Tenant, access.AnyTenant), Role: role, Class: register.Class(r.Class)}
	if r.Class != "" {
		if g.Class, err = access.ParseClass(r.Class); err != nil {
			return g, &UsageError{"--class: " + err.Error()}
		}
	}
	return g, nil
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
	g, gerr := r.grant()
	if gerr != nil && what != "remove" {
		return nil, "", gerr
	}
	action, detail := "user-add", r.Role
	switch what {
	case "add":
		var u User
		u, err = state.AddUser(ctx, access.NewUser{Login: r.Login, Name: cmp.Or(r.Name, r.Login), Password: r.Password, Grants: []access.Grant{g}})
		users = []User{u}
	default:
		users, secret, action, err = changeUser(ctx, state, what, r, g)
	}
	var field *access.FieldError
	if errors.As(err, &field) {
		return nil, "", &UsageError{field.EN}
	}
	if err != nil {
		return nil, "", err
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
