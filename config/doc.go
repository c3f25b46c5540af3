// Package config is the door at which configuration stops: it reads the daemon's own settings from a YAML file,
// from ARSRING_ environment variables and from flags, checks them, and hands out one plain Config.
//
// In: a file path, environment entries, flag values. Out: a Config that is valid, or Problems that name file, line, key
// and what to do. It is the only room that uses viper; it imports nothing of ours, and no other room imports it but app and cmd:
// they translate Config into the Options of the rooms. It never logs, never opens a network connection, and writes nothing.
//
// Precedence, highest first: flags (Options.Overrides), environment, file, defaults.
package config
