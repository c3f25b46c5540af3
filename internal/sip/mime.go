package sip

import (
	"io"
	"net/http"
	"os"
	"path"
	"strings"
)

// octets is the media type of what is not known better.
const octets = "application/octet-stream"

// typeByExtension gives the media type of the files that a package may hold.
var typeByExtension = map[string]string{
	".pdf": "application/pdf", ".json": "application/json", ".xml": "application/xml", ".txt": "text/plain",
	".html": "text/html", ".htm": "text/html", ".csv": "text/csv", ".zip": "application/zip", ".gz": "application/gzip",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
	".avif": "image/avif", ".heic": "image/heic", ".svg": "image/svg+xml", ".bmp": "image/bmp", ".tif": "image/tiff",
	".tiff": "image/tiff", ".ico": "image/vnd.microsoft.icon", ".mp4": "video/mp4", ".webm": "video/webm",
	".mov": "video/quicktime", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".wav": "audio/vnd.wave",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odt":  "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
	".eml": "message/rfc822", ".warc": octets, ".wacz": octets,
}

// knownType holds the media types of typeByExtension.
var knownType = typeSet()

// inMETS are the media types that METS may carry: those on the list that validators of E-ARK 2.1.0 hold it against,
// which is older than some types that IANA has registered since (image/webp). Others are octets there, and their
// true type is in manifest.json.
var inMETS = typeSet("image/webp", "video/webm", "audio/vnd.wave", "message/rfc822")

// typeSet is every type of typeByExtension but those named.
func typeSet(without ...string) map[string]bool {
	set := map[string]bool{octets: true}
	for _, t := range typeByExtension {
		set[t] = true
	}
	for _, t := range without {
		delete(set, t)
	}
	return set
}

// metsType is the media type that METS says of a file.
func metsType(t string) string {
	if inMETS[t] {
		return t
	}
	return octets
}

// mediaType settles the media type of a file: what was claimed when it is one we know, else by the name's extension,
// else by the bytes. Parameters such as charset are left out. The answer is always one of typeByExtension's.
func mediaType(claimed, name string, sniff func() string) string {
	claimed, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(claimed)), ";")
	claimed = strings.TrimSpace(claimed)
	if claimed == "image/jpg" {
		claimed = "image/jpeg"
	}
	if knownType[claimed] && claimed != octets {
		return claimed
	}
	if t, ok := typeByExtension[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	t, _, _ := strings.Cut(sniff(), ";")
	if knownType[t] {
		return t
	}
	return octets
}

// sniffer reads the first bytes of a file when its type is not known otherwise.
func sniffer(file string) func() string {
	return func() string {
		f, err := os.Open(file)
		if err != nil {
			return octets // the copy that follows reports it
		}
		defer f.Close()
		head := make([]byte, 512)
		n, _ := io.ReadFull(f, head)
		return http.DetectContentType(head[:n])
	}
}
