package web

// acts name what was done on a page, as the record does.
var acts = map[string]pair{
	"dialog": {"dialogruta besvarad", "dialog answered"}, "consent-refused": {"samtycke nekat", "consent refused"}, "consent-hidden": {"samtyckesruta dold", "consent dialog hidden"},
	"consent-settings": {"samtyckesinställningar öppnade", "consent settings opened"}, "hidden": {"dolt eller lossat", "hidden or detached"}, "pressed": {"knapp tryckt", "button pressed"},
	"opened": {"öppnat", "opened"}, "rendered": {"PDF visad som bilder av sina sidor", "PDF shown as pictures of its pages"}, "pdf-changed": {"PDF ändrad så att det kan synas", "PDF changed so that it may be seen"}, "returned": {"återvänt till sidan", "went back to the page"}, "navigation-held": {"sidbyte stoppat", "change of page stopped"},
	"private-hidden": {"privat del av det inloggade kontot dold", "private part of the account hidden"}, "private-refused": {"privat sida inte öppnad", "private page not opened"},
	"wall-closed": {"inloggningsruta stängd", "login dialog closed"}, "wall-set-aside": {"inloggningsruta ställd åt sidan", "login dialog set aside"}, "download-refused": {"nedladdning nekad", "download refused"},
	"popup-closed": {"nytt fönster stängt", "new window closed"}, "permission-denied": {"behörighet nekad", "permission denied"}, "request-refused": {"anslutning nekad", "connection refused"},
	"scroll-unlocked": {"rullningslås upphävt", "scroll lock lifted"}, "unrolled": {"ruta med egen rullning visad i hela sin höjd", "box that scrolls by itself shown at its full height"},
}

// changed names the facts of a piece that differ between two snapshots.
var changed = map[string]pair{
	"author": {"avsändare", "author"}, "published": {"publicerat", "published"}, "edited": {"redigerat", "edited"}, "warning": {"varning", "warning"}, "media": {"bilder och film", "media"}, "origin": {"vems", "origin"},
}
