package proof

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"arsring/internal/archive"
)

// Sealer sets tokens and log entries on what was delivered, now or later.
type Sealer struct {
	Log     *Log
	Stamper *Stamper
	Store   Objects
	Pending string // folder of what waits for an authority or for the log; one file a snapshot

	mu sync.Mutex
}

// Sealed is what Seal reached.
type Sealed struct {
	Tenant   string  `json:"tenant"`
	Account  string  `json:"account"`
	Snapshot string  `json:"snapshot"`
	METS     string  `json:"mets_sha256"`
	Logged   bool    `json:"logged"` // METS.xml and the receipt stand in the log
	Stamps   []bool  `json:"stamps"` // by authority: its token stands beside the package and in the log
	Unlogged []Line  `json:"unlogged,omitempty"`
	Problems []error `json:"-"` // why something waits: *AuthorityError, *TamperedError, or the store's
}

// Time is the state of the package's time: "none" where no authority is configured, "pending" while one has not answered, "stamped".
func (s Sealed) Time() string {
	if len(s.Stamps) == 0 {
		return TimeNone
	}
	for _, ok := range s.Stamps {
		if !ok {
			return TimePending
		}
	}
	return TimeStamped
}

// The states of a package's time.
const (
	TimeNone    = "none"    // no authority is configured: no time stamp, and nobody claims one
	TimePending = "pending" // an authority did not answer yet
	TimeStamped = "stamped"
)

// Done says that nothing waits.
func (s Sealed) Done() bool { return s.Logged && len(s.Unlogged) == 0 && s.Time() != TimePending }

// Seal stamps a package that was just delivered and enters it into the log. What cannot be had now waits in the folder Pending for Sweep; the
// error is only for that folder. mets is the SHA-256 of METS.xml in hex, from the receipt.
func (s *Sealer) Seal(ctx context.Context, tenant, account, id, mets string) (Sealed, error) {
	w := Sealed{Tenant: tenant, Account: account, Snapshot: id, METS: mets, Stamps: make([]bool, s.Stamper.Count())}
	// First on paper: a process that dies here leaves a package that the next sweep seals.
	if err := s.put(w); err != nil {
		return w, err
	}
	return s.advance(ctx, w)
}

// Sweep tries again everything that waits, and gives what it reached. It may be called at any time, also by several processes.
func (s *Sealer) Sweep(ctx context.Context) ([]Sealed, error) {
	names, err := filepath.Glob(filepath.Join(s.Pending, "*.json"))
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var out []Sealed
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		var w Sealed
		data, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // another sweep was faster
		}
		if err == nil {
			err = json.Unmarshal(data, &w)
		}
		if err != nil {
			return out, fmt.Errorf("%s, which says what waits for its time stamp, cannot be read: %w", name, err)
		}
		if len(w.Stamps) != s.Stamper.Count() {
			w.Stamps = append(w.Stamps, make([]bool, max(0, s.Stamper.Count()-len(w.Stamps)))...)[:s.Stamper.Count()]
		}
		w, err = s.advance(ctx, w)
		if err != nil {
			return out, err
		}
		out = append(out, w)
	}
	return out, nil
}

// advance does what is missing, and keeps or clears the note of what waits.
func (s *Sealer) advance(ctx context.Context, w Sealed) (Sealed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := w.Tenant + "/" + w.Account + "/" + w.Snapshot
	if !w.Logged && len(w.Unlogged) == 0 {
		receipt, err := s.lineOf(ctx, name+".receipt.json")
		if err != nil {
			w.Problems = append(w.Problems, err)
			return w, nil
		}
		w.Unlogged = []Line{{w.METS, name + "/METS.xml"}, receipt}
	}
	for i := range w.Stamps {
		if w.Stamps[i] {
			continue
		}
		lines, err := s.stamp(ctx, w, i)
		if err != nil {
			w.Problems = append(w.Problems, err)
			continue
		}
		w.Stamps[i] = true
		w.Unlogged = append(w.Unlogged, lines...)
	}
	if len(w.Unlogged) > 0 {
		if err := s.enter(ctx, w.Unlogged); err != nil {
			w.Problems = append(w.Problems, err)
		} else {
			w.Logged, w.Unlogged = true, nil
		}
	}
	if w.Done() {
		return w, s.drop(w)
	}
	return w, s.put(w)
}

func (s *Sealer) enter(ctx context.Context, lines []Line) error {
	if err := s.Log.Announce(ctx); err != nil {
		return err
	}
	_, err := s.Log.Append(ctx, lines)
	return err
}

// Enter writes objects that are in the archive into the log: notes beside packages, records of disposal.
func (s *Sealer) Enter(ctx context.Context, keys ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := make([]Line, len(keys))
	for i, k := range keys {
		var err error
		if lines[i], err = s.lineOf(ctx, k); err != nil {
			return err
		}
	}
	return s.enter(ctx, lines)
}

func (s *Sealer) lineOf(ctx context.Context, key string) (Line, error) {
	data, _, err := s.Store.Get(ctx, key)
	return Line{sumOf(data), key}, err
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// stamp gets one authority's token, or takes the one that already stands there, and gives the lines for the log.
func (s *Sealer) stamp(ctx context.Context, w Sealed, i int) ([]Line, error) {
	key := slotKey(w.Tenant, w.Account, w.Snapshot, i)
	there, _, err := s.Store.Get(ctx, key)
	var st Stamp
	switch {
	case err == nil:
		if st, _, err = s.Stamper.trust[i].check(there, w.METS); err != nil {
			return nil, fmt.Errorf("%s stands there already and is no token of authority %d over this package: %w", key, i+1, err)
		}
	case !isMissing(err):
		return nil, err
	default:
		if st, err = s.Stamper.Stamp(ctx, i, w.METS); err != nil {
			return nil, err
		}
	}
	chain := authorityKey(w.Tenant, st.Chain)
	if _, err := s.Store.Put(ctx, chain, st.Chain, archive.PutOptions{CreateOnly: true, Lock: true, ContentType: "application/x-pem-file"}); err != nil {
		return nil, err
	}
	if _, err := s.Store.Put(ctx, key, st.Response, archive.PutOptions{CreateOnly: true, Lock: true}); err != nil {
		return nil, err
	}
	return []Line{{sumOf(st.Response), key}, {sumOf(st.Chain), chain}}, nil
}

func (s *Sealer) file(w Sealed) string {
	return filepath.Join(s.Pending, w.Tenant+"."+strings.ReplaceAll(w.Snapshot, "/", "_")+".json")
}

func (s *Sealer) put(w Sealed) error {
	if err := os.MkdirAll(s.Pending, 0o700); err != nil {
		return err
	}
	data, err := json.Marshal(w)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(s.Pending, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), s.file(w))
}

func (s *Sealer) drop(w Sealed) error {
	err := os.Remove(s.file(w))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Waiting lists what waits, without trying again.
func (s *Sealer) Waiting() ([]Sealed, error) {
	names, err := filepath.Glob(filepath.Join(s.Pending, "*.json"))
	if err != nil {
		return nil, err
	}
	var out []Sealed
	for _, name := range names {
		data, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var w Sealed
		if err == nil {
			err = json.Unmarshal(data, &w)
		}
		if err != nil {
			return out, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, w)
	}
	return out, nil
}
