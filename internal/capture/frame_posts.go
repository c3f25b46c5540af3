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
		s.framed[f.id] = map[string]string{}
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

// frameFeed reads the posts of a frame until nothing more comes. It reports whether that was the end of them.
func (s *shooter) frameFeed(ctx context.Context, f foreign) (whole bool, err error) {
	const most, quiet = 60, 4
	names, err := s.frameOwner(ctx, f)
	if err != nil {
		return false, err
	}
	began, had, same := time.Now(), -1, 0
	for range most {
		g, err := within[sight](ctx, f, "arsring.free(),arsring.look(0,1e9)")
		if err != nil {
			return false, ctx.Err()
		}
		if err := s.frameTake(ctx, f, g, names); err != nil {
			return false, ctx.Err()
		}
		if code, sv, en := s.limits.reached(Limits{Posts: len(s.c.Posts), Time: time.Since(began), Bytes: s.bytes}); code != "" {
			s.c.lack("limit-"+code, "Gränsen för "+sv+" nåddes; äldre inlägg är inte fångade.", "The limit for "+en+" was reached; older posts were not captured.")
			return false, nil
		}
		o, err := within[outlook](ctx, f, "arsring.outlook()")
		if err != nil {
			return false, ctx.Err()
		}
		grew, err := s.growFrame(ctx, f, g.Height)
		if err != nil {
			return false, ctx.Err()
		}
		if same++; grew || had != len(s.framed[f.id]) {
			had, same = len(s.framed[f.id]), 0
			if err := s.passOver(ctx, f.box.Y, f.box.Y+math.Max(f.box.H, g.Height)); err != nil {
				return false, err
			}
		}
		if o.More != "" && same < 2 {
			label, err := within[string](ctx, f, "arsring.pressMore()")
			if err != nil {
				return false, ctx.Err()
			}
			s.t.note("pressed", label)
		}
		if same >= quiet && !o.Busy {
			return o.More == "" && o.Next == "" && o.Turn == "" && o.Left == "" && !o.Broke && (!g.Inner || g.Height <= g.Window+2), nil
		}
		if err := s.t.settle(ctx, true); err != nil {
			return false, err
		}
	}
	return false, nil
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

// frameTake opens and reads the posts of a frame that were not read before.
func (s *shooter) frameTake(ctx context.Context, f foreign, g sight, names owner) error {
	const turn = 20 * time.Second
	ids, fresh, keys := s.framed[f.id], []int{}, []string{}
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
	opened, err := within[struct{ Pressed []string }](ctx, f, fmt.Sprintf("arsring.unfold(%s,%d)", is, turn.Milliseconds()))
	if err != nil {
		return err
	}
	for _, p := range opened.Pressed {
		s.t.note("pressed", p)
	}
	raw, err := within[[]*rawPost](ctx, f, fmt.Sprintf("arsring.take(%s)", is))
	if err != nil {
		return err
	}
	had := len(s.c.Posts)
	for i, r := range raw {
		if r == nil {
			continue
		}
		p := s.t.post(r, s.c, names)
		ids[keys[i]], ids[r.Key] = p.ID, p.ID
		if !s.c.grew(p) {
			s.c.Posts = append(s.c.Posts, p)
		}
	}
	s.keepMedia(ctx, s.c.Posts[had:])
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
