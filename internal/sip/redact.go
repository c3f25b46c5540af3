package sip

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// mask stands where a secret was. It is legal in every part of an address.
const mask = "***"

// secretParts are what a parameter's name contains when its value lets its bearer in somewhere. Names are compared
// in lower case, with letters and digits only.
var secretParts = []string{
	"token", "secret", "passw", "passphrase", "pwd", "lösenord", "losenord", "credential", "signature", "session", "sessid",
	"apikey", "accesskey", "authkey", "privatekey", "bearer", "jwt", "csrf", "xsrf", "wpnonce", "fbdtsg", "samlre", "samlart",
}

// secretNames are whole names of such parameters.
var secretNames = map[string]bool{
	"sig": true, "pass": true, "auth": true, "authorization": true, "hmac": true, "otp": true, "assertion": true,
	"oauth": true, "cookie": true, "xs": true, "lsd": true, "cft0": true, "cft": true, "hdnea": true, "hdnts": true,
}

// maybeSecret are names that mean a session on some sites and a plain number on others: the length of the value decides.
var maybeSecret = map[string]bool{"sid": true, "ticket": true, "nonce": true, "key": true, "state": true, "code": true}

// longSecret is from how many characters a value of a maybeSecret parameter is taken for a secret.
const longSecret = 20

var (
	jwtPattern      = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*`)
	userinfoPattern = regexp.MustCompile(`((?:^|:)(?:\\?/){2})[^/\\?#\s"'<>@]*(?:@[^/\\?#\s"'<>@]*)*@`)
	addressPattern  = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s"'<>\\]+`)
	pairPattern     = regexp.MustCompile(`([?&;#]|\\u0026)([^=&?#;\s"'<>\\]{1,80})=([^&#;\s"'<>\\]+)`)
	bearerPattern   = regexp.MustCompile(`(?i)\b(bearer\s+)[A-Za-z0-9._~+/=-]{12,}`)
)

// RedactURL masks what is secret in an address: user name and password before the host, and the values of
// parameters whose names say password, token, session, signature and the like, in query, fragment, path parameters
// and addresses nested in parameters. Everything else is kept byte for byte, so that permalinks still work.
func RedactURL(s string) string { return redactURL(s, 4) }

func redactURL(s string, depth int) string {
	if depth == 0 || s == "" {
		return s
	}
	s = userinfoPattern.ReplaceAllString(s, "$1")
	rest, fragment, hasFragment := strings.Cut(s, "#")
	rest, query, hasQuery := strings.Cut(rest, "?")
	rest = redactMatrix(rest)
	if hasQuery {
		rest += "?" + redactPairs(query, depth)
	}
	if hasFragment {
		before, after, has := strings.Cut(fragment, "?")
		rest += "#" + redactPairs(before, depth)
		if has {
			rest += "?" + redactPairs(after, depth)
		}
	}
	return jwtPattern.ReplaceAllString(rest, mask)
}

// redactMatrix masks path parameters such as ;jsessionid=...
func redactMatrix(p string) string {
	if !strings.Contains(p, ";") {
		return p
	}
	segments := strings.Split(p, "/")
	for i, segment := range segments {
		name, parameters, ok := strings.Cut(segment, ";")
		if ok {
			segments[i] = name + ";" + redactPairs(parameters, 1)
		}
	}
	return strings.Join(segments, "/")
}

// redactPairs masks the values of a query's secret parameters; separators and order stay.
func redactPairs(query string, depth int) string {
	var out strings.Builder
	for query != "" {
		end := strings.IndexAny(query, "&;")
		pair := query
		if end >= 0 {
			pair = query[:end]
		}
		out.WriteString(redactPair(pair, depth))
		if end < 0 {
			break
		}
		out.WriteByte(query[end])
		query = query[end+1:]
	}
	return out.String()
}

func redactPair(pair string, depth int) string {
	name, value, ok := strings.Cut(pair, "=")
	if !ok || value == "" {
		return pair
	}
	if secret(name, value) {
		return name + "=" + mask
	}
	plain, err := url.QueryUnescape(value)
	if err != nil || !strings.ContainsAny(plain, "=@") {
		return pair
	}
	masked := redactURL(plain, depth-1)
	if !strings.ContainsAny(plain, "?#") && depth > 1 {
		masked = redactPairs(masked, depth-1)
	}
	if masked != plain {
		return name + "=" + url.QueryEscape(masked)
	}
	return pair
}

// secret reports whether a parameter's value must not be kept.
func secret(name, value string) bool {
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	if secretNames[name] || maybeSecret[name] && len(value) >= longSecret {
		return true
	}
	for _, part := range secretParts {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// RedactText masks the secrets of every address inside a text, also inside JSON where & and / are escaped. The text
// around the addresses is kept.
func RedactText(s string) string {
	s = addressPattern.ReplaceAllStringFunc(s, RedactURL)
	s = userinfoPattern.ReplaceAllString(s, "$1")
	s = pairPattern.ReplaceAllStringFunc(s, func(match string) string {
		m := pairPattern.FindStringSubmatch(match)
		return m[1] + redactPair(m[2]+"="+m[3], 4)
	})
	s = bearerPattern.ReplaceAllString(s, "$1"+mask)
	return jwtPattern.ReplaceAllString(s, mask)
}

// redactHeaders keeps the response headers that say something about the page: lower-case names, one line each,
// without those that carry cookies or credentials.
func redactHeaders(in map[string]string) map[string]string {
	out := make(map[string]string, len(in))
	for name, value := range in {
		name = strings.ToLower(cleanLine(name, 100))
		if name == "" || secretHeader(name) {
			continue
		}
		out[name] = RedactText(cleanLine(value, 4000))
	}
	return out
}

func secretHeader(name string) bool {
	for _, part := range []string{"cookie", "auth", "api-key", "apikey"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return secret(name, "")
}
