// Package sip makes the delivery package (leveranspaket) of one snapshot: an E-ARK SIP 2.1.0 folder, which is what
// the Swedish FGS Paketstruktur 2.0 asks for, and reads such packages back.
//
// In comes what the rooms before it left on disk: the capture folder (capture.json's facts, tiles/, media/) and the
// finished record.pdf. Out goes a folder named after the snapshot with METS, PREMIS 3, Dublin Core, manifest.json,
// content.json and documentation/LASMIG.txt. METS.xml is written last: a folder without it is no package.
//
// The two JSON files are contracts with published schemas (docs/manifest.schema.json, docs/content.schema.json, and
// the same bytes in each package under schemas/). The content information type in METS is our own, ContentType: one
// snapshot of one account with a record (a PDF that a person reads), its content as JSON, and the manifest.
//
// The room imports only types of register and capture. It never opens a page, converts a PDF, or speaks to a store,
// and it never writes a cookie, a credential or a secret of an address into a package (see RedactURL).
package sip
