package notify

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// run is one window of one tenant: who is in it, and what came of each.
type run struct {
	Began    time.Time         `json:"began"`
	Accounts map[string]string `json:"accounts"` // outcome by "tenant/id"; empty: no answer yet
	Titles   map[string]string `json:"titles,omitempty"`
	Done     bool              `json:"done,omitempty"`
}

// follows gives the events that follow from one: a window whose last account has an answer, an account that shrank.
func (s *state) follows(e *Event) []Event {
	if e.Kind == KindWindow {
		s.begin(e)
		return nil
	}
	var out []Event
	if f, ok := s.shrank(e); ok {
		out = append(out, f)
	}
	if f, ok := s.answered(e); ok {
		out = append(out, f)
	}
	return out
}

func (s *state) begin(e *Event) {
	for _, who := range e.Accounts {
		tenant, _, _ := strings.Cut(who, "/")
		key := tenant + "/" + e.Slot
		r := s.Runs[key]
		if r == nil {
			r = &run{Began: e.At, Accounts: map[string]string{}, Titles: map[string]string{}}
			s.Runs[key] = r
		}
		if _, known := r.Accounts[who]; !known {
			r.Accounts[who] = ""
		}
	}
}

// answered notes what came of an account in its window.
func (s *state) answered(e *Event) (Event, bool) {
	r := s.Runs[e.Tenant+"/"+e.Slot]
	who := e.who()
	if r == nil || r.Done || who == "" || e.Slot == "" {
		return Event{}, false
	}
	had, in := r.Accounts[who]
	if !in {
		return Event{}, false
	}
	switch e.Kind {
	case KindKept:
		r.Accounts[who] = e.Outcome
	case KindGivenUp, KindOverdue, KindMissed:
		if had == "" {
			r.Accounts[who] = string(e.Kind)
		}
	default:
		return Event{}, false
	}
	if r.Titles == nil {
		r.Titles = map[string]string{}
	}
	r.Titles[who] = e.Title
	for _, answer := range r.Accounts {
		if answer == "" {
			return Event{}, false
		}
	}
	r.Done = true
	return r.report(e), true
}

// the words of an answer in a run's list.
var answers = map[string]Text{
	"complete": {"fullständig", "complete"}, "partial": {"ofullständig", "partial"},
	string(KindGivenUp): {"INTE TAGEN: har gett upp", "NOT TAKEN: given up"}, string(KindOverdue): {"INTE TAGEN: fönstret har passerat", "NOT TAKEN: the window has passed"},
	string(KindMissed): {"INTE TAGEN: kan inte längre tas", "NOT TAKEN: can no longer be taken"},
}

// report is the word that a window's last account has its answer, with the list of all.
func (r *run) report(e *Event) Event {
	var lines []Text
	n := 0
	for _, who := range slices.Sorted(maps.Keys(r.Accounts)) {
		answer := r.Accounts[who]
		if answer == "complete" || answer == "partial" {
			n++
		}
		t, known := answers[answer]
		if !known {
			t = Text{answer, answer}
		}
		_, name, _ := strings.Cut(who, "/")
		if r.Titles[who] != "" {
			name = r.Titles[who] + " (" + name + ")"
		}
		lines = append(lines, Text{name + ": " + t.SV, name + ": " + t.EN})
	}
	r.Titles = nil
	return Event{ID: e.ID + "-run", Kind: KindRun, Key: "run/" + e.Tenant + "/" + e.Slot, At: e.At, Tenant: e.Tenant, Slot: e.Slot, Lines: lines, Text: Text{
		SV: fmt.Sprintf("Omgången %s är klar: %d av %d konton har en ögonblicksbild.", e.Slot, n, len(r.Accounts)),
		EN: fmt.Sprintf("The run %s is done: %d of %d accounts have a snapshot.", e.Slot, n, len(r.Accounts)),
	}}
}

// An account shrank when its scheduled snapshot holds less than a quarter of the last one's posts, or, where there are none, of its pages.
const (
	shrinkage = 4
	fewPosts  = 10 // what is smaller than this may come and go
	fewPages  = 8
)

func (s *state) shrank(e *Event) (Event, bool) {
	if e.Kind != KindKept || e.Trigger != "scheduled" || e.Posts == nil {
		return Event{}, false
	}
	now := count{Posts: *e.Posts}
	if e.Pages != nil {
		now.Pages = *e.Pages
	}
	last, known := s.Counts[e.who()]
	s.Counts[e.who()] = now
	var t Text
	switch {
	case !known:
		return Event{}, false
	case last.Posts >= fewPosts && now.Posts*shrinkage < last.Posts:
		t = Text{fmt.Sprintf("Bara %d inlägg, mot %d förra gången: se efter att allt kom med.", now.Posts, last.Posts), fmt.Sprintf("Only %d posts, against %d last time: see whether everything is there.", now.Posts, last.Posts)}
	case last.Posts == 0 && last.Pages >= fewPages && now.Pages*shrinkage < last.Pages:
		t = Text{fmt.Sprintf("Bara %d sidor, mot %d förra gången: se efter att allt kom med.", now.Pages, last.Pages), fmt.Sprintf("Only %d pages, against %d last time: see whether everything is there.", now.Pages, last.Pages)}
	default:
		return Event{}, false
	}
	f := *e
	f.ID, f.Kind, f.Key, f.Topic, f.Fact, f.Text, f.Lines = e.ID+"-shrank", KindShrank, "shrank/"+e.Snapshot, "", "", t, nil
	return f, true
}
