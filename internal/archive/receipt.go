package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// ReceiptSchema names the layout of a receipt.
const ReceiptSchema = "arsring-receipt-1"

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

// settleReceipt writes the receipt, or accepts the one that stands there already: an earlier run that was cut off after writing it,
// or another deliverer of the same package, has proven the same.
func (d *delivery) settleReceipt(ctx context.Context) (Receipt, error) {
	r := d.receipt()
	there, _, err := d.s.readReceipt(ctx, d.at)
	if isNotFound(err) {
		data, jerr := json.MarshalIndent(r, "", "  ")
		if jerr != nil {
			return Receipt{}, fmt.Errorf("receipt of %s: %w", d.at.id, jerr)
		}
		_, err = d.s.Put(ctx, d.at.receipt(), append(data, '\n'), PutOptions{CreateOnly: true, Lock: true})
		if err == nil {
			return r, nil
		}
		if !isConflict(err) {
			return Receipt{}, err
		}
		there, _, err = d.s.readReceipt(ctx, d.at)
	}
	if err != nil {
		return Receipt{}, err
	}
	if !there.proves(r) {
		return Receipt{}, receiptInTheWay(d.at)
	}
	return there, nil
}

func (d *delivery) receipt() Receipt {
	return Receipt{
		Schema: ReceiptSchema, Tenant: d.at.tenant, Account: d.at.account, Snapshot: d.at.id,
		Endpoint: d.s.o.Endpoint, Bucket: d.s.o.Bucket, Prefix: d.s.full(d.at.folder()),
		Delivered: d.delivered, ReadBack: d.s.o.Now().UTC(), Objects: d.objects,
		METSSHA256: d.files[len(d.files)-1].sum, Lock: weakest(d.locks), Tool: d.s.o.Tool,
	}
}

// proves says whether the receipt is about the same package with the same bytes. Address and times may differ: a store can move.
func (r Receipt) proves(other Receipt) bool {
	same := func(a, b ReceiptObject) bool { return a.Path == b.Path && a.Size == b.Size && a.SHA256 == b.SHA256 }
	return r.Tenant == other.Tenant && r.Account == other.Account && r.Snapshot == other.Snapshot &&
		r.METSSHA256 == other.METSSHA256 && slices.EqualFunc(r.Objects, other.Objects, same)
}

func receiptInTheWay(at place) *ConflictError {
	return &ConflictError{Key: at.receipt(), Text: Text{
		SV: fmt.Sprintf("Kvittot %s i arkivet gäller ett annat innehåll än paketet som just levererades och lästes tillbaka. Kör arsring verify %s.", at.receipt(), at.id),
		EN: fmt.Sprintf("The receipt %s in the archive is about other content than the package just delivered and read back. Run arsring verify %s.", at.receipt(), at.id),
	}}
}

// ReadReceipt reads the receipt of a package; *NotFoundError when there is none, *ConflictError when it is not a receipt.
func (s *Store) ReadReceipt(ctx context.Context, e Entry) (Receipt, error) {
	at, err := e.place()
	if err != nil {
		return Receipt{}, err
	}
	r, _, err := s.readReceipt(ctx, at)
	return r, err
}

// readReceipt gives also the SHA-256 of what stands there, whether or not it is a receipt.
func (s *Store) readReceipt(ctx context.Context, at place) (Receipt, string, error) {
	data, _, err := s.Get(ctx, at.receipt())
	if err != nil {
		return Receipt{}, "", err
	}
	raw := sha256.Sum256(data)
	sum := hex.EncodeToString(raw[:])
	var r Receipt
	if err := json.Unmarshal(data, &r); err != nil || r.Schema != ReceiptSchema {
		return Receipt{}, sum, receiptInTheWay(at)
	}
	return r, sum, nil
}
