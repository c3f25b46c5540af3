package pdfa

import (
	"fmt"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// Level is a level of PDF/A as ISO 19005 names it: part and conformance. The empty Level means that the file is no PDF/A.
type Level string

// The levels that this room writes and checks.
const (
	LevelNone Level = ""
	Level2B   Level = "2b"
	Level2U   Level = "2u"
	Level2A   Level = "2a"
	Level3B   Level = "3b"
	Level3U   Level = "3u"
	Level3A   Level = "3a"
)

// Options say what a conversion should aim at and what the file is to be called.
// Empty texts are taken from the file itself where it has them.
type Options struct {
	Title   string // dc:title; a file without any title gets a neutral one
	Lang    string // BCP 47, e.g. "sv"; the document's language
	Author  string
	Subject string
	Creator string // the program that made the source
	// Now is the time of conversion: ModDate, MetadataDate and, together with the content, the file ID. Zero is refused.
	Now time.Time
	// Want is the highest level to try; empty is 2a. 3a only together with Attachments. Levels of part 1 are refused.
	Want Level
	// UA asks for PDF/UA-1 beside PDF/A when the file's rules for it hold.
	UA bool
	// Undeclared, when not empty, is why the file must not declare anything whatever the own check finds: another
	// validator's objection, say. It becomes the report's Reason.
	Undeclared string
	// Placements are images and texts put into the file before anything else happens to it.
	Placements []Placement
	// FontDirs are folders with fonts of the machine that may stand for fonts which the file shows and does not carry, where they have
	// the same widths. Empty: none is replaced, and such a file is no PDF/A.
	FontDirs []string
	// Attachments are embedded files; they need Want 3a.
	Attachments []Attachment
}

// Attachment is a file to embed in a PDF/A-3.
type Attachment struct {
	Name         string // file name shown to the reader
	MIME         string // e.g. "application/json"
	Path         string // where the bytes lie on disk; they are copied when the PDF is written
	Relationship string // AFRelationship: Source, Data, Alternative, Supplement or Unspecified (also when empty)
	Description  string // what it is, for people
}

// Finding is one failed rule.
type Finding struct {
	Clause string `json:"clause"` // clause of the standard, e.g. "6.2.11.7.2"
	Test   string `json:"test"`   // number of the test within the clause, as validators count them
	Rule   string `json:"rule"`   // what the rule asks, in one sentence
	Level  string `json:"level"`  // the lowest level that asks for it: "2b", "2u", "2a", "3b" or "ua1"
	Object int    `json:"object"` // PDF object number; 0 when the rule is about the whole file
	Text   string `json:"text"`   // what was found
}

// Change is one kind of change made in the file.
type Change struct {
	What    string `json:"what"`
	Why     string `json:"why"`
	N       int    `json:"n"`       // how many times
	Visible bool   `json:"visible"` // a page may look different than before
	// Of a font that was replaced: its name, and that of the font of this machine that stands for it.
	Font       string `json:"font,omitempty"`
	ReplacedBy string `json:"replaced_by,omitempty"`
}

// Report tells what a conversion did or a check found.
type Report struct {
	Level   Level     `json:"level"` // declared level; empty when the file is no PDF/A
	UA      bool      `json:"ua"`    // PDF/UA-1 is declared
	Pages   int       `json:"pages"`
	Changed []Change  `json:"changed"`
	Failed  []Finding `json:"failed"` // why no higher level was declared; for Check the failed rules of the declared one
	Partial bool      `json:"partial"`
	Reason  string    `json:"reason"` // why the result is no PDF/A; empty otherwise
	// Placed gives the page, counted from 1, on which each placement is drawn, by its ID; it is no part of the report in a package.
	Placed map[string]int `json:"-"`
}

// document is a PDF under work: pdfcpu's object model, and the streams whose bytes stay on disk.
type document struct {
	ctx *model.Context
	// files maps the number of a stream object to where its encoded bytes lie. They are copied when the file is
	// written and never held in memory; the object itself carries a dictionary with its filters, and no content.
	files map[int]fileStream
	pages []page
	// entries are those of the table that the file began with, by number: they stay in it, whatever they come to hold.
	entries []*model.XRefTableEntry

	changed []Change
	cmyk    *cmykMender
	placed  map[string]int // see Report.Placed
	// unreplaced says of fonts that the file does not carry why they have no substitute.
	unreplaced []string

	overprint *bool // see overprinted

	unpacked unpackedStreams
}

// fileStream is a piece of a file on disk that holds the encoded bytes of a stream.
type fileStream struct {
	path         string
	offset, size int64
}

// RefusedError says why a file cannot be converted or checked at all: encrypted, broken, or beyond a limit.
type RefusedError struct {
	Code   string // "encrypted", "broken", "limit", "xfa", "level", "option"
	Reason string // a sentence for people
	Err    error  // the cause, for the log; may be nil
}

// Error gives the sentence and its cause.
func (e *RefusedError) Error() string {
	if e.Err == nil {
		return "pdfa: " + e.Reason
	}
	return fmt.Sprintf("pdfa: %s (%v)", e.Reason, e.Err)
}

// Unwrap gives the cause.
func (e *RefusedError) Unwrap() error { return e.Err }
