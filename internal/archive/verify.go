package archive

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Inventory reads what a package should hold from its METS files, which it opens with the function given. METS.xml itself need
// not be in the list.
type Inventory func(open func(path string) (io.ReadCloser, error)) ([]Want, error)

// Verify re-reads every object of a package and compares it with the inventory and with the receipt.
// The error is for a store that cannot be used; everything that is wrong with the package is in the findings.
func (s *Store) Verify(ctx context.Context, e Entry, inventory Inventory) (Findings, error) {
	return s.VerifyWith(ctx, e, VerifyOptions{Inventory: inventory})
}

// VerifyOptions say what else is done while a package is read.
type VerifyOptions struct {
	Inventory Inventory
	// Also, when not nil, is asked before an object of the package is read; the writer it gives gets the same bytes as the hash. It is asked again
	// when the stream broke and is read from its beginning. nil for an object that nobody else wants.
	Also func(path string) io.Writer
	// METS and Receipt are the SHA-256 (hex) that somebody else vouches for; empty: nobody does. A receipt that is vouched for says what the package
	// holds, so that an altered METS file is named and misleads nobody about the others.
	METS, Receipt string
	// There is what a list of the package's folder has just given, path to bytes; nil: the folder is listed.
	There map[string]int64
	// Locks asks of each object whether it is held as the receipt says.
	Locks bool
}

// VerifyWith is Verify with more to do in the same reading.
func (s *Store) VerifyWith(ctx context.Context, e Entry, o VerifyOptions) (Findings, error) {
	inventory := o.Inventory
	at, err := e.place()
	if err != nil {
		return Findings{}, err
	}
	v := &verification{s: s, e: e, at: at, also: o.Also, locks: o.Locks, there: o.There, vouchedMETS: o.METS, vouchedReceipt: o.Receipt, metsRaw: map[string][]byte{}, out: Findings{Entry: e, Found: []Finding{}}}
	for _, step := range []func(context.Context) error{v.list, v.readReceipt, v.checkMETS} {
		if err := step(ctx); err != nil {
			return v.out, err
		}
	}
	if err := v.readInventory(ctx, inventory); err != nil {
		return v.out, err
	}
	v.checkNames()
	if err := v.checkBytes(ctx); err != nil {
		return v.out, err
	}
	if v.vouched {
		if err := v.compareInventory(ctx, inventory); err != nil {
			return v.out, err
		}
	}
	v.checkReceipt()
	v.out.METS, v.out.Lock = v.mets, v.weakest()
	if v.unclear && !v.explained() {
		v.found(FoundMETSAltered, metsName)
	}
	slices.SortFunc(v.out.Found, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Code, b.Code))
	})
	return v.out, nil
}

// mostMETS bounds the METS files that are held in memory, in bytes each.
const mostMETS = 1 << 20

// verification is one run of Verify. It holds names and sums, and of the contents small METS files only.
type verification struct {
	s  *Store
	e  Entry
	at place

	mu      sync.Mutex // guards out while objects are read in parallel
	out     Findings
	there   map[string]int64  // listed: path to size
	metsRaw map[string][]byte // METS files as they were read, by path, so that none is read twice; guarded by mu
	receipt *Receipt          // nil: none, or not readable
	mets    string            // SHA-256 of METS.xml as it is; empty when it is missing or unreadable
	want    map[string]Want   // what the package should hold, without METS.xml
	unclear bool              // METS could not be understood, the receipt stands in

	vouchedMETS, vouchedReceipt string
	vouched                     bool // the receipt is the one that is vouched for

	also  func(path string) io.Writer
	locks bool
	held  map[string]*LockInfo // by path, of the objects that were read
}

func (v *verification) list(ctx context.Context) error {
	if v.there != nil {
		return nil
	}
	v.there = map[string]int64{}
	for o, err := range v.s.ListKeys(ctx, v.e.Prefix) {
		if err != nil {
			return err
		}
		v.there[strings.TrimPrefix(o.Key, v.e.Prefix)] = o.Size
	}
	return nil
}

