package pdfa

import (
	"context"
	"errors"
	"io"
)

// Convert reads a PDF and writes a PDF/A.
func Convert(ctx context.Context, in io.ReadSeeker, out io.Writer, o Options) (Report, error) {
	return Report{}, errors.New("pdfa: not built yet")
}

// Check reads a PDF and reports its declared level and the rules that fail at that level.
func Check(ctx context.Context, in io.ReadSeeker) (Report, error) {
	return Report{}, errors.New("pdfa: not built yet")
}
