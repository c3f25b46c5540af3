package config

import "time"

// Config is everything that the daemon can be told. Folders and files are absolute after Load.
type Config struct {
	// DataDir holds spool/, store/, jobs.db, catalog.db, state.db and keys/.
	DataDir string `mapstructure:"data_dir" path:"file"`
	// Language of records, mail and sentences: "sv" or "en".
	Language     string       `mapstructure:"language"`
	Organisation Organisation `mapstructure:"organisation"`
	Register     Register     `mapstructure:"register"`
	Capture      Capture      `mapstructure:"capture"`
	Platforms    Platforms    `mapstructure:"platforms"`
	Vault        Vault        `mapstructure:"vault"`
	PDFA         PDFA         `mapstructure:"pdfa"`
	Archive      Archive      `mapstructure:"archive"`
	Proof        Proof        `mapstructure:"proof"`
	Jobs         Jobs         `mapstructure:"jobs"`
	Calendar     Calendar     `mapstructure:"calendar"`
	Web          Web          `mapstructure:"web"`
	Mail         Mail         `mapstructure:"mail"`
	Notify       Notify       `mapstructure:"notify"`
	Log          Log          `mapstructure:"log"`
	Telemetry    Telemetry    `mapstructure:"telemetry"`

	// File is the configuration file that was read; empty when there was none.
	File string `mapstructure:"-"`
	// Warnings do not stop the start; the edge logs them.
	Warnings Problems `mapstructure:"-"`

	// where is behind a pointer so that a printed Config shows settings, not bookkeeping.
	where *places
}

// Organisation is who runs the archive: the creator in METS, the name on the first sheet.
type Organisation struct {
	Name string `mapstructure:"name"`
	// ID is the organisation number, NNNNNN-NNNN, or another identifier of the archive authority.
	ID string `mapstructure:"id"`
}

// Register says where the accounts of record stand.
type Register struct {
	// Path is a YAML file or a folder of such files. Default: register.yaml or register/ beside the
	// configuration file where one is, else <data_dir>/register.
	Path string `mapstructure:"path" path:"file"`
	// Write lets this machine change the register. Its versions are published to the archive, where other machines read them. A machine without it,
	// or without register files, only reads what is published.
	Write bool `mapstructure:"write"`
}

// Capture says how pages are looked at.
type Capture struct {
	// AllowPrivate lists hosts, addresses and networks on private, loopback or link-local addresses that captures may reach.
	AllowPrivate []string `mapstructure:"allow_private"`
	// Image is the facsimile's format: "jpeg" or "png". Evidence and closure always use PNG.
	Image string `mapstructure:"image"`
	// OverlapDays is how many days before the period are read again, because people comment on old posts.
	OverlapDays int `mapstructure:"overlap_days"`
	// Chrome is the path of the browser; empty looks for chromium, google-chrome and the like in PATH.
	Chrome string `mapstructure:"chrome" path:"command"`
	// ChromeSandbox is "auto" (on wherever the system allows it), "on" (refuse to run without) or "off".
	ChromeSandbox string `mapstructure:"chrome_sandbox"`
	// ChromeUser is the system user that runs Chrome when the daemon itself is root. Empty means "nobody".
	ChromeUser string `mapstructure:"chrome_user"`
	// ChromeMemory is what one browser's processes may hold in memory together, and ChromeDisk what pages may leave in its fresh profile. A page
	// that goes beyond is ended, and the capture says so.
	ChromeMemory Bytes `mapstructure:"chrome_memory"`
	ChromeDisk   Bytes `mapstructure:"chrome_disk"`
	// Remote lists the addresses (ws://, wss://, http:// or https://) of remote Chromes; empty starts a browser on this machine.
	Remote []string `mapstructure:"remote"`
	// RemoteEach is how many captures one remote Chrome may have open at once, of all daemons together.
	RemoteEach  int         `mapstructure:"remote_each"`
	RemoteProxy RemoteProxy `mapstructure:"remote_proxy"`
	// Proxy is the next proxy on the way out (http://, https:// or socks5://, credentials allowed); empty goes straight.
	Proxy     Secret `mapstructure:"proxy"`
	ProxyFile string `mapstructure:"proxy_file" path:"file"`
	// UserAgent is "honest" (the browser's own name, headless and all) or "named" (the same with our name and Contact after it).
	// There is no way to pass for another browser.
	UserAgent string `mapstructure:"user_agent"`
	// Contact is an address for site owners, shown in the user agent when it is "named".
	Contact string `mapstructure:"contact"`
	// Robots respects robots.txt in site mode. What holds is said in the record.
	Robots bool `mapstructure:"robots"`
	// Locale and Timezone are what the browser is told, as BCP 47 tag and IANA zone.
	Locale   string `mapstructure:"locale"`
	Timezone string `mapstructure:"timezone"`
	// Parallel is how many captures run at once on this machine, each in its own browser.
	Parallel int `mapstructure:"parallel"`
	// MuchSmaller is the share, in percent, of what the account's last complete snapshot held, below which a capture is partial and says so; 0 asks nothing.
	MuchSmaller int `mapstructure:"much_smaller"`
	// Pause is the least time between two captures on one platform or login profile.
	Pause    time.Duration `mapstructure:"pause"`
	Timeouts Timeouts      `mapstructure:"timeouts"`
	Limits   Limits        `mapstructure:"limits"`
}

