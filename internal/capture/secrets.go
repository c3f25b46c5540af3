package capture

import (
	"net/url"
	"regexp"
	"strings"
)

// secretParam tells query parameters that carry credentials rather than name a page.
var secretParam = regexp.MustCompile(`(?i)(^|[_\-.])(token|access|auth|authorization|secret|sig|signature|session|sessionid|sid|password|passwd|pwd|pass|apikey|api_key|key|jwt|code|ticket|credential|hmac|hash_key|oauth|bearer|csrf|xsrf|state|nonce|otp)([_\-.]|$)|token$|secret$|^x-amz-`)

// withoutSecrets gives an address fit for keeping: no user and password, values of secret-looking query parameters and
// fragments masked. What does not parse as an address is cut at its query or fragment, and loses what stands where a user would.
func withoutSecrets(raw string) string {
	if !strings.ContainsAny(raw, "?#@") {
		return raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		rest := userPart.ReplaceAllString(raw, "$1")
		if i := strings.IndexAny(raw, "?#"); i >= 0 {
			rest = raw[:i]
		}
		if rest == raw {
			return raw
		}
		return withoutSecrets(rest)
	}
	u.User = nil
	u.RawQuery = maskPairs(u.RawQuery)
	if strings.Contains(u.Fragment, "=") {
		u.RawFragment = ""
		u.Fragment = maskPairs(u.Fragment)
	}
	return u.String()
}

// userPart is what stands before the host of something that is not quite an address.
var userPart = regexp.MustCompile(`((?:^|:)//)[^/]*@`)

// maskPairs keeps order and spelling of name=value pairs and masks the secret ones.
func maskPairs(q string) string {
	if q == "" {
		return q
	}
	parts := strings.Split(q, "&")
	for i, p := range parts {
		name, _, ok := strings.Cut(p, "=")
		dec, err := url.QueryUnescape(name)
		if ok && (err != nil || secretParam.MatchString(dec)) {
			parts[i] = name + "=-"
		}
	}
	return strings.Join(parts, "&")
}

// pairs and users find the secret-looking parts of addresses inside other text, JSON's spelling of them included.
var (
	pairs = regexp.MustCompile(`([?&#;]|\\u0026|&amp;)([^=&?#;\s"'<>\\]{1,80})=([^&#;\s"'<>\\]+)`)
	users = regexp.MustCompile(`(:(?:\\?/){2})[^/\\?#\s"'<>@]+@`)
)

// withoutSecretPairs masks what withoutSecrets would, in addresses that stand inside a text.
func withoutSecretPairs(text string) string {
	text = users.ReplaceAllString(text, "$1")
	return pairs.ReplaceAllStringFunc(text, func(p string) string {
		m := pairs.FindStringSubmatch(p)
		name, err := url.QueryUnescape(m[2])
		if err == nil && !secretParam.MatchString(name) {
			return p
		}
		return m[1] + m[2] + "=-"
	})
}

// keptHeaders are the response headers that say something about the page and nothing about a person.
var keptHeaders = map[string]bool{
	"content-type": true, "content-language": true, "content-length": true, "content-encoding": true, "date": true, "last-modified": true,
	"etag": true, "expires": true, "cache-control": true, "server": true, "x-powered-by": true, "x-robots-tag": true, "retry-after": true,
	"location": true, "link": true, "vary": true, "age": true, "via": true, "x-frame-options": true, "strict-transport-security": true,
}

// withoutSecretHeaders keeps the headers of the list above, in lower case; addresses in them lose their secrets.
func withoutSecretHeaders(h map[string]any) map[string]string {
	out := map[string]string{}
	for k, v := range h {
		k = strings.ToLower(k)
		s, ok := v.(string)
		if !ok || !keptHeaders[k] {
			continue
		}
		if k == "location" || k == "link" {
			s = withoutSecrets(s)
		}
		out[k] = clip(s, 500)
	}
	return out
}
