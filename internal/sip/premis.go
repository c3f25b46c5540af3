package sip

import (
	"fmt"
	"io"
	"time"

	"arsring/internal/capture"
	"arsring/internal/register"
)

// localID is the type of every identifier in the PREMIS files: unique within the archive, since each begins with
// the snapshot's ID.
const localID = "local"

// eventTypes are the terms of the Library of Congress' list of preservation event types for our steps.
var eventTypes = map[EventKind]string{
	EventCaptured:  "capture",
	EventComposed:  "creation",
	EventConverted: "normalization",
	EventValidated: "validation",
	EventPacked:    "information package creation",
}

// premisMaker writes the PREMIS files of one package: the root's with the events, agents and rights, and one for each
// representation with its files.
type premisMaker struct {
	in       *Input
	manifest *Manifest
	agents   []premisAgentXML
	programs map[capture.Version]string // agent identifiers
	events   []eventXML
	byKind   map[EventKind][]string // event identifiers
}

func newPREMIS(in *Input, m *Manifest, reps []*representation) *premisMaker {
	k := &premisMaker{in: in, manifest: m, programs: map[capture.Version]string{}, byKind: map[EventKind][]string{}}
	person := k.person()
	for _, e := range append(full(in.Events), Event{Kind: EventPacked, Start: in.Now, Detail: "Leveranspaket enligt E-ARK SIP 2.1.0."}) {
		k.event(e, person, reps)
	}
	return k
}

func (k *premisMaker) id(parts ...any) string {
	s := k.manifest.ID
	for _, p := range parts {
		s += "/" + fmt.Sprint(p)
	}
	return s
}

// person is the agent who ordered the snapshot; empty when nobody did, as for one that the calendar asked for.
func (k *premisMaker) person() string {
	if k.manifest.OrderedBy == nil {
		return ""
	}
	return k.agent(premisAgentXML{Name: *k.manifest.OrderedBy, Type: "person"})
}

func (k *premisMaker) agent(a premisAgentXML) string {
	a.IDType, a.ID = localID, k.id("agent", len(k.agents)+1)
	k.agents = append(k.agents, a)
	return a.ID
}

// program is the agent of one program, made when it is first named.
func (k *premisMaker) program(v capture.Version) string {
	v = cleanVersion(v)
	if id, ok := k.programs[v]; ok {
		return id
	}
	id := k.agent(premisAgentXML{Name: v.Name, Type: "software", Version: v.Version})
	k.programs[v] = id
	return id
}

// event adds one step with the programs that did it, the person who ordered it, and what came of it.
func (k *premisMaker) event(e Event, person string, reps []*representation) {
	x := eventXML{IDType: localID, ID: k.id("event", e.Kind), Type: eventTypes[e.Kind], At: stamped(timeOr(e.Start, k.in.Now))}
	if n := len(k.byKind[e.Kind]); n > 0 {
		x.ID = k.id("event", e.Kind, n+1)
	}
	x.Detail = cleanLine(string(e.Kind)+": "+RedactText(e.Detail), 4000)
	if result := k.result(e); result != "" {
		x.Outcome = &eventOutcomeXML{Outcome: result}
	}
	for _, v := range k.tools(e) {
		x.Agents = append(x.Agents, linkedAgentXML{Type: localID, Value: k.program(v), Role: "executing program"})
	}
	if person != "" && (e.Kind == EventCaptured || k.in.Capture.Job.Trigger == capture.TriggerIngest && e.Kind == EventPacked) {
		x.Agents = append(x.Agents, linkedAgentXML{Type: localID, Value: person, Role: "authorizer"})
	}
	x.Objects = k.outcomes(e.Kind, reps)
	k.events = append(k.events, x)
	k.byKind[e.Kind] = append(k.byKind[e.Kind], x.ID)
}

// tools are the programs of a step: those it names, else the capture's own for the capture, else the one that packs.
func (k *premisMaker) tools(e Event) []capture.Version {
	switch {
	case len(e.Tools) > 0:
		return e.Tools
	case e.Kind == EventCaptured:
		return k.manifest.Versions
	}
	return []capture.Version{newMETS(k.in, k.manifest).tool}
}

func (k *premisMaker) result(e Event) string {
	switch {
	case e.Result != "":
		return cleanLine(e.Result, 1000)
	case e.Kind == EventCaptured:
		return string(k.in.Capture.Outcome)
	case e.Kind == EventValidated && k.in.RecordLevel != "":
		return "PDF/A-" + k.in.RecordLevel
	case e.Kind == EventValidated:
		return "not PDF/A"
	}
	return ""
}

// outcomes are the objects that a step made or looked at.
func (k *premisMaker) outcomes(kind EventKind, reps []*representation) []linkedObjectXML {
	link := func(id, role string) linkedObjectXML { return linkedObjectXML{Type: localID, Value: id, Role: role} }
	if kind == EventPacked {
		return []linkedObjectXML{link(k.id(), "outcome")}
	}
	var out []linkedObjectXML
	for _, r := range reps {
		for _, f := range r.data {
			switch {
			case f.role == RoleContent && kind == EventCaptured, f.role == RoleRecord && (kind == EventComposed || kind == EventConverted):
				out = append(out, link(k.id(f.path), "outcome"))
			case f.role == RoleRecord && kind == EventValidated, f.role == RoleContent && kind == EventComposed:
				out = append(out, link(k.id(f.path), "source"))
			}
		}
	}
	return out
}

