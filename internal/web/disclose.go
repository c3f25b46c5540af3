package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"arsring/internal/access"
	"arsring/internal/capture"
	"arsring/internal/sip"
)

// Disclosure is a copy of chosen posts and sheets that is handed out to somebody who asked.
type Disclosure struct {
	Snapshot Snapshot
	Posts    []sip.Post  // chosen, masked where chosen; comments only those chosen
	Sheets   []CopySheet // chosen
	Words    Needles     // that shall not be read anywhere in the copy
	Masked   int         // places in the posts where something was taken out
	Assessor string
	When     string
	Org      string
}

// CopySheet is a picture of the page that is handed out.
type CopySheet struct {
	Tile int            // its number in the manifest
	N    int            // which sheet, from 1, as people count them
	Page int            // of the record that shows it; 0: not known
	Hide []capture.Rect // what a person has chosen to black out, in parts of the picture: 0 to 1
}

// Discloser makes the PDF of a copy. The original is not touched. What it cannot mask with certainty is a *Refusal.
type Discloser interface {
	Copy(ctx context.Context, d Disclosure) (pdf []byte, err error)
}

// copyRequest is what a person has chosen to hand out.
type copyRequest struct {
	Posts    []string    `json:"posts"`  // ids
	Mask     []string    `json:"mask"`   // ids of posts whose text and name are taken out
	Words    []string    `json:"words"`  // taken out everywhere
	Sheets   []copySheet `json:"sheets"` // pictures of the page
	Why      string      `json:"why"`
	Assessor string      `json:"assessor"`
	To       string      `json:"to"` // who asked; may be empty
}

type copySheet struct {
	Tile int          `json:"tile"`
	Hide [][4]float64 `json:"hide"` // left, top, width, height in per cent of the picture
}

// The bounds of a copy.
const (
	mostChoices = 1000 // posts in the form
	mostSheets  = 40   // sheets in one copy
	mostWords   = 100
	mostHidden  = 50 // places on one sheet
)

type discloseData struct {
	Snapshot
	Posts  []choice
	Sheets []sheetChoice
	More   bool // there are posts beyond those that are listed
	Most   int
}

// choice is one post or comment that can be handed out.
type choice struct {
	sip.Post
	Depth   int
	On, Off bool // chosen; masked
}

// sheetChoice is one picture that can be handed out.
type sheetChoice struct {
	sip.Tile
	Sheet, Page int
	On          bool
	Hide        string
}

func (q *ask) disclosable() (kept, error) {
	k, err := q.kept()
	if err == nil && (q.o.Disclose == nil || !q.actor.MayDo(k.Tenant, k.Class, access.Archivist)) {
		err = ErrNotFound
	}
	return k, err
}

func (q *ask) disclosePage() error {
	k, err := q.disclosable()
	if err != nil {
		return err
	}
	return q.showDisclose(http.StatusOK, k, url.Values{"assessor": {q.actor.Name}}, nil)
}

func (q *ask) showDisclose(status int, k kept, form url.Values, errs map[string]string) error {
	c, err := q.o.Archive.Content(q.ctx(), k.ID)
	if err != nil {
		return err
	}
	d := discloseData{Snapshot: k.Snapshot, Most: mostSheets}
	var walk func(posts []sip.Post, depth int)
	walk = func(posts []sip.Post, depth int) {
		for _, p := range posts {
			if len(d.Posts) >= mostChoices {
				d.More = true
				return
			}
			d.Posts = append(d.Posts, choice{p, depth, slices.Contains(form["post"], p.ID), slices.Contains(form["mask"], p.ID)})
			walk(p.Comments, depth+1)
		}
	}
	walk(c.Posts, 0)
	for i, s := range sheetsOf(k.M) {
		for _, t := range s.Tiles {
			n := strconv.Itoa(t.N)
			d.Sheets = append(d.Sheets, sheetChoice{t, i + 1, s.Page, slices.Contains(form["sheet"], n), form.Get("hide-" + n)})
		}
	}
	return q.renderPage(status, "disclose", page{Title: q.t("Lämna ut kopia", "Hand out a copy"), Form: form, Errors: errs, Data: d})
}

