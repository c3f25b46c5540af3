// Package notify tells people what happened: by mail, by webhook, and by a heartbeat whose silence is news.
//
// In: events, in the words of whoever saw them. Out: one digest a day for each reader, urgent mail at once, letters with a record for the
// registrar, and every event as JSON to a webhook. What has been told and what waits to be sent lies in a journal of its own, so that neither a
// kill nor a mail server that is away loses anything, and nothing is said again that still stands.
//
// How often a letter is sent. A letter is written into the journal with its Message-ID before it is sent, and the moment before its last line
// goes out is written there, too. A failure before that moment, or a refusal by the server, or a connection that the server cuts without an
// answer, is tried again with the same bytes and the same Message-ID (RFC 5321 section 4.5.4.1). When the process dies, or no answer comes at
// all, between that moment and the answer, nobody on this side can know whether the letter was taken (RFC 1047): it is not sent again, and
// its lines stand once more in the next digest, under a heading that says so. Webhook calls are repeated until they are answered, each with
// the event's ID, by which the receiver knows a repetition.
//
// It imports no other room, reads no configuration and logs nothing.
package notify
