package archive

import (
	"strconv"
	"strings"
)

// Pick says what is carried out of the archive. The zero value is everything there is, logs included.
type Pick struct {
	Tenant, Account string
	Year            int // in which the snapshot was taken; 0: any
}

func (p Pick) all() bool { return p == Pick{} }

// nothing says that the archive holds none of what was picked.
func (p Pick) nothing() *InputError {
	if p.all() {
		return badInput("Arkivet är tomt.", "The archive is empty.", nil)
	}
	var sv, en []string
	add := func(is bool, s, e, value string) {
		if is {
			sv, en = append(sv, s+" "+value), append(en, e+" "+value)
		}
	}
	add(p.Tenant != "", "kommun", "municipality", p.Tenant)
	add(p.Account != "", "konto", "account", p.Account)
	add(p.Year != 0, "år", "year", strconv.Itoa(p.Year))
	return badInput("Arkivet har inga paket för "+strings.Join(sv, ", ")+".", "The archive has no packages of "+strings.Join(en, ", ")+".", nil)
}
