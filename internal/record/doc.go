// Package record composes the one document that a person reads: a cover sheet, the page as it looked, and what it said.
//
// In: a Capture with its folder. Out: an HTML document with tiny stand-ins where the screenshots go, and the list of placements that tells
// the PDF/A room which compressed picture and which invisible text belongs in each. Chrome prints the HTML once; this room neither starts a
// browser nor touches a PDF. It imports only the capture room's types and html/template, and no text from a page reaches the document any other way.
package record
