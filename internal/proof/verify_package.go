package proof

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"arsring/internal/archive"
)

const (
	recordPath   = "representations/pdfa/data/record.pdf"
	manifestPath = "metadata/descriptive/manifest.json"
	metsFile     = "METS.xml"
)

// packageCheck is the verification of one package.
type packageCheck struct {
	v   *verifier
	g   group
	log *logState
	p   Package

	receipt  string   // SHA-256 of the receipt as it was read; empty: not read
	mets     string   // SHA-256 that tokens must be over; empty: the package is not one of this archive
	record   *os.File // the record as it was read; nil until then
	manifest bytes.Buffer
}

func (v *verifier) group(ctx context.Context, g group) error {
	st := g.log
	mets := st.logged[g.name()+"/"+metsFile]
	_, hasMETS := g.inside[metsFile]
	if st.disposed[g.id] != "" {
		return v.disposedGroup(ctx, g, st)
	}
	e := archive.Entry{Tenant: g.tenant, Account: g.account, ID: g.id, Prefix: g.name() + "/"}
	c := &packageCheck{v: v, g: g, log: st, p: Package{known: mets != nil, ID: g.id, Tenant: g.tenant, Account: g.account, Location: v.o.Archive.Location(e), Stamps: []Stamp{}, Findings: []archive.Finding{}}}
	switch {
	case len(g.inside) == 0 && mets == nil:
		for _, key := range sortedKeys(g.beside) {
			v.say(found(FoundStray, key, v.o.Archive.Full(key)))
		}
		return nil
	case len(g.inside) == 0:
		st.see(g.name() + "/" + metsFile)
		c.p.Findings = append(c.p.Findings, foundGone(v.o.Archive.Full(g.name()+"/"+metsFile)))
	case !hasMETS && mets == nil && !g.beside[g.name()+".receipt.json"]:
		v.mu.Lock()
		v.r.Incomplete++
		v.mu.Unlock()
		return nil
	default:
		if err := c.read(ctx, e); err != nil {
			return err
		}
	}
	if err := c.besides(ctx); err != nil {
		return err
	}
	c.time()
	v.done(c.p)
	return nil
}

// disposedGroup: the package was removed by a decision; nothing of its folder should be left.
func (v *verifier) disposedGroup(ctx context.Context, g group, st *logState) error {
	if len(g.inside) > 0 {
		v.say(found(FoundRemains, g.name()+"/", v.o.Archive.Full(g.name()+"/")))
	}
	for _, key := range sortedKeys(g.beside) {
		l := st.logged[key]
		if l == nil {
			v.say(found(FoundStray, key, v.o.Archive.Full(key)))
			continue
		}
		data, _, err := v.o.Archive.Get(ctx, key)
		if err != nil && !isMissing(err) {
			return err
		}
		if st.see(key); sumOf(data) != l.sum {
			v.say(found(FoundReplaced, key, v.o.Archive.Full(key)))
		}
	}
	return nil
}

func (c *packageCheck) found(code, key string) {
	full := c.v.o.Archive.Full(key)
	if slices.ContainsFunc(c.p.Findings, func(f archive.Finding) bool { return f.Key == full }) {
		return // one finding an object: the first says what is wrong
	}
	path := key
	if rest, ok := strings.CutPrefix(key, c.g.name()+"/"); ok {
		path = rest
	} else if i := strings.LastIndexByte(key, '/'); i >= 0 {
		path = key[i+1:]
	}
	c.p.Findings = append(c.p.Findings, found(code, path, full))
}

// read re-reads the package and holds it against METS, the receipt and the log.
func (c *packageCheck) read(ctx context.Context, e archive.Entry) error {
	defer c.forget()
	o := archive.VerifyOptions{Inventory: c.v.o.Inventory, Also: c.also, Locks: c.v.o.Locks, There: c.g.inside}
	o.METS, o.Receipt = c.log.sum(c.g.name()+"/"+metsFile), c.log.sum(c.g.name()+".receipt.json")
	f, err := c.v.o.Archive.VerifyWith(ctx, e, o)
	if err != nil {
		return err
	}
	c.receipt = f.Receipt
	c.p.Objects, c.p.Bytes, c.p.Lock, c.p.Findings = f.Objects, f.Bytes, f.Lock, append(c.p.Findings, f.Found...)
	key := c.g.name() + "/" + metsFile
	l := c.log.see(key)
	switch {
	case l == nil && !c.v.waiting[c.g.name()] && !c.log.damaged:
		c.found(FoundNotLogged, key)
	case l == nil:
		c.mets = f.METS
	default:
		c.mets, c.p.Logged = l.sum, f.METS == l.sum
	}
	return c.claim(ctx)
}

// also takes the record and the manifest out of the stream that is hashed, so that nothing is read twice.
func (c *packageCheck) also(path string) io.Writer {
	switch path {
	case manifestPath:
		c.manifest.Reset()
		return &atMost{w: &c.manifest, left: 32 << 20}
	case recordPath:
		if c.v.o.CheckPDF == nil {
			return nil
		}
		c.forget()
		f, err := os.CreateTemp(c.v.o.Temp, ".arsring-verify-*.pdf")
		if err != nil {
			return nil // claim says that the record could not be checked
		}
		c.record = f
		return f
	}
	return nil
}

