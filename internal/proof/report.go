package proof

import (
	"fmt"
	"strings"

	"arsring/internal/archive"
)

// Summary is the report in Swedish and English, without the packages in which something was found.
func (r Report) Summary() archive.Text {
	lines := []archive.Text{r.verdict(), {
		SV: fmt.Sprintf("%d paket kontrollerade: %d objekt, %.1f MB lästa på %.1f s. Paket med avvikelser: %d.", r.Packages, r.Objects, float64(r.Bytes)/1e6, r.Ended.Sub(r.Began).Seconds(), r.Altered),
		EN: fmt.Sprintf("%d packages checked: %d objects, %.1f MB read in %.1f s. Packages with findings: %d.", r.Packages, r.Objects, float64(r.Bytes)/1e6, r.Ended.Sub(r.Began).Seconds(), r.Altered)}}
	if r.Folders > 0 {
		lines = append(lines, archive.Text{
			SV: fmt.Sprintf("%d av dem i mappar, jämförda med sin egen METS.xml: arkivets logg och tidsstämplar är inte frågade om dem.", r.Folders),
			EN: fmt.Sprintf("%d of them in folders, compared with their own METS.xml: the archive's log and time stamps were not asked about them.", r.Folders)})
	}
	if r.Folders == 0 || r.Folders < r.Packages {
		lines = append(lines, archive.Text{
			SV: fmt.Sprintf("Tidsstämplar: %d paket stämplade, %d väntar, %d utan tidsstämpel.", r.Stamped, r.Pending, r.Unstamped),
			EN: fmt.Sprintf("Time stamps: %d packages stamped, %d pending, %d without.", r.Stamped, r.Pending, r.Unstamped)}, archive.Text{
			SV: fmt.Sprintf("Logg: %d poster; %d paket står inte i loggen. Gallrade enligt beslut: %d. Påbörjade leveranser: %d.", r.Entries, r.Unlogged, r.Disposed, r.Incomplete),
			EN: fmt.Sprintf("Log: %d entries; %d packages not in the log. Disposed of by decision: %d. Deliveries begun: %d.", r.Entries, r.Unlogged, r.Disposed, r.Incomplete)})
	}
	for _, f := range r.Findings {
		lines = append(lines, archive.Text{SV: "  " + f.Code + ": " + f.Text.SV, EN: "  " + f.Code + ": " + f.Text.EN})
	}
	var out archive.Text
	for _, l := range lines {
		out.SV += l.SV + "\n"
		out.EN += l.EN + "\n"
	}
	return out
}

// verdict is the report's first line.
func (r Report) verdict() archive.Text {
	what := archive.Text{SV: "Kontrollen", EN: "Verifying"}
	if r.All {
		what = archive.Text{SV: "Kontrollen av hela arkivet", EN: "Verifying the whole archive"}
	}
	switch {
	case r.OK && r.All && r.Packages == 0 && r.Entries == 0:
		return archive.Text{SV: "Arkivet är tomt: det finns inget att kontrollera. Borde det finnas något, se data_dir, archive.bucket och archive.prefix.",
			EN: "The archive is empty: there is nothing to verify. If there should be something, see data_dir, archive.bucket and archive.prefix."}
	case r.OK:
		return archive.Text{SV: what.SV + " fann inga avvikelser.", EN: what.EN + " found nothing wrong."}
	case r.Altered == 0 && len(r.Findings) == 0:
		return archive.Text{
			SV: fmt.Sprintf("%s fann inga ändringar, men %d arkivexemplar uppfyller inte den PDF/A-nivå som de anger. Paketen är som de levererades.", what.SV, r.Unmet),
			EN: fmt.Sprintf("%s found nothing altered, but %d records do not meet the PDF/A level that they declare. The packages are as they were delivered.", what.EN, r.Unmet)}
	}
	return archive.Text{SV: what.SV + " fann AVVIKELSER.", EN: what.EN + " found FAULTS."}
}

// SV is the whole report in Swedish, as it is mailed: with what was found, and the checkpoints to keep outside of the archive.
func (r Report) SV() string {
	var b strings.Builder
	b.WriteString(r.Summary().SV)
	for _, p := range r.Bad {
		fmt.Fprintf(&b, "%s:\n", p.ID)
		for _, f := range p.Findings {
			fmt.Fprintf(&b, "  %s: %s\n", f.Code, f.Text.SV)
		}
	}
	for _, c := range r.Checkpoints {
		fmt.Fprintf(&b, "Kontrollpunkt (spara den utanför arkivet):\n%s", c.Note)
	}
	return b.String()
}
