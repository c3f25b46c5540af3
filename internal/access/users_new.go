package access

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"unicode/utf8"
)

func checkUser(u NewUser) error {
	switch {
	case !loginForm.MatchString(u.Login):
		return &FieldError{"login", "Användarnamnet får ha små bokstäver a–z, siffror, punkt, streck och @, högst 64 tecken.", "The login may have small letters a-z, digits, dots, dashes and @, at most 64 characters."}
	case strings.TrimSpace(u.Name) == "" || utf8.RuneCountInString(u.Name) > 100:
		return &FieldError{"name", "Skriv personens namn, högst 100 tecken.", "Write the person's name, at most 100 characters."}
	}
	if u.Password != "" {
		return CheckPassword(u.Login, u.Password)
	}
	return nil
}

// MayAdd says, as AddUser would, what is wrong with a user before anybody is asked for the password.
func (s *State) MayAdd(ctx context.Context, u NewUser) error {
	u.Login = strings.ToLower(strings.TrimSpace(u.Login))
	if err := checkUser(u); err != nil {
		return err
	}
	_, err := s.UserByLogin(ctx, u.Login)
	switch {
	case err == nil:
		return errLoginTaken
	case errors.Is(err, ErrNoUser):
		return nil
	}
	return err
}

var errLoginTaken = &FieldError{"login", "Användarnamnet finns redan.", "There is a user with this login already."}

// AddUser makes a user. A wrong value is a *FieldError.
func (s *State) AddUser(ctx context.Context, u NewUser) (User, error) {
	u.Login = strings.ToLower(strings.TrimSpace(u.Login))
	if err := checkUser(u); err != nil {
		return User{}, err
	}
	hash := ""
	if u.Password != "" {
		var err error
		if hash, err = s.hash.make(s.rand, u.Password); err != nil {
			return User{}, err
		}
	}
	var id int64
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var err error
		id, err = s.insertUser(ctx, tx, u, hash)
		return err
	})
	if err != nil {
		return User{}, err
	}
	return s.User(ctx, id)
}

func (s *State) insertUser(ctx context.Context, tx *sql.Tx, u NewUser, hash string) (int64, error) {
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM users WHERE login = ?`, u.Login).Scan(&n); err != nil {
		return 0, err
	}
	if n > 0 {
		return 0, errLoginTaken
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO users (login, name, email, hash, created) VALUES (?, ?, ?, ?, ?)`, u.Login, u.Name, u.Email, hash, unix(s.now()))
	if err != nil {
		return 0, err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return 0, err
	}
	return id, putGrants(ctx, tx, id, u.Grants)
}
