package vault

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// State says whether a person should do something about a login.
type State string

// The states, from good to bad.
const (
	StateOK       State = "ok"
	StateUnknown  State = "unknown"  // the cookies do not say when the login ends, and it is not old
	StateOld      State = "old"      // the cookies do not say, and it is older than a half-year's snapshot needs
	StateExpiring State = "expiring" // it probably ends within the days of warning
	StateExpired  State = "expired"  // it has probably ended
	StateBroken   State = "broken"   // the stored file or its key cannot be used
	StateMissing  State = "missing"  // an account names it and it is not stored
)

// oldAfter is when a login of which nothing is known should be looked at.
const oldAfter = 180 * 24 * time.Hour

// Status is one login as doctor, metrics and mail tell of it.
type Status struct {
	Name     string     `json:"name"`
	State    State      `json:"state"`
	Host     string     `json:"host"`
	Stored   *time.Time `json:"stored"`
	Expires  *time.Time `json:"expires"`
	AgeDays  int        `json:"age_days"`
	DaysLeft *int       `json:"days_left"` // negative when it has passed; null when unknown
	Accounts []string   `json:"accounts"`  // "tenant/id" of those that use it
	SV       string     `json:"sv"`        // what a person should know or do
	EN       string     `json:"en"`
}

// NeedsPerson reports whether somebody should log in again, now or soon.
func (s Status) NeedsPerson() bool { return s.State != StateOK && s.State != StateUnknown }

// In gives the sentence in the language, "sv" or "en"; Swedish when the language is unknown.
func (s Status) In(lang string) string {
	if lang == "en" {
		return s.EN
	}
	return s.SV
}

// Status gives every stored login, and every one that users name and that is not stored: users is profile name to the accounts that need it.
// warnDays before the probable end a login is "expiring". The error is that of List.
func (v *Vault) Status(users map[string][]string, warnDays int) ([]Status, error) {
	list, err := v.List()
	if err != nil {
		return nil, err
	}
	for name := range users {
		if !v.Has(name) {
			list = append(list, Profile{Name: name, Err: missing(name)})
		}
	}
	sortProfiles(list)
	_, keyErr := v.identities()
	out := make([]Status, len(list))
	for i, p := range list {
		if p.Err == nil {
			p.Err = keyErr
		}
		out[i] = p.status(v.o.Now(), warnDays)
		if out[i].Accounts = users[p.Name]; out[i].Accounts == nil {
			out[i].Accounts = []string{}
		}
	}
	return out, nil
}

func (p Profile) status(now time.Time, warnDays int) Status {
	s := Status{Name: p.Name, Host: p.Host}
	if !p.Stored.IsZero() {
		s.Stored, s.Expires, s.AgeDays = &p.Stored, p.Expires, int(now.Sub(p.Stored).Hours()/24)
	}
	if p.Err != nil {
		s.State = StateBroken
		if Code(p.Err) == "no-profile" {
			s.State = StateMissing
		}
		s.SV, s.EN = both(p.Err)
		return s
	}
	again := [2]string{fmt.Sprintf("kör arsring login %s", p.Name), fmt.Sprintf("run arsring login %s", p.Name)}
	if p.Expires == nil {
		if now.Sub(p.Stored) > oldAfter {
			s.State = StateOld
			s.SV, s.EN = fmt.Sprintf("inloggningen är %d dagar gammal: %s", s.AgeDays, again[0]), fmt.Sprintf("the login is %d days old: %s", s.AgeDays, again[1])
			return s
		}
		s.State, s.SV, s.EN = StateUnknown, "det går inte att se när inloggningen går ut", "when the login ends cannot be seen"
		return s
	}
	left := int(p.Expires.Sub(now).Hours() / 24)
	day := p.Expires.Format(time.DateOnly)
	s.DaysLeft = &left
	switch {
	case !p.Expires.After(now):
		left = min(left, -1)
		s.State, s.SV, s.EN = StateExpired, "inloggningen gick troligen ut "+day+": "+again[0], "the login probably ended on "+day+": "+again[1]
	case left < warnDays:
		s.State, s.SV, s.EN = StateExpiring, fmt.Sprintf("inloggningen går troligen ut om %d dagar (%s): %s", left, day, again[0]), fmt.Sprintf("the login probably ends in %d days (%s): %s", left, day, again[1])
	default:
		s.State, s.SV, s.EN = StateOK, "inloggningen gäller troligen till "+day, "the login probably lasts until "+day
	}
	return s
}

func sortProfiles(list []Profile) {
	slices.SortFunc(list, func(a, b Profile) int { return cmp.Compare(a.Name, b.Name) })
}

// both gives an error's two sentences.
func both(err error) (sv, en string) {
	var e *Error
	if errors.As(err, &e) {
		return e.In("sv"), e.In("en")
	}
	return err.Error(), err.Error()
}
