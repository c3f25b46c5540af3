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

// reply passes an answer on; false when the connection cannot carry another.
func (c *client) reply(r *request, resp *http.Response) bool {
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
			h.Set("Transfer-Encoding", "chunked")
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
	if c.writeHead(resp) != nil {
		return false
	}
	if none {
		return !last
	}
	return c.writeBody(resp, chunked) == nil && !last
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
			return err
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
