package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// Health says how a checked thing stands.
type Health string

// The states of a checked thing.
const (
	HealthOK      Health = "ok"
	HealthWarning Health = "warning" // works, but something should be done
	HealthError   Health = "error"   // does not work
)

// Diagnosis is one line of doctor.
type Diagnosis struct {
	Check string       `json:"check"` // stable name: "chrome", "sandbox", "store", ...
	State Health       `json:"status"`
	Text  capture.Text `json:"text"` // what was seen
	Do    capture.Text `json:"do"`   // what to do; empty when all is well
}

// DoctorRequest says what doctor does besides looking.
type DoctorRequest struct {
	Send string          // address that gets a test letter; empty: none is sent
	Tell func(Diagnosis) // hears each line as it is known
}

// How long each check may take.
const (
	doctorTime  = 2 * time.Minute
	doctorStore = 5 * time.Minute // an embedded store starts, and a lock of some seconds is waited for
)

// Doctor checks everything that captures and the archive need on this machine, one thing after the other, and gives the worst state. Nothing is
// changed but for small objects that the store's own test writes and removes.
func (a *App) Doctor(ctx context.Context, r DoctorRequest) Health {
	d := &doctor{a: a, r: r, worst: HealthOK, fonts: "fc-list"}
	for _, c := range []struct {
		limit time.Duration
		check func(context.Context)
	}{
		{doctorTime, d.settings}, {doctorTime, d.disk}, {doctorTime, d.register}, {doctorTime, d.calendar}, {doctorTime, d.database}, {doctorTime, d.browser}, {doctorTime, d.remote}, {doctorTime, d.writings},
		{doctorStore, d.store}, {doctorTime, d.clock}, {doctorTime, d.mail}, {doctorTime, d.logins},
	} {
		if ctx.Err() != nil {
			break
		}
		limited, cancel := context.WithTimeout(ctx, c.limit)
		c.check(limited)
		cancel()
	}
	return d.worst
}

// doctor is one examination.
type doctor struct {
	a     *App
	r     DoctorRequest
	worst Health
	fonts string // program that lists fonts
}

func (d *doctor) say(check string, s Health, text, do capture.Text) {
	if s == HealthError || s == HealthWarning && d.worst == HealthOK {
		d.worst = s
	}
	if d.r.Tell != nil {
		d.r.Tell(Diagnosis{Check: check, State: s, Text: text, Do: do})
	}
}

func (d *doctor) ok(check, sv, en string) {
	d.say(check, HealthOK, capture.Text{SV: sv, EN: en}, capture.Text{})
}

// failed says an error in the sentences that it brings, with what to do where it does not say so itself.
func (d *doctor) failed(check string, err error, do capture.Text) {
	d.say(check, HealthError, personText(err), do)
}

func (d *doctor) settings(context.Context) {
	c := d.a.cfg
	for _, w := range c.Warnings {
		d.say("settings", HealthWarning, capture.Text{SV: w.In("sv"), EN: w.In("en")}, capture.Text{SV: "Rätta inställningen.", EN: "Correct the setting."})
	}
	if len(c.Warnings) > 0 {
		return
	}
	if c.File == "" {
		d.ok("settings", "Ingen konfigurationsfil; standardvärden och miljövariabler gäller.", "No configuration file; defaults and environment hold.")
		return
	}
	d.ok("settings", "Inställningarna i "+c.File+" är giltiga.", "The settings in "+c.File+" are valid.")
}

func (d *doctor) disk(context.Context) {
	c := d.a.cfg
	free, total, err := disk(c.DataDir)
	if err == nil {
		err = mkdir(d.a.spool())
	}
	if err != nil {
		d.failed("disk", err, capture.Text{SV: "Ge användaren " + whoami() + " skrivrätt i " + c.DataDir + ", eller ange en annan mapp i data_dir.", EN: "Let the user " + whoami() + " write to " + c.DataDir + ", or set data_dir to another folder."})
		return
	}
	sv, en := fmt.Sprintf("%s av %s är ledigt i %s.", size(free), size(total), c.DataDir), fmt.Sprintf("%s of %s are free in %s.", size(free), size(total), c.DataDir)
	if free < uint64(c.Notify.DiskLow) {
		low := size(uint64(c.Notify.DiskLow))
		d.say("disk", HealthError, capture.Text{SV: sv, EN: en}, capture.Text{SV: "Frigör utrymme: minst " + low + " ska vara ledigt (notify.disk_low).", EN: "Free some space: at least " + low + " should be free (notify.disk_low)."})
		return
	}
	d.ok("disk", sv, en)
}

