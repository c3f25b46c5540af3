package egress

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/textproto"
	"strings"
)

// isUpgrade tells a request that wants to leave HTTP, as a WebSocket handshake does (RFC 9110 section 7.8).
func isUpgrade(h http.Header) bool {
	if h.Get("Upgrade") == "" {
		return false
	}
	for _, line := range h["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(textproto.TrimString(name), "upgrade") {
				return true
			}
		}
	}
	return false
}

// upgrade carries a handshake over a connection of its own: when the server switches, what follows is a tunnel.
func (c *client) upgrade(ctx context.Context, r *request, rt route) bool {
	conn, early, d := c.p.connect(ctx, rt)
	if d != nil {
		return c.deny(r, d)
	}
	defer c.p.drop(conn)
	protocol := r.Header.Get("Upgrade")
	plain := rt
	plain.parent = false // inside the tunnel the server itself is spoken to
	out := c.p.outgoing(ctx, r, plain, &bodyReader{c: c, r: r})
	out.Header.Set("Connection", "Upgrade")
	out.Header.Set("Upgrade", protocol)
	m := c.p.metered(conn)
	br := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(early), m), 16<<10)
	if err := out.Write(m); err != nil {
		return c.deny(r, c.p.broken(rt, nil, err))
	}
	resp, err := http.ReadResponse(br, out)
	if d := c.p.broken(rt, resp, err); d != nil {
		return c.deny(r, d)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSwitchingProtocols {
		resp.Close = true
		r.Close = true
		return c.reply(r, resp)
	}
	cleanHop(resp.Header)
	resp.Header.Set("Connection", "Upgrade")
	resp.Header.Set("Upgrade", protocol)
	if c.writeHead(resp) != nil {
		return false
	}
	first, _ := br.Peek(br.Buffered())
	if _, err := c.conn.Write(first); err == nil {
		newTunnel(c, r, conn, true).run()
	}
	return false
}