// RemoteProxy says where remote Chromes find the proxies of their captures, their only way out.
type RemoteProxy struct {
	// Listen is host:port, or host:from-to for one of several ports; port 0 takes a free one. Every capture has a port and a password of its own.
	Listen string `mapstructure:"listen"`
	// Tell is the host or address at which a remote Chrome reaches Listen; empty: the host of Listen.
	Tell string `mapstructure:"tell"`
}

// Timeouts bound the steps of a capture.
type Timeouts struct {
	Start time.Duration `mapstructure:"start"` // browser up and answering
	Load  time.Duration `mapstructure:"load"`  // page loaded and network quiet
	Quiet time.Duration `mapstructure:"quiet"` // how long the network must be quiet
	Print time.Duration `mapstructure:"print"` // record printed
}

// Limits bound one capture where the account says nothing else.
type Limits struct {
	Posts   int   `mapstructure:"posts"`
	Sheets  int   `mapstructure:"sheets"`
	Minutes int   `mapstructure:"minutes"`
	Bytes   Bytes `mapstructure:"bytes"`
	Pages   int   `mapstructure:"pages"` // site mode: pages of one host
	Depth   int   `mapstructure:"depth"` // site mode: links from the start page
}

// Platforms says where the operator's own platform files lie.
type Platforms struct {
	// Folder holds YAML files that come before the built-in ones; empty means none.
	Folder string `mapstructure:"folder" path:"file"`
}

// Vault says how login profiles are locked.
type Vault struct {
	// IdentityFile is the age identity that opens the profiles; mode 0600, never beside the profiles. Default <data_dir>/keys/vault.age.
	IdentityFile string `mapstructure:"identity_file" path:"file"`
	// WarnDays before a login's probable expiry a person is told.
	WarnDays int `mapstructure:"warn_days"`
}

// PDFA says what the record's PDF/A is held against.
type PDFA struct {
	// Level is "2a" (declared only where reached, else 2u, else 2b), "2u", "2b" or "3a" (content and originals attached).
	Level string `mapstructure:"level"`
	// VeraPDF is the path of the veraPDF command for a second opinion; empty means none.
	VeraPDF string `mapstructure:"verapdf" path:"command"`
	// ReplaceFonts gives fonts that a handed-in PDF shows and does not carry a font of the machine with the same widths; the manifest says so.
	// Without it such a PDF is shown in pictures of its pages.
	ReplaceFonts bool `mapstructure:"replace_fonts"`
}

// Archive is the store that stands in for the city archive.
type Archive struct {
	// Endpoint is the S3 address (https://host[:port]); empty means the embedded store.
	Endpoint      string `mapstructure:"endpoint"`
	Region        string `mapstructure:"region"`
	Bucket        string `mapstructure:"bucket"`
	Prefix        string `mapstructure:"prefix"` // first part of every key, without slashes around it
	AccessKey     Secret `mapstructure:"access_key"`
	AccessKeyFile string `mapstructure:"access_key_file" path:"file"`
	SecretKey     Secret `mapstructure:"secret_key"`
	SecretKeyFile string `mapstructure:"secret_key_file" path:"file"`
	CAFile        string `mapstructure:"ca_file" path:"file"` // PEM of the authority that signed the store's certificate
	PathStyle     bool   `mapstructure:"path_style"`          // bucket in the path instead of the host name
	// Insecure allows an http:// endpoint. It never turns off the certificate check of https.
	Insecure bool `mapstructure:"insecure"`
	Lock     Lock `mapstructure:"lock"`
	// StoreListen is the address of the embedded store, loopback only; port 0 takes a free one.
	StoreListen string `mapstructure:"store_listen"`
	// Replica is a second store, best with another provider, that everything is copied to; an empty endpoint means none.
	Replica Replica `mapstructure:"replica"`
}

