package app

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"slices"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"arsring/internal/capture"
	"arsring/internal/pdfa"
	"arsring/internal/sip"
	"arsring/internal/web"
)

// copiedSheet is a picture of the page in a copy, with what shall not be seen painted over before it was coded.
type copiedSheet struct {
	N, Page, Places int
	data            []byte
	mime            string
}

// sheets makes the pictures of a copy. Where words are to be masked, the record's own text layer says where they stand on the pictures; a word
// that the content has and the layer has not is refused unless a person has covered the sheet by hand.
func (w *webCopies) sheets(ctx context.Context, d web.Disclosure) ([]copiedSheet, error) {
	if len(d.Sheets) == 0 {
		return nil, nil
	}
	texts := map[int][]pdfa.LayerText{}
	if len(d.Words) > 0 {
		var err error
		if texts, err = w.located(ctx, d); err != nil {
			return nil, err
		}
	}
	out := make([]copiedSheet, 0, len(d.Sheets))
	for _, s := range d.Sheets {
		data, mime, err := w.arch.Tile(ctx, d.Snapshot.ID, s.Tile, 0)
		if err != nil {
			return nil, err
		}
		c := copiedSheet{N: s.N, Page: s.Page, data: data, mime: mime}
		if err := c.cover(s.Hide, linesWith(d.Words, texts[s.Tile])); err != nil {
			return nil, fmt.Errorf("sheet %d: %w", s.N, err)
		}
		out = append(out, c)
	}
	return out, nil
}

// located gives the text that stands on each picture of a snapshot, and refuses sheets on which a word cannot be found for certain.
func (w *webCopies) located(ctx context.Context, d web.Disclosure) (map[int][]pdfa.LayerText, error) {
	m, err := w.arch.Manifest(ctx, d.Snapshot.ID)
	if err != nil {
		return nil, err
	}
	texts, known, err := w.layers(ctx, m)
	if err != nil {
		return nil, err
	}
	content, err := w.arch.Content(ctx, d.Snapshot.ID)
	if err != nil {
		return nil, err
	}
	lost := lostWords(d.Words, content, texts)
	for _, s := range d.Sheets {
		if field := "hide-" + strconv.Itoa(s.Tile); len(s.Hide) == 0 {
			if !known {
				return nil, &web.Refusal{Field: field, SV: fmt.Sprintf("Texten på blad %d går inte att läsa, så orden kan inte maskas där. Ange vilka ytor som ska täckas, eller välj bort bladet.", s.N),
					EN: fmt.Sprintf("The text on sheet %d cannot be read, so the words cannot be masked there. Say which areas to cover, or leave the sheet out.", s.N)}
			}
			if lost[0] || lost[s.Tile] {
				return nil, &web.Refusal{Field: field, SV: fmt.Sprintf("Ett ord som ska maskas hör till blad %d men hittades inte på bilden. Ange vilka ytor som ska täckas, eller välj bort bladet.", s.N),
					EN: fmt.Sprintf("A word that is to be masked belongs to sheet %d but was not found in the picture. Say which areas to cover, or leave the sheet out.", s.N)}
			}
		}
	}
	return texts, nil
}

// layers reads the record's text layers and gives them to the pictures that they lie over; known is false where the record has none, or not
// one for each picture of a page.
func (w *webCopies) layers(ctx context.Context, m sip.Manifest) (texts map[int][]pdfa.LayerText, known bool, err error) {
	if m.Record == nil {
		return nil, false, nil
	}
	pdf, err := w.arch.tiles.read(ctx, m.ID, m.Record.Path)
	if err != nil {
		return nil, false, err
	}
	layers, err := pdfa.ReadLayers(ctx, bytes.NewReader(pdf))
	if err != nil {
		return nil, false, err
	}
	texts = map[int][]pdfa.LayerText{}
	pages := map[int][]int{}
	for _, t := range m.Tiles {
		if t.RecordPage == nil {
			return nil, false, nil
		}
		pages[*t.RecordPage] = append(pages[*t.RecordPage], t.N)
	}
	for at := 0; at < len(layers); {
		page, n := layers[at].Page, 0
		for at+n < len(layers) && layers[at+n].Page == page {
			n++
		}
		tiles := pages[page]
		if n != len(tiles) {
			return nil, false, nil
		}
		for i, t := range tiles {
			texts[t] = layers[at+i].Text
		}
		at += n
	}
	return texts, len(layers) > 0, nil
}

