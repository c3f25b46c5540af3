package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"arsring/internal/capture"
	"arsring/internal/egress"
)

// oldestChrome is the oldest major version that captures are tried with: what came before prints other PDF and lacks calls that are used.
const oldestChrome = 128

// browser starts Chrome as a capture does and looks how the kernel holds it.
func (d *doctor) browser(ctx context.Context) {
	b, end, err := d.launch(ctx, d.a.cfg.Capture.ChromeSandbox)
	if err != nil {
		d.noBrowser(ctx, err)
		return
	}
	defer end()
	version := b.Version()
	major, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(major)
	d.judgeVersion(version, n, err)
	c, err := b.Confinement(ctx)
	switch {
	case err != nil:
		d.say("sandbox", HealthWarning, capture.Text{SV: "Det gick inte att se om webbläsarens skydd är på: " + err.Error(), EN: "Whether the browser is sandboxed could not be seen: " + err.Error()},
			capture.Text{SV: "Öppna chrome://sandbox som samma användare.", EN: "Open chrome://sandbox as the same user."})
	case c.Confined():
		d.ok("sandbox", fmt.Sprintf("Webbläsarens skydd är på: %d av %d processer som läser sidor har egen namnrymd och filter.", c.Renderers, c.Renderers), fmt.Sprintf("The browser is sandboxed: %d of %d processes that read pages have a namespace of their own and a filter.", c.Renderers, c.Renderers))
	default:
		d.unprotected(HealthError)
	}
}

// unprotected says that pages are read without the browser's sandbox. Where the settings ask for that it is a warning.
func (d *doctor) unprotected(state Health) {
	if d.a.cfg.Capture.ChromeSandbox == "off" {
		state = HealthWarning
	}
	do := capture.Text{
		SV: "Installera paketet chromium-sandbox, eller tillåt namnrymder för vanliga användare (sysctl kernel.unprivileged_userns_clone=1; på Ubuntu kernel.apparmor_restrict_unprivileged_userns=0). I en container: se docs/drift.md om seccomp-profilen.",
		EN: "Install the package chromium-sandbox, or allow namespaces for ordinary users (sysctl kernel.unprivileged_userns_clone=1; on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0). In a container: see docs/operations.md about the seccomp profile.",
	}
	if os.Geteuid() == 0 {
		do = capture.Text{SV: "Kör tjänsten som en vanlig användare, eller skapa användaren arsring som webbläsaren får köras som (capture.chrome_user).", EN: "Run the service as an ordinary user, or make the user arsring that the browser may run as (capture.chrome_user)."}
	}
	d.say("sandbox", state, capture.Text{SV: "Främmande sidor läses utan webbläsarens skydd.", EN: "Foreign pages are read without the browser's sandbox."}, do)
}

func (d *doctor) judgeVersion(version string, major int, err error) {
	sv, en := "Chrome "+version+" startar.", "Chrome "+version+" starts."
	if err != nil || major < oldestChrome {
		d.say("chrome", HealthError, capture.Text{SV: fmt.Sprintf("Chrome %s är för gammal.", version), EN: fmt.Sprintf("Chrome %s is too old.", version)},
			capture.Text{SV: fmt.Sprintf("Installera version %d eller nyare, eller peka ut en sådan med capture.chrome.", oldestChrome), EN: fmt.Sprintf("Install version %d or newer, or name such a one in capture.chrome.", oldestChrome)})
		return
	}
	d.ok("chrome", sv, en)
}

