package sites

import (
	"io"
	"net/http"
)

// consents are feeds behind consent dialogs, in the manner of the common ones: each kind has its own markup and labels.
func consents() []*spec {
	var out []*spec
	for _, k := range [][2]string{
		{"necessary", "Consent dialog with “Endast nödvändiga” beside “Tillåt alla”, overlay and scroll lock."},
		{"reject", "Consent bar with “Avvisa alla”, overlay and scroll lock."},
		{"settings", "Consent dialog with only “Godkänn”; refusing lies behind “Inställningar”."},
		{"only", "Consent dialog with only “Godkänn”: it can be hidden, never refused."},
		{"iframe", "Consent dialog in an iframe, refused by “Fortsätt utan att acceptera”."},
		{"shadow", "Consent dialog in a shadow root, refused by “Neka”."},
	} {
		out = append(out, variant("consent-"+k[0], k[1], func(s *spec) { s.consent, s.own, s.serve = k[0], Options{Posts: 20}, serveConsent }))
	}
	return out
}

// Consent is the kind of consent dialog, empty for none.
func (s *spec) Consent() string { return s.consent }

// serveConsent answers with the dialog's own frame, and records (POST) or lists (GET) at /<site>/consent what was chosen.
func serveConsent(c *call) bool {
	switch c.rest {
	case "_/consent":
		c.html(http.StatusOK, c.render("consentFrame", c.page(c.feed())))
	case "_/consent.css":
		c.w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = io.WriteString(c.w, mustAsset("assets/consent.css")) // the visitor went away
	case "consent":
		c.choose()
	default:
		return false
	}
	return true
}

func (c *call) choose() {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	if c.r.Method == http.MethodPost {
		c.srv.chosen[c.spec.name] = append(c.srv.chosen[c.spec.name], c.r.URL.Query().Get("choice"))
		c.w.WriteHeader(http.StatusNoContent)
		return
	}
	c.json(append([]string{}, c.srv.chosen[c.spec.name]...))
}
