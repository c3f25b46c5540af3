// Package register keeps the accounts of record: which pages the municipality runs, who answers for them, and what
// shall happen to their records.
//
// In: a YAML file or a folder of them, or a municipality's own list as CSV or XLSX. Out: a Register that is whole and valid, or
// Problems that name file, line, key, account and what to do. It also writes: it adds, changes and closes entries in
// the files that people edit by hand, and leaves their comments, order and blank lines as they were.
//
// It imports nothing of ours, and is the only room that reads the register's YAML, spreadsheets and folder events
// (yaml/v3, excelize, fsnotify). It never logs and never reads the daemon's configuration.
package register
