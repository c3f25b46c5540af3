package capture

import (
	"strings"
	"testing"
)

func TestAddressesLoseTheirSecrets(t *testing.T) {
	const planted = "hemligt123"
	for _, c := range []struct{ in, want string }{
		{"https://example.org/a/b", "https://example.org/a/b"},
		{"https://user:hemligt123@example.org/a", "https://example.org/a"},
		{"https://example.org/?id=7&access_token=hemligt123&page=2", "https://example.org/?id=7&access_token=-&page=2"},
		{"https://example.org/?X-Amz-Signature=hemligt123", "https://example.org/?X-Amz-Signature=-"},
		{"https://example.org/?x-amz-credential=hemligt123&b=1", "https://example.org/?x-amz-credential=-&b=1"},
		{"https://example.org/?session%49d=hemligt123", "https://example.org/?session%49d=-"},
		{"https://example.org/?q=%zz&pwd=hemligt123", "https://example.org/?q=%zz&pwd=-"},
		{"https://example.org/cb#access_token=hemligt123&x=1", "https://example.org/cb#access_token=-&x=1"},
		{"https://example.org/?story_fbid=1&id=2", "https://example.org/?story_fbid=1&id=2"},
		{"https://example.org/page#part-3", "https://example.org/page#part-3"},
		{"http://[bad/?token=hemligt123", "http://[bad/"},
		{"http://[bad/#access_token=hemligt123", "http://[bad/"},
		{"https://user:hemligt123@[bad/a", "https://[bad/a"},
		{"#?%", ""},
	} {
		got := withoutSecrets(c.in)
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.in, got, c.want)
		}
		if strings.Contains(got, planted) {
			t.Errorf("%s: the secret is still in %s", c.in, got)
		}
	}
}

func TestHeadersAreKeptByName(t *testing.T) {
	got := withoutSecretHeaders(map[string]any{"Set-Cookie": "sid=hemligt123", "Authorization": "Bearer hemligt123", "X-Request-Id": "abc",
		"Content-Type": "text/html", "Location": "https://example.org/?token=hemligt123", "ETag": strings.Repeat("x", 2000), "Date": 7})
	for k, v := range got {
		if strings.Contains(v, "hemligt123") {
			t.Errorf("%s: %s", k, v)
		}
	}
	if got["content-type"] != "text/html" || got["location"] != "https://example.org/?token=-" || len(got["etag"]) > 510 {
		t.Errorf("kept %v", got)
	}
	for _, k := range []string{"set-cookie", "authorization", "x-request-id", "date"} {
		if _, ok := got[k]; ok {
			t.Errorf("%s was kept", k)
		}
	}
}

func TestWithoutSecretPairs(t *testing.T) {
	for in, want := range map[string]string{
		`{"url":"https://a.example/?api_key=x1&page=2"}`:                    `{"url":"https://a.example/?api_key=-&page=2"}`,
		`{"url":"https:\/\/anna:x2@a.example\/b?c=d\u0026token=x3#sig=x4"}`: `{"url":"https:\/\/a.example\/b?c=d\u0026token=-#sig=-"}`,
		`{"@type":"Person","email":"a@example.org","n":"a=b"}`:              `{"@type":"Person","email":"a@example.org","n":"a=b"}`,
	} {
		if got := withoutSecretPairs(in); got != want {
			t.Errorf("%s became %s", in, got)
		}
	}
}