// root writes metadata/preservation/premis.xml.
func (k *premisMaker) root(w io.Writer, reps []*representation) error {
	doc := newPREMISDocument()
	top := objectXML{Type: "intellectualEntity", IDType: localID, ID: k.id(), Events: k.linked(EventPacked)}
	for _, r := range reps {
		top.Relations = append(top.Relations, relation("has part", k.id(r.name)))
	}
	doc.Rights = &rightsXML{Statements: k.rights()}
	for _, r := range doc.Rights.Statements {
		top.Rights = append(top.Rights, linkedRightsXML{Type: localID, Value: r.ID})
	}
	doc.Objects = append(doc.Objects, top)
	for _, r := range reps {
		doc.Objects = append(doc.Objects, k.whole(r))
		for _, f := range r.data {
			if f.role == RoleRecord || f.role == RoleContent {
				doc.Objects = append(doc.Objects, k.file(r, f))
			}
		}
	}
	doc.Events, doc.Agents = k.events, k.agents
	return writeXML(w, doc)
}

// representation writes the PREMIS file of one representation: every file under its data folder. The events that
// made them are in the root's.
func (k *premisMaker) representation(w io.Writer, r *representation) error {
	doc := newPREMISDocument()
	doc.Objects = append(doc.Objects, k.whole(r))
	for _, f := range r.data {
		doc.Objects = append(doc.Objects, k.file(r, f))
	}
	return writeXML(w, doc)
}

func newPREMISDocument() premisXML {
	return premisXML{NS: nsPREMIS, XSI: nsXSI, Locations: premisLocations, Version: "3.0"}
}

func (k *premisMaker) whole(r *representation) objectXML {
	return objectXML{Type: "representation", IDType: localID, ID: k.id(r.name), Relations: []relationXML{relation("is part of", k.id())}}
}

func relation(kind, to string) relationXML {
	return relationXML{Type: "structural", SubType: kind, IDType: localID, ID: to}
}

func (k *premisMaker) file(r *representation, f staged) objectXML {
	is := formatOf(f)
	t := &traitsXML{Fixity: fixityXML{Algorithm: "SHA-256", Digest: f.sha256}, Size: f.size, Format: premisFormatXML{Name: is.name, Version: is.version}}
	if is.key != "" {
		t.Format.Registry = &registryXML{Name: "PRONOM", Key: is.key}
	}
	o := objectXML{Type: "file", IDType: localID, ID: k.id(f.path), Traits: t, OriginalName: cleanLine(f.original, 500)}
	o.Relations = []relationXML{relation("is part of", k.id(r.name))}
	switch f.role {
	case RoleRecord:
		o.Events = k.linked(EventComposed, EventConverted, EventValidated)
	case RoleContent:
		o.Events = k.linked(EventCaptured)
	}
	if f.role == RoleRecord || f.role == RoleContent {
		tool := newMETS(k.in, k.manifest).tool
		t.Creator = &creatorXML{Name: tool.Name, Version: tool.Version}
	}
	return o
}

func (k *premisMaker) linked(kinds ...EventKind) []linkedEventXML {
	var out []linkedEventXML
	for _, kind := range kinds {
		for _, id := range k.byKind[kind] {
			out = append(out, linkedEventXML{Type: localID, Value: id})
		}
	}
	return out
}

// rights say who may read the snapshot and what was decided on its disposal.
func (k *premisMaker) rights() []rightsStatement {
	object := []linkedObjectXML{{Type: localID, Value: k.id(), Role: "access class"}}
	access := rightsStatement{
		IDType: localID, ID: k.id("rights", "access"), Basis: "statute",
		Statute: &statuteXML{Jurisdiction: "SE", Citation: "Offentlighets- och sekretesslag (2009:400)",
			Notes: []string{"Åtkomstklass: " + string(k.manifest.AccessClass)}},
		Granted: []rightsGrantedXML{{Act: "disseminate"}}, Objects: object,
	}
	if k.manifest.AccessClass != register.ClassOpen {
		access.Granted[0].Restriction = cleanLine(string(k.manifest.AccessClass), 200)
	}
	out := []rightsStatement{access}
	d := k.manifest.Disposal
	if d == nil {
		return out
	}
	decision := rightsStatement{
		IDType: localID, ID: k.id("rights", "disposal"), Basis: "other",
		Other:   &otherRightsXML{Basis: "gallringsbeslut", Notes: []string{disposalSV(d)}},
		Objects: []linkedObjectXML{{Type: localID, Value: k.id(), Role: "disposal"}},
	}
	if d.Action == "gallra" {
		decision.Granted = []rightsGrantedXML{{Act: "delete"}}
	}
	return append(out, decision)
}

// disposalSV says the decision in a sentence.
func disposalSV(d *Disposal) string {
	s := "Åtgärd: " + d.Action
	for _, part := range []struct {
		name  string
		value *string
	}{{"efter", d.After}, {"beslut", d.Decision}, {"plan", d.Plan}} {
		if part.value != nil {
			s += ", " + part.name + ": " + *part.value
		}
	}
	return cleanLine(s, 2000)
}

// timeOr is the first time that is known.
func timeOr(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