func (v *verification) readReceipt(ctx context.Context) error {
	r, sum, err := v.s.readReceipt(ctx, v.at)
	v.out.Receipt = sum
	name := path.Base(v.at.receipt())
	switch {
	case v.vouchedReceipt != "" && sum != "" && sum != v.vouchedReceipt:
		v.found(FoundReceiptDiffers, name) // and it is not believed
	case err == nil:
		v.receipt, v.vouched = &r, v.vouchedReceipt != ""
		return nil
	case isNotFound(err):
		v.found(FoundNoReceipt, name)
	case isConflict(err) || isObjectFault(err):
		v.found(FoundReceiptDiffers, name)
	default:
		return err
	}
	return nil
}

// isObjectFault tells an object that the store cannot give from a store that cannot be used: only the former is a finding.
func isObjectFault(err error) bool {
	var u *UnreachableError
	return errors.As(err, &u) && (u.Code == CodeServer || u.Code == CodeStore || u.Code == CodeDenied) || errors.Is(err, errTooBig)
}

// checkMETS reads METS.xml first: everything else is held against it.
func (v *verification) checkMETS(ctx context.Context) error {
	sum, err := v.sum(ctx, metsName)
	switch {
	case err == nil:
		v.mets = sum
		if v.vouchedMETS != "" && v.vouchedMETS != sum || v.receipt != nil && v.receipt.METSSHA256 != sum {
			v.found(FoundMETSAltered, metsName)
		}
	case isNotFound(err):
		v.found(FoundMissing, metsName)
	case isObjectFault(err):
		v.found(FoundUnreadable, metsName)
	default:
		return err
	}
	return nil
}

func (v *verification) sum(ctx context.Context, p string) (string, error) {
	h := sha256.New()
	var raw bytes.Buffer
	info, err := v.s.read(ctx, v.e.Prefix+p, func() io.Writer {
		h.Reset()
		raw.Reset()
		to := []io.Writer{h}
		if path.Base(p) == metsName && v.there[p] <= mostMETS {
			to = append(to, &raw)
		}
		if v.also != nil {
			if w := v.also(p); w != nil {
				to = append(to, w)
			}
		}
		return io.MultiWriter(to...)
	})
	if err != nil {
		return "", err
	}
	if err := v.checkLock(ctx, p, info); err != nil {
		return "", err
	}
	v.mu.Lock()
	v.out.Objects++
	v.out.Bytes += info.Size
	if raw.Len() > 0 && info.Size <= mostMETS {
		v.metsRaw[p] = raw.Bytes()
	}
	v.mu.Unlock()
	return hex.EncodeToString(h.Sum(nil)), nil
}

// readInventory asks METS what should be there; when METS cannot be read the receipt stands in, so that the other objects are still judged.
func (v *verification) readInventory(ctx context.Context, inventory Inventory) error {
	v.want = map[string]Want{}
	if v.vouched {
		for _, w := range v.receiptWants() {
			v.want[w.Path] = w
		}
		return nil
	}
	list, err := v.inventory(ctx, inventory)
	if cerr := ctx.Err(); cerr != nil || isStoreGone(err) {
		return cmp.Or(cerr, err)
	}
	v.unclear = err != nil
	if v.mets == "" || err != nil {
		list = v.receiptWants()
	}
	for _, w := range list {
		if w.Path != metsName {
			v.want[w.Path] = w
		} else if v.mets != "" && !strings.EqualFold(w.SHA256, v.mets) && !v.has(FoundMETSAltered) {
			v.found(FoundMETSAltered, metsName)
		}
	}
	return nil
}

// goneError is a store that went away while METS was read, however the inventory words it.
type goneError struct{ error }

func (e goneError) Unwrap() error { return e.error }

func isStoreGone(err error) bool {
	var g goneError
	return errors.As(err, &g)
}