// disclose makes the copy, and notes what was handed out, why, by whom it was assessed and when. Who asked is noted only when it was written:
// nobody has to say who they are to read a public document.
func (q *ask) disclose() error {
	k, err := q.disclosable()
	if err != nil {
		return err
	}
	if err := q.r.ParseForm(); err != nil {
		return err
	}
	v, errs := q.r.PostForm, map[string]string{}
	r := copyRequest{Posts: v["post"], Mask: v["mask"], Words: strings.Split(v.Get("words"), "\n"), To: v.Get("to")}
	r.Why = q.sentence(v, "why", "Skriv vad begäran gäller.", "Write what the request is about.", errs)
	r.Assessor = q.sentence(v, "assessor", "Skriv vem som har prövat utlämnandet.", "Write who has assessed the request.", errs)
	for _, n := range v["sheet"] {
		hide, ok := readHidden(v.Get("hide-" + n))
		if !ok {
			errs["hide-"+n] = q.t("Skriv ytor som fyra tal i procent: vänster, överkant, bredd, höjd. Flera ytor skiljs med semikolon.", "Write areas as four numbers in per cent: left, top, width, height. Separate several with a semicolon.")
		}
		r.Sheets = append(r.Sheets, copySheet{Tile: atoi(n), Hide: hide})
	}
	return q.giveCopy(k, r, errs, func() error { return q.showDisclose(http.StatusUnprocessableEntity, k, v, errs) })
}

// giveCopy answers with the copy that was asked for; when errs tell of something wrong, before or while it is made, refuse answers.
func (q *ask) giveCopy(k kept, r copyRequest, errs map[string]string, refuse func() error) error {
	var pdf []byte
	if len(errs) == 0 {
		var err error
		if pdf, err = q.copyOf(k, r, errs); err != nil {
			return err
		}
	}
	if len(errs) > 0 {
		return refuse()
	}
	q.attach("application/pdf", "kopia-"+k.ID+".pdf")
	_, _ = q.w.Write(pdf) // who asked may go away
	return nil
}

// readHidden reads "10 20 30 5; 50,5 60 20 10".
func readHidden(s string) (out [][4]float64, ok bool) {
	for part := range strings.SplitSeq(s, ";") {
		numbers := strings.Fields(strings.NewReplacer("%", " ", ",", ".").Replace(part))
		if len(numbers) == 0 {
			continue
		}
		var r [4]float64
		if len(numbers) != 4 {
			return nil, false
		}
		for i, n := range numbers {
			f, err := strconv.ParseFloat(n, 64)
			if err != nil {
				return nil, false
			}
			r[i] = f
		}
		out = append(out, r)
	}
	return out, true
}

