package proof

import (
	"fmt"
	"strings"

	"arsring/internal/archive"
)

// The codes of findings, beside those of the archive room.
const (
	FoundNotLogged     = "not-logged"         // a package that the log does not know
	FoundReplaced      = "replaced"           // other bytes than the log says
	FoundRemoved       = "removed"            // named in the log, gone, and not disposed of
	FoundRemains       = "remains"            // disposed of, but objects are left
	FoundStray         = "stray"              // an object that belongs to no package
	FoundToken         = "token-invalid"      // the token does not hold
	FoundTokenOther    = "token-other"        // a token over other bytes than METS.xml
	FoundTokenTrust    = "token-untrusted"    // a token whose signer leads to no trusted certificate
	FoundPDFA          = "pdfa"               // the record does not meet the level it declares
	FoundEntryAltered  = "log-entry-altered"  // no entry, or another than the signed root covers
	FoundEntryMissing  = "log-entry-missing"  // a place of the log is empty
	FoundEntryUnsigned = "log-entry-unsigned" // after the last checkpoint
	FoundEntryKey      = "log-entry-key"      // signed by a key that does not count
	FoundTile          = "log-tile-altered"   // hashes of finished parts are wrong or gone
	FoundCheckpoint    = "log-checkpoint"     // cannot be read, or is of another log
	FoundRollback      = "log-rolled-back"    // older than a checkpoint that is known, or another history
	FoundCheckpointKey = "log-checkpoint-key" // signed by a key that does not count
	FoundKey           = "log-key-altered"    // the public key beside the log is gone or another
	FoundAuthority     = "authority-altered"  // certificates that tokens lead to are not those that were kept
)

var texts = map[string]archive.Text{
	FoundNotLogged:     {SV: "%s står inte i arkivets logg: paketet har inte levererats av detta arkiv.", EN: "%s does not stand in the archive's log: the package was not delivered by this archive."},
	FoundReplaced:      {SV: "%s är inte den som står i arkivets logg: den har bytts ut.", EN: "%s is not the one in the archive's log: it was replaced."},
	FoundRemoved:       {SV: "%s står i arkivets logg men är borta, och inget gallringsbeslut är verkställt.", EN: "%s stands in the archive's log but is gone, and no disposal is recorded."},
	FoundRemains:       {SV: "%s finns kvar fast gallring är antecknad. Kör arsring dispose igen.", EN: "%s is left although its disposal is recorded. Run arsring dispose again."},
	FoundStray:         {SV: "%s hör inte till något paket.", EN: "%s belongs to no package."},
	FoundToken:         {SV: "Tidsstämpeln %s är inte giltig.", EN: "The time stamp %s is not valid."},
	FoundTokenOther:    {SV: "Tidsstämpeln %s gäller ett annat innehåll än paketets METS.xml.", EN: "The time stamp %s is over other bytes than the package's METS.xml."},
	FoundTokenTrust:    {SV: "Tidsstämpeln %s leder inte till något certifikat som är betrott.", EN: "The time stamp %s leads to no certificate that is trusted."},
	FoundPDFA:          {SV: "%s uppfyller inte den PDF/A-nivå som den anger.", EN: "%s does not meet the PDF/A level it declares."},
	FoundEntryAltered:  {SV: "Loggposten %s har ändrats.", EN: "The log entry %s was altered."},
	FoundEntryMissing:  {SV: "Loggposten %s saknas.", EN: "The log entry %s is missing."},
	FoundEntryUnsigned: {SV: "Loggposten %s står efter den senaste kontrollpunkten.", EN: "The log entry %s stands after the last checkpoint."},
	FoundEntryKey:      {SV: "Loggposten %s är signerad med en nyckel som inte räknas.", EN: "The log entry %s is signed by a key that does not count."},
	FoundTile:          {SV: "Loggens hashvärden %s är inte de som posterna ger.", EN: "The log's hashes %s are not those that its entries give."},
	FoundCheckpoint:    {SV: "Loggens kontrollpunkt %s saknas eller går inte att läsa.", EN: "The log's checkpoint %s is missing or cannot be read."},
	FoundRollback:      {SV: "Arkivets logg har rullats tillbaka eller skrivits om: %s är äldre än, eller en annan historia än, en kontrollpunkt som är känd.", EN: "The archive's log was rolled back or rewritten: %s is older than, or another history than, a checkpoint that is known."},
	FoundCheckpointKey: {SV: "Loggens kontrollpunkt %s är signerad med en nyckel som inte räknas.", EN: "The log's checkpoint %s is signed by a key that does not count."},
	FoundKey:           {SV: "Loggens publika nyckel %s saknas eller har ändrats.", EN: "The log's public key %s is missing or was altered."},
	FoundAuthority:     {SV: "Certifikaten %s är inte de som sparades, eller är borta.", EN: "The certificates %s are not those that were kept, or are gone."},
}

// found makes a finding about the object key, which people see with the prefix it has in the bucket.
func found(code, path, full string) archive.Finding {
	t := texts[code]
	return archive.Finding{Code: code, Path: path, Key: full, Text: archive.Text{SV: fmt.Sprintf(t.SV, full), EN: fmt.Sprintf(t.EN, full)}}
}

// foundGone is the finding about a package of which nothing is left. full is where its METS.xml stood in the bucket.
func foundGone(full string) archive.Finding {
	where := strings.TrimSuffix(full, "/"+metsFile)
	return archive.Finding{Code: FoundRemoved, Path: metsFile, Key: full, Text: archive.Text{
		SV: fmt.Sprintf("Hela paketet %s står i arkivets logg men är borta, och inget gallringsbeslut är verkställt.", where),
		EN: fmt.Sprintf("The whole package %s stands in the archive's log but is gone, and no disposal is recorded.", where)}}
}
