package sites

import (
	"fmt"
	"html/template"
	"regexp"
	"strings"
)

// What is longer than this is folded behind "Visa mer", on platforms that fold.
const (
	foldRunes = 300
	foldLines = 7
)

// shorten cuts a long text between two words.
func shorten(text string) (string, bool) {
	lines := strings.Split(text, "\n")
	short := text
	if len(lines) > foldLines {
		short = strings.Join(lines[:foldLines-1], "\n")
	}
	if r := []rune(short); len(r) > foldRunes {
		short = string(r[:foldRunes-40])
		if i := strings.LastIndexAny(short, " \n"); i > 0 {
			short = short[:i]
		}
	}
	if len(short) == len(text) {
		return text, false
	}
	return strings.TrimRight(short, " \n"), true
}

var (
	linkWords  = regexp.MustCompile(`https?://[^\s]+[^\s.,!?)]|#[\p{L}\d_]+|[\w.]+@[\w.]+\.[a-z]+`)
	emojiRunes = regexp.MustCompile(`[\x{1F300}-\x{1FAFF}\x{2600}-\x{27BF}\x{2B50}]\x{FE0F}?`)
)

// markup writes a text as the look writes texts: links and tags live, lines and paragraphs in the look's own elements. The tail is markup
// that follows the last word on its line.
func (c *call) markup(text, tail string) template.HTML {
	style := lookText[c.spec.look]
	if c.spec.textStyle != "" {
		style = c.spec.textStyle
	}
	var b strings.Builder
	paras := strings.Split(text, "\n\n")
	for i, para := range paras {
		tail := tail
		if i < len(paras)-1 {
			tail = ""
		}
		switch style {
		case "p":
			b.WriteString("<p>" + c.lines(para, "<br>") + tail + "</p>")
		case "div":
			b.WriteString(`<div class="para"><div dir="auto">` + c.lines(para, `</div><div dir="auto">`) + tail + "</div></div>")
		case "br":
			if i > 0 {
				b.WriteString("<br><br>")
			}
			b.WriteString(c.lines(para, "<br>") + tail)
		default: // the style sheet keeps the line breaks
			if i > 0 {
				b.WriteString("\n\n")
			}
			b.WriteString(c.lines(para, "\n") + tail)
		}
	}
	return template.HTML(b.String())
}

// lookText says how a look parts lines and paragraphs: "p", "div", "br", or by the style sheet.
var lookText = map[string]string{"facebook": "div", "mastodon": "p", "blog": "p", "instagram": "br", "simple": "p"}

func (c *call) lines(para, brk string) string {
	lines := strings.Split(para, "\n")
	for i, l := range lines {
		lines[i] = c.words(l)
	}
	return strings.Join(lines, brk)
}

// words escapes a line and makes its links live.
func (c *call) words(line string) string {
	var b strings.Builder
	last := 0
	for _, at := range linkWords.FindAllStringIndex(line, -1) {
		b.WriteString(c.emoji(line[last:at[0]]))
		word := line[at[0]:at[1]]
		href := word
		switch {
		case word[0] == '#':
			href = "/" + c.spec.name + "/tagg/" + word[1:]
		case strings.Contains(word, "@"):
			href = "mailto:" + word
		}
		esc := template.HTMLEscapeString
		fmt.Fprintf(&b, `<a href="%s">%s</a>`, esc(href), esc(word))
		last = at[1]
	}
	b.WriteString(c.emoji(line[last:]))
	return b.String()
}

// emoji escapes a text, with its emoji as pictures on the platforms that do so.
func (c *call) emoji(text string) string {
	if !c.spec.emojiImages {
		return template.HTMLEscapeString(text)
	}
	var b strings.Builder
	last := 0
	for _, at := range emojiRunes.FindAllStringIndex(text, -1) {
		b.WriteString(template.HTMLEscapeString(text[last:at[0]]))
		e := text[at[0]:at[1]]
		fmt.Fprintf(&b, `<img class="emoji" draggable="false" alt="%s" src="/%s/media/emoji-%x.svg">`, e, c.spec.name, []rune(e)[0])
		last = at[1]
	}
	b.WriteString(template.HTMLEscapeString(text[last:]))
	return b.String()
}
