package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"arsring/config"
	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/catalog"
	"arsring/internal/catalog/shelf"
	"arsring/internal/job"
	"arsring/internal/register"
)

// Options are what an App is made of besides its configuration.
type Options struct {
	Config  config.Config
	Version string
	Now     func() time.Time // default time.Now
	Log     *slog.Logger     // default: discards
	Store   []string         // command line that runs the embedded store in a child process: this program with "store"
	Apart   []string         // command line that opens foreign files in a process of its own: this program with "convert"; nil: in this process
	Reading bool             // the store is only read: a bucket that is not there is said to be missing, and none is made
	Rand    io.Reader        // default crypto/rand
	Env     []string         // environment as "NAME=value", of which the browser gets what it needs
	Hooks   Hooks            // what others plug into the daemon
	Jobs    job.Options      // how the queue is worked, where tests want it quicker; places, names and settings are the configuration's
}

// App holds the parts together. Its methods may be called from several goroutines.
type App struct {
	cfg     config.Config
	version string
	now     func() time.Time
	log     *slog.Logger
	command []string
	aside   []string // see Options.Apart
	reading bool
	rand    io.Reader
	env     []string
	hooks   Hooks
	// queueless installations have no daemon, as the demonstration: the page keeps what is else kept in the queue.
	queueless bool
	traces    tracing
	watcher   atomic.Pointer[Observer] // hears the daemon's events; nil outside of a daemon

	jobTuning job.Options
	temp      string // folder for browsers' profiles; empty: the system's

	mu       sync.Mutex
	embedded *archive.Embedded
	store    *archive.Store
	branched []archive.Branch // what the store was told last
	catalog  *catalog.Catalog
	shelf    *shelf.Shelf
	pool     *capture.Pool // browsers on other machines; nil until one is needed

	holding atomic.Pointer[register.Register] // the daemon's register; nil outside of a daemon

	proofs sealing

	registering sync.Mutex // one change of the register, or one look at the published one, at a time
}

// Tenant is the tenant of a municipality that runs its own Årsring.
const Tenant = "default"

// New makes an App. Nothing is opened or started before it is needed.
func New(o Options) *App {
	a := &App{cfg: o.Config, version: o.Version, now: o.Now, log: o.Log, command: o.Store, aside: o.Apart, reading: o.Reading, rand: o.Rand, env: o.Env, hooks: o.Hooks, jobTuning: o.Jobs}
	if a.now == nil {
		a.now = time.Now
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.rand == nil {
		a.rand = rand.Reader
	}
	return a
}

// Tool is the program's name and version as written into records, packages and receipts.
func (a *App) Tool() string { return "arsring " + a.version }

// Close lets go of the catalogue and the store; an embedded store that this process started is stopped.
func (a *App) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	var err error
	if a.catalog != nil {
		err = a.catalog.Close()
	}
	if a.store != nil {
		a.store.Close()
	}
	if a.embedded != nil {
		err = errors.Join(err, a.embedded.Close())
	}
	return errors.Join(err, a.endTraces())
}

// Store opens the archive, and starts the embedded store when no other is configured.
func (a *App) Store(ctx context.Context) (*archive.Store, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.store != nil {
		return a.store, nil
	}
	o, err := a.storeOptions(ctx)
	if err != nil {
		return nil, err
	}
	s, err := archive.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := a.branchAtOpening(s); err != nil {
		s.Close()
		return nil, err
	}
	a.store = s
	return s, nil
}

func (a *App) storeOptions(ctx context.Context) (archive.Options, error) {
	c := a.cfg.Archive
	var o archive.Options
	if c.Endpoint == "" {
		// The store lives as long as the app, not as long as the question that first needed it.
		e, err := archive.StartEmbedded(context.WithoutCancel(ctx), a.EmbeddedOptions())
		if err != nil {
			return o, err
		}
		a.embedded, o = e, e.Options()
	} else {
		o = archive.Options{Endpoint: c.Endpoint, Region: c.Region, Bucket: c.Bucket, AccessKey: c.AccessKey.Reveal(), SecretKey: c.SecretKey.Reveal(),
			CAFile: c.CAFile, PathStyle: c.PathStyle, Insecure: c.Insecure}
	}
	o.Existing, o.Prefix, o.LockMode, o.LockYears, o.Tool, o.Now = a.reading, c.Prefix, c.Lock.Mode, c.Lock.Years, a.Tool(), a.now
	return o, nil
}

