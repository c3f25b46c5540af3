package archive

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// child is the store's process.
type child struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // valid after done
}

func (c *child) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

func (c *child) stop() error {
	if c.ended() {
		return nil
	}
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	t := time.NewTimer(stopWait)
	defer t.Stop()
	select {
	case <-c.done:
	case <-t.C:
		_ = c.cmd.Process.Kill()
		<-c.done
	}
	return nil
}

// spawn starts the child and waits for its line. A state that is not ready, without error, means that another process has the folder.
func (e *Embedded) spawn(ctx context.Context) (state, error) {
	// Not bound to ctx, which is only that of whoever needed the store first.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), e.o.Command[0], e.o.Command[1:]...)
	cmd.Env = append(os.Environ(), e.o.Env...)
	cmd.SysProcAttr = childAttr()
	says := &tail{}
	cmd.Stderr = says
	// A pipe of our own: the one that exec makes is closed at the child's end, perhaps before its line is read.
	out, in, err := os.Pipe()
	if err != nil {
		return state{}, err
	}
	cmd.Stdout = in
	c := &child{cmd: cmd, done: make(chan struct{})}
	err = c.start()
	in.Close()
	if err != nil {
		out.Close()
		return state{}, err
	}
	line := make(chan []byte, 1)
	go func() {
		defer out.Close()
		b, _ := bufio.NewReader(out).ReadBytes('\n') // ends with the child at the latest
		line <- b
	}()
	select {
	case b := <-line:
		return e.judge(c, b, says)
	case <-ctx.Done():
		_ = c.cmd.Process.Kill()
		<-c.done
		return state{}, fmt.Errorf("%s did not answer: %w; it said: %s", cmd.Path, ctx.Err(), says)
	}
}

func (e *Embedded) judge(c *child, line []byte, says *tail) (state, error) {
	var st state
	if err := json.Unmarshal(line, &st); err == nil && st.Ready {
		e.child = c
		return st, nil
	}
	if err := c.stop(); err != nil {
		return state{}, err
	}
	if st.Served {
		return state{}, nil
	}
	return state{}, fmt.Errorf("%s ended; it said: %s: %w", c.cmd.Path, says, cmp.Or(c.err, errNotReady))
}

var errNotReady = errors.New("it never said that it was ready")

// start runs the process from a thread that lives as long as it does: the kernel sends the parent-death signal when the thread that
// forked ends, not when the process does.
func (c *child) start() error {
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(c.done)
		err := c.cmd.Start()
		started <- err
		if err == nil {
			c.err = c.cmd.Wait()
		}
	}()
	return <-started
}

// tail keeps the last words of a process.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailSize = 2 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if len(t.buf) > tailSize {
		t.buf = append([]byte(nil), t.buf[len(t.buf)-tailSize:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(bytes.TrimSpace(t.buf)) == 0 {
		return "nothing"
	}
	return string(bytes.TrimSpace(t.buf))
}
