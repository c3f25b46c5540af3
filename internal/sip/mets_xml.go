package sip

import (
	"encoding/xml"
	"io"
)

// The METS vocabulary of this room: exactly the elements and attributes that E-ARK CSIP 2.1.0 and E-ARK SIP 2.1.0
// ask of a package, in the order of the METS 1.12 schema. CHECKSUM stands before xlink:href in every reference, so
// that the pairs can be picked out with plain text tools (LASMIG.txt shows how).

const (
	nsMETS   = "http://www.loc.gov/METS/"
	nsXLink  = "http://www.w3.org/1999/xlink"
	nsCSIP   = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
	nsSIP    = "https://DILCIS.eu/XML/METS/SIPExtensionMETS"
	nsXSI    = "http://www.w3.org/2001/XMLSchema-instance"
	profile  = "https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-1-0.xml"
	metsFile = "METS.xml"

	metsLocations = nsMETS + " http://www.loc.gov/standards/mets/mets.xsd " +
		nsXLink + " http://www.loc.gov/standards/xlink/xlink.xsd " +
		nsCSIP + " https://earkcsip.dilcis.eu/schema/DILCISExtensionMETS.xsd " +
		nsSIP + " https://earksip.dilcis.eu/schema/DILCISExtensionSIPMETS.xsd"
)

type metsXML struct {
	XMLName   xml.Name   `xml:"mets"`
	NS        string     `xml:"xmlns,attr"`
	XLink     string     `xml:"xmlns:xlink,attr"`
	CSIP      string     `xml:"xmlns:csip,attr"`
	SIP       string     `xml:"xmlns:sip,attr"`
	XSI       string     `xml:"xmlns:xsi,attr"`
	Locations string     `xml:"xsi:schemaLocation,attr"`
	ObjID     string     `xml:"OBJID,attr"`
	Label     string     `xml:"LABEL,attr"`
	Type      string     `xml:"TYPE,attr"`
	Content   string     `xml:"csip:CONTENTINFORMATIONTYPE,attr"`
	Other     string     `xml:"csip:OTHERCONTENTINFORMATIONTYPE,attr"`
	Profile   string     `xml:"PROFILE,attr"`
	Hdr       headerXML  `xml:"metsHdr"`
	Dmd       []dmdXML   `xml:"dmdSec"`
	Amd       amdXML     `xml:"amdSec"`
	FileSec   fileSecXML `xml:"fileSec"`
	Map       mapXML     `xml:"structMap"`
}

type headerXML struct {
	Created  string     `xml:"CREATEDATE,attr"`
	Modified string     `xml:"LASTMODDATE,attr"`
	Status   string     `xml:"RECORDSTATUS,attr"`
	OAIS     string     `xml:"csip:OAISPACKAGETYPE,attr"`
	Agents   []agentXML `xml:"agent"`
}

type agentXML struct {
	Role      string    `xml:"ROLE,attr"`
	Type      string    `xml:"TYPE,attr"`
	OtherType string    `xml:"OTHERTYPE,attr,omitempty"`
	Name      string    `xml:"name"`
	Notes     []noteXML `xml:"note"`
}

type noteXML struct {
	Type string `xml:"csip:NOTETYPE,attr"`
	Text string `xml:",chardata"`
}

type dmdXML struct {
	ID      string `xml:"ID,attr"`
	Created string `xml:"CREATED,attr"`
	Status  string `xml:"STATUS,attr"`
	Ref     refXML `xml:"mdRef"`
}

type amdXML struct {
	Prov []dmdXML `xml:"digiprovMD"`
}

type refXML struct {
	LocType   string `xml:"LOCTYPE,attr"`
	Link      string `xml:"xlink:type,attr"`
	MDType    string `xml:"MDTYPE,attr"`
	OtherType string `xml:"OTHERMDTYPE,attr,omitempty"`
	MIME      string `xml:"MIMETYPE,attr"`
	Size      int64  `xml:"SIZE,attr"`
	Created   string `xml:"CREATED,attr"`
	Checksum  string `xml:"CHECKSUM,attr"`
	SumType   string `xml:"CHECKSUMTYPE,attr"`
	Href      string `xml:"xlink:href,attr"`
}

type fileSecXML struct {
	ID     string     `xml:"ID,attr"`
	Groups []groupXML `xml:"fileGrp"`
}

type groupXML struct {
	ID      string    `xml:"ID,attr"`
	Use     string    `xml:"USE,attr"`
	Content string    `xml:"csip:CONTENTINFORMATIONTYPE,attr"`
	Other   string    `xml:"csip:OTHERCONTENTINFORMATIONTYPE,attr"`
	Files   []fileXML `xml:"file"`
}

type fileXML struct {
	ID       string      `xml:"ID,attr"`
	MIME     string      `xml:"MIMETYPE,attr"`
	Size     int64       `xml:"SIZE,attr"`
	Created  string      `xml:"CREATED,attr"`
	Checksum string      `xml:"CHECKSUM,attr"`
	SumType  string      `xml:"CHECKSUMTYPE,attr"`
	Format   string      `xml:"sip:FILEFORMATNAME,attr,omitempty"`
	Version  string      `xml:"sip:FILEFORMATVERSION,attr,omitempty"`
	Registry string      `xml:"sip:FORMATREGISTRY,attr,omitempty"`
	Key      string      `xml:"sip:FORMATREGISTRYKEY,attr,omitempty"`
	At       locationXML `xml:"FLocat"`
}

type locationXML struct {
	LocType string `xml:"LOCTYPE,attr"`
	Link    string `xml:"xlink:type,attr"`
	Href    string `xml:"xlink:href,attr"`
	Title   string `xml:"xlink:title,attr,omitempty"`
}

type mapXML struct {
	ID    string `xml:"ID,attr"`
	Type  string `xml:"TYPE,attr"`
	Label string `xml:"LABEL,attr"`
	Div   divXML `xml:"div"`
}

type divXML struct {
	ID    string       `xml:"ID,attr"`
	Label string       `xml:"LABEL,attr"`
	AdmID string       `xml:"ADMID,attr,omitempty"`
	DmdID string       `xml:"DMDID,attr,omitempty"`
	Ptr   *locationXML `xml:"mptr"`
	Files []fptrXML    `xml:"fptr"`
	Divs  []divXML     `xml:"div"`
}

type fptrXML struct {
	FileID string `xml:"FILEID,attr"`
}

// writeXML writes a document with its declaration, indented.
func writeXML(w io.Writer, v any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
