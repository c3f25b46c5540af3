package job

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"arsring/internal/validators"
)

// BenchmarkQueue puts 10,000 orders into the queue and works them with work that takes no time: what the queue itself costs.
func BenchmarkQueue(b *testing.B) {
	pg := validators.Postgres(b)
	b.Run("sqlite", func(b *testing.B) { benchQueue(b, filepath.Join(b.TempDir(), "jobs.db")) })
	b.Run("postgres", func(b *testing.B) { benchQueue(b, pg.Database(b)) })
}

func benchQueue(b *testing.B, address string) {
	const n = 10_000
	q, err := Open(b.Context(), Options{Database: address, Parallel: 200, Poll: 10 * time.Millisecond})
	if err != nil {
		b.Fatal(err)
	}
	defer q.Close()
	slot := 0
	var inserting, slots, working time.Duration
	var left sync.WaitGroup
	for b.Loop() {
		slot++
		orders := make([]Order, n)
		for i := range orders {
			orders[i] = scheduledOrder(fmt.Sprintf("konto-%05d", i), fmt.Sprint(slot))
			orders[i].Lane = fmt.Sprintf("web:%d.example.org", i)
		}
		start := time.Now()
		for at := 0; at < n; at += 100 {
			if _, err := q.Order(b.Context(), orders[at:at+100]...); err != nil {
				b.Fatal(err)
			}
		}
		inserting += time.Since(start)
		start = time.Now()
		if s, err := q.Slots(b.Context()); err != nil || len(s) != n {
			b.Fatalf("%d accounts, %v", len(s), err)
		}
		slots += time.Since(start)
		left.Add(n)
		start = time.Now()
		if slot == 1 {
			err = q.Work(b.Context(), func(ctx context.Context, t Task) Verdict {
				defer left.Done()
				if _, err := t.Enter(ctx, 0); err != nil {
					b.Error(err)
				}
				return Verdict{State: Delivered}
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		left.Wait()
		working += time.Since(start)
	}
	b.StopTimer()
	if err := q.Stop(context.WithoutCancel(b.Context()), time.Minute); err != nil {
		b.Fatal(err)
	}
	per := float64(n * b.N)
	b.ReportMetric(per/inserting.Seconds(), "inserted/s")
	b.ReportMetric(per/working.Seconds(), "worked/s")
	b.ReportMetric(float64(slots.Milliseconds())/float64(b.N), "ms/slots-of-10000")
	b.ReportMetric(0, "ns/op")
}
