package record

// labels are the record's own words in one language.
type labels struct {
	CoverHead, SheetsHead, ContentHead, PageTextHead, TilesHead                                    string
	FirstView, PageTile, AltFirst, AltSheet, AltShows, Sheet, Of                                   string
	Account, Title, Platform, Owner, Unit, Address, Final, Trigger, Reason, By, Taken, Zone        string
	PeriodWanted, PeriodReached, Stop, Everything, Overlap, Unknown, Outcome, Kept, PageSays       string
	Missing, Nothing, Interventions, None, Versions, Checks, ContentSum, NoDM, Composed, Class     string
	Status, IP, TLS, Redirects, Posts, Comments, Evidence, Diary, Ground, Late, Disposal           string
	Author, Own, Received, UnknownOrigin, Published, TimeBy, Edited, EditedShown, Permalink, Media string
	NoAlt, Links, Reactions, Replies, Tile, When, Sum, Pinned, Warning, Kind, Act, What, Times     string
	Record, Snapshot, NoPosts                                                                      string
	Triggers, Outcomes, Stops, Acts, Sources, MediaKinds                                           map[string]string
}

var texts = map[string]*labels{"sv": &swedish, "en": &english}

var swedish = labels{
	CoverHead: "Försättsblad", SheetsHead: "Sidan som den såg ut", ContentHead: "Innehållet", PageTextHead: "Sidans text", TilesHead: "Utsnittens kontrollsummor",
	FirstView: "Första vyn, orörd", PageTile: "Sidan uppifrån och ned", AltFirst: "Skärmbild av sidans första vy, innan något besvarades eller doldes.",
	AltSheet: "Skärmbild av sidan, blad %d.", AltShows: "Rubriker på bilden:", Sheet: "Blad", Of: "av",
	Account: "Konto", Title: "Benämning", Platform: "Plattform", Owner: "Arkivbildare", Unit: "Ansvarig verksamhet", Address: "Adress", Final: "Visad adress",
	Trigger: "Anledning", Reason: "Skäl", By: "Beställd av", Taken: "Fångad", Zone: "tidszon Europe/Stockholm", PeriodWanted: "Period som skulle fångas",
	PeriodReached: "Period som nåddes", Stop: "Varför det slutade", Everything: "allt som finns", Overlap: "dessutom %d dagar före, för kommentarer på äldre inlägg; vad som ligger längre bak läses inte om",
	Unknown: "okänt", Outcome: "Utfall", Kept: "Fångat", PageSays: "sidan själv anger", Missing: "Vad som saknas", Nothing: "Inget känt saknas.",
	Interventions: "Ingrepp på sidan", None: "Inga.", Versions: "Program", Checks: "Kontroll", ContentSum: "SHA-256 för content.json",
	NoDM: "Direktmeddelanden och andra slutna delar av kontot ingår inte.", Composed: "Bladen är sammansatta av %d vyer, tagna mellan %s och %s.",
	Class: "Åtkomst", Status: "Serverns svar", IP: "Serverns IP-adress", TLS: "Certifikat", Redirects: "Omdirigerad från", Posts: "inlägg", Comments: "kommentarer",
	Evidence: "Dokumenterat inlägg", Diary: "Diarienummer", Ground: "Lagrum", Late: "Tagen efter ordinarie period", Disposal: "Gallringsbeslut",
	Author: "Författare", Own: "Eget", Received: "Mottaget", UnknownOrigin: "Avsändare okänd", Published: "Publicerat", TimeBy: "tiden enligt", Edited: "Ändrat",
	EditedShown: "sidan anger att det är ändrat", Permalink: "Adress", Media: "Bilder och annat", NoAlt: "ingen bildbeskrivning på sidan", Links: "Länkar", Reactions: "Reaktioner",
	Replies: "Kommentarer", Tile: "Utsnitt", When: "Taget", Sum: "SHA-256", Pinned: "Fäst överst", Warning: "Innehållsvarning", Kind: "Slag", Act: "Åtgärd", What: "På vad", Times: "gånger",
	Record: "Arkivexemplar", Snapshot: "Ögonblicksbild", NoPosts: "Inga inlägg i perioden.",
	Triggers: map[string]string{"scheduled": "återkommande", "manual": "på beställning", "closure": "före stängning", "evidence": "före borttagning", "ingest": "inlämnad för hand"},
	Outcomes: map[string]string{"complete": "fullständig", "partial": "ofullständig", "login-wall": "inloggning krävs", "blocked": "nekad", "not-found": "finns inte", "blank": "tom", "unreachable": "nås inte", "failed": "misslyckad"},
	Stops:    map[string]string{"reached-date": "periodens början nåddes", "end-of-feed": "flödets slut nåddes", "loop": "flödet började om", "no-growth": "flödet gav inget mer", "limit": "en gräns nåddes", "wall": "en inloggningsvägg kom i vägen", "end-of-page": "sidans slut nåddes"},
	Acts: map[string]string{"dialog": "dialogruta besvarad", "consent-refused": "samtycke nekat", "consent-hidden": "samtyckesruta dold", "consent-settings": "samtyckesinställningar öppnade", "hidden": "dolt eller lossat", "pressed": "knapp tryckt", "download-refused": "nedladdning nekad", "popup-closed": "nytt fönster stängt", "permission-denied": "behörighet nekad", "request-refused": "anslutning nekad", "scroll-unlocked": "rullningslås upphävt", "opened": "öppnat", "rendered": "PDF visad som bilder av sina sidor", "pdf-changed": "PDF ändrad så att det kan synas",
		"returned": "återvänt till sidan", "navigation-held": "sidbyte stoppat", "private-hidden": "privat del av det inloggade kontot dold", "private-refused": "privat sida inte öppnad", "wall-closed": "inloggningsruta stängd", "wall-set-aside": "inloggningsruta ställd åt sidan", "unrolled": "ruta med egen rullning visad i hela sin höjd"},
	Sources:    map[string]string{"datetime": "sidans maskinläsbara tid", "json-ld": "sidans strukturerade data", "title": "hjälptext på sidan", "text": "utskriven tid", "relative": "tid relativt till fångsten", "feed": "kontots öppna flöde", "permalink": "inläggets egen sida"},
	MediaKinds: map[string]string{"image": "bild", "video": "film", "audio": "ljud"},
}

