// Package job carries accounts' passages through the stages: capture, record, package, delivery.
//
// In: orders, and the work as a function that app hands it. Out: jobs that survive the process, each with its state, its attempts and their
// errors. A passage lies in a folder of the spool, its stages' outputs finished one after the other, so that one that was killed goes on at
// the first missing output. The queue is River's, on SQLite for one machine or on Postgres for several; both run the same code.
//
// It knows no stage by name and imports no other room's parts. It is the only room that imports River. What has been kept is the
// archive's to say: a queue that was lost is filled again by asking the calendar.
package job
