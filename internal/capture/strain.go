package capture

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// mostString is how many bytes of one string are kept of what the browser says unasked. A page may have addresses and messages of a hundred
// megabytes, and everything that reads them would hold them several times.
const mostString = 1 << 20

// strain puts a strainer into the pipe on which the browser talks to us, before it starts: what the browser says unasked comes through with its
// longest strings cut. cmd.ExtraFiles must be the pipe's two ends for the browser, as chromedp puts them there.
func strain(cmd *exec.Cmd) error {
	if len(cmd.ExtraFiles) != 2 {
		return errors.New("the browser is not spoken to over a pipe")
	}
	end := cmd.ExtraFiles[1]
	fd, err := syscall.Dup(int(end.Fd()))
	if err != nil {
		return err
	}
	syscall.CloseOnExec(fd)
	out := os.NewFile(uintptr(fd), end.Name())
	in, browser, err := os.Pipe()
	if err != nil {
		return errors.Join(err, out.Close())
	}
	cmd.ExtraFiles[1] = browser
	go func() {
		// chromedp closes its own end once the browser has started, or will not; only then can the pipe end with the browser.
		for closed := false; !closed; time.Sleep(time.Millisecond) {
			_, err := end.Stat()
			closed = errors.Is(err, os.ErrClosed)
		}
		_ = browser.Close()
	}()
	go func() {
		_ = strainMessages(out, in)
		_, _ = out.Close(), in.Close()
	}()
	return nil
}

// strainMessages copies messages, each ended by a zero byte, until in ends or out is closed. Answers, which begin with an id, go through as they
// are; of all others, strings end after mostString bytes.
func strainMessages(out io.Writer, in io.Reader) error {
	const answer = `{"id"`
	r, w := bufio.NewReaderSize(in, 1<<16), bufio.NewWriterSize(out, 1<<16)
	for {
		begin, err := r.Peek(len(answer))
		if err == nil || len(begin) > 0 {
			err = strainMessage(&cutter{whole: string(begin) == answer}, w, r)
		}
		if err == nil && r.Buffered() == 0 {
			err = w.Flush()
		}
		if err != nil {
			return errors.Join(err, w.Flush())
		}
	}
}

// strainMessage copies one message through a cutter, with the zero byte at its end.
func strainMessage(c *cutter, w *bufio.Writer, r *bufio.Reader) error {
	for {
		part, err := r.ReadSlice(0)
		if werr := c.write(w, part); werr != nil {
			return werr
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// cutter goes through JSON text in parts and leaves out what strings have beyond mostString bytes.
type cutter struct {
	whole   bool // nothing is left out
	inside  bool // a string has begun
	escaped bool // its last byte was a backslash
	hex     int  // digits of \uXXXX still to come
	length  int  // bytes of the string so far
	cut     bool // the rest of it is left out
}

func (c *cutter) write(w *bufio.Writer, part []byte) error {
	if c.whole {
		_, err := w.Write(part)
		return err
	}
	for _, b := range part {
		if !c.keep(b) {
			continue
		}
		if err := w.WriteByte(b); err != nil {
			return err
		}
	}
	return nil
}

// keep takes the next byte, and says whether it stays. A string is cut before a character or an escape, never within one.
func (c *cutter) keep(b byte) bool {
	if !c.inside {
		if b == '"' {
			*c = cutter{inside: true}
		}
		return true
	}
	switch {
	case c.escaped:
		if c.escaped = false; b == 'u' {
			c.hex = 4
		}
	case c.hex > 0:
		c.hex--
	case b == '"', b == 0:
		c.inside = false
		return true
	default:
		c.cut = c.cut || c.length >= mostString && (b < 0x80 || b >= 0xC0)
		c.escaped = b == '\\'
	}
	c.length++
	return !c.cut
}
