package notify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// beat calls the heartbeat's address at once and then every HeartbeatEvery, as long as all is well. Whoever listens there raises the alarm when
// the calls stop: a daemon that is dead cannot say so itself.
func (t *Teller) beat(ctx context.Context) {
	if t.o.Heartbeat == "" {
		return
	}
	for ctx.Err() == nil {
		next := t.o.HeartbeatEvery
		if err := t.beatOnce(ctx); err != nil && ctx.Err() == nil {
			t.o.Report(err)
			next = min(next, beatAgain)
		}
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}

// beatAgain is how soon a beat that was missed is made up for, so that a moment's trouble raises no alarm.
const beatAgain = 30 * time.Second

func (t *Teller) beatOnce(ctx context.Context) error {
	if t.o.Healthy != nil {
		if err := t.o.Healthy(ctx); err != nil {
			return fmt.Errorf("the heartbeat is held back: %w", err)
		}
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, t.o.Heartbeat, nil)
	if err != nil {
		return errors.New("notify.heartbeat is no address: it begins with https://")
	}
	req.Header.Set("User-Agent", "Arsring")
	if err := finish(patient(nil, 1).Do(req)); err != nil {
		return fmt.Errorf("the heartbeat's address did not answer: %w", err)
	}
	return nil
}
