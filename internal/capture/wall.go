package capture

import (
	"context"
	"math"
)

// wallSigns are what the page shows of something that bars the way.
type wallSigns struct {
	Login, Captcha, Age, Gone, Geo bool
	Rate                           bool    // the page says that too much was asked of it
	Members                        bool    // a private account or a closed group
	Consent                        bool    // a page that is nothing but a consent question
	Fault                          bool    // the page says that its own side has trouble
	Browser                        bool    // the page wants another browser
	Parked                         bool    // nobody's site: a domain for sale, or what a server shows of itself
	Denied                         bool    // the page says that its visitor may not see it
	Data                           bool    // what came is for programs to read
	Wait                           bool    // the page only keeps its visitor waiting
	Empty                          bool    // the page says that there are no posts, and shows none
	Path                           bool    // the address itself is a login page's
	Full                           bool    // the whole page is the wall, not a dialog over it
	Closable                       bool    // the dialog offers a way out
	Covering                       float64 // share of the window that the dialog takes
	Items                          int     // posts that are in the page
	Text                           string  // what the wall says
	Doubt                          string  // what the page says below a heading of its own that may mean a wall
	Chars                          int     // how much the page says beside its frame, where it has no posts
}

// verdict names the wall; ok is false when there is none.
func (w wallSigns) verdict() (verdict, bool) {
	switch {
	case w.Captcha:
		return verdict{outcome: Blocked, code: "captcha", text: Text{"Plattformen kräver att en människa bekräftar sig (captcha).", "The platform asks for proof of a human (captcha)."}}, true
	case w.Age:
		return verdict{outcome: Blocked, code: "age-gate", text: Text{"Sidan frågar efter ålder innan den visas.", "The page asks for an age before it shows itself."}}, true
	case w.Geo:
		return verdict{outcome: Blocked, code: "geo-blocked", text: Text{"Sidan visas inte i detta land.", "The page is not shown in this country."}}, true
	case w.Rate:
		return verdict{outcome: Blocked, code: "rate-limited", text: Text{"Plattformen säger att det blev för många förfrågningar. Vänta en stund före nästa försök.", "The platform says there were too many requests. Wait a while before the next attempt."}}, true
	case w.Consent:
		return verdict{outcome: Blocked, code: "consent-page", text: Text{"Plattformen visar bara en fråga om samtycke, som inte gick att avvisa.", "The platform shows nothing but a consent question that could not be refused."}}, true
	case w.Gone:
		return verdict{outcome: NotFound, code: "removed", text: Text{"Sidan säger att kontot eller innehållet inte finns.", "The page says that the account or the content does not exist."}}, true
	case w.Members:
		return verdict{outcome: LoginWall, code: "members-only", text: Text{"Kontot är privat eller gruppen sluten: bara medlemmar får se inläggen.", "The account is private or the group closed: only members may see the posts."}}, true
	case w.Browser:
		return verdict{outcome: Blocked, code: "browser", text: Text{"Sidan säger att den inte visas i den här webbläsaren.", "The page says that it does not show itself in this browser."}}, true
	case w.Fault:
		return verdict{outcome: Unreachable, code: "fault-page", text: Text{"Sidan visar bara att något är fel på dess egen sida. Vänta en stund före nästa försök.", "The page shows nothing but that something is wrong on its side. Wait a while before the next attempt."}}, true
	case w.Parked:
		return verdict{outcome: NotFound, code: "parked", text: Text{"Adressen visar ingen webbplats utan en parkerad domän eller det som servern visar när ingen lagt något där.", "The address shows no site but a parked domain, or what the server shows where nobody has put one."}}, true
	case w.Data:
		return verdict{outcome: Unreachable, code: "no-page", text: Text{"Adressen gav ett svar för program i stället för en sida. Vänta en stund före nästa försök.", "The address gave an answer for programs and not a page. Wait a while before the next attempt."}}, true
	case w.Denied:
		return verdict{outcome: Blocked, code: "denied", text: Text{"Sidan säger att besökaren inte får se den.", "The page says that its visitor may not see it."}}, true
	case w.Wait:
		return verdict{outcome: Blocked, code: "waiting-page", text: Text{"Plattformen visade bara en vänte- eller kontrollsida, som inte gick över. Vänta en stund före nästa försök.", "The platform showed nothing but a page for waiting or checking, which did not pass. Wait a while before the next attempt."}}, true
	case w.Login:
		return verdict{outcome: LoginWall, code: "login-wall", text: Text{"Plattformen kräver inloggning för att visa mer.", "The platform asks for a login before it shows more."}}, true
	}
	return verdict{}, false
}

// wallCloses bounds how often a dialog that comes back is closed between two looks.
const wallCloses = 4

// wall looks for what bars the way. Login dialogs that offer a way out are left by it, each as an intervention; what is reported is what stays.
func (t *tab) wall(ctx context.Context) (wallSigns, error) {
	if err := t.holdLogins(ctx); err != nil {
		return wallSigns{}, err
	}
	w, _, err := t.lookForWall(ctx, "wall")
	if err != nil {
		return w, err
	}
	if bare, err := t.onlyConsent(ctx); err != nil || bare {
		return wallSigns{Consent: true, Full: true}, err
	}
	return t.framed(ctx, w)
}

