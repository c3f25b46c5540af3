package proof

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"arsring/internal/archive"
	"arsring/internal/pdfa"
)

// Archive is what verifying needs of the archive: its objects, and its reading of one package.
type Archive interface {
	Objects
	VerifyWith(ctx context.Context, e archive.Entry, o archive.VerifyOptions) (archive.Findings, error)
	Full(key string) string
	Location(e archive.Entry) string
}

// VerifyOptions say what is verified and with what.
type VerifyOptions struct {
	Archive   Archive
	Log       func(tenant string) *Log // the log of a tenant
	Stamper   *Stamper                 // knows which certificates are trusted; no authority is asked
	Inventory archive.Inventory
	CheckPDF  func(ctx context.Context, in io.ReadSeeker) (pdfa.Report, error)
	Waiting   []Sealed // what this installation has delivered and not yet stamped or logged
	// WaitingNow gives the same when something is looked at a second time; nil: Waiting still holds.
	WaitingNow func() ([]Sealed, error)
	// Patience is how long to wait before a third look at what a delivery under way may have left; 0: there is none.
	Patience time.Duration
	Known    []Checkpoint // checkpoints from elsewhere: a mail, a printed page
	Tenants  []string     // whose log must be there, also when the bucket holds nothing of them
	Temp     string       // folder for records while they are checked; empty: the system's
	Parallel int          // packages read at the same time; 0: 4
	Locks    bool         // ask every object for its lock
	Now      func() time.Time
}

// Package is what was found about one package.
type Package struct {
	ID       string            `json:"id"`
	Tenant   string            `json:"tenant"`
	Account  string            `json:"account"`
	Location string            `json:"location"`
	OK       bool              `json:"ok"`
	Objects  int               `json:"objects"`
	Bytes    int64             `json:"bytes"`
	PDFA     *string           `json:"pdfa"`   // level that the record declares and meets; null: none, or not read
	Time     string            `json:"time"`   // "stamped", "pending" or "none"
	Stamps   []Stamp           `json:"stamps"` // the tokens that hold
	Logged   bool              `json:"logged"` // METS.xml stands in the log as it is
	Lock     *archive.LockInfo `json:"lock"`   // the lock that ends first
	Disposed *string           `json:"disposed"`
	Findings []archive.Finding `json:"findings"`
	// known: the log names its METS.xml, whatever became of it.
	known bool
}

// ReportSchema names the layout of a report.
const ReportSchema = "arsring-verify-1"

// Report is the result of verifying everything, or some packages.
type Report struct {
	Schema      string            `json:"schema"`
	Began       time.Time         `json:"began"`
	Ended       time.Time         `json:"ended"`
	All         bool              `json:"all"` // the whole archive was read
	OK          bool              `json:"ok"`  // nothing was found
	Packages    int               `json:"packages"`
	Folders     int               `json:"folders,omitempty"` // packages among them that lie in folders: no log and no time stamp was asked about them
	Altered     int               `json:"altered"`           // packages with findings
	Unmet       int               `json:"unmet"`             // packages as they were delivered whose record does not meet the PDF/A level that it declares
	Objects     int               `json:"objects"`
	Bytes       int64             `json:"bytes"`
	Stamped     int               `json:"stamped"`
	Pending     int               `json:"pending"`
	Unstamped   int               `json:"unstamped"`
	Unlogged    int               `json:"unlogged"`
	Disposed    int               `json:"disposed"`   // packages that were lawfully removed
	Incomplete  int               `json:"incomplete"` // folders without METS.xml: deliveries under way or cut off
	Entries     int64             `json:"entries"`    // of the logs
	Checkpoints []Checkpoint      `json:"checkpoints"`
	Bad         []Package         `json:"bad"`      // the packages with findings, in order
	Findings    []archive.Finding `json:"findings"` // about the archive as a whole: its logs, and what belongs to no package
}

// mostBad bounds how many packages with findings a report names in full.
const mostBad = 10_000

