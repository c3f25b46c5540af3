package capture

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// errCrashed ends a visit whose page lost its process.
var errCrashed = errors.New("the page's process has ended")

var (
	memoryVerdict = verdict{outcome: Failed, code: "memory",
		text: Text{"Sidan tog mer minne än en fångst får ta, och avbröts.", "The page took more memory than a capture may take, and was ended."}}
	diskVerdict = verdict{outcome: Failed, code: "disk",
		text: Text{"Sidan skrev mer på disken än en fångst får göra, och avbröts.", "The page wrote more to the disk than a capture may write, and was ended."}}
)

// gauge watches what a browser takes of the machine, and ends the processes that show pages when it is too much. Neither the kernel's limits of a
// process nor the browser's own do that: the first count reserved addresses as well, the second hold for each of many processes.
type gauge struct {
	b    *Browser
	quit chan struct{}
	done chan struct{}

	mu   sync.Mutex
	over *verdict
}

// looking is how often the gauge looks.
const looking = time.Second

func (b *Browser) watch() {
	if b.pid <= 0 {
		return
	}
	g := &gauge{b: b, quit: make(chan struct{}), done: make(chan struct{})}
	b.gauge = g
	go func() {
		defer close(g.done)
		tick := time.NewTicker(looking)
		defer tick.Stop()
		for {
			select {
			case <-g.quit:
				return
			case <-tick.C:
				g.look()
			}
		}
	}()
}

func (g *gauge) close() {
	if g != nil {
		close(g.quit)
		<-g.done
	}
}

// look ends what shows pages where a bound is passed. A system without /proc has no bound on memory.
func (g *gauge) look() {
	pids, err := family(g.b.pid)
	if err != nil {
		return
	}
	used, pages := int64(0), []int(nil)
	for _, pid := range pids {
		dir := filepath.Join("/proc", strconv.Itoa(pid))
		status, err := os.ReadFile(filepath.Join(dir, "status"))
		if err != nil {
			continue // ended meanwhile
		}
		used += kilobytes(string(status), "RssAnon") + kilobytes(string(status), "RssShmem")
		if line, err := os.ReadFile(filepath.Join(dir, "cmdline")); err == nil && strings.Contains(string(line), "--type=renderer") {
			pages = append(pages, pid)
		}
	}
	switch {
	case used > g.b.o.Memory:
		g.end(pages, &memoryVerdict)
	case g.b.o.Profile == "" && folderSize(g.b.profile) > g.b.o.Disk:
		g.end(pages, &diskVerdict)
	}
}

func (g *gauge) end(pages []int, v *verdict) {
	g.mu.Lock()
	if g.over == nil {
		g.over = v
	}
	g.mu.Unlock()
	for _, pid := range pages {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// crashed is the verdict on a page that lost its process: it was ended by us, or it ended by itself.
func (b *Browser) crashed() verdict {
	if b.gauge != nil {
		b.gauge.mu.Lock()
		defer b.gauge.mu.Unlock()
		if b.gauge.over != nil {
			return *b.gauge.over
		}
	}
	return crashVerdict
}

// kilobytes reads a line "Name: 12 kB" of a process's status, as bytes.
func kilobytes(status, name string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(field(status, name)), " kB"), 10, 64)
	return n << 10
}

// folderSize adds up the files of a folder that others write in meanwhile.
func folderSize(dir string) (size int64) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // gone meanwhile
		}
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
		return nil
	})
	return size
}
