package access

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"arsring/internal/register"
)

// Token is a program's key to the API. It never opens more than its owner may.
type Token struct {
	ID      int64          `json:"id"`
	User    string         `json:"user"` // login of the owner
	Name    string         `json:"name"`
	Role    Role           `json:"role"`
	Class   register.Class `json:"class"`
	Created time.Time      `json:"created"`
	Expires time.Time      `json:"expires"` // zero: never
	Used    time.Time      `json:"used"`    // zero: never
}

// tokenPrefix lets people and secret scanners recognise a token.
const tokenPrefix = "arsring_"

// AddToken makes a token and gives its secret, which is not kept and cannot be shown again.
func (s *State) AddToken(ctx context.Context, userID int64, t Token) (secret string, err error) {
	t.Name = strings.TrimSpace(t.Name)
	if t.Name == "" || utf8.RuneCountInString(t.Name) > 100 {
		return "", &FieldError{"token_name", "Ge nyckeln ett namn, högst 100 tecken.", "Name the token, at most 100 characters."}
	}
	if _, err := ParseRole(string(t.Role)); err != nil {
		return "", &FieldError{"token_role", "Välj en roll för nyckeln.", "Choose a role for the token."}
	}
	if t.Class == "" {
		t.Class = DefaultClass(t.Role)
	}
	if secret, err = s.secret(25); err != nil {
		return "", err
	}
	secret = tokenPrefix + secret
	return secret, s.inTx(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM tokens WHERE user_id = ? AND name = ?`, userID, t.Name).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return &FieldError{"token_name", "Det finns redan en nyckel med det namnet.", "There is a token with this name already."}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO tokens (user_id, name, hash, role, class, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			userID, t.Name, digest(secret), string(t.Role), string(t.Class), unix(s.now()), unix(t.Expires))
		return err
	})
}

// Tokens are those of a user, or everybody's with userID 0.
func (s *State) Tokens(ctx context.Context, userID int64) ([]Token, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT t.id, u.login, t.name, t.role, t.class, t.created, t.expires, t.used FROM tokens t JOIN users u ON u.id = t.user_id WHERE ? IN (0, t.user_id) ORDER BY u.login, t.name`, userID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Token{}
	for rows.Next() {
		var t Token
		var created, expires, used int64
		if err := rows.Scan(&t.ID, &t.User, &t.Name, &t.Role, &t.Class, &created, &expires, &used); err != nil {
			return nil, err
		}
		t.Created, t.Expires, t.Used = fromUnix(created), fromUnix(expires), fromUnix(used)
		out = append(out, t)
	}
	return out, rows.Err()
}

// RemoveToken removes a token of a user, or anybody's with userID 0. One that is not there is ErrNoUser.
func (s *State) RemoveToken(ctx context.Context, userID, id int64) error {
	res, err := s.db.ExecContext(ctx, `DELETE FROM tokens WHERE id = ? AND ? IN (0, user_id)`, id, userID)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrNoUser, err)
	}
	return nil
}

// ByToken gives the actor of a token's secret; ErrWrongLogin when it is none, or has expired.
func (s *State) ByToken(ctx context.Context, secret string) (Actor, error) {
	var id, userID, expires, used int64
	var name string
	var role Role
	var class register.Class
	err := s.db.QueryRowContext(ctx, `SELECT id, user_id, name, role, class, expires, used FROM tokens WHERE hash = ?`, digest(secret)).Scan(&id, &userID, &name, &role, &class, &expires, &used)
	now := s.now()
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && expires != 0 && expires <= unix(now):
		return Actor{}, ErrWrongLogin
	case err != nil:
		return Actor{}, err
	}
	if now.Sub(fromUnix(used)) > time.Minute { // not a write for every call
		if _, err := s.db.ExecContext(ctx, `UPDATE tokens SET used = ? WHERE id = ?`, unix(now), id); err != nil {
			return Actor{}, err
		}
	}
	u, err := s.User(ctx, userID)
	if err != nil {
		return Actor{}, err
	}
	return Actor{UserID: u.ID, Login: u.Login, Name: u.Name, Via: "token", Token: name, Grants: capped(u.Grants, role, class)}, nil
}

// Actor is a signed-in user's; ErrNoUser when the user is gone.
func (s *State) Actor(ctx context.Context, userID int64) (Actor, error) {
	u, err := s.User(ctx, userID)
	if err != nil {
		return Actor{}, err
	}
	return Actor{UserID: u.ID, Login: u.Login, Name: u.Name, Via: "session", Grants: u.Grants}, nil
}
