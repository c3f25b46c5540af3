package config

import (
	"fmt"
	"net/url"
	"time"
)

func (k *checker) web() {
	w := k.c.Web
	if host, ok := listener(w.Listen); w.Listen != "" && (!ok || host != "" && !validHost(host)) {
		k.add("web.listen", fmt.Sprintf("%q är ingen adress att lyssna på: skriv till exempel 127.0.0.1:8080", printable(w.Listen)), fmt.Sprintf("%q is no address to listen on: write for example 127.0.0.1:8080", printable(w.Listen)))
	}
	k.address("web.url", w.URL, false, "http", "https")
	if (w.CertFile == "") != (w.KeyFile == "") {
		k.add("web.cert_file", "och web.key_file ska anges båda eller ingen", "and web.key_file must be given both or none")
	}
	k.file("web.cert_file", w.CertFile)
	k.file("web.key_file", w.KeyFile)
	for i, p := range w.TrustedProxies {
		if !validNetwork(p) {
			k.add(fmt.Sprintf("web.trusted_proxies[%d]", i), fmt.Sprintf("%q är varken IP-adress eller nät", printable(p)), fmt.Sprintf("%q is neither an address nor a network", printable(p)))
		}
	}
	k.lasts("web.session", w.Session, time.Minute, 30*24*time.Hour)
	k.oidc(w.OIDC)
}

func (k *checker) oidc(o OIDC) {
	if o.Issuer == "" {
		if o.ClientID != "" || o.ClientSecret.IsSet() {
			k.add("web.oidc.issuer", "saknas: ange inloggningstjänstens adress, eller ta bort web.oidc", "is missing: set the provider's address, or remove web.oidc")
		}
		return
	}
	k.address("web.oidc.issuer", o.Issuer, false, "http", "https")
	if u, err := url.Parse(o.Issuer); err == nil && u.Scheme == "http" && !loopback(u.Hostname()) {
		k.add("web.oidc.issuer", "är okrypterad (http): inloggning kräver https", "is not encrypted (http): login demands https")
	}
	if o.ClientID == "" {
		k.add("web.oidc.client_id", "saknas: ange det id som inloggningstjänsten gav", "is missing: set the id that the provider gave")
	}
	k.file("web.oidc.ca_file", o.CAFile)
}

// telling checks mail and notify.
func (k *checker) telling() {
	k.mail()
	n := k.c.Notify
	k.address("notify.webhook", n.Webhook.Reveal(), true, "http", "https")
	k.address("notify.heartbeat", n.Heartbeat.Reveal(), true, "http", "https")
	k.lasts("notify.heartbeat_every", n.HeartbeatEvery, 10*time.Second, 24*time.Hour)
	if _, err := time.Parse("15:04", n.DigestAt); err != nil {
		k.add("notify.digest_at", fmt.Sprintf("%q är inget klockslag: skriv till exempel \"07:00\"", printable(n.DigestAt)), fmt.Sprintf("%q is no time of day: write for example \"07:00\"", printable(n.DigestAt)))
	}
}

func (k *checker) telemetry() {
	t := k.c.Telemetry
	k.address("telemetry.otlp", t.OTLP, false, "http", "https")
	k.oneOf("telemetry.metrics", t.Metrics, "loopback", "token", "off")
	if t.Metrics == "token" && !t.MetricsToken.IsSet() {
		k.add("telemetry.metrics_token_file", "saknas: ange en fil med den hemlighet som läsaren ska visa", "is missing: name a file with the secret that a reader must show")
	}
}

func (k *checker) mail() {
	m := k.c.Mail
	k.oneOf("mail.accounts", m.Accounts, "none", "responsible", "administrators")
	k.within("mail.port", m.Port, 1, 65535)
	k.oneOf("mail.tls", m.TLS, "starttls", "implicit", "none")
	k.file("mail.ca_file", m.CAFile)
	if m.From != "" {
		k.mailAddress("mail.from", m.From)
	}
	for i, to := range m.To {
		k.mailAddress(fmt.Sprintf("mail.to[%d]", i), to)
	}
	if m.Host == "" {
		return
	}
	if !validHost(m.Host) {
		k.add("mail.host", fmt.Sprintf("%q är inget värdnamn: skriv bara namnet, porten i mail.port", printable(m.Host)), fmt.Sprintf("%q is no host name: write only the name, and the port in mail.port", printable(m.Host)))
	}
	if m.From == "" {
		k.add("mail.from", "saknas: ange avsändarens e-postadress", "is missing: set the sender's mail address")
	}
	if m.TLS == "none" && m.Password.IsSet() && !loopback(m.Host) {
		k.add("mail.tls", "är none fast ett lösenord ska skickas: använd starttls eller implicit", "is none although a password is to be sent: use starttls or implicit")
	}
}

// warn gives what is allowed but probably not meant.
func (c Config) warn() Problems {
	var ps Problems
	if c.Organisation.Name == "" {
		ps = append(ps, c.Problem("organisation.name", "saknas: leveranspaketen får ingen namngiven arkivbildare från konfigurationen", "is missing: packages get no named organisation from the configuration"))
	}
	if host, _ := listener(c.Web.Listen); c.Web.Listen != "" && !loopback(host) && c.Web.CertFile == "" {
		ps = append(ps, c.Problem("web.listen", "når andra maskiner utan kryptering: ange web.cert_file och web.key_file, eller lyssna på 127.0.0.1 bakom en webbserver med https",
			"reaches other machines without encryption: set web.cert_file and web.key_file, or listen on 127.0.0.1 behind a web server with https"))
	}
	if c.Capture.ChromeSandbox == "off" {
		ps = append(ps, c.Problem("capture.chrome_sandbox", "är off: främmande sidor körs utan webbläsarens skydd. Använd auto", "is off: foreign pages run without the browser's protection. Use auto"))
	}
	if p := c.Capture.RemoteProxy; len(c.Capture.Remote) > 0 && !loopback(listeners(p.Listen)) && !privateHost(listeners(p.Listen)) {
		ps = append(ps, c.Problem("capture.remote_proxy.listen", "når fler än det egna nätet: ange maskinens adress i nätet med webbläsarna", "reaches beyond the network of your own: name this machine's address in the browsers' network"))
	}
	if c.Archive.Insecure && c.Archive.Endpoint != "" {
		ps = append(ps, c.Problem("archive.insecure", "tillåter okrypterad trafik till lagringen", "allows unencrypted traffic to the store"))
	}
	return ps
}
