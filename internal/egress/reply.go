package egress

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// bodyError is an answer that broke off on the server's side.
type bodyError struct{ err error }

func (e *bodyError) Error() string { return "the answer broke off" }
func (e *bodyError) Unwrap() error { return e.err }

// reply passes an answer on. keep tells whether the browser's connection can carry another; an error, a *bodyError when it is the
// server's, means that the answer is not whole.
func (c *client) reply(r *request, resp *http.Response) (keep bool, err error) {
	h := resp.Header
	cleanHop(h)
	// What only this proxy says no server may say.
	h.Del("X-Arsring-Refused")
	h.Del("X-Arsring-Failed")
	none := r.Method == http.MethodHead || resp.StatusCode == http.StatusNoContent || resp.StatusCode == http.StatusNotModified
	chunked, last := false, r.Close || r.ProtoMinor == 0
	switch {
	case none:
	case resp.ContentLength >= 0:
		h.Set("Content-Length", strconv.FormatInt(resp.ContentLength, 10))
	default:
		h.Del("Content-Length")
		if chunked = r.ProtoMinor > 0; chunked {
			h.Set("Transfer-Encoding", "chunked") //nolint:gosec // the length has just been deleted
		}
		last = last || !chunked
	}
	if last {
		h.Set("Connection", "close")
	}
	if chunked && len(resp.Trailer) > 0 {
		for name := range resp.Trailer {
			h.Add("Trailer", name)
		}
	}
	if err = c.writeHead(resp); err == nil && !none {
		err = c.writeBody(resp, chunked)
	}
	return err == nil && !last, err
}

func (c *client) writeHead(resp *http.Response) error {
	var b bytes.Buffer
	reason := strings.TrimPrefix(strings.TrimPrefix(resp.Status, strconv.Itoa(resp.StatusCode)), " ")
	fmt.Fprintf(&b, "HTTP/1.1 %03d %s\r\n", resp.StatusCode, reason)
	_ = resp.Header.Write(&b)
	b.WriteString("\r\n")
	_ = c.conn.SetWriteDeadline(time.Now().Add(c.p.o.IdleTimeout))
	_, err := c.conn.Write(b.Bytes())
	return err
}

// writeBody passes the body on piece by piece as it comes, so that a stream stays one.
func (c *client) writeBody(resp *http.Response, chunked bool) error {
	const room = 8 // for a chunk's size before it
	bp := buffers.Get().(*[]byte)
	defer buffers.Put(bp)
	b := *bp
	for {
		n, err := resp.Body.Read(b[room : len(b)-2])
		if n > 0 {
			out := b[room : room+n]
			if chunked {
				size := fmt.Sprintf("%06x\r\n", n)
				copy(b, size)
				out = append(b[:room+n], "\r\n"...)
			}
			_ = c.conn.SetWriteDeadline(time.Now().Add(c.p.o.IdleTimeout))
			if _, werr := c.conn.Write(out); werr != nil {
				return werr
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return &bodyError{err}
		}
	}
	if !chunked {
		return nil
	}
	var end bytes.Buffer
	end.WriteString("0\r\n")
	_ = resp.Trailer.Write(&end)
	end.WriteString("\r\n")
	_, err := c.conn.Write(end.Bytes())
	return err
}
