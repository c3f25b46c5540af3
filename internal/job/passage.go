package job

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Stage is one step of a passage. Run must leave Output (relative to the passage's folder) in place whole or not at all, and may be called
// again after any interruption. Before it is called again, whatever it left in Clean is removed.
type Stage struct {
	Name   string
	Output string
	Clean  []string
	Run    func(ctx context.Context, dir string) error
}

// ErrStop ends a passage early without an error: a stage found that nothing more is to be done.
var ErrStop = errors.New("the passage ends here")

// StageError says in which stage a passage stopped; the outputs before it are kept.
type StageError struct {
	Stage string
	Err   error
}

// Error names the stage.
func (e *StageError) Error() string { return fmt.Sprintf("%s: %v", e.Stage, e.Err) }

// Unwrap gives the cause.
func (e *StageError) Unwrap() error { return e.Err }

// Passage runs stages in a folder. Took, when not nil, hears how long each stage took that was run.
type Passage struct {
	Dir    string
	Stages []Stage
	Took   func(stage string, d time.Duration)
}

// Run runs every stage whose output is missing, in order.
func (p Passage) Run(ctx context.Context) error {
	for _, s := range p.Stages {
		if _, err := os.Stat(filepath.Join(p.Dir, s.Output)); err == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return &StageError{s.Name, err}
		}
		for _, c := range s.Clean {
			if err := os.RemoveAll(filepath.Join(p.Dir, c)); err != nil {
				return &StageError{s.Name, err}
			}
		}
		start := time.Now()
		err := s.Run(ctx, p.Dir)
		if p.Took != nil {
			p.Took(s.Name, time.Since(start))
		}
		if errors.Is(err, ErrStop) {
			return nil
		}
		if err != nil {
			return &StageError{s.Name, err}
		}
	}
	return nil
}
