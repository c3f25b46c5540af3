package capture

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/network"
)

//go:embed js/media.js
var mediaJS string

const (
	maxPicture  = 10 << 20 // a picture of more bytes than this is not kept by itself; the sheets show it all the same
	mediaQueue  = 4096     // pictures that wait; a page that has more waits for them
	mostFetches = 300      // pictures fetched once more, because the browser no longer holds their bytes
)

// keptPicture is what is known of a picture's bytes; Media without a path was not kept.
type keptPicture struct {
	Media
	failed, large bool
}

// mediaKeeper keeps the bytes of posts' pictures while the page is photographed. The bytes are asked for by the addresses as they stand in the
// posts, and written into the posts at the end: posts may be joined and moved meanwhile.
type mediaKeeper struct {
	queue chan string
	done  chan struct{}
	asked map[string]bool

	mu    sync.Mutex
	kept  map[string]keptPicture // by address
	files map[string]bool        // names written
	late  []string               // addresses whose bytes were not there yet
	bytes int64
	moved int64 // bytes that have been added to the shooter's
	full  bool  // the limit was reached
	err   error
}

// keepMedia begins to keep the bytes of the pictures of posts and their comments. It returns at once; closeMedia ends it. A picture that is
// asked for twice is kept once.
func (s *shooter) keepMedia(ctx context.Context, posts []Post) {
	k := &s.media
	if k.queue == nil {
		k.queue, k.done = make(chan string, mediaQueue), make(chan struct{})
		k.asked, k.kept, k.files = map[string]bool{}, map[string]keptPicture{}, map[string]bool{}
		go s.keepQueued(ctx)
	}
	eachPicture(posts, func(m *Media) {
		if k.asked[m.URL] || m.Path != "" {
			return
		}
		k.asked[m.URL] = true
		switch {
		case strings.HasPrefix(m.URL, "data:"):
			s.keepInline(ctx, m.URL)
		case strings.HasPrefix(m.URL, "blob:"):
			s.t.note("media-skipped", "blob:")
		case strings.HasPrefix(m.URL, "http"):
			select {
			case k.queue <- m.URL:
			case <-ctx.Done():
			}
		}
	})
	k.mu.Lock()
	defer k.mu.Unlock()
	s.bytes += k.bytes - k.moved
	k.moved = k.bytes
}

// closeMedia waits for the pictures that are under way, tries those again that were late, and writes into the capture's posts what was kept.
func (s *shooter) closeMedia(ctx context.Context) error {
	s.keepMedia(ctx, s.c.Posts)
	k := &s.media
	close(k.queue)
	<-k.done
	s.keepLate(ctx)
	large := 0
	eachPicture(s.c.Posts, func(m *Media) {
		if p, ok := k.kept[m.URL]; ok && m.Path == "" {
			if p.large {
				large++
			}
			m.SHA256, m.Path, m.MIME, m.Bytes = p.SHA256, p.Path, p.MIME, p.Bytes
			if m.W == 0 || m.H == 0 {
				m.W, m.H = p.W, p.H
			}
		}
		if strings.HasPrefix(m.URL, "data:") {
			m.URL, _, _ = strings.Cut(m.URL, ";")
		}
	})
	if large > 0 {
		s.c.lack("media-too-large", fmt.Sprintf("%d bilder var för stora för att sparas var för sig (över %d MB); de syns på bladen.", large, maxPicture>>20),
			fmt.Sprintf("%d pictures were too large to be kept by themselves (over %d MB); the sheets show them.", large, maxPicture>>20))
	}
	if k.full {
		s.c.lack("media-limit", "Gränsen för mängd data nåddes; alla bilder är inte sparade var för sig.", "The limit for the amount of data was reached; not all pictures were kept by themselves.")
	}
	return k.err
}

// eachPicture visits the pictures of posts and their comments.
func eachPicture(posts []Post, visit func(*Media)) {
	for i := range posts {
		for j := range posts[i].Media {
			if posts[i].Media[j].Kind == "image" {
				visit(&posts[i].Media[j])
			}
		}
		eachPicture(posts[i].Comments, visit)
	}
}

// keepQueued keeps picture after picture until the queue is closed.
func (s *shooter) keepQueued(ctx context.Context) {
	defer close(s.media.done)
	for url := range s.media.queue {
		if ctx.Err() != nil {
			continue
		}
		body, p, err := s.t.pictureBytes(ctx, url)
		switch {
		case errors.Is(err, errTooLarge):
			s.media.settle(url, keptPicture{large: true})
		case errors.Is(err, errNoPicture):
			s.media.settle(url, keptPicture{failed: true})
		case err != nil:
			s.media.mu.Lock()
			s.media.late = append(s.media.late, url)
			s.media.mu.Unlock()
		default:
			s.store(url, body, p.mime)
		}
	}
}