// Replica is the store that the archive is copied to.
type Replica struct {
	Endpoint      string `mapstructure:"endpoint"`
	Region        string `mapstructure:"region"`
	Bucket        string `mapstructure:"bucket"`
	Prefix        string `mapstructure:"prefix"`
	AccessKey     Secret `mapstructure:"access_key"`
	AccessKeyFile string `mapstructure:"access_key_file" path:"file"`
	SecretKey     Secret `mapstructure:"secret_key"`
	SecretKeyFile string `mapstructure:"secret_key_file" path:"file"`
	CAFile        string `mapstructure:"ca_file" path:"file"`
	PathStyle     bool   `mapstructure:"path_style"`
	Insecure      bool   `mapstructure:"insecure"`
}

// Lock is the store's object lock on delivered packages.
type Lock struct {
	// Mode is "none", "governance" or "compliance".
	Mode string `mapstructure:"mode"`
	// Years is how long objects are locked where the account's disposal decision does not say.
	Years int `mapstructure:"years"`
	// Confirm is demanded by compliance, since nobody can then remove anything, not even lawfully.
	Confirm bool `mapstructure:"confirm"`
}

// Proof says who stamps the time.
type Proof struct {
	TSA []Authority `mapstructure:"tsa"`
	// VerifyEvery is how often the daemon re-reads the whole archive by itself; 0 never.
	VerifyEvery time.Duration `mapstructure:"verify_every"`
}

// Authority is an RFC 3161 time stamping authority.
type Authority struct {
	URL          string `mapstructure:"url"`
	CAFile       string `mapstructure:"ca_file" path:"file"`
	Username     string `mapstructure:"username"`
	Password     Secret `mapstructure:"password"`
	PasswordFile string `mapstructure:"password_file" path:"file"`
}

// Jobs is the queue.
type Jobs struct {
	// Database is empty for SQLite in the data folder, or postgres://user:password@host/name.
	Database     Secret `mapstructure:"database"`
	DatabaseFile string `mapstructure:"database_file" path:"file"`
	// Tick is how often the calendar is asked who is due.
	Tick time.Duration `mapstructure:"tick"`
	// Attempts is how often one job is tried before it is given up.
	Attempts int `mapstructure:"attempts"`
	// Grace is how long a stop waits for running jobs.
	Grace time.Duration `mapstructure:"grace"`
}

// Calendar says when the year's snapshots are taken. Dates are local to Europe/Stockholm.
type Calendar struct {
	// Openings are cron expressions (minute hour day month weekday) for the days on which a window opens; only the date counts.
	Openings   []string `mapstructure:"openings"`
	WindowDays int      `mapstructure:"window_days"`
	// HourFrom and HourTo bound the hour of the day that an account gets: from <= hour <= to.
	HourFrom  int               `mapstructure:"hour_from"`
	HourTo    int               `mapstructure:"hour_to"`
	Forbidden []ForbiddenPeriod `mapstructure:"forbidden"`
	Groups    []CalendarGroup   `mapstructure:"groups"`
}

// ForbiddenPeriod is a part of every year in which nothing is taken by the calendar; both days belong to it. It may run over New Year.
type ForbiddenPeriod struct {
	Name string `mapstructure:"name"`
	From string `mapstructure:"from"` // MM-DD
	To   string `mapstructure:"to"`   // MM-DD
}

// CalendarGroup gives the accounts with this group in the register openings of their own. Zero values inherit.
type CalendarGroup struct {
	Name       string   `mapstructure:"name"`
	Openings   []string `mapstructure:"openings"`
	WindowDays int      `mapstructure:"window_days"`
}