// lostWords gives the pictures that should show a word, by the content, while it stands on none of the pictures of the same post; 0 stands for
// all, where a page's own text has such a word.
func lostWords(words web.Needles, c sip.Content, texts map[int][]pdfa.LayerText) map[int]bool {
	lost := map[int]bool{}
	for _, word := range words {
		one := web.Needles{word}
		shown := map[int]bool{} // pictures on which the word stands
		for n, t := range texts {
			if len(linesWith(one, t)) > 0 {
				shown[n] = true
			}
		}
		losePosts(lost, one, c.Posts, shown)
		if len(shown) == 0 && slices.ContainsFunc(c.Pages, func(p sip.Page) bool { return len(one.Find(web.FoldText(p.Text))) > 0 }) {
			lost[0] = true
		}
	}
	return lost
}

// losePosts adds the pictures of the posts that hold the word while none of their pictures shows it.
func losePosts(lost map[int]bool, word web.Needles, posts []sip.Post, shown map[int]bool) {
	for _, p := range posts {
		losePosts(lost, word, p.Comments, shown)
		said := p.Text
		if p.Author != nil {
			said += "\n" + *p.Author
		}
		if slices.ContainsFunc(p.Tiles, func(n int) bool { return shown[n] }) || len(word.Find(web.FoldText(said))) == 0 {
			continue
		}
		for _, n := range p.Tiles {
			lost[n] = true
		}
	}
}

// linesWith gives the runs of a picture's text in which a word stands, or a part of one that goes on in the next run: the whole run, since how
// far each letter of it reaches is only estimated. Text from right to left stands turned about in the layer, so it is read both ways.
func linesWith(words web.Needles, runs []pdfa.LayerText) []pdfa.LayerText {
	if len(words) == 0 || len(runs) == 0 {
		return nil
	}
	hit := make([]bool, len(runs))
	for _, how := range []struct {
		between string
		turned  bool
	}{{" ", false}, {"", false}, {" ", true}} {
		var all []rune
		var of []int
		for i, r := range runs {
			text := []rune(norm.NFC.String(r.Text) + how.between)
			if how.turned {
				slices.Reverse(text)
			}
			all = append(all, text...)
			of = append(of, slices.Repeat([]int{i}, len(text))...)
		}
		f := web.FoldRunes(all)
		for _, r := range words.FindExact(f) {
			for k := r[0]; k < r[1]; k++ {
				hit[of[f.At[k]]] = true
			}
		}
	}
	var out []pdfa.LayerText
	for i, r := range runs {
		if hit[i] {
			out = append(out, r)
		}
	}
	return out
}

// margin is what is covered around a run, in pixels: letters reach a little out of their boxes.
const margin = 4

// cover paints over areas chosen by hand and lines of text, and codes the picture anew: nothing of what lies beneath stays in its bytes.
func (c *copiedSheet) cover(hide []capture.Rect, lines []pdfa.LayerText) error {
	if c.Places = len(hide) + len(lines); c.Places == 0 {
		return nil
	}
	img, _, err := image.Decode(bytes.NewReader(c.data))
	if err != nil {
		return err
	}
	b := img.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), img, b.Min, draw.Over)
	w, h := float64(b.Dx()), float64(b.Dy())
	paint := func(x0, y0, x1, y1 float64) {
		r := image.Rect(int(x0), int(y0), int(x1)+1, int(y1)+1).Intersect(flat.Bounds())
		draw.Draw(flat, r, image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	for _, r := range hide {
		paint(r.X*w, r.Y*h, (r.X+r.W)*w, (r.Y+r.H)*h)
	}
	for _, l := range lines {
		around := max(margin, l.H/4)
		paint(l.X-around, h-l.Y-around, l.X+l.W+around, h-l.Y+l.H+around)
	}
	var out bytes.Buffer
	if c.mime == "image/png" {
		err = png.Encode(&out, flat)
	} else {
		c.mime, err = "image/jpeg", jpeg.Encode(&out, flat, &jpeg.Options{Quality: 90})
	}
	c.data = out.Bytes()
	return err
}
