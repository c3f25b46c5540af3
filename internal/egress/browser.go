package egress

import "strings"

// browserHosts are the hosts that only the browser itself calls: updates, variations, safe browsing, reporting, sync, push, autofill and model
// downloads. Hosts that pages call too (www.google.com, accounts.google.com, apis.google.com, translate.googleapis.com, clients6.google.com,
// fonts, maps) are not here: refusing them would change what a page shows. A leading dot means every host below.
var browserHosts = map[string]bool{
	// ChromeFlags sends the browser's questions about signed-in accounts here, so that accounts.google.com stays the pages' own.
	accountsSink: true,

	"clients.google.com": true, "clients1.google.com": true, "clients2.google.com": true, "clients3.google.com": true,
	"clients4.google.com": true, "clients5.google.com": true, "android.clients.google.com": true,
	"clients2.googleusercontent.com": true, "tools.google.com": true,

	".gvt1.com": true, ".gvt2.com": true, ".gvt3.com": true,
	"update.googleapis.com": true, "clientservices.googleapis.com": true, "versionhistory.googleapis.com": true,
	"optimizationguide-pa.googleapis.com": true, "content-autofill.googleapis.com": true,

	"safebrowsing.google.com": true, "safebrowsing.googleapis.com": true, "enterprise-safebrowsing.googleapis.com": true,
	"sb-ssl.google.com": true, "sctauditing-pa.googleapis.com": true, "passwordsleakcheck-pa.googleapis.com": true,
	"webpermissionpredictions.googleapis.com": true, "ckintersect-pa.googleapis.com": true, "memex-pa.googleapis.com": true,
	"cryptauthvault.googleapis.com": true, "securitydomain-pa.googleapis.com": true, "phosphor-pa.googleapis.com": true,
	"ipprotection-ppissuer.googleapis.com": true, "oauthaccountmanager.googleapis.com": true,
	"accountcapabilities-pa.googleapis.com": true, "kidsmanagement-pa.googleapis.com": true, "onetimetoken.pa.googleapis.com": true,

	"mtalk.google.com": true, "mtalk4.google.com": true, "mobile-gtalk.l.google.com": true, "fcm.googleapis.com": true,
}

// accountsSink is a name that can never resolve (RFC 6761 section 6.4).
const accountsSink = "accounts.browser.invalid"

// isBrowserOwn tells whether only the browser itself calls the host.
func isBrowserOwn(host string) bool {
	for rest := host; ; {
		if browserHosts[rest] {
			return true
		}
		i := strings.IndexByte(rest[min(1, len(rest)):], '.')
		if i < 0 {
			break
		}
		rest = rest[1+i:]
	}
	// Push servers are numbered, alt1-mtalk and on; services with the browser's name in theirs are its own.
	return strings.HasPrefix(host, "alt") && strings.HasSuffix(host, "-mtalk.google.com") ||
		strings.HasPrefix(host, "chrome") && strings.HasSuffix(host, ".googleapis.com")
}