// EmbeddedOptions say where the embedded store of this configuration lives and how its process is started.
func (a *App) EmbeddedOptions() archive.EmbeddedOptions {
	addr := a.cfg.Archive.StoreListen
	if strings.HasSuffix(addr, ":0") {
		addr = "" // the store takes a free port itself, and the same one the next time
	}
	return archive.EmbeddedOptions{DataDir: a.cfg.Path("store"), KeysDir: a.cfg.Path("keys"), Addr: addr,
		Bucket: a.cfg.Archive.Bucket, Command: a.command}
}

// ServeStore serves the embedded store of this configuration until ctx ends.
func (a *App) ServeStore(ctx context.Context) error {
	return archive.ServeEmbedded(ctx, a.EmbeddedOptions())
}

// Register reads the accounts of record: this machine's files, or what another machine published where that holds.
func (a *App) Register() (*register.Register, error) {
	if _, err := a.Platforms(); err != nil { // said here, where a person reads it, and not passed over
		return nil, err
	}
	if r, _ := a.heldRegister(); r != nil {
		return r, nil
	}
	return register.Load(a.cfg.Register.Path, a.registerOptions())
}

// Account looks an account up in the register by its ID; where several tenants have the same, it is asked for as tenant/id.
func (a *App) Account(id string) (register.Account, error) {
	r, err := a.Register()
	if err != nil {
		return register.Account{}, err
	}
	acc, err := r.Find(id)
	var p register.Problem
	switch {
	case err == nil:
		return acc, nil
	case errors.As(err, &p) && p.Code == "unknown-account":
		hint := strings.TrimPrefix(p.EN, "the account is not in the register")
		if !strings.Contains(hint, "register list") {
			hint += "; `arsring register list` shows those there are"
		}
		return acc, &UsageError{fmt.Sprintf("no account %q in the register at %s%s", id, a.cfg.Register.Path, hint)}
	}
	return acc, &UsageError{err.Error()}
}

// organisation is who submits an account's packages: the tenant by the register where it has its own name, else the configured one.
func (a *App) organisation(tenant string) (name, id string) {
	o := a.cfg.Organisation
	if tenant == "" || tenant == Tenant {
		return o.Name, o.ID
	}
	if r, err := a.Register(); err == nil {
		if t := r.Tenant(tenant); t.Name != "" {
			return t.Name, t.OrganisationID
		}
	}
	return o.Name, o.ID
}

// UsageError is a wrong use of a command: exit code 2.
type UsageError struct{ Text string }

// Error is the sentence.
func (e *UsageError) Error() string { return e.Text }

// spool is the folder in which passages lie until they are delivered.
func (a *App) spool(elem ...string) string {
	return a.cfg.Path(append([]string{"spool"}, elem...)...)
}

// mkdir makes a folder of ours, with a sentence when it cannot.
func mkdir(dir string) error { return folder(dir, "set data_dir (ARSRING_DATA_DIR) to a folder") }

// mkdirNamed makes a folder that a person named.
func mkdirNamed(dir string) error { return folder(dir, "name another folder, one") }

// folder makes a folder and tries to write in it; instead begins the advice when it cannot.
func folder(dir, instead string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the folder %s cannot be made: %w; %s that this user may write to", dir, cause(err), instead)
	}
	probe, err := os.CreateTemp(dir, ".probe-")
	if err != nil {
		return fmt.Errorf("the folder %s cannot be written to: %w; free space, or %s that this user may write to", dir, cause(err), instead)
	}
	return errors.Join(probe.Close(), os.Remove(filepath.Clean(probe.Name())))
}
