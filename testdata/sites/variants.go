package sites

import (
	"net/http"
	"time"
)

// variant is a feed of the simple look; change makes it what it is about.
func variant(name, notes string, change func(*spec)) *spec {
	s := &spec{name: name, title: "Älvsunda kommun – flöde", feed: true, look: "simple", shape: plainShape, mode: "scroll", counter: true, notes: notes}
	change(s)
	return s
}

// plainFeeds are the feeds that imitate no platform in particular: one difficulty each.
func plainFeeds() []*spec {
	return append([]*spec{
		variant("feed", "Plain feed: batches on scroll, comments behind buttons, nothing tricky.", func(*spec) {}),
		variant("virtual", "Virtual list with comments behind buttons in the feed: what is scrolled past leaves the document and comes back as it was left.",
			func(s *spec) { s.mode = "virtual" }),
		variant("virtual-forgets", "As virtual, but what was opened is closed again when a post comes back.", func(s *spec) { s.mode, s.forgets = "virtual", true }),
		variant("button", "More posts behind a button.", func(s *spec) { s.mode = "button" }),
		variant("older", "Older posts behind links, one page after the other.", func(s *spec) { s.mode = "older" }),
		variant("inner", "The feed scrolls in a container, the page itself does not.", func(s *spec) { s.inner = true }),
		variant("shadow", "The feed lies in an open shadow root, and every text in one more.", func(s *spec) { s.shadow, s.unfolded = true, true }),
		variant("iframe", "The feed is embedded by an iframe of fixed height, as on somebody else's page.", func(s *spec) { s.framed, s.serve = true, framePage }),
		variant("lazy", "Pictures get their address when they come near the window.", func(s *spec) { s.lazy = "script" }),
		variant("lazy-native", "Pictures with loading=lazy.", func(s *spec) { s.lazy = "native" }),
		variant("slow", "Every batch takes a second and a half.", func(s *spec) { s.own = Options{Delay: 1500 * time.Millisecond} }),
		variant("flaky", "A batch fails once with 500; the page tries again by itself.", func(s *spec) { s.fails = "auto" }),
		variant("flaky-button", "A batch fails once with 500; the page offers a button to try again.", func(s *spec) { s.fails = "button" }),
	}, hardFeeds()...)
}

// hardFeeds are those whose posts are what is difficult.
func hardFeeds() []*spec {
	return []*spec{
		variant("loop", "Starts over after the last post, endlessly.", func(s *spec) {
			s.loops, s.own, s.counter = true, Options{Posts: 30}, false
			s.tweak = func(_ *spec, f *feed, _ *writer) { f.truth.Stop = "loop" }
		}),
		variant("insert", "New posts come in on top while it is read, and the counting of batches shifts, so that posts come twice.",
			func(s *spec) { s.inserts, s.own = true, Options{Posts: 60, Fresh: 6} }),
		variant("reorder", "Ranked, not by time, and posts change places while it is read.", func(s *spec) {
			s.reorders, s.tweak = true, func(_ *spec, f *feed, w *writer) { shuffleNear(f, w) }
		}),
		variant("relative", "Ages only (3 tim, 5 d, 2 v), in the feed and on the posts' own pages.", func(s *spec) {
			s.relative, s.tweak = true, func(_ *spec, f *feed, _ *writer) { f.truth.Precision = 7 * 24 * time.Hour }
		}),
		variant("pinned", "An old post is pinned first.", func(s *spec) { s.tweak = func(_ *spec, f *feed, _ *writer) { pinOld(f) } }),
		variant("edited", "Every fifth post was edited, and says so.", func(s *spec) { s.tweak = func(_ *spec, f *feed, w *writer) { editSome(f, w) } }),
		variant("deleted", "In the place of some posts stands that they are no longer there.", func(s *spec) {
			s.tweak = func(_ *spec, f *feed, _ *writer) { removeSome(f) }
		}),
		variant("world", "Posts in Arabic, Hebrew, Persian, Chinese, Japanese, Korean, Finnish and Northern Sámi between Swedish ones.", func(s *spec) {
			s.own, s.tweak = Options{Posts: 30}, func(_ *spec, f *feed, w *writer) { translate(f, w) }
		}),
		variant("tall", "One post is about 9,000 px high.", func(s *spec) {
			s.own, s.unfolded, s.tweak = Options{Posts: 12}, true, func(_ *spec, f *feed, w *writer) { stretch(f, w) }
		}),
		variant("long", "Everything at once: a page of about 200,000 px.", func(s *spec) { s.own, s.mode, s.lazy = Options{Posts: 285, Batch: maxPosts}, "none", "native" }),
		variant("carousel", "Posts with several pictures show one at a time.", func(s *spec) {
			s.carousel, s.alwaysImage, s.tweak = true, true, addPictures
		}),
	}
}

// framePage answers with the page around the frame; the feed itself comes with ?frame=1.
func framePage(c *call) bool {
	if c.rest != "" || c.r.URL.Query().Has("frame") {
		return false
	}
	c.html(http.StatusOK, c.render("frame", c.page(c.feed())))
	return true
}
