package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"arsring/internal/job"
	"arsring/internal/validators"
)

// kills is how often the daemon is killed, over both databases together.
func kills(t *testing.T) int {
	if s := os.Getenv("ARSRING_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if os.Getenv("ARSRING_SOAK") != "" {
		return 200
	}
	return 10
}

// TestKill kills the real daemon at random moments through the whole passage, again and again. Afterwards every job is delivered exactly once, no
// package is without METS.xml or receipt, no browser is left and the spool is empty.
func TestKill(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { testKill(t, "", (kills(t)+1)/2) })
	t.Run("postgres", func(t *testing.T) { testKill(t, validators.Postgres(t).Database(t), kills(t)/2) })
}

func testKill(t *testing.T, database string, times int) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	accounts := map[string]string{}
	for i, path := range []string{"/campaign/", "/blog/?posts=2", "/feed/?posts=6&batch=3", "/blog/?posts=1"} {
		accounts[fmt.Sprintf("konto-%d", i)] = path
	}
	w := newTown(t, townOptions{accounts: accounts, database: database})
	ids := []string{"konto-0", "konto-1", "konto-2", "konto-3"}
	order := func() {
		w.program(0, "job", "order", ids[rnd.IntN(len(ids))], "--config", w.configs[0])
		w.program(0, "job", "order", ids[rnd.IntN(len(ids))], "--trigger", "closure", "--config", w.configs[0])
	}
	order()
	length := 4 * time.Second // grows until a passage comes through, shrinks when it does, so that kills fall everywhere
	before := 0
	for n := range times {
		d := w.start(0)
		time.Sleep(time.Duration(rnd.Int64N(int64(length))))
		if !d.alive() {
			t.Fatalf("kill %d: it had ended by itself:\n%s", n, d.log.String())
		}
		d.kill()
		delivered := 0
		for _, j := range w.jobs(0) {
			if j.State == job.Delivered {
				delivered++
			}
			if j.State == job.GivenUp {
				t.Fatalf("kill %d: a job was given up: %+v", n, j)
			}
		}
		if delivered > before {
			length = max(2*time.Second, length*3/4)
		} else {
			length = min(30*time.Second, length*5/4)
		}
		before = delivered
		if w.unfinished(0) < 3 {
			order()
		}
	}
	d := w.start(0)
	d.wait("all delivered", func() bool {
		for _, j := range w.jobs(0) {
			if j.State == job.GivenUp {
				t.Fatalf("given up: %+v", j)
			}
		}
		code, _ := w.get("/readyz")
		return code == 200 && w.unfinished(0) == 0
	})
	d.stop()
	checkOnce(t, w, 0, filepath.Join(w.dir, "data0", "store", "objects", "arsring", "arkiv", "default"))
}

// checkOnce holds queue and archive against each other, and looks at the bucket's own files.
func checkOnce(t *testing.T, w *town, n int, objects string) {
	t.Helper()
	stored := map[string]keptEntry{}
	for _, e := range w.list(n) {
		if _, twice := stored[e.ID]; twice || !e.Complete || !e.Receipt {
			t.Errorf("in the archive: %+v, twice %v", e, twice)
		}
		stored[e.ID] = e
	}
	jobs, ended, slots := w.jobs(n), 0, map[string]string{}
	for _, j := range jobs {
		if _, ok := stored[j.Snapshot]; ok != (j.State == job.Delivered && j.Outcome != "") {
			t.Errorf("in the archive %v: %+v", ok, j)
		}
		delete(stored, j.Snapshot)
		if before := slots[j.Key()+j.Slot]; j.Slot != "" && before != "" {
			t.Errorf("%s was ordered twice for %s: %s and %s", j.Account, j.Slot, before, j.Snapshot)
		}
		slots[j.Key()+j.Slot] = j.Snapshot
		for _, a := range j.Attempts {
			if a.Code == "process-ended" {
				ended++
			}
		}
	}
	for id := range stored {
		t.Errorf("in the archive without a job: %s", id)
	}
	packages := 0
	for _, f := range globDirs(filepath.Join(objects, "[^_]*", "*-manual-*"), filepath.Join(objects, "[^_]*", "*-scheduled-*"), filepath.Join(objects, "[^_]*", "*-closure-*")) {
		if _, err := os.Stat(filepath.Join(f, "METS.xml")); err != nil {
			t.Errorf("a package without METS.xml: %s", f)
		}
		packages++
	}
	w.program(0, "verify", "--all", "--config", w.configs[n])
	w.checkNothingLeft()
	t.Logf("%d jobs, %d packages, %d attempts ended with their process", len(jobs), packages, ended)
}

// globDirs gives the folders that fit.
func globDirs(patterns ...string) []string {
	var out []string
	for _, p := range patterns {
		found, _ := filepath.Glob(p)
		for _, f := range found {
			if info, err := os.Stat(f); err == nil && info.IsDir() {
				out = append(out, f)
			}
		}
	}
	return out
}
