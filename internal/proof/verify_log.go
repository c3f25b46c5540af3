package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"

	"arsring/internal/archive"
)

// logged is an object that the log answers for.
type logged struct {
	sum  string
	seen bool
}

// logState is what a tenant's log says, after it was read from beginning to end.
type logState struct {
	mu       sync.Mutex
	logged   map[string]*logged  // by key
	byName   map[string][]string // keys beside packages, by <tenant>/<account>/<snapshot>.
	disposed map[string]string   // snapshot: key of the record of its disposal
	trust    []trust
	damaged  bool // entries are missing or wrong: what they said is not known
}

// see marks a key as met.
func (s *logState) see(key string) *logged {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.logged[key]
	if l != nil {
		l.seen = true
	}
	return l
}

// sum is what the log says of a key; empty when it does not know it.
func (s *logState) sum(key string) string {
	if l := s.logged[key]; l != nil {
		return l.sum
	}
	return ""
}

// of gives the logged keys beside one package.
func (s *logState) of(name string) map[string]bool {
	out := map[string]bool{}
	for _, k := range s.byName[name] {
		out[k] = true
	}
	return out
}

// readLog reads a tenant's log once.
func (v *verifier) readLog(ctx context.Context, tenant string) error {
	if v.logs[tenant] != nil {
		return nil
	}
	st := &logState{logged: map[string]*logged{}, byName: map[string][]string{}, disposed: map[string]string{}}
	v.logs[tenant] = st
	r := &logReading{v: v, l: v.o.Log(tenant), tenant: tenant, st: st, roots: map[int64]tlog.Hash{}}
	for _, step := range []func(context.Context) error{r.list, r.head, r.entries, r.compare, r.checkTiles, r.keys, r.objects} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// logReading is the reading of one log.
type logReading struct {
	v      *verifier
	l      *Log
	tenant string
	st     *logState

	places map[int64]bool
	tiles  []string
	pubs   []string
	pems   []string

	cp     Checkpoint
	known  []Checkpoint // that the log must continue
	size   int64        // entries without a gap from the beginning
	want   map[string][]byte
	roots  map[int64]tlog.Hash // of the sizes that were asked for
	range_ []node
}

// node is a whole subtree of the growing tree.
type node struct {
	level int
	hash  tlog.Hash
}

func (r *logReading) say(code, key string) {
	r.v.say(found(code, key, r.v.o.Archive.Full(key)))
}

// list sorts the objects of the log's folder.
func (r *logReading) list(ctx context.Context) error {
	r.places, r.want = map[int64]bool{}, map[string][]byte{}
	folder := logFolder(r.tenant)
	for o, err := range r.v.o.Archive.ListKeys(ctx, folder) {
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(o.Key, folder)
		var n int64
		switch {
		case name == "checkpoint":
		case strings.HasPrefix(name, "entry/"):
			if _, err := fmt.Sscanf(name, "entry/%d", &n); err != nil || entryKey(r.tenant, n) != o.Key {
				r.say(FoundStray, o.Key)
				continue
			}
			r.places[n] = true
		case strings.HasPrefix(name, "tile/"):
			r.tiles = append(r.tiles, name)
		case strings.HasPrefix(name, "key/"):
			r.pubs = append(r.pubs, o.Key)
		case isAuthorityKey(r.tenant, o.Key):
			r.pems = append(r.pems, o.Key)
		default:
			r.say(FoundStray, o.Key)
		}
	}
	return nil
}

// head reads the checkpoint, and gathers the others that are known.
func (r *logReading) head(ctx context.Context) error {
	mem, err := r.l.Remembered()
	if err != nil {
		return err
	}
	if mem.Size > 0 {
		r.known = append(r.known, mem)
	}
	for _, c := range r.v.o.Known {
		if c.Origin == origin(r.tenant) {
			r.known = append(r.known, c)
		}
	}
	key := checkpointKey(r.tenant)
	data, _, err := r.v.o.Archive.Get(ctx, key)
	if isMissing(err) {
		if len(r.places) > 0 || len(r.known) > 0 {
			r.say(FoundCheckpoint, key)
		}
		return nil
	}
	if err != nil {
		return err
	}
	c, err := r.l.openHead(data)
	if err != nil {
		r.say(FoundCheckpoint, key)
		return nil //nolint:nilerr // a finding, not a failure
	}
	if s, err := r.l.o.Key.openNote(data); err == nil && !s.known {
		r.say(FoundCheckpointKey, key)
	}
	r.cp = c
	r.v.r.Checkpoints = append(r.v.r.Checkpoints, c)
	return nil
}

// entriesAtOnce is how many entries are read before they are taken in, in order.
const entriesAtOnce = 64

// entries reads every place in order.
func (r *logReading) entries(ctx context.Context) error {
	for n := range r.places {
		r.size = max(r.size, n+1)
	}
	total := max(r.size, r.cp.Size)
	asked := map[int64]bool{r.cp.Size: true}
	for _, c := range r.known {
		asked[c.Size] = true
	}
	whole := true
	for from := int64(0); from < total; from += entriesAtOnce {
		n := min(entriesAtOnce, total-from)
		got := make([][]byte, n)
		g, gctx := errgroup.WithContext(ctx)
		g.SetLimit(readAtOnce)
		for i := range n {
			g.Go(func() (err error) {
				if !r.places[from+i] && from+i >= r.cp.Size { // one below may have been written since the list was read
					return nil
				}
				got[i], _, err = r.v.o.Archive.Get(gctx, entryKey(r.tenant, from+i))
				if isMissing(err) {
					return nil
				}
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		for i, data := range got {
			h, ok := r.entry(from+int64(i), data)
			if whole = whole && ok; whole {
				r.grow(from+int64(i), h)
				if asked[from+int64(i)+1] {
					r.roots[from+int64(i)+1] = r.root()
				}
				r.size = from + int64(i) + 1
			}
		}
	}
	if !whole {
		r.st.damaged = true
	}
	r.v.mu.Lock()
	r.v.r.Entries += total
	r.v.mu.Unlock()
	return nil
}

// entry takes in one entry; ok says that its hash is known.
func (r *logReading) entry(n int64, data []byte) (tlog.Hash, bool) {
	key := entryKey(r.tenant, n)
	if data == nil {
		if n < r.cp.Size { // beyond the checkpoint a gap is the log's end, or a rollback that is named as such
			r.say(FoundEntryMissing, key)
		}
		return tlog.Hash{}, false
	}
	s, err := r.l.o.Key.openNote(data)
	var e Entry
	if err == nil {
		e, err = parseEntry(s.text)
	}
	if err != nil || e.N != n {
		r.say(FoundEntryAltered, key)
		return tlog.Hash{}, false
	}
	switch {
	case s.known:
		r.take(e)
	case slices.Contains(r.pubs, logFolder(r.tenant)+"key/"+s.by):
		r.say(FoundEntryKey, key)
	default: // no such key was ever announced: it is the signature that was changed, and what the text says cannot be relied on
		r.say(FoundEntryAltered, key)
		r.st.damaged = true
	}
	return tlog.RecordHash([]byte(s.text)), true
}

func (r *logReading) take(e Entry) {
	for _, l := range e.Lines {
		if r.st.logged[l.Key] != nil {
			continue // entered twice after an interruption
		}
		r.st.logged[l.Key] = &logged{sum: l.SHA256}
		if p := place(l.Key); !p.own && p.id != "" && !strings.HasSuffix(l.Key, "/"+metsFile) {
			name := r.tenant + "/" + p.account + "/" + p.id + "."
			r.st.byName[name] = append(r.st.byName[name], l.Key)
		}
	}
}

// keys checks the public keys beside the log.
func (r *logReading) keys(ctx context.Context) error {
	own := logFolder(r.tenant) + "key/" + keyID(r.l.o.Key.Public())
	met := false
	for _, key := range r.pubs {
		data, _, err := r.v.o.Archive.Get(ctx, key)
		if err != nil && !isMissing(err) {
			return err
		}
		met = met || key == own
		public := strings.TrimSpace(string(data))
		if id := keyID(public); id == "" || logFolder(r.tenant)+"key/"+id != key || key == own && public+"\n" != r.l.o.Key.Public()+"\n" || string(data) != public+"\n" {
			r.say(FoundKey, key)
		}
	}
	if mem, err := r.l.Remembered(); err == nil && mem.Size > 0 && !met {
		r.say(FoundKey, own)
	}
	return nil
}

// objects checks what the log answers for and that stands in no package: certificates and records of disposal.
func (r *logReading) objects(ctx context.Context) error {
	for _, key := range sortedKeys(r.st.logged) {
		if !place(key).own {
			continue
		}
		l := r.st.see(key)
		data, _, err := r.v.o.Archive.Get(ctx, key)
		if err != nil && !isMissing(err) {
			return err
		}
		cert := isAuthorityKey(r.tenant, key)
		if err != nil || sumOf(data) != l.sum {
			code := FoundReplaced
			switch {
			case cert:
				code = FoundAuthority
			case err != nil:
				code = FoundRemoved
			}
			r.say(code, key)
			continue
		}
		if cert {
			if t, err := pemTrust(data); err == nil {
				r.st.trust = append(r.st.trust, t)
			}
			continue
		}
		r.disposal(key, data)
	}
	for _, key := range r.pems {
		if r.st.logged[key] == nil && len(r.v.waiting) == 0 && !r.st.damaged {
			r.say(FoundStray, key)
		}
	}
	return nil
}

// KindDisposal is the kind of the note that says that a package was removed by a decision.
const KindDisposal = "disposal"

func (r *logReading) disposal(key string, data []byte) {
	var e archive.LogEntry
	if json.Unmarshal(data, &e) == nil && e.Schema == archive.LogSchema && e.Kind == KindDisposal && e.Snapshot != "" {
		r.st.disposed[e.Snapshot] = key
	}
}
