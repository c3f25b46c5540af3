package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"arsring/config"
)

// TestThreatModelNamesTests: each defence in docs/threat-model.md points at a test that exists.
func TestThreatModelNamesTests(t *testing.T) {
	root := filepath.Join("..", "..")
	doc, err := os.ReadFile(filepath.Join(root, "docs", "threat-model.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z/]+)\\.((?:Test|Fuzz)\\w+)`").FindAllStringSubmatch(string(doc), -1)
	if len(named) < 60 {
		t.Fatalf("only %d tests are named", len(named))
	}
	for _, m := range named {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(m[1]), "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			found = found || bytes.Contains(text, []byte("\nfunc "+m[2]+"("))
		}
		if !found {
			t.Errorf("docs/threat-model.md names %s.%s, which does not exist", m[1], m[2])
		}
	}
	t.Logf("%d tests are named", len(named))
}

// TestLogsKeepToTheirLine: a text from a page makes no line of its own in the log, in neither form, and steers no terminal.
func TestLogsKeepToTheirLine(t *testing.T) {
	rough := "Sida\ntime=2026-01-01T00:00:00Z level=ERROR msg=\"forged\"\r\x1b[2J\u202egnp\u2028{\"level\":\"ERROR\"}"
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log := logTo(&out, config.Log{Level: "info", Format: format})
		log.Info("captured", "title", rough, "group", slog.GroupValue(slog.String("url", rough)))
		if n := strings.Count(out.String(), "\n"); n != 1 || strings.ContainsFunc(strings.TrimSuffix(out.String(), "\n"), steers) {
			t.Errorf("%s: %d lines: %q", format, n, out.String())
		}
	}
}
