package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"arsring/internal/archive"
	"arsring/internal/capture"
	"arsring/internal/register"
	"arsring/internal/sip"
)

// NoteSchema names the layout of a note beside a package.
const NoteSchema = "arsring-note-1"

// The kinds of notes.
const (
	NoteDiary   = "diary"   // the diary number under which the piece was registered
	NoteRemoved = "removed" // who removed the piece from the platform, and when
)

// Note is something that became known about a piece after its package was made. It stands beside the package as
// <snapshot-id>.<kind>-<nnn>.json, written once and never changed: the package itself stays as it was.
type Note struct {
	Schema   string     `json:"schema"`
	Snapshot string     `json:"snapshot"`
	Kind     string     `json:"kind"`
	Diary    *string    `json:"diary"`
	Removed  *time.Time `json:"removed"` // when the piece was removed from the platform
	By       string     `json:"by"`      // who made the note, or who removed the piece
	At       time.Time  `json:"at"`      // when the note was made
	Key      string     `json:"-"`       // where it stands in the archive
}

// mostNotes bounds the notes of one kind beside one package.
const mostNotes = 999

// AddDiary links a diary number to the package of an evidence. The same number twice is one note.
func (a *App) AddDiary(ctx context.Context, id, diary, by string) (Note, error) {
	diary = strings.Join(strings.Fields(diary), " ")
	if diary == "" {
		return Note{}, &UsageError{"the diary number is empty"}
	}
	return a.addNote(ctx, id, Note{Kind: NoteDiary, Diary: &diary, By: by}, func(have Note) bool { return have.Diary != nil && *have.Diary == diary })
}

// AddRemoval links to the package of an evidence who removed the piece from the platform and when.
func (a *App) AddRemoval(ctx context.Context, id string, removed time.Time, by string) (Note, error) {
	if strings.TrimSpace(by) == "" {
		return Note{}, &UsageError{"--by is missing: name who removed the post"}
	}
	removed = removed.Truncate(time.Second)
	if err := a.checkRemoval(ctx, id, removed); err != nil {
		return Note{}, err
	}
	return a.addNote(ctx, id, Note{Kind: NoteRemoved, Removed: &removed, By: by}, func(have Note) bool {
		return have.By == by && have.Removed != nil && have.Removed.Equal(removed)
	})
}

// checkRemoval refuses a time of removal that has not come, or at which the piece was not there to be removed.
func (a *App) checkRemoval(ctx context.Context, id string, removed time.Time) error {
	written := func(t time.Time) string { return t.In(register.Location()).Format("2006-01-02T15:04") }
	if removed.After(a.now()) {
		return &UsageError{fmt.Sprintf("--at %s has not come yet: note the removal when it has happened", written(removed))}
	}
	if _, _, trigger, _ := sip.ParseID(id); trigger != capture.TriggerEvidence {
		return nil // addNote says so
	}
	s, err := a.Store(ctx)
	if err != nil {
		return err
	}
	e, err := s.Find(ctx, id)
	if err != nil {
		return err
	}
	if taken := e.Taken.Truncate(time.Minute); removed.Before(taken) { // people write minutes
		return &UsageError{fmt.Sprintf("--at %s is before the copy was taken (%s): the post was still there then", written(removed), written(taken))}
	}
	m, err := a.manifest(ctx, s, e)
	if err == nil && m.Evidence != nil && m.Evidence.Published != nil && removed.Before(m.Evidence.Published.Truncate(time.Minute)) {
		return &UsageError{fmt.Sprintf("--at %s is before the post was published (%s)", written(removed), written(*m.Evidence.Published))}
	}
	return nil // what cannot be read does not stand in the way of the note
}

func (a *App) addNote(ctx context.Context, id string, n Note, same func(Note) bool) (Note, error) {
	_, _, trigger, err := sip.ParseID(id)
	if err != nil || trigger != capture.TriggerEvidence {
		return Note{}, &UsageError{fmt.Sprintf("%q is no snapshot of a documented post: its id holds -evidence-; `arsring list` shows them", id)}
	}
	s, err := a.Store(ctx)
	if err != nil {
		return Note{}, err
	}
	e, err := s.Find(ctx, id)
	if err != nil {
		return Note{}, err
	}
	have, err := notes(ctx, s, e)
	if err != nil {
		return Note{}, err
	}
	next := 1
	for _, h := range have {
		if h.Kind == n.Kind {
			next++
			if same(h) {
				return h, nil
			}
		}
	}
	n.Schema, n.Snapshot, n.At = NoteSchema, id, a.now().UTC().Truncate(time.Second)
	data, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return Note{}, err
	}
	for ; next <= mostNotes; next++ {
		n.Key = fmt.Sprintf("%s.%s-%03d.json", strings.TrimSuffix(e.Prefix, "/"), n.Kind, next)
		_, err = s.Put(ctx, n.Key, append(data, '\n'), archive.PutOptions{CreateOnly: true, Lock: true})
		var taken *archive.ConflictError
		if !errors.As(err, &taken) {
			if err == nil {
				err = a.enter(ctx, s, e.Tenant, n.Key)
			}
			return n, err
		}
	}
	return Note{}, fmt.Errorf("%s has %d notes already", id, mostNotes)
}

// Notes lists what was noted beside the package of an evidence, in the order of their keys.
func (a *App) Notes(ctx context.Context, id string) ([]Note, error) {
	s, err := a.Store(ctx)
	if err != nil {
		return nil, err
	}
	e, err := s.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	return notes(ctx, s, e)
}

func notes(ctx context.Context, s *archive.Store, e archive.Entry) ([]Note, error) {
	var out []Note
	for _, kind := range []string{NoteDiary, NoteRemoved} {
		for o, err := range s.ListKeys(ctx, strings.TrimSuffix(e.Prefix, "/")+"."+kind+"-") {
			if err != nil {
				return nil, err
			}
			data, _, err := s.Get(ctx, o.Key)
			if err != nil {
				return nil, err
			}
			var n Note
			if json.Unmarshal(data, &n) != nil || n.Schema != NoteSchema {
				continue // somebody else's file
			}
			n.Key = o.Key
			out = append(out, n)
		}
	}
	return out, nil
}
