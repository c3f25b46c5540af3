package app

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// EvidenceRequest asks for one post or comment to be kept before it is removed.
type EvidenceRequest struct {
	Account register.Account
	URL     string // permalink of the post or comment
	Reason  string // why it is documented
	Ground  string // legal ground for removing it
	Diary   string // diary number; may be added later with AddDiary
	By      string // who asked
	Ad      bool   // advertising, which needs no registration
	Tell    func(Progress)
}

// Sender is who made a piece, as the page shows it. What the page does not show is empty.
type Sender struct {
	Name string `json:"name"`
	ID   string `json:"id"`
	URL  string `json:"url"`
}

// EvidenceResult is how the documentation of one piece ended; it is also the line that --json prints.
type EvidenceResult struct {
	Result
	URL       string             `json:"url"`
	Post      *string            `json:"post"` // id of the piece in content.json
	Permalink *string            `json:"permalink"`
	Sender    *Sender            `json:"sender"`
	Origin    *capture.Origin    `json:"origin"`
	Published *time.Time         `json:"published"`
	Shown     *string            `json:"published_text"` // the time as the page writes it
	Text      *string            `json:"text"`
	Diary     *string            `json:"diary"`
	Disposal  *register.Disposal `json:"disposal"` // null: the register holds no decision
	Stored    bool               `json:"stored"`
	Verified  bool               `json:"verified"` // every stored object was read back and compared after the delivery
	Safe      bool               `json:"safe"`     // the piece may be removed as far as its copy is concerned
	Warnings  []string           `json:"warnings"`
	Earlier   []EvidenceResult   `json:"-"` // copies of the same address that waited because of other orders, delivered before this one
}

// Exit is the exit code: 0 only when the copy is stored, was read back, and holds what was to be documented.
func (r EvidenceResult) Exit() int {
	if r.Safe {
		return 0
	}
	return 1
}

// Sentences that people and scripts look for.
const (
	EvidenceStored = "Kopian är lagrad och kontrolläst"
	EvidenceWait   = "radera inte ännu"
)

// Evidence keeps one post or comment in its context, delivers the package, and reads every stored object back once more before it says
// that the copy is there. A copy of the same order that could not be delivered earlier is delivered now instead of looking at the page again;
// copies of the same address that wait because of other orders are delivered first, and Earlier says how they ended. It never advances the
// account's period.
func (a *App) Evidence(ctx context.Context, r EvidenceRequest) EvidenceResult {
	var earlier []EvidenceResult
	for _, p := range a.otherEvidence(r) {
		one := a.carryEvidence(ctx, p, nil, r, time.Now())
		one.Note = a.waitedNote(p, one.Result, "Den här kopian väntade sedan en tidigare beställning. Den nya beställningen tas efter den.",
			"This copy waited from an earlier order. The new order is taken after it.")
		earlier = append(earlier, one)
	}
	start := time.Now()
	p, err := a.beginEvidence(r)
	waited := err == nil && captured(p.dir)
	res := a.carryEvidence(ctx, p, err, r, start)
	if res.Earlier = earlier; waited {
		res.Note = a.waitedNote(p, res.Result, "Det är kopian som väntade på leverans; sidan har inte öppnats igen.", "It is the copy that waited for delivery; the page was not looked at again.")
	}
	if res.Verified && r.Diary != "" && p.job.Evidence.Diary != r.Diary {
		if _, err := a.AddDiary(ctx, res.ID, r.Diary, r.By); err != nil {
			res.Warnings = append(res.Warnings, "Diarienumret kunde inte antecknas: "+Sentence(err))
		} else {
			res.Diary = &r.Diary
		}
	}
	return res
}

// carryEvidence takes a passage of one piece to its end; err is why there is none.
func (a *App) carryEvidence(ctx context.Context, p *passage, err error, r EvidenceRequest, start time.Time) EvidenceResult {
	res := EvidenceResult{URL: sip.RedactURL(r.URL), Warnings: []string{}}
	if err == nil {
		var unlock, leave func()
		if unlock, err = lockFolder(p.dir); err == nil {
			defer unlock()
			if leave, err = a.inLane(ctx, p); err == nil {
				defer leave()
			}
		}
	}
	if err != nil {
		res.Result = failed(Request{Account: r.Account, Trigger: capture.TriggerEvidence}, err)
		res.Sentence = EvidenceWait + ": " + Sentence(err)
		return res
	}
	err = p.toStore(ctx)
	a.evidenceEnded(ctx, p, &res, err)
	if err != nil {
		res.Sentence = a.waits(p, err, evidenceCommand(p.job, res.URL))
	}
	if !res.Safe {
		res.Sentence = EvidenceWait + ": " + res.Sentence
	}
	res.Seconds = time.Since(start).Seconds()
	return res
}

// otherEvidence finds the copies of the address, oldest first, that wait in the spool because of other orders.
func (a *App) otherEvidence(r EvidenceRequest) []*passage {
	list := a.allWaiting(a.spool(r.Account.Tenant), r.Account.ID, capture.TriggerEvidence, func(j capture.Job, dir string) bool {
		return j.Evidence != nil && j.URL == r.URL && !r.same(j) && captured(dir)
	})
	for _, p := range list {
		p.tell = quiet(r.Tell)
	}
	return list
}

