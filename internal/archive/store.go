package archive

import (
	"context"
	"io"
	"iter"
	"net"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
)

// Options say which store to use and how.
type Options struct {
	Endpoint  string // https://host[:port]; without a scheme https is meant unless Insecure
	Region    string // empty: asked from the store
	Bucket    string
	Prefix    string // <base>: every key stands below it; may be empty
	AccessKey string
	SecretKey string
	CAFile    string // PEM file with certificates that are trusted besides the system's
	PathStyle bool   // bucket in the path, not in the host name
	Insecure  bool   // plain http

	LockMode  string // "none" (or empty), "governance", "compliance"
	LockYears int    // how long a locked object is kept; needed when LockMode is not none

	Parallel int           // objects read or written at the same time; 0: 4
	Stall    time.Duration // a connection without a byte for so long is given up; 0: 60 s
	Retries  int           // tries of one request; 0: 5
	Tool     string        // name and version written into receipts; empty: "arsring"

	Now       func() time.Time  // nil: time.Now
	Transport http.RoundTripper // nil: the room's own; tests put faults here

	dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Store is an opened archive. It is safe for concurrent use.
type Store struct {
	o  Options
	c  *minio.Core
	tr *http.Transport
}

// Open connects to the store, checks endpoint, certificate, keys and bucket, and makes the bucket (with object lock
// and versions where the store has them) when it is missing and that is allowed. It fails with *UnreachableError or *InputError.
func Open(ctx context.Context, o Options) (*Store, error) { return nil, nil }

// Close lets idle connections go. The store can still be used afterwards.
func (s *Store) Close() {}

// Receipt is the proof, written after delivery, that a package is stored and was read back equal.
type Receipt struct {
	Schema     string          `json:"schema"` // ReceiptSchema
	Tenant     string          `json:"tenant"`
	Account    string          `json:"account"`
	Snapshot   string          `json:"snapshot"`
	Endpoint   string          `json:"endpoint"`
	Bucket     string          `json:"bucket"`
	Prefix     string          `json:"prefix"`    // full key of the package's folder, ending in a slash
	Delivered  time.Time       `json:"delivered"` // when METS.xml, the last object, stood in the store
	ReadBack   time.Time       `json:"read_back"` // when the last object had been read back and was equal
	Objects    []ReceiptObject `json:"objects"`   // sorted by path
	METSSHA256 string          `json:"mets_sha256"`
	Lock       *LockInfo       `json:"lock"` // nil: not locked
	Tool       string          `json:"tool"`
}

// ReceiptSchema names the layout of a receipt.
const ReceiptSchema = "arsring-receipt-1"

// ReceiptObject is one object of the package as it was read back.
type ReceiptObject struct {
	Path      string `json:"path"` // inside the package
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"`               // hex
	VersionID string `json:"version_id,omitempty"` // empty: the bucket keeps no versions
	ETag      string `json:"etag,omitempty"`
}

// LockInfo says how objects are held in the store.
type LockInfo struct {
	Mode  string    `json:"mode"`  // "governance" or "compliance"
	Until time.Time `json:"until"` // the earliest date on which any of the objects could be removed
}

// Deliver writes the package folder dir as snapshot id and reads it back.
//
// Every object is written create-only, METS.xml last; then every object is read back and its SHA-256 compared with the file's;
// then the receipt is written beside the package. Objects that already stand there with the same bytes count as delivered, other
// bytes are a *ConflictError. It may be run again after any interruption, by several at once, and gives the receipt that stands in the store.
// progress, when not nil, is told how many of the bytes (written and read back) are done; calls never overlap.
func (s *Store) Deliver(ctx context.Context, tenant, account, id, dir string, progress func(done, total int64)) (Receipt, error) {
	return Receipt{}, nil
}

// ReadReceipt reads the receipt of a package; *NotFoundError when there is none.
func (s *Store) ReadReceipt(ctx context.Context, e Entry) (Receipt, error) { return Receipt{}, nil }

// Entry is one package in the archive.
type Entry struct {
	Tenant   string    `json:"tenant"`
	Account  string    `json:"account"`
	ID       string    `json:"id"`
	Prefix   string    `json:"prefix"`  // key of the folder, relative to Options.Prefix, ending in a slash
	Taken    time.Time `json:"taken"`   // from the ID; zero when the ID carries no time
	Stored   time.Time `json:"stored"`  // when METS.xml was written, by the store's clock
	Receipt  bool      `json:"receipt"` // a receipt stands beside it
	Token    bool      `json:"token"`   // a time stamp token stands beside it
	Complete bool      `json:"complete"`
	Objects  int       `json:"objects"`
	Bytes    int64     `json:"bytes"`
}

// ListFilter narrows a list. The zero value lists every package.
type ListFilter struct {
	Tenant  string
	Account string
	// Incomplete lists the folders without METS.xml instead: remains of interrupted deliveries.
	Incomplete bool
}

// List gives the packages, newest first.
func (s *Store) List(ctx context.Context, f ListFilter) ([]Entry, error) { return nil, nil }

// All gives the packages in key order, holding no more than one account's at a time in memory.
func (s *Store) All(ctx context.Context, f ListFilter) iter.Seq2[Entry, error] { return nil }

// Find looks up a package by its snapshot ID in every tenant; *NotFoundError when there is none.
func (s *Store) Find(ctx context.Context, id string) (Entry, error) { return Entry{}, nil }

// Open opens one object of a package for reading and gives its size in bytes.
func (s *Store) Open(ctx context.Context, e Entry, path string) (io.ReadCloser, int64, error) {
	return nil, 0, nil
}

// Export writes the package to dir/<id>, and its receipt beside it, and returns the folder. It is written under a temporary
// name, compared with the receipt and then renamed; a folder that is already there is an *InputError.
func (s *Store) Export(ctx context.Context, e Entry, dir string) (string, error) { return "", nil }

// Discard removes what is left of an interrupted delivery. It refuses to touch a package (a folder with METS.xml).
func (s *Store) Discard(ctx context.Context, tenant, account, id string) error { return nil }

// Location is the package's address for people: s3://bucket/prefix/.
func (s *Store) Location(e Entry) string { return "" }

// Want is one object that a package should hold, as its METS.xml says.
type Want struct {
	Path   string // inside the package
	Size   int64  // bytes; negative: not stated
	SHA256 string // hex
}

// The codes of findings.
const (
	FoundAltered        = "altered"         // other bytes than METS.xml says
	FoundMissing        = "missing"         // named in METS.xml and not there
	FoundExtra          = "extra"           // there and not named in METS.xml
	FoundUnreadable     = "unreadable"      // there, and the store cannot give it
	FoundNoReceipt      = "no-receipt"      // no receipt beside the package
	FoundReceiptDiffers = "receipt-differs" // the receipt says something else than the package
	FoundMETSAltered    = "mets-altered"    // METS.xml is not the one that the receipt names
)

// Finding is one thing that is not as it was delivered.
type Finding struct {
	Code string `json:"code"`
	Path string `json:"path"` // inside the package; for the receipt its file name
	Key  string `json:"key"`  // full key in the bucket
	Text Text   `json:"text"`
}

// Findings is the result of verifying one package.
type Findings struct {
	Entry   Entry     `json:"entry"`
	Objects int       `json:"objects"` // read and compared
	Bytes   int64     `json:"bytes"`
	Found   []Finding `json:"found"` // empty: everything is as delivered; sorted by path
}

// Inventory reads what a package should hold from its METS files, which it opens with the function given. METS.xml itself need not be in the list.
type Inventory func(open func(path string) (io.ReadCloser, error)) ([]Want, error)

// Verify re-reads every object of a package and compares it with the inventory and with the receipt.
// The error is for a store that cannot be used; everything that is wrong with the package is in the findings.
func (s *Store) Verify(ctx context.Context, e Entry, inventory Inventory) (Findings, error) {
	return Findings{}, nil
}
