package archive

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Clock gives the store's own time, by the Date header of an answer to a question that needs no keys, and how long the answer took. The header
// counts whole seconds (RFC 9110 section 6.6.1). The error is for a store that does not answer or does not say.
func (s *Store) Clock(ctx context.Context) (at time.Time, took time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, s.o.Endpoint+"/", nil)
	if err != nil {
		return at, 0, err
	}
	var rt http.RoundTripper = s.tr
	if s.tr == nil {
		rt = s.o.Transport
	}
	start := time.Now()
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return at, 0, s.fault(err, "")
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	took = time.Since(start)
	at, err = http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return at, took, fmt.Errorf("%s says no time in its answers: %w", s.o.Endpoint, err)
	}
	return at, took, nil
}
