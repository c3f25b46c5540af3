// Package proof makes what the archive claims checkable by others: time stamps, an append-only log, and a reader that trusts nothing.
//
// In come a METS.xml's hash and the keys of what was delivered; out go RFC 3161 tokens, entries of a transparency log (RFC 6962 hashing, signed
// notes) that stands in the bucket beside what it is about, and findings. The room is the only one that imports digitorus/timestamp and
// golang.org/x/mod/sumdb. It takes the archive as a small interface, reads no configuration, writes no log of its own running, and repairs nothing.
//
// Keys, relative to the archive's base:
//
//	<tenant>/<account>/<snapshot>.tsr      token over METS.xml of the first authority; .2.tsr of the second, and so on
//	<tenant>/_tlog/entry/000000012         one entry: a signed note whose lines sha256sum reads; written once, and that write takes the place
//	<tenant>/_tlog/tile/8/0/000            256 hashes of finished parts of the tree
//	<tenant>/_tlog/checkpoint              size and root of the tree, signed; rewritten after each entry
//	<tenant>/_tlog/key/<name>              public key of a machine that writes
//	<tenant>/_tlog/authority/<sum>.pem     certificates that the tokens lead to
package proof
