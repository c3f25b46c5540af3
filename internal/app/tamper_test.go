package app

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arsring/internal/proof"
	"arsring/internal/validators"
)

// tamperer changes things in the store's folder, knows what must be found, and puts everything back.
type tamperer struct {
	*smallArchive
	r    *rand.Rand
	ids  []string            // of the packages
	in   map[string][]string // keys of each package's objects
	undo []func()
	want []string
	used map[string]bool // packages that this round has touched
	log  string          // what was done, for a person who reads a failure
}

func (w *tamperer) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%v\nafter: %s", err, w.log)
	}
}

func (w *tamperer) name(id string) string {
	return Tenant + "/" + id[:strings.Index(id, "-2")] + "/" + id
}

// read gives an object's bytes and lets the end of the round put them back.
func (w *tamperer) read(key string) []byte {
	w.t.Helper()
	data, err := os.ReadFile(w.file(key))
	w.must(err)
	w.undo = append(w.undo, func() {
		w.must(os.MkdirAll(filepath.Dir(w.file(key)), 0o750))
		w.must(os.WriteFile(w.file(key), data, 0o640))
	})
	return data
}

func (w *tamperer) write(key string, data []byte) { w.must(os.WriteFile(w.file(key), data, 0o640)) }

// add writes an object that was not there.
func (w *tamperer) add(key string, data []byte) {
	w.undo = append(w.undo, func() { w.must(os.Remove(w.file(key))) })
	w.must(os.MkdirAll(filepath.Dir(w.file(key)), 0o750))
	w.write(key, data)
}

// fresh gives a package that this round has not touched.
func (w *tamperer) fresh() string {
	for {
		id := w.ids[w.r.IntN(len(w.ids))]
		if !w.used[id] {
			w.used[id] = true
			return id
		}
	}
}

// one gives an object of the package: inside it, its receipt or its token.
func (w *tamperer) one(id string) string { return w.in[id][w.r.IntN(len(w.in[id]))] }

// altered is what other bytes under a key are called.
func (w *tamperer) altered(id, key string) string {
	switch {
	case key == w.name(id)+"/METS.xml":
		return "mets-altered " + key
	case strings.HasSuffix(key, ".receipt.json"):
		return "receipt-differs " + key
	case strings.HasSuffix(key, ".tsr"):
		return proof.FoundReplaced + " " + key
	}
	return "altered " + key
}

func (w *tamperer) gone(key string) string {
	switch {
	case strings.HasSuffix(key, ".receipt.json"):
		return "no-receipt " + key
	case strings.HasSuffix(key, ".tsr"):
		return proof.FoundRemoved + " " + key
	}
	return "missing " + key
}

func (w *tamperer) expect(found ...string) { w.want = append(w.want, found...) }

