package sites

import "strconv"

// code makes an identifier of letters and digits, as Instagram, YouTube and Bluesky write theirs.
func code(h uint64, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[h%uint64(len(alphabet))]
		h = h/uint64(len(alphabet)) + h<<53
	}
	return string(b)
}

const (
	lettersDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	lowerDigits   = "abcdefghijklmnopqrstuvwxyz234567"
)

func snowflake(h uint64) string { return strconv.FormatUint(18e17+h%1e17, 10) }

var instagramShape = shape{
	id:      func(h uint64) string { return code(h, lettersDigits+"_-", 11) },
	post:    func(id string) string { return "p/" + id + "/" },
	comment: func(_, post, _, id string) string { return post + "c/" + id + "/" },
	author:  func(handle string) string { return "profil/" + handle },
}

var facebookShape = shape{
	id:      func(h uint64) string { return strconv.FormatUint(122e15+h%1e15, 10) },
	post:    func(id string) string { return "alvsundakommun/posts/" + id },
	comment: func(_, post, _, id string) string { return post + "?comment_id=" + id },
	author: func(handle string) string {
		if handle == ownerHandle {
			return "alvsundakommun"
		}
		return "profile/" + handle
	},
}

var xShape = shape{
	id:   snowflake,
	post: func(id string) string { return ownerHandle + "/status/" + id },
	comment: func(base, _, handle, id string) string {
		return base + handle + "/status/" + id
	},
	author: func(handle string) string { return handle },
	shared: func(handle, id string) string { return handle + "/status/" + id },
}

var youtubeShape = shape{
	id:      func(h uint64) string { return code(h, lettersDigits+"_-", 11) },
	post:    func(id string) string { return "watch?v=" + id },
	comment: func(_, post, _, id string) string { return post + "&lc=" + id },
	author:  func(handle string) string { return "profil/" + handle },
}

var mastodonShape = shape{
	id:   func(h uint64) string { return strconv.FormatUint(113e15+h%1e15, 10) },
	post: func(id string) string { return "@" + ownerHandle + "/" + id },
	comment: func(base, _, handle, id string) string {
		return base + "@" + handle + "/" + id
	},
	author: func(handle string) string { return "@" + handle },
	shared: func(handle, id string) string { return "@" + handle + "/" + id },
}

var linkedinShape = shape{
	id:      func(h uint64) string { return strconv.FormatUint(7e18+h%1e18, 10) },
	post:    func(id string) string { return "feed/update/urn:li:activity:" + id + "/" },
	comment: func(_, post, _, id string) string { return post + "?commentUrn=" + id },
	author:  func(handle string) string { return "profil/" + handle },
}

var threadsShape = shape{
	id:      func(h uint64) string { return code(h, lettersDigits+"_-", 11) },
	post:    func(id string) string { return "@" + ownerHandle + "/post/" + id },
	comment: func(base, _, handle, id string) string { return base + "@" + handle + "/post/" + id },
	author:  func(handle string) string { return "profil/" + handle },
}

var blueskyShape = shape{
	id:      func(h uint64) string { return "3" + code(h, lowerDigits, 12) },
	post:    func(id string) string { return "profile/" + ownerHandle + ".example/post/" + id },
	comment: func(base, _, handle, id string) string { return base + "profile/" + handle + "/post/" + id },
	author:  func(handle string) string { return "profile/" + handle },
	shared:  func(handle, id string) string { return "profile/" + handle + "/post/" + id },
}

var tiktokShape = shape{
	id:      func(h uint64) string { return strconv.FormatUint(7e18+h%1e18, 10) },
	post:    func(id string) string { return "@" + ownerHandle + "/video/" + id },
	comment: func(_, post, _, id string) string { return post + "?comment=" + id },
	author:  func(handle string) string { return "profil/" + handle },
}