// Web is the page for people.
type Web struct {
	// Listen is host:port; empty serves no page.
	Listen string `mapstructure:"listen"`
	// URL is the address that people use, for links in mail; empty derives it from Listen.
	URL      string `mapstructure:"url"`
	CertFile string `mapstructure:"cert_file" path:"file"`
	KeyFile  string `mapstructure:"key_file" path:"file"`
	// TrustedProxies are the addresses or networks whose X-Forwarded-For counts.
	TrustedProxies []string `mapstructure:"trusted_proxies"`
	// ReadingRoom lets anyone search and open reviewed records of the class öppen.
	ReadingRoom bool `mapstructure:"reading_room"`
	// PublicRegister shows the register's public fields without login.
	PublicRegister bool          `mapstructure:"public_register"`
	Session        time.Duration `mapstructure:"session"`
	OIDC           OIDC          `mapstructure:"oidc"`
}

// OIDC is login through the municipality's own provider; an empty issuer means local users only.
type OIDC struct {
	Issuer           string   `mapstructure:"issuer"`
	ClientID         string   `mapstructure:"client_id"`
	ClientSecret     Secret   `mapstructure:"client_secret"`
	ClientSecretFile string   `mapstructure:"client_secret_file" path:"file"`
	CAFile           string   `mapstructure:"ca_file" path:"file"`
	Scopes           []string `mapstructure:"scopes"`
	RoleClaim        string   `mapstructure:"role_claim"` // the claim that lists groups
	Readers          []string `mapstructure:"readers"`    // values of RoleClaim that give each role
	Officers         []string `mapstructure:"officers"`
	Archivists       []string `mapstructure:"archivists"`
	Admins           []string `mapstructure:"admins"`
}

// Mail is the way out for mail; an empty host sends none.
type Mail struct {
	Host         string `mapstructure:"host"`
	Port         int    `mapstructure:"port"`
	TLS          string `mapstructure:"tls"` // "starttls", "implicit" or "none"
	CAFile       string `mapstructure:"ca_file" path:"file"`
	Username     string `mapstructure:"username"`
	Password     Secret `mapstructure:"password"`
	PasswordFile string `mapstructure:"password_file" path:"file"`
	From         string `mapstructure:"from"`
	// To is told of everything that no tenant in the register has its own addresses for.
	To []string `mapstructure:"to"`
	// Accounts says who else is told about an account: "none", "responsible", or "administrators" (with the responsible).
	Accounts string `mapstructure:"accounts"`
	// AttachMax is the largest record that goes with a letter; a larger one is linked to.
	AttachMax Bytes `mapstructure:"attach_max"`
}

// Notify is what is told besides mail, and when.
type Notify struct {
	Webhook     Secret `mapstructure:"webhook"`
	WebhookFile string `mapstructure:"webhook_file" path:"file"`
	// WebhookSecret is the key with which every call is signed (HMAC-SHA-256); empty signs none.
	WebhookSecret     Secret `mapstructure:"webhook_secret"`
	WebhookSecretFile string `mapstructure:"webhook_secret_file" path:"file"`
	Heartbeat         Secret `mapstructure:"heartbeat"` // called while all is well: a dead man's switch
	HeartbeatFile     string `mapstructure:"heartbeat_file" path:"file"`
	// HeartbeatEvery is the time between two calls.
	HeartbeatEvery time.Duration `mapstructure:"heartbeat_every"`
	// DigestAt is the local time of the daily digest, HH:MM.
	DigestAt string `mapstructure:"digest_at"`
	// DiskLow is the free space in the data folder under which people are told.
	DiskLow Bytes `mapstructure:"disk_low"`
}

// Log says what is logged and how.
type Log struct {
	Level  string `mapstructure:"level"`  // "debug", "info", "warn" or "error"
	Format string `mapstructure:"format"` // "text" or "json"
}

// Telemetry is what machines read: metrics for Prometheus, traces by OpenTelemetry.
type Telemetry struct {
	// OTLP is the collector's address (http:// or https://); empty traces nothing.
	OTLP string `mapstructure:"otlp"`
	// Metrics says who may read /metrics: "loopback" (this machine, not through a proxy), "token" (whoever shows MetricsToken) or "off".
	Metrics          string `mapstructure:"metrics"`
	MetricsToken     Secret `mapstructure:"metrics_token"`
	MetricsTokenFile string `mapstructure:"metrics_token_file" path:"file"`
}