// ways are the kinds of tampering with packages.
var ways = map[string]func(*tamperer){
	"flip": func(w *tamperer) {
		id := w.fresh()
		key := w.one(id)
		data := slices.Clone(w.read(key))
		data[w.r.IntN(len(data))] ^= byte(1 << w.r.IntN(8))
		w.write(key, data)
		w.expect(w.altered(id, key))
		w.log += " flip " + key
	},
	"truncate": func(w *tamperer) {
		id := w.fresh()
		key := w.one(id)
		w.write(key, w.read(key)[:w.r.IntN(10)])
		w.expect(w.altered(id, key))
		w.log += " truncate " + key
	},
	"append": func(w *tamperer) {
		id := w.fresh()
		key := w.one(id)
		w.write(key, append(slices.Clone(w.read(key)), '\n'))
		w.expect(w.altered(id, key))
		w.log += " append " + key
	},
	"swap": func(w *tamperer) {
		id, other := w.fresh(), w.fresh()
		a := w.one(id)
		b := w.name(other) + strings.TrimPrefix(a, w.name(id))
		if !slices.Contains(w.in[other], b) {
			b = w.one(other)
		}
		x, y := w.read(a), w.read(b)
		if slices.Equal(x, y) { // the two packages have it in common: nothing would change
			return
		}
		w.write(a, y)
		w.write(b, x)
		w.expect(w.altered(id, a), w.altered(other, b))
		w.log += " swap " + a + " " + b
	},
	"delete": func(w *tamperer) {
		id := w.fresh()
		key := w.one(id)
		w.read(key)
		w.must(os.Remove(w.file(key)))
		w.expect(w.gone(key))
		w.log += " delete " + key
	},
	"add": func(w *tamperer) {
		id := w.fresh()
		key := w.name(id) + []string{"/metadata/extra.xml", "/representations/pdfa/data/extra.pdf", "/extra", ".notes.txt"}[w.r.IntN(4)]
		w.add(key, []byte("inte levererad"))
		code := "extra "
		if strings.HasSuffix(key, ".txt") {
			code = proof.FoundStray + " "
		}
		w.expect(code + key)
		w.log += " add " + key
	},
	"rename": func(w *tamperer) {
		id := w.fresh()
		key := w.one(id)
		for !strings.HasPrefix(key, w.name(id)+"/") {
			key = w.one(id)
		}
		w.add(key+"2", w.read(key))
		w.must(os.Remove(w.file(key)))
		w.expect("missing "+key, "extra "+key+"2")
		w.log += " rename " + key
	},
	"older version": func(w *tamperer) { // the whole package, receipt and token of another, under this one's name
		id, other := w.fresh(), w.fresh()
		for _, key := range w.in[id] {
			w.read(key)
			w.must(os.Remove(w.file(key)))
		}
		for _, key := range w.in[other] {
			data, err := os.ReadFile(w.file(key))
			w.must(err)
			to := w.name(id) + strings.TrimPrefix(key, w.name(other))
			if !slices.Contains(w.in[id], to) {
				w.add(to, data)
				continue
			}
			w.must(os.MkdirAll(filepath.Dir(w.file(to)), 0o750))
			w.write(to, data)
		}
		w.expect("mets-altered "+w.name(id)+"/METS.xml", "receipt-differs "+w.name(id)+".receipt.json", proof.FoundReplaced+" "+w.name(id)+".tsr")
		w.log += " older " + id
	},
	"remove package": func(w *tamperer) {
		id := w.fresh()
		w.removePackage(id)
		w.expect(proof.FoundRemoved + " " + w.name(id) + "/METS.xml")
		w.log += " remove " + id
	},
	"copy package": func(w *tamperer) {
		id := w.fresh()
		to := w.copyPackage(id)
		w.expect(proof.FoundNotLogged+" "+to+"/METS.xml", "receipt-differs "+to+".receipt.json")
		w.log += " copy " + id
	},
	"rename package": func(w *tamperer) {
		id := w.fresh()
		to := w.copyPackage(id)
		w.removePackage(id)
		w.expect(proof.FoundNotLogged+" "+to+"/METS.xml", "receipt-differs "+to+".receipt.json", proof.FoundRemoved+" "+w.name(id)+"/METS.xml")
		w.log += " rename " + id
	},
}

func (w *tamperer) removePackage(id string) {
	for _, key := range w.in[id] {
		w.read(key)
		w.must(os.Remove(w.file(key)))
	}
}

// copyPackage puts the package under another ID and gives its name there.
func (w *tamperer) copyPackage(id string) string {
	to := w.name(id)[:len(w.name(id))-4] + "aaaa"
	for _, key := range w.in[id] {
		data, err := os.ReadFile(w.file(key))
		w.must(err)
		w.add(to+strings.TrimPrefix(key, w.name(id)), data)
	}
	return to
}

const logIn = Tenant + "/_tlog/"

