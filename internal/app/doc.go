// Package app names every concrete part and puts them together. It is the only room that does.
//
// In: a checked configuration. Out: the things people and schedules ask for: take a snapshot, list, export, verify, show a demonstration.
package app
