package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"arsring/internal/job"
	"arsring/internal/validators"
)

// bucket starts `arsring store` as a process of its own, for several daemons, and gives the lines of the configuration that name it.
func bucket(t testing.TB, dir string) (config, objects string) {
	t.Helper()
	cmd := exec.Command("arsring", "store", "--data-dir", dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })
	var ready struct {
		Endpoint string `json:"endpoint"`
		CAFile   string `json:"ca_file"`
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &ready)
	}
	if err != nil {
		t.Fatalf("the store said %q: %v", line, err)
	}
	var keys struct {
		Access string `json:"access_key"`
		Secret string `json:"secret_key"`
	}
	data, err := os.ReadFile(filepath.Join(dir, "keys", "store-access.json"))
	if err == nil {
		err = json.Unmarshal(data, &keys)
	}
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("archive: {endpoint: %q, ca_file: %q, region: se-arsring-1, access_key: %q, secret_key: %q}\n", ready.Endpoint, ready.CAFile, keys.Access, keys.Secret),
		filepath.Join(dir, "store", "objects", "arsring", "arkiv", "default")
}

// TestTwoDaemons lets two daemons share one Postgres and one bucket and kills the one that has a job: the other finishes it, and nothing is
// delivered twice.
func TestTwoDaemons(t *testing.T) {
	rounds := 1
	if os.Getenv("ARSRING_SOAK") != "" {
		rounds = 10
	}
	lines, objects := bucket(t, filepath.Join(tempDir(t), "elsewhere"))
	w := newTown(t, townOptions{accounts: map[string]string{"kampanj": "/campaign/", "bloggen": "/blog/?posts=3", "flodet": "/feed/?posts=6&batch=3"},
		database: validators.Postgres(t).Database(t), archive: lines, daemons: 2})
	daemons := []*daemon{w.start(0), w.start(1)}
	id := func(n int) string {
		data, _ := os.ReadFile(filepath.Join(w.dir, fmt.Sprintf("data%d", n), "daemon-id"))
		return strings.TrimSpace(string(data))
	}
	moved := 0
	for round := range rounds {
		for _, a := range []string{"kampanj", "bloggen", "flodet"} {
			w.program(0, "job", "order", a, "--config", w.configs[0])
		}
		var hit job.Job
		daemons[1].wait("a job runs", func() bool {
			for _, j := range w.jobs(0) {
				if j.State == job.Running {
					hit = j
					return true
				}
			}
			return w.unfinished(0) == 0
		})
		victim := 0
		if hit.Worker == id(1) {
			victim = 1
		}
		if round > 0 {
			time.Sleep(time.Duration(rand.Int64N(int64(3 * time.Second))))
		}
		daemons[victim].kill()
		other := daemons[1-victim]
		other.wait("the job finished elsewhere", func() bool { return w.unfinished(1-victim) == 0 })
		for _, j := range w.jobs(1 - victim) {
			if j.ID == hit.ID && j.Worker == id(1-victim) {
				moved++
			}
		}
		daemons[victim] = w.start(victim)
	}
	for _, d := range daemons {
		d.wait("spools cleared", func() bool {
			left, _ := filepath.Glob(filepath.Join(w.dir, "data?", "spool", "*", "*"))
			return len(left) == 0
		})
		d.stop()
	}
	if moved == 0 {
		t.Error("no job was finished by another daemon than the one that began it")
	}
	t.Logf("%d rounds, %d jobs moved", rounds, moved)
	checkOnce(t, w, 0, objects)
}
