package access

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// Sessions remember who is signed in, by a cookie. The token in the cookie is kept as a hash only, and becomes a new one at every sign-in,
// so that a token that somebody planted before is worth nothing.
type Sessions struct {
	m     *scs.SessionManager
	state *State
}

// SessionOptions say how sessions are kept.
type SessionOptions struct {
	Lifetime time.Duration // from sign-in; half of it without use ends the session too
	Secure   bool          // the page is served over https: the cookie goes nowhere else
	OnError  func(http.ResponseWriter, *http.Request, error)
}

// Sessions makes the sessions of this state.
func (s *State) Sessions(o SessionOptions) *Sessions {
	m := scs.New()
	m.Store, m.HashTokenInStore, m.Lifetime, m.IdleTimeout = &sessionStore{s}, true, o.Lifetime, o.Lifetime/2
	m.Cookie.Name, m.Cookie.Secure, m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Persist = "arsring", o.Secure, true, http.SameSiteLaxMode, false
	if o.Secure {
		m.Cookie.Name = "__Host-arsring"
	}
	if o.OnError != nil {
		m.ErrorFunc = o.OnError
	}
	return &Sessions{m, s}
}

// Wrap loads the request's session for next and saves it afterwards.
func (ss *Sessions) Wrap(next http.Handler) http.Handler { return ss.m.LoadAndSave(next) }

// SignIn makes the session the user's, under a new token.
func (ss *Sessions) SignIn(ctx context.Context, userID int64) error {
	if err := ss.m.RenewToken(ctx); err != nil {
		return err
	}
	ss.m.Put(ctx, "user", userID)
	return nil
}

// SignOut ends the session.
func (ss *Sessions) SignOut(ctx context.Context) error { return ss.m.Destroy(ctx) }

// Actor is whose session it is; the zero Actor when nobody is signed in or the user is gone.
func (ss *Sessions) Actor(ctx context.Context) (Actor, error) {
	id := ss.m.GetInt64(ctx, "user")
	if id == 0 {
		return Actor{}, nil
	}
	a, err := ss.state.Actor(ctx, id)
	if errors.Is(err, ErrNoUser) {
		return Actor{}, ss.m.Destroy(ctx)
	}
	return a, err
}

// Get and Put and Pop keep small texts in the session: the way back after sign-in, a message for the next page.
func (ss *Sessions) Get(ctx context.Context, key string) string { return ss.m.GetString(ctx, key) }

// Put keeps a text; see Get.
func (ss *Sessions) Put(ctx context.Context, key, value string) { ss.m.Put(ctx, key, value) }

// Pop gives a text and forgets it; see Get.
func (ss *Sessions) Pop(ctx context.Context, key string) string { return ss.m.PopString(ctx, key) }

// sessionStore keeps sessions in state.db.
type sessionStore struct{ s *State }

func (st *sessionStore) Find(token string) ([]byte, bool, error) {
	return st.FindCtx(context.Background(), token)
}

func (st *sessionStore) Delete(token string) error { return st.DeleteCtx(context.Background(), token) }

func (st *sessionStore) Commit(token string, b []byte, expiry time.Time) error {
	return st.CommitCtx(context.Background(), token, b, expiry)
}

// FindCtx is part of scs.CtxStore.
func (st *sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var b []byte
	err := st.s.db.QueryRowContext(ctx, `SELECT data FROM sessions WHERE token = ? AND expiry > ?`, token, unix(time.Now())).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return b, err == nil, err
}

// DeleteCtx is part of scs.CtxStore.
func (st *sessionStore) DeleteCtx(ctx context.Context, token string) error {
	_, err := st.s.db.ExecContext(ctx, `DELETE FROM sessions WHERE token = ?`, token)
	return err
}

// CommitCtx is part of scs.CtxStore. Sessions that have ended go with the next one that is kept.
func (st *sessionStore) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	if _, err := st.s.db.ExecContext(ctx, `DELETE FROM sessions WHERE expiry <= ?`, unix(time.Now())); err != nil {
		return err
	}
	_, err := st.s.db.ExecContext(ctx, `INSERT OR REPLACE INTO sessions (token, data, expiry) VALUES (?, ?, ?)`, token, b, unix(expiry))
	return err
}