// noBrowser tells a browser that is not there from one that starts only without its sandbox.
func (d *doctor) noBrowser(ctx context.Context, cause error) {
	var missing *capture.NoChromeError
	found := errors.As(cause, &missing) && missing.Path != "" && !errors.Is(cause, exec.ErrNotFound) && !errors.Is(cause, os.ErrNotExist)
	if found && d.a.cfg.Capture.ChromeSandbox != "off" {
		if b, end, err := d.launch(ctx, "off"); err == nil {
			d.ok("chrome", "Chrome "+b.Version()+" startar, men bara utan sitt skydd.", "Chrome "+b.Version()+" starts, but only without its sandbox.")
			end()
			d.unprotected(HealthError)
			return
		}
	}
	if len(d.a.cfg.Capture.Remote) > 0 && !found {
		d.say("chrome", HealthWarning, capture.Text{SV: "Den här maskinen har ingen egen webbläsare: konton med inloggning och filer som lämnas in kan inte fångas här.", EN: "This machine has no browser of its own: accounts with a login and files that are handed in cannot be captured here."},
			capture.Text{SV: "Installera Chromium om det behövs (Debian: apt install chromium); annars räcker de fjärrstyrda.", EN: "Install Chromium where that is needed (Debian: apt install chromium); else the remote ones suffice."})
		return
	}
	do := capture.Text{SV: "Installera Chromium (Debian: apt install chromium), eller ange webbläsarens sökväg i capture.chrome.", EN: "Install Chromium (Debian: apt install chromium), or set capture.chrome to the browser's path."}
	d.say("chrome", HealthError, capture.Text{SV: "Ingen webbläsare startar: " + cause.Error(), EN: "No browser starts: " + cause.Error()}, do)
}

// launch starts the browser with no way out at all.
func (d *doctor) launch(ctx context.Context, sandbox string) (*capture.Browser, func(), error) {
	c := d.a.cfg.Capture
	proxy, err := egress.Start(ctx, egress.Options{Now: d.a.now})
	if err != nil {
		return nil, nil, err
	}
	b, err := capture.Launch(ctx, capture.Options{Chrome: c.Chrome, Sandbox: sandbox, User: c.ChromeUser, Egress: wayOut{proxy}, Flags: egress.ChromeFlags(proxy.Addr()), Env: d.a.env, Now: d.a.now})
	if err != nil {
		_ = proxy.Close()
		return nil, nil, err
	}
	return b, func() { _ = b.Close(); _ = proxy.Close() }, nil
}

// scripts are the writings that Swedish municipalities' readers use, with the language by which fontconfig knows a font for each.
var scripts = []struct {
	lang, sv, en, pkg string
}{
	{"sv", "svenska", "Swedish", "fonts-dejavu-core"}, {"ar", "arabiska", "Arabic", "fonts-noto-core"}, {"hi", "devanagari", "Devanagari", "fonts-noto-core"},
	{"zh-cn", "kinesiska", "Chinese", "fonts-noto-cjk"}, {"ja", "japanska", "Japanese", "fonts-noto-cjk"}, {"und-zsye", "emoji", "emoji", "fonts-noto-color-emoji"},
}

// writings asks fontconfig, as Chrome does, whether every script has a font.
func (d *doctor) writings(ctx context.Context) {
	program, err := exec.LookPath(d.fonts)
	if err != nil {
		d.say("fonts", HealthWarning, capture.Text{SV: "fc-list finns inte, så typsnitten kunde inte kontrolleras.", EN: "fc-list is not there, so fonts could not be checked."},
			capture.Text{SV: "Installera fontconfig.", EN: "Install fontconfig."})
		return
	}
	var sv, en, packages []string
	for _, s := range scripts {
		cmd := exec.CommandContext(ctx, program, ":lang="+s.lang)
		cmd.Env = d.a.env
		out, err := cmd.Output()
		if err == nil && len(bytes.TrimSpace(out)) > 0 {
			continue
		}
		sv, en = append(sv, s.sv), append(en, s.en)
		if !strings.Contains(strings.Join(packages, " "), s.pkg) {
			packages = append(packages, s.pkg)
		}
	}
	if len(sv) == 0 {
		d.ok("fonts", "Typsnitt finns för svenska, arabiska, devanagari, kinesiska, japanska och emoji.", "There are fonts for Swedish, Arabic, Devanagari, Chinese, Japanese and emoji.")
		return
	}
	install := "apt install " + strings.Join(packages, " ")
	d.say("fonts", HealthError, capture.Text{SV: "Typsnitt saknas för " + strings.Join(sv, ", ") + ": tecknen blir tomma rutor i arkivexemplaret.", EN: "There are no fonts for " + strings.Join(en, ", ") + ": the characters become empty boxes in the record."},
		capture.Text{SV: "Installera dem: " + install + ".", EN: "Install them: " + install + "."})
}
