package archive

import (
	"errors"
	"net/http"
	"testing"
	"time"
)

// shifted is a way to the store whose answers carry another date.
type shifted struct {
	http.RoundTripper
	date string
}

func (s shifted) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Header.Set("Date", s.date)
	}
	return resp, err
}

func TestClockIsTheStoresOwn(t *testing.T) {
	s := openStore(t, startGateway(t, true, false))
	at, took, err := s.Clock(t.Context())
	if err != nil || time.Since(at).Abs() > took+2*time.Second {
		t.Errorf("%v after %v, %v", at, took, err)
	}
	rt := http.RoundTripper(s.tr)
	s.tr, s.o.Transport = nil, shifted{rt, "Wed, 14 Oct 2026 12:00:00 GMT"}
	if at, _, err = s.Clock(t.Context()); err != nil || !at.Equal(time.Date(2026, 10, 14, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("%v, %v", at, err)
	}
	s.o.Transport = shifted{rt, "i morse"}
	if _, _, err = s.Clock(t.Context()); err == nil {
		t.Error("a date that is none was read")
	}
	s.o.Transport = cutting{}
	if _, _, err = s.Clock(t.Context()); err == nil {
		t.Error("a store that does not answer has a clock")
	}
}

type cutting struct{}

func (cutting) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("cut") }
