package egress

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// inNetwork is set for the copy of the test that runs in a network of its own.
const inNetwork = "ARSRING_TEST_NETWORK"

// networkHosts are private addresses that lead somewhere in that network: beside those of loopback, the ones that clouds, companies and homes use.
var networkHosts = []string{
	"10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.254", "100.64.0.1", "100.127.255.254",
	"169.254.169.254", "169.254.170.2", "169.254.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.7",
	"[fd00:ec2::254]", "[fc00::1]", "[fd12::1]", "[fec0::1]", "[2001:db8::1]", "[64:ff9b::a00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]",
	"[2002:a00:1::]", "[2002:a9fe:a9fe::1]", "[2001:0:a00:1::]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[100::1]", "[3fff::1]", "[5f00::1]", "[2606:4700::5efe:10.0.0.1]",
}

// TestInANetworkOfItsOwn runs the vectors where every address there is leads to a listener: what is refused would have arrived. It makes such a
// network with the rights of a normal user; where the system gives none, the vectors on loopback are all that can be had, and it says so.
func TestInANetworkOfItsOwn(t *testing.T) {
	if os.Getenv(inNetwork) != "" {
		runInNetwork(t)
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run", "^TestInANetworkOfItsOwn$", "-test.v")
	cmd.Env = append(os.Environ(), inNetwork+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}, GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}}
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Logf("not run: this system gives no network of its own: %v", err)
		return
	}
	if err != nil || !strings.Contains(string(out), "vectors in a network of its own") {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

func runInNetwork(t *testing.T) {
	everythingIsHere(t)
	v := newVictim(t)
	open := fmt.Sprintf(":%d", v.port)
	hosts := networkHosts
	for _, h := range privateHosts {
		hosts = append(hosts, h.host)
	}
	p := start(t, Options{Resolver: vectorNames(), Allow: []string{open}})
	for _, host := range hosts {
		at := fmt.Sprintf("%s:%d", host, v.port)
		for _, request := range []string{
			"GET http://" + at + "/ HTTP/1.1\r\nHost: " + at + "\r\n\r\n", "POST http://" + at + "/ HTTP/1.1\r\nHost: " + at + "\r\nContent-Length: 1\r\n\r\nx",
			"CONNECT " + at + " HTTP/1.1\r\nHost: " + at + "\r\n\r\n", "GET http://" + at + "/ws HTTP/1.1\r\nHost: " + at + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
		} {
			if resp := raw(t, p, request); resp.StatusCode != 403 {
				t.Errorf("%q: %s", request, resp.Status)
			}
		}
	}
	if n := v.hits.Load(); n != 0 || p.Stats().Connections != 0 {
		t.Fatalf("%d connections arrived", n)
	}
	t.Logf("%d vectors in a network of its own, 0 arrived", 4*len(hosts))
	arrive(t, v, open)
	if os.Getenv("ARSRING_SOAK") == "1" { // and from within a browser
		for _, allowed := range []bool{false, true} {
			runHostile(t, allowed, "169.254.169.254", "10.0.0.1", "[fd00:ec2::254]", "192.168.0.1")
		}
	}
}

// arrive is the proof: public addresses are reached, and private ones as soon as they are allowed; all lead to the same listener.
func arrive(t *testing.T, v *victim, open string) {
	t.Helper()
	c := through(t, start(t, Options{Resolver: vectorNames(), Allow: []string{open}}), nil)
	for _, host := range []string{"93.184.216.34", "[2606:2800:220:1::1]", "1.1.1.1"} {
		if _, body := get(t, c, fmt.Sprintf("http://%s:%d/", host, v.port)); body != "secret" {
			t.Errorf("the public %s: %q", host, body)
		}
	}
	before := v.hits.Load()
	c = through(t, start(t, Options{Resolver: vectorNames(), Allow: []string{"0.0.0.0/0", "::/0"}}), nil)
	arrived := 0
	for _, host := range networkHosts {
		if resp, body := get(t, c, fmt.Sprintf("http://%s:%d/", host, v.port)); body == "secret" {
			arrived++
		} else if resp.Header.Get("X-Arsring-Refused") == "" {
			t.Errorf("%s is allowed and did not arrive: %s", host, resp.Status)
		}
	}
	if arrived < 25 || v.hits.Load()-before < int64(arrived) {
		t.Errorf("%d of %d arrived when they were allowed: the vectors prove nothing", arrived, len(networkHosts))
	}
	t.Logf("%d of %d arrived when they were allowed", arrived, len(networkHosts))
}

// everythingIsHere brings loopback up and makes every address one of this machine's own.
func everythingIsHere(t *testing.T) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW, syscall.NETLINK_ROUTE)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Close(fd) }()
	const loopback = 1 // the index of lo in a new network
	up := binary.NativeEndian.AppendUint32(nil, 0)
	up = binary.NativeEndian.AppendUint32(up, loopback)
	up = binary.NativeEndian.AppendUint32(up, syscall.IFF_UP)
	up = binary.NativeEndian.AppendUint32(up, syscall.IFF_UP)
	netlink(t, fd, syscall.RTM_NEWLINK, 0, up)
	for _, f := range []byte{syscall.AF_INET, syscall.AF_INET6} {
		route := []byte{f, 0, 0, 0, syscall.RT_TABLE_LOCAL, syscall.RTPROT_BOOT, syscall.RT_SCOPE_HOST, syscall.RTN_LOCAL, 0, 0, 0, 0}
		route = binary.NativeEndian.AppendUint16(route, 8)
		route = binary.NativeEndian.AppendUint16(route, syscall.RTA_OIF)
		route = binary.NativeEndian.AppendUint32(route, loopback)
		netlink(t, fd, syscall.RTM_NEWROUTE, syscall.NLM_F_CREATE, route)
	}
}

// netlink gives the kernel one order and waits for its answer.
func netlink(t *testing.T, fd int, kind, flags uint16, body []byte) {
	t.Helper()
	m := binary.NativeEndian.AppendUint32(nil, uint32(16+len(body)))
	m = binary.NativeEndian.AppendUint16(m, kind)
	m = binary.NativeEndian.AppendUint16(m, syscall.NLM_F_REQUEST|syscall.NLM_F_ACK|flags)
	m = append(append(m, make([]byte, 8)...), body...)
	if err := syscall.Sendto(fd, m, 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 4096)
	n, _, err := syscall.Recvfrom(fd, answer, 0)
	if err != nil || n < 20 {
		t.Fatal(n, err)
	}
	if code := int32(binary.NativeEndian.Uint32(answer[16:])); code != 0 {
		t.Fatalf("the kernel refused order %d: %v", kind, syscall.Errno(-code))
	}
}
