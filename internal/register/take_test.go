package register

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestTake: files follow what another machine published, keep their comments, and refuse what they cannot follow.
func TestTake(t *testing.T) {
	entry := func(id, title string) string {
		return "  - {id: " + id + ", platform: web, url: \"https://" + id + ".example.org/\", title: " + title + ", archive_creator: N, unit: E, responsible: {name: A, email: a@example.org}, administrators: [{name: A, email: a@example.org}, {name: B, email: b@example.org}], since: 2024-01-01, class: öppen}\n"
	}
	load := func(text string) *Register {
		t.Helper()
		r, err := Parse("register.yaml", []byte(text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		published, err := FromNormal("published", r.Normal(), Options{})
		if err != nil || published.Version != r.Version {
			t.Fatalf("%v, versions %s and %s", err, published.Version, r.Version)
		}
		return published
	}
	path := filepath.Join(t.TempDir(), "register.yaml")
	if err := os.WriteFile(path, []byte("# våra konton\naccounts:\n"+entry("ett", "Ett")+entry("tva", "Två")), 0o600); err != nil {
		t.Fatal(err)
	}
	theirs := load("accounts:\n" + entry("ett", "Ett nytt") + entry("tva", "Två") + entry("tre", "Tre"))
	c := Change{By: "maskin-2", At: time.Now()}
	asked := 0
	stop := errors.New("not now")
	c.Before = func(before, after *Register) error {
		if asked++; len(before.Accounts) != 2 || after.Version != theirs.Version {
			t.Errorf("%d accounts before, %s after", len(before.Accounts), after.Version)
		}
		return stop
	}
	if _, err := Take(path, theirs, c, Options{}); !errors.Is(err, stop) || asked != 1 {
		t.Fatalf("%v, asked %d times", err, asked)
	}
	if now, err := Load(path, Options{}); err != nil || len(now.Accounts) != 2 {
		t.Fatalf("it was written all the same: %v", err)
	}
	c.Before = nil
	got, err := Take(path, theirs, c, Options{})
	if err != nil || got.Version != theirs.Version {
		t.Fatal(err)
	}
	if now, err := Load(path, Options{}); err != nil || now.Version != theirs.Version {
		t.Fatalf("the files say something else: %v", err)
	}
	if text, _ := os.ReadFile(path); string(text[:16]) != "# våra konton\n"+"a" {
		t.Errorf("the comment is gone:\n%s", text)
	}
	if h, err := History(path); err != nil || len(h) != 2 || h[0].Action != "take" || h[0].By != "maskin-2" {
		t.Errorf("%+v %v", h, err)
	}
	for name, text := range map[string]string{"an account less": "accounts:\n" + entry("ett", "Ett nytt"), "a tenant's name": "name: Kommunen\naccounts:\n" + entry("ett", "Ett nytt") + entry("tva", "Två") + entry("tre", "Tre")} {
		var p Problem
		if _, err := Take(path, load(text), c, Options{}); !errors.As(err, &p) || p.Code != "by-hand" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
