package capture

import (
	"fmt"
	"slices"
	"strings"
)

// sum says how far it came and what was left out, and why.
func (w *crawler) sum() {
	n := len(w.c.Pages) - 1
	if w.c.Outcome == Complete && n > 0 {
		w.c.Sentence = Text{fmt.Sprintf("Startsidan och %d sidor till på samma webbplats är fångade.", n), fmt.Sprintf("The start page and %d more pages of the same site were captured.", n)}
	}
	left := len(w.queue)
	switch {
	case left == 0 && w.stopped != "crash":
	case w.stopped == "limit-pages":
		w.c.lack("limit-pages", fmt.Sprintf("Gränsen på %d sidor nåddes; %d kända adresser till är inte besökta.", w.o.Pages, left), fmt.Sprintf("The limit of %d pages was reached; %d more known addresses were not visited.", w.o.Pages, left))
	case w.stopped == "limit-sheets":
		w.c.lack("limit-sheets", fmt.Sprintf("Gränsen för antal blad nåddes; %d kända adresser är inte besökta.", left), fmt.Sprintf("The limit for the number of sheets was reached; %d known addresses were not visited.", left))
	case w.stopped == "crash":
		w.c.lack("site-crash", fmt.Sprintf("Webbläsaren kraschade på en av sidorna; %d kända adresser är inte besökta.", left), fmt.Sprintf("The browser crashed on one of the pages; %d known addresses were not visited.", left))
	default:
		w.c.lack("limit-minutes", fmt.Sprintf("Tiden tog slut; %d kända adresser är inte besökta.", left), fmt.Sprintf("The time ran out; %d known addresses were not visited.", left))
	}
	w.sumRobots()
	w.say("sitemap-unread", w.maps.unread, "Webbplatskartor (sitemap) som inte gick att läsa, eller inte till slutet; sidor som bara de nämner saknas", "Maps of the site (sitemap) that could not be read, or not to their end; pages that only they name are missing")
	w.say("sitemap-broken", w.maps.broken, "Webbplatskartor (sitemap) som det hänvisas till men som inte finns", "Maps of the site (sitemap) that are referred to and are not there")
	w.say("pages-lost", w.lost, "Sidor som inte gick att öppna, inte heller vid ett nytt försök", "Pages that could not be opened, not at a second try either")
	w.say("page-broken", w.broken, "Sidor som det länkas till men som inte gick att öppna", "Pages that are linked to but could not be opened")
	w.say("files-not-fetched", w.files, "Filer som det länkas till ingår inte", "Files that are linked to are not included")
	w.say("ways-not-taken", w.untaken, "Länkar som gör något (logga in, logga ut, sök, beställ) är inte följda", "Links that do something (log in, log out, search, order) were not followed")
	w.say("ways-endless", w.endless, "Sidor som webbplatsen gör utan ände (kalendrar, filter) är bara delvis fångade", "Pages that the site makes without end (calendars, filters) were captured in part only")
	w.say("limit-series", w.series, "Långa rader av sidor av samma slag är bara delvis fångade", "Long rows of pages of one kind were captured in part only")
	if w.beyond > 0 {
		w.c.lack("beyond-depth", fmt.Sprintf("Sidor längre bort än %d länkar från startsidan ingår inte (minst %d länkar dit).", w.o.Depth, w.beyond),
			fmt.Sprintf("Pages further than %d links from the start page are not included (at least %d links lead there).", w.o.Depth, w.beyond))
	}
}

func (w *crawler) sumRobots() {
	if !w.o.Robots {
		w.c.lack("robots-ignored", "Webbplatsens robots.txt följdes inte, enligt inställningen capture.robots.", "The site's robots.txt was not heeded, by the setting capture.robots.")
		return
	}
	switch {
	case w.robots.unreachable:
		w.c.lack("robots-unreachable", "Webbplatsens robots.txt gick inte att läsa; bara startsidan är fångad.", "The site's robots.txt could not be read; only the start page was captured.")
	case len(w.heeded) > 0:
		w.say("robots-heeded", w.heeded, "Webbplatsens robots.txt följdes; sidor som den undantar är inte fångade", "The site's robots.txt was heeded; pages that it excludes were not captured")
	case w.robots.none:
		w.c.lack("robots-heeded", "Webbplatsen har ingen robots.txt som undantar något.", "The site has no robots.txt that excludes anything.")
	default:
		w.c.lack("robots-heeded", "Webbplatsens robots.txt följdes; den undantog inga av sidorna.", "The site's robots.txt was heeded; it excluded none of the pages.")
	}
}

// say adds a sentence with the first few addresses.
func (w *crawler) say(code string, list []string, sv, en string) {
	if len(list) == 0 {
		return
	}
	named := clip(strings.Join(list[:min(siteNamed, len(list))], ", "), 1500)
	minst, least := "", ""
	if len(list) >= mostNoted {
		minst, least = "minst ", "at least "
	}
	w.c.lack(code, fmt.Sprintf("%s (%s%d): %s.", sv, minst, len(list), named), fmt.Sprintf("%s (%s%d): %s.", en, least, len(list), named))
}

// mostNoted is how many addresses a list of them holds.
const mostNoted = 1000

// note adds an address to a list once; the lists are bounded.
func note(list *[]string, address string) {
	if len(*list) < mostNoted && !slices.Contains(*list, address) {
		*list = append(*list, address)
	}
}
