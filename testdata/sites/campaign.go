package sites

import (
	"net/http"
	"strconv"
)

// ask is a question with its answer, folded on the page.
type ask struct{ Q, A string }

// step is a line of the campaign's timeline and table.
type step struct{ When, What, Where string }

// pitch is what the campaign page is filled with.
type pitch struct {
	Base, Owner string
	Year        int
	Asks        []ask
	Steps       []step
	Voices      []ask // who and what
	Numbers     []ask // number and what it counts
	Scenes      []string
}

// campaignPitch writes the page's content.
func campaignPitch(c *call) pitch {
	w := newWriter("campaign", c.o.Seed)
	p := pitch{Base: "/campaign", Owner: owner, Year: c.o.Now.Year(), Scenes: []string{"natur", "kultur", "skola", "vatten", "vinter", "sport"}}
	for i, when := range []string{"Januari", "Februari", "Mars", "April", "Maj", "Juni", "Augusti", "September"} {
		p.Steps = append(p.Steps, step{when, []string{"Samråd", "Dialogkväll", "Workshop med ungdomsfullmäktige", "Utställning", "Synpunkter sammanställs", "Politisk beredning", "Granskning", "Beslut i fullmäktige"}[i],
			pick(w, schools) + ", " + w.address()})
	}
	for _, q := range []string{"Vem får lämna synpunkter?", "Vad händer med mitt förslag?", "Kan jag vara anonym?", "När tas beslutet?", "Hur många bostäder planeras?", "Blir det fler cykelvägar?"} {
		p.Asks = append(p.Asks, ask{q, "Alla som bor, arbetar eller vistas i kommunen är välkomna att tycka till. Svaret gäller även " + w.address() + " och kvarteren runt omkring."})
	}
	for range 3 {
		text, _ := w.say(remarks, "")
		p.Voices = append(p.Voices, ask{w.person(), text})
	}
	for _, n := range []string{"nya bostäder", "kilometer cykelväg", "nya träd", "förskoleplatser"} {
		p.Numbers = append(p.Numbers, ask{strconv.Itoa(100 + w.r.IntN(900)), n})
	}
	return p
}

func campaignTruth(c *call) Truth {
	p := campaignPitch(c)
	page := Page{Path: "/campaign/", Title: c.spec.title}
	for _, s := range p.Steps {
		page.Marks = append(page.Marks, s.Where)
	}
	for _, a := range p.Asks {
		page.Marks = append(page.Marks, a.Q, a.A)
	}
	for _, v := range p.Voices {
		page.Marks = append(page.Marks, v.Q)
	}
	return Truth{Site: "campaign", Path: "/campaign/", Title: c.spec.title, Owner: owner, Now: c.o.Now, Outcome: "complete", Stop: "end-of-page", CommentsOn: "none", Posts: []Post{}, Pages: []Page{page}}
}

func serveCampaign(c *call) bool {
	if c.rest != "" {
		return false
	}
	c.html(http.StatusOK, c.render("page", campaignPitch(c)))
	return true
}
