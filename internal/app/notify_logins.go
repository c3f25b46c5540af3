package app

import "time"

// loginAges gives the stored logins for metrics and mail.
func (a *App) loginAges() ([]loginAge, error) {
	list, err := a.Logins()
	out := make([]loginAge, len(list))
	for i, l := range list {
		out[i] = loginAge{Name: l.Name, Age: time.Duration(l.AgeDays) * 24 * time.Hour, Expires: l.Expires, Person: l.NeedsPerson(), SV: l.SV, EN: l.EN}
		if l.Stored != nil {
			out[i].Age = a.now().Sub(*l.Stored)
		}
	}
	return out, err
}
