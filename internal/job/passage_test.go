package job

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// stages writes one file a stage and says which ran; the stage named fail leaves remains and breaks.
func stages(ran *[]string, fail *string) []Stage {
	var out []Stage
	for _, name := range []string{"a", "b", "c"} {
		out = append(out, Stage{Name: name, Output: name + ".out", Clean: []string{name + ".tmp"}, Run: func(_ context.Context, dir string) error {
			*ran = append(*ran, name)
			tmp := filepath.Join(dir, name+".tmp")
			if _, err := os.Stat(tmp); err == nil {
				return errors.New("remains of the run before are still there")
			}
			if err := os.WriteFile(tmp, []byte(name), 0o600); err != nil {
				return err
			}
			if *fail == name {
				return errBroken
			}
			return os.Rename(tmp, filepath.Join(dir, name+".out"))
		}})
	}
	return out
}

var errBroken = errors.New("broken")

func TestPassageResumesAtTheFirstMissingOutput(t *testing.T) {
	var ran []string
	fail := "b"
	p := Passage{Dir: t.TempDir(), Stages: stages(&ran, &fail)}
	err := p.Run(t.Context())
	var stage *StageError
	if !errors.As(err, &stage) || stage.Stage != "b" || !errors.Is(err, errBroken) {
		t.Fatalf("got %v, want the error of stage b", err)
	}
	if !slices.Equal(ran, []string{"a", "b"}) {
		t.Fatalf("ran %v before the error", ran)
	}
	ran, fail = nil, ""
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(ran, []string{"b", "c"}) {
		t.Errorf("ran %v after the error, want b and c", ran)
	}
	ran = nil
	if err := p.Run(t.Context()); err != nil || ran != nil {
		t.Errorf("a finished passage ran %v, error %v", ran, err)
	}
	if err := os.Remove(filepath.Join(p.Dir, "b.out")); err != nil {
		t.Fatal(err)
	}
	if err := p.Run(t.Context()); err != nil || !slices.Equal(ran, []string{"b"}) {
		t.Errorf("ran %v for one missing output, error %v", ran, err)
	}
}

func TestPassageEndsEarlyAndKeepsTime(t *testing.T) {
	var took []string
	p := Passage{Dir: t.TempDir(), Took: func(stage string, d time.Duration) {
		if d < 0 {
			t.Errorf("stage %s took %v", stage, d)
		}
		took = append(took, stage)
	}, Stages: []Stage{
		{Name: "look", Output: "look.out", Run: func(context.Context, string) error { return ErrStop }},
		{Name: "keep", Output: "keep.out", Run: func(context.Context, string) error { t.Error("ran after the end"); return nil }},
	}}
	if err := p.Run(t.Context()); err != nil {
		t.Errorf("an early end is no error: %v", err)
	}
	if !slices.Equal(took, []string{"look"}) {
		t.Errorf("times of %v", took)
	}
}

func TestPassageHeedsItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := Passage{Dir: t.TempDir(), Stages: []Stage{
		{Name: "one", Output: "one.out", Run: func(_ context.Context, dir string) error {
			cancel()
			return os.WriteFile(filepath.Join(dir, "one.out"), nil, 0o600)
		}},
		{Name: "two", Output: "two.out", Run: func(context.Context, string) error { t.Error("ran after the end of its context"); return nil }},
	}}
	err := p.Run(ctx)
	var stage *StageError
	if !errors.Is(err, context.Canceled) || !errors.As(err, &stage) || stage.Stage != "two" {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(p.Dir, "one.out")); err != nil {
		t.Errorf("the output made before is gone: %v", err)
	}
}
