package capture

import (
	"slices"
	"strings"
	"testing"
)

// What a page says only to a visitor who moves, looks, scrolls, presses for more or goes through its tabs is kept.
func TestWake(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	const text, pad = `Simhallen öppnar igen på måndag klockan nio.`, `<p>Älvsunda kommun berättar här om allt som händer i dess simhallar, bibliotek och skolor under hösten, vecka för vecka.</p>`
	for name, k := range map[string]struct {
		page string
		want []string
	}{
		"it waits for the pointer":    {`<p>Start</p><div id=a></div><script>addEventListener("mousemove",()=>{a.innerHTML="<h1>Älvsunda</h1><p>` + text + `</p>"},{once:true})</script>`, []string{text}},
		"it waits to be looked at":    {`<p>Start</p><div id=a></div><script>setInterval(()=>{if(document.hasFocus()&&!a.firstChild)a.innerHTML="<h1>Älvsunda</h1><p>` + text + `</p>"},100)</script>`, []string{text}},
		"it grows where it ends":      {`<h1>Älvsunda</h1><div id=a></div><script>let n=0;onscroll=()=>{if(n<3)a.insertAdjacentHTML("beforeend","<p>Del "+ ++n +". ` + text + `</p>")}</script>`, []string{"Del 1", "Del 3"}},
		"it has a button for more":    {`<h1>Älvsunda</h1><div id=a><p>Del 1</p></div><button onclick="n=(window.n||1)+1;a.insertAdjacentHTML('beforeend','<p>Del '+n);if(n>3)this.remove()">Visa mer</button>`, []string{"Del 1", "Del 4"}},
		"its parts lie behind tabs":   {`<h1>Älvsunda</h1><div role=tablist><button role=tab aria-selected=true aria-controls=p>Om</button><button role=tab aria-selected=false aria-controls=q>Kontakt</button></div><div id=p>Om badet</div><div id=q hidden>` + text + `</div><script>document.querySelectorAll("[role=tab]").forEach((t,i,all)=>t.onclick=()=>all.forEach((o)=>{document.getElementById(o.getAttribute("aria-controls")).hidden=o!==t}))</script>`, []string{"Om badet", text}},
		"its button for more is none": {`<h1>Älvsunda</h1><p>` + text + `</p><button>Visa mer</button><script>1</script>`, []string{text}},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.pages["/woken"] = pad + k.page
			c := s.capture("/woken")
			for _, want := range k.want {
				says := func(list []string) bool {
					return slices.ContainsFunc(list, func(x string) bool { return strings.Contains(x, want) })
				}
				var blocks, boxes []string
				for _, b := range c.Pages[0].Blocks {
					blocks = append(blocks, b.Text)
				}
				for _, tile := range c.Tiles[1:] {
					for _, b := range tile.Text {
						boxes = append(boxes, b.Text)
					}
				}
				if !says(blocks) || !says(boxes) {
					t.Errorf("%q: in the text %v, on a sheet %v", want, says(blocks), says(boxes))
				}
			}
			if c.Outcome != Complete {
				t.Errorf("%s, missing %q", c.Outcome, codes(c))
			}
		})
	}
}
