package main

import (
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"arsring/internal/app"
)

// progress shows one snapshot's stages as a bar, on a terminal only.
type progress struct{ bar *progressbar.ProgressBar }

// stageSteps weigh the stages, so that the bar moves about as time does.
var stageSteps = map[string]int64{"capture": 5, "record": 70, "pdfa": 85, "package": 90, "deliver": 93}

var stageNames = map[string]string{"wait": "väntar på pausen för plattformen", "capture": "fångar sidan", "record": "skriver arkivexemplar", "pdfa": "gör PDF/A", "package": "packar", "deliver": "levererar och läser tillbaka"}

func newProgress(quiet bool) *progress {
	if quiet || !term.IsTerminal(int(os.Stderr.Fd())) {
		return &progress{}
	}
	return &progress{progressbar.NewOptions(100, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetWidth(40), progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false), progressbar.OptionClearOnFinish())}
}

func (p *progress) tell(g app.Progress) {
	if p.bar == nil {
		return
	}
	at := stageSteps[g.Stage]
	if g.Total > 0 {
		at += (99 - at) * g.Done / g.Total
	}
	p.bar.Describe(g.Snapshot + " " + stageNames[g.Stage])
	_ = p.bar.Set64(at) // a terminal that cannot be written to shows no bar
}

func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