// lookForWall asks the page's script for what bars the way, by the name of the function to ask. closed tells whether a dialog was left.
func (t *tab) lookForWall(ctx context.Context, look string) (w wallSigns, closed bool, err error) {
	for n := 0; ; n++ {
		w, err = eval[wallSigns](ctx, t, look)
		if t.leavingFor() {
			w.Login, w.Path = true, true
			return w, n > 0, err
		}
		if err != nil || !w.Login || w.Full || !w.Closable || n == wallCloses {
			return w, n > 0, err
		}
		label, err := eval[string](ctx, t, "closeWall")
		if err != nil || label == "" {
			return w, n > 0, err
		}
		t.note("wall-closed", label)
	}
}

// clear makes the way free before a view is read: late consent dialogs are answered, dialogs that can be closed are closed. A dialog that
// cannot ends the feed.
func (f *feeder) clear(ctx context.Context) error {
	if _, err := f.t.consentLate(ctx); err != nil {
		return err
	}
	w, _, err := f.t.lookForWall(ctx, "barrier")
	if err != nil {
		return err
	}
	if _, ok := w.verdict(); ok {
		f.free = viewMark{} // what was photographed before is settled
		_, err = f.barred(ctx)
		return err
	}
	f.markView()
	return nil
}

// barred reports whether something bars the way to more, and ends the feed if so. A dialog without a way out is respected: nothing more is
// asked of the platform. What stood in the page before it came is still kept. What was photographed while a dialog came is photographed again.
func (f *feeder) barred(ctx context.Context) (bool, error) {
	answered, err := f.t.consentLate(ctx)
	if err != nil {
		return false, err
	}
	w, closed, err := f.t.lookForWall(ctx, "wall")
	if err != nil {
		return false, err
	}
	v, ok := w.verdict()
	if !ok {
		if answered || closed {
			err = f.redoView(ctx)
		}
		f.markView()
		return false, err
	}
	if w.Items > 0 && !w.Full {
		f.forgetView()
		if err := f.remains(ctx, w); err != nil {
			return true, err
		}
	}
	f.t.stayed()
	f.stopAt(v)
	if len(f.c.Posts) == 0 {
		f.c.judge(v)
	}
	return true, nil
}

// stopAt ends the feed at a wall.
func (f *feeder) stopAt(v verdict) {
	f.stop, f.c.Code = StopWall, v.code
	f.c.lack("wall", "En vägg kom i vägen för äldre inlägg: "+v.text.SV, "A wall came in the way of older posts: "+v.text.EN)
}

// remains keeps the posts that were in the page before a dialog covered it: the dialog is set aside, those posts are read to the last, and
// what the page loads meanwhile is left.
func (f *feeder) remains(ctx context.Context, w wallSigns) error {
	keys, err := eval[[]string](ctx, f.t, "setAside")
	if err != nil || len(keys) == 0 {
		return err
	}
	if !f.t.leavingFor() {
		f.t.note("wall-set-aside", w.Text)
	}
	had := map[string]bool{}
	for _, k := range keys {
		had[k] = true
	}
	for range 200 {
		if _, err := eval[float64](ctx, f.t, "scrollFeed", f.pos); err != nil {
			return err
		}
		g, err := f.ready(ctx)
		if err != nil {
			return err
		}
		g = g.only(had)
		f.anchor(g)
		if fresh, _ := f.sort(g); len(fresh) > 0 {
			if g, err = f.keep(ctx, g, fresh); err != nil {
				return err
			}
			g = g.only(had)
		}
		before, bottom := f.shot, g.Scroll+g.Window >= g.Height-2
		if err := f.photograph(ctx, g, bottom); err != nil || f.stop != "" {
			return err
		}
		switch {
		case bottom && (f.shot >= g.Height-2 || f.shot <= before+1):
			return nil
		case f.shot <= before+1: // what is left does not fill a sheet: it waits for what follows it
			f.pos += g.Window / 2
		default:
			f.pos = math.Max(f.shot, f.pos)
		}
	}
	return nil
}

// only leaves out of a sight the posts that are not among those given, and what lies below the last that is.
func (g sight) only(had map[string]bool) sight {
	out, end := g, 0.0
	out.Items = nil
	for _, it := range g.Items {
		if had[it.Key] {
			out.Items = append(out.Items, it)
			end = math.Max(end, it.Bottom)
		}
	}
	if len(out.Items) < len(g.Items) {
		out.Height = math.Min(g.Height, end)
	}
	return out
}

var emptyVerdict = verdict{outcome: Complete, code: "empty", text: Text{"Kontot har inga inlägg; sidan är fångad.", "The account has no posts; the page was captured."}}

// sharper looks into a page that was answered with an error, where the page itself says more exactly what bars the way.
func (t *tab) sharper(ctx context.Context, v verdict) verdict {
	if v.code != "http-403" && v.code != "http-503" && v.code != "http-400" {
		return v
	}
	w, err := eval[wallSigns](ctx, t, "wall")
	if err != nil || !(w.Captcha || w.Age || w.Geo || w.Login || w.Rate) {
		return v
	}
	if s, ok := w.verdict(); ok {
		s.retryAfter = v.retryAfter
		return s
	}
	return v
}

// walled ends a feed under which the page asks for a login, or whose server asks its scripts for one: what the wall says, empty where nothing shows it.
func (f *feeder) walled(said string) {
	v, _ := wallSigns{Login: true}.verdict()
	if said != "" {
		v.text.SV, v.text.EN = v.text.SV+" (”"+clip(said, 100)+"”)", v.text.EN+" (“"+clip(said, 100)+"”)"
	}
	f.stopAt(v)
}
