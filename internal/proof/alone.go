package proof

import (
	"context"
	"encoding/json"
	"slices"
	"sort"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"arsring/internal/archive"
)

// A package by itself needs one entry of the log and the proof that it stands there, not the log: of 100,000 entries some 270 small objects are
// read. The shortcut only ever says that nothing is wrong. Whatever else it meets, also an object that cannot be read, the whole log is read,
// which names what is.

const (
	aloneFrom  = 2 * tileWidth   // entries from which on the shortcut is shorter
	aloneMost  = 8               // packages for which it is taken
	aloneScan  = 64              // entries that are looked through about the time of the receipt
	aloneSlack = 2 * time.Minute // by which the clocks of several daemons may differ
	aloneNotes = 200             // records of disposal that are read
)

// alone checks one package against its own entry; false: that is not enough to say that all is well with it.
func (v *verifier) alone(ctx context.Context, grp group) bool {
	if strings.Contains(grp.id, "-evidence-") {
		return false // notes may be entered beside it at any time, and one that was removed is known to the whole log only
	}
	if slices.ContainsFunc(v.o.Known, func(c Checkpoint) bool { return c.Origin == origin(grp.tenant) }) {
		return false // what is asked is whether the log continues that one
	}
	l := v.o.Log(grp.tenant)
	head, err := l.Checkpoint(ctx)
	if err != nil || head.Size < aloneFrom {
		return false
	}
	if _, err := l.o.Key.OpenCheckpoint([]byte(head.Note)); err != nil {
		return false // its signature does not count
	}
	n, ok := l.search(ctx, head.Size, grp)
	if !ok {
		return false
	}
	p, err := l.ProveInclusion(ctx, n)
	if err != nil || p.Check() != nil {
		return false
	}
	e, err := parseEntry(p.Entry)
	if err != nil {
		return false
	}
	w := newVerifier(v.o, nil)
	w.keep, w.waiting = true, v.waiting
	if !w.byEntry(ctx, l, e, grp) {
		return false
	}
	v.mu.Lock()
	v.r.Checkpoints, v.r.Entries = append(v.r.Checkpoints, p.Checkpoint), v.r.Entries+p.Checkpoint.Size
	v.mu.Unlock()
	v.done(w.all[0])
	return true
}

// byEntry checks a package whose only entry is e; false where anything is found.
func (v *verifier) byEntry(ctx context.Context, l *Log, e Entry, grp group) bool {
	st := &logState{logged: map[string]*logged{}, byName: map[string][]string{}, disposed: map[string]string{}}
	r := &logReading{v: v, l: l, tenant: grp.tenant, st: st, roots: map[int64]tlog.Hash{}}
	r.take(e)
	if err := r.objects(ctx); err != nil { // the certificates that its tokens lead to
		return false
	}
	if v.maybeDisposed(ctx, grp) {
		return false
	}
	grp.log = st
	err := v.group(ctx, grp)
	// A token that waits may have come later, in an entry of its own.
	return err == nil && len(v.all) == 1 && v.all[0].OK && v.all[0].Logged && v.all[0].Time != TimePending && len(v.r.Findings) == 0
}

// maybeDisposed looks for a record of the package's disposal.
func (v *verifier) maybeDisposed(ctx context.Context, grp group) bool {
	read := 0
	for o, err := range v.o.Archive.ListKeys(ctx, grp.tenant+"/_log/") {
		if err != nil {
			return true
		}
		if !strings.Contains(o.Key, "-"+KindDisposal+"-") {
			continue
		}
		data, _, err := v.o.Archive.Get(ctx, o.Key)
		if read++; err != nil || read > aloneNotes || strings.Contains(string(data), grp.id) {
			return true
		}
	}
	return false
}

// search finds the entry that names a package's METS.xml, by the time that its receipt says: entries stand in the order of time, but for the
// difference of clocks. It proves nothing.
func (l *Log) search(ctx context.Context, size int64, grp group) (n int64, ok bool) {
	var receipt archive.Receipt
	data, _, err := l.o.Store.Get(ctx, grp.name()+".receipt.json")
	if err != nil || json.Unmarshal(data, &receipt) != nil || receipt.Delivered.IsZero() {
		return 0, false
	}
	failed := false
	read := func(n int64) Entry {
		if failed {
			return Entry{}
		}
		var s signed
		data, _, err := l.o.Store.Get(ctx, entryKey(l.o.Tenant, n))
		if err == nil {
			s, err = l.o.Key.openNote(data)
		}
		e, perr := parseEntry(s.text)
		failed = err != nil || perr != nil || !s.known
		return e
	}
	from := receipt.Delivered.Add(-aloneSlack)
	n = int64(sort.Search(int(size), func(i int) bool { return read(int64(i)).Time.After(from) }))
	key := grp.name() + "/" + metsFile
	for last := min(n+aloneScan, size); n < last && !failed; n++ {
		if slices.ContainsFunc(read(n).Lines, func(l Line) bool { return l.Key == key }) {
			return n, !failed
		}
	}
	return 0, false
}
