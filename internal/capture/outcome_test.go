package capture

import (
	"strings"
	"testing"
	"time"
)

var judged = time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC)

func TestStatusDecidesTheOutcome(t *testing.T) {
	for _, c := range []struct {
		status  int
		outcome Outcome
		code    string
	}{
		{404, NotFound, "http-404"}, {410, NotFound, "http-410"}, {401, LoginWall, "http-401"}, {407, LoginWall, "http-407"}, {403, Blocked, "http-403"},
		{429, Blocked, "rate-limited"}, {451, Blocked, "geo-blocked"}, {500, Unreachable, "http-500"}, {503, Unreachable, "http-503"}, {418, Blocked, "http-418"},
	} {
		v, bad := byStatus(c.status, nil, judged)
		if !bad || v.outcome != c.outcome || v.code != c.code || v.text.SV == "" || v.text.EN == "" {
			t.Errorf("%d: %v %+v", c.status, bad, v)
		}
		if strings.Contains(v.text.SV, "försök görs") || strings.Contains(v.text.EN, "is tried again") {
			t.Errorf("%d: a snapshot that a person takes is in no queue: %+v", c.status, v.text)
		}
		if v.outcome.Kept() {
			t.Errorf("%d would be kept as if it were the page", c.status)
		}
	}
	for _, s := range []int{0, 200, 204, 304} {
		if _, bad := byStatus(s, nil, judged); bad {
			t.Errorf("%d is judged bad", s)
		}
	}
}

func TestRetryAfterInBothForms(t *testing.T) {
	for h, want := range map[string]time.Time{"120": judged.Add(2 * time.Minute), "Thu, 15 Oct 2026 09:00:00 GMT": judged.Add(time.Hour)} {
		v, _ := byStatus(429, map[string]string{"retry-after": h}, judged)
		if v.retryAfter == nil || !v.retryAfter.Equal(want) {
			t.Errorf("%s: %v", h, v.retryAfter)
		}
	}
	for _, h := range []string{"", "-5", "soon"} {
		if v, _ := byStatus(503, map[string]string{"retry-after": h}, judged); v.retryAfter != nil {
			t.Errorf("%q: %v", h, v.retryAfter)
		}
	}
}

func TestNetworkErrorsAreNamed(t *testing.T) {
	for _, c := range []struct{ chrome, proxy, code string }{
		{"net::ERR_NAME_NOT_RESOLVED", "", "dns"}, {"net::ERR_TUNNEL_CONNECTION_FAILED", "dns", "dns"},
		{"net::ERR_TUNNEL_CONNECTION_FAILED", "private-address", "private-address"}, {"net::ERR_CONNECTION_REFUSED", "", "refused"},
		{"net::ERR_TUNNEL_CONNECTION_FAILED", "refused", "refused"}, {"net::ERR_TIMED_OUT", "", "timeout"}, {"net::ERR_CONNECTION_TIMED_OUT", "", "timeout"},
		{"net::ERR_CERT_DATE_INVALID", "closed", "tls"}, {"net::ERR_SSL_PROTOCOL_ERROR", "", "tls"}, {"net::ERR_TOO_MANY_REDIRECTS", "", "too-many-redirects"},
		{"net::ERR_EMPTY_RESPONSE", "", "closed"}, {"net::ERR_ABORTED", "download", "download"}, {"net::ERR_HTTP2_PROTOCOL_ERROR", "", "http2-protocol-error"}, {"", "", "unknown"},
	} {
		v := byNetError(c.chrome, c.proxy, "sida.example.org")
		if v.code != c.code || v.outcome != Unreachable || v.text.SV == "" || v.text.EN == "" {
			t.Errorf("%s, %s: %+v", c.chrome, c.proxy, v)
		}
		if c.code == "dns" && !strings.Contains(v.text.SV, "sida.example.org") {
			t.Errorf("the sentence does not name the host: %s", v.text.SV)
		}
	}
}
