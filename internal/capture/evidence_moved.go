package capture

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// isAlmost reports whether an address of the opened page has only letters in another case, or more parameters.
func (w *witness) isAlmost(own place) bool {
	return slices.ContainsFunc(w.shows, own.barer)
}

// isAnother reports whether the address led on to one that differs from it in nothing but a number: where a post was removed, some sites show
// the next one.
func (w *witness) isAnother() bool {
	return len(w.shows) > 0 && !w.isShown(w.want) && w.want.shape() == w.shows[0].shape()
}

// carries reports whether the page that the address led on to goes by the same id, as a short link and its page do.
func (w *witness) carries() bool {
	id := w.want.id()
	return id != "" && slices.ContainsFunc(w.shows, func(p place) bool { return strings.Contains(p.page, id) })
}

// evidencePages bounds how many further pages of a post's comments are opened to find one comment.
const evidencePages = 20

// leaf looks for the comment on the further pages of the post's comments, and stays on the one that holds it.
func (w *witness) leaf(ctx context.Context, queue []string) (*Post, error) {
	seen := map[string]bool{withoutFragment(w.c.Job.URL): true}
	for ; len(queue) > 0 && len(seen) <= evidencePages; queue = queue[1:] {
		next := withoutFragment(queue[0])
		if seen[next] {
			continue
		}
		seen[next] = true
		if code, err := w.enter(ctx, next); err != nil || code != "" {
			return nil, err
		}
		if _, err := eval[string](ctx, w.t, "evidencePage"); err != nil {
			return nil, err
		}
		got, err := w.unroll(ctx, &w.post)
		if err != nil {
			return nil, err
		}
		if c := w.want.comments(&w.post); c != nil {
			return c, nil
		}
		queue = append(queue, got.more...)
	}
	return nil, nil
}

// doubtful says what a person must look at before trusting that the piece is the one that was meant.
func (w *witness) doubtful(target *Post) {
	own, ok := placeOf(w.post.Permalink)
	if !w.isShown(w.want) && (!ok || own.page != w.want.page) && !w.carries() {
		w.c.lack("address-moved", "Adressen ledde vidare till "+w.c.Facts.FinalURL+". Kontrollera att det är rätt inlägg.", "The address led on to "+w.c.Facts.FinalURL+". Check that it is the right post.")
	}
	n, kept := w.claimed(&w.post), w.kept(&w.post)
	if n == nil || *n <= kept {
		return
	}
	t := Text{fmt.Sprintf("Sidan räknar %d kommentarer till inlägget; %d visades och är fångade.", *n, kept), fmt.Sprintf("The page counts %d comments on the post; %d were shown and captured.", *n, kept)}
	if target == &w.post {
		t.SV, t.EN = t.SV+" De andra försvinner om inlägget tas bort.", t.EN+" The others go when the post is removed."
	}
	w.c.lack("comments-unopened", t.SV, t.EN)
}
