// Package egress is the only way out for Chrome: an HTTP forward proxy on loopback, one for each capture.
//
// In come proxy requests (CONNECT and absolute-form http) from the browser; out go connections to addresses that the
// proxy has resolved once, judged and pinned. What it saw is kept as facts: the address a host was really reached at, what was refused and
// why, and why a connection failed.
//
// It imports the standard library only and nothing of ours. It never logs, never reads configuration, never looks into TLS, never keeps a path,
// a query, a header or a credential, and never connects to an address that it has not judged.
package egress
