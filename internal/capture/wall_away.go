package capture

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
)

// lackCut says that the connection was lost while the document came, where it was: what came before is kept.
func (t *tab) lackCut(c *Capture) {
	_, _, _, broke := t.net.state()
	if broke == "" || strings.Contains(broke, "ERR_ABORTED") || strings.Contains(broke, "ERR_BLOCKED") { // which are our own doing
		return
	}
	c.cutOff(broke)
}

// lackEnd says that the document ends in the middle although nothing was lost on the way: it was cut before it was sent, or it is no XML although it says so.
func (t *tab) lackEnd(ctx context.Context, c *Capture, look pageLook) {
	if look.Broken {
		c.cutOff("XML")
	} else if endsEarly(t.source(ctx)) {
		c.cutOff("</html>")
	}
}

func (c *Capture) cutOff(why string) {
	c.lack("page-cut", "Sidan bröts av innan den kommit hela vägen ("+why+"); det som kom är fångat.", "The page broke off before all of it had come ("+why+"); what came was captured.")
}

// source is the document as its server sent it; empty where the browser does not give it.
func (t *tab) source(ctx context.Context) string {
	t.net.mu.Lock()
	id, doc := t.net.docID, t.net.document
	t.net.mu.Unlock()
	if doc == nil || doc.MimeType != "text/html" {
		return ""
	}
	res, err := cdp.Call(ctx, t.s, network.GetResponseBody, network.GetResponseBodyParams{RequestID: network.RequestID(id)})
	if err != nil {
		return ""
	}
	return string(res.Body)
}

var (
	pairedTags = regexp.MustCompile(`(?i)<(/?)(main|section|article|header|footer|nav|aside|div|table|ul|ol|form|script|style)\b`)
	endTags    = regexp.MustCompile(`(?i)</(?:body|html)\s*>`)
	innerTexts = regexp.MustCompile(`(?is)<script\b.*?</script\s*>|<style\b.*?</style\s*>|<textarea\b.*?</textarea\s*>|<!--.*?-->`) // in which tags are none
)

// endsEarly says that the source of a page ends in the middle: without its end, in a tag or in elements that no author leaves open.
func endsEarly(source string) bool {
	const most = 1 << 20
	if source == "" || len(source) > most || endTags.MatchString(source) {
		return false
	}
	end := strings.TrimSpace(source)
	if i := strings.LastIndexByte(end, '<'); i > strings.LastIndexByte(end, '>') && i < len(end)-1 && (end[i+1] == '/' || end[i+1]|0x20 >= 'a' && end[i+1]|0x20 <= 'z') {
		return true
	}
	if !strings.Contains(strings.ToLower(source), "<body") {
		return false // it was never written out
	}
	open := 0
	for _, m := range pairedTags.FindAllStringSubmatch(innerTexts.ReplaceAllString(source, ""), -1) {
		if m[1] == "" {
			open++
		} else {
			open--
		}
	}
	return open > 0
}

// lackAll says what is missing of a page that shows no posts: it may not be what was asked for at all.
func (t *tab) lackAll(ctx context.Context, c *Capture, p Page, doubt string) error {
	w, _, err := t.lookForWall(ctx, "barrier")
	if err != nil {
		return err
	}
	if v, ok := w.verdict(); ok { // it came while the page was photographed
		c.lack("wall", "En vägg kom över sidan medan den fångades: "+v.text.SV, "A wall came over the page while it was captured: "+v.text.EN)
	}
	t.lackLeft(c)
	if doubt != "" {
		c.lack("says-otherwise", "Sidan visar inga inlägg och säger ”"+clip(doubt, 150)+"”; den kan vara något annat än kontot. Titta på bilden av den.", "The page shows no posts and says “"+clip(doubt, 150)+"”; it may be something else than the account. Look at its picture.")
	}
	if err := t.lackContent(ctx, c, p); err != nil {
		return err
	}
	return t.lackAccount(ctx, c)
}

// countsPosts reports whether the page counts posts of the account, of which it may show none.
func (t *tab) countsPosts(ctx context.Context) bool {
	n, err := eval[*int](ctx, t, "claim")
	return err == nil && n != nil && *n > 0
}

