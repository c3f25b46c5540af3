package egress

import (
	"net"
	"strings"
)

// ChromeFlags gives the command-line switches that leave Chrome no other way out than the proxy at addr (host:port as
// the browser sees it). They concern the network only; the caller adds its own for sandbox, profile and display. Chrome heeds
// only the last --disable-features, so features that the caller wants off are named here and no second switch is given.
func ChromeFlags(addr string, disabledFeatures ...string) []string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = addr
	}
	features := append([]string{
		"WebRtcHideLocalIpsWithMdns", // joins a multicast group
		"MediaRouter",                // looks for screens in the local network
		"AsyncDns", "DnsOverHttps",   // names are the proxy's to resolve
		"OptimizationHints", "OptimizationGuideModelDownloading", "AutofillServerCommunication", // calls home
	}, disabledFeatures...)
	return []string{
		"--proxy-server=http://" + addr,
		// Chrome bypasses every proxy for loopback unless told otherwise.
		"--proxy-bypass-list=<-loopback>",
		// WebRTC and preconnections ask name servers even so, and a question can carry a secret out.
		"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE " + host,
		"--dns-prefetch-disable",
		// QUIC and WebRTC speak UDP, which no HTTP proxy carries.
		"--disable-quic",
		"--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
		"--webrtc-ip-handling-policy=disable_non_proxied_udp",
		// The browser asks at each start who is signed in. It cannot be told not to, but to ask elsewhere.
		"--gaia-url=https://" + accountsSink,
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-domain-reliability",
		"--disable-sync",
		"--no-pings",
		"--no-first-run",
		"--disable-features=" + strings.Join(features, ","),
	}
}
