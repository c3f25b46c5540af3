package sip

import "encoding/xml"

// The part of PREMIS 3.0 that a package uses, in the order of its schema.

const (
	nsPREMIS        = "http://www.loc.gov/premis/v3"
	premisLocations = nsPREMIS + " http://www.loc.gov/standards/premis/premis.xsd"
)

type premisXML struct {
	XMLName   xml.Name         `xml:"premis"`
	NS        string           `xml:"xmlns,attr"`
	XSI       string           `xml:"xmlns:xsi,attr"`
	Locations string           `xml:"xsi:schemaLocation,attr"`
	Version   string           `xml:"version,attr"`
	Objects   []objectXML      `xml:"object"`
	Events    []eventXML       `xml:"event"`
	Agents    []premisAgentXML `xml:"agent"`
	Rights    *rightsXML       `xml:"rights"`
}

type objectXML struct {
	Type         string            `xml:"xsi:type,attr"`
	IDType       string            `xml:"objectIdentifier>objectIdentifierType"`
	ID           string            `xml:"objectIdentifier>objectIdentifierValue"`
	Traits       *traitsXML        `xml:"objectCharacteristics"`
	OriginalName string            `xml:"originalName,omitempty"`
	Relations    []relationXML     `xml:"relationship"`
	Events       []linkedEventXML  `xml:"linkingEventIdentifier"`
	Rights       []linkedRightsXML `xml:"linkingRightsStatementIdentifier"`
}

type traitsXML struct {
	Fixity  fixityXML       `xml:"fixity"`
	Size    int64           `xml:"size"`
	Format  premisFormatXML `xml:"format"`
	Creator *creatorXML     `xml:"creatingApplication"`
}

type fixityXML struct {
	Algorithm string `xml:"messageDigestAlgorithm"`
	Digest    string `xml:"messageDigest"`
}

type premisFormatXML struct {
	Name     string       `xml:"formatDesignation>formatName"`
	Version  string       `xml:"formatDesignation>formatVersion,omitempty"`
	Registry *registryXML `xml:"formatRegistry"`
}

type registryXML struct {
	Name string `xml:"formatRegistryName"`
	Key  string `xml:"formatRegistryKey"`
}

type creatorXML struct {
	Name    string `xml:"creatingApplicationName"`
	Version string `xml:"creatingApplicationVersion,omitempty"`
}

type relationXML struct {
	Type    string `xml:"relationshipType"`
	SubType string `xml:"relationshipSubType"`
	IDType  string `xml:"relatedObjectIdentifier>relatedObjectIdentifierType"`
	ID      string `xml:"relatedObjectIdentifier>relatedObjectIdentifierValue"`
}

type linkedEventXML struct {
	Type  string `xml:"linkingEventIdentifierType"`
	Value string `xml:"linkingEventIdentifierValue"`
}

type linkedRightsXML struct {
	Type  string `xml:"linkingRightsStatementIdentifierType"`
	Value string `xml:"linkingRightsStatementIdentifierValue"`
}

type eventXML struct {
	IDType  string            `xml:"eventIdentifier>eventIdentifierType"`
	ID      string            `xml:"eventIdentifier>eventIdentifierValue"`
	Type    string            `xml:"eventType"`
	At      string            `xml:"eventDateTime"`
	Detail  string            `xml:"eventDetailInformation>eventDetail"`
	Outcome *eventOutcomeXML  `xml:"eventOutcomeInformation"`
	Agents  []linkedAgentXML  `xml:"linkingAgentIdentifier"`
	Objects []linkedObjectXML `xml:"linkingObjectIdentifier"`
}

type eventOutcomeXML struct {
	Outcome string `xml:"eventOutcome"`
	Note    *struct {
		Text string `xml:"eventOutcomeDetailNote"`
	} `xml:"eventOutcomeDetail"`
}

type linkedAgentXML struct {
	Type  string `xml:"linkingAgentIdentifierType"`
	Value string `xml:"linkingAgentIdentifierValue"`
	Role  string `xml:"linkingAgentRole"`
}

type linkedObjectXML struct {
	Type  string `xml:"linkingObjectIdentifierType"`
	Value string `xml:"linkingObjectIdentifierValue"`
	Role  string `xml:"linkingObjectRole"`
}

type premisAgentXML struct {
	IDType  string `xml:"agentIdentifier>agentIdentifierType"`
	ID      string `xml:"agentIdentifier>agentIdentifierValue"`
	Name    string `xml:"agentName"`
	Type    string `xml:"agentType"`
	Version string `xml:"agentVersion,omitempty"`
}

type rightsXML struct {
	Statements []rightsStatement `xml:"rightsStatement"`
}

type rightsStatement struct {
	IDType  string             `xml:"rightsStatementIdentifier>rightsStatementIdentifierType"`
	ID      string             `xml:"rightsStatementIdentifier>rightsStatementIdentifierValue"`
	Basis   string             `xml:"rightsBasis"`
	Statute *statuteXML        `xml:"statuteInformation"`
	Other   *otherRightsXML    `xml:"otherRightsInformation"`
	Granted []rightsGrantedXML `xml:"rightsGranted"`
	Objects []linkedObjectXML  `xml:"linkingObjectIdentifier"`
}

type statuteXML struct {
	Jurisdiction string   `xml:"statuteJurisdiction"`
	Citation     string   `xml:"statuteCitation"`
	Notes        []string `xml:"statuteNote"`
}

type otherRightsXML struct {
	Basis string   `xml:"otherRightsBasis"`
	Notes []string `xml:"otherRightsNote"`
}

type rightsGrantedXML struct {
	Act         string   `xml:"act"`
	Restriction string   `xml:"restriction,omitempty"`
	Notes       []string `xml:"rightsGrantedNote"`
}
