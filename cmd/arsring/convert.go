package main

import (
	"context"
	"os"

	"arsring/internal/app"
)

// convertCommand opens one foreign file for the process that started it, and is limited in time and memory.
var convertCommand = command{"convert", "", func(ctx context.Context, _ []string) (int, error) {
	if err := app.ServeApart(ctx, os.Stdin, os.Stdout); err != nil {
		return exitFailed, err
	}
	return exitKept, nil
}}
