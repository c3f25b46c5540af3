package capture

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
)

// What a page writes into an address is not held for as long as the request is open.
func TestAddressesThatHoldTheirContent(t *testing.T) {
	long := "https://a.example/?" + strings.Repeat("x", 5000)
	n := &netwatch{now: time.Now, open: map[string]request{}}
	for id, address := range map[string]string{"1": "data:image/png;base64," + strings.Repeat("å", 1<<20), "2": "data:text/plain,Hej", "3": long} {
		n.sent(&network.EventRequestWillBeSent{RequestID: network.RequestID(id), Request: &network.Request{URL: address}}, "")
	}
	if got := n.open["1"].url; len(got) > 200 || !strings.HasPrefix(got, "data:image/png;base64,å") {
		t.Errorf("kept %d bytes: %.50s", len(got), got)
	}
	if n.open["2"].url != "data:text/plain,Hej" || n.open["3"].url != long {
		t.Errorf("kept %.60s and %.60s", n.open["2"].url, n.open["3"].url)
	}
}

// What is cut is cut at a character, however long it was.
func TestClip(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"", 3, ""}, {"åäö", 3, "åäö"}, {"åäöå", 3, "åä…"}, {strings.Repeat("😀", 1000), 3, "😀😀…"}, {strings.Repeat("x", 17), 3, "xx…"}, {strings.Repeat("😀", 4), 4, "😀😀😀😀"}} {
		if got := clip(c.in, c.n); got != c.want {
			t.Errorf("%.20q to %d: %q, want %q", c.in, c.n, got, c.want)
		}
	}
}
