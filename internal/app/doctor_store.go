package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"

	"arsring/internal/archive"
	"arsring/internal/capture"
)

// store opens the archive, tries what it does with small objects, and proves its lock where one is configured.
func (d *doctor) store(ctx context.Context) {
	s, err := d.a.Store(ctx)
	if err != nil {
		d.failed("store", err, capture.Text{SV: "Kontrollera inställningarna under archive.", EN: "Check the settings under archive."})
		return
	}
	b, err := s.Probe(ctx)
	if err != nil {
		d.failed("store", err, capture.Text{SV: "Kontrollera att nycklarna får läsa, skriva och ta bort i behållaren.", EN: "Check that the keys may read, write and remove in the bucket."})
		return
	}
	d.judgeStore(b)
	d.branches(ctx, s)
	if d.a.cfg.Archive.Lock.Mode == archive.LockNone {
		d.ok("lock", "Objektlås är inte påslaget (archive.lock.mode: none).", "Object lock is not turned on (archive.lock.mode: none).")
		return
	}
	w, err := s.ProveWORM(ctx)
	switch {
	case err != nil:
		d.failed("lock", err, capture.Text{SV: "Kontrollera att nycklarna får låsa objekt.", EN: "Check that the keys may lock objects."})
	case !w.Proven:
		d.say("lock", HealthError, capture.Text{SV: w.Text.SV, EN: w.Text.EN}, capture.Text{SV: "Skapa behållaren med objektlås, eller sätt archive.lock.mode till none.", EN: "Make the bucket with object lock, or set archive.lock.mode to none."})
	default:
		d.ok("lock", w.Text.SV, w.Text.EN)
	}
}

// judgeStore weighs what the store was seen to do.
func (d *doctor) judgeStore(b archive.Behaviour) {
	where := d.a.cfg.Archive.Endpoint
	if where == "" {
		where = d.a.cfg.Path("store")
	}
	var sv, en []string
	lacks := func(has bool, s, e string) {
		if !has {
			sv, en = append(sv, s), append(en, e)
		}
	}
	lacks(b.CreateOnly, "vägrar inte att skriva över (If-None-Match)", "does not refuse to overwrite (If-None-Match)")
	lacks(b.SHA256, "behåller inte kontrollsummor (SHA-256)", "keeps no checksums (SHA-256)")
	lacks(b.BadDigest, "godtar förvanskade data", "takes damaged data")
	switch {
	case len(sv) > 0:
		d.say("store", HealthWarning, capture.Text{SV: fmt.Sprintf("Arkivlagret %s svarar men %s.", where, strings.Join(sv, ", ")), EN: fmt.Sprintf("The store %s answers but %s.", where, strings.Join(en, ", "))},
			capture.Text{SV: "Leveranser läses ändå tillbaka och jämförs; välj hellre ett lager som kan mer.", EN: "Deliveries are read back and compared all the same; rather choose a store that can do more."})
	case !b.Deletes:
		d.say("store", HealthWarning, capture.Text{SV: fmt.Sprintf("Arkivlagret %s tar inte bort olåsta objekt.", where), EN: fmt.Sprintf("The store %s does not remove unlocked objects.", where)},
			capture.Text{SV: "Ge nycklarna rätt att ta bort, annars kan rester av avbrutna leveranser inte städas och gallring inte göras.", EN: "Let the keys remove objects, else remains of interrupted deliveries cannot be cleared and nothing be disposed of."})
	default:
		d.ok("store", fmt.Sprintf("Arkivlagret %s läser, skriver och tar bort som det ska.", where), fmt.Sprintf("The store %s reads, writes and removes as it should.", where))
	}
}

// drawMessageID draws an ID for a letter outside of the journal.
func (a *App) drawMessageID() (string, error) {
	var b [12]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	_, domain, _ := strings.Cut(strings.Trim(a.cfg.Mail.From, "> "), "@")
	return "doctor-" + hex.EncodeToString(b[:]) + "@" + domain, nil
}
