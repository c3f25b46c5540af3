// Package hostile holds web pages that try to harm whoever captures them, and serves them on this machine. They are imitations: each does one thing
// that pages out there do by malice or by accident, in as few lines as show it, and nothing here was taken from any of them.
//
// In: nothing. Out: a Site with an address for each page, the ends that are acceptable for it, and the canaries: places that no capture may reach.
//
// It may import only the standard library. The package lies under testdata, so "./..." skips it: name ./testdata/hostile when vetting and testing.
package hostile
