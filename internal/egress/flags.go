package egress

// ChromeFlags gives the command-line switches that leave Chrome no other way out than the proxy at addr (host:port as
// the browser sees it). They concern the network only; the caller adds its own for sandbox, profile and display.
func ChromeFlags(addr string) []string {
	return []string{
		"--proxy-server=http://" + addr,
		// Chrome bypasses every proxy for loopback unless told otherwise.
		"--proxy-bypass-list=<-loopback>",
		// QUIC and WebRTC speak UDP, which no HTTP proxy carries.
		"--disable-quic",
		"--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
		"--webrtc-ip-handling-policy=disable_non_proxied_udp",
		// The browser asks at each start who is signed in. It cannot be told not to, but to ask elsewhere.
		"--gaia-url=https://" + accountsSink,
		// Names are the proxy's to resolve.
		"--dns-prefetch-disable",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-domain-reliability",
		"--disable-sync",
		"--no-pings",
		"--no-first-run",
	}
}
