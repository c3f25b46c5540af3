package capture

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
)

// framed are the posts that frames of other origins hold: by frame, the key of each and the ID it was given.
type framed map[cdp.FrameID]map[string]string

// framePosts reads the posts of frames of other origins, and makes such a frame as tall as what it holds, so that the sheets show all of it.
func (s *shooter) framePosts(ctx context.Context) error {
	const small = 200 // px: what is smaller is a button or a counter
	frames, err := s.t.anyForeigners(ctx)
	if err != nil {
		return err
	}
	for _, f := range frames {
		if f.box.W < small || f.box.H < small {
			continue
		}
		if n, err := within[int](ctx, f, "arsring.find().length"); err != nil || n < 2 {
			continue // a frame that goes away takes nothing of the page's own with it
		}
		if s.framed == nil {
			s.framed = framed{}
		}
		if s.framed[f.id] == nil {
			s.framed[f.id] = map[string]string{}
		}
		whole, err := s.frameFeed(ctx, f)
		if err != nil {
			return err
		}
		if !whole {
			s.c.lack("frame-posts", "En ram från en annan webbplats visar inlägg, och kan hålla fler än de som är fångade.", "A frame of another site shows posts, and may hold more than those that were captured.")
		}
	}
	return nil
}

// frameFeeder reads the posts of one frame.
type frameFeeder struct {
	*shooter
	f      foreign
	names  owner
	headed map[string]bool // posts whose author is nothing but a heading, by ID
	had    int             // posts, when something last came
	same   int             // rounds since
	began  time.Time
}

// frameFeed reads the posts of a frame until nothing more comes. It reports whether that was the end of them.
func (s *shooter) frameFeed(ctx context.Context, f foreign) (whole bool, err error) {
	const most = 60
	names, err := s.frameOwner(ctx, f)
	if err != nil {
		return false, err
	}
	r := &frameFeeder{shooter: s, f: f, names: names, headed: map[string]bool{}, began: time.Now()}
	defer func() { r.names.settle(s.c.Posts, r.headed) }()
	for range most {
		ended, whole, err := r.round(ctx)
		if err != nil { // a frame that is gone, or a page: what comes after it says so of the page
			return false, ctx.Err()
		}
		if ended {
			return whole, nil
		}
	}
	return false, nil
}

// round reads what the frame shows now and was not read, makes it taller, and asks it for more. It reports whether nothing more comes, and whether the
// frame then holds nothing that was not read.
func (r *frameFeeder) round(ctx context.Context) (ended, whole bool, err error) {
	const quiet = 4
	g, err := within[sight](ctx, r.f, "arsring.free(),arsring.look(0,1e9)")
	if err != nil {
		return false, false, err
	}
	if err := r.take(ctx, g); err != nil || r.exceeded() {
		return true, false, err
	}
	o, err := within[outlook](ctx, r.f, "arsring.outlook()")
	if err != nil {
		return false, false, err
	}
	if err := r.reveal(ctx, g); err != nil {
		return false, false, err
	}
	if o.More != "" && r.same < 2 {
		label, err := within[string](ctx, r.f, "arsring.pressMore()")
		if err != nil {
			return false, false, err
		}
		r.t.note("pressed", label)
	}
	if r.same >= quiet && !o.Busy {
		return true, o.further() == "" && !o.Broke && (!g.Inner || g.Height <= g.Window+2), nil
	}
	return false, false, r.t.settle(ctx, true)
}

// further is what the page offers for more, in any way.
func (o outlook) further() string { return o.More + o.Next + o.Turn + o.Left }

// exceeded says that a limit was reached, if so.
func (r *frameFeeder) exceeded() bool {
	code, sv, en := r.limits.reached(Limits{Posts: len(r.c.Posts), Time: time.Since(r.began), Bytes: r.bytes})
	if code != "" {
		r.c.lack("limit-"+code, "Gränsen för "+sv+" nåddes; äldre inlägg är inte fångade.", "The limit for "+en+" was reached; older posts were not captured.")
	}
	return code != ""
}

// reveal makes the frame as tall as its document and passes over it, where it has grown or given posts, and counts the rounds without either.
func (r *frameFeeder) reveal(ctx context.Context, g sight) error {
	grew, err := r.growFrame(ctx, r.f, g.Height)
	if err != nil {
		return err
	}
	if grew {
		r.t.note("unrolled", r.f.url)
	}
	if r.same++; !grew && r.had == len(r.framed[r.f.id]) {
		return nil
	}
	r.had, r.same = len(r.framed[r.f.id]), 0
	return r.passOver(ctx, r.f.box.Y, r.f.box.Y+math.Max(r.f.box.H, g.Height))
}

