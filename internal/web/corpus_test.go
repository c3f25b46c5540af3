package web

import (
	"fmt"
	"strings"
)

// corpus are texts that try to be more than text: markup, attributes, addresses, templates, and what confuses eyes. Each that runs sets a
// mark in the window that the test looks for.
func corpus() []string {
	run := `window.__ran=1`
	out := []string{"\u202eesrevne\u202c", "\u200b\u2066dolt\u2069", strings.Repeat("lång", 2500), "👩‍👩‍👧‍👦🏳️‍🌈", "{{.}}{{printf}}", "${7*7}#{7*7}", "\x00\x01\x02nul", "Robert'); DROP TABLE users;--", "=HYPERLINK(\"https://x\")", "@SUM(1)", "<!--", "]]>", "&lt;script&gt;"}
	for _, tag := range []string{"<script>%s</script>", "<ScRiPt >%s</sCrIpT>", "</title><script>%s</script>", "</textarea><script>%s</script>", "\"><script>%s</script>", "'><script>%s</script>", "--><script>%s</script>",
		"<scr<script>ipt>%s</script>", "<script\n>%s</script\n>", "<script src=data:text/javascript,%s></script>", "<svg><script>%s</script></svg>", "<math><mtext></p><script>%s</script>", "</style><script>%s</script>", "</noscript><script>%s</script>", "</template><script>%s</script>"} {
		out = append(out, fmt.Sprintf(tag, run))
	}
	for _, event := range []string{"onerror", "onload", "onfocus", "onmouseover", "ontoggle", "onpointerenter", "onanimationstart", "onbeforetoggle", "onscroll", "oncut", "onwheel", "onpaste"} {
		for _, host := range []string{"<img src=x %s=%q>", "<svg %s=%q>", "<body %s=%q>", "\" autofocus %s=%q x=\"", "' autofocus %s=%q x='", "<details open %s=%q>", "<input autofocus %s=%q>", "<video><source %s=%q></video>", "<iframe %s=%q></iframe>", "` %s=%q"} {
			out = append(out, fmt.Sprintf(host, event, run))
		}
	}
	for _, scheme := range []string{"javascript:%s", "JaVaScRiPt:%s", " javascript:%s", "java\tscript:%s", "java\nscript:%s", "javascript://x/%%0a%s", "data:text/html,<script>%s</script>", "data:text/html;base64,PHNjcmlwdD4=%s", "vbscript:%s", "blob:%s", "//javascript:%s", "https://x\"onclick=%s//", "view-source:javascript:%s", "&#106;avascript:%s", "\x01javascript:%s"} {
		out = append(out, fmt.Sprintf(scheme, run))
		out = append(out, fmt.Sprintf("<a href=%q autofocus>x</a>", fmt.Sprintf(scheme, run)), fmt.Sprintf("<form action=%q><button>x</button></form>", fmt.Sprintf(scheme, run)))
	}
	for _, s := range []string{"<base href=//evil.example/>", "<meta http-equiv=refresh content='0;url=javascript:%s'>", "<link rel=stylesheet href=//evil.example/x.css>", "<object data=javascript:%s>", "<embed src=javascript:%s>", "<style>@import '//evil.example'</style>", "<div style=background:url(javascript:%s)>", "<table background=javascript:%s>", "<xss id=x tabindex=1 onactivate=%s></xss>", "<noscript><p title=\"</noscript><img src=x onerror=%s>\">"} {
		out = append(out, strings.ReplaceAll(s, "%s", run))
	}
	return out
}
