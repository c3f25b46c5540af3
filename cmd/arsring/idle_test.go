package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"arsring/internal/validators"
)

// BenchmarkIdle lets the daemon of a municipality with 300 accounts stand for a minute without anything to do, and says what it and its embedded store take of
// processor and memory meanwhile.
func BenchmarkIdle(b *testing.B) {
	for _, queue := range []string{"sqlite", "postgres"} {
		b.Run(queue, func(b *testing.B) {
			accounts := map[string]string{}
			for i := range 300 {
				accounts[fmt.Sprintf("konto-%03d", i)] = fmt.Sprintf("/campaign/?n=%d", i)
			}
			o := townOptions{accounts: accounts, ordered: true, tick: "1m"}
			if queue == "postgres" {
				o.database = validators.Postgres(b).Database(b)
			}
			w := newTown(b, o)
			d := w.startAs("arsring", 0)
			d.wait("ready", func() bool { code, _ := w.get("/readyz"); return code == 200 })
			time.Sleep(20 * time.Second) // what it does once, after its start
			for b.Loop() {
				began := time.Now()
				cpu, store := takes(b, d.cmd.Process.Pid)
				time.Sleep(time.Minute)
				cpu2, store2 := takes(b, d.cmd.Process.Pid)
				took := time.Since(began).Seconds()
				b.ReportMetric(float64((cpu2.cpu-cpu.cpu).Milliseconds())/took, "ms-cpu/s")
				b.ReportMetric(float64((store2.cpu-store.cpu).Milliseconds())/took, "store-ms-cpu/s")
				b.ReportMetric(float64(cpu2.resident)/1e6, "MB")
				b.ReportMetric(float64(store2.resident)/1e6, "store-MB")
			}
			b.ReportMetric(0, "ns/op")
			d.stop()
		})
	}
}

// taken is what processes have taken.
type taken struct {
	cpu      time.Duration
	resident int64
}

// takes looks at a process, and at those below it.
func takes(b *testing.B, pid int) (own, below taken) {
	b.Helper()
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	parents, of := map[int]int{}, map[int]taken{}
	for _, f := range all {
		data, err := os.ReadFile(f)
		if err != nil {
			continue // ended meanwhile
		}
		// proc(5): the name in parentheses may hold anything; after it come state, parent, ...
		fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
		id, _ := strconv.Atoi(filepath.Base(filepath.Dir(f)))
		parents[id], _ = strconv.Atoi(fields[1])
		user, _ := strconv.ParseInt(fields[11], 10, 64)
		system, _ := strconv.ParseInt(fields[12], 10, 64)
		pages, _ := strconv.ParseInt(fields[21], 10, 64)
		of[id] = taken{time.Duration(user+system) * 10 * time.Millisecond, pages * int64(os.Getpagesize())}
	}
	for id := range of {
		for up := parents[id]; up > 1; up = parents[up] {
			if up == pid {
				below.cpu += of[id].cpu
				below.resident += of[id].resident
			}
		}
	}
	return of[pid], below
}
