package capture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"arsring/internal/platform"
)

// Egress is what a capture needs of the proxy that is Chrome's only way out.
// All methods may be called at any time while the browser lives; host and port are joined as "host:port".
type Egress interface {
	// Addr is the proxy's own address, "127.0.0.1:port".
	Addr() string
	// IP is the address a host was pinned to, empty when it was never connected.
	IP(hostport string) string
	// Failure is the code of the last failed or refused connection to the host, empty when there was none.
	Failure(hostport string) string
	// Refused lists what was refused so far, for the manifest.
	Refused() []RefusedRequest
}

// RefusedRequest is a connection that the proxy refused.
type RefusedRequest struct {
	Host   string
	Reason string // code: "private-address", "port", "browser-own-call", ...
	N      int
}

// Options are what a browser is started with. Zero values take the documented defaults.
type Options struct {
	Chrome   string             // path of the browser; default: chromium, google-chrome or chrome on PATH
	Sandbox  string             // "auto" (default), "on" or "off"
	User     string             // user that runs Chrome when we are root; default "arsring", else "nobody"
	TempDir  string             // where the throw-away profile lies; default os.TempDir
	Profile  string             // user data folder with a login, in which the browser runs; made for it alone, and wiped by whoever made it. Empty: a fresh one
	Person   Person             // the browser is for a person to log in with; zero: for captures
	Egress   Egress             // required
	Flags    []string           // more command line flags, "--name=value"; the proxy's own among them
	Env      []string           // environment as "NAME=value"; Chrome sees only what it needs of it: search path, language, fonts, display
	Locale   string             // default sv-SE
	Contact  string             // address for site owners: the page is asked under the browser's own name with ours and this after it; empty: under its own name alone
	Timezone string             // default Europe/Stockholm
	Load     time.Duration      // longest wait for the page to load; default 60 s
	Settle   time.Duration      // longest wait for pictures, fonts and a quiet network; default 15 s
	Total    time.Duration      // longest whole capture; default 30 min
	Patience time.Duration      // longest wait for one answer of the page; default 45 s, or a third of Total
	Memory   int64              // bytes that the browser's processes may hold in memory together; default 4 GiB
	Disk     int64              // bytes that pages may leave in a fresh profile; default 1 GiB
	Limits   Limits             // of one capture; zero: none. What was kept when one is reached is a partial capture
	Hints    *platform.Platform // what is known about the platform; nil: the general way alone
	Site     Site               // how much beside the start page is captured of what is no feed; zero: nothing
	Now      func() time.Time
}

// NoChromeError says that no browser was found, or that it would not start.
type NoChromeError struct {
	Path  string
	Cause error
}

// Error names the path tried and what to do.
func (e *NoChromeError) Error() string {
	if e.Path == "" {
		return "no Chrome found: install Chromium (Debian: apt install chromium) or set capture.chrome to the path of the browser"
	}
	return fmt.Sprintf("Chrome at %s did not start: %v; check that it runs on its own, or set capture.chrome to another browser", e.Path, e.Cause)
}

// Unwrap gives the cause.
func (e *NoChromeError) Unwrap() error { return e.Cause }

// Browser is one fresh Chrome with a throw-away profile. It serves one capture and the print of its record.
// It is not safe for use by several goroutines at once.
type Browser struct {
	o       Options
	ctx     context.Context // the browser's first tab
	cancel  func()
	profile string
	pid     int
	version string
	sandbox bool
	printer *printer // nil until a capture has begun
	lease   *lease   // nil: the browser is this machine's own
	gauge   *gauge
}

// Launch starts a browser. It ends when ctx ends or Close is called, whichever is first, with all its processes.
func Launch(ctx context.Context, o Options) (*Browser, error) {
	o = o.withDefaults()
	path, err := findChrome(o.Chrome)
	if err != nil {
		return nil, err
	}
	b := &Browser{o: o}
	if b.profile = o.Profile; b.profile == "" {
		if b.profile, err = os.MkdirTemp(o.TempDir, "arsring-chrome-"); err != nil {
			return nil, fmt.Errorf("no room for Chrome's profile: %w; free space in %s or set TMPDIR to another folder", err, o.TempDir)
		}
	}
	if err := b.start(ctx, path); err != nil {
		return nil, &NoChromeError{Path: path, Cause: errors.Join(err, b.Close())}
	}
	return b, nil
}

func (b *Browser) start(ctx context.Context, path string) error {
	cred, err := b.chromeUser()
	if err != nil {
		return err
	}
	b.sandbox = b.o.Sandbox != "off" && (os.Geteuid() != 0 || cred != nil)
	var strained error
	opts := append(b.flags(), chromedp.ExecPath(path), chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) {
		strained = strain(cmd)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, Credential: cred}
		cmd.Cancel = func() error { return killGroup(cmd.Process.Pid) }
		cmd.Dir = b.profile
		cmd.Env = append(chromeEnv(b.o.Env, b.profile), b.o.Person.env(b.o.Env)...)
		cmd.Args = append(cmd.Args, b.o.Person.args()...)
	}))
	actx, acancel := chromedp.NewExecAllocator(ctx, opts...)
	quiet := func(string, ...any) {}
	tctx, tcancel := chromedp.NewContext(actx, chromedp.WithLogf(quiet), chromedp.WithErrorf(quiet))
	b.ctx, b.cancel = tctx, func() { tcancel(); acancel() }
	if err := errors.Join(chromedp.Do(tctx), strained); err != nil {
		return err
	}
	if p := chromedp.FromContext(tctx).Browser.Process(); p != nil {
		b.pid = p.Pid
	}
	v, err := chromedp.CallBrowser(tctx, browser.GetVersion, cdp.Empty{})
	if err != nil {
		return err
	}
	b.version = strings.TrimPrefix(strings.TrimPrefix(v.Product, "Headless"), "Chrome/")
	b.watch()
	return nil
}

