// Package job carries one account's passage through the stages: capture, record, package, delivery.
//
// In: a folder of the spool and the stages as functions that app hands it. Out: the stages' outputs on disk, each finished before the next
// begins, so that a passage that was killed goes on at the first missing output. It knows no stage by name and imports no other room's parts.
package job