func whoami() string {
	if os.Geteuid() == 0 {
		return "root"
	}
	return fmt.Sprintf("%d", os.Geteuid())
}

func (d *doctor) register(context.Context) {
	r, err := d.a.Register()
	if err != nil {
		text := personText(err)
		if ps := register.AsProblems(err); ps != nil {
			text = capture.Text{SV: ps.In("sv"), EN: ps.In("en")}
		}
		d.say("register", HealthError, text, capture.Text{SV: "Rätta filen och kör arsring register check.", EN: "Correct the file and run arsring register check."})
		return
	}
	n := len(r.Accounts)
	sv, en := fmt.Sprintf("%d konton i %s.", n, r.Path), fmt.Sprintf("%d accounts in %s.", n, r.Path)
	_, cur := d.a.heldRegister()
	if cur != nil {
		sv, en = fmt.Sprintf("%d konton, publicerade av %s (%s).", n, cur.By, cur.URL), fmt.Sprintf("%d accounts, published by %s (%s).", n, cur.By, cur.URL)
	}
	switch mine, err := d.a.registerFiles(); {
	case cur != nil && d.a.cfg.Register.Write && err == nil && mine != nil:
		d.say("register", HealthWarning, capture.Text{SV: sv + " Den här datorns egna filer gäller inte: de skiljer sig från det publicerade.", EN: en + " This machine's own files do not hold: they differ from what is published."},
			capture.Text{SV: "Jämför med arsring register export. Ta bort filerna, eller kör arsring register publish för att låta dem gälla överallt.", EN: "Compare with arsring register export. Remove the files, or run arsring register publish to let them hold everywhere."})
	case n == 0:
		d.say("register", HealthWarning, capture.Text{SV: sv, EN: en}, capture.Text{SV: "Lägg till konton: arsring register add.", EN: "Add accounts: arsring register add."})
	case len(r.Warnings) > 0:
		d.say("register", HealthWarning, capture.Text{SV: fmt.Sprintf("%s %d varningar.", sv, len(r.Warnings)), EN: fmt.Sprintf("%s %d warnings.", en, len(r.Warnings))},
			capture.Text{SV: "Kör arsring register check och se varningarna.", EN: "Run arsring register check and see the warnings."})
	default:
		d.ok("register", sv, en)
	}
}

// The clock may differ from the store's by so much: S3 refuses requests from a quarter of an hour on, and minutes are wrong in a record.
const (
	clockWarn  = 5 * time.Second
	clockError = 2 * time.Minute
)

func (d *doctor) clock(ctx context.Context) {
	s, err := d.a.Store(ctx)
	if err != nil {
		d.say("clock", HealthWarning, capture.Text{SV: "Klockan kunde inte jämföras: arkivlagret svarar inte.", EN: "The clock could not be compared: the store does not answer."}, capture.Text{SV: "Åtgärda lagret först.", EN: "Mend the store first."})
		return
	}
	at, took, err := s.Clock(ctx)
	if err != nil {
		d.say("clock", HealthWarning, personText(err), capture.Text{SV: "Kontrollera klockan för hand: timedatectl.", EN: "Check the clock by hand: timedatectl."})
		return
	}
	d.judgeClock(d.a.now().Sub(at), took)
}

// judgeClock: the header has whole seconds, and stood still while the answer was on its way.
func (d *doctor) judgeClock(off, took time.Duration) {
	state := HealthOK
	switch {
	case off.Abs() > clockError+took:
		state = HealthError
	case off.Abs() > clockWarn+took:
		state = HealthWarning
	}
	if state == HealthOK {
		d.ok("clock", "Klockan går lika med arkivlagrets.", "The clock agrees with the store's.")
		return
	}
	s := off.Round(time.Second)
	d.say("clock", state, capture.Text{SV: fmt.Sprintf("Klockan skiljer %s från arkivlagrets.", s), EN: fmt.Sprintf("The clock differs by %s from the store's.", s)},
		capture.Text{SV: "Slå på tidssynkronisering: timedatectl set-ntp true.", EN: "Turn time synchronisation on: timedatectl set-ntp true."})
}

