package access

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"arsring/internal/register"
)

// TestFirstAdmin: the code works once, only while there are no users, and the newest only.
func TestFirstAdmin(t *testing.T) {
	s := testState(t)
	old, err := s.FirstCode(t.Context())
	if err != nil || len(old) < 20 {
		t.Fatalf("%q, %v", old, err)
	}
	code, err := s.FirstCode(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	u := NewUser{Login: "Anna", Name: "Anna Exempel", Password: goodPassword}
	for name, wrong := range map[string]string{"old": old, "empty": "", "other": "abc"} {
		if _, err := s.FirstAdmin(t.Context(), wrong, u, name); !errors.Is(err, ErrWrongCode) {
			t.Errorf("%s code: %v", name, err)
		}
	}
	var field *FieldError
	if _, err := s.FirstAdmin(t.Context(), code, NewUser{Login: "anna", Name: "A", Password: "kort"}, "x"); !errors.As(err, &field) || field.Field != "password" {
		t.Errorf("a short password: %v", err)
	}
	var wg sync.WaitGroup
	made := make(chan User, 8)
	for range 8 {
		wg.Go(func() {
			if got, err := s.FirstAdmin(t.Context(), " "+strings.ToUpper(code)+" ", u, "x"); err == nil {
				made <- got
			}
		})
	}
	wg.Wait()
	if len(made) != 1 {
		t.Fatalf("%d first admins", len(made))
	}
	if got := <-made; got.Login != "anna" || got.Grants[0] != (Grant{AnyTenant, Admin, register.ClassSecret}) {
		t.Errorf("%+v", got)
	}
	if again, err := s.FirstCode(t.Context()); again != "" || err != nil {
		t.Errorf("a code while there are users: %q, %v", again, err)
	}
	reader, err := s.AddUser(t.Context(), NewUser{Login: "bo", Name: "Bo", Password: goodPassword, Grants: []Grant{{Tenant: AnyTenant, Role: Reader}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []NewUser{{Login: "Å Ä", Name: "x"}, {Login: " BO ", Name: "Bo"}} {
		if err := s.MayAdd(t.Context(), wrong); !errors.As(err, &field) || field.Field != "login" {
			t.Errorf("%q may be added: %v", wrong.Login, err)
		}
	}
	if err := errors.Join(s.MayAdd(t.Context(), NewUser{Login: "cecilia", Name: "C"}), s.RemoveUser(t.Context(), reader.ID)); err != nil {
		t.Errorf("a reader: %v", err)
	}
	if err := s.RemoveUser(t.Context(), 1); !errors.Is(err, ErrLastAdmin) {
		t.Errorf("the last admin: %v", err)
	}
	if err := s.SetGrants(t.Context(), 1, []Grant{{Tenant: AnyTenant, Role: Reader}}); !errors.Is(err, ErrLastAdmin) {
		t.Errorf("the last admin: %v", err)
	}
}

// TestNoAdminYet: where the first user is none, that one can be changed and removed: no admin is lost.
func TestNoAdminYet(t *testing.T) {
	s, err := Open(t.Context(), Options{File: filepath.Join(t.TempDir(), "state.db"), HashTime: 1, HashKB: 64})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	u, err := s.AddUser(t.Context(), NewUser{Login: "bo", Name: "Bo", Password: goodPassword, Grants: []Grant{{Tenant: AnyTenant, Role: Reader}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.SetGrants(t.Context(), u.ID, []Grant{{Tenant: AnyTenant, Role: Officer}}), s.RemoveUser(t.Context(), u.ID)); err != nil {
		t.Error(err)
	}
}

// TestSignIn: wrong names and passwords look the same, many tries are held back by login and by place, and time gives them back.
func TestSignIn(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	file := filepath.Join(t.TempDir(), "state.db")
	s, err := Open(t.Context(), Options{File: file, HashTime: 1, HashKB: 64, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's rights: %v, %v", info, err)
	}
	if _, err := s.AddUser(t.Context(), NewUser{Login: "anna", Name: "Anna", Password: goodPassword}); err != nil {
		t.Fatal(err)
	}
	for _, try := range [][2]string{{"anna", "fel"}, {"anna", ""}, {"ingen", goodPassword}, {"", ""}, {"anna", goodPassword + "\x00"}} {
		if _, err := s.SignIn(t.Context(), try[0], try[1], "a"); !errors.Is(err, ErrWrongLogin) {
			t.Errorf("%q: %v", try, err)
		}
	}
	if u, err := s.SignIn(t.Context(), " ANNA ", goodPassword, "a"); err != nil || u.Login != "anna" || !u.Seen.Equal(now) {
		t.Fatalf("%+v, %v", u, err)
	}
	var last error
	for range 12 {
		_, last = s.SignIn(t.Context(), "anna", "fel", "b")
	}
	if !errors.Is(last, ErrTooMany) {
		t.Errorf("after many tries: %v", last)
	}
	now = now.Add(10 * time.Minute)
	if _, err := s.SignIn(t.Context(), "anna", goodPassword, "b"); err != nil {
		t.Errorf("after a wait: %v", err)
	}
	for range 60 {
		_, last = s.SignIn(t.Context(), "x"+time.Duration(now.UnixNano()).String(), "fel", "c")
	}
	if !errors.Is(last, ErrTooMany) {
		t.Errorf("many from one place: %v", last)
	}
	var hash string
	if err := s.db.QueryRowContext(t.Context(), `SELECT hash FROM users`).Scan(&hash); err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("kept as %q, %v", hash, err)
	}
}

// TestTokens: a token opens no more than its owner may, ends in time, and is kept as a hash only.
func TestTokens(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Options{File: filepath.Join(t.TempDir(), "state.db"), HashTime: 1, HashKB: 64, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	u, err := s.AddUser(t.Context(), NewUser{Login: "olle", Name: "Olle", Password: goodPassword, Grants: []Grant{{Tenant: "default", Role: Officer}}})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := s.AddToken(t.Context(), u.ID, Token{Name: "skript", Role: Admin, Expires: now.AddDate(0, 0, 1)})
	if err != nil || !strings.HasPrefix(secret, tokenPrefix) {
		t.Fatalf("%q, %v", secret, err)
	}
	a, err := s.ByToken(t.Context(), secret)
	if err != nil || a.May("default", Archivist) || !a.May("default", Officer) || a.MaySee("default", register.ClassSecret) || !a.MaySee("default", register.ClassReview) || a.May("annan", Reader) || a.Via != "token" {
		t.Errorf("%+v, %v", a, err)
	}
	low, err := s.AddToken(t.Context(), u.ID, Token{Name: "läsare", Role: Reader})
	if err != nil {
		t.Fatal(err)
	}
	if a, err := s.ByToken(t.Context(), low); err != nil || a.May("default", Officer) || a.MaySee("default", register.ClassReview) {
		t.Errorf("%+v, %v", a, err)
	}
	for _, wrong := range []string{"", secret + "x", strings.ToUpper(secret), digest(secret)} {
		if _, err := s.ByToken(t.Context(), wrong); !errors.Is(err, ErrWrongLogin) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	now = now.AddDate(0, 0, 2)
	if _, err := s.ByToken(t.Context(), secret); !errors.Is(err, ErrWrongLogin) {
		t.Errorf("an old token: %v", err)
	}
	if err := s.RemoveToken(t.Context(), u.ID+1, 2); !errors.Is(err, ErrNoUser) {
		t.Errorf("somebody else's token: %v", err)
	}
}

// TestAudit: lines can be added and read, never changed or taken away; one that was changed behind the program's back shows.
func TestAudit(t *testing.T) {
	s := testState(t)
	for _, who := range []string{"anna", "bo", "anna"} {
		if err := s.Note(t.Context(), Event{Who: who, Action: "order", Object: "konto", Tenant: "default"}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Audit(t.Context(), AuditFilter{Who: "ANN"}); err != nil || len(got) != 2 || got[0].ID != 3 {
		t.Errorf("%+v, %v", got, err)
	}
	for _, q := range []string{`UPDATE audit SET who = 'x'`, `DELETE FROM audit`, `DELETE FROM audit WHERE id = 2`} {
		if _, err := s.db.ExecContext(t.Context(), q); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", q, err)
		}
	}
	if err := s.CheckAudit(t.Context()); err != nil {
		t.Error(err)
	}
	for _, q := range []string{`DROP TRIGGER audit_no_update`, `UPDATE audit SET who = 'x' WHERE id = 2`} {
		if _, err := s.db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.CheckAudit(t.Context()); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a changed line: %v", err)
	}
}

// TestGrants: what a role opens by itself, and that an unknown class is the strictest.
func TestGrants(t *testing.T) {
	for role, open := range map[Role]int{Reader: 1, Officer: 2, Archivist: 3, Admin: 3} {
		a := Actor{UserID: 1, Grants: []Grant{{"default", role, DefaultClass(role)}}}
		for i, c := range classes {
			if a.MaySee("default", c) != (i < open) || a.MaySee("annan", c) {
				t.Errorf("%s and %s", role, c)
			}
		}
		if a.MaySee("default", "hittepå") != (open == 3) {
			t.Errorf("%s sees an unknown class", role)
		}
	}
	if (Actor{}).May("default", Reader) || (Actor{}).MaySee("default", register.ClassOpen) || (Actor{UserID: 1, Grants: []Grant{{AnyTenant, "kung", register.ClassSecret}}}).May("default", Reader) {
		t.Error("somebody without a role may do something")
	}
}
