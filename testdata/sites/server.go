package sites

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// server is the handler of all sites.
type server struct {
	o     Options
	order []*spec
	specs map[string]*spec
	looks *looks
	pics  *pictures

	mu      sync.Mutex
	feeds   map[string]*feed    // by site and options
	where   map[string]*feed    // which feed a post's address belongs to, by site and ID
	chosen  map[string][]string // consent choices, by site
	pressed map[string][]Press  // buttons that must not be pressed, by site
	loads   int                 // pages served, tells page loads apart
	once    map[string]bool     // what happens once only has happened
}

// Press is a button that only a person may press, and was pressed.
type Press struct {
	What string `json:"what"` // the button's label
	On   string `json:"on"`   // the post's ID, empty for the page's own buttons
}

func newServer(o Options) *server {
	o.Now = o.now()
	srv := &server{o: o, specs: map[string]*spec{}, looks: newLooks(), pics: newPictures(), order: specs(),
		feeds: map[string]*feed{}, where: map[string]*feed{}, pressed: map[string][]Press{}, chosen: map[string][]string{}, once: map[string]bool{}}
	for _, s := range srv.order {
		srv.specs[s.name] = s
	}
	strange := odd()
	srv.specs[strange.name] = strange // in no list: nobody can read it who has not been told how
	return srv
}

// find gives the site to which a path belongs, and the rest of the path below it.
func (srv *server) find(path string) (*spec, string) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if name != "gen" {
		return srv.specs[name], rest
	}
	number, rest, _ := strings.Cut(rest, "/")
	seed, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return nil, ""
	}
	s := srv.specs["gen/"+number]
	if s == nil {
		s = generated(seed)
		srv.specs[s.name] = s
	}
	return s, rest
}

// call is one request to one site.
type call struct {
	srv  *server
	spec *spec
	o    Options
	rest string // path below the site
	w    http.ResponseWriter
	r    *http.Request
}

// ServeHTTP answers "/", "/robots.txt", "/sitemap.xml" and everything below "/<site>/".
func (srv *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if srv.serveRoot(w, r) {
		return
	}
	s, rest := srv.find(r.URL.Path)
	if s == nil {
		http.NotFound(w, r)
		return
	}
	o, err := srv.o.With(r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c := &call{srv: srv, spec: s, o: o.filled(s.own), rest: rest, w: w, r: r}
	if rest == "" && !strings.HasSuffix(r.URL.Path, "/") {
		http.Redirect(w, r, r.URL.Path+"/?"+r.URL.RawQuery, http.StatusMovedPermanently)
		return
	}
	c.answer()
}

func (c *call) answer() {
	switch {
	case c.rest == "truth.json":
		c.json(c.truth())
	case c.rest == "pressed":
		c.press()
	case strings.HasPrefix(c.rest, "media/"):
		c.srv.pics.serve(c.w, c.r, strings.TrimPrefix(c.rest, "media/"))
	case c.asset():
	case c.spec.serve != nil && c.spec.serve(c):
	case c.spec.feed && c.serveFeed():
	default:
		http.NotFound(c.w, c.r)
	}
}

// truth is the site's truth under the call's options.
func (c *call) truth() Truth {
	if c.spec.truth != nil {
		return c.spec.truth(c)
	}
	return c.feed().truth
}

// feed generates the site's content under the call's options, once.
func (c *call) feed() *feed {
	key := fmt.Sprint(c.spec.name, c.o.Seed, c.o.Posts, c.o.Months, c.o.Now.Unix(), c.o.Comments, c.o.NoImages, c.o.Wall, c.o.Fresh)
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	if f := c.srv.feeds[key]; f != nil {
		return f
	}
	f := generate(c.spec, c.o)
	c.srv.feeds[key] = f
	for id := range f.posts {
		c.srv.where[c.spec.name+" "+id] = f
	}
	for id := range f.talk {
		c.srv.where[c.spec.name+" "+id] = f
	}
	return f
}

// holder gives the feed that holds a post, whichever options made it; nil when there is none.
func (c *call) holder(id string) *feed {
	if f := c.feed(); f.posts[id] != nil || f.talk[id] != nil {
		return f
	}
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	return c.srv.where[c.spec.name+" "+id]
}

// press records a button that must not be pressed (POST) or lists what was pressed (GET).
func (c *call) press() {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	if c.r.Method == http.MethodPost {
		p := Press{What: c.r.URL.Query().Get("what"), On: c.r.URL.Query().Get("on")}
		c.srv.pressed[c.spec.name] = append(c.srv.pressed[c.spec.name], p)
		c.w.WriteHeader(http.StatusNoContent)
		return
	}
	list := c.srv.pressed[c.spec.name]
	if list == nil {
		list = []Press{}
	}
	c.json(list)
}

// json answers with a value as JSON.
func (c *call) json(v any) {
	c.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	enc := json.NewEncoder(c.w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // the visitor went away
}

// number reads a whole number from the query, 0 when it is none.
func (c *call) number(key string) int {
	n, _ := strconv.Atoi(c.r.URL.Query().Get(key))
	return max(n, 0)
}

// query is what the page's own requests must repeat so that they meet the same content.
func (c *call) query() string {
	q := url.Values{}
	for _, key := range []string{"frame", "seed", "posts", "batch", "delay", "now", "months", "comments", "images", "wall", "fresh"} {
		if c.r.URL.Query().Has(key) {
			q.Set(key, c.r.URL.Query().Get(key))
		}
	}
	if c.spec.members {
		q.Set("token", PlantedToken)
	}
	return q.Encode()
}

// wait holds an answer back for the delay that the options ask for.
func (c *call) wait() {
	if c.o.Delay <= 0 {
		return
	}
	t := time.NewTimer(c.o.Delay)
	defer t.Stop()
	select {
	case <-t.C:
	case <-c.r.Context().Done():
	}
}

// happened is true when first was asked for a key before.
func (c *call) happened(key string) bool {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	return c.srv.once[key]
}

// first is true the first time it is asked for a key.
func (c *call) first(key string) bool {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	seen := c.srv.once[key]
	c.srv.once[key] = true
	return !seen
}
