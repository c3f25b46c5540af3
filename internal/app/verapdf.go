package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"
	"time"
)

// veraPDFTime is how long veraPDF may look at one record; it takes a fifth of a second a file when nothing else runs, and three to start.
const veraPDFTime = 5 * time.Minute

// secondOpinion is what veraPDF said of a record. It stands in the package beside the own report.
type secondOpinion struct {
	Valid   bool            `json:"valid"`
	Failed  []string        `json:"failed"`            // the broken rules: clause and number of the test
	Error   string          `json:"error,omitempty"`   // why there is no opinion
	Release json.RawMessage `json:"release,omitempty"` // its own words on itself
	Report  json.RawMessage `json:"report,omitempty"`  // its own words on the file
}

// denies says that veraPDF was asked, answered, and found a broken rule.
func (o *secondOpinion) denies() bool { return o != nil && o.Error == "" && !o.Valid }

// second asks veraPDF, where a path to it is set. An opinion that cannot be had holds nothing up: it is said in the log and in the package.
func (a *App) second(ctx context.Context, file string) *secondOpinion {
	if a.cfg.PDFA.VeraPDF == "" {
		return nil
	}
	o, err := askVeraPDF(ctx, a.cfg.PDFA.VeraPDF, file)
	if err != nil {
		a.log.Warn("veraPDF gave no second opinion", slog.Any("error", err))
		return &secondOpinion{Failed: []string{}, Error: "veraPDF gave no answer"}
	}
	return o
}

func askVeraPDF(ctx context.Context, program, file string) (*secondOpinion, error) {
	ctx, cancel := context.WithTimeout(ctx, veraPDFTime)
	defer cancel()
	// Flavour 0 is what the file declares, all of it.
	cmd := exec.CommandContext(ctx, program, "--flavour", "0", "--format", "json", "--maxfailuresdisplayed", "1", "--nonpdfext", file)
	var out, bad bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &bad
	// Its exit code is 1 for a file that breaks a rule: the report is what counts.
	var exit *exec.ExitError
	if err := runChild(cmd); err != nil && !errors.As(err, &exit) {
		return nil, fmt.Errorf("run pdfa.verapdf: %w", err)
	}
	o, err := readOpinion(out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, strings.TrimSpace(bad.String()))
	}
	return o, nil
}

// readOpinion reads veraPDF's report on one file.
func readOpinion(report []byte) (*secondOpinion, error) {
	var r struct {
		Report struct {
			Build json.RawMessage `json:"buildInformation"`
			Jobs  []struct {
				Result json.RawMessage `json:"validationResult"`
			} `json:"jobs"`
		} `json:"report"`
	}
	if err := json.Unmarshal(report, &r); err != nil || len(r.Report.Jobs) != 1 || r.Report.Jobs[0].Result == nil {
		return nil, errors.New("veraPDF's answer is no report on one file")
	}
	o := &secondOpinion{Failed: []string{}, Release: r.Report.Build, Report: r.Report.Jobs[0].Result}
	var profiles []struct {
		Compliant bool `json:"compliant"`
		Details   struct {
			Rules []struct {
				Clause string `json:"clause"`
				Test   int    `json:"testNumber"`
			} `json:"ruleSummaries"`
		} `json:"details"`
	}
	if err := json.Unmarshal(o.Report, &profiles); err != nil || len(profiles) == 0 {
		return nil, errors.New("veraPDF's report holds no verdict")
	}
	o.Valid = true
	for _, p := range profiles {
		o.Valid = o.Valid && p.Compliant
		for _, rule := range p.Details.Rules {
			o.Failed = append(o.Failed, fmt.Sprintf("%s-%d", rule.Clause, rule.Test))
		}
	}
	return o, nil
}
