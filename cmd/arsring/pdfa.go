package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"arsring/internal/app"
)

var pdfaCommand = command{"pdfa IN OUT [--replace-fonts] | --check IN  [--json]", "make a PDF a PDF/A, or check one", func(ctx context.Context, args []string) (int, error) {
	f := newFlags("pdfa")
	check := f.String("check", "", "check this file instead of converting")
	replace := f.Bool("replace-fonts", false, "fonts that the file does not carry may be replaced by fonts of this machine with the same widths")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	switch {
	case f.Changed("check") && (f.NArg() > 0 || *replace):
		return exitUsage, wrongUse("--check names the one file and goes alone")
	case !f.Changed("check") && f.NArg() != 2:
		return exitUsage, wrongUse("name the PDF and, as another file, the PDF/A to be made of it; or give --check IN")
	}
	var r app.PDFAResult
	var err error
	if f.Changed("check") {
		r, err = app.CheckPDF(ctx, *check)
	} else {
		r, err = app.ConvertPDF(ctx, f.Arg(0), f.Arg(1), version(), time.Now(), *replace)
	}
	if err != nil {
		return exitFailed, err
	}
	if f.json {
		if err := json.NewEncoder(jsonOut).Encode(r); err != nil {
			return exitFailed, err
		}
	} else {
		for _, line := range r.Lines() {
			fmt.Fprintln(stdout, line)
		}
	}
	if !r.OK {
		return exitFailed, nil
	}
	return exitKept, nil
}}