// passOver scrolls from one height of the document to another: a frame holds back what nobody has seen yet.
func (s *shooter) passOver(ctx context.Context, from, to float64) error {
	const rest = 120 * time.Millisecond
	for y := from; y < to; y += SheetHeight / 2 {
		if _, err := eval[float64](ctx, s.t, "scrollTo", y); err != nil {
			return err
		}
		if err := pause(ctx, rest); err != nil {
			return err
		}
	}
	_, err := eval[float64](ctx, s.t, "scrollTo", 0)
	return err
}

// frameOwner is who the account is, by the names of the page and of the frame.
func (s *shooter) frameOwner(ctx context.Context, f foreign) (owner, error) {
	names, err := s.t.owner(ctx, s.c)
	if err != nil {
		return names, err
	}
	shown, err := within[[]string](ctx, f, "arsring.owner()")
	for _, n := range shown {
		for _, v := range nameVariants(n) {
			names.names[v] = true
		}
	}
	delete(names.names, "")
	return names, err
}

// take opens and reads the posts of the frame that were not read before, or have grown since.
func (r *frameFeeder) take(ctx context.Context, g sight) error {
	const turn = 20 * time.Second
	ids, fresh, keys := r.framed[r.f.id], []int{}, []string{}
	for _, it := range g.Items {
		if ids[it.Key] == "" || it.Grown {
			fresh, keys = append(fresh, it.I), append(keys, it.Key)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	is, err := json.Marshal(fresh)
	if err != nil {
		return err
	}
	opened, err := within[struct{ Pressed []string }](ctx, r.f, fmt.Sprintf("arsring.unfold(%s,%d)", is, turn.Milliseconds()))
	if err != nil {
		return err
	}
	for _, p := range opened.Pressed {
		r.t.note("pressed", p)
	}
	raw, err := within[[]*rawPost](ctx, r.f, fmt.Sprintf("arsring.take(%s)", is))
	if err != nil {
		return err
	}
	had := len(r.c.Posts)
	for i, one := range raw {
		if one == nil {
			continue
		}
		p := r.t.post(one, r.c, r.names)
		ids[keys[i]], ids[one.Key] = p.ID, p.ID
		if !r.c.grew(p) {
			r.headed[p.ID] = one.Headed || one.Guess
			r.c.Posts = append(r.c.Posts, p)
		}
	}
	r.keepMedia(ctx, r.c.Posts[had:])
	return nil
}

// grew adds what a piece says to the post that is kept under the same ID, and reports whether there is one.
func (c *Capture) grew(p Post) bool {
	for i := range c.Posts {
		if c.Posts[i].ID == p.ID {
			c.Posts[i].grow(p)
			return true
		}
	}
	return false
}

// growFrame makes a frame as tall as its document, and reports whether it was less.
func (s *shooter) growFrame(ctx context.Context, f foreign, height float64) (bool, error) {
	res, err := cdp.Call(ctx, s.t.s, runtime.CallFunctionOn, runtime.CallFunctionOnParams{ObjectID: f.node, ReturnByValue: new(true),
		FunctionDeclaration: "function (h) { return arsring.growFrame(this, h); }", Arguments: []*runtime.CallArgument{{Value: fmt.Append(nil, height)}}})
	if err != nil || res.Result == nil {
		return false, err
	}
	return string(res.Result.Value) == "true", nil
}

// frameBlocks gives where the posts of frames stand in the document now.
func (s *shooter) frameBlocks(ctx context.Context) ([]block, error) {
	if len(s.framed) == 0 {
		return nil, nil
	}
	frames, err := s.t.anyForeigners(ctx)
	if err != nil {
		return nil, err
	}
	var out []block
	for _, f := range frames {
		ids := s.framed[f.id]
		if ids == nil {
			continue
		}
		g, err := within[sight](ctx, f, "arsring.look(0,1e9)")
		if err != nil {
			continue // the frame is gone; what it showed is read
		}
		for _, it := range g.Items {
			if id := ids[it.Key]; id != "" {
				out = append(out, block{id, it.Top - g.Scroll + f.box.Y, it.Bottom - g.Scroll + f.box.Y})
			}
		}
	}
	return out, nil
}
