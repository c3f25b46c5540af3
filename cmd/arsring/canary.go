package main

import (
	"context"
	"encoding/json"
	"fmt"

	"arsring/internal/app"
)

var canaryCommand = command{"canary [PLATFORM|ACCOUNT] [--json]", "look whether the platform files still find what they should", func(ctx context.Context, args []string) (int, error) {
	f := newFlags("canary")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	if f.NArg() > 1 {
		return exitUsage, wrongUse("name one platform or one account, or none for a sample of each platform")
	}
	a, _, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	accounts, err := a.CanaryAccounts(f.Arg(0))
	if err != nil {
		return exitUsage, err
	}
	code := exitKept
	for _, acc := range accounts {
		r, err := a.Canary(ctx, acc)
		if err != nil {
			return exitFailed, err
		}
		if len(r.Findings) > 0 {
			code = exitFailed
		}
		if err := showCanary(r, f.json); err != nil {
			return exitFailed, err
		}
	}
	return code, nil
}}

func showCanary(r app.Canary, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(jsonOut).Encode(r)
	}
	fmt.Fprintln(stdout, r.Line())
	for _, k := range r.Findings {
		fmt.Fprintf(stdout, "  - %s\n", k.Text)
	}
	return nil
}
