package egress

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
)

// BenchmarkThroughput gives the same stream raw, through a tunnel, through a bounded one, and as a plain answer.
func BenchmarkThroughput(b *testing.B) {
	const size = 256 << 20
	source := rawServer(b, func(c *net.TCPConn) {
		buf := make([]byte, 1<<20)
		for range size >> 20 {
			if _, err := c.Write(buf); err != nil {
				return
			}
		}
	})
	_, web := site(b, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(size))
		buf := make([]byte, 1<<20)
		for range size >> 20 {
			_, _ = w.Write(buf)
		}
	})
	drain := func(b *testing.B, r io.Reader) {
		if n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, r, make([]byte, 256<<10)); err != nil || n != size {
			b.Fatal(n, err)
		}
	}
	b.Run("raw", func(b *testing.B) {
		for b.SetBytes(size); b.Loop(); {
			c, err := net.Dial("tcp", source)
			if err != nil {
				b.Fatal(err)
			}
			drain(b, struct{ io.Reader }{c})
			c.Close()
		}
	})
	for name, limit := range map[string]int64{"tunnel": 0, "bounded tunnel": 1 << 50} {
		b.Run(name, func(b *testing.B) {
			p := start(b, Options{Allow: []string{source}, MaxBytes: limit})
			for b.SetBytes(size); b.Loop(); {
				c, br := connect(b, p, source)
				drain(b, struct{ io.Reader }{br})
				c.Close()
			}
		})
	}
	for _, through := range []bool{false, true} {
		b.Run(fmt.Sprintf("plain, proxy %v", through), func(b *testing.B) {
			c := http.DefaultClient
			if through {
				c = throughProxy(b, start(b, Options{Allow: []string{web}}))
			}
			for b.SetBytes(size); b.Loop(); {
				resp, err := c.Get("http://" + web + "/")
				if err != nil {
					b.Fatal(err)
				}
				drain(b, struct{ io.Reader }{resp.Body})
				resp.Body.Close()
			}
		})
	}
}

func throughProxy(b *testing.B, p *Proxy) *http.Client { return through(b, p, nil) }

// BenchmarkRequests gives the cost of a small request, connections kept.
func BenchmarkRequests(b *testing.B) {
	_, web := site(b, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })
	for _, proxied := range []bool{false, true} {
		b.Run(fmt.Sprintf("proxy %v", proxied), func(b *testing.B) {
			c := http.DefaultClient
			if proxied {
				c = throughProxy(b, start(b, Options{Allow: []string{web}}))
			}
			for b.Loop() {
				resp, err := c.Get("http://" + web + "/")
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
		})
	}
}