// lackContent says that a page that shows little is still waiting for what it should show, or says itself that this did not come.
func (t *tab) lackContent(ctx context.Context, c *Capture, p Page) error {
	const little = 1500
	said := 0
	for _, b := range p.Blocks {
		said += len(b.Text)
	}
	if said > little {
		return nil
	}
	state, err := eval[string](ctx, t, "unfinished")
	if err != nil {
		return err
	}
	o, err := eval[outlook](ctx, t, "outlook")
	if err != nil {
		return err
	}
	if state == "busy" || o.Broke || t.net.faulty() || len(c.Posts) == 0 && t.countsPosts(ctx) {
		c.lack("content-missing", "Sidan visar inte sitt innehåll: den laddar fortfarande, eller så svarade tjänsten bakom den med ett fel.", "The page does not show its content: it is still loading, or the service behind it answered with a fault.")
	}
	return nil
}

// whereNow tells where the visit has come to, now that the page may go nowhere: a script may have sent its visitor on after the facts were gathered.
// bad says that the page's server refused that.
func (t *tab) whereNow(ctx context.Context, c *Capture) (bad bool, err error) {
	if now, _ := t.net.showing(); now != t.net.factsOf {
		if c.Facts, err = t.facts(ctx, c.Job.URL); err != nil {
			return false, err
		}
		if v, bad := byStatus(c.Facts.Status, c.Facts.Headers, t.b.o.Now()); bad {
			c.judge(v)
			return true, nil
		}
	}
	if c.Job.Evidence == nil {
		c.lackMoved()
	}
	return false, nil
}

// startPath tells the address of a site's start page, in one of its languages too.
var startPath = regexp.MustCompile(`(?i)^/*(?:[a-z]{2}(?:[-_][a-z]{2})?/*)?(?:(?:index|default|home|start|hem|startsida)(?:\.\w{2,5})?/*)?$`)

// nowherePath tells the address of a page that a site shows in the place of one that it does not have.
var nowherePath = regexp.MustCompile(`(?i)(?:^|/)(?:s[oö]k(?:resultat)?|search|sog|søk|haku|suche|404|error(?:[-_]?404)?|fel(?:sida)?|not-?found)(?:\.\w{2,5})?$`)

// lackMoved says that another address than the wanted one was shown in the end. A start page in the place of one that lay deeper is not what
// was asked for.
func (c *Capture) lackMoved() {
	wanted, errA := url.Parse(c.Facts.RequestedURL)
	final, errB := url.Parse(c.Facts.FinalURL)
	if errA != nil || errB != nil || wanted.Host == "" || final.Host == "" {
		return
	}
	from, to := strings.ToLower(strings.Trim(wanted.Path, "/")), strings.ToLower(strings.Trim(final.Path, "/"))
	routed := strings.HasPrefix(final.Fragment, "/") || strings.HasPrefix(final.Fragment, "!")
	switch {
	case startPath.MatchString(wanted.Path), from == to, routed, strings.HasPrefix(strings.ToLower(final.Hostname()), name(from)+"."):
	case nowherePath.MatchString(to) && !nowherePath.MatchString(from):
		c.lack("moved-away", "Adressen ledde till en sök- eller felsida ("+c.Facts.FinalURL+") i stället för till det som skulle fångas; kontot kan ha flyttat eller tagits bort.",
			"The address led to a search or error page ("+c.Facts.FinalURL+") and not to what should be captured; the account may have moved or been removed.")
	case startPath.MatchString(final.Path) && final.RawQuery == "":
		c.lack("moved-home", "Adressen ledde till en startsida ("+c.Facts.FinalURL+") i stället för till det som skulle fångas; kontot kan ha flyttat eller tagits bort.",
			"The address led to a start page ("+c.Facts.FinalURL+") and not to what should be captured; the account may have moved or been removed.")
	case !slices.ContainsFunc(strings.Split(to, "/"), func(part string) bool { return name(part) == name(from) }):
		c.lack("moved", "Adressen ledde vidare till "+c.Facts.FinalURL+"; det är den sidan som är fångad.", "The address led on to "+c.Facts.FinalURL+"; that is the page that was captured.")
	}
}

// name is the last part of a path, without what marks it as an account or a kind of file.
func name(path string) string {
	path = path[strings.LastIndexByte(path, '/')+1:]
	path, _, _ = strings.Cut(strings.TrimLeft(path, "@~"), ".")
	return path
}
