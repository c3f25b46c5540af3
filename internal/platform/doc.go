// Package platform holds what is known about each platform, as data: where its pages lie, by which marks their posts, times and buttons are found,
// how its walls look, what is never pressed or opened, what its terms are and which official export it offers.
//
// In: the built-in files of data/ and, where there is one, a folder of the operator's own that comes before them. Out: a Set of Platforms. The files
// are hints: a capture works without them, and where a selector finds nothing the general way takes over. The package imports none of ours,
// opens no network and never logs; a file that cannot be used is refused whole, with file, line and what to do.
package platform