// same says whether a passage was begun by this order. A diary number that came since is noted beside the package.
func (r EvidenceRequest) same(j capture.Job) bool {
	return j.Evidence != nil && j.URL == r.URL && j.Reason == r.Reason && j.By == r.By && j.Evidence.Ground == r.Ground && j.Evidence.Ad == r.Ad
}

// evidenceEnded judges what a passage left on disk and in the archive.
func (a *App) evidenceEnded(ctx context.Context, p *passage, res *EvidenceResult, err error) {
	res.Result = a.result(p, err)
	res.describe(p)
	switch {
	case err != nil:
	case res.Outcome == nil || !res.Outcome.Kept():
		a.evidenceMissed(ctx, p, res)
	default:
		a.proveEvidence(ctx, p, res)
	}
}

// CheckEvidence says what is wrong with a request, as a *UsageError, and fills in what goes without saying.
func CheckEvidence(r *EvidenceRequest) error {
	u, err := url.Parse(r.URL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return &UsageError{fmt.Sprintf("%q is no address of a post: it begins with https:// and names a host", r.URL)}
	case u.User != nil:
		return &UsageError{"the address holds a user name or password; leave it out"}
	case r.Reason == "" && r.Ad:
		r.Reason = "Reklam"
	case strings.TrimSpace(r.Reason) == "":
		return &UsageError{"--reason is missing: say why the post is documented; it is written into the record"}
	}
	return nil
}

// beginEvidence takes up a waiting passage of the same order, or puts a new one into the spool.
func (a *App) beginEvidence(r EvidenceRequest) (*passage, error) {
	root := a.spool(r.Account.Tenant)
	if err := mkdir(root); err != nil {
		return nil, err
	}
	old, ok := a.waitingFor(root, r.Account.ID, capture.TriggerEvidence, func(j capture.Job, _ string) bool { return r.same(j) })
	if ok {
		old.tell = quiet(r.Tell)
		return old, nil
	}
	p := a.newEvidence("", r)
	p.dir = filepath.Join(root, p.job.SnapshotID)
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return nil, err
	}
	return p, writeJSON(filepath.Join(p.dir, "job.json"), p.job)
}

// newEvidence makes the passage of one post or comment in a folder.
func (a *App) newEvidence(dir string, r EvidenceRequest) *passage {
	acc := r.Account
	// The record says the class of the record: evidence is never open before somebody has looked at it.
	acc.Class = sip.AccessClass(capture.TriggerEvidence, acc.Class)
	p := a.newPassage(dir, Request{Account: acc, Trigger: capture.TriggerEvidence, Reason: r.Reason, By: r.By, Tell: r.Tell})
	p.job.URL, p.job.Overlap = r.URL, 0
	p.job.Evidence = &capture.Evidence{URL: sip.RedactURL(r.URL), Reason: r.Reason, Ground: r.Ground, Diary: r.Diary, By: r.By, Ad: r.Ad}
	return p
}

// waitingFor finds the oldest passage in the spool of an account and trigger that fits and that nobody else is working on.
func (a *App) waitingFor(root, account string, trigger capture.Trigger, fits func(j capture.Job, dir string) bool) (*passage, bool) {
	if all := a.allWaiting(root, account, trigger, fits); len(all) > 0 {
		return all[0], true
	}
	return nil, false
}

// allWaiting finds the passages in the spool of an account and trigger that fit and that nobody else is working on, oldest first.
func (a *App) allWaiting(root, account string, trigger capture.Trigger, fits func(j capture.Job, dir string) bool) []*passage {
	var out []*passage
	jobs, _ := filepath.Glob(filepath.Join(root, account+"-*", "job.json"))
	sort.Strings(jobs)
	for _, file := range jobs {
		var j capture.Job
		dir := filepath.Dir(file)
		if readJSON(file, &j) != nil || j.Account.ID != account || j.Trigger != trigger || !fits(j, dir) {
			continue
		}
		unlock, err := lockFolder(dir)
		if err != nil {
			continue
		}
		unlock()
		out = append(out, &passage{a: a, dir: dir, tell: quiet(nil), took: map[string]float64{}, job: j})
	}
	return out
}

// quiet is a listener, also where nobody listens.
func quiet(tell func(Progress)) func(Progress) {
	if tell == nil {
		return func(Progress) {}
	}
	return tell
}

// evidenceCommand is what a person types to go on with an order: everything by which it is known again.
func evidenceCommand(j capture.Job, address string) string {
	words := []string{"arsring", "evidence", j.Account.ID, address, "--reason", j.Reason, "--by", j.By}
	if e := j.Evidence; e != nil {
		if e.Ground != "" {
			words = append(words, "--ground", e.Ground)
		}
		if e.Ad {
			words = append(words, "--ad")
		}
	}
	return typed(words...)
}

var bareWord = regexp.MustCompile(`^[\pL\pN_@%+=:,./-]+$`)

// typed is a command as it is typed into a shell.
func typed(words ...string) string {
	for i, w := range words {
		if !bareWord.MatchString(w) {
			words[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}

// waits turns an error into the sentence for people, with where the work lies and which command goes on with it.
func (a *App) waits(p *passage, err error, command string) string {
	s := strings.TrimSuffix(Sentence(err), ".")
	if _, serr := os.Stat(filepath.Join(p.dir, "package", p.job.SnapshotID, "METS.xml")); serr == nil {
		s += fmt.Sprintf("; the finished package waits in %s and is delivered by running the same command again: %s", filepath.Join(p.dir, "package", p.job.SnapshotID), command)
	}
	return s
}