func (d *doctor) logins(context.Context) {
	list, err := d.a.loginAges()
	if err != nil {
		d.failed("logins", err, capture.Text{SV: "Kontrollera vault.identity_file och mappen vault i data_dir.", EN: "Check vault.identity_file and the folder vault in data_dir."})
		return
	}
	if len(list) == 0 {
		d.ok("logins", "Inga sparade inloggningar behövs.", "No stored logins are needed.")
	}
	for _, l := range list {
		text := capture.Text{SV: l.Name + ": " + l.SV + ".", EN: l.Name + ": " + l.EN + "."}
		if !l.Person {
			d.say("logins", HealthOK, text, capture.Text{})
			continue
		}
		state := HealthWarning
		if l.Expires == nil || !l.Expires.After(d.a.now()) {
			state = HealthError
		}
		d.say("logins", state, text, capture.Text{SV: "Logga in på nytt: arsring login " + l.Name + ".", EN: "Log in again: arsring login " + l.Name + "."})
	}
}

func (d *doctor) mail(ctx context.Context) {
	c := d.a.cfg.Mail
	if c.Host == "" {
		d.say("mail", HealthWarning, capture.Text{SV: "Ingen e-postserver är angiven: ingen får veta om något stannar.", EN: "No mail server is set: nobody is told when something stops."},
			capture.Text{SV: "Ange mail.host, mail.from och mail.to.", EN: "Set mail.host, mail.from and mail.to."})
		return
	}
	server := fmt.Sprintf("%s:%d (%s)", c.Host, c.Port, c.TLS)
	if err := d.a.mailServer().Greet(ctx); err != nil {
		d.say("mail", HealthError, capture.Text{SV: "E-postservern " + server + " kan inte användas: " + err.Error(), EN: "The mail server " + server + " cannot be used: " + err.Error()},
			capture.Text{SV: "Kontrollera mail.host, port, tls, ca_file och inloggning, och att brandväggen släpper igenom.", EN: "Check mail.host, port, tls, ca_file and login, and that the firewall lets it through."})
		return
	}
	if len(c.To) == 0 {
		d.say("mail", HealthWarning, capture.Text{SV: "E-postservern svarar, men mail.to är tom.", EN: "The mail server answers, but mail.to is empty."}, capture.Text{SV: "Ange minst en mottagare i mail.to.", EN: "Name at least one reader in mail.to."})
		return
	}
	d.ok("mail", "E-postservern "+server+" svarar.", "The mail server "+server+" answers.")
	if d.r.Send != "" {
		d.sendTest(ctx)
	}
}

func (d *doctor) sendTest(ctx context.Context) {
	a := d.a
	id, err := a.drawMessageID()
	subject := capture.Text{SV: "Årsring: provbrev", EN: "Årsring: test letter"}.In(a.cfg.Language)
	body := capture.Text{SV: "Provbrev från arsring doctor. Om du läser det här når Årsrings brev fram.\n", EN: "A test letter from arsring doctor. If you read this, Årsring's mail arrives.\n"}.In(a.cfg.Language)
	if err == nil {
		err = a.mailServer().SendTest(ctx, id, d.r.Send, subject, body, a.now())
	}
	if err != nil {
		d.say("mail-send", HealthError, capture.Text{SV: "Provbrevet till " + d.r.Send + " togs inte emot: " + err.Error(), EN: "The test letter to " + d.r.Send + " was not taken: " + err.Error()},
			capture.Text{SV: "Kontrollera mail.from och mottagarens adress.", EN: "Check mail.from and the reader's address."})
		return
	}
	d.ok("mail-send", "Ett provbrev till "+d.r.Send+" togs emot av servern; se efter att det kommer fram.", "A test letter to "+d.r.Send+" was taken by the server; see that it arrives.")
}

// unwrapUsage is the text of a wrong setting without its type.
func unwrapUsage(err error) capture.Text {
	var u *UsageError
	if errors.As(err, &u) {
		return capture.Text{SV: u.Text, EN: u.Text}
	}
	return personText(err)
}
