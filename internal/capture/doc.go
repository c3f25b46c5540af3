// Package capture looks at an account page in headless Chrome and writes down how it looked and what it said.
//
// In: a Job (which page, why, since when), a Browser, and a folder. Out: a Capture, stored as capture.json in the
// folder with tiles/ (screenshots) and media/ (pictures of posts) beside it, and a printer for the record's template.
// It is the only room that imports chromedp. It reaches the network only through the proxy it is given, knows nothing of
// packages or archives, and never decides whether a capture is good enough: it names the outcome and what is missing.
package capture
