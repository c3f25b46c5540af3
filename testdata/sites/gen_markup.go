package sites

import (
	"fmt"
	"strings"
)

// button writes a button in the site's manner. The label is template text.
func (g genome) button(class, label string) string {
	switch g.press {
	case "divbutton":
		return fmt.Sprintf(`<div role="button" tabindex="0" class="~press %s">%s</div>`, class, label)
	case "a":
		return fmt.Sprintf(`<a href="#" class="~press %s">%s</a>`, class, label)
	case "span":
		return fmt.Sprintf(`<span tabindex="0" class="~press %s">%s</span>`, class, label)
	}
	return fmt.Sprintf(`<button type="button" class="~press %s">%s</button>`, class, label)
}

// when writes a time in the site's manner, inside the link to the post.
func (g genome) when() string {
	inner := map[string]string{
		"datetime": `<time datetime="{{.ISO}}">{{.Rel}}</time>`,
		"utc":      `<time datetime="{{.UTC}}">{{.Rel}}</time>`,
		"title":    `<span title="{{.Abs}}">{{.Rel}}</span>`,
		"aria":     `<span aria-label="{{.Abs}}">{{.Rel}}</span>`,
		"full":     `{{.Abs}}`,
		"near":     `{{.Near}}`,
		"numeric":  `{{.Numeric}}`,
		"epoch":    `<abbr data-utime="{{.Epoch}}">{{.Rel}}</abbr>`,
		"epochms":  `<span data-timestamp="{{.Epoch}}000">{{.Rel}}</span>`,
		"relative": `{{.Age}}`,
		"day":      `{{.DayShort}}`,
	}[g.times]
	return `<a class="~when" href="{{.Permalink}}">` + inner + `</a>`
}

// wrap puts needless elements around markup.
func (g genome) wrap(of, markup string) string {
	n := int(hash64("wrap", g.seed, of)) % (g.deep + 1)
	for i := range max(n, -n) {
		el := []string{"div", "div", "section"}[(len(of)+i)%3]
		markup = fmt.Sprintf(`<%s class="~wrap%s%s">%s</%s>`, el, of, string(rune('a'+i)), markup, el)
	}
	return markup
}

// role writes a role where the site has roles and the element does not say it already.
func (g genome) role(el, role string) string {
	if !g.roles || el == "article" {
		return ""
	}
	return ` role="` + role + `"`
}

// markup writes the site's templates.
func (g genome) markup() string {
	return g.page() + g.post() + g.comment() + `{{define "more"}}… ` + g.button("~more", g.labels.More) + `{{end}}`
}

func (g genome) page() string {
	l, list := g.labels, "div"
	if g.item == "li" {
		list = "ul"
	}
	feedRole := ""
	if g.roles {
		feedRole = ` role="feed"`
	}
	counter := ""
	if g.counter {
		counter = `<p class="~soft">{{.Total}} ` + l.Posts + `</p>`
	}
	script := "scroll"
	style := ""
	if g.mode == "virtual" {
		script, style = "virtual", ` style="position:relative"`
	}
	more := map[string]string{
		"button": g.button("~load ~broad", l.Load),
		"older":  g.pager(),
	}[g.mode]
	box, body := "", ""
	if g.inner {
		box, body = " ~inner ~box", ` class="~still"`
	}
	stream := fmt.Sprintf(`<%s class="~list"%s%s>{{range .Posts}}{{template "post" .}}{{end}}</%s>`, list, feedRole, style, list)
	return `{{define "page"}}<!doctype html><html lang="` + g.lang + `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Title}}</title><link rel="stylesheet" href="{{.Base}}/_/style.css"></head><body` + body + `>
<div class="~bar"><a href="{{.Base}}/">` + g.word("brand") + `</a></div><div class="~main` + box + `">{{if not .Single}}<div class="~owner"><img src="{{.Base}}/media/vapen.svg" alt="" width="80" height="80"><div><h1>{{.Owner}}</h1>` + counter + `</div>` + g.button("~bad ~follow", l.Follow) + `</div>{{end}}
` + g.wrap("stream", stream) + `{{if not .Single}}` + more + g.button("~retry", l.Retry) + `<div class="~end"></div>{{end}}</div>
<template class="sort"><div class="sort-menu"` + g.roleAlways("menu") + `><div` + g.roleAlways("menuitem") + ` tabindex="0" class="~sortItem" data-sort="" data-label="` + l.Top + `">` + l.Top + `</div><div` + g.roleAlways("menuitem") + ` tabindex="0" class="~sortItem" data-sort="all" data-label="` + l.All + `">` + l.All + `</div></div></template>
{{template "config" .}}<script src="{{.Base}}/_/feed.js"></script><script src="{{.Base}}/_/` + script + `.js"></script><script>document.querySelector(SITE.sel.retry) && (document.querySelector(SITE.sel.retry).hidden = true)</script></body></html>{{end}}
`
}

// pager leads from page to page: by words, by numbers, or by arrows.
func (g genome) pager() string {
	switch n := int(max(g.seed, -g.seed)%1e6) / 5; n % 3 {
	case 1:
		return `<nav class="~pages">{{range .Leaves}}{{if .URL}}<a href="{{.URL}}">{{.N}}</a>{{else}}<b>{{.N}}</b>{{end}} {{end}}</nav>`
	case 2:
		return `<div class="~pages">{{with .Newer}}<a href="{{.}}">‹</a>{{end}} {{with .Older}}<a href="{{.}}">›</a>{{end}}</div>`
	}
	return `<div class="~pages">{{with .Newer}}<a href="{{.}}">` + g.labels.Newer + `</a>{{end}} {{with .Older}}<a href="{{.}}">` + g.labels.Older + `</a>{{end}}</div>`
}