// Verify re-reads packages, or the whole archive when only is nil, and tells of each as it is done; calls of tell never overlap. The error is for an
// archive that cannot be read; everything that is wrong with it is in the report. Memory grows with the number of packages (some hundred bytes
// each), never with their size.
func Verify(ctx context.Context, o VerifyOptions, only []archive.Entry, tell func(Package)) (Report, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Parallel <= 0 {
		o.Parallel = 4
	}
	v := newVerifier(o, tell)
	v.r.All = only == nil
	err := v.run(ctx, only)
	if err == nil {
		err = v.again(ctx)
	}
	v.r.Ended = o.Now().UTC()
	slices.SortFunc(v.r.Bad, func(a, b Package) int { return strings.Compare(a.Tenant+a.ID, b.Tenant+b.ID) })
	slices.SortFunc(v.r.Findings, func(a, b archive.Finding) int { return strings.Compare(a.Key+a.Code, b.Key+b.Code) })
	v.r.OK = v.r.Altered+v.r.Unmet == 0 && len(v.r.Findings) == 0
	return v.r, err
}

func newVerifier(o VerifyOptions, tell func(Package)) *verifier {
	v := &verifier{o: o, tell: tell, logs: map[string]*logState{}, waiting: map[string]bool{},
		r: Report{Schema: ReportSchema, Began: o.Now().UTC(), Bad: []Package{}, Findings: []archive.Finding{}, Checkpoints: []Checkpoint{}}}
	for _, w := range o.Waiting {
		v.waiting[w.Tenant+"/"+w.Account+"/"+w.Snapshot] = true
	}
	return v
}

// verifier is one run of Verify.
type verifier struct {
	o       VerifyOptions
	tell    func(Package)
	waiting map[string]bool // <tenant>/<account>/<snapshot>
	logs    map[string]*logState

	keep bool // all packages, for a second look

	mu  sync.Mutex // guards the report
	r   Report
	all []Package
}

func (v *verifier) run(ctx context.Context, only []archive.Entry) error {
	if only != nil {
		return v.some(ctx, only)
	}
	for _, t := range v.o.Tenants {
		if err := v.readLog(ctx, t); err != nil {
			return err
		}
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(v.o.Parallel)
	err := v.walk(gctx, func(grp group) { g.Go(func() error { return v.group(gctx, grp) }) })
	if werr := g.Wait(); werr != nil {
		return werr
	}
	if err != nil {
		return err
	}
	for _, tenant := range sortedKeys(v.logs) {
		v.gone(tenant)
	}
	return nil
}

func (v *verifier) some(ctx context.Context, only []archive.Entry) error {
	for _, e := range only {
		if len(only) <= aloneMost && v.logs[e.Tenant] == nil {
			grp, err := v.listed(ctx, e.Tenant, e.Account, e.ID)
			if err != nil {
				return err
			}
			if v.alone(ctx, grp) {
				continue
			}
		}
		if err := v.one(ctx, e.Tenant, e.Account, e.ID); err != nil {
			return err
		}
	}
	return nil
}

// one checks one package against the tenant's whole log.
func (v *verifier) one(ctx context.Context, tenant, account, id string) error {
	if err := v.readLog(ctx, tenant); err != nil { // before the list: what is delivered meanwhile must be in neither or in the list
		return err
	}
	grp, err := v.listed(ctx, tenant, account, id)
	if err != nil {
		return err
	}
	grp.log = v.logs[tenant]
	return v.group(ctx, grp)
}

// listed lists one package, without its log.
func (v *verifier) listed(ctx context.Context, tenant, account, id string) (group, error) {
	grp := group{tenant: tenant, account: account, id: id, inside: map[string]int64{}, beside: map[string]bool{}}
	for _, prefix := range []string{grp.name() + ".", grp.name() + "/"} {
		for o, err := range v.o.Archive.ListKeys(ctx, prefix) {
			if err != nil {
				return grp, err
			}
			grp.add(o)
		}
	}
	return grp, nil
}

// group is what stands under one snapshot's name: the folder, and the objects beside it.
type group struct {
	log                 *logState // of the tenant, read already
	tenant, account, id string
	inside              map[string]int64 // path in the folder: size
	beside              map[string]bool  // keys
}

func (g *group) name() string { return g.tenant + "/" + g.account + "/" + g.id }

func (g *group) add(o archive.ObjectInfo) {
	if path, ok := strings.CutPrefix(o.Key, g.name()+"/"); ok {
		g.inside[path] = o.Size
		return
	}
	g.beside[o.Key] = true
}

// walk lists the whole archive once, in the order of keys, and gives each snapshot's objects as soon as they are all known.
func (v *verifier) walk(ctx context.Context, give func(group)) error {
	var now *group
	flush := func() {
		if now != nil {
			give(*now)
			now = nil
		}
	}
	for o, err := range v.o.Archive.ListKeys(ctx, "") {
		if err != nil {
			return err
		}
		p := place(o.Key)
		if p.tenant != "" {
			if err := v.readLog(ctx, p.tenant); err != nil {
				return err
			}
		}
		switch {
		case p.own:
			continue
		case p.id == "":
			v.say(found(FoundStray, o.Key, v.o.Archive.Full(o.Key)))
			continue
		}
		if now == nil || now.tenant != p.tenant || now.account != p.account || now.id != p.id {
			flush()
			now = &group{log: v.logs[p.tenant], tenant: p.tenant, account: p.account, id: p.id, inside: map[string]int64{}, beside: map[string]bool{}}
		}
		now.add(o)
	}
	flush()
	return nil
}

func (v *verifier) say(f archive.Finding) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.r.Findings = append(v.r.Findings, f)
}

