package capture

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// place is an address taken apart: which page it names, and which comment on it.
type place struct {
	page    string // host, path and the query that matters, spelled one way
	comment string // id of a comment; empty when the address names none
	hash    string // fragment, which may be a comment's id or nothing at all
}

// commentParams name the comment in an address, the innermost first.
var commentParams = []string{"reply_comment_id", "replyCommentId", "comment_id", "commentId", "comment", "commentid", "lc", "fb_comment_id"}

// pathComment is a comment named in the path, below its post.
var pathComment = regexp.MustCompile(`^(.*/(?:p|reel|posts?)/[^/]+/)c/([^/]+)/?$`)

// noise are query parameters that say where a visitor came from, or how the page is shown.
var noise = regexp.MustCompile(`(?i)^(utm_.*|fbclid|gclid|igsh|igshid|img_index|__.*|mc_.*|ref|ref_.*|refid|si|feature|pp|t|s|src|share.*|rdid|mibextid|locale|hl|lang|notif.*|acontext|paipv|eav|_rdr|_r|app|web_id)$`)

// placeOf takes an address apart. ok is false for what is no web address.
func placeOf(address string) (p place, ok bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return place{}, false
	}
	q := u.Query()
	for _, k := range commentParams {
		if v := q.Get(k); v != "" && p.comment == "" {
			p.comment = v
		}
		q.Del(k)
	}
	var keep []string
	for k, vs := range q {
		if !noise.MatchString(k) {
			for _, v := range vs {
				keep = append(keep, k+"="+v)
			}
		}
	}
	sort.Strings(keep)
	if m := pathComment.FindStringSubmatch(u.Path); m != nil {
		u.Path, p.comment = m[1], m[2]
	}
	p.hash = u.Fragment
	p.page = plainHost(u.Host) + strings.TrimRight(path.Clean("/"+u.Path), "/") + "?" + strings.Join(keep, "&")
	return p, true
}

// plainHost leaves out the names under which platforms serve the same page to other devices.
func plainHost(h string) string {
	h = strings.ToLower(h)
	for _, first := range []string{"www.", "m.", "mobile.", "mbasic.", "web.", "touch.", "sv-se.", "old."} {
		if rest, ok := strings.CutPrefix(h, first); ok && strings.Contains(rest, ".") {
			h = rest
		}
	}
	if h == "twitter.com" {
		return "x.com"
	}
	return h
}

// ids are what the comment that the address names may be called on the page.
func (p place) ids() []string {
	out := []string{}
	for _, s := range []string{p.comment, p.hash} {
		if s == "" || strings.ContainsAny(s, "/=&") {
			continue
		}
		out = append(out, s)
		if i := strings.LastIndexAny(s, "-_"); i >= 0 && i < len(s)-1 && strings.ContainsAny(s[i+1:], "0123456789") {
			out = append(out, s[i+1:])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// comments finds the comment below a post that the address names, by its own address or by its id; nil where there is none.
func (p place) comments(post *Post) *Post {
	ids := map[string]bool{}
	for _, id := range p.ids() {
		ids["c-"+digest([]byte(post.ID + "\x00" + id))[:16]] = true
	}
	main, _ := placeOf(post.Permalink)
	var walk func(list []Post) *Post
	walk = func(list []Post) *Post {
		for i := range list {
			if p.named(&list[i], main) || ids[list[i].ID] {
				return &list[i]
			}
			if c := walk(list[i].Comments); c != nil {
				return c
			}
		}
		return nil
	}
	return walk(post.Comments)
}

// named reports whether a comment has the address. One that goes under the address of its post, main, has none of its own.
func (p place) named(c *Post, main place) bool {
	own, ok := placeOf(c.Permalink)
	switch {
	case !ok, own == main:
		return false
	case p.comment != "":
		return own.comment == p.comment
	}
	return own.page == p.page && own.hash == p.hash && own.comment == ""
}

// looksLikeComment tells a fragment that names a comment from one that only says how the page is shown.
func looksLikeComment(hash string) bool {
	h := strings.ToLower(hash)
	for _, word := range []string{"comment", "kommentar", "reply", "svar"} {
		if strings.Contains(h, word) && strings.ContainsAny(h, "0123456789") {
			return true
		}
	}
	return false
}

// plainFragment is one that can only name an element: a route, a search or a setting of a player is written otherwise.
var plainFragment = regexp.MustCompile(`^[\pL\pN._:-]*\pN[\pL\pN._:-]*$`)

// namesSomething tells a fragment with a number that is not the post's own, which stands in its address: such names a piece of the page.
func namesSomething(hash, page string) bool {
	if !plainFragment.MatchString(hash) {
		return false
	}
	_, path, _ := strings.Cut(page, "/")
	return !slices.Contains(numbers.FindAllString(path, -1), numbers.FindString(hash))
}

var numbers = regexp.MustCompile(`\pN+`)

// pathKey is an address as owner compares profiles.
func pathKey(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return pathOf(u)
}
