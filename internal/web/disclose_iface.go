package web

// Discloser will be described with the page.
type Discloser interface{}
type pending struct{}
