package web

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"arsring/internal/access"
)

//go:embed all:templates static
var files embed.FS

// Options are what a Site is made of. State, Archive, Accounts, Year, Orders and Search must be there.
type Options struct {
	State    *access.State
	Archive  Archive
	Accounts Accounts
	Year     Year
	Orders   Orders
	Pauses   Pauses // nil: those of the state
	Search   Searcher
	Disclose Discloser        // nil: nothing can be handed out
	Provider *access.Provider // nil: local users only

	Organisation   string
	URL            string         // as people write it; decides whether cookies need https
	Session        time.Duration  // how long a sign-in holds; 0: 8 hours
	Lang           string         // "sv" or "en" where nobody has chosen
	TrustedProxies []netip.Prefix // whose X-Forwarded-For counts
	PublicRegister bool
	ReadingRoom    bool
	// Everyone, when it is somebody, is who every request comes from: for a demonstration on loopback, where nobody signs in.
	Everyone access.Actor
	Uploads  string // folder for files that are handed in; they are moved on or removed with the request
	Version  string
	Log      *slog.Logger
	Now      func() time.Time
}

// Site is the web page.
type Site struct {
	o        Options
	sessions *access.Sessions
	views    views
	handler  http.Handler
	imports  *pending
}

// New makes the site. It fails for templates or addresses that cannot be read.
func New(o Options) (*Site, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Session == 0 {
		o.Session = 8 * time.Hour
	}
	if o.Pauses == nil {
		o.Pauses = o.State
	}
	if o.Lang == "" {
		o.Lang = "sv"
	}
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, err
	}
	v, err := loadViews()
	if err != nil {
		return nil, err
	}
	s := &Site{o: o, views: v, imports: newPending(o.Now)}
	s.sessions = o.State.Sessions(access.SessionOptions{Lifetime: o.Session, Secure: u.Scheme == "https", OnError: func(w http.ResponseWriter, _ *http.Request, err error) {
		o.Log.Error("the session cannot be read or kept", "error", err)
		http.Error(w, "Inloggningen kan inte läsas just nu. Försök igen om en stund.", http.StatusServiceUnavailable)
	}})
	cross := http.NewCrossOriginProtection()
	if u.Host != "" {
		if err := cross.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, err
		}
	}
	cross.SetDenyHandler(http.HandlerFunc(s.refuseForeign))
	s.handler = s.headers(cross.Handler(s.sessions.Wrap(s.mux())))
	return s, nil
}

// Handler serves the whole site from the root of its host.
func (s *Site) Handler() http.Handler { return s.handler }

// mux registers the table of routes.
func (s *Site) mux() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/{file}", s.static)
	for _, rt := range s.routes() {
		mux.HandleFunc(rt.pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, rt) }) //nolint:contextcheck // the request carries it
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, route{need: public, run: func(*ask) error { return ErrNotFound }}) //nolint:contextcheck // the request carries it
	})
	return mux
}

// serve finds out who asks, refuses who may not, and runs the route.
func (s *Site) serve(w http.ResponseWriter, r *http.Request, rt route) {
	q := &ask{Site: s, w: w, r: r, rt: rt, lang: s.language(r)}
	if err := q.identify(); err != nil {
		q.fail(err)
		return
	}
	switch {
	case rt.need == public && (!rt.room || s.o.ReadingRoom || q.actor.Known()) || rt.need != public && q.actor.MaySomewhere(rt.need):
	case !q.actor.Known():
		q.signInFirst()
		return
	default:
		q.fail(errForbidden)
		return
	}
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, rt.bodyLimit())
	}
	if err := q.knownQuery(); err != nil {
		q.fail(err)
		return
	}
	if rt.form {
		if err := q.readFields(); err != nil {
			q.fail(err)
			return
		}
	}
	if err := rt.run(q); err != nil && !errors.Is(err, context.Canceled) {
		q.fail(err)
	}
}
