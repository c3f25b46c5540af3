package capture

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// verdict is an outcome with its finer code and the sentences for people.
type verdict struct {
	outcome    Outcome
	code       string
	text       Text
	retryAfter *time.Time
}

// byStatus judges the document's HTTP status; ok is false when the status is fine.
func byStatus(status int, headers map[string]string, now time.Time) (verdict, bool) {
	s := strconv.Itoa(status)
	v := verdict{code: "http-" + s}
	switch {
	case status < 400:
		return v, false
	case status == 404 || status == 410:
		v.outcome = NotFound
		v.text = Text{"Sidan finns inte (svar " + s + "). Kontrollera adressen, eller om kontot har tagits bort.", "The page does not exist (status " + s + "). Check the address, or whether the account was removed."}
	case status == 401 || status == 407:
		v.outcome = LoginWall
		v.text = Text{"Sidan kräver inloggning (svar " + s + ").", "The page asks for a login (status " + s + ")."}
	case status == 429:
		v.outcome, v.code = Blocked, "rate-limited"
		v.text = Text{"Plattformen säger att det blev för många förfrågningar (svar 429). Vänta en stund före nästa försök.", "The platform says there were too many requests (status 429). Wait a while before the next attempt."}
	case status == 451:
		v.outcome, v.code = Blocked, "geo-blocked"
		v.text = Text{"Sidan visas inte av rättsliga skäl eller inte i detta land (svar 451).", "The page is not shown for legal reasons or not in this country (status 451)."}
	case status >= 500:
		v.outcome = Unreachable
		v.text = Text{"Sidans server svarade med ett fel (" + s + "). Vänta en stund före nästa försök.", "The page's server answered with an error (" + s + "). Wait a while before the next attempt."}
	default:
		v.outcome = Blocked
		v.text = Text{"Sidans server nekade förfrågan (svar " + s + " " + http.StatusText(status) + ").", "The page's server refused the request (status " + s + " " + http.StatusText(status) + ")."}
	}
	v.retryAfter = retryAfter(headers["retry-after"], now)
	return v, true
}

// retryAfter reads the header in both of its forms (RFC 9110, 10.2.3); nil when there is none.
func retryAfter(h string, now time.Time) *time.Time {
	if h == "" {
		return nil
	}
	if n, err := strconv.Atoi(h); err == nil && n >= 0 {
		t := now.Add(time.Duration(n) * time.Second)
		return &t
	}
	if t, err := http.ParseTime(h); err == nil {
		return &t
	}
	return nil
}

// byNetError names why no document came. cause is the proxy's code for the host when it has one, which outranks Chrome's
// own error: Chrome only sees that the proxy said no.
func byNetError(netErr, cause, host string) verdict {
	code := cause
	if code == "" || strings.HasPrefix(netErr, "net::ERR_CERT") || strings.HasPrefix(netErr, "net::ERR_SSL") {
		code = netErrorCode(netErr)
	}
	v := verdict{outcome: Unreachable, code: code}
	switch code {
	case "dns":
		v.text = Text{"Namnet " + host + " finns inte i DNS.", "The name " + host + " does not exist in DNS."}
	case "refused":
		v.text = Text{"Servern " + host + " tog inte emot anslutningen.", "The server " + host + " refused the connection."}
	case "timeout":
		v.text = Text{"Servern " + host + " svarade inte i tid.", "The server " + host + " did not answer in time."}
	case "tls":
		v.text = Text{"Den krypterade anslutningen till " + host + " kunde inte godkännas (" + netErr + ").", "The encrypted connection to " + host + " could not be trusted (" + netErr + ")."}
	case "private-address":
		v.text = Text{"Adressen " + host + " ligger i ett privat nät och är inte tillåten. Tillåt den med capture.allow_private om den ska arkiveras.",
			"The address " + host + " is in a private network and not allowed. Allow it with capture.allow_private if it is to be kept."}
	case "port":
		v.text = Text{"Porten i adressen " + host + " är inte tillåten. Tillåt den med capture.allow_private om den ska arkiveras.",
			"The port in the address " + host + " is not allowed. Allow it with capture.allow_private if it is to be kept."}
	case "too-many-redirects":
		v.text = Text{"Sidan skickar besökaren runt i en ring av omdirigeringar.", "The page sends its visitor round in a circle of redirects."}
	case "download":
		v.text = Text{"Adressen ger en fil att ladda ner, ingen sida.", "The address gives a file to download, not a page."}
	default:
		v.text = Text{fmt.Sprintf("Sidan på %s gick inte att öppna (%s).", host, netErr), fmt.Sprintf("The page at %s could not be opened (%s).", host, netErr)}
	}
	return v
}

// netErrorCode groups Chrome's network errors into ours.
func netErrorCode(e string) string {
	e = strings.TrimPrefix(e, "net::")
	switch {
	case strings.HasPrefix(e, "ERR_NAME_NOT_RESOLVED"), strings.HasPrefix(e, "ERR_NAME_RESOLUTION_FAILED"):
		return "dns"
	case strings.HasPrefix(e, "ERR_CONNECTION_REFUSED"):
		return "refused"
	case strings.Contains(e, "TIMED_OUT"):
		return "timeout"
	case strings.HasPrefix(e, "ERR_CERT"), strings.HasPrefix(e, "ERR_SSL"):
		return "tls"
	case strings.HasPrefix(e, "ERR_TOO_MANY_REDIRECTS"):
		return "too-many-redirects"
	case strings.HasPrefix(e, "ERR_EMPTY_RESPONSE"), strings.HasPrefix(e, "ERR_CONNECTION_RESET"), strings.HasPrefix(e, "ERR_CONNECTION_CLOSED"):
		return "closed"
	case e == "":
		return "unknown"
	}
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(e, "ERR_"), "_", "-"))
}

var (
	blankVerdict = verdict{outcome: Blank, code: "blank",
		text: Text{"Sidan var tom: ingen text och inga bilder visades.", "The page was blank: no text and no pictures were shown."}}
	crashVerdict = verdict{outcome: Failed, code: "crash",
		text: Text{"Webbläsaren kraschade medan sidan visades.", "The browser crashed while the page was shown."}}
	timeoutVerdict = verdict{outcome: Unreachable, code: "timeout",
		text: Text{"Sidan blev inte klar i tid.", "The page was not ready in time."}}
)
