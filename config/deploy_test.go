package config

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// unit reads a systemd unit: settings by section, in the order of systemd.syntax(7).
func unit(t *testing.T, path string) map[string]map[string][]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out, section := map[string]map[string][]string{}, ""
	name := regexp.MustCompile(`^[A-Z][A-Za-z]+$`)
	for n, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
			out[section] = map[string][]string{}
		default:
			key, value, ok := strings.Cut(line, "=")
			if !ok || section == "" || !name.MatchString(key) {
				t.Fatalf("%s:%d: %q is no setting of a section", path, n+1, line)
			}
			out[section][key] = append(out[section][key], value)
		}
	}
	return out
}

func TestServiceIsHardened(t *testing.T) {
	const path = "deploy/arsring.service"
	u := unit(t, path)
	service := u["Service"]
	for key, want := range map[string]string{
		"User": "arsring", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes", "CapabilityBoundingSet": "",
		"RestrictSUIDSGID": "yes", "LockPersonality": "yes", "ProtectKernelTunables": "yes", "ProtectKernelModules": "yes", "ProtectControlGroups": "yes", "SystemCallArchitectures": "native",
		"ExecStart": "/usr/local/bin/arsring run", "Restart": "always", "StateDirectory": "arsring", "UMask": "0077", "KillMode": "mixed",
	} {
		if got := service[key]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	// Chrome's sandbox needs these, and its JavaScript memory that is written and run.
	for _, ns := range []string{"user", "pid", "net"} {
		if !slices.Contains(strings.Fields(service["RestrictNamespaces"][0]), ns) {
			t.Errorf("namespaces of %s are forbidden", ns)
		}
	}
	if v := service["MemoryDenyWriteExecute"]; v != nil {
		t.Errorf("MemoryDenyWriteExecute is %v", v)
	}
	stop, err := time.ParseDuration(service["TimeoutStopSec"][0])
	if err != nil || stop <= Default().Jobs.Grace {
		t.Errorf("the service is killed after %v, before jobs.grace of %v has passed", stop, Default().Jobs.Grace)
	}
	if u["Unit"]["Description"] == nil || u["Install"]["WantedBy"] == nil {
		t.Error("no description, or nothing wants the unit")
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		return // the syntax was read above
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	there := filepath.Join(t.TempDir(), "arsring.service") // the program is not installed where tests run
	text := strings.Replace(string(data), "ExecStart=/usr/local/bin/arsring", "ExecStart=/bin/true", 1)
	if err := os.WriteFile(there, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), analyze, "verify", "--man=no", there)
	cmd.Env = append(os.Environ(), "SYSTEMD_LOG_LEVEL=warning")
	if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "arsring.service") {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}

// compose is what is looked at in the compose file; unknown keys of services are other programs' business.
type compose struct {
	Services map[string]struct {
		Image       string            `yaml:"image"`
		ReadOnly    bool              `yaml:"read_only"`
		CapDrop     []string          `yaml:"cap_drop"`
		SecurityOpt []string          `yaml:"security_opt"`
		StopGrace   string            `yaml:"stop_grace_period"`
		Environment map[string]string `yaml:"environment"`
		Secrets     []string          `yaml:"secrets"`
		Volumes     []string          `yaml:"volumes"`
		Networks    []string          `yaml:"networks"`
		Ports       []string          `yaml:"ports"`
		Healthcheck *struct {
			Test []string `yaml:"test"`
		} `yaml:"healthcheck"`
		DependsOn map[string]struct {
			Condition string `yaml:"condition"`
		} `yaml:"depends_on"`
		Build *struct {
			Context    string `yaml:"context"`
			Dockerfile string `yaml:"dockerfile"`
		} `yaml:"build"`
	} `yaml:"services"`
	Secrets  map[string]struct{ File string } `yaml:"secrets"`
	Volumes  map[string]any                   `yaml:"volumes"`
	Networks map[string]struct {
		Internal bool `yaml:"internal"`
	} `yaml:"networks"`
}

func TestComposeFitsTheProgram(t *testing.T) {
	data, err := os.ReadFile("deploy/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var c compose
	if err := yaml.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	for name, s := range c.Services {
		for _, secret := range s.Secrets {
			if c.Secrets[secret].File == "" {
				t.Errorf("%s: there is no secret %s", name, secret)
			}
		}
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if _, ok := c.Volumes[from]; !ok && !strings.HasPrefix(from, ".") {
				t.Errorf("%s: there is no volume %s", name, from)
			}
		}
		for _, n := range s.Networks {
			if _, ok := c.Networks[n]; !ok {
				t.Errorf("%s: there is no network %s", name, n)
			}
		}
		for on, how := range s.DependsOn {
			if c.Services[on].Healthcheck == nil || how.Condition != "service_healthy" {
				t.Errorf("%s waits for %s, which says nothing of its health", name, on)
			}
		}
		for _, p := range s.Ports {
			if !strings.HasPrefix(p, "127.0.0.1:") {
				t.Errorf("%s: port %s is open to the world", name, p)
			}
		}
		for key, value := range s.Environment {
			if strings.HasSuffix(key, "_FILE") && !slices.Contains(s.Secrets, filepath.Base(value)) {
				t.Errorf("%s: %s names %s, which is not among its secrets", name, key, value)
			}
		}
		if tag := s.Image; name != "arsring" && (!strings.Contains(tag, ":") || strings.HasSuffix(tag, ":latest")) {
			t.Errorf("%s: image %s has no version", name, tag)
		}
	}
	ours := c.Services["arsring"]
	if !ours.ReadOnly || !slices.Equal(ours.CapDrop, []string{"ALL"}) || !slices.Contains(ours.SecurityOpt, "no-new-privileges:true") || !c.Networks["inside"].Internal {
		t.Errorf("not hardened: %+v", ours)
	}
	if grace, err := time.ParseDuration(ours.StopGrace); err != nil || grace <= Default().Jobs.Grace {
		t.Errorf("stopped after %s", ours.StopGrace)
	}
	if _, err := os.Stat(filepath.Join("deploy", ours.Build.Context, ours.Build.Dockerfile)); err != nil {
		t.Error(err)
	}
	composeSettings(t, ours.Environment)
}

// composeSettings loads the program's settings as the container gives them.
func composeSettings(t *testing.T, given map[string]string) {
	t.Helper()
	dir := t.TempDir()
	env := []string{"HOME=" + dir}
	for key, value := range given {
		if name, ok := strings.CutPrefix(value, "/run/secrets/"); ok {
			value = filepath.Join(dir, name)
			text := "hemligt"
			if name == "database" {
				text = "postgres://arsring:hemligt@database/arsring?sslmode=disable"
			}
			if err := os.WriteFile(value, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		env = append(env, key+"="+value)
	}
	cfg, err := Load(Options{Environ: env})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range cfg.Warnings {
		if w.Key != "web.listen" && w.Key != "archive.insecure" { // said in the file's first lines
			t.Errorf("%v", w)
		}
	}
	for _, s := range schema.leaves() {
		delete(given, s.env())
	}
	if len(given) > 0 {
		t.Errorf("no settings: %v", given)
	}
	if cfg.Jobs.Database.Reveal() == "" || cfg.Archive.Endpoint == "" || cfg.Telemetry.Metrics != "token" {
		t.Errorf("%+v", cfg)
	}
}

func TestSeccompProfileIsWhole(t *testing.T) {
	data, err := os.ReadFile("deploy/seccomp.json")
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		DefaultAction string `json:"defaultAction"`
		Syscalls      []struct {
			Names  []string `json:"names"`
			Action string   `json:"action"`
		} `json:"syscalls"`
	}
	if err := json.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	if p.DefaultAction != "SCMP_ACT_ALLOW" || len(p.Syscalls) != 1 || p.Syscalls[0].Action != "SCMP_ACT_ERRNO" {
		t.Fatalf("%+v", p)
	}
	names := p.Syscalls[0].Names
	for _, needed := range []string{"clone", "clone3", "unshare", "setns", "chroot", "seccomp", "execve"} { // Chrome's sandbox
		if slices.Contains(names, needed) {
			t.Errorf("%s is forbidden, and the browser's sandbox needs it", needed)
		}
	}
	for _, gone := range []string{"mount", "bpf", "ptrace", "kexec_load", "init_module", "perf_event_open"} {
		if !slices.Contains(names, gone) {
			t.Errorf("%s is allowed", gone)
		}
	}
}

func TestDockerfileBuildsOnWhatIsThere(t *testing.T) {
	data, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`\\\n\s*`).ReplaceAllString(string(data), " ")
	last, said := map[string]string{}, []string{}
	for line := range strings.Lines(text) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		last[word] = strings.TrimSpace(rest)
		said = append(said, word)
		if word == "FROM" && (!strings.Contains(rest, ":") || strings.Contains(rest, ":latest")) {
			t.Errorf("FROM %s has no version", rest)
		}
		if word != "COPY" || strings.HasPrefix(rest, "--from") {
			continue
		}
		from := strings.Fields(rest)
		for _, f := range from[:len(from)-1] {
			if found, err := filepath.Glob(filepath.Join("..", f)); err != nil || len(found) == 0 {
				t.Errorf("COPY %s: nothing is there", f)
			}
		}
	}
	if user := last["USER"]; user == "" || user == "root" || user == "0" || slices.Index(said, "USER") > slices.Index(said, "ENTRYPOINT") {
		t.Errorf("runs as %q", user)
	}
	if !strings.Contains(text, "tools.sh chromium fonts") {
		t.Error("browser and fonts are not installed by the script that make tools runs")
	}
	var entry, check []string
	_, cmd, _ := strings.Cut(last["HEALTHCHECK"], "CMD ")
	if json.Unmarshal([]byte(last["ENTRYPOINT"]), &entry) != nil || json.Unmarshal([]byte(cmd), &check) != nil || len(entry) != 1 || len(check) < 2 || check[0] != entry[0] || check[1] != "doctor" {
		t.Errorf("entry %v, health check %v", entry, check)
	}
}
