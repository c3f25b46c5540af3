package sites

import (
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
)

// oddBatch is how many posts a press on the odd site's arrow brings.
const oddBatch = 8

// odd is a feed that tells nobody what it is: no roles, no time elements, times in an attribute of its own, buttons without a name. It stands for what a
// platform may make of its pages tomorrow. All leaves it out, since nothing can read it without being told its class names.
func odd() *spec {
	return &spec{name: "odd", title: "Kvarteret", feed: true, look: "simple", shape: plainShape, mode: "none", own: Options{Posts: 24}, serve: oddPage, unfolded: true,
		notes: "Nothing but class names tells what is what; times stand in an attribute of its own, buttons have no names."}
}

func oddPage(c *call) bool {
	f := c.feed()
	if n, ok := strings.CutPrefix(c.rest, "del/"); ok {
		from, err := strconv.Atoi(n)
		if err != nil || from < 0 || from > len(f.truth.Posts) {
			http.NotFound(c.w, c.r)
			return true
		}
		c.wait()
		c.w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(c.w, c.oddPosts(f, from)) // the visitor went away
		return true
	}
	if c.rest != "" {
		return false
	}
	c.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(c.w, oddShell, owner, c.oddPosts(f, 0), c.spec.path(), c.query(), oddBatch, len(f.truth.Posts)) // the visitor went away
	return true
}

const oddShell = `<!doctype html><html lang="sv"><meta charset="utf-8"><title>Kvarteret</title>
<style>body{font:16px/1.5 sans-serif;margin:0;background:#eef}.z0{max-width:760px;margin:20px auto}.z1{background:#fff;padding:16px;margin:0 0 16px}.z3{font-style:normal;font-weight:600}
.z4,.z7{text-decoration:none}.z4{margin:0 8px;color:#888}.z5{float:right;text-decoration:none}.z8{border-left:3px solid #ccd;padding:4px 12px;margin:8px 0}.z9{margin-left:40px}
.za{display:block;text-align:center;font-size:28px}.zb{position:fixed;left:0;right:0;bottom:0;background:#ffd;padding:12px}.zc{float:right;font-style:normal}</style>
<header class="zh"><h1>%s</h1></header><div class="z0">%s</div><b class="za">▾</b>
<div class="zb">Vi mäter hur du rör dig här. <i class="zc">✗</i></div>
<script>
const list = document.querySelector('.z0'), base = '%s', query = '%s', step = %d, all = %d;
let at = step;
document.querySelector('.za').addEventListener('click', async (e) => {
  const from = at; at += step;
  list.insertAdjacentHTML('beforeend', await (await fetch(base + 'del/' + from + '?' + query)).text());
  if (at >= all) e.target.remove();
});
document.querySelector('.zc').addEventListener('click', () => document.querySelector('.zb').remove());
list.addEventListener('click', (e) => { if (e.target.className === 'z7') { for (const k of e.target.parentElement.querySelectorAll('.z8')) k.hidden = false; e.target.remove(); } });
</script></html>`

// oddPosts is one batch of posts.
func (c *call) oddPosts(f *feed, from int) string {
	var b strings.Builder
	posts := f.truth.Posts
	for i := from; i < min(from+oddBatch, len(posts)); i++ {
		p := &posts[i]
		fmt.Fprintf(&b, `<div class="z1">%s<a class="z5" href="%s">⋯</a><div class="z6">%s</div>`, oddHead(p), html.EscapeString(p.Permalink), oddText(p.Text))
		if len(p.Comments) > 0 {
			b.WriteString(`<s class="z7">◌</s>`)
			oddTalk(&b, p.Comments, "z8")
		}
		b.WriteString("</div>")
	}
	return b.String()
}

func oddHead(p *Post) string {
	return fmt.Sprintf(`<i class="z3">%s</i><u class="z4" data-k="%d">◴</u>`, html.EscapeString(p.Author), p.Published.Unix())
}

func oddText(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>") }

func oddTalk(b *strings.Builder, list []Post, class string) {
	for i := range list {
		fmt.Fprintf(b, `<div class="%s" hidden>%s<div class="z6">%s</div></div>`, class, oddHead(&list[i]), oddText(list[i].Text))
		oddTalk(b, list[i].Comments, "z8 z9")
	}
}
