// Package shelf makes the static pages of the archive: with nothing but the bucket, or a plain copy of its folder, a person browses what
// is kept by year, owner and account and opens the records.
//
//	index.html                                       the archive, or where there are several, which ones
//	<tenant>/index.html                              one archive: years, owners, accounts
//	<tenant>/_year/<year>/index.html                 what was taken in a year
//	<tenant>/_owner/<name>/index.html                the accounts of one owner
//	<tenant>/<account>/index.html                    the snapshots of one account
//	<tenant>/<account>/manifests.ndjson              the same for programs, one snapshot a line
//
// In comes the catalogue, which is brought up to date with the archive first; out go objects in the bucket. Pages hold only what is of the
// class öppen; what is of another class is in no table and no count, and no link leads to it. They are in Swedish, need no script, and link
// by relative addresses.
//
// Several writers need not know of each other. A page is a function of what the archive holds, so two writers that have seen the same
// packages write the same bytes. A writer that is done lists the archive once more, and goes on until that list shows nothing new. The last
// one to write a page has therefore listed after writing it and found nothing that is not on it: a package that was delivered before that
// list would have been found, and one delivered after it has a writer of its own, which has not written yet. Which accounts' pages are
// outdated is kept in the catalogue's file until they have been written, so that a failure is made good by the next refresh.
//
// The package imports types of the rooms to its left and the catalogue. It logs nothing.
package shelf
