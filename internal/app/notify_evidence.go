package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"arsring/internal/notify"
	"arsring/internal/register"
)

// tellRegistrar writes to the account's registrar that a piece has been documented: with the record only where everybody may read it, else with
// a link, and then without a word of what the piece said or who wrote it. That it could not be written is a warning, never a reason to fail.
func (a *App) tellRegistrar(ctx context.Context, p *passage, res *EvidenceResult) {
	class := register.ClassSecret // of a package that cannot be read, the strictest
	if m, ok := p.manifest(); ok {
		class = m.AccessClass
	}
	a.writeRegistrar(ctx, p, res, class)
}

func (a *App) writeRegistrar(ctx context.Context, p *passage, res *EvidenceResult, class register.Class) {
	to := p.job.Account.Registrar
	if to == nil || to.Email == "" || a.cfg.Mail.Host == "" {
		return
	}
	l, text := a.registrarLetter(p, res, class == register.ClassOpen)
	l.To = to.Email
	e := notify.Event{Kind: notify.KindOther, Key: "registrar/" + res.ID, Tenant: p.job.Account.Tenant, Account: p.job.Account.ID, Trigger: string(res.Trigger), Snapshot: res.ID,
		Link: a.snapshotLink(res.ID), Text: text}
	if err := a.tellOnce(ctx, func(t *notify.Teller) error { return t.Post(e, l) }); err != nil {
		a.log.Warn("the letter to the registrar waits", "snapshot", res.ID, "error", err)
		res.Warnings = append(res.Warnings, "Brevet till registratorn har inte gått iväg än; det skickas av tjänsten så snart det går.")
	}
}

func (a *App) registrarLetter(p *passage, res *EvidenceResult, open bool) (notify.Letter, notify.Text) {
	sv := a.cfg.Language != "en"
	pick := func(s, e string) string {
		if sv {
			return s
		}
		return e
	}
	var b strings.Builder
	line := func(label, value string) {
		if value = notify.Clean(value, 500); value != "" {
			fmt.Fprintf(&b, "%s: %s\n", label, value)
		}
	}
	b.WriteString(pick("Ett inlägg har dokumenterats inför diarieföring.\n\n", "A post has been documented for the diary.\n\n"))
	line(pick("Konto", "Account"), p.job.Account.Title+" ("+p.job.Account.ID+")")
	line(pick("Ögonblicksbild", "Snapshot"), res.ID)
	if ev := p.job.Evidence; ev != nil {
		line(pick("Diarienummer", "Diary number"), ev.Diary)
	}
	if open {
		line(pick("Orsak", "Reason"), p.job.Reason)
		line(pick("Adress", "Address"), res.URL)
	}
	line(pick("Läs", "Read"), a.snapshotLink(res.ID))
	record := filepath.Join(p.dir, "record.pdf")
	l := notify.Letter{}
	switch fi, err := os.Stat(record); {
	case open && err == nil && fi.Size() <= int64(a.cfg.Mail.AttachMax):
		l.Attach, l.Name = record, res.ID+".pdf"
		b.WriteString("\n" + pick("Arkivexemplaret är bifogat.\n", "The record is attached.\n"))
	case open:
		b.WriteString("\n" + pick("Arkivexemplaret är för stort för ett brev och finns på länken.\n", "The record is too large for a letter and is found at the link.\n"))
	default:
		b.WriteString("\n" + pick("Arkivexemplaret kräver sekretessprövning och bifogas därför inte. Logga in för att läsa det.\n",
			"The record must be reviewed for secrecy and is therefore not attached. Sign in to read it.\n"))
	}
	l.Body = b.String()
	l.Subject = pick("Underlag för diarieföring: ", "For the diary: ") + res.ID
	return l, notify.Text{SV: "Underlag för diarieföring har skickats till registratorn.", EN: "A documented post was sent to the registrar."}
}
