package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scripts are the parameters for a folder of scripts. Each script has a fixture server, a data folder and a register of its own.
//
// Commands beside testscript's own:
//
//	exits CODE PROGRAM ARGS...   run it and want this exit code
//	json FIELD REGEXP            a field (a.b.0.c) of the JSON line printed last; null is written null
//	jsonenv NAME FIELD           keep a field in a variable
//	hits PATH N                  how often the fixture server was asked for a path since the script began
//	expand FILE...               replace $NAME in files by the variables
//	flip FILE                    change one byte in its middle
//	findenv NAME GLOB            keep the one file that fits in a variable; for a METS.xml its package's folder
//	print URL FILE               print a page to PDF with the bare browser
//	keep FOLDER...               have packages judged by veraPDF and commons-ip after all scripts
//	record FILE...               have PDFs judged by veraPDF after all scripts
func scripts(dir string, kept *packages, store func(*testscript.Env) error) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			if err := setup(e); err != nil {
				return err
			}
			if store == nil {
				return nil
			}
			return store(e)
		},
		Condition: func(cond string) (bool, error) {
			if cond != "mount" {
				return false, fmt.Errorf("unknown condition %q", cond)
			}
			dir, err := os.MkdirTemp("", "arsring-mount-")
			if err != nil {
				return false, err
			}
			defer os.RemoveAll(dir)
			return canMount(dir), nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": cmdExits, "json": cmdJSON, "jsonenv": cmdJSONEnv, "hits": cmdHits, "expand": cmdExpand, "flip": cmdFlip, "findenv": cmdFindEnv,
			"print": cmdPrint,
			"keep": func(ts *testscript.TestScript, _ bool, args []string) {
				for _, dir := range args {
					ts.Check(kept.keep(ts.MkAbs(dir)))
				}
			},
			"record": func(ts *testscript.TestScript, _ bool, args []string) {
				for _, file := range args {
					ts.Check(kept.record(ts.MkAbs(file)))
				}
			},
		},
	}
}

type fixtureKey struct{}

func setup(e *testscript.Env) error {
	f := newFixture()
	e.Defer(f.close)
	e.Values[fixtureKey{}] = f
	data := filepath.Join(e.WorkDir, "data")
	for name, value := range map[string]string{
		"SITE": f.plain.URL, "TLS_SITE": f.tls.URL, "CLOSED": f.closed, "SITE_PORT": f.port(),
		"ARSRING_DATA_DIR": data, "ARSRING_CAPTURE_ALLOW_PRIVATE": "127.0.0.1", "ARSRING_ORGANISATION_NAME": "Provkommun",
		"OBJECTS": filepath.Join(data, "store", "objects", "arsring", "arkiv", "default"),
		// The browser may run as another user, who must reach its profile; the script's own folder is closed to others.
		"TMPDIR": os.TempDir(),
		"HOME":   e.WorkDir,
	} {
		e.Setenv(name, value)
	}
	if err := os.MkdirAll(filepath.Join(data, "register"), 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(data, "register", "register.yaml"), []byte(fixtureRegister(f.plain.URL)), 0o600)
}

// embedded is the default: nothing to say.
func embedded(*testscript.Env) error { return nil }

// external starts `arsring store` as a process of its own and names it by address, keys and certificate, as any S3 store is named.
func external(e *testscript.Env) error {
	objects, err := elsewhere(e, "ARSRING_ARCHIVE_")
	e.Setenv("OBJECTS", objects)
	return err
}

// second names such a store as the one that everything is copied to; the archive itself is the embedded one.
func second(e *testscript.Env) error {
	objects, err := elsewhere(e, "ARSRING_ARCHIVE_REPLICA_")
	e.Setenv("SECOND", objects)
	return err
}