// inventory asks METS what should be there; nothing when METS.xml is missing.
func (v *verification) inventory(ctx context.Context, inventory Inventory) ([]Want, error) {
	if v.mets == "" {
		return nil, nil
	}
	var gone error
	list, err := inventory(func(p string) (io.ReadCloser, error) {
		v.mu.Lock()
		raw, ok := v.metsRaw[p]
		v.mu.Unlock()
		if ok {
			return io.NopCloser(bytes.NewReader(raw)), nil
		}
		rc, _, err := v.s.Open(ctx, v.e, p)
		if err != nil && !isNotFound(err) && !isObjectFault(err) {
			gone = err
		}
		return rc, err
	})
	if gone != nil {
		return nil, goneError{gone}
	}
	return list, err
}

// explained says whether METS cannot be understood because of something already found: METS.xml is not the one delivered, or a METS file of
// a representation was altered or is missing.
func (v *verification) explained() bool {
	return slices.ContainsFunc(v.out.Found, func(f Finding) bool {
		return f.Code == FoundMETSAltered || path.Base(f.Path) == metsName && f.Code != FoundReceiptDiffers && f.Code != FoundExtra
	})
}

func (v *verification) has(code string) bool {
	return slices.ContainsFunc(v.out.Found, func(f Finding) bool { return f.Code == code })
}

func (v *verification) receiptWants() []Want {
	if v.receipt == nil {
		return nil
	}
	list := make([]Want, 0, len(v.receipt.Objects))
	for _, o := range v.receipt.Objects {
		if o.Path != metsName {
			list = append(list, Want{Path: o.Path, Size: o.Size, SHA256: o.SHA256})
		}
	}
	return list
}

func (v *verification) checkNames() {
	for p := range v.want {
		if _, ok := v.there[p]; !ok {
			v.found(FoundMissing, p)
		}
	}
	if len(v.want) == 0 && v.receipt == nil {
		return // neither METS nor a receipt says what belongs here
	}
	for p := range v.there {
		if _, ok := v.want[p]; !ok && p != metsName {
			v.found(FoundExtra, p)
		}
	}
}

func (v *verification) checkBytes(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(v.s.o.Parallel)
	for p, w := range v.want {
		if _, ok := v.there[p]; ok {
			g.Go(func() error { return v.checkObject(ctx, p, w) })
		}
	}
	return g.Wait()
}

func (v *verification) checkObject(ctx context.Context, p string, w Want) error {
	sum, err := v.sum(ctx, p)
	switch {
	case err == nil:
		if !strings.EqualFold(sum, w.SHA256) || w.Size >= 0 && w.Size != v.there[p] {
			v.found(FoundAltered, p)
		}
	case isNotFound(err):
		v.found(FoundMissing, p) // listed, but gone or hidden
	case isObjectFault(err):
		v.found(FoundUnreadable, p)
	default:
		return err
	}
	return nil
}

// checkReceipt compares what the receipt says with what METS says: whoever changes one of them must change the other, too.
func (v *verification) checkReceipt() {
	r := v.receipt
	if r == nil {
		return
	}
	if r.Tenant != v.e.Tenant || r.Account != v.e.Account || r.Snapshot != v.e.ID {
		v.found(FoundReceiptDiffers, path.Base(v.at.receipt()))
	}
	said := make(map[string]ReceiptObject, len(r.Objects))
	for _, o := range r.Objects {
		said[o.Path] = o
		w, wanted := v.want[o.Path]
		switch {
		case o.Path == metsName:
			if o.SHA256 != r.METSSHA256 {
				v.found(FoundReceiptDiffers, o.Path)
			}
		case !wanted, !strings.EqualFold(o.SHA256, w.SHA256), w.Size >= 0 && o.Size != w.Size:
			v.found(FoundReceiptDiffers, o.Path)
		}
	}
	for p := range v.want {
		if _, ok := said[p]; !ok {
			v.found(FoundReceiptDiffers, p)
		}
	}
	if _, ok := said[metsName]; !ok {
		v.found(FoundReceiptDiffers, metsName)
	}
}
