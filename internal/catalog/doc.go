// Package catalog is what is known of the archive without opening it: which snapshots there are, of which accounts, and a full-text index
// over their posts, comments, pages and descriptions. It also compares two snapshots, and (in shelf) makes the static pages of the archive.
//
// In come manifest.json and content.json of the packages, through a Source that is a store or a plain copy of its folder. Out go lists,
// counts, hits and comparisons. The archive is the truth: everything in the catalogue's file can be made again from it by Rebuild, so a
// lost, broken or outdated file costs time and nothing else. Update brings the file up to date by listing; both end with the same content.
//
// Whoever asks says what may be seen: a Scope names tenants and access classes, and what lies outside it is in no hit, count, snippet or
// error. The zero Scope sees nothing.
//
// A Catalog is safe for concurrent use; several processes may use the same file. The room writes nothing to the archive, logs nothing and
// imports only types of the rooms to its left.
package catalog
