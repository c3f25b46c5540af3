// Package vault keeps login profiles: what a browser needs to be logged in on a platform, encrypted at rest.
//
// In: a browser's user data folder in which a person has logged in, and facts about its cookies, never their values. Out: one sealed
// file a profile; a fresh, readable copy of it for one capture, which is wiped afterwards; and a list that says how old each login is and
// when it probably ends.
//
// A copy is never written back: what a platform does to it during a capture, a logout included, never reaches the sealed file. The key (an age
// identity) lies in a file of its own that nobody else may read, and never beside the profiles.
//
// It imports nothing of ours and is the only room that uses age. It starts no browser, and never logs.
package vault
