package app

import (
	"context"
	"fmt"

	"arsring/internal/capture"
	"arsring/internal/job"
)

// calendar checks the settings of openings, windows and forbidden periods together.
func (d *doctor) calendar(context.Context) {
	if _, err := d.a.Calendar(); err != nil {
		d.say("calendar", HealthError, unwrapUsage(err), capture.Text{SV: "Rätta inställningarna under calendar.", EN: "Correct the settings under calendar."})
		return
	}
	d.ok("calendar", "Öppningsdagar, fönster och förbjudna tider går ihop.", "Openings, windows and forbidden periods fit together.")
}

// database opens the queue of jobs.
func (d *doctor) database(ctx context.Context) {
	q, err := d.a.Queue(ctx)
	if err != nil {
		d.failed("database", err, capture.Text{SV: "Kontrollera jobs.database, och att databasen tar emot anslutningar härifrån.", EN: "Check jobs.database, and that the database takes connections from here."})
		return
	}
	defer q.Close()
	n, err := q.Counts(ctx)
	if err != nil {
		d.failed("database", err, capture.Text{SV: "Kontrollera att användaren får skapa och läsa tabeller.", EN: "Check that the user may make and read tables."})
		return
	}
	d.ok("database", fmt.Sprintf("Jobbdatabasen svarar: %d väntar, %d behöver en person, %d har gett upp.", n[job.Waiting], n[job.NeedsPerson], n[job.GivenUp]),
		fmt.Sprintf("The job database answers: %d wait, %d need a person, %d were given up.", n[job.Waiting], n[job.NeedsPerson], n[job.GivenUp]))
}
