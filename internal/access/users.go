package access

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// User is a person who may sign in.
type User struct {
	ID      int64     `json:"id"`
	Login   string    `json:"login"`
	Name    string    `json:"name"`
	Email   string    `json:"email"`
	Local   bool      `json:"local"` // has a password here
	OIDC    bool      `json:"oidc"`  // is known to the provider
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"` // last sign-in; zero: never
	Grants  []Grant   `json:"grants"`
}

// NewUser is what a user is made of. An empty Password makes one who can sign in through the provider only.
type NewUser struct {
	Login, Name, Email, Password string
	Grants                       []Grant
}

// The errors of this room that callers tell apart.
var (
	ErrWrongLogin = errors.New("the name or the password is wrong")
	ErrTooMany    = errors.New("too many tries: wait a minute and try again")
	ErrNoUser     = errors.New("there is no such user")
	ErrLastAdmin  = errors.New("this is the last admin: make another one first")
	ErrWrongCode  = errors.New("the code is wrong, or has been used")
)

var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{0,63}$`)

func putGrants(ctx context.Context, tx *sql.Tx, id int64, grants []Grant) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM grants WHERE user_id = ?`, id); err != nil {
		return err
	}
	for _, g := range grants {
		if _, err := ParseRole(string(g.Role)); err != nil {
			return err
		}
		if g.Class == "" {
			g.Class = DefaultClass(g.Role)
		}
		if g.Tenant == "" {
			g.Tenant = AnyTenant
		}
		if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO grants (user_id, tenant, role, class) VALUES (?, ?, ?, ?)`, id, g.Tenant, string(g.Role), string(g.Class)); err != nil {
			return err
		}
	}
	return nil
}

const userColumns = `id, login, name, email, hash != '', subject IS NOT NULL, created, seen`

func (s *State) users(ctx context.Context, where string, args ...any) ([]User, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT `+userColumns+` FROM users `+where, args...) //nolint:gosec // columns and condition are constants of this file
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []User{}
	for rows.Next() {
		var u User
		var created, seen int64
		if err := rows.Scan(&u.ID, &u.Login, &u.Name, &u.Email, &u.Local, &u.OIDC, &created, &seen); err != nil {
			return nil, err
		}
		u.Created, u.Seen, u.Grants = fromUnix(created), fromUnix(seen), []Grant{}
		out = append(out, u)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].Grants, err = s.grants(ctx, out[i].ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *State) grants(ctx context.Context, id int64) ([]Grant, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT tenant, role, class FROM grants WHERE user_id = ? ORDER BY tenant`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Grant{}
	for rows.Next() {
		var g Grant
		if err := rows.Scan(&g.Tenant, &g.Role, &g.Class); err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, rows.Err()
}

// Users are all users, by login.
func (s *State) Users(ctx context.Context) ([]User, error) {
	return s.users(ctx, `ORDER BY login`)
}

// User is one user; ErrNoUser when there is none.
func (s *State) User(ctx context.Context, id int64) (User, error) {
	return one(s.users(ctx, `WHERE id = ?`, id))
}

// UserByLogin finds a user by login; ErrNoUser when there is none.
func (s *State) UserByLogin(ctx context.Context, login string) (User, error) {
	return one(s.users(ctx, `WHERE login = ?`, strings.ToLower(login)))
}

func one(all []User, err error) (User, error) {
	if err == nil && len(all) == 0 {
		err = ErrNoUser
	}
	if err != nil {
		return User{}, err
	}
	return all[0], nil
}

// SetGrants gives a user these roles and no others. The last admin of everything cannot lose that role.
func (s *State) SetGrants(ctx context.Context, id int64, grants []Grant) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		return keepAdmin(ctx, tx, func() error { return putGrants(ctx, tx, id, grants) })
	})
}

// SetPassword gives a user a new password.
func (s *State) SetPassword(ctx context.Context, id int64, password string) error {
	u, err := s.User(ctx, id)
	if err != nil {
		return err
	}
	if err := CheckPassword(u.Login, password); err != nil {
		return err
	}
	hash, err := s.hash.make(s.rand, password)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, `UPDATE users SET hash = ? WHERE id = ?`, hash, id)
	return err
}

// RemoveUser removes a user with tokens and roles. What the user did stays in the audit log.
func (s *State) RemoveUser(ctx context.Context, id int64) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		return keepAdmin(ctx, tx, func() error {
			_, err := tx.ExecContext(ctx, `DELETE FROM users WHERE id = ?`, id)
			return err
		})
	})
}

// keepAdmin makes a change that must not take the last admin away. Where there is none yet there is none to keep.
func keepAdmin(ctx context.Context, tx *sql.Tx, change func() error) error {
	admins := func() (n int, err error) {
		err = tx.QueryRowContext(ctx, `SELECT count(*) FROM grants WHERE tenant = ? AND role = ?`, AnyTenant, string(Admin)).Scan(&n)
		return n, err
	}
	before, err := admins()
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := admins()
	if err == nil && before > 0 && after == 0 {
		err = ErrLastAdmin
	}
	return err
}

// SignIn checks a login and password, tried from a network address. The error is ErrWrongLogin or ErrTooMany, or a failure.
func (s *State) SignIn(ctx context.Context, login, password, place string) (User, error) {
	login = strings.ToLower(strings.TrimSpace(login))
	now := s.now()
	if !s.places.allow(place, now) || !s.logins.allow(login+"\x00"+place, now) || !s.logins.allow(login, now) {
		return User{}, ErrTooMany
	}
	var id int64
	var hash string
	err := s.db.QueryRowContext(ctx, `SELECT id, hash FROM users WHERE login = ?`, login).Scan(&id, &hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return User{}, err
	}
	if !s.hash.check(hash, password) || id == 0 {
		return User{}, ErrWrongLogin
	}
	s.logins.reset(login)
	s.logins.reset(login + "\x00" + place)
	if _, err := s.db.ExecContext(ctx, `UPDATE users SET seen = ? WHERE id = ?`, unix(now), id); err != nil {
		return User{}, err
	}
	return s.User(ctx, id)
}

// FirstCode gives the code with which the first admin is made, a new one each time; empty when there are users already.
func (s *State) FirstCode(ctx context.Context) (string, error) {
	code, err := s.secret(15)
	if err != nil {
		return "", err
	}
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM users`).Scan(&n); err != nil || n > 0 {
			code = ""
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO setup (one, hash) VALUES (1, ?)`, digest(code))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("no code for the first admin could be made: %w", err)
	}
	return code, nil
}

// Empty reports whether there are no users yet.
func (s *State) Empty(ctx context.Context) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM users`).Scan(&n)
	return n == 0, err
}

// FirstAdmin makes the first admin by the one-time code; ErrWrongCode when it is not the code, ErrTooMany after many tries.
func (s *State) FirstAdmin(ctx context.Context, code string, u NewUser, place string) (User, error) {
	if !s.places.allow("setup\x00"+place, s.now()) {
		return User{}, ErrTooMany
	}
	u.Login, u.Grants = strings.ToLower(strings.TrimSpace(u.Login)), []Grant{{Tenant: AnyTenant, Role: Admin}}
	if err := checkUser(u); err != nil {
		return User{}, err
	}
	if err := CheckPassword(u.Login, u.Password); err != nil {
		return User{}, err
	}
	hash, err := s.hash.make(s.rand, u.Password)
	if err != nil {
		return User{}, err
	}
	var id int64
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM setup WHERE hash = ? AND NOT EXISTS (SELECT 1 FROM users)`, digest(strings.ToLower(strings.TrimSpace(code))))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(ErrWrongCode, err)
		}
		id, err = s.insertUser(ctx, tx, u, hash)
		return err
	})
	if err != nil {
		return User{}, err
	}
	return s.User(ctx, id)
}
