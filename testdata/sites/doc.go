// Package sites holds web sites of our own making that are shaped like the public pages of the big platforms, and serves them from one
// http.Handler. They are imitations: layout, behaviour and traps are like what a visitor meets out there, but every line of markup, script,
// style, text and picture was written or is generated here, the municipality of Älvsunda does not exist and neither do its people.
//
// In: Options (seed, number of posts, "now", …), also by query string. Out: pages, and for each site a Truth: exactly the posts and comments
// that it holds, as Go values and as JSON at /<site>/truth.json. The same options always give the same content.
//
// It may import only the standard library. It never reads the network, a file outside the binary, or the clock when Options.Now is set.
//
// The package lies under testdata, so "./..." skips it: name ./testdata/sites when vetting and testing.
package sites