func (g genome) roleAlways(role string) string { return g.role("div", role) }

func (g genome) post() string {
	l := g.labels
	sort := ""
	if g.sorted {
		sort = `{{if .Talk.Sorted}}` + g.button("~sort", "<span>"+l.Top+"</span>") + `{{end}}`
	}
	head := g.wrap("head", `<div class="~head">{{template "face" .}}<div><`+g.head+` class="~who"><a href="{{.AuthorURL}}">{{.Author}}</a></`+g.head+`>`+g.when()+`{{if .Edited}} <span class="~soft">`+l.Edited+`</span>{{end}}</div></div>`)
	body := g.wrap("body", `<div class="~text" lang="{{.Lang}}">{{.Body}}</div>`)
	acts := g.wrap("acts", `<div class="~acts">`+g.button("~bad", l.Like)+g.button("~bad", l.Comment)+g.button("~bad", l.Share)+`</div>`)
	talk := g.wrap("talk", `{{if .Counted}}<div class="~soft">{{.Counted}} `+l.Comments+`</div><div class="~talk" `+g.key()+`="{{.ID}}">`+sort+g.listOf("~comments", `{{range .Talk.Shown}}{{template "comment" .}}{{end}}`)+`{{if .Talk.Left}}`+g.button("~open", l.Talk)+`{{end}}</div>{{end}}`)
	return `{{define "post"}}<` + g.item + ` class="~post" ` + g.key() + `="{{.ID}}"` + g.role(g.item, "article") + `>` + head + body + `{{template "pictures" .}}` + acts + talk + `</` + g.item + `>{{end}}
`
}

func (g genome) key() string { return "data-" + g.word("key") }

// listOf is the element that holds comments.
func (g genome) listOf(class, inside string) string {
	el := "div"
	if g.talk == "li" {
		el = "ul"
	}
	return `<` + el + ` class="` + class + `">` + inside + `</` + el + `>`
}

func (g genome) comment() string {
	l := g.labels
	replies := `{{if .Comments}}` + g.button("~replies", strings.ReplaceAll(l.Replies, "%d", "{{len .Comments}}")) + g.listOf("~sub", "") + `{{end}}`
	inside := `{{template "face" .}}<div class="~side"><b><a href="{{.AuthorURL}}">{{.Author}}</a></b><div class="~text">{{.Body}}</div><div class="~soft">` + g.when() + ` ` + g.button("~bad", l.Like) + ` ` + g.button("~bad", l.Reply) + `{{if .Edited}} ` + l.Edited + `{{end}}</div>` + replies + `</div>`
	return `{{define "comment"}}<` + g.talk + ` class="~comment" ` + g.key() + `="{{.ID}}" data-depth="{{.Depth}}">` + inside + `</` + g.talk + `>{{end}}
`
}

// css writes the site's style sheet.
func (g genome) css() string {
	font := `"Liberation Sans", Arial, sans-serif`
	if g.serif {
		font = `"Liberation Serif", Georgia, serif`
	}
	return strings.NewReplacer("FONT", font, "COLOUR", g.colour, "WIDE", fmt.Sprint(g.wide)).Replace(`* { box-sizing: border-box; }
body { margin: 0; background: #f1f1ee; color: #222; font: 16px/1.5 FONT; }
a { color: COLOUR; text-decoration: none; }
[hidden] { display: none !important; }
.~bar { position: sticky; top: 0; z-index: 4; background: COLOUR; padding: 14px 30px; }
.~bar a { color: #fff; font-size: 20px; font-weight: 700; }
.~main { width: WIDEpx; margin: 20px auto; }
.~still { height: 100vh; overflow: hidden; }
.~box { height: calc(100vh - 60px); overflow-y: scroll; margin: 0 auto; padding: 16px; width: calc(WIDEpx + 40px); }
.~owner { display: flex; gap: 16px; align-items: center; background: #fff; padding: 20px; margin-bottom: 16px; }
.~owner div { flex: 1; }
.~owner h1 { margin: 0; font-size: 24px; }
.~list { list-style: none; margin: 0; padding: 0; }
.~post { display: block; background: #fff; padding: 18px; margin-bottom: 14px; border-top: 3px solid COLOUR; }
.~head { display: flex; gap: 10px; align-items: center; }
.~who { display: block; margin: 0; font-size: 16px; font-weight: 700; }
.~when, .~soft { color: #6b6b66; font-size: 14px; }
.~face { width: 40px; height: 40px; border-radius: 50%; flex: none; }
.~text { white-space: ` + map[bool]string{true: "pre-wrap", false: "normal"}[g.text == "pre"] + `; overflow-wrap: anywhere; margin: 8px 0; }
.~text p, .para { margin: 0 0 10px; }
.~pics { display: grid; gap: 4px; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); }
.~pics img { width: 100%; height: auto; display: block; background: #ddd; }
.~press { font: inherit; border: 0; background: none; padding: 2px 0; color: COLOUR; cursor: pointer; display: inline-block; margin-right: 14px; }
.~acts { border-top: 1px solid #ddd; margin-top: 10px; padding-top: 8px; }
.~broad { display: block; width: 100%; text-align: center; background: #fff; padding: 12px; }
.~pages { display: flex; justify-content: space-between; padding: 12px 0; }
.~comments, .~sub { list-style: none; margin: 6px 0; padding: 0; }
.~comment { display: flex; gap: 8px; margin: 8px 0; }
.~comment .~face { width: 30px; height: 30px; }
.~side { flex: 1; border-left: 2px solid #ddd; padding-left: 10px; }
.~side .~text { margin: 2px 0; }
.~end { height: 40px; }
.sort-menu { background: #fff; border: 1px solid #ccc; z-index: 9; }
.sort-menu div { padding: 8px 14px; cursor: pointer; }
`)
}
