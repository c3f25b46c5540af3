// Package web is the pages for people, and the same as JSON for programs.
//
// In: requests, and through small interfaces declared here what the archive, the register, the calendar and the queue know. Out: HTML that
// works without script, in Swedish or English, and JSON. Every route stands in one table with the role it needs; every record is asked for
// its access class before anything of it is shown, and one that the person may not see is not there.
//
// It may import the types of register, calendar, capture, sip, catalog and access. Texts from captured pages reach HTML through html/template only.
package web
