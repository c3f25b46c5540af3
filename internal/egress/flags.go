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
		resolverRules + " , EXCLUDE " + host,
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

// Greeting is an address that a proxy with a password answers itself, once and with nothing, as soon as the password is shown: a browser on another machine
// visits it first, learns to give its credentials, and shows that it reaches the proxy. Its name can never resolve (RFC 6761 section 6.4).
const Greeting = "http://" + greeting + "/"

const greeting = "greeting.arsring.invalid"

// Greeted reports whether a browser has visited Greeting.
func (p *Proxy) Greeted() bool { return p.greeted.Load() }

// RemoteFlags gives the switches that a browser on another machine must be started with, so that the pages of a capture there have no other way out than the
// proxy that the capture names; hosts are those at which the proxies are reached. What names a proxy is not among them: each capture has its own.
func RemoteFlags(hosts []string, disabledFeatures ...string) []string {
	var out []string
	for _, f := range ChromeFlags("127.0.0.1:0", disabledFeatures...) {
		switch {
		case strings.HasPrefix(f, "--proxy-"):
			continue
		case strings.HasPrefix(f, resolverRules):
			f = resolverRules + " , EXCLUDE " + strings.Join(hosts, " , EXCLUDE ")
		}
		out = append(out, f)
	}
	return out
}

const resolverRules = "--host-resolver-rules=MAP * ~NOTFOUND"

// MissingFlags gives those of RemoteFlags that a browser's command line lacks and without which a page could get out past the proxy.
func MissingFlags(commandLine string) []string {
	var out []string
	for _, f := range []string{resolverRules, "--dns-prefetch-disable", "--disable-quic", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--disable-background-networking"} {
		if !strings.Contains(commandLine, f) {
			out = append(out, f)
		}
	}
	return out
}
