// Package validators lets tests ask programs that are not ours whether what we made is right.
//
// In come files that a test has produced: PDFs, packages. Out come the verdicts of veraPDF,
// commons-ip and poppler, as plain values. The programs are installed by "make tools"; a program
// that is missing fails the test and says so, it never skips it.
//
// Only tests may import this package, of every room; it imports nothing of ours.
package validators
