package egress

import "strings"

// browserHosts are the hosts that only the browser itself calls: updates, variations, safe browsing, reporting, sync, push, autofill, model
// downloads. Hosts that pages call too (www.google.com, accounts.google.com, apis.google.com, translate.googleapis.com, clients6.google.com,
// fonts, maps) are not here. A leading dot means every host below.
var browserHosts = map[string]bool{
	"clients.google.com": true, "clients1.google.com": true, "clients2.google.com": true, "clients3.google.com": true,
	"clients4.google.com": true, "clients5.google.com": true, "android.clients.google.com": true,
	"clients2.googleusercontent.com": true, "tools.google.com": true,
	"update.googleapis.com": true, "clientservices.googleapis.com": true, "versionhistory.googleapis.com": true,
	".gvt1.com": true, ".gvt2.com": true, ".gvt3.com": true,
	"safebrowsing.google.com": true, "safebrowsing.googleapis.com": true, "safebrowsinghttpgateway.googleapis.com": true,
	"sb-ssl.google.com": true, "alarmcloud.googleapis.com": true, "sctauditing-pa.googleapis.com": true,
	"optimizationguide-pa.googleapis.com": true, "chromemodelexecution-pa.googleapis.com": true,
	"chromemodelquality-pa.googleapis.com": true, "chromereporting-pa.googleapis.com": true,
	"chromefeedcontentsuggestions-pa.googleapis.com": true, "chromewebstore.googleapis.com": true,
	"chromesyncsharedentities-pa.googleapis.com": true, "chromesyncpasswords-pa.googleapis.com": true,
	"chromekanonymity-pa.googleapis.com": true, "chromekanonymityquery-pa.googleapis.com": true,
	"chromekanonymityauth-pa.googleapis.com": true, "chromeupboarding.googleapis.com": true,
	"content-autofill.googleapis.com": true, "passwordsleakcheck-pa.googleapis.com": true,
	"webpermissionpredictions.googleapis.com": true, "ckintersect-pa.googleapis.com": true,
	"cryptauthvault.googleapis.com": true, "securitydomain-pa.googleapis.com": true, "footprints-pa.googleapis.com": true,
	"ipprotection-ppissuer.googleapis.com": true, "phosphor-pa.googleapis.com": true, "memex-pa.googleapis.com": true,
	"oauthaccountmanager.googleapis.com": true, "kidsmanagement-pa.googleapis.com": true, "onetimetoken.pa.googleapis.com": true,
	"mtalk.google.com": true, "talk.google.com": true, "mobile-gtalk.l.google.com": true, "fcm.googleapis.com": true,
	"mtalk4.google.com": true, ".mtalk.google.com": true,
}

// isBrowserOwn tells whether only the browser itself calls the host.
func isBrowserOwn(host string) bool {
	if browserHosts[host] {
		return true
	}
	for i := strings.IndexByte(host, '.'); i >= 0; {
		if browserHosts[host[i:]] {
			return true
		}
		next := strings.IndexByte(host[i+1:], '.')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	// alt1-mtalk.google.com to alt8-mtalk.google.com
	return strings.HasPrefix(host, "alt") && strings.HasSuffix(host, "-mtalk.google.com")
}
