package archive

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"
)

func testObjects(t *testing.T, s *Store) {
	ctx := t.Context()
	var missing *NotFoundError
	if _, err := s.Stat(ctx, "default/index.html"); !errors.As(err, &missing) {
		t.Errorf("stat of nothing: %v", err)
	}
	one, err := s.Put(ctx, "default/index.html", []byte("one"), PutOptions{CreateOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(ctx, "default/index.html", []byte("one"), PutOptions{CreateOnly: true}); err != nil {
		t.Errorf("the same bytes again: %v", err)
	}
	var conflict *ConflictError
	if _, err := s.Put(ctx, "default/index.html", []byte("two"), PutOptions{CreateOnly: true}); !errors.As(err, &conflict) || conflict.Stored == "" {
		t.Errorf("other bytes: %v", err)
	}
	two, err := s.Put(ctx, "default/index.html", []byte("two"), PutOptions{IfMatch: one.ETag})
	if err != nil || two.ETag == one.ETag {
		t.Fatalf("If-Match with the right ETag: %v", err)
	}
	if _, err := s.Put(ctx, "default/index.html", []byte("three"), PutOptions{IfMatch: one.ETag}); !errors.As(err, &conflict) {
		t.Errorf("If-Match with an old ETag: %v", err)
	}
	data, info, err := s.Get(ctx, "default/index.html")
	if err != nil || string(data) != "two" || info.ETag != two.ETag || info.ContentType != "text/html; charset=utf-8" {
		t.Errorf("got %q, %+v, %v", data, info, err)
	}
	if _, err := s.Put(ctx, "default/index.html", []byte("four"), PutOptions{}); err != nil {
		t.Errorf("overwrite: %v", err)
	}
	for _, bad := range []string{"", "/x", "a//b", "../x", "a/../b", "a\nb", "a\\b"} {
		var input *InputError
		if _, err := s.Put(ctx, bad, nil, PutOptions{}); !errors.As(err, &input) {
			t.Errorf("key %q: %v", bad, err)
		}
	}
}

func testLog(t *testing.T, s *Store) {
	ctx, at := t.Context(), time.Date(2026, 12, 31, 23, 59, 59, 999_500_000, time.UTC)
	for i := range 5 {
		e := LogEntry{At: at.Add(time.Duration(i) * time.Second), Kind: "attempt-failed", Account: "x", Text: Text{SV: "Sidan svarade inte.", EN: "No answer."}, Data: json.RawMessage(`{"n":1}`)}
		if err := s.Log(ctx, "default", e); err != nil {
			t.Fatal(err)
		}
	}
	same := LogEntry{At: at, Kind: "closure", ID: "one"}
	if err := errors.Join(s.Log(ctx, "default", same), s.Log(ctx, "default", same)); err != nil {
		t.Errorf("the same note twice: %v", err)
	}
	same.By = "someone else"
	var conflict *ConflictError
	if err := s.Log(ctx, "default", same); !errors.As(err, &conflict) {
		t.Errorf("another note under the same name: %v", err)
	}
	read := func(since time.Time) (out []LogEntry) {
		for e, err := range s.ReadLog(ctx, "default", since) {
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, e)
		}
		return out
	}
	all := read(time.Time{})
	if len(all) != 6 || !slices.IsSortedFunc(all, func(a, b LogEntry) int { return a.At.Compare(b.At) }) || all[0].Text.SV == "" || string(all[0].Data) == "" {
		t.Errorf("log: %+v", all)
	}
	if late := read(at.Add(2 * time.Second)); len(late) != 3 {
		t.Errorf("from the third on: %+v", late)
	}
	if list, err := s.List(ctx, ListFilter{}); err != nil || len(list) != 0 {
		t.Errorf("notes are no packages: %v, %v", list, err)
	}
}
