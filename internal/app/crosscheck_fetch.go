package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// throughProxy is a client whose every connection goes through the capture's own proxy: pinned, and never into private networks.
func throughProxy(addr string) *http.Client {
	return &http.Client{
		Transport: &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: addr}), ResponseHeaderTimeout: askOne, TLSHandshakeTimeout: askOne, MaxIdleConnsPerHost: 1},
		Timeout:   askOne,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > 3 || !sameSite(r.URL, via[0].URL) {
				return errors.New("it leads elsewhere")
			}
			return nil
		},
	}
}

// get asks for one address, politely: a pause between two requests, no cookie, no key, and no second try where the service asks to wait.
func (q *inquiry) get(address string) ([]byte, http.Header, error) {
	if q.left <= 0 {
		return nil, nil, errors.New("more would have to be asked than is polite")
	}
	if q.left < askMost {
		select {
		case <-q.ctx.Done():
			return nil, nil, q.ctx.Err()
		case <-time.After(askBetween):
		}
	}
	q.left--
	req, err := http.NewRequestWithContext(q.ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("User-Agent", q.name)
	req.Header.Set("Accept", "application/json, application/rss+xml, application/atom+xml, application/xml;q=0.9")
	res, err := q.http.Do(req)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err // without the address, which may hold more than is to be told
		}
		return nil, nil, fmt.Errorf("the service did not answer: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable {
		q.left = 0
	}
	if res.StatusCode != http.StatusOK {
		return nil, nil, fmt.Errorf("the service answered %d", res.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, askBytes+1))
	if err == nil && len(data) > askBytes {
		err = errors.New("the answer is too long")
	}
	return data, res.Header, err
}

// getJSON asks for one address and reads the answer as JSON.
func (q *inquiry) getJSON(address string, into any) (http.Header, error) {
	data, h, err := q.get(address)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return nil, errors.New("the answer is not what is documented")
	}
	return h, nil
}

// at gives an address on the page's own host.
func (q *inquiry) at(path string, query url.Values) string {
	u := url.URL{Scheme: q.page.Scheme, Host: q.page.Host, Path: path, RawQuery: query.Encode()}
	return u.String()
}

// clipLine makes one short line of what a service said.
func clipLine(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	return string(r[:min(len(r), n)])
}
