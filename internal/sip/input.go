package sip

import (
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// Input is everything Build needs to make one package. Paths are on the local disk; nothing in them is changed.
type Input struct {
	Capture    *capture.Capture // what was captured; its outcome must be one that is kept
	CaptureDir string           // the folder that holds tiles/ and media/

	Record      string      // path of the finished record.pdf; empty only for an ingest whose originals could not be made into one
	RecordLevel string      // the PDF/A level the record's own check decided, e.g. "2a"; empty: not PDF/A, the package is partial
	RecordUA    bool        // the record is PDF/UA-1 as well
	Pages       int         // sheets of the record
	TilePages   map[int]int // optional: tile number to 1-based page of the record
	PDFAReport  any         // optional: JSON-able report of the conformance check, kept in the package

	Originals []Original // ingest: files kept byte for byte in representations/original/data

	Class    register.Class // optional: overrides the access class that AccessClass would choose
	Previous string         // optional: ID of the account's snapshot before this one

	Tool           string // the program that packs, e.g. "arsring"
	ToolVersion    string
	Organisation   string    // the municipality that submits
	OrganisationID string    // its organisation number, e.g. 212000-0000; empty when not configured
	Now            time.Time // when the package is made
	Events         []Event   // what happened before packing; Build adds EventPacked itself
}

// Original is a file that a person handed in.
type Original struct {
	Path string // where it lies now
	Name string // the name it was given by the person; kept in the manifest, made safe for the package
	MIME string // optional: media type; sniffed when empty or not one that is registered at IANA
}

// EventKind is a step in the making of a package.
type EventKind string

// The steps. Delivery is no step of the package: it is in the receipt beside it, since METS.xml covers these.
const (
	EventCaptured  EventKind = "captured"
	EventComposed  EventKind = "composed"
	EventConverted EventKind = "converted"
	EventValidated EventKind = "validated"
	EventPacked    EventKind = "packed"
)

// Event is one step as it happened.
type Event struct {
	Kind   EventKind
	Start  time.Time
	Detail string            // a sentence on what was done
	Result string            // optional: how it ended, e.g. "PDF/A-2a"
	Tools  []capture.Version // optional: the programs that did it; Tool and ToolVersion when empty
}