var english = labels{
	CoverHead: "Cover sheet", SheetsHead: "The page as it looked", ContentHead: "The content", PageTextHead: "The page's text", TilesHead: "Checksums of the tiles",
	FirstView: "First view, untouched", PageTile: "The page from top to bottom", AltFirst: "Screenshot of the page's first view, before anything was answered or hidden.",
	AltSheet: "Screenshot of the page, sheet %d.", AltShows: "Headings in the picture:", Sheet: "Sheet", Of: "of",
	Account: "Account", Title: "Name", Platform: "Platform", Owner: "Archive creator", Unit: "Responsible unit", Address: "Address", Final: "Address shown",
	Trigger: "Trigger", Reason: "Reason", By: "Ordered by", Taken: "Captured", Zone: "time zone Europe/Stockholm", PeriodWanted: "Period wanted",
	PeriodReached: "Period reached", Stop: "Why it ended", Everything: "everything there is", Overlap: "and %d days before it, for comments on older posts; what lies further back is not read again",
	Unknown: "unknown", Outcome: "Outcome", Kept: "Kept", PageSays: "the page itself says", Missing: "What is missing", Nothing: "Nothing known is missing.",
	Interventions: "Interventions on the page", None: "None.", Versions: "Programs", Checks: "Checks", ContentSum: "SHA-256 of content.json",
	NoDM: "Direct messages and other closed parts of the account are not included.", Composed: "The sheets are composed from %d views taken between %s and %s.",
	Class: "Access", Status: "Server's answer", IP: "Server's IP address", TLS: "Certificate", Redirects: "Redirected from", Posts: "posts", Comments: "comments",
	Evidence: "Documented post", Diary: "Diary number", Ground: "Legal ground", Late: "Taken after its regular period", Disposal: "Disposal decision",
	Author: "Author", Own: "Own", Received: "Received", UnknownOrigin: "Sender unknown", Published: "Published", TimeBy: "time from", Edited: "Edited",
	EditedShown: "the page says it was edited", Permalink: "Address", Media: "Pictures and other media", NoAlt: "no description on the page", Links: "Links", Reactions: "Reactions",
	Replies: "Comments", Tile: "Tile", When: "Taken", Sum: "SHA-256", Pinned: "Pinned", Warning: "Content warning", Kind: "Kind", Act: "Act", What: "On what", Times: "times",
	Record: "Record", Snapshot: "Snapshot", NoPosts: "No posts in the period.",
	Triggers: map[string]string{"scheduled": "recurring", "manual": "on demand", "closure": "before closure", "evidence": "before removal", "ingest": "handed in"},
	Outcomes: map[string]string{"complete": "complete", "partial": "partial", "login-wall": "login required", "blocked": "refused", "not-found": "does not exist", "blank": "blank", "unreachable": "unreachable", "failed": "failed"},
	Stops:    map[string]string{"reached-date": "the period's start was reached", "end-of-feed": "the feed ended", "loop": "the feed started over", "no-growth": "the feed gave nothing more", "limit": "a limit was reached", "wall": "a login wall came in the way", "end-of-page": "the end of the page was reached"},
	Acts: map[string]string{"dialog": "dialog answered", "hidden": "hidden or detached", "pressed": "button pressed", "opened": "opened", "rendered": "PDF shown as pictures of its pages", "pdf-changed": "PDF changed so that it may be seen",
		"returned": "went back to the page", "navigation-held": "change of page stopped", "private-hidden": "private part of the account hidden", "private-refused": "private page not opened", "wall-closed": "login dialog closed", "wall-set-aside": "login dialog set aside", "unrolled": "box that scrolls by itself shown at its full height",
		"consent-refused": "consent refused", "consent-hidden": "consent dialog hidden", "consent-settings": "consent settings opened", "download-refused": "download refused", "popup-closed": "new window closed", "permission-denied": "permission denied", "request-refused": "connection refused", "scroll-unlocked": "scroll lock lifted"},
	Sources:    map[string]string{"datetime": "the page's machine-readable time", "json-ld": "the page's structured data", "title": "a tooltip", "text": "the time written", "relative": "a time relative to the capture", "feed": "the account's open feed", "permalink": "the post's own page"},
	MediaKinds: map[string]string{"image": "picture", "video": "video", "audio": "audio"},
}

// word looks a code up in a map of words and falls back to the code itself.
func word(m map[string]string, code string) string {
	if w, ok := m[code]; ok {
		return w
	}
	return clean(code)
}
