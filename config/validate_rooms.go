package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

func (k *checker) capture() {
	c := k.c.Capture
	for i, h := range c.AllowPrivate {
		if !validNetwork(h) && !validHost(h) {
			k.add(fmt.Sprintf("capture.allow_private[%d]", i), fmt.Sprintf("%q är varken värdnamn, IP-adress eller nät: skriv till exempel intranet.example, 127.0.0.1 eller 10.0.0.0/8 utan https:// och port", printable(h)),
				fmt.Sprintf("%q is neither a host name, an address nor a network: write for example intranet.example, 127.0.0.1 or 10.0.0.0/8, without https:// and port", printable(h)))
		}
	}
	k.oneOf("capture.image", c.Image, "jpeg", "png")
	k.within("capture.overlap_days", c.OverlapDays, 0, 3650)
	k.oneOf("capture.chrome_sandbox", c.ChromeSandbox, "auto", "on", "off")
	for i, r := range c.Remote {
		k.address(fmt.Sprintf("capture.remote[%d]", i), r, false, "ws", "wss", "http", "https")
	}
	k.within("capture.remote_each", c.RemoteEach, 1, 64)
	k.remoteProxy(c)
	k.address("capture.proxy", c.Proxy.Reveal(), true, "http", "https", "socks5")
	k.oneOf("capture.user_agent", c.UserAgent, "honest", "named")
	k.line("capture.contact", c.Contact, 200)
	if c.UserAgent == "named" && c.Contact == "" {
		k.add("capture.contact", "saknas: ange en webb- eller e-postadress när capture.user_agent är named", "is missing: give a web or mail address when capture.user_agent is named")
	}
	if !locale.MatchString(c.Locale) {
		k.add("capture.locale", fmt.Sprintf("%q är inget språk: skriv till exempel sv-SE", printable(c.Locale)), fmt.Sprintf("%q is no language: write for example sv-SE", printable(c.Locale)))
	}
	if _, err := time.LoadLocation(c.Timezone); err != nil || c.Timezone == "" || c.Timezone == "Local" {
		k.add("capture.timezone", fmt.Sprintf("%q är ingen tidszon: skriv till exempel Europe/Stockholm", printable(c.Timezone)), fmt.Sprintf("%q is no time zone: write for example Europe/Stockholm", printable(c.Timezone)))
	}
	k.within("capture.parallel", c.Parallel, 1, 64)
	k.within("capture.much_smaller", c.MuchSmaller, 0, 100)
	k.lasts("capture.pause", c.Pause, 0, time.Hour)
	k.lasts("capture.timeouts.start", c.Timeouts.Start, time.Second, 10*time.Minute)
	k.lasts("capture.timeouts.load", c.Timeouts.Load, time.Second, 30*time.Minute)
	k.lasts("capture.timeouts.quiet", c.Timeouts.Quiet, 50*time.Millisecond, 10*time.Minute)
	k.lasts("capture.timeouts.print", c.Timeouts.Print, time.Second, 2*time.Hour)
	k.size("capture.chrome_memory", c.ChromeMemory, 512*MB, TB)
	k.size("capture.chrome_disk", c.ChromeDisk, 50*MB, TB)
	k.limits(c.Limits)
}

// remoteProxy demands an address that a remote Chrome can be told: none that means every one of this machine's.
func (k *checker) remoteProxy(c Capture) {
	p := c.RemoteProxy
	host := listeners(p.Listen)
	if host == "" || !validHost(host) {
		k.add("capture.remote_proxy.listen", fmt.Sprintf("%q är ingen adress att lyssna på: skriv till exempel 10.20.0.5:0 eller 10.20.0.5:9300-9399", printable(p.Listen)), fmt.Sprintf("%q is no address to listen on: write for example 10.20.0.5:0 or 10.20.0.5:9300-9399", printable(p.Listen)))
		return
	}
	if p.Tell != "" && !validHost(p.Tell) {
		k.add("capture.remote_proxy.tell", fmt.Sprintf("%q är varken värdnamn eller IP-adress: skriv den utan port, som är densamma", printable(p.Tell)), fmt.Sprintf("%q is neither a host name nor an address: write it without a port, which is the same", printable(p.Tell)))
	}
	if a, err := netip.ParseAddr(host); err == nil && a.IsUnspecified() && p.Tell == "" {
		k.add("capture.remote_proxy.tell", "saknas: ange den adress där de fjärrstyrda webbläsarna når den här maskinen", "is missing: set the address at which the remote browsers reach this machine")
	}
}

// listeners cuts the host from host:port or host:from-to; empty when it is neither.
func listeners(s string) string {
	host, ports, err := net.SplitHostPort(s)
	if err != nil {
		return ""
	}
	from, to, several := strings.Cut(ports, "-")
	if !several {
		to = from
	}
	low, err := strconv.Atoi(from)
	high, err2 := strconv.Atoi(to)
	if err != nil || err2 != nil || low < 0 || high > 65535 || low > high || several && low == 0 {
		return ""
	}
	return host
}

