package capture

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A browser that is to say whose it is does so after its own name, to the page's server and to its scripts; one that is not says nothing.
func TestIntroduce(t *testing.T) {
	agents := make(chan string, 10)
	s := newStage(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agents <- r.UserAgent()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><link rel=icon href='data:,'><title>x</title><p>x")
	}))
	s.open("/plain")
	plain := <-agents
	if strings.Contains(plain, "Arsring") || !strings.Contains(plain, "Chrom") {
		t.Errorf("without a contact: %q", plain)
	}
	s.tab.b.o.Contact = "arkiv@exempelby.example"
	if err := s.tab.introduce(s.ctx); err != nil {
		t.Fatal(err)
	}
	s.open("/named")
	want := plain + " Arsring (+arkiv@exempelby.example)"
	if got := <-agents; got != want {
		t.Errorf("with a contact: %q, want %q", got, want)
	}
}
