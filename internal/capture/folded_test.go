package capture

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// What a page keeps folded is opened and kept: sections by themselves, of which only one is open at a time, and within each other. Menus and
// searches stay as they are.
func TestFolded(t *testing.T) {
	t.Parallel()
	section := func(id, name, text string) string {
		return fmt.Sprintf(`<h3><button aria-expanded=false aria-controls=%s>%s</button></h3><div class=s id=%s hidden><p>%s</p></div>`, id, name, id, text)
	}
	s := newStage(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><html lang=sv><link rel=icon href='data:,'><title>Frågor</title><body><div><button aria-expanded=false aria-controls=m>Meny</button><div id=m hidden>MENY <a href="/a">Bygga</a></div>
<button aria-expanded=false aria-controls=q aria-haspopup=true>Mer</button><div id=q hidden>POPUP</div></div><main><h1>Frågor</h1>`+
			section("a", "När öppnar badet?", "SVAR-A klockan sex.")+section("b", "Vad kostar det?", "SVAR-B fyrtio kronor. "+section("c", "För barn?", "SVAR-C gratis."))+
			`<details name=x open><summary>Del</summary>SVAR-D</details><details name=x><summary>Dela upp</summary>SVAR-E</details><details name=x><summary>Tre</summary>SVAR-F <details><summary>Fyra</summary>SVAR-G</details></details>
<form><button type=button aria-expanded=false aria-controls=f>Skicka</button><div id=f hidden>FORMULÄR</div></form></main>
<script>document.querySelectorAll("button[aria-controls]").forEach((b) => b.onclick = () => {
  const t = document.getElementById(b.getAttribute("aria-controls")), nested = t.parentElement.closest(".s");
  if (!nested) document.querySelectorAll(".s").forEach((o) => { o.hidden = true; }); // one at a time
  t.hidden = false; b.setAttribute("aria-expanded", "true"); });</script>`)
	}))
	c := s.capture("/")
	var text strings.Builder
	for _, p := range c.Pages {
		for _, b := range p.Blocks {
			text.WriteString(b.Text + "\n")
		}
	}
	for _, want := range []string{"SVAR-A", "SVAR-B", "SVAR-C", "SVAR-D", "SVAR-E", "SVAR-F", "SVAR-G"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%s is not in the text:\n%s", want, text.String())
		}
		shown := false
		for _, tile := range c.Tiles {
			for _, box := range tile.Text {
				shown = shown || strings.Contains(box.Text, want)
			}
		}
		if !shown {
			t.Errorf("%s is on no sheet", want)
		}
	}
	for _, not := range []string{"MENY ", "POPUP", "FORMULÄR"} {
		if strings.Contains(text.String(), not) {
			t.Errorf("%q was opened:\n%s", not, text.String())
		}
	}
	if got := strings.Join(acts(c), "\n"); !strings.Contains(got, "pressed: När öppnar badet?") || !strings.Contains(got, "pressed: Tre") || strings.Contains(got, "Meny") {
		t.Errorf("acts:\n%s", got)
	}
}
