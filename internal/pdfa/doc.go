// Package pdfa turns a PDF into PDF/A (ISO 19005-2, and -3 with attachments) and, where its rules hold, PDF/UA-1
// (ISO 14289-1) at once, and checks files against the same rules.
//
// In comes any PDF, mostly one that Chrome printed; out goes the same pages, text, links, tags, outline and images with
// what the standard asks for added or mended, declared at the highest level that the room's own check confirms.
// It is the only room that imports pdfcpu, imports nothing else of ours, and never changes how a page looks without
// saying so in its Report. What cannot be mended is refused (*RefusedError) or handed back as partial, never called PDF/A.
package pdfa
