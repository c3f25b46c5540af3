package capture

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// robotsRules are what a site asks of programs (RFC 9309).
type robotsRules struct {
	rules       []robotsRule
	sitemaps    []string
	delay       time.Duration
	none        bool // the site has none
	unreachable bool // the rules could not be read: nothing may be fetched (RFC 9309, 2.3.1.4)
}

// robotsRule is one line that allows or disallows; the pattern is in the spelling that plainPath gives.
type robotsRule struct {
	pattern string
	allow   bool
}

// allows reports whether an address may be fetched: the longest rule that fits decides, and of two as long the one that allows.
func (r *robotsRules) allows(u *url.URL) bool {
	if r.unreachable {
		return false
	}
	p := u.EscapedPath()
	if p == "" {
		p = "/"
	}
	if u.RawQuery != "" {
		p += "?" + u.RawQuery
	}
	p = plainPath(p)
	longest, allow := 0, true
	for _, rule := range r.rules {
		if n := len(rule.pattern); (n > longest || n == longest && rule.allow) && fitsRobots(rule.pattern, p) {
			longest, allow = n, rule.allow
		}
	}
	return allow
}

// read takes the rules for us out of a robots.txt: those of all groups that name us, else those for everybody. A line that cannot be read takes nothing
// from the others (RFC 9309, 2.2).
func (r *robotsRules) read(body []byte) {
	var ours, all robotsGroup
	forUs, forAll, named, heading := false, false, false, false
	text := strings.TrimPrefix(strings.ToValidUTF8(string(body), ""), "\ufeff")
	for line := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == '\n' || c == '\r' }) {
		line, _, _ = strings.Cut(line, "#")
		key, value, _ := strings.Cut(line, ":")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch key {
		case "user-agent", "useragent":
			if !heading {
				forUs, forAll, heading = false, false, true
			}
			if value == "*" {
				forAll = true
			} else if product(value) == agent {
				forUs, named = true, true
			}
		case "sitemap":
			if value != "" {
				r.sitemaps = append(r.sitemaps, value)
			}
		case "allow", "disallow", "crawl-delay", "crawldelay":
			heading = false
			if forUs {
				ours.add(key, value)
			}
			if forAll {
				all.add(key, value)
			}
		}
	}
	if !named {
		ours = all
	}
	r.rules, r.delay = ours.rules, min(ours.delay, longestDelay)
}

// robotsGroup gathers what is said to one kind of program.
type robotsGroup struct {
	rules []robotsRule
	delay time.Duration
}

func (g *robotsGroup) add(key, value string) {
	switch {
	case value == "":
	case key == "allow", key == "disallow":
		if value[0] != '/' && value[0] != '*' {
			value = "/" + value
		}
		g.rules = append(g.rules, robotsRule{plainPath(value), key == "allow"})
	default:
		s, err := strconv.ParseFloat(strings.Replace(value, ",", ".", 1), 64)
		if err == nil && s > 0 {
			g.delay = time.Duration(min(s, longestDelay.Seconds()) * float64(time.Second))
		}
	}
}

// product is the name in a user-agent line, without what follows it, such as a version.
func product(s string) string {
	for i, c := range s {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			s = s[:i]
			break
		}
	}
	return strings.ToLower(s)
}

// fitsRobots reports whether a rule's pattern fits the beginning of a path: "*" stands for anything, a "$" at the end for the path's end.
func fitsRobots(pattern, p string) bool {
	pattern, whole := strings.CutSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	p, ok := strings.CutPrefix(p, parts[0])
	if !ok || len(parts) == 1 {
		return ok && (!whole || p == "")
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		i := strings.Index(p, part)
		if i < 0 {
			return false
		}
		p = p[i+len(part):]
	}
	if whole {
		return strings.HasSuffix(p, parts[last])
	}
	return strings.Contains(p, parts[last])
}

// plainPath gives a path one spelling: what needs no escape has none, and what needs one has it in capitals (RFC 9309, 2.2.2).
func plainPath(p string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		c, escaped := p[i], false
		if c == '%' && i+2 < len(p) {
			if v, err := strconv.ParseUint(p[i+1:i+3], 16, 8); err == nil {
				c, escaped, i = byte(v), true, i+2
			}
		}
		plain := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
		if plain || !escaped && c > ' ' && c < 0x7f {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
