package web

import (
	"strings"

	"arsring/internal/access"
)

// accountFields are the names of an account's fields in a request, as the form of the page has them.
const accountFields = "platform url title archive_creator unit section responsible-name responsible-email administrators-0-name administrators-0-email administrators-1-name administrators-1-email " +
	"administrators-2-name administrators-2-email substitute-name substitute-email purpose sender since until class disposal-action disposal-after disposal-decision document_plan processing_entry privacy_notice " +
	"login_profile group allowed_hosts legal_deposit reason"

// apiRoutes do for programs what the page does for people; what belongs to a person alone (passwords, keys, sessions) is not among it.
func (s *Site) apiRoutes() []route {
	get := func(path string, need access.Role, run func(*ask) error, about, query string) route {
		return route{pattern: "GET /api/v1/" + path, need: need, run: run, api: true, about: about, query: query}
	}
	// do is a POST that takes the fields of a form as a JSON object of texts.
	do := func(path string, need access.Role, run func(*ask) error, about, fields string) route {
		return route{pattern: "POST /api/v1/" + path, need: need, run: run, api: true, about: about, fields: strings.Fields(fields), form: true}
	}
	return []route{
		{pattern: "GET /api/openapi.json", run: (*ask).openAPI, api: true},
		get("overview", access.Reader, (*ask).apiOverview, "This half-year at a glance", ""),
		get("accounts", access.Reader, (*ask).apiAccounts, "The accounts of record that the token may see", ""),
		do("accounts", access.Officer, (*ask).saveNew, "Add an account; where the role does not reach, report it for approval", "id tenant "+accountFields),
		get("accounts/{tenant}/{id}", access.Reader, (*ask).apiAccount, "One account", ""),
		do("accounts/{tenant}/{id}", access.Archivist, (*ask).edit, "Change an account; fields that are left out stay as they are", "version "+accountFields),
		get("accounts/{tenant}/{id}/history", access.Reader, (*ask).apiHistory, "Who changed what of an account's entry", ""),
		do("accounts/{tenant}/{id}/close", access.Archivist, (*ask).closeAccount, "Announce the end of an account and order its last snapshot", "notice-date notice-remove reason"),
		do("accounts/{tenant}/{id}/pause", access.Archivist, (*ask).pause, "Have the calendar leave an account alone", "pause_reason pause_until"),
		do("accounts/{tenant}/{id}/resume", access.Archivist, (*ask).resume, "End a pause", ""),
		{pattern: "POST /api/v1/imports", need: access.Archivist, run: (*ask).importPreview, api: true, body: importBytes, upload: "list", about: "Preview a list of accounts, CSV or XLSX; nothing is written"},
		do("imports/{id}", access.Archivist, (*ask).importApply, "Write a list that was previewed", ""),
		get("proposals", access.Admin, (*ask).apiProposals, "Accounts that were reported", ""),
		do("proposals/{id}", access.Admin, (*ask).answer, "Answer a report: svar is ja or nej", "svar answer"),
		get("snapshots", access.Reader, (*ask).apiSnapshots, "Snapshots, newest first", "tenant account limit offset"),
		get("snapshots/{id}", access.Reader, (*ask).apiSnapshot, "One snapshot with its manifest and receipt", ""),
		get("snapshots/{id}/record.pdf", access.Reader, (*ask).record, "The record, PDF/A", "spara"),
		get("snapshots/{id}/content.json", access.Reader, (*ask).contentFile, "Posts and comments as data", "spara"),
		get("snapshots/{id}/manifest.json", access.Reader, (*ask).manifestFile, "The manifest as it stands in the package", "spara"),
		get("snapshots/{id}/tiles/{n}", access.Reader, (*ask).tile, "A picture of the page; with bredd a small one", "bredd"),
		get("snapshots/{id}/package.zip", access.Reader, (*ask).packageFile, "The whole package", ""),
		{pattern: "POST /api/v1/snapshots/{id}/check", need: access.Officer, run: (*ask).check, api: true, about: "Re-read every byte of the package"},
		{pattern: "POST /api/v1/snapshots/{id}/copy", need: access.Archivist, run: (*ask).apiCopy, api: true, schema: "Copy", about: "Make a copy of chosen posts and sheets to be handed out"},
		get("search", access.Reader, (*ask).apiSearch, "Search posts, comments, pages and descriptions", "q konto verksamhet plattform vems anledning utfall dag1 dag2 efter"),
		get("compare", access.Reader, (*ask).apiCompare, "What differs between two snapshots of one account", "a b"),
		get("due", access.Reader, (*ask).apiDue, "How every account stands in the calendar", ""),
		get("calendar", access.Reader, (*ask).apiCalendar, "The windows of a year and every account's days", "ar"),
		get("orders", access.Officer, (*ask).apiOrders, "Orders that are under way, and the newest that have ended", ""),
		{pattern: "POST /api/v1/orders", need: access.Officer, run: (*ask).apiOrder, api: true, schema: "Order", about: "Order a snapshot, or the documentation of a post"},
		{pattern: "POST /api/v1/files", need: access.Officer, run: (*ask).upload, api: true, body: uploadBytes, upload: "files", about: "Hand in files that were made by hand; konto is tenant/id", fields: []string{"konto", "reason"}},
		get("orders/{id}", access.Officer, (*ask).apiJob, "How one order goes", ""),
		get("orders/{id}/events", access.Officer, (*ask).follow, "How one order goes, as server-sent events", ""),
		get("audit", access.Archivist, (*ask).audit, "The audit log, newest first", "vem vad pa fore"),
		get("users", access.Admin, (*ask).apiUsers, "Who may sign in", ""),
		do("users", access.Admin, (*ask).addPerson, "Add a user", "login name email new_password role tenant class"),
		do("users/{id}", access.Admin, (*ask).changePerson, "Change a user's role; do is role or remove", "do role tenant class"),
	}
}
