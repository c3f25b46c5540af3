package sip_test

import (
	"strings"
	"testing"

	"arsring/internal/sip"
)

func TestRedactURL(t *testing.T) {
	for in, want := range map[string]string{
		// What is secret goes.
		"https://anna:hemligt@host.example/a":                     "https://host.example/a",
		"https://anna@host.example":                               "https://host.example",
		"https://x.example/?token=abc":                            "https://x.example/?token=***",
		"https://x.example/p?a=1&access_token=abc&b=2#top":        "https://x.example/p?a=1&access_token=***&b=2#top",
		"https://x.example/p?a=1;SIG=abc;b=2":                     "https://x.example/p?a=1;SIG=***;b=2",
		"https://x.example/p?X-Amz-Signature=abc&X-Amz-Date=1":    "https://x.example/p?X-Amz-Signature=***&X-Amz-Date=1",
		"https://x.example/p?user%5Bpassword%5D=abc":              "https://x.example/p?user%5Bpassword%5D=***",
		"https://x.example/p?lösenord=abc&l%C3%B6senord=d":        "https://x.example/p?lösenord=***&l%C3%B6senord=***",
		"https://x.example/p;jsessionid=A1B2/q;v=1?x=y":           "https://x.example/p;jsessionid=***/q;v=1?x=y",
		"https://x.example/?PHPSESSID=abc&session=1&sessionId=2":  "https://x.example/?PHPSESSID=***&session=***&sessionId=***",
		"https://x.example/#access_token=abc&state=s":             "https://x.example/#access_token=***&state=s",
		"https://x.example/#/route?token=abc&tab=2":               "https://x.example/#/route?token=***&tab=2",
		"https://x.example/?next=https%3A%2F%2Fy%2F%3Ftoken%3Dab": "https://x.example/?next=https%3A%2F%2Fy%2F%3Ftoken%3D%2A%2A%2A",
		"https://x.example/?next=token%3Dabc":                     "https://x.example/?next=token%3D%2A%2A%2A",
		"https://x.example/?a=eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbg":   "https://x.example/?a=***",
		"https://x.example/reset/eyJhbGciOiJI.eyJzdWIiOiIx.c2ln/": "https://x.example/reset/***/",
		"https://x.example/?code=4f9a8b7c6d5e4f3a2b1c0d9e&x=1":    "https://x.example/?code=***&x=1",
		"//anna:hemligt@host.example/a":                           "//host.example/a",
		"/login?pwd=abc":                                          "/login?pwd=***",
		// What makes a permalink work stays, byte for byte.
		"https://social.example/permalink.php?story_fbid=pfbid02&id=1000&set=a.1": "",
		"https://video.example/watch?v=dQw4w9WgXcQ&list=PL1&t=42s&lc=Ugx":         "",
		"https://masto.example/@kommunen/114000000000000001":                      "",
		"https://masto.example/@anna@other.example/1":                             "",
		"https://net.example/feed/update/urn:li:activity:7123456789/":             "",
		"https://x.example/?code=SE&key=2&state=open&sid=42&ticket=7":             "",
		"https://x.example/?q=å+ä%20ö&empty=&flag&&=x#del-2":                      "",
		"https://x.example/?s=en+lang+sokning+efter+nagot":                        "",
		"mailto:anna@kommun.example":                                              "",
		"data:image/png;base64,iVBORw0KGgo=":                                      "",
		"javascript:void(0)":                                                      "",
		"https://[::1":                                                            "",
		"":                                                                        "",
	} {
		if want == "" {
			want = in
		}
		if got := sip.RedactURL(in); got != want {
			t.Errorf("RedactURL(%q)\n got %q\nwant %q", in, got, want)
		}
		if again := sip.RedactURL(want); again != want {
			t.Errorf("RedactURL is not stable: %q becomes %q", want, again)
		}
	}
}

func TestRedactText(t *testing.T) {
	for in, want := range map[string]string{
		`refused https://a:b@x.example/?token=abc (private)`:             `refused https://x.example/?token=*** (private)`,
		`{"url":"https:\/\/a:b@x.example\/?q=1&sig=abc","n":1}`:          `{"url":"https:\/\/x.example\/?q=1&sig=***","n":1}`,
		`{"url":"https://x.example/?q=1\u0026token=abc\u0026b=2"}`:       `{"url":"https://x.example/?q=1\u0026token=***\u0026b=2"}`,
		`<a href="/p?a=1&amp;token=abc">`:                                `<a href="/p?a=1&amp;token=***">`,
		`Authorization: Bearer abcdefghijklmnop`:                         `Authorization: Bearer ***`,
		`two: https://x.example/?pass=1, https://y.example/?pass=2`:      `two: https://x.example/?pass=*** https://y.example/?pass=***`,
		`Nothing to hide: 3 posts at 10:30, price=3; see x.example?a=b.`: `Nothing to hide: 3 posts at 10:30, price=3; see x.example?a=b.`,
	} {
		if got := sip.RedactText(in); got != want {
			t.Errorf("RedactText(%q)\n got %q\nwant %q", in, got, want)
		}
	}
}

func FuzzRedactURL(f *testing.F) {
	f.Add("https://a:b@x.example/p;jsessionid=1?token=2#sig=3")
	f.Add("https://x.example/?next=https%3A%2F%2Fy%2F%3Ftoken%3Dab")
	f.Fuzz(func(t *testing.T, s string) {
		once := sip.RedactURL(s + "&token=PLANTED")
		if strings.ContainsAny(s, "?#") && !strings.ContainsAny(s, "&;") && strings.Contains(once, "token=PLANTED") {
			t.Errorf("%q keeps the token: %q", s, once)
		}
	})
}
