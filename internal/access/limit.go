package access

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter holds tries back by key: so many at once, then one each interval.
type limiter struct {
	burst int
	every time.Duration

	mu   sync.Mutex
	keys map[string]*rate.Limiter
}

func newLimiter(burst int, every time.Duration) *limiter {
	return &limiter{burst: burst, every: every, keys: map[string]*rate.Limiter{}}
}

// mostKeys bounds the memory that strangers can take. Reached, keys whose tries have all come back are forgotten.
const mostKeys = 10_000

func (l *limiter) allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	r, ok := l.keys[key]
	if !ok {
		if len(l.keys) >= mostKeys {
			l.forget(now)
		}
		r = rate.NewLimiter(rate.Every(l.every), l.burst)
		l.keys[key] = r
	}
	return r.AllowN(now, 1)
}

func (l *limiter) forget(now time.Time) {
	for k, r := range l.keys {
		if r.TokensAt(now) >= float64(l.burst) {
			delete(l.keys, k)
		}
	}
	if len(l.keys) >= mostKeys {
		clear(l.keys) // a flood from thousands of places: the limit by login still holds where it matters
	}
}

func (l *limiter) reset(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.keys, key)
}
