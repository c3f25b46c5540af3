package capture

// wallSigns are what the page shows of something that bars the way.
type wallSigns struct {
	Login, Captcha, Age, Gone, Geo bool
	Path                           bool // the address itself is a login page's
	Full                           bool // the whole page is the wall, not a dialog over it
	Closable                       bool // the dialog offers a way out
	Covering                       float64
	Text                           string
	Chars                          int
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
	case w.Gone:
		return verdict{outcome: NotFound, code: "removed", text: Text{"Sidan säger att kontot eller innehållet inte finns.", "The page says that the account or the content does not exist."}}, true
	case w.Login:
		return verdict{outcome: LoginWall, code: "login-wall", text: Text{"Plattformen kräver inloggning för att visa mer.", "The platform asks for a login before it shows more."}}, true
	}
	return verdict{}, false
}
