package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"arsring/internal/validators"
)

// TestMain lets the test binary be the program: scripts and tests run "arsring" as people do, with arguments, exit codes and pipes.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"arsring":       func() { os.Exit(Main()) },
		"smalldisk":     smallDisk,
		"arsring-quick": func() { tune = quickQueue; os.Exit(Main()) },
	})
}

// TestScripts runs testdata/script against the embedded store, and testdata/store against it and against a store of its own process that the
// program knows only as an S3 address, and testdata/second with such a one as the second store. What they kept is then judged by others.
func TestScripts(t *testing.T) {
	kept := &packages{dir: tempDir(t)}
	t.Run("programs", func(t *testing.T) {
		t.Run("all", func(t *testing.T) { testscript.Run(t, scripts("testdata/script", kept, nil)) })
		t.Run("embedded", func(t *testing.T) { testscript.Run(t, scripts("testdata/store", kept, embedded)) })
		t.Run("https", func(t *testing.T) { testscript.Run(t, scripts("testdata/store", kept, external)) })
		t.Run("second", func(t *testing.T) { testscript.Run(t, scripts("testdata/second", kept, second)) })
	})
	if t.Failed() {
		return
	}
	kept.judge(t)
}

// packages are those that tests made, to be judged together: one start of a validator costs more than ten files.
type packages struct {
	dir     string
	mu      sync.Mutex
	all     []string // folders of packages
	records []string // PDFs
}

// keep copies a package's folder, which its test is about to remove.
func (p *packages) keep(dir string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	to := filepath.Join(p.dir, filepath.Base(dir))
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		return err
	}
	p.all = append(p.all, to)
	p.records = append(p.records, filepath.Join(to, "representations", "pdfa", "data", "record.pdf"))
	return nil
}

// record keeps a copy of a PDF that stands alone.
func (p *packages) record(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	to := filepath.Join(p.dir, fmt.Sprintf("%d.pdf", len(p.records)))
	p.records = append(p.records, to)
	return os.WriteFile(to, data, 0o600)
}

// judge holds every record against PDF/A-2a and every package against E-ARK SIP.
func (p *packages) judge(t *testing.T) {
	t.Helper()
	if len(p.all) == 0 {
		t.Fatal("no package was kept to be judged")
	}
	for file, v := range validators.VeraPDF(t, "2a", p.records...) {
		if !v.Valid {
			t.Errorf("%s: %s", file, v)
		}
	}
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.NumCPU())
	for _, dir := range p.all {
		wait.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wait.Done() }()
			if v := validators.CommonsIP(t, dir); !v.Valid {
				t.Errorf("%s: %s", dir, v)
			}
		}()
	}
	wait.Wait()
	t.Logf("%d records are PDF/A-2a, %d packages are VALID, unless said otherwise above", len(p.records), len(p.all))
}

// tempDir is a folder that also the browser's user can reach, which t.TempDir under a closed TMPDIR need not be.
func tempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "arsring-cmd-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

const smallDiskInner = "ARSRING_TEST_SMALLDISK"

// smallDisk is the program "smalldisk KILOBYTES FOLDER COMMAND...": it runs a command that sees a file system of so many kilobytes on the folder.
func smallDisk() {
	if os.Getenv(smallDiskInner) == "" {
		os.Exit(enterSmallDisk())
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil { // else the mount would be seen outside
		fatal(err)
	}
	if err := syscall.Mount("arsring-test", os.Args[2], "tmpfs", 0, "size="+os.Args[1]+"k"); err != nil {
		fatal(err)
	}
	program, err := exec.LookPath(os.Args[3])
	if err != nil {
		fatal(err)
	}
	fatal(syscall.Exec(program, os.Args[3:], os.Environ()))
}

// enterSmallDisk starts the program again in a mount namespace; not as root also in a user namespace.
func enterSmallDisk() int {
	self, err := os.Executable()
	if err != nil {
		fatal(err)
	}
	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), smallDiskInner+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	runtime.LockOSThread() // the parent-death signal follows the thread that forked
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "smalldisk:", err)
	os.Exit(125)
}

// canMount says whether this machine lets smalldisk do its work.
func canMount(dir string) bool {
	return exec.Command("smalldisk", "100", dir, "true").Run() == nil
}
