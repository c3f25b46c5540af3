package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"arsring/internal/capture"
	"arsring/internal/pdfa"
)

// Files that people hand in are opened by a process of its own: this program once more, without settings, secrets and environment, with bounds
// on memory, processor time, open files and what it writes. What goes wrong there costs the one file and nothing else.

// The bounds of that process.
const (
	apartMemory      = 3 << 30 // bytes
	apartSeconds     = 600     // of the processor
	apartTime        = 15 * time.Minute
	apartWrites      = 2 << 30 // bytes of one file
	apartFiles       = 128     // open at a time
	apartAnswerBytes = 64 << 20
)

// apartRequest says what is to be opened, and how.
type apartRequest struct {
	Do      string         `json:"do"` // "picture", "zip", "check" or "convert"
	File    handedIn       `json:"file"`
	From    string         `json:"from"` // where the file lies
	Dir     string         `json:"dir"`  // of the passage
	Created time.Time      `json:"created"`
	Tiles   []capture.Tile `json:"tiles"` // that there are already
	Out     string         `json:"out"`
	PDF     pdfa.Options   `json:"pdf"`
}

// apartAnswer is what came of it.
type apartAnswer struct {
	Tiles   []capture.Tile   `json:"tiles,omitempty"`
	Lack    *capture.Missing `json:"lack,omitempty"`
	Page    *capture.Page    `json:"page,omitempty"`
	Report  pdfa.Report      `json:"report"`
	Refused *apartRefusal    `json:"refused,omitempty"`
	Error   string           `json:"error,omitempty"`
}

type apartRefusal struct{ Code, Reason string }

// errBeyond says that the process ended before it had an answer: by a bound, or by a fault that the file brought about.
var errBeyond = errors.New("opening the file took more time or memory than is allowed, or ended the process that did it")

// ServeApart is that process: it bounds itself, reads one request and writes one answer.
func ServeApart(ctx context.Context, in io.Reader, out io.Writer) error {
	if err := boundSelf(); err != nil {
		return err
	}
	var r apartRequest
	if err := json.NewDecoder(in).Decode(&r); err != nil {
		return fmt.Errorf("this command is started by arsring itself: %w", err)
	}
	answer := openForeign(ctx, r)
	return json.NewEncoder(out).Encode(answer)
}

// boundSelf sets the bounds. They hold from here on and cannot be raised again.
func boundSelf() error {
	for what, most := range map[int]uint64{unix.RLIMIT_DATA: apartMemory, unix.RLIMIT_CPU: apartSeconds, unix.RLIMIT_FSIZE: apartWrites, unix.RLIMIT_NOFILE: apartFiles, unix.RLIMIT_CORE: 0} {
		var now unix.Rlimit
		if err := unix.Getrlimit(what, &now); err == nil {
			most = min(most, now.Max)
		}
		if err := unix.Setrlimit(what, &unix.Rlimit{Cur: most, Max: most}); err != nil {
			return fmt.Errorf("the limits of the process that opens foreign files cannot be set: %w", err)
		}
	}
	return noNewPrivileges()
}

// openForeign does what is asked in this process.
func openForeign(ctx context.Context, r apartRequest) apartAnswer {
	var a apartAnswer
	var err error
	switch r.Do {
	case "picture":
		n := &ingestRun{passage: &passage{dir: r.Dir, job: capture.Job{Created: r.Created}}}
		a.Tiles, a.Lack, err = n.picture(ctx, r.File, r.From, r.Tiles)
	case "zip":
		var in *os.File
		if in, err = os.Open(r.From); err == nil {
			var z *zipContents
			if z, err = listZIP(ctx, in, r.File.Size); err == nil {
				p := z.page(r.File.Name)
				a.Page, a.Lack = &p, z.lack(r.File.Name)
			}
			_ = in.Close()
		}
	case "check", "convert":
		a.Report, err = openPDF(ctx, r)
	default:
		err = fmt.Errorf("there is nothing called %q to do", r.Do)
	}
	var refused *pdfa.RefusedError
	switch {
	case errors.As(err, &refused):
		a.Refused = &apartRefusal{refused.Code, refused.Reason}
	case err != nil:
		a.Error = err.Error()
	}
	return a
}

func openPDF(ctx context.Context, r apartRequest) (pdfa.Report, error) {
	in, err := os.Open(r.From)
	if err != nil {
		return pdfa.Report{}, err
	}
	defer in.Close()
	if r.Do == "check" {
		return pdfa.Check(ctx, in)
	}
	return convertTo(ctx, in, r.Out, r.PDF)
}

