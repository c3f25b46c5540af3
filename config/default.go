package config

import "time"

// Default gives the settings that hold where nothing else is said. DataDir and Register.Path are empty: Load finds them.
func Default() Config {
	return Config{
		Language: "sv",
		Register: Register{Write: true},
		Capture: Capture{
			Image: "jpeg", OverlapDays: 60, ChromeSandbox: "auto", ChromeMemory: 4 << 30, ChromeDisk: 1 << 30, UserAgent: "honest", Robots: true,
			Locale: "sv-SE", Timezone: "Europe/Stockholm", RemoteEach: 2, RemoteProxy: RemoteProxy{Listen: "127.0.0.1:0"}, Parallel: 1, Pause: 10 * time.Second, MuchSmaller: 50,
			Timeouts: Timeouts{Start: 30 * time.Second, Load: 90 * time.Second, Quiet: time.Second, Print: 5 * time.Minute},
			Limits:   Limits{Posts: 5000, Sheets: 1500, Minutes: 60, Bytes: 500 * MB, Pages: 50, Depth: 2},
		},
		Vault: Vault{WarnDays: 30},
		PDFA:  PDFA{Level: "2a", ReplaceFonts: true},
		Archive: Archive{
			Region: "us-east-1", Bucket: "arsring", Prefix: "arkiv", PathStyle: true,
			Lock: Lock{Mode: "none"}, StoreListen: "127.0.0.1:0",
			Replica: Replica{Region: "us-east-1", Bucket: "arsring", Prefix: "arkiv", PathStyle: true},
		},
		Proof: Proof{VerifyEvery: 7 * 24 * time.Hour},
		Jobs:  Jobs{Tick: time.Minute, Attempts: 8, Grace: 2 * time.Minute},
		Calendar: Calendar{
			Openings: []string{"0 0 15 4 *", "0 0 15 10 *"}, WindowDays: 21, HourFrom: 6, HourTo: 20,
			Forbidden: []ForbiddenPeriod{
				{Name: "sommar", From: "06-15", To: "08-15"},
				{Name: "jul", From: "12-15", To: "01-10"},
			},
		},
		Web: Web{
			Listen: "127.0.0.1:8080", Session: 8 * time.Hour, PublicRegister: true,
			OIDC: OIDC{Scopes: []string{"openid", "profile", "email"}, RoleClaim: "groups"},
		},
		Mail:      Mail{Port: 587, TLS: "starttls", Accounts: "none", AttachMax: 10 * MB},
		Notify:    Notify{HeartbeatEvery: 5 * time.Minute, DigestAt: "07:00", DiskLow: 5 * GB},
		Log:       Log{Level: "info", Format: "text"},
		Telemetry: Telemetry{Metrics: "loopback"},
	}
}
