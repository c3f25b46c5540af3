package sites

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

// webSites are sites that are more, or something else, than a feed.
func webSites() []*spec {
	return []*spec{
		blogSpec(),
		{name: "plain", title: "Älvsunda kommun", look: "plain", notes: "A plain site: several pages, navigation, sitemap.xml, a part that robots.txt asks to leave alone, a redirect, a dead link, links elsewhere.", serve: servePlain, truth: plainTruth},
		{name: "campaign", title: "Älvsunda 2030 – tyck till om framtiden", look: "campaign", notes: "One long campaign page: sticky header, fixed cookie bar, hero as high as the window, pieces that fade in when they are reached, folded answers, tables, drawings.",
			serve: serveCampaign, truth: campaignTruth},
	}
}

// leaf is a page of the plain site.
type leaf struct {
	path, title string
	depth       int
	robots      bool
	marks       []string
	Body        template.HTML
}

// leaves writes the plain site's pages. Depth -1 is found in the sitemap only.
func leaves(c *call) []leaf {
	w := newWriter("plain", c.o.Seed)
	list := []leaf{
		{path: "", title: "Startsida"}, {path: "om", title: "Om kommunen", depth: 1}, {path: "politik", title: "Kommun och politik", depth: 1}, {path: "skola", title: "Barn och utbildning", depth: 1},
		{path: "omsorg", title: "Omsorg och hjälp", depth: 1}, {path: "kontakt", title: "Kontakta oss", depth: 1}, {path: "nyheter/", title: "Nyheter", depth: 1},
	}
	for i := range 6 {
		list = append(list, leaf{path: fmt.Sprintf("nyheter/%d", 101+i), title: w.fill(pick(w, topics[i*2].leads), c.o.Now), depth: 2})
	}
	list = append(list, leaf{path: "politik/protokoll", title: "Protokoll från kommunfullmäktige", depth: 2}, leaf{path: "tillganglighet", title: "Tillgänglighetsredogörelse", depth: 1},
		leaf{path: "arkiv/aldre-sida", title: "En äldre sida", depth: -1}, leaf{path: "internt/rutiner", title: "Interna rutiner", depth: 1, robots: true})
	for i := range list {
		list[i].write(w, c)
	}
	return list
}

// write fills a page with a few paragraphs and, on some pages, a list and a table.
func (l *leaf) write(w *writer, c *call) {
	var b strings.Builder
	for range 3 {
		st := w.post(c.o.Now)
		l.marks = append(l.marks, st.mark)
		head, rest, _ := strings.Cut(st.text, "\n\n")
		fmt.Fprintf(&b, "<h2>%s</h2>%s", template.HTMLEscapeString(head), paragraphs(rest))
	}
	if l.path == "politik/protokoll" {
		b.WriteString("<table><caption>Närvarande</caption><thead><tr><th>Ledamot</th><th>Adress</th><th>Närvaro</th></tr></thead><tbody>")
		for i := range 40 {
			adr := w.address()
			l.marks = append(l.marks, adr)
			fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td><td>%s</td></tr>", w.person(), adr, []string{"ja", "nej, ersättare inkallad"}[i%7/6])
		}
		b.WriteString("</tbody></table>")
	}
	l.Body = template.HTML(b.String())
}

func paragraphs(text string) string {
	var b strings.Builder
	for para := range strings.SplitSeq(text, "\n\n") {
		b.WriteString("<p>" + strings.ReplaceAll(template.HTMLEscapeString(para), "\n", "<br>") + "</p>")
	}
	return b.String()
}

// Path tells templates the page's address below the site.
func (l leaf) Path() string { return l.path }

// Title tells templates the page's title.
func (l leaf) Title() string { return l.title }

// News is true for the single news pages.
func (l leaf) News() bool { return strings.HasPrefix(l.path, "nyheter/") && l.path != "nyheter/" }

func plainTruth(c *call) Truth {
	t := Truth{Site: "plain", Path: "/plain/", Title: c.spec.title, Owner: owner, Now: c.o.Now, Outcome: "complete", Stop: "end-of-page", CommentsOn: "none", Posts: []Post{}}
	for _, l := range leaves(c) {
		t.Pages = append(t.Pages, Page{Path: "/plain/" + l.path, Title: l.title, Marks: l.marks, Depth: l.depth, Robots: l.robots})
	}
	return t
}

// servePlain answers with a page, the sitemap, a moved page, or a document.
func servePlain(c *call) bool {
	all := leaves(c)
	switch c.rest {
	case "sitemap.xml":
		c.sitemap(all)
		return true
	case "gammal-kontakt":
		http.Redirect(c.w, c.r, "/plain/kontakt", http.StatusMovedPermanently)
		return true
	case "dokument/plan.pdf":
		c.w.Header().Set("Content-Type", "application/pdf")
		_, _ = c.w.Write(tinyPDF()) // the visitor went away
		return true
	}
	for _, l := range all {
		if l.path == c.rest {
			c.html(http.StatusOK, c.render("page", map[string]any{"Base": "/plain", "Owner": owner, "Leaf": l, "All": all, "Year": c.o.Now.Year()}))
			return true
		}
	}
	c.html(http.StatusNotFound, stopPage("Sidan finns inte", "Vi hittar inte sidan du söker."))
	return true
}

func (c *call) sitemap(all []leaf) {
	type entry struct {
		Loc string `xml:"loc"`
		Mod string `xml:"lastmod"`
	}
	set := struct {
		XMLName struct{} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []entry  `xml:"url"`
	}{}
	for _, l := range all {
		if !l.robots {
			set.URLs = append(set.URLs, entry{c.origin() + "/plain/" + l.path, c.o.Now.Format("2006-01-02")})
		}
	}
	c.xml("application/xml", set)
}

// tinyPDF is a document of one empty page, to be found among links.
func tinyPDF() []byte {
	objs := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"}
	b, at := []byte("%PDF-1.4\n"), []int{}
	for i, o := range objs {
		at = append(at, len(b))
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := len(b)
	b = fmt.Appendf(b, "xref\n0 4\n0000000000 65535 f \n")
	for _, o := range at {
		b = fmt.Appendf(b, "%010d 00000 n \n", o)
	}
	return fmt.Appendf(b, "trailer << /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", start)
}
