package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
)

var listCommand = command{"list [--json]", "what the archive holds", func(ctx context.Context, args []string) (int, error) {
	f := newFlags("list")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	a, _, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	entries, err := a.List(ctx)
	if err != nil {
		return exitFailed, err
	}
	for _, e := range entries {
		if f.json {
			if err := json.NewEncoder(os.Stdout).Encode(e); err != nil {
				return exitFailed, err
			}
			continue
		}
		receipt := "kvitto finns"
		if !e.Receipt {
			receipt = "KVITTO SAKNAS"
		}
		fmt.Printf("%-60s %6d kB  %s\n", e.ID, e.Bytes/1024, receipt)
	}
	if len(entries) == 0 && !f.json {
		fmt.Println("Arkivet är tomt. `arsring snapshot KONTO` tar en ögonblicksbild.")
	}
	return exitKept, nil
}}

var exportCommand = command{"export SNAPSHOT DIR", "write a snapshot's package to a folder", func(ctx context.Context, args []string) (int, error) {
	f := newFlags("export")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	if f.NArg() != 2 {
		return exitUsage, wrongUse("name a snapshot and a folder")
	}
	a, _, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	dir, err := a.Export(ctx, f.Arg(0), f.Arg(1))
	if err != nil {
		return exitFailed, err
	}
	fmt.Println(dir)
	return exitKept, nil
}}

var storeCommand = command{"store", "serve the embedded store (started by run, demo and snapshot)", func(ctx context.Context, args []string) (int, error) {
	f := newFlags("store")
	if err := f.parse(args); err != nil {
		return exitUsage, err
	}
	a, _, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	if err := a.ServeStore(ctx); err != nil {
		return exitFailed, err
	}
	return exitKept, nil
}}
