package sites

import "time"

// neighbours are other accounts that the municipality passes on.
var neighbours = []struct{ name, handle string }{
	{"Räddningstjänsten Älvdalen", "rtj_alvdalen"}, {"Älvsunda Energi", "alvsundaenergi"}, {"Region Älvlandet", "region_alvlandet"}, {"Polisen Älvsunda", "polis_alvsunda"},
	{"Hembygdsgården i Sörängen", "sorangen_hembygd"},
}

// shareSome makes every eighth post somebody else's, passed on by the account.
func shareSome(s *spec, f *feed, w *writer) {
	for i := range f.truth.Posts {
		if i%8 != 5 || f.truth.Posts[i].Pinned {
			continue
		}
		p, from := &f.truth.Posts[i], pick(w, neighbours)
		p.Own, p.Shared, p.Author, p.AuthorID = false, true, from.name, from.handle
		p.AuthorURL = s.path() + s.shape.author(from.handle)
		if s.shape.shared != nil {
			p.Permalink = s.path() + s.shape.shared(from.handle, p.ID)
		}
	}
}

// pinOld shows the oldest but two post first, as pinned.
func pinOld(f *feed) {
	n := len(f.truth.Posts)
	if n < 4 {
		return
	}
	f.truth.Posts[n-3].Pinned = true
	f.shown = append([]int{n - 3}, append(f.shown[:n-3:n-3], f.shown[n-2:]...)...)
}

// editSome makes every fifth post an edited one.
func editSome(f *feed, w *writer) {
	for i := range f.truth.Posts {
		p := &f.truth.Posts[i]
		at := p.Published.Add(time.Duration(3+w.r.IntN(240)) * time.Minute)
		if i%5 == 1 && at.Before(f.o.Now) {
			p.Edited = &at
		}
	}
}

// makeVideos turns posts into videos: a title, no more text, and a thumbnail.
func makeVideos(s *spec, f *feed, w *writer) {
	for i := range f.truth.Posts {
		p := &f.truth.Posts[i]
		p.Mark = "film " + w.ref()
		p.Text = firstLine(p.Text) + " – " + p.Mark
		p.Links, p.Media = []string{}, []Media{{Kind: "video", URL: p.Permalink}}
	}
	f.truth.Precision = 31 * 24 * time.Hour
}

// roughly says that the page tells only how old a post is.
func roughly(_ *spec, f *feed, _ *writer) { f.truth.Precision = 31 * 24 * time.Hour } // "4 mån"

// warnings stand before texts that not everybody wants to read.
var warnings = []string{"Nämndpolitik, långt", "Olycka", "Vaccination", "Valet"}

// warn puts every fourth post behind a content warning.
func warn(f *feed) {
	for i := range f.truth.Posts {
		if i%4 == 2 {
			f.truth.Posts[i].Warning = warnings[i/4%len(warnings)]
		}
	}
}
