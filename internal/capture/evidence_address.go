package capture

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"arsring/internal/register"
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
var noise = regexp.MustCompile(`(?i)^(utm_.*|mtm_.*|pk_.*|at_medium|at_campaign|\w{0,8}clk?id|[gw]braid|_gl|_ga|_hs\w+|oly_.*|trk|trk\w+|lipi|rcm|xmt|fref|hc_ref|sfnsn|extid|ab_channel|is_from_webapp|sender_device|igsh|igshid|img_index|__.*|mc_.*|ref|ref_.*|refid|si|feature|pp|src|share.*|rdid|mibextid|locale|hl|lang|notif.*|acontext|paipv|eav|_rdr|_r|app|web_id|cpage|comments?_?page|kommentarsida)$`)

// On these t and s say when a film begins and who shared; elsewhere they may be the number of a thread.
var (
	brief  = regexp.MustCompile(`(?i)^[ts]$`)
	briefs = regexp.MustCompile(`^(?:x\.com|youtube\.com|youtu\.be|facebook\.com|instagram\.com|threads\.(?:net|com)|tiktok\.com|linkedin\.com)$`)
)

// commentPage is the part of a path that names a page of a post's comments.
var commentPage = regexp.MustCompile(`/comment-page-\d+/?$`)

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
		if !noise.MatchString(k) && !(brief.MatchString(k) && briefs.MatchString(plainHost(u.Hostname()))) {
			for _, v := range vs {
				keep = append(keep, k+"="+v)
			}
		}
	}
	sort.Strings(keep)
	if m := pathComment.FindStringSubmatch(u.Path); m != nil {
		u.Path, p.comment = m[1], m[2]
	}
	u.Path = commentPage.ReplaceAllString(u.Path, "")
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

// shape is the address with every number alike.
func (p place) shape() string { return numbers.ReplaceAllString(p.page, "0") }

// id is the part of the address that only this post's can have: its last, with digits in it. Empty where it has none.
func (p place) id() string {
	if parts := strings.FieldsFunc(p.page, func(r rune) bool { return strings.ContainsRune("/?&=", r) }); len(parts) > 1 {
		if last := parts[len(parts)-1]; len(last) > 4 && numbers.MatchString(last) {
			return last
		}
	}
	return ""
}

// barer reports whether the address names the page that the longer one names, without some of its parameters or in letters of another case. One
// whose path may lead to many posts names none without its parameters.
func (p place) barer(long place) bool {
	page, query, _ := strings.Cut(p.page, "?")
	other, more, _ := strings.Cut(long.page, "?")
	if !strings.EqualFold(page, other) {
		return false
	}
	has := strings.Split(more, "&")
	for _, k := range strings.Split(query, "&") {
		if query != "" && !slices.Contains(has, k) {
			return false
		}
	}
	return query != "" || more == "" || strings.ContainsAny(path.Base(page), "0123456789-")
}

// tombstone is a text that only says that what stood there is gone.
var tombstone = regexp.MustCompile(`(?i)^\PL*(?:(?:det här |den här |detta |denna |this |the |dette |denne )?(?:inlägg\w*|kommentar\w*|svar\w*|meddeland\w*|innehåll\w*|posts?|comment|reply|message|content|tweet|innlegg\w*|opslag\w*|julkaisu|kommentti|viesti)\s+)?(?:(?:har|är|blev|has|was|is|have|been|er|ble|on)\s+)*(?:tagits bort|togs bort|borttage[tn]|raderat?s?|raderad|deleted|removed|slettet|fjernet|poistettu|inte (?:längre )?tillgängligt?|no longer available|not available|unavailable)(?:\s+(?:av|by|af)\s+.{1,40})?\PL*$`)

// isTombstone reports whether a piece is nothing but the word that it was removed.
func isTombstone(p *Post) bool {
	return len(p.Media) == 0 && len(p.Text) < 160 && tombstone.MatchString(strings.TrimSpace(p.Text))
}

// siteNames are short names of hosts.
var siteNames = map[string]string{"youtu.be": "youtube.com", "fb.com": "facebook.com", "fb.me": "facebook.com", "fb.watch": "facebook.com", "t.co": "x.com", "instagr.am": "instagram.com", "lnkd.in": "linkedin.com", "threads.net": "threads.com"}

// ForeignHost gives the host of an address that is on another site than the account; empty where it is the account's own.
func ForeignHost(acc register.Account, address string) string {
	site := func(s string) string {
		u, err := url.Parse(s)
		if err != nil {
			return ""
		}
		h := plainHost(u.Hostname())
		if long := siteNames[h]; long != "" {
			h = long
		}
		if port := u.Port(); port != "" && port != "80" && port != "443" {
			h += ":" + port
		}
		return h
	}
	own, other := site(acc.URL), site(address)
	if own == "" || other == "" || own == other || strings.HasSuffix(own, "."+other) || strings.HasSuffix(other, "."+own) {
		return ""
	}
	for _, h := range acc.AllowedHosts {
		if plainHost(h) == other {
			return ""
		}
	}
	return other
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