// gone names what stands in the log and was met nowhere.
func (v *verifier) gone(tenant string) {
	st := v.logs[tenant]
	for _, key := range sortedKeys(st.logged) {
		l := st.logged[key]
		p := place(key)
		if l.seen || p.own {
			continue
		}
		full := v.o.Archive.Full(key)
		mets := tenant + "/" + p.account + "/" + p.id + "/METS.xml"
		switch {
		case key != mets && st.logged[mets] != nil && !st.logged[mets].seen:
			continue // the whole package is gone: said once
		case key == mets && st.disposed[p.id] != "":
			continue
		case key == mets:
			v.say(foundGone(full))
			continue
		}
		v.say(found(FoundRemoved, key, full))
	}
	for _, d := range st.disposed {
		_ = d
		v.r.Disposed++
	}
}

// done adds a package to the report. One in which something was found is told after the second look.
func (v *verifier) done(p Package) {
	v.mu.Lock()
	defer v.mu.Unlock()
	p.OK = len(p.Findings) == 0
	v.count(p, 1)
	if v.keep {
		v.all = append(v.all, p)
	}
	if !p.OK && len(v.r.Bad) < mostBad {
		v.r.Bad = append(v.r.Bad, p)
		return
	}
	if v.tell != nil {
		v.tell(p)
	}
}

// count adds a package to the sums, or takes it out of them.
func (v *verifier) count(p Package, n int) {
	v.r.Packages += n
	v.r.Objects += n * p.Objects
	v.r.Bytes += int64(n) * p.Bytes
	switch p.Time {
	case TimeStamped:
		v.r.Stamped += n
	case TimePending:
		v.r.Pending += n
	default:
		v.r.Unstamped += n
	}
	if !p.Logged && !p.known {
		v.r.Unlogged += n
	}
	switch {
	case p.unmet():
		v.r.Unmet += n
	case !p.OK:
		v.r.Altered += n
	}
}

// unmet reports whether nothing is wrong with a package but that its record does not meet the level it declares: it is as it was delivered, and
// a newer version of the check knows better than the one that delivered it.
func (p Package) unmet() bool {
	return len(p.Findings) > 0 && p.Logged && !slices.ContainsFunc(p.Findings, func(f archive.Finding) bool { return f.Code != FoundPDFA })
}
