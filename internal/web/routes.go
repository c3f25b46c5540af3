package web

import "arsring/internal/access"

// public is the need of a route that anybody may ask for.
const public access.Role = ""

// route is one line of the table: what is asked, which role it needs in some tenant at least, and what is done. What a route shows of one
// tenant or record it checks again, by that tenant and class.
type route struct {
	pattern string
	need    access.Role
	run     func(*ask) error
	api     bool  // for programs: tokens count, answers are JSON
	room    bool  // open in the public reading room
	body    int64 // most bytes of a POST; 0: a form's

	form   bool     // of the API: takes fields as a JSON object
	fields []string // that it takes
	upload string   // name of the part that holds files
	schema string   // of the JSON that it takes

	about, query string // of an API route, for its description
}

const formBody = 1 << 20

func (rt route) bodyLimit() int64 {
	if rt.body > 0 {
		return rt.body
	}
	return formBody
}

func (s *Site) routes() []route {
	rs := []route{
		{pattern: "GET /logga-in", run: (*ask).signInPage},
		{pattern: "POST /logga-in", run: (*ask).signIn},
		{pattern: "POST /logga-ut", run: (*ask).signOut},
		{pattern: "GET /forsta", run: (*ask).firstPage},
		{pattern: "POST /forsta", run: (*ask).first},
		{pattern: "GET /logga-in/leverantor", run: (*ask).providerBegin},
		{pattern: "GET /logga-in/klar", run: (*ask).providerEnd},
		{pattern: "GET /sprak", run: (*ask).setLanguage},
		{pattern: "GET /{$}", need: access.Reader, run: (*ask).overview},
		{pattern: "GET /konton", need: access.Reader, run: (*ask).accounts},
		{pattern: "GET /konton/ny", need: access.Officer, run: (*ask).newAccountPage},
		{pattern: "POST /konton/ny", need: access.Officer, run: (*ask).saveNew},
		{pattern: "GET /konton/{tenant}/{id}", need: access.Reader, run: (*ask).accountPage},
		{pattern: "GET /konton/{tenant}/{id}/andra", need: access.Archivist, run: (*ask).editPage},
		{pattern: "POST /konton/{tenant}/{id}/andra", need: access.Archivist, run: (*ask).edit},
		{pattern: "POST /konton/{tenant}/{id}/avsluta", need: access.Archivist, run: (*ask).closeAccount},
		{pattern: "POST /konton/{tenant}/{id}/paus", need: access.Archivist, run: (*ask).pause},
		{pattern: "POST /konton/{tenant}/{id}/aterta", need: access.Archivist, run: (*ask).resume},
		{pattern: "GET /lista/{file}", need: access.Archivist, run: (*ask).exportAccounts},
		{pattern: "GET /anmalningar", need: access.Admin, run: (*ask).proposalsPage},
		{pattern: "POST /anmalningar/{id}", need: access.Admin, run: (*ask).answer},
		{pattern: "GET /ogonblicksbild/{id}", run: (*ask).snapshotPage, room: true},
		{pattern: "GET /ogonblicksbild/{id}/inlagg", run: (*ask).postsPage, room: true},
		{pattern: "GET /ogonblicksbild/{id}/blad", run: (*ask).sheetsPage, room: true},
		{pattern: "GET /ogonblicksbild/{id}/utsnitt/{n}", run: (*ask).tile, room: true},
		{pattern: "GET /ogonblicksbild/{id}/miniatyr", run: (*ask).thumb, room: true},
		{pattern: "GET /ogonblicksbild/{id}/arkivexemplar.pdf", run: (*ask).record, room: true},
		{pattern: "GET /ogonblicksbild/{id}/innehall.json", run: (*ask).contentFile, room: true},
		{pattern: "GET /ogonblicksbild/{id}/manifest.json", need: access.Reader, run: (*ask).manifestFile},
		{pattern: "GET /ogonblicksbild/{id}/paket.zip", need: access.Reader, run: (*ask).packageFile},
		{pattern: "POST /ogonblicksbild/{id}/kontrollera", need: access.Officer, run: (*ask).check},
		{pattern: "GET /bestall", need: access.Officer, run: (*ask).orderPage},
		{pattern: "POST /bestall", need: access.Officer, run: (*ask).order},
		{pattern: "GET /dokumentera", need: access.Officer, run: (*ask).evidencePage},
		{pattern: "POST /dokumentera", need: access.Officer, run: (*ask).evidence},
		{pattern: "GET /lamna-in", need: access.Officer, run: (*ask).uploadPage},
		{pattern: "POST /lamna-in", need: access.Officer, run: (*ask).upload, body: uploadBytes},
		{pattern: "GET /jobb/{id}", need: access.Officer, run: (*ask).jobPage},
		{pattern: "GET /jobb/{id}/handelser", need: access.Officer, run: (*ask).follow},
		{pattern: "GET /sok", run: (*ask).search, room: true},
		{pattern: "GET /jamfor", need: access.Reader, run: (*ask).compare},
		{pattern: "GET /lamna-ut/{id}", need: access.Archivist, run: (*ask).disclosePage},
		{pattern: "POST /lamna-ut/{id}", need: access.Archivist, run: (*ask).disclose},
		{pattern: "GET /kalender", need: access.Reader, run: (*ask).calendar},
		{pattern: "GET /kalender.ics", need: access.Reader, run: (*ask).feed, api: true},
		{pattern: "GET /register", run: (*ask).publicPage},
		{pattern: "GET /oppet/{file}", run: (*ask).publicFile},
		{pattern: "GET /logg", need: access.Archivist, run: (*ask).audit},
		{pattern: "GET /import", need: access.Archivist, run: (*ask).importPage},
		{pattern: "POST /import", need: access.Archivist, run: (*ask).importPreview, body: importBytes},
		{pattern: "POST /import/{id}", need: access.Archivist, run: (*ask).importApply},
		{pattern: "GET /anvandare", need: access.Admin, run: (*ask).peoplePage},
		{pattern: "POST /anvandare", need: access.Admin, run: (*ask).addPerson},
		{pattern: "POST /anvandare/{id}", need: access.Admin, run: (*ask).changePerson},
		{pattern: "GET /jag", need: access.Reader, run: (*ask).mePage},
		{pattern: "POST /jag/nycklar", need: access.Reader, run: (*ask).addToken},
		{pattern: "POST /jag/nycklar/{id}/bort", need: access.Reader, run: (*ask).removeToken},
		{pattern: "POST /jag/losenord", need: access.Reader, run: (*ask).password},
	}
	return append(rs, s.apiRoutes()...)
}
