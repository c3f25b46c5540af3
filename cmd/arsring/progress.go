package main

import (
	"os"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"arsring/internal/app"
)

// progress shows one snapshot's stages as a bar, on a terminal only.
type progress struct {
	p     *mpb.Progress
	bar   *mpb.Bar
	stage string
	id    string
}

// stageSteps weigh the stages, so that the bar moves about as time does.
var stageSteps = map[string]int64{"capture": 5, "record": 70, "pdfa": 85, "package": 90, "deliver": 93}

var stageNames = map[string]string{"wait": "väntar på pausen för plattformen", "capture": "fångar sidan", "record": "skriver arkivexemplar", "pdfa": "gör PDF/A", "package": "packar", "deliver": "levererar och läser tillbaka"}

func newProgress(quiet bool) *progress {
	if quiet || !term.IsTerminal(int(os.Stderr.Fd())) {
		return &progress{}
	}
	return &progress{p: mpb.New(mpb.WithOutput(os.Stderr), mpb.WithWidth(40))}
}

func (p *progress) tell(g app.Progress) {
	if p.p == nil {
		return
	}
	p.stage, p.id = stageNames[g.Stage], g.Snapshot
	if p.bar == nil {
		p.bar = p.p.AddBar(100, mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return p.id + " " })),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return " " + p.stage })), mpb.BarRemoveOnComplete())
	}
	at := stageSteps[g.Stage]
	if g.Total > 0 {
		at += (99 - at) * g.Done / g.Total
	}
	p.bar.SetCurrent(at)
}

func (p *progress) done() {
	if p.p == nil {
		return
	}
	if p.bar != nil {
		p.bar.Abort(true)
	}
	p.p.Wait()
}