// apart has a foreign file opened: in a process of its own where there is a command for it. The error is errBeyond where that process ended
// without an answer.
func (a *App) apart(ctx context.Context, r apartRequest) (apartAnswer, error) {
	var got apartAnswer
	if len(a.aside) == 0 {
		got = openForeign(ctx, r)
	} else if err := a.inChild(ctx, r, &got); err != nil {
		return got, err
	}
	switch {
	case ctx.Err() != nil:
		return got, ctx.Err()
	case got.Refused != nil:
		return got, &pdfa.RefusedError{Code: got.Refused.Code, Reason: got.Refused.Reason}
	case got.Error != "":
		return got, errors.New(got.Error)
	}
	return got, nil
}

func (a *App) inChild(ctx context.Context, r apartRequest, got *apartAnswer) error {
	ask, err := json.Marshal(r)
	if err != nil {
		return err
	}
	limit, cancel := context.WithTimeout(ctx, apartTime)
	defer cancel()
	cmd := exec.CommandContext(limit, a.aside[0], a.aside[1:]...)
	cmd.Dir, cmd.Env = filepath.Dir(r.From), []string{fmt.Sprintf("GOMEMLIMIT=%d", apartMemory*3/4), "TMPDIR=" + os.TempDir(), "LANG=C.UTF-8"}
	var out, says firstBytes
	out.most, says.most = apartAnswerBytes, 4<<10
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(ask), &out, &says
	err = runChild(cmd)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		err = json.Unmarshal(out.b, got)
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit), limit.Err() != nil:
		a.log.Warn("a file that was handed in could not be opened", "file", r.File.Name, "what", r.Do, "error", err, "said", string(says.b))
		return errBeyond
	}
	return fmt.Errorf("the process that opens foreign files cannot be started: %w", err)
}

// firstBytes keeps the first bytes that are written to it.
type firstBytes struct {
	b    []byte
	most int
}

func (c *firstBytes) Write(p []byte) (int, error) {
	c.b = append(c.b, p[:min(len(p), c.most-len(c.b))]...)
	return len(p), nil
}

// checkApart and convertApart are pdfa.Check and pdfa.Convert of a foreign file.
func (a *App) checkApart(ctx context.Context, from string) (pdfa.Report, error) {
	got, err := a.apart(ctx, apartRequest{Do: "check", File: handedIn{Name: filepath.Base(from)}, From: from})
	return got.Report, beyondPDF(err)
}

func (a *App) convertApart(ctx context.Context, from, out string, o pdfa.Options) (pdfa.Report, error) {
	got, err := a.apart(ctx, apartRequest{Do: "convert", File: handedIn{Name: filepath.Base(from)}, From: from, Out: out, PDF: o})
	return got.Report, beyondPDF(err)
}

func beyondPDF(err error) error {
	if errors.Is(err, errBeyond) {
		return &pdfa.RefusedError{Code: "limit", Reason: errBeyond.Error()}
	}
	return err
}

// pictureApart makes the tiles that show a handed-in picture.
func (n *ingestRun) pictureApart(ctx context.Context, f handedIn, tiles []capture.Tile) ([]capture.Tile, *capture.Missing, error) {
	got, err := n.a.apart(ctx, apartRequest{Do: "picture", File: f, From: n.original(f), Dir: n.dir, Created: n.job.Created, Tiles: tiles})
	if errors.Is(err, errBeyond) {
		return tiles, broken(f), nil
	}
	if err != nil {
		return tiles, nil, err
	}
	return got.Tiles, got.Lack, nil
}

// listedApart lists what an archive holds.
func (n *ingestRun) listedApart(ctx context.Context, f handedIn) (*capture.Page, *capture.Missing, error) {
	got, err := n.a.apart(ctx, apartRequest{Do: "zip", File: f, From: n.original(f)})
	if errors.Is(err, errBeyond) {
		return nil, &capture.Missing{Code: "zip-unreadable", Text: capture.Text{
			SV: fmt.Sprintf("%s kunde inte förtecknas inom de gränser som gäller. ZIP-filen är bevarad som den är.", f.Name),
			EN: fmt.Sprintf("%s could not be listed within the limits. The ZIP file is kept as it is.", f.Name)}}, nil
	}
	return got.Page, got.Lack, err
}
