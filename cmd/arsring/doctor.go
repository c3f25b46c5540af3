package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"arsring/config"
	"arsring/internal/app"
)

var doctorCommand = command{"doctor [--json] [--send [--to ADDRESS]] | --live", "check browser, fonts, store, database, mail, clock, disk, logins, and say what to do", doctor}

func doctor(ctx context.Context, args []string) (int, error) {
	f := newFlags("doctor")
	send := f.Bool("send", false, "send a test letter to the first address of mail.to")
	to := f.String("to", "", "with --send: this address instead")
	live := f.Bool("live", false, "only ask the running daemon whether it lives")
	if err := f.parseAlone(args); err != nil {
		return exitUsage, err
	}
	if *to != "" && !*send || *live && *send {
		return exitUsage, wrongUse("--to goes with --send; --live goes alone")
	}
	a, cfg, err := f.open()
	if err != nil {
		return exitUsage, err
	}
	defer a.Close()
	if *live {
		return alive(ctx, a)
	}
	r := app.DoctorRequest{Tell: func(d app.Diagnosis) { showDiagnosis(d, cfg, f.json) }}
	if *send {
		if r.Send = *to; r.Send == "" && len(cfg.Mail.To) > 0 {
			r.Send = cfg.Mail.To[0]
		}
		if r.Send == "" || cfg.Mail.Host == "" {
			return exitUsage, wrongUse("--send needs mail.host, and mail.to or --to")
		}
	}
	if a.Doctor(ctx, r) == app.HealthError {
		return exitFailed, ctx.Err()
	}
	return exitKept, ctx.Err()
}

var healthWords = map[app.Health][2]string{app.HealthOK: {"ok", "ok"}, app.HealthWarning: {"varning", "warning"}, app.HealthError: {"FEL", "ERROR"}}

func showDiagnosis(d app.Diagnosis, cfg config.Config, asJSON bool) {
	if asJSON {
		_ = json.NewEncoder(jsonOut).Encode(d)
		return
	}
	word, arrow := healthWords[d.State][0], "gör så här"
	if cfg.Language == "en" {
		word, arrow = healthWords[d.State][1], "do this"
	}
	fmt.Fprintf(stdout, "%-8s %-10s %s\n", word, d.Check, d.Text.In(cfg.Language))
	if do := d.Do.In(cfg.Language); do != "" {
		fmt.Fprintf(stdout, "%-19s %s: %s\n", "", arrow, do)
	}
}

// alive asks the daemon of this configuration whether it lives: what a container's health check runs.
func alive(ctx context.Context, a *app.App) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	address, client, err := a.Liveness()
	if err != nil {
		return exitUsage, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return exitFailed, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return exitFailed, fmt.Errorf("no daemon answers at %s: %w", address, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("the daemon is not well: %s", body)
	}
	if err != nil {
		return exitFailed, err
	}
	fmt.Fprint(stdout, string(body))
	return exitKept, nil
}
