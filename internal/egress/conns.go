package egress

import (
	"net"
	"sync"
)

// connSet holds the open connections, so that the proxy can end them all.
type connSet struct {
	mu     sync.Mutex
	m      map[*net.TCPConn]side
	n      int // of the browser
	closed bool
}

type side int

const (
	browserSide side = iota
	serverSide
)

// maxClients bounds the browser's connections; Chrome itself keeps to some hundred.
const maxClients = 1024

// add takes the connection in; false means that there is no room or the set is closed, and the caller must close it.
func (s *connSet) add(c *net.TCPConn, of side) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || of == browserSide && s.n >= maxClients {
		return false
	}
	if of == browserSide {
		s.n++
	}
	s.m[c] = of
	return true
}

func (s *connSet) remove(c *net.TCPConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if of, ok := s.m[c]; ok && of == browserSide {
		s.n--
	}
	delete(s.m, c)
}

func (s *connSet) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.m)
}

// closeServers ends the connections to servers; their owners notice and end the rest.
func (s *connSet) closeServers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c, of := range s.m {
		if of == serverSide {
			_ = c.Close()
		}
	}
}

// closeAll ends every connection and takes no more.
func (s *connSet) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for c := range s.m {
		_ = c.Close()
	}
	clear(s.m)
}
