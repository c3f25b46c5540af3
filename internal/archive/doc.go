// Package archive keeps finished packages in S3-compatible storage and gives them back.
//
// In come a package folder (files and, written last, METS.xml) and the names under which it is kept; out go a
// receipt that says when it was delivered and that every object was read back equal, lists of what is kept,
// streams, exports and findings. The embedded store is part of the room: an S3 server over a plain folder,
// run as a child process of the same program.
//
// The room is the only one that imports minio-go and versitygw. It imports nothing of ours, reads no
// configuration and no environment, writes no log, and never interprets what stands in a package: whoever
// knows METS hands Verify the inventory as a function.
//
// Keys in this package's interface are relative to Options.Prefix:
//
//	<tenant>/<account>/<snapshot>/METS.xml ...      the package; without METS.xml it is not one
//	<tenant>/<account>/<snapshot>.receipt.json      written after the read-back
//	<tenant>/_log/<yyyy>/<time>-<kind>-<rand>.json  append-only notes
package archive