// keepLate tries the pictures again whose bytes the browser did not give, now with a fetch of their own as the last resort.
func (s *shooter) keepLate(ctx context.Context) {
	for i, url := range s.media.late {
		if ctx.Err() != nil {
			return
		}
		body, p, err := s.t.pictureBytes(ctx, url)
		if err != nil && !errors.Is(err, errTooLarge) && i < mostFetches && p.failed == "" {
			body, err = s.t.fetchPicture(ctx, p.address(url))
		}
		switch {
		case errors.Is(err, errTooLarge):
			s.media.settle(url, keptPicture{large: true})
		case err != nil:
			s.media.settle(url, keptPicture{failed: true})
			s.t.net.lost(p.address(url), err.Error())
		default:
			s.store(url, body, p.mime)
		}
	}
}

// inlineName is the short name that the page's script gives a data: address.
var inlineName = regexp.MustCompile(`;picture=(\d+),$`)

// keepInline keeps a picture that is written into the page.
func (s *shooter) keepInline(ctx context.Context, name string) {
	m := inlineName.FindStringSubmatch(name)
	if m == nil {
		return
	}
	n, _ := strconv.Atoi(m[1])
	url, err := eval[string](ctx, s.t, "dataURL", n)
	if err != nil || len(url) > maxPicture*4/3+200 {
		return
	}
	if body, mime, ok := inlineBytes(url); ok && len(body) > smallestPicture {
		s.store(name, body, mime)
	}
}

// smallestPicture is the size of the stand-ins that pages show until the picture itself has come.
const smallestPicture = 100

// store writes a picture and remembers it under its address.
func (s *shooter) store(url string, body []byte, claimed string) {
	k := &s.media
	kind, ok := sniffPicture(body, claimed)
	if !ok {
		k.settle(url, keptPicture{failed: true})
		return
	}
	sum := digest(body)
	p := keptPicture{Media: Media{SHA256: sum, Path: "media/" + sum[:32] + "." + kind.ext, MIME: kind.mime, Bytes: int64(len(body)), W: kind.w, H: kind.h}}
	k.mu.Lock()
	have, full := k.files[p.Path], s.limits.Bytes > 0 && k.bytes+int64(len(body)) > s.limits.Bytes
	k.full = k.full || full && !have
	k.mu.Unlock()
	if full && !have {
		return
	}
	if !have {
		if err := os.WriteFile(filepath.Join(s.dir, p.Path), body, 0o600); err != nil {
			k.mu.Lock()
			k.err = errors.Join(k.err, fmt.Errorf("cannot keep a picture: %w; check that the disk has room", err))
			k.mu.Unlock()
			return
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if !have {
		k.files[p.Path] = true
		k.bytes += int64(len(body))
	}
	k.kept[url] = p
}

func (k *mediaKeeper) settle(url string, p keptPicture) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept[url] = p
}

// seenPicture is a picture's answer as the browser received it.
type seenPicture struct {
	id     network.RequestID
	url    string // with its secrets: it is only ever asked of the browser
	mime   string
	failed string
	size   int64 // as the server says; 0 is unknown
	twin   bool  // another picture's address looks the same without its secrets
}

func (p seenPicture) address(shown string) string {
	if p.url != "" {
		return p.url
	}
	return shown
}

// picture remembers a picture's answer by its address as it is kept. The caller holds the lock.
func (n *netwatch) picture(ev *network.EventResponseReceived) {
	const most = 50_000
	r := ev.Response
	if ev.Type != network.ResourceTypeImage || !strings.HasPrefix(r.URL, "http") || len(n.pictures) >= most {
		return
	}
	p := seenPicture{id: ev.RequestID, url: r.URL, mime: r.MimeType}
	for k, v := range r.Headers {
		if s, ok := v.(string); ok && strings.EqualFold(k, "content-length") {
			p.size, _ = strconv.ParseInt(s, 10, 64)
		}
	}
	if r.Status >= 400 {
		p.failed = "http-" + strconv.Itoa(int(r.Status))
		if len(n.failed) < 1000 {
			n.failed[r.URL] = p.failed
		}
	}
	shown := withoutSecrets(r.URL)
	if before, ok := n.pictures[shown]; ok {
		p.twin = before.twin || before.url != p.url
	}
	n.pictures[shown] = p
}

func (n *netwatch) seen(url string) (seenPicture, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p, ok := n.pictures[url]
	return p, ok
}

// lost adds a picture that could not be had to the resources that failed.
func (n *netwatch) lost(url, why string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.failed) < 1000 && n.failed[url] == "" {
		n.failed[url] = why
	}
}