// elsewhere starts a store, sets the variables that name it, and gives the folder in which the tenant's objects lie.
func elsewhere(e *testscript.Env, names string) (objects string, err error) {
	dir := filepath.Join(e.WorkDir, "elsewhere")
	cmd := exec.Command("arsring", "store", "--data-dir", dir)
	cmd.Env = append(os.Environ(), "HOME="+e.WorkDir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	e.Defer(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })
	var ready struct {
		Endpoint string `json:"endpoint"`
		CAFile   string `json:"ca_file"`
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		return "", fmt.Errorf("arsring store said nothing: %w", err)
	}
	if err := json.Unmarshal(line, &ready); err != nil {
		return "", err
	}
	var keys struct {
		Access string `json:"access_key"`
		Secret string `json:"secret_key"`
	}
	data, err := os.ReadFile(filepath.Join(dir, "keys", "store-access.json"))
	if err != nil {
		return "", err
	}
	if err := json.Unmarshal(data, &keys); err != nil {
		return "", err
	}
	for name, value := range map[string]string{"s3-access": keys.Access, "s3-secret": keys.Secret} {
		if err := os.WriteFile(filepath.Join(e.WorkDir, name), []byte(value+"\n"), 0o600); err != nil {
			return "", err
		}
	}
	e.Setenv(names+"ENDPOINT", ready.Endpoint)
	e.Setenv(names+"CA_FILE", ready.CAFile)
	e.Setenv(names+"REGION", "se-arsring-1")
	e.Setenv(names+"ACCESS_KEY_FILE", filepath.Join(e.WorkDir, "s3-access"))
	e.Setenv(names+"SECRET_KEY_FILE", filepath.Join(e.WorkDir, "s3-secret"))
	return filepath.Join(dir, "store", "objects", "arsring", "arkiv", "default"), nil
}

func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("use: exits CODE PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	began := time.Now()
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	ts.Logf("[exit %d after %.1f s]", got, time.Since(began).Seconds())
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// field gives a value of the JSON line that was printed last.
func field(ts *testscript.TestScript, path string) string {
	lines := strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n")
	var v any
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &v); err != nil {
		ts.Fatalf("the last line is no JSON: %v", err)
	}
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			inner, ok := in[name]
			if !ok {
				ts.Fatalf("there is no field %s in %s", path, lines[len(lines)-1])
			}
			v = inner
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(in) {
				ts.Fatalf("there is no %s in a list of %d", path, len(in))
			}
			v = in[i]
		default:
			ts.Fatalf("there is no field %s in %s", path, lines[len(lines)-1])
		}
	}
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	ts.Check(err)
	return string(b)
}

func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("use: json FIELD REGEXP")
	}
	got := field(ts, args[0])
	re, err := regexp.Compile("^(?s:" + args[1] + ")$")
	ts.Check(err)
	if re.MatchString(got) == neg {
		ts.Fatalf("%s is %q", args[0], got)
	}
}

func cmdJSONEnv(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("use: jsonenv NAME FIELD")
	}
	ts.Setenv(args[0], field(ts, args[1]))
}

func cmdHits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("use: hits PATH N")
	}
	f, ok := ts.Value(fixtureKey{}).(*fixture)
	if !ok {
		ts.Fatalf("no fixture server")
	}
	if got := strconv.Itoa(f.hits(args[0])); got != args[1] {
		ts.Fatalf("%s was asked for %s times, want %s", args[0], got, args[1])
	}
}

func cmdExpand(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		text := os.Expand(ts.ReadFile(name), ts.Getenv)
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

func cmdFlip(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		file := ts.MkAbs(name)
		data, err := os.ReadFile(file)
		ts.Check(err)
		data[len(data)/2] ^= 0x01
		ts.Check(os.WriteFile(file, data, 0o600))
	}
}

// cmdPrint prints as anybody may: no program of ours takes part.
func cmdPrint(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("use: print URL FILE")
	}
	profile, err := os.MkdirTemp("", "arsring-print-")
	ts.Check(err)
	defer os.RemoveAll(profile)
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if _, err := exec.LookPath(name); err == nil {
			ts.Check(ts.Exec(name, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-component-update", "--user-data-dir="+profile,
				"--no-pdf-header-footer", "--print-to-pdf="+ts.MkAbs(args[1]), args[0]))
			return
		}
	}
	ts.Fatalf("no browser: run make tools")
}

func cmdFindEnv(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("use: findenv NAME GLOB")
	}
	found, err := filepath.Glob(ts.MkAbs(args[1]))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%s fits %d files: %q", args[1], len(found), found)
	}
	ts.Setenv(args[0], strings.TrimSuffix(found[0], "/METS.xml"))
}
