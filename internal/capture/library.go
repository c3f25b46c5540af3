package capture

import _ "embed"

//go:embed js/dom.js
var domJS string

//go:embed js/page.js
var pageJS string

// library is what our script world holds: the object arsring with its functions.
var library = "var arsring = (() => {" + domJS + pageJS + "return arsring; })(); 0"
