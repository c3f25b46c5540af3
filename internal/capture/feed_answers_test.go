package capture

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// answerBoard is a board whose comments have pages of their own: a post's page shows the first answer to each and counts them.
type answerBoard struct{ board }

// unit writes one piece with its name, its time as a link to its own page, and how many answers it has.
func (b answerBoard) unit(who, address, text string, at time.Time, answers int) string {
	n := ""
	if answers > 0 {
		n = fmt.Sprintf(`<a href="%s">%d svar</a>`, address, answers)
	}
	return fmt.Sprintf(`<div class="u"><div><b>%s</b> <a href="%s">%s</a></div><p>%s</p>%s</div>`, who, address, b.day(at), text, n)
}

func (b answerBoard) opening(i int) string {
	return b.unit("Exempelby kommun", fmt.Sprintf("/p/%d", i), fmt.Sprintf("Sak %d: arbetet vid torget går vidare under veckan.", i), b.at(i), i%3)
}

func (b answerBoard) comment(i, k int) string {
	return b.unit(fmt.Sprintf("Person %d", k), fmt.Sprintf("/k/%d-%d", i, k), fmt.Sprintf("Kommentar %d om sak %d.", k, i), b.at(i).Add(time.Duration(k+1)*time.Hour), 3)
}

func (b answerBoard) replies(i, k, n int) string {
	var out strings.Builder
	for m := range n {
		out.WriteString(b.unit(fmt.Sprintf("Granne %d", m), fmt.Sprintf("/k/%d-%d-%d", i, k, m), fmt.Sprintf("Svar %d på kommentar %d om sak %d.", m, k, i), b.at(i).Add(time.Duration(k+1)*time.Hour+time.Duration(m+1)*time.Minute), 0))
	}
	return out.String()
}

func (b answerBoard) tiled(i int) string {
	t := b.at(i)
	return fmt.Sprintf(`<div role=listitem style="display:flex;border:1px solid"><div><div>%d</div><div>%s</div></div><div><div><b>Exempelby kommun</b> <span>Publicerat %s</span></div><p>Sak %d: arbetet vid torget går vidare.</p>%s</div></div>`,
		t.Day(), strings.Fields(b.day(t))[1][:3], b.day(t), i, b.talk(i))
}

func (b answerBoard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var out strings.Builder
	var i, k int
	path := strings.TrimPrefix(r.URL.Path, "/")
	switch {
	case path == "answers":
		for i := range b.n {
			out.WriteString(b.opening(i))
		}
	case path == "a language first":
		out.WriteString(`<h2>Välj språk · Choose language</h2><a role=button lang=fi href="/answers?fi">Suomi</a> <a role=button lang=sv href="/answers">Svenska</a> <a role=button lang=en href="/answers?en">English</a>`)
	case path == "day tiles", path == "a session ends":
		for i := range b.n {
			out.WriteString(b.tiled(i))
		}
		if path == "a session ends" {
			out.WriteString(`<div style="padding:30px"><h2>Hej igen</h2><form onsubmit="return false"><input type=email><input type=password><button>Nästa</button></form></div>`)
		}
	case scan(path, "p/%d", &i):
		out.WriteString(b.opening(i))
		for k := range i % 3 {
			out.WriteString("<div>" + b.comment(i, k) + b.replies(i, k, 1) + "</div>")
		}
		fmt.Fprintf(&out, `<div><span>Relaterade trådar</span><div><b>Vadret</b> <a href="/v/%d">1 februari 2024</a><p>Minns ni vårfloden?</p></div></div>`, i)
	case scan(path, "k/%d-%d", &i, &k):
		out.WriteString("<div>" + b.opening(i) + b.comment(i, k) + "</div>" + b.replies(i, k, 3))
	}
	writeBoard(w, `<style>.u{border:1px solid;margin:9px}</style>`+out.String())
}

func scan(path, form string, into ...any) bool {
	n, err := fmt.Sscanf(path, form, into...)
	return err == nil && n == len(into)
}

// Answers that only a comment's own page shows are fetched there and stand below it; a page that asks for a language first is gone through; a form to log
// in in the row of the posts makes the feed partial.
func TestFeedAnswers(t *testing.T) {
	t.Parallel()
	b := answerBoard{board{n: 6}}
	s := newStage(t, b)
	for _, k := range []struct {
		path                 string
		posts, tops, answers int
		stop                 Stop
		outcome              Outcome
	}{
		{"answers", 6, 6, 18, StopEndOfFeed, Complete},
		{"a language first", 6, 6, 18, StopEndOfFeed, Complete},
		{"day tiles", 6, 6, 0, StopEndOfFeed, Complete},
		{"a session ends", 6, 6, 0, StopWall, Partial},
	} {
		s.board(t, k.path, func(t *testing.T, c *Capture) {
			if c.Outcome != k.outcome || c.Period.Stop != k.stop || len(c.Posts) != k.posts {
				t.Errorf("%s (%s), %d posts: want %s (%s), %d; missing %v", c.Outcome, c.Period.Stop, len(c.Posts), k.outcome, k.stop, k.posts, c.Missing)
			}
			tops, answers := 0, 0
			for _, p := range c.Posts {
				if !strings.HasPrefix(p.Text, "Sak ") || p.PublishedPrecision != preciseMinute {
					t.Errorf("a post says %q, to the %s", p.Text, p.PublishedPrecision)
				}
				for _, q := range p.Comments {
					tops++
					for _, a := range q.Comments {
						if !strings.Contains(a.Text, "på "+strings.ToLower(q.Text[:1])+q.Text[1:]) {
							t.Errorf("%q stands below %q", a.Text, q.Text)
						}
						answers++
					}
				}
			}
			if tops != k.tops || answers != k.answers {
				t.Errorf("%d comments with %d answers, want %d with %d", tops, answers, k.tops, k.answers)
			}
		})
	}
}