// privateHost tells addresses that no other network routes to; of a name nothing is known.
func privateHost(host string) bool {
	a, err := netip.ParseAddr(host)
	return err != nil || a.IsPrivate() || a.IsLinkLocalUnicast()
}

func (k *checker) limits(l Limits) {
	k.within("capture.limits.posts", l.Posts, 1, 1_000_000)
	k.within("capture.limits.sheets", l.Sheets, 1, 100_000)
	k.within("capture.limits.minutes", l.Minutes, 1, 24*60)
	k.within("capture.limits.pages", l.Pages, 1, 100_000)
	k.within("capture.limits.depth", l.Depth, 0, 20)
	k.size("capture.limits.bytes", l.Bytes, MB, TB)
}

// size says where a number of bytes must lie.
func (k *checker) size(key string, n, least, most Bytes) {
	if n < least || n > most {
		k.add(key, fmt.Sprintf("är %s men ska ligga mellan %s och %s", n, least, most), fmt.Sprintf("is %s but must lie between %s and %s", n, least, most))
	}
}

func (k *checker) archive() {
	a := k.c.Archive
	k.endpoint(a)
	if !bucket.MatchString(a.Bucket) || strings.Contains(a.Bucket, "..") {
		k.add("archive.bucket", fmt.Sprintf("%q är inget bucketnamn: 3-63 tecken av a-z, 0-9, punkt och bindestreck", printable(a.Bucket)), fmt.Sprintf("%q is no bucket name: 3-63 of a-z, 0-9, dot and hyphen", printable(a.Bucket)))
	}
	if a.Prefix != "" && !prefix.MatchString(a.Prefix) {
		k.add("archive.prefix", fmt.Sprintf("%q duger inte: skriv till exempel arkiv eller kommunen/arkiv, utan snedstreck först och sist", printable(a.Prefix)), fmt.Sprintf("%q will not do: write for example arkiv or kommunen/arkiv, without slashes at the ends", printable(a.Prefix)))
	}
	if a.Region == "" {
		k.add("archive.region", "saknas: skriv us-east-1 om lagringen inte har regioner", "is missing: write us-east-1 where the store has no regions")
	}
	k.file("archive.ca_file", a.CAFile)
	k.lock(a.Lock)
	k.replica(a.Replica)
	if host, ok := listener(a.StoreListen); !ok || !loopback(host) {
		k.add("archive.store_listen", fmt.Sprintf("%q duger inte: den inbyggda lagringen lyssnar bara på den egna maskinen, till exempel 127.0.0.1:0", printable(a.StoreListen)), fmt.Sprintf("%q will not do: the embedded store listens on this machine only, for example 127.0.0.1:0", printable(a.StoreListen)))
	}
}

func (k *checker) replica(r Replica) {
	k.file("archive.replica.ca_file", r.CAFile)
	if r.Endpoint == "" {
		return
	}
	k.address("archive.replica.endpoint", r.Endpoint, false, "http", "https")
	if u, err := url.Parse(r.Endpoint); err == nil && u.Scheme == "http" && !r.Insecure {
		k.add("archive.replica.endpoint", "är okrypterad (http): använd https, eller sätt archive.replica.insecure: true om nätet är ert eget", "is not encrypted (http): use https, or set archive.replica.insecure: true where the network is your own")
	}
	if !bucket.MatchString(r.Bucket) {
		k.add("archive.replica.bucket", "är inget bucketnamn: 3-63 tecken av a-z, 0-9, punkt och bindestreck", "is no bucket name: 3-63 of a-z, 0-9, dot and hyphen")
	}
	if r.Prefix != "" && !prefix.MatchString(r.Prefix) {
		k.add("archive.replica.prefix", "duger inte: skriv till exempel arkiv eller kommunen/arkiv, utan snedstreck först och sist", "will not do: write for example arkiv or kommunen/arkiv, without slashes at the ends")
	}
	if !r.AccessKey.IsSet() || !r.SecretKey.IsSet() {
		k.add("archive.replica.secret_key_file", "saknas: ange archive.replica.access_key_file och archive.replica.secret_key_file", "is missing: set archive.replica.access_key_file and archive.replica.secret_key_file")
	}
	if a := k.c.Archive; r.Endpoint == a.Endpoint && r.Bucket == a.Bucket && r.Prefix == a.Prefix {
		k.add("archive.replica.endpoint", "är samma lagring som archive.endpoint: en kopia på samma ställe skyddar mot ingenting", "is the same store as archive.endpoint: a copy in the same place protects from nothing")
	}
}

