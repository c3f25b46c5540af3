package record

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"path/filepath"
	"strings"
	"time"

	"arsring/internal/capture"
)

//go:embed record.html
var recordHTML string

// Input is what a record is made of.
type Input struct {
	Capture       *capture.Capture
	CaptureDir    string
	ContentSHA256 string // of the package's content.json
	Tool          string // name and version of this program
	Organisation  string
	// StandIn makes the tiny picture that marks the place of a screenshot in the printed document.
	StandIn func(id string) []byte
}

// Placement says which picture and text belong where the stand-in with this id was printed. Lengths are pixels of the picture.
type Placement struct {
	ID   string
	Path string
	MIME string
	W, H int
	Text []capture.TextBox
}

// Record is a composed document, ready to be printed.
type Record struct {
	HTML      []byte
	Title     string
	Lang      string
	Author    string
	Sheets    int   // facsimile sheets
	TileSheet []int // sheet (1-based) that shows each tile, in the order of Capture.Tiles
	Replaced  int   // characters that no document could show and were replaced
}

// Compose makes the record's document.
func Compose(in Input) (*Record, error) {
	c := in.Capture
	lang := c.Job.Lang
	if lang != "en" {
		lang = "sv"
	}
	t := labelsFor(c, lang)
	title := c.Job.Account.Title
	if title == "" {
		title = c.Facts.Title
	}
	if title == "" {
		title = c.Job.URL
	}
	r := &Record{Lang: lang, Title: clean(title) + ", " + stamp(c.Started), Author: clean(in.Organisation)}
	if r.Author == "" {
		r.Author = clean(c.Job.Account.ArchiveCreator)
	}
	sheets := layout(c.Tiles)
	r.Sheets = len(sheets)
	r.TileSheet = make([]int, len(c.Tiles))
	for i, s := range sheets {
		for _, p := range s {
			r.TileSheet[p.tile.N-1] = i + 1
		}
	}
	v := view{T: t, Lang: lang, Title: r.Title, Cover: cover(in, t, lang), Sheets: sheetViews(sheets, in, t),
		Posts: postViews(c.Posts, t, 0), Pages: pageViews(c.Pages), Tiles: tileRows(c.Tiles), Content: in.ContentSHA256}
	var buf bytes.Buffer
	if err := page.Execute(&buf, v); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	r.HTML = buf.Bytes()
	return r, nil
}

// Placements lists what belongs where in the record of this capture, whose folder is dir. It is the same list for every record of it.
func Placements(c *capture.Capture, dir string) []Placement {
	out := make([]Placement, len(c.Tiles))
	for i, t := range c.Tiles {
		out[i] = Placement{ID: tileID(t), Path: filepath.Join(dir, t.File), MIME: t.MIME, W: t.W, H: t.H, Text: t.Text}
	}
	return out
}

var page = template.Must(template.New("record").Funcs(template.FuncMap{
	"lines": func(s string) []string { return strings.Split(s, "\n") },
	"mm":    func(px float64) template.CSS { return template.CSS(fmt.Sprintf("%.3fmm", px*mmPerPixel)) }, //nolint:gosec // a number and a unit
	"heading": func(level int, text, lang, dir string) template.HTML {
		level = max(2, min(6, level))
		return template.HTML(fmt.Sprintf("<h%d lang=%q dir=%q>%s</h%d>", level, safeLang(lang), safeDir(dir), template.HTMLEscapeString(text), level)) //nolint:gosec // the text is escaped, tag and direction are of fixed alphabets
	},
}).Parse(recordHTML))

type view struct {
	T       *labels
	Lang    string
	Title   string
	Cover   []section
	Sheets  []sheetView
	Posts   []postView
	Pages   []pageView
	Tiles   []tileRow
	Content string
}

// mmPerPixel is the one scale of all sheets: the full width of the page is 200 mm wide on paper.
const mmPerPixel = 200.0 / capture.ViewportWidth

// gap between two tiles on one sheet, in page pixels.
const gap = 12

