package archive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/versity/versitygw/embedgw"
	"github.com/versity/versitygw/s3api"
)

// ServeEmbedded runs the store in this process until ctx ends, over https on loopback. It changes the process's working directory, umask
// and os.Stdout, and may leave goroutines behind, so it belongs in a process of its own that ends with it. Once the store answers, one line of JSON (ready, endpoint, pid, ca_file)
// goes to o.Ready. When another process serves the same folder, the line says served and the error is ErrServed.
func ServeEmbedded(ctx context.Context, o EmbeddedOptions) error {
	l, err := o.layout()
	if err != nil {
		return err
	}
	ready := o.Ready
	if ready == nil {
		ready = os.Stdout
	}
	syscall.Umask(0o027)
	for _, d := range []string{l.data, l.objects, l.meta, l.versions} {
		if err := os.MkdirAll(d, 0o750); err != nil {
			return unwritable(d, err)
		}
	}
	lock, err := takeLock(l.lock)
	if errors.Is(err, ErrServed) {
		return errors.Join(err, json.NewEncoder(ready).Encode(state{Served: true}))
	}
	if err != nil {
		return err
	}
	defer lock.Close()
	keys, err := l.ensureKeys(time.Now())
	if err != nil {
		return err
	}
	if err := sweepHalfBuckets(l); err != nil {
		return unreadable(l.objects, err)
	}
	if os.Stdout, err = os.OpenFile(os.DevNull, os.O_WRONLY, 0); err != nil { // the gateway talks
		return err
	}
	return serve(ctx, o, l, keys, ready)
}

// serve finds a port and runs the gateway on it. Between finding and binding somebody else may take it; then another one is tried.
func serve(ctx context.Context, o EmbeddedOptions, l layout, keys access, ready io.Writer) error {
	last, _ := l.readState() // none at first start
	var err error
	for try := range 5 {
		addr := o.Addr
		if addr == "" {
			if addr, err = freeAddr(last.Addr, try); err != nil {
				return notStarted(l, err)
			}
		}
		err = runGateway(ctx, l, keys, addr, ready)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // it was told to stop, and what the gateway says at its end is no fault
		}
		if !errors.Is(err, syscall.EADDRINUSE) || o.Addr != "" {
			break
		}
	}
	return notStarted(l, err)
}

// freeAddr is the last address when it is free, else any free one.
func freeAddr(last string, try int) (string, error) {
	if last != "" && try == 0 {
		if ln, err := net.Listen("tcp", last); err == nil {
			return last, ln.Close()
		}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

func runGateway(ctx context.Context, l layout, keys access, addr string, ready io.Writer) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || !net.ParseIP(host).IsLoopback() {
		return fmt.Errorf("%q is not a loopback address with a port", addr)
	}
	be, err := newFolderBackend(l)
	if err != nil {
		return err
	}
	st := state{Ready: true, Endpoint: "https://" + addr, Addr: addr, PID: os.Getpid(), Health: "/-" + randomName(16), Started: time.Now().UTC(), CAFile: l.caCert}
	told := make(chan error, 1)
	run, stop := context.WithCancel(ctx)
	defer stop()
	err = runUntilQuiet(run, be, &embedgw.Config{
		RootUserAccess: keys.AccessKey, RootUserSecret: keys.SecretKey, Region: embeddedRegion,
		Ports: []string{addr}, CertFile: l.cert, KeyFile: l.key,
		MaxConnections: 1024, MaxRequests: 512, MultipartMaxParts: 10000,
		Quiet: true, KeepAlive: true, HealthPath: st.Health,
		S3Options: []s3api.Option{s3api.WithOnListen(func() {
			// The socket accepts from here on; the first request waits until it is served.
			err := announce(l, st, ready)
			told <- err
			if err != nil {
				stop()
			}
		})},
	})
	select {
	case terr := <-told:
		return errors.Join(terr, err)
	default:
		return err
	}
}

const (
	stopGrace = 300 * time.Millisecond // for reads under way
	stopLimit = 5 * time.Second        // for writes under way
)

// runUntilQuiet runs the gateway until ctx ends and the writes under way are done. The gateway itself would wait ten seconds for every
// connection on which a client has not yet asked for anything.
func runUntilQuiet(ctx context.Context, be *folderBackend, cfg *embedgw.Config) error {
	ended := make(chan error, 1)
	go func() { ended <- embedgw.RunVersityGW(ctx, be, cfg) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	limit := time.After(stopLimit)
	for {
		select {
		case err := <-ended:
			return err
		case <-limit:
			return nil
		case <-time.After(stopGrace):
			if be.quiet() {
				return nil
			}
		}
	}
}

func announce(l layout, st state, ready io.Writer) error {
	if err := l.writeState(st); err != nil {
		return err
	}
	return json.NewEncoder(ready).Encode(st)
}
