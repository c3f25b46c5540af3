package register

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"
)

// WatchOptions say how a Watcher looks and whom it tells. Its functions are called one at a time.
type WatchOptions struct {
	Options
	// Settle is how long the files must be quiet before they are read: editors and copies write in several steps. Zero means 300 ms.
	Settle time.Duration
	// Poll is how often the files are looked at besides, for network file systems that tell nothing. Zero means 30 s.
	Poll time.Duration
	// OnChange is told of every new register; nil tells nobody.
	OnChange func(before, after *Register)
	// OnProblem is told when a change cannot be used and the old register stays; nil tells nobody. A broken file is told of once,
	// not at every look.
	OnProblem func(error)
}

// Watcher holds the present register, and a new one as soon as the files hold a valid one. A broken register never takes the place of a whole one.
type Watcher struct {
	path   string
	o      WatchOptions
	now    atomic.Pointer[Register]
	mu     sync.Mutex // one reload at a time
	seen   string     // signature of the files at the last reload
	told   string     // the last problem told
	cancel context.CancelFunc
	done   chan struct{}
}

// Watch loads the register and watches it until ctx ends or Close. It watches the folder, since files are replaced rather than changed. The
// error is Problems when there is no valid register to begin with.
func Watch(ctx context.Context, path string, o WatchOptions) (*Watcher, error) {
	seen := signature(path) // before reading, so that a change in between is seen later
	r, err := Load(path, o.Options)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	w := &Watcher{path: path, o: o, cancel: cancel, done: make(chan struct{}), seen: seen}
	if w.o.Settle == 0 {
		w.o.Settle = 300 * time.Millisecond
	}
	if w.o.Poll == 0 {
		w.o.Poll = 30 * time.Second
	}
	w.now.Store(r)
	events, err := watchFolders(path)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("watching the register: %w", err)
	}
	go w.run(ctx, events)
	return w, nil
}

// watchFolders watches the folder around a file, or the folder and the one around it, in which it may be replaced as a whole.
func watchFolders(path string) (*fsnotify.Watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	err = events.Add(filepath.Dir(filepath.Clean(path)))
	if isFolder(path) {
		err = errors.Join(err, events.Add(path))
	}
	if err != nil {
		return nil, errors.Join(err, events.Close())
	}
	return events, nil
}

// Current gives the register that holds now.
func (w *Watcher) Current() *Register { return w.now.Load() }

// Close ends the watching and waits for a reload under way.
func (w *Watcher) Close() error {
	w.cancel()
	<-w.done
	return nil
}

func (w *Watcher) run(ctx context.Context, events *fsnotify.Watcher) {
	defer close(w.done)
	defer events.Close()
	poll := time.NewTicker(w.o.Poll)
	defer poll.Stop()
	settle := time.NewTimer(w.o.Settle)
	defer settle.Stop()
	told := false // by an event; then sizes and times need not differ: two writes may fall into one tick of the file system's clock
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-events.Events:
			if ok && w.concerns(e) {
				told = true
				settle.Reset(w.o.Settle)
			}
		case err := <-events.Errors: // an overflow loses events
			told = told || err != nil
			settle.Reset(w.o.Settle)
		case <-poll.C:
			w.look(events, false)
		case <-settle.C: // the first look catches what changed before the watching began
			w.look(events, told)
			told = false
		}
	}
}

// concerns leaves out the history and other files beside the register.
func (w *Watcher) concerns(e fsnotify.Event) bool {
	return e.Op != fsnotify.Chmod && (filepath.Clean(e.Name) == filepath.Clean(w.path) || isRegisterFile(filepath.Base(e.Name)) || strings.HasPrefix(filepath.Base(e.Name), "..data"))
}

// look reloads when it is told to, or when the files differ from those last read.
func (w *Watcher) look(events *fsnotify.Watcher, told bool) {
	if isFolder(w.path) {
		_ = events.Add(w.path) // a folder that was replaced has to be watched anew; one that is watched already stays so
	}
	if told || signature(w.path) != w.lastSeen() {
		_ = w.Reload()
	}
}

func (w *Watcher) lastSeen() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen
}

// Reload reads the register now, as SIGHUP asks for. When it is broken the old one stays, and the error says why.
func (w *Watcher) Reload() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := signature(w.path)
	r, err := Load(w.path, w.o.Options)
	w.seen = seen
	if err != nil {
		if w.o.OnProblem != nil && err.Error() != w.told {
			w.o.OnProblem(err)
		}
		w.told = err.Error()
		return err
	}
	w.told = ""
	before := w.now.Swap(r)
	if w.o.OnChange != nil && before.Version != r.Version {
		w.o.OnChange(before, r)
	}
	return nil
}

// signature tells whether register files have changed: their names, sizes and times.
func signature(path string) string {
	var b strings.Builder
	note := func(p string) {
		fi, err := os.Stat(p)
		if err != nil {
			fmt.Fprintf(&b, "%s gone\n", p)
			return
		}
		fmt.Fprintf(&b, "%s %d %d\n", p, fi.Size(), fi.ModTime().UnixNano())
	}
	if !isFolder(path) {
		note(path)
		return b.String()
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return err.Error()
	}
	for _, e := range entries {
		if isRegisterFile(e.Name()) {
			note(filepath.Join(path, e.Name()))
		}
	}
	return b.String()
}
