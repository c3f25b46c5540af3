package archive

import (
	"fmt"
	"path"
)

// Want is one object that a package should hold, as its METS files say.
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
	FoundLockMissing    = "lock-missing"    // the receipt says that the object is held, and it is not
	FoundLockShort      = "lock-short"      // held, but not for as long as the receipt says
	FoundMETSAltered    = "mets-altered"    // METS.xml is not the one that the receipt names, or says nothing readable
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
	Bytes   int64     `json:"bytes"`   // read
	METS    string    `json:"mets"`    // SHA-256 of METS.xml as it is, in hex; empty when it could not be read
	Receipt string    `json:"receipt"` // SHA-256 of the receipt as it is, in hex; empty when it could not be read
	Lock    *LockInfo `json:"lock"`    // the lock that ends first; nil: some object has none, or it was not asked
	Found   []Finding `json:"found"`   // empty: everything is as delivered; sorted by path
}

func (v *verification) found(code, p string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	key := v.s.full(v.e.Prefix + p)
	if code == FoundNoReceipt || code == FoundReceiptDiffers && p == path.Base(v.at.receipt()) {
		key = v.s.full(v.at.receipt())
	}
	t := findingTexts[code]
	v.out.Found = append(v.out.Found, Finding{Code: code, Path: p, Key: key, Text: Text{SV: fmt.Sprintf(t.SV, key), EN: fmt.Sprintf(t.EN, key)}})
}

var findingTexts = map[string]Text{
	FoundAltered: {"%s har ändrats: innehållet är inte det som METS.xml anger.", "%s was altered: its content is not what METS.xml states."},
	FoundMissing: {"%s saknas: METS.xml anger den men den finns inte i lagret.", "%s is missing: METS.xml names it and it is not in the store."},
	FoundExtra:   {"%s hör inte till paketet: METS.xml nämner den inte.", "%s does not belong to the package: METS.xml does not name it."},
	FoundUnreadable: {"%s finns men går inte att läsa ur lagret.",
		"%s is there but cannot be read from the store."},
	FoundNoReceipt:      {"Kvittot %s saknas.", "The receipt %s is missing."},
	FoundReceiptDiffers: {"%s: kvittot säger något annat än paketet.", "%s: the receipt says something else than the package."},
	FoundLockMissing:    {"%s är inte låst så som kvittot säger.", "%s is not held as the receipt says."},
	FoundLockShort:      {"Låset på %s slutar tidigare än kvittot säger.", "The lock on %s ends earlier than the receipt says."},
	FoundMETSAltered: {"%s har ändrats: det är inte den som kvittot anger, eller den går inte att tolka.",
		"%s was altered: it is not the one that the receipt names, or it cannot be understood."},
}