type placed struct {
	tile capture.Tile
	top  float64 // in page pixels from the sheet's top
}

// layout puts whole tiles on sheets, in their order. The first view has a sheet of its own, and so has the beginning of each page.
func layout(tiles []capture.Tile) [][]placed {
	var sheets [][]placed
	used, kind, pageNo := 0.0, capture.TileKind(""), -1
	for _, t := range tiles {
		h := float64(t.H)
		if len(sheets) == 0 || t.Kind != kind || t.Page != pageNo || used+gap+h > capture.SheetHeight {
			sheets, used = append(sheets, nil), -gap
		}
		last := len(sheets) - 1
		sheets[last] = append(sheets[last], placed{t, used + gap})
		used, kind, pageNo = used+gap+h, t.Kind, t.Page
	}
	return sheets
}

type sheetView struct {
	N, Of   int
	Caption string
	First   bool // the first sheet of the part carries its heading
	Tiles   []tileView
}

type tileView struct {
	Src       template.URL
	Alt       string
	Top, W, H float64
	Links     []capture.LinkBox
}

// mostLinks bounds the live links of one sheet: a page of nothing but links must not swell the record beyond use.
const mostLinks = 400

func sheetViews(sheets [][]placed, in Input, t *labels) []sheetView {
	out := make([]sheetView, 0, len(sheets))
	for i, s := range sheets {
		v := sheetView{N: i + 1, Of: len(sheets), First: i == 0}
		for _, p := range s {
			tile := p.tile
			src := template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(in.StandIn(tileID(tile)))) //nolint:gosec // our own bytes in base64
			v.Tiles = append(v.Tiles, tileView{Src: src, Alt: alt(tile, i+1, t), Top: p.top, W: float64(tile.W), H: float64(tile.H), Links: links(tile, p.top)})
			if v.Caption == "" {
				v.Caption = caption(tile, t, in.Capture)
			}
		}
		out = append(out, v)
	}
	return out
}

func links(tile capture.Tile, top float64) []capture.LinkBox {
	out := tile.Links[:min(len(tile.Links), mostLinks)]
	moved := make([]capture.LinkBox, len(out))
	for i, l := range out {
		l.Y += top
		l.Text = clean(l.Text)
		moved[i] = l
	}
	return moved
}

func caption(tile capture.Tile, t *labels, c *capture.Capture) string {
	kind := t.PageTile
	if tile.Kind == capture.TileFirstView {
		kind = t.FirstView
	}
	if tile.Page > 0 && tile.Page < len(c.Pages) { // site mode: which of its pages
		kind = clean(c.Pages[tile.Page].URL)
	}
	return fmt.Sprintf("%s · %s", kind, clockZone(tile.At))
}

func alt(tile capture.Tile, sheet int, t *labels) string {
	s := fmt.Sprintf(t.AltSheet, sheet)
	if tile.Kind == capture.TileFirstView {
		s = t.AltFirst
	}
	if tile.Shows != "" {
		s += " " + t.AltShows + " " + clean(tile.Shows) + "."
	}
	return s
}

func tileID(t capture.Tile) string { return fmt.Sprintf("tile-%04d", t.N) }

type tileRow struct{ N, At, SHA256 string }

func tileRows(tiles []capture.Tile) []tileRow {
	out := make([]tileRow, len(tiles))
	for i, t := range tiles {
		out[i] = tileRow{fmt.Sprint(t.N), clockZone(t.At), t.SHA256}
	}
	return out
}

var stockholm = func() *time.Location {
	l, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		return time.FixedZone("CET", 3600)
	}
	return l
}()

// stamp writes a time as 2026-10-15 kl. 08.00.
func stamp(t time.Time) string { return t.In(stockholm).Format("2006-01-02 kl. 15.04") }

// clockZone writes a time to the second with its zone.
func clockZone(t time.Time) string { return t.In(stockholm).Format("2006-01-02 15.04.05 -07:00") }