// Version is the browser's own version number, such as "156.0.8078.79".
func (b *Browser) Version() string { return b.version }

// Sandboxed reports whether Chrome runs with its own sandbox.
func (b *Browser) Sandboxed() bool { return b.sandbox }

// Close ends the browser with all its processes and removes the profile, unless it runs in one that it was given. In a remote browser it closes what
// the capture opened, with all that it stored.
func (b *Browser) Close() error {
	b.gauge.close()
	b.gauge = nil
	if b.lease != nil {
		b.giveBack()
		return nil
	}
	if b.pid > 0 {
		_ = killGroup(b.pid)
	}
	if b.cancel != nil {
		b.cancel()
	}
	if b.pid > 0 {
		_ = killGroup(b.pid)
	}
	if b.o.Profile != "" {
		return nil
	}
	return removeRetry(b.profile)
}

// flags are the command line: what the network needs comes from Options.Flags, the rest keeps Chrome small and quiet.
func (b *Browser) flags() []chromedp.ExecAllocatorOption {
	flags := []chromedp.ExecAllocatorOption{
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, b.o.Person.window(),
		chromedp.UserDataDir(b.profile), chromedp.WindowSize(ViewportWidth, SheetHeight),
		chromedp.Flag("lang", b.o.Locale), chromedp.Flag("no-sandbox", !b.sandbox),
		// Chrome bypasses a proxy for loopback unless told otherwise.
		chromedp.Flag("proxy-server", "http://"+b.o.Egress.Addr()), chromedp.Flag("proxy-bypass-list", "<-loopback>"),
		chromedp.Flag("password-store", "basic"), chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("autoplay-policy", "user-gesture-required"), chromedp.Flag("font-render-hinting", "none"),
	}
	for _, name := range []string{
		"disable-client-side-phishing-detection", "disable-default-apps", "disable-extensions", "disable-breakpad", "disable-gpu",
		"disable-hang-monitor", "disable-renderer-backgrounding", "disable-background-timer-throttling", "disable-backgrounding-occluded-windows",
		"disable-dev-shm-usage", "deny-permission-prompts", "use-mock-keychain", "mute-audio", "metrics-recording-only",
		"disable-frame-rate-limit", "disable-gpu-vsync", "safebrowsing-disable-auto-update", "export-tagged-pdf", "hide-scrollbars", "disable-search-engine-choice-screen", "disable-notifications",
	} {
		flags = append(flags, chromedp.Flag(name, true))
	}
	for _, f := range b.o.Flags {
		name, value, valued := strings.Cut(strings.TrimPrefix(f, "--"), "=")
		if valued {
			flags = append(flags, chromedp.Flag(name, value))
		} else {
			flags = append(flags, chromedp.Flag(name, true))
		}
	}
	return flags
}

// chromeUser says which other user runs Chrome: Chrome refuses its sandbox as root.
func (b *Browser) chromeUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 || b.o.Sandbox == "off" {
		return nil, nil
	}
	names := []string{"arsring", "nobody"}
	if b.o.User != "" {
		names = []string{b.o.User}
	}
	for _, name := range names {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		if err := chownTree(b.profile, int(uid), int(gid)); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	if b.o.Sandbox == "on" {
		return nil, errors.New("started as root, and no user to run Chrome as: create a user named arsring")
	}
	return nil, nil
}

func (o Options) withDefaults() Options {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&o.Load, 60*time.Second)
	set(&o.Settle, 15*time.Second)
	set(&o.Total, 30*time.Minute)
	set(&o.Patience, min(45*time.Second, o.Total/3))
	if o.Memory == 0 {
		o.Memory = 4 << 30
	}
	if o.Disk == 0 {
		o.Disk = 1 << 30
	}
	if o.Locale == "" {
		o.Locale = "sv-SE"
	}
	if o.Timezone == "" {
		o.Timezone = "Europe/Stockholm"
	}
	if o.TempDir == "" {
		o.TempDir = os.TempDir()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func findChrome(path string) (string, error) {
	if path != "" {
		p, err := exec.LookPath(path)
		if err != nil {
			return "", &NoChromeError{Path: path, Cause: err}
		}
		return p, nil
	}
	for _, name := range []string{"chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p, nil
		}
	}
	return "", &NoChromeError{}
}

// seen are the variables that Chrome may know: no secrets of ours are in them.
var seen = map[string]bool{"PATH": true, "LANG": true, "LC_ALL": true, "TZ": true, "FONTCONFIG_PATH": true, "DISPLAY": true, "WAYLAND_DISPLAY": true}

// chromeEnv is Chrome's whole environment, with its home in the throw-away profile.
func chromeEnv(env []string, home string) []string {
	out := []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + home, "TMPDIR=" + home, "XDG_CONFIG_HOME=" + home, "XDG_CACHE_HOME=" + home}
	for _, e := range env {
		if name, _, _ := strings.Cut(e, "="); seen[name] {
			out = append(out, e)
		}
	}
	return out
}

func killGroup(pid int) error {
	if err := syscall.Kill(-pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// removeRetry removes a profile; Chrome's last children may still write in it for a moment after they were killed.
func removeRetry(dir string) error {
	if dir == "" {
		return nil
	}
	var err error
	for wait := time.Millisecond; wait < time.Second; wait *= 2 {
		if err = os.RemoveAll(dir); err == nil {
			return nil
		}
		time.Sleep(wait)
	}
	return err
}

func chownTree(dir string, uid, gid int) error {
	return filepath.WalkDir(dir, func(p string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(p, uid, gid)
	})
}