func platforms() []*spec {
	return []*spec{
		{name: "x", title: "Älvsunda kommun (@alvsunda) / Efterliknad", feed: true, look: "x", shape: xShape, mode: "virtual", talkOn: "permalink", emojiImages: true, counter: true,
			cellTest: "cellInnerDiv", first: 5, tweak: func(s *spec, f *feed, w *writer) { pinOld(f); shareSome(s, f, w) },
			notes: "X-like timeline: absolutely placed cells, what is scrolled past leaves the document; passed-on posts, a pinned one, sticky bars; replies only on a post's own page."},
		{name: "facebook", title: "Älvsunda kommun | Efterliknad", feed: true, look: "facebook", shape: facebookShape, mode: "scroll", sorted: true, first: 1, emojiImages: true,
			notes: "Facebook-like page: role=feed, aria-posinset, comments and replies behind buttons, most relevant first, absolute times in labels or only on hover."},
		{name: "instagram", title: "Älvsunda kommun (@alvsunda) • Efterliknade foton", feed: true, look: "instagram", shape: instagramShape, mode: "grid", talkOn: "modal", counter: true,
			own: Options{Batch: 12}, first: 5, alwaysImage: true, unfolded: true, handles: true,
			notes: "Instagram-like grid: no text before a picture is pressed, a dialog with arrows, captions, more comments behind an icon without words, carousels."},
		{name: "youtube", title: "Älvsunda kommun – Efterliknade videor", feed: true, look: "youtube", shape: youtubeShape, mode: "scroll", talkOn: "permalink", counter: true,
			own: Options{Batch: 12}, lazy: "script", unfolded: true, tweak: makeVideos, serve: videoFeed,
			notes: "YouTube-like list: lazy thumbnails, ages in words only (an Atom feed has the times), comments on a video's own page when it is scrolled to."},
		{name: "mastodon", title: "Älvsunda kommun (@alvsunda@mastodon.example)", feed: true, look: "mastodon", shape: mastodonShape, mode: "scroll", talkOn: "permalink", counter: true,
			first: 1 << 20, wholeTalk: true, hollows: true, unfolded: true, tweak: func(s *spec, f *feed, w *writer) { pinOld(f); shareSome(s, f, w); warn(f) }, serve: mastodonAPI,
			notes: "Mastodon-like: content warnings, covered media, posts far from the window are emptied, replies on a post's own page; the public JSON API and RSS beside it."},
		{name: "linkedin", title: "Älvsunda kommun: Inlägg | Efterliknad", feed: true, look: "linkedin", shape: linkedinShape, mode: "button", sorted: true, own: Options{Batch: 8}, tweak: roughly,
			notes: "LinkedIn-like page: ages only (the activity number hides the time), “…mer” in texts, comments behind “Läs in fler kommentarer”, the list behind a button."},
		{name: "threads", title: "Älvsunda kommun (@alvsunda) • Efterliknad", feed: true, look: "threads", shape: threadsShape, mode: "scroll", talkOn: "permalink", first: 1 << 20, wholeTalk: true, flat: true, handles: true,
			notes: "Threads-like profile: user names only, buttons that are drawings, replies on a post's own page."},
		{name: "bluesky", title: "Älvsunda kommun (@alvsunda.example) — Efterliknad", feed: true, look: "bluesky", shape: blueskyShape, mode: "virtual", talkOn: "permalink", first: 1 << 20, wholeTalk: true, flat: true, unfolded: true, counter: true,
			tweak: func(s *spec, f *feed, w *writer) { pinOld(f); shareSome(s, f, w) }, notes: "Bluesky-like profile: virtual list, ages with the absolute time in a label, replies on a post's own page."},
		{name: "tiktok", title: "Älvsunda kommun (@alvsunda) | Efterliknade klipp", feed: true, look: "tiktok", shape: tiktokShape, mode: "scroll", talkOn: "permalink", first: 4, handles: true, unfolded: true, own: Options{Batch: 15},
			tweak: makeVideos, notes: "TikTok-like grid of videos: no times in the list, dates on a video's own page, comments that come while scrolling."},
	}
}