// logWays tamper with the log; one a round, because the log is about everything.
var logWays = map[string]func(w *tamperer, old map[string][]byte){
	"log flip": func(w *tamperer, _ map[string][]byte) {
		key := w.entry()
		data := slices.Clone(w.read(key))
		data[w.r.IntN(len(data)-80)] ^= 1 // in the text
		w.write(key, data)
		w.expect(proof.FoundEntryAltered + " " + key)
	},
	"log delete": func(w *tamperer, _ map[string][]byte) {
		key := w.entry()
		w.read(key)
		w.must(os.Remove(w.file(key)))
		w.expect(proof.FoundEntryMissing + " " + key)
	},
	"log swap": func(w *tamperer, _ map[string][]byte) {
		a, b := w.entry(), w.entry()
		for a == b {
			b = w.entry()
		}
		x, y := w.read(a), w.read(b)
		w.write(a, y)
		w.write(b, x)
		w.expect(proof.FoundEntryAltered+" "+a, proof.FoundEntryAltered+" "+b)
	},
	"roll back": func(w *tamperer, old map[string][]byte) {
		for _, key := range w.keys() {
			if !strings.HasPrefix(key, logIn+"entry/") && key != logIn+"checkpoint" {
				continue
			}
			w.read(key)
			if was, ok := old[key]; ok {
				w.write(key, was)
				continue
			}
			w.must(os.Remove(w.file(key)))
		}
		w.expect(proof.FoundRollback + " " + logIn + "checkpoint")
	},
	"old checkpoint": func(w *tamperer, old map[string][]byte) {
		w.read(logIn + "checkpoint")
		w.write(logIn+"checkpoint", old[logIn+"checkpoint"])
		w.expect(proof.FoundRollback + " " + logIn + "checkpoint")
	},
	"authority flip": func(w *tamperer, _ map[string][]byte) {
		i := slices.IndexFunc(w.keys(), func(k string) bool { return strings.HasPrefix(k, logIn+"authority/") })
		key := w.keys()[i]
		data := slices.Clone(w.read(key))
		data[w.r.IntN(len(data))] ^= 1
		w.write(key, data)
		w.expect(proof.FoundAuthority + " " + key)
	},
}

func (w *tamperer) entry() string {
	return fmt.Sprintf("%sentry/%09d", logIn, w.r.IntN(len(w.ids)))
}

// restore ends a round.
func (w *tamperer) restore() {
	for _, u := range slices.Backward(w.undo) {
		u()
	}
	w.undo, w.want, w.used, w.log = nil, nil, map[string]bool{}, ""
	// What was moved about leaves empty folders, which an object store knows nothing of.
	_ = filepath.WalkDir(w.file(Tenant), func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && strings.Contains(p, "aaaa") {
			_ = os.RemoveAll(p)
			return fs.SkipDir
		}
		return nil
	})
}

// check verifies and wants exactly what was done.
func (w *tamperer) check() {
	w.t.Helper()
	got := w.findings()
	slices.Sort(got)
	slices.Sort(w.want)
	if !slices.Equal(got, w.want) {
		w.t.Errorf("after%s\nfound:\n %s\nwant:\n %s", w.log, strings.Join(got, "\n "), strings.Join(w.want, "\n "))
	}
}

// TestTampering: what is done to a bucket of packages is found and named, exactly, and nothing else is. 60 times on 16 packages; with ARSRING_SOAK=1
// 1,000 times on 200, and 20 runs over the untouched bucket in between.
func TestTampering(t *testing.T) {
	t.Parallel()
	packages, times, batch, clean := 16, 60, 3, 2
	if os.Getenv("ARSRING_SOAK") != "" {
		packages, times, batch, clean = 200, 1000, 20, 20
	}
	w := &tamperer{smallArchive: newArchive(t, stampedBy(validators.StartAuthority(t))), r: rand.New(rand.NewPCG(7, 21)), in: map[string][]string{}, used: map[string]bool{}}
	old := map[string][]byte{}
	for i := range packages {
		w.ids = append(w.ids, w.keep(account(i%5)))
		if i == packages/2 {
			for _, key := range w.keys() {
				if strings.HasPrefix(key, logIn) {
					data, err := os.ReadFile(w.file(key))
					w.must(err)
					old[key] = data
				}
			}
		}
	}
	for _, key := range w.keys() {
		for _, id := range w.ids {
			if strings.HasPrefix(key, w.name(id)+"/") || strings.HasPrefix(key, w.name(id)+".") {
				w.in[id] = append(w.in[id], key)
			}
		}
	}
	w.check()
	names := sortedNames(ways)
	done, rounds := map[string]int{}, 0
	total := 0
	for total < times*9/10 {
		for range batch {
			name := names[total%len(names)]
			for before := len(w.want); len(w.want) == before; { // a swap of two objects with the same bytes is none
				ways[name](w)
			}
			done[name]++
			total++
		}
		w.check()
		w.restore()
		rounds++
	}
	logNames := sortedNames(logWays)
	for ; total < times; total++ {
		name := logNames[total%len(logNames)]
		w.log = " " + name
		logWays[name](w, old)
		w.check()
		w.restore()
		done[name]++
		rounds++
	}
	for range clean {
		w.check()
	}
	t.Logf("%d tamperings on %d packages in %d rounds: %v; %d clean runs", total, packages, rounds, done, clean+1)
}

func sortedNames[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
