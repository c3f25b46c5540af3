package egress

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// socketWatch looks at the sockets of a process and its descendants as the kernel lists them.
type socketWatch struct {
	proxied int      // different sockets seen that lead to the proxy
	waiting int      // UDP sockets that lead nowhere
	looks   int      // how often was looked
	strays  []string // sockets that lead elsewhere or listen

	quit chan struct{}
	wg   sync.WaitGroup
}

func watchSockets(t *testing.T, pid int, proxy string) *socketWatch {
	t.Helper()
	w := &socketWatch{quit: make(chan struct{})}
	good, stray, waiting := map[string]bool{}, map[string]bool{}, map[string]bool{}
	look := func() {
		w.looks++
		inodes := socketsOf(tree(pid))
		for _, table := range []string{"tcp", "tcp6", "udp", "udp6"} {
			for inode, ends := range readTable(fmt.Sprintf("/proc/%d/net/%s", pid, table)) {
				switch {
				case !inodes[inode]:
				case strings.HasPrefix(table, "tcp") && ends[1] == proxy:
					good[inode] = true
				case strings.HasPrefix(table, "udp") && isIdleUDP(ends):
					waiting[inode] = true
				case !stray[inode]:
					stray[inode] = true
					w.strays = append(w.strays, table+" "+ends[0]+" -> "+ends[1])
				}
			}
		}
		w.proxied, w.waiting = len(good), len(waiting)
	}
	w.wg.Go(func() {
		tick := time.NewTicker(40 * time.Millisecond)
		defer tick.Stop()
		for {
			look()
			select {
			case <-w.quit:
				return
			case <-tick.C:
			}
		}
	})
	t.Cleanup(w.stop)
	return w
}

// isIdleUDP tells a socket without a peer on no address in particular. WebRTC opens such ones even where it may not use them; one that
// asks a name server, or has joined a multicast group, looks otherwise.
func isIdleUDP(ends [2]string) bool {
	local, _, _ := net.SplitHostPort(ends[0])
	return (ends[1] == "0.0.0.0:0" || ends[1] == "[::]:0") && (local == "0.0.0.0" || local == "::")
}

func (w *socketWatch) stop() {
	select {
	case <-w.quit:
	default:
		close(w.quit)
	}
	w.wg.Wait()
}

// tree lists a process and all below it.
func tree(root int) []int {
	children := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, f := range stats {
		b, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		// pid (name) state parent: the name may hold anything
		fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
		pid, _ := strconv.Atoi(strings.Split(f, "/")[2])
		if parent, err := strconv.Atoi(fields[1]); err == nil {
			children[parent] = append(children[parent], pid)
		}
	}
	all := []int{root}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

func socketsOf(pids []int) map[string]bool {
	inodes := map[string]bool{}
	for _, pid := range pids {
		fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		for _, fd := range fds {
			if to, err := os.Readlink(fd); err == nil && strings.HasPrefix(to, "socket:[") {
				inodes[strings.Trim(to, "socket:[]")] = true
			}
		}
	}
	return inodes
}

// readTable gives both ends of each socket by inode.
func readTable(file string) map[string][2]string {
	out := map[string][2]string{}
	b, _ := os.ReadFile(file)
	for _, line := range strings.Split(string(b), "\n") {
		f := strings.Fields(line)
		if len(f) > 9 && strings.Contains(f[1], ":") {
			out[f[9]] = [2]string{endpoint(f[1]), endpoint(f[2])}
		}
	}
	return out
}

// endpoint reads the kernel's hexadecimal, which is in host order word by word.
func endpoint(s string) string {
	host, port, _ := strings.Cut(s, ":")
	n, _ := strconv.ParseUint(port, 16, 16)
	var b []byte
	for i := 0; i+8 <= len(host); i += 8 {
		for j := 6; j >= 0; j -= 2 {
			x, _ := strconv.ParseUint(host[i+j:i+j+2], 16, 8)
			b = append(b, byte(x))
		}
	}
	ip, _ := netip.AddrFromSlice(b)
	return net.JoinHostPort(ip.Unmap().String(), strconv.Itoa(int(n)))
}