// copyOf makes the copy that was asked for and notes it in the log; what is wrong with the request is put into errs.
func (q *ask) copyOf(k kept, r copyRequest, errs map[string]string) ([]byte, error) {
	c, err := q.o.Archive.Content(q.ctx(), k.ID)
	if err != nil {
		return nil, err
	}
	words := slices.DeleteFunc(r.Words, func(s string) bool { return strings.TrimSpace(s) == "" })
	d := Disclosure{Snapshot: k.Snapshot, Words: NewNeedles(words), Assessor: r.Assessor, When: when(q.o.Now()), Org: q.o.Organisation}
	if len(words) > mostWords || slices.ContainsFunc(words, func(s string) bool { return len(NewNeedles([]string{s})) == 0 || len([]rune(s)) > longest }) {
		errs["words"] = q.t(fmt.Sprintf("Skriv högst %d ord, ett på varje rad, med minst två tecken.", mostWords), fmt.Sprintf("Write at most %d words, one a line, of at least two characters.", mostWords))
	}
	q.chooseSheets(&d, k, r, c.Posts, errs)
	d.Posts = d.choose(c.Posts, r)
	if len(d.Posts)+len(d.Sheets) == 0 && len(errs) == 0 {
		errs["post"] = q.t("Välj minst ett inlägg eller ett blad.", "Choose at least one post or one sheet.")
	}
	if len(errs) > 0 {
		return nil, nil
	}
	pdf, err := q.o.Disclose.Copy(q.ctx(), d)
	var refusal *Refusal
	if errors.As(err, &refusal) {
		errs[refusal.Field] = q.t(refusal.SV, refusal.EN)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	detail := fmt.Sprintf("%d inlägg, %d blad, maskat på %d ställen i inläggen; %s; prövat av %s", len(r.Posts), len(d.Sheets), d.Masked, r.Why, r.Assessor)
	if to := strings.TrimSpace(r.To); to != "" {
		detail += "; till " + clip(200, to)
	}
	return pdf, q.note(k.Tenant, "hand-out", k.ID, detail)
}

// chooseSheets takes over the chosen sheets. One that shows a masked post must be masked by hand: where the post's pictures are is not known.
func (q *ask) chooseSheets(d *Disclosure, k kept, r copyRequest, posts []sip.Post, errs map[string]string) {
	if len(r.Sheets) > mostSheets {
		errs["sheet"] = q.t(fmt.Sprintf("Välj högst %d blad åt gången.", mostSheets), fmt.Sprintf("Choose at most %d sheets at a time.", mostSheets))
		return
	}
	shown := map[int]bool{}
	anyOf(sip.Post{Comments: posts}, func(p sip.Post) bool {
		for _, n := range p.Tiles {
			shown[n] = shown[n] || slices.Contains(r.Mask, p.ID)
		}
		return false
	})
	for i, s := range sheetsOf(k.M) {
		for _, t := range s.Tiles {
			at := slices.IndexFunc(r.Sheets, func(c copySheet) bool { return c.Tile == t.N })
			if at < 0 {
				continue
			}
			hide, ok := hidden(r.Sheets[at].Hide)
			switch field := "hide-" + strconv.Itoa(t.N); {
			case !ok:
				errs[field] = q.t("Ytorna ska ligga inom bladet: tal från 0 till 100.", "Areas lie within the sheet: numbers from 0 to 100.")
			case len(hide) == 0 && shown[t.N]:
				errs[field] = q.t(fmt.Sprintf("Blad %d visar ett inlägg som ska maskas. Ange vilka ytor som ska täckas, eller välj bort bladet.", i+1),
					fmt.Sprintf("Sheet %d shows a post that is to be masked. Say which areas to cover, or leave the sheet out.", i+1))
			}
			d.Sheets = append(d.Sheets, CopySheet{t.N, i + 1, s.Page, hide})
		}
	}
	if len(d.Sheets) != len(r.Sheets) {
		errs["sheet"] = q.t("Ett valt blad finns inte.", "A chosen sheet is not there.")
	}
}

// hidden turns per cent into parts.
func hidden(in [][4]float64) (out []capture.Rect, ok bool) {
	if len(in) > mostHidden {
		return nil, false
	}
	for _, r := range in {
		for _, f := range r {
			if !(f >= 0 && f <= 100) {
				return nil, false
			}
		}
		if r[2] == 0 || r[3] == 0 {
			return nil, false
		}
		out = append(out, capture.Rect{X: r[0] / 100, Y: r[1] / 100, W: r[2] / 100, H: r[3] / 100})
	}
	return out, true
}

// choose gives the chosen posts with their chosen comments; a comment that is chosen alone stands alone. Only what the copy shows is taken over.
func (d *Disclosure) choose(posts []sip.Post, r copyRequest) []sip.Post {
	var out []sip.Post
	for _, p := range posts {
		below := d.choose(p.Comments, r)
		if !slices.Contains(r.Posts, p.ID) {
			out = append(out, below...)
			continue
		}
		c := sip.Post{ID: p.ID, Origin: p.Origin, Published: p.Published, Comments: below}
		if slices.Contains(r.Mask, p.ID) {
			d.Masked++
			c.Text = Masked
			out = append(out, c)
			continue
		}
		var n, k int
		c.Text, n = d.Words.Mask(p.Text)
		if p.Author != nil {
			var author string
			author, k = d.Words.Mask(*p.Author)
			c.Author = &author
		}
		d.Masked += n + k
		out = append(out, c)
	}
	return out
}
