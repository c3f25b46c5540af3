package access

import (
	"context"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// ProviderOptions say how people sign in through the municipality's own provider.
type ProviderOptions struct {
	Issuer, ClientID, ClientSecret string
	Scopes                         []string
	RedirectURL                    string // of this installation: <url>/logga-in/klar
	CAFile                         string // PEM trusted besides the system's; empty: none
	RoleClaim                      string // the claim that lists groups
	// Groups give the values of RoleClaim that bring each role. Somebody in none of them may sign in and see nothing.
	Groups map[Role][]string
	Now    func() time.Time
}

// Provider is an OpenID Connect provider. It is asked for its settings at the first sign-in, so that the daemon starts without it.
type Provider struct {
	o      ProviderOptions
	client *http.Client

	mu       sync.Mutex
	provider *oidc.Provider
}

// NewProvider makes a provider; it fails only for a CA file that cannot be read.
func NewProvider(o ProviderOptions) (*Provider, error) {
	p := &Provider{o: o, client: &http.Client{Timeout: 20 * time.Second}}
	if o.CAFile == "" {
		return p, nil
	}
	pem, err := os.ReadFile(o.CAFile)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", o.CAFile)
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSClientConfig.RootCAs = pool
	p.client.Transport = t
	return p, nil
}

func (p *Provider) open(ctx context.Context) (context.Context, *oidc.Provider, error) {
	ctx = oidc.ClientContext(ctx, p.client)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.provider == nil {
		// The provider's keys are fetched again later: not with a request's context, which ends.
		got, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.o.Issuer)
		if err != nil {
			return ctx, nil, fmt.Errorf("the sign-in provider %s does not answer as one: %w", p.o.Issuer, err)
		}
		p.provider = got
	}
	return ctx, p.provider, nil
}

func (p *Provider) config(provider *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.o.ClientID, ClientSecret: p.o.ClientSecret, Endpoint: provider.Endpoint(), RedirectURL: p.o.RedirectURL, Scopes: p.o.Scopes}
}

// Begin gives the provider's address to send the browser to, and what the session must remember until Finish: state, nonce and verifier.
func (p *Provider) Begin(ctx context.Context, s *State) (address, memory string, err error) {
	_, provider, err := p.open(ctx)
	if err != nil {
		return "", "", err
	}
	state, serr := s.secret(20)
	nonce, nerr := s.secret(20)
	if err := errors.Join(serr, nerr); err != nil {
		return "", "", err
	}
	verifier := oauth2.GenerateVerifier()
	address = p.config(provider).AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier))
	return address, strings.Join([]string{state, nonce, verifier}, " "), nil
}

// claims are what the provider says of a person.
type claims struct {
	subject, login, name, email string
	groups                      []string
}

// Finish takes the provider's answer, with what Begin gave to remember, and gives the user, made or brought up to date.
func (p *Provider) Finish(ctx context.Context, s *State, memory, state, code string) (User, error) {
	kept := strings.Split(memory, " ")
	if len(kept) != 3 || kept[0] == "" || kept[0] != state {
		return User{}, ErrWrongLogin
	}
	ctx, provider, err := p.open(ctx)
	if err != nil {
		return User{}, err
	}
	token, err := p.config(provider).Exchange(ctx, code, oauth2.VerifierOption(kept[2]))
	if err != nil {
		return User{}, fmt.Errorf("the sign-in provider gave no token: %w", err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return User{}, errors.New("the sign-in provider gave no ID token: check that the scope openid is asked for")
	}
	id, err := provider.Verifier(&oidc.Config{ClientID: p.o.ClientID, Now: p.o.Now}).Verify(ctx, raw)
	if err != nil {
		return User{}, fmt.Errorf("the sign-in provider's ID token is not valid: %w", err)
	}
	if id.Nonce != kept[1] {
		return User{}, ErrWrongLogin
	}
	c, err := p.claims(ctx, provider, id, token)
	if err != nil {
		return User{}, err
	}
	return s.known(ctx, p.o.Issuer, c, p.grants(c.groups), p.maps())
}

// claims reads the ID token, and asks the provider where the token itself does not say who it is.
func (p *Provider) claims(ctx context.Context, provider *oidc.Provider, id *oidc.IDToken, token *oauth2.Token) (claims, error) {
	all := map[string]any{}
	if err := id.Claims(&all); err != nil {
		return claims{}, err
	}
	if provider.UserInfoEndpoint() != "" {
		info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return claims{}, fmt.Errorf("the sign-in provider does not say who signed in: %w", err)
		}
		if info.Subject != id.Subject {
			return claims{}, ErrWrongLogin
		}
		if err := info.Claims(&all); err != nil {
			return claims{}, err
		}
	}
	text := func(key string) string { s, _ := all[key].(string); return s }
	c := claims{subject: id.Subject, login: text("preferred_username"), name: text("name"), email: text("email")}
	switch v := all[p.o.RoleClaim].(type) {
	case string:
		c.groups = []string{v}
	case []any:
		for _, g := range v {
			if s, ok := g.(string); ok {
				c.groups = append(c.groups, s)
			}
		}
	}
	return c, nil
}

// grants gives the highest role that the groups bring, in every tenant.
func (p *Provider) grants(groups []string) []Grant {
	all := Roles()
	slices.Reverse(all)
	for _, role := range all {
		for _, g := range p.o.Groups[role] {
			if slices.Contains(groups, g) {
				return []Grant{{Tenant: AnyTenant, Role: role, Class: DefaultClass(role)}}
			}
		}
	}
	return nil
}

// maps says whether groups decide about roles at all.
func (p *Provider) maps() bool {
	for _, g := range p.o.Groups {
		if len(g) > 0 {
			return true
		}
	}
	return false
}

// known finds or makes the user of a subject. Where groups decide, their roles replace all others at every sign-in, so that who has left
// a group loses its role; where they do not, what an admin has set here stands.
func (s *State) known(ctx context.Context, issuer string, c claims, grants []Grant, mapped bool) (User, error) {
	subject := issuer + " " + c.subject
	var id int64
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT id FROM users WHERE subject = ?`, subject).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			id, err = s.insertSubject(ctx, tx, subject, c)
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET seen = ?, name = CASE WHEN ? = '' THEN name ELSE ? END, email = ? WHERE id = ?`, unix(s.now()), c.name, c.name, c.email, id); err != nil {
			return err
		}
		if !mapped {
			return nil
		}
		return putGrants(ctx, tx, id, grants)
	})
	if err != nil {
		return User{}, err
	}
	return s.User(ctx, id)
}

// insertSubject makes a user of the provider. The login is never that of a local user: a name that the provider's people choose must not
// become somebody else's account here.
func (s *State) insertSubject(ctx context.Context, tx *sql.Tx, subject string, c claims) (int64, error) {
	login := strings.ToLower(c.login)
	if !loginForm.MatchString(login) {
		login = "oidc-" + digest(subject)[:12]
	}
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM users WHERE login = ?`, login).Scan(&n); err != nil {
		return 0, err
	}
	if n > 0 {
		login = "oidc-" + digest(subject)[:12]
	}
	name := c.name
	if name == "" {
		name = login
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO users (login, name, email, subject, created) VALUES (?, ?, ?, ?, ?)`, login, name, c.email, subject, unix(s.now()))
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}