func (k *checker) endpoint(a Archive) {
	keys := a.AccessKey.IsSet() && a.SecretKey.IsSet()
	if a.Endpoint == "" {
		if a.AccessKey.IsSet() || a.SecretKey.IsSet() {
			k.add("archive.endpoint", "saknas fast nycklar är angivna: ange lagringens adress, eller ta bort nycklarna för den inbyggda lagringen", "is missing although keys are given: set the store's address, or remove the keys to use the embedded store")
		}
		return
	}
	before := len(k.problems)
	k.address("archive.endpoint", a.Endpoint, false, "http", "https")
	if u, err := url.Parse(a.Endpoint); err == nil && len(k.problems) == before {
		if u.Scheme == "http" && !a.Insecure {
			k.add("archive.endpoint", "är okrypterad (http): använd https, eller sätt archive.insecure: true om nätet är ert eget", "is not encrypted (http): use https, or set archive.insecure: true where the network is your own")
		}
		if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			k.add("archive.endpoint", "ska bara vara adress och port: lägg bucket i archive.bucket och mapp i archive.prefix", "must be only address and port: put the bucket in archive.bucket and the folder in archive.prefix")
		}
	}
	if !keys {
		k.add("archive.secret_key_file", "saknas: ange archive.access_key_file och archive.secret_key_file (eller motsvarande miljövariabler)", "is missing: set archive.access_key_file and archive.secret_key_file (or the environment variables)")
	}
}

func (k *checker) lock(l Lock) {
	k.oneOf("archive.lock.mode", l.Mode, "none", "governance", "compliance")
	if l.Years < 0 || l.Years > 100 {
		k.within("archive.lock.years", l.Years, 0, 100)
		return
	}
	if l.Mode != "none" && l.Years == 0 {
		k.add("archive.lock.years", "saknas: ange hur många år leveranser ska vara låsta", "is missing: say for how many years deliveries are locked")
	}
	if l.Mode == "compliance" && !l.Confirm {
		k.add("archive.lock.confirm", "saknas: compliance går inte att häva, inte ens för en gallring som lagen kräver. Sätt confirm: true om det är avsikten", "is missing: compliance cannot be lifted, not even for a removal that the law demands. Set confirm: true if that is meant")
	}
}

func (k *checker) proof() {
	for i, t := range k.c.Proof.TSA {
		key := fmt.Sprintf("proof.tsa[%d]", i)
		if t.URL == "" {
			k.add(key+".url", "saknas: ange tidsstämplingstjänstens adress", "is missing: set the address of the time stamping authority")
		}
		k.address(key+".url", t.URL, false, "http", "https")
		k.file(key+".ca_file", t.CAFile)
	}
	k.lasts("proof.verify_every", k.c.Proof.VerifyEvery, 0, 366*24*time.Hour)
}

func (k *checker) jobs() {
	j := k.c.Jobs
	k.address("jobs.database", j.Database.Reveal(), true, "postgres", "postgresql")
	k.lasts("jobs.tick", j.Tick, time.Second, time.Hour)
	k.within("jobs.attempts", j.Attempts, 1, 100)
	k.lasts("jobs.grace", j.Grace, 0, time.Hour)
}

func (k *checker) calendar() {
	c := k.c.Calendar
	if len(c.Openings) == 0 {
		k.add("calendar.openings", "saknas: ange minst en öppningsdag, till exempel \"0 0 15 4 *\"", "is missing: give at least one opening day, such as \"0 0 15 4 *\"")
	}
	k.within("calendar.window_days", c.WindowDays, 1, 120)
	k.within("calendar.hour_from", c.HourFrom, 0, 23)
	k.within("calendar.hour_to", c.HourTo, 0, 23)
	if c.HourFrom > c.HourTo {
		k.add("calendar.hour_to", "ligger före calendar.hour_from", "lies before calendar.hour_from")
	}
	for i, f := range c.Forbidden {
		k.monthDay(fmt.Sprintf("calendar.forbidden[%d].from", i), f.From)
		k.monthDay(fmt.Sprintf("calendar.forbidden[%d].to", i), f.To)
	}
	first := map[string]int{}
	for i, g := range c.Groups {
		key := fmt.Sprintf("calendar.groups[%d]", i)
		if g.Name == "" || len(g.Name) > 100 || strings.TrimSpace(g.Name) != g.Name {
			k.add(key+".name", "saknas: ange namnet som kontonas group har i registret", "is missing: give the name that accounts have as their group in the register")
		}
		if before, twice := first[g.Name]; twice {
			k.add(key+".name", fmt.Sprintf("%q finns redan som grupp %d: ta bort den ena", g.Name, before+1), fmt.Sprintf("%q stands already as group %d: remove one", g.Name, before+1))
		}
		first[g.Name] = i
		k.within(key+".window_days", g.WindowDays, 0, 120)
	}
}

// monthDay demands MM-DD; a leap year is used so that 29 February counts.
func (k *checker) monthDay(key, s string) {
	if _, err := time.Parse(time.DateOnly, "2028-"+s); err != nil {
		k.add(key, fmt.Sprintf("%q är ingen dag: skriv månad och dag, till exempel \"06-15\"", printable(s)), fmt.Sprintf("%q is no day: write month and day, such as \"06-15\"", printable(s)))
	}
}

// listener cuts host:port; ok is false when it is none.
func listener(s string) (host string, ok bool) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", false
	}
	n, err := strconv.Atoi(port)
	return host, err == nil && n >= 0 && n <= 65535
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}
