package capture

import (
	_ "embed"
	"fmt"
)

//go:embed js/dom.js
var domJS string

//go:embed js/days.js
var daysJS string

//go:embed js/marks.js
var marksJS string

//go:embed js/drawn.js
var drawnJS string

//go:embed js/silent.js
var silentJS string

//go:embed js/posts.js
var postsJS string

//go:embed js/flat.js
var flatJS string

//go:embed js/read.js
var readJS string

//go:embed js/open.js
var openJS string

//go:embed js/feed.js
var feedJS string

//go:embed js/folded.js
var foldedJS string

//go:embed js/pager.js
var pagerJS string

//go:embed js/wall.js
var wallJS string

//go:embed js/phrases.js
var phrasesJS string

//go:embed js/strange.js
var strangeJS string

//go:embed js/cover.js
var coverJS string

//go:embed js/hover.js
var hoverJS string

//go:embed js/consent.js
var consentJS string

//go:embed js/visit.js
var visitJS string

//go:embed js/frames.js
var framesJS string

//go:embed js/grid.js
var gridJS string

//go:embed js/talk.js
var talkJS string

//go:embed js/page.js
var pageJS string

//go:embed js/hints.js
var hintsJS string

//go:embed js/private.js
var privateJS string

// library is what our script world holds: the object arsring with its functions.
var library = "var arsring = (() => {" + domJS + closedJS + pageJS + daysJS + marksJS + drawnJS + silentJS + postsJS + flatJS + readJS + openJS + foldedJS + feedJS + pagerJS + phrasesJS + wallJS + strangeJS + coverJS + hoverJS + consentJS + mediaJS + visitJS + gridJS + talkJS + framesJS + evidenceJS + siteJS + hintsJS + privateRules() + privateJS + "return arsring; })(); 0"

// privateRules hands the script the same addresses that Go refuses.
func privateRules() string {
	return fmt.Sprintf("arsring.privatePath=%q;arsring.privateHost=%q;", privatePathExpr, privateHostExpr)
}
