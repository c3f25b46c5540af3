package capture

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"testing"
	"time"
)

type eg struct{ a string }

func (e eg) Addr() string { return e.a }
func (e eg) IP(h string) string { return "" }
func (e eg) Failure(h string) string { return "" }
func (e eg) Refused() []RefusedRequest { return nil }

func TestTry(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Second)
	defer cancel()
	px := httptest.NewServer(&httputil.ReverseProxy{Director: func(r *http.Request) {}})
	defer px.Close()
	t0 := time.Now()
	b, err := Launch(ctx, Options{Egress: eg{px.Listener.Addr().String()}})
	if err != nil { t.Fatal(err) }
	defer b.Close()
	t.Log("launch", time.Since(t0), b.Version(), b.Sandboxed())
	t0 = time.Now()
	c, err := b.Capture(ctx, Job{URL: os.Getenv("TRY_URL"), Image: "jpeg"}, "/tmp/cap/try")
	if err != nil { t.Fatal(err) }
	t.Log("capture", time.Since(t0), c.Outcome, c.Code, c.Sentence.EN, len(c.Tiles), c.Facts.IP)
	t.Logf("%v %v", c.Missing, c.Interventions)
	t0 = time.Now()
	if err := b.Print(ctx, []byte("<h1>hej</h1>"), "/tmp/cap/try/x.pdf"); err != nil { t.Fatal(err) }
	t.Log("print", time.Since(t0))
}