// atMost drops what is beyond a limit.
type atMost struct {
	w    io.Writer
	left int
}

func (a *atMost) Write(b []byte) (int, error) {
	n := min(len(b), a.left)
	a.left -= n
	if _, err := a.w.Write(b[:n]); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (c *packageCheck) forget() {
	if c.record != nil {
		_ = c.record.Close()
		_ = os.Remove(c.record.Name())
		c.record = nil
	}
}

// claim checks that the record is the PDF/A that the manifest says. A record whose bytes were changed has been named already.
func (c *packageCheck) claim(ctx context.Context) error {
	key := c.g.name() + "/" + recordPath
	claimed, ok := c.claimed()
	if _, there := c.g.inside[recordPath]; !there || c.v.o.CheckPDF == nil || !ok {
		return nil
	}
	full := c.v.o.Archive.Full(key)
	if slices.ContainsFunc(c.p.Findings, func(f archive.Finding) bool { return f.Key == full }) {
		return nil
	}
	if c.record == nil {
		return errors.New("the records cannot be checked: no temporary file can be made; free disk space or set TMPDIR")
	}
	if _, err := c.record.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r, bad := c.v.o.CheckPDF(ctx, c.record)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	level := string(r.Level)
	switch {
	case bad == nil && len(r.Failed) == 0 && r.Reason == "" && level != "":
		c.p.PDFA = &level
		if claimed != "" && claimed != level {
			c.found(FoundPDFA, key)
		}
	case claimed != "" || bad == nil && level != "" && len(r.Failed) > 0:
		c.found(FoundPDFA, key)
	}
	return nil
}

// claimed is the PDF/A level that the manifest gives the record; empty: it says that the record is none.
func (c *packageCheck) claimed() (level string, ok bool) {
	var m struct {
		Record *struct {
			PDFA *string `json:"pdfa"`
		} `json:"record"`
	}
	if json.Unmarshal(c.manifest.Bytes(), &m) != nil || m.Record == nil {
		return "", false
	}
	if m.Record.PDFA == nil {
		return "", true
	}
	return *m.Record.PDFA, true
}

// besides checks what stands beside the package: receipt, tokens, notes.
func (c *packageCheck) besides(ctx context.Context) error {
	for _, key := range sortedKeys(c.g.beside) {
		var data []byte
		sum := c.receipt
		if sum == "" || key != c.g.name()+".receipt.json" {
			var err error
			if data, _, err = c.v.o.Archive.Get(ctx, key); err != nil && !isMissing(err) {
				return err
			}
			sum = sumOf(data)
		}
		l := c.log.see(key)
		switch {
		case l != nil && l.sum != sum:
			c.found(FoundReplaced, key)
		case c.mets == "": // named already, with all that stands beside it
		case strings.HasSuffix(key, tokenSuffix):
			c.token(key, data, l != nil)
		case l == nil && c.p.Logged && !c.v.waiting[c.g.name()] && !c.log.damaged:
			c.found(FoundNotLogged, key)
		}
	}
	for key := range c.log.of(c.g.name() + ".") {
		if !c.g.beside[key] {
			c.log.see(key)
			c.found(FoundRemoved, key)
		}
	}
	return nil
}

// token checks a token against the METS.xml that the log names; against the one that is there while it waits to be logged.
func (c *packageCheck) token(key string, data []byte, logged bool) {
	st, err := c.v.checkToken(data, c.mets, c.log)
	switch {
	case err == nil && (logged || c.v.waiting[c.g.name()] || c.log.damaged):
		c.p.Stamps = append(c.p.Stamps, st)
	case err == nil:
		c.found(FoundNotLogged, key)
	case errors.Is(err, errOtherBytes):
		c.found(FoundTokenOther, key)
	case errors.Is(err, errUntrusted):
		c.found(FoundTokenTrust, key)
	default:
		c.found(FoundToken, key)
	}
}

// checkToken tries the configured certificates, then those kept beside the log, which the log answers for.
func (v *verifier) checkToken(data []byte, sum string, st *logState) (Stamp, error) {
	last := errUntrusted
	for _, t := range append(slices.Clone(v.o.Stamper.trust), st.trust...) {
		s, _, err := t.check(data, sum)
		if err == nil {
			return s, nil
		}
		if last = err; !errors.Is(err, errUntrusted) {
			break
		}
	}
	return Stamp{}, last
}

func (c *packageCheck) time() {
	switch {
	case len(c.p.Stamps) > 0 && len(c.p.Stamps) >= c.v.o.Stamper.Count():
		c.p.Time = TimeStamped
	case c.v.o.Stamper.Count() > 0:
		c.p.Time = TimePending
	default:
		c.p.Time = TimeNone
	}
}
