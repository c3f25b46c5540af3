package capture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// maxFrames bounds how many frames of other origins are read.
const maxFrames = 24

// foreign is a frame of another origin: the page's own script world cannot see into it, so it has one of its own.
type foreign struct {
	id    cdp.FrameID
	s     cdp.Session
	world runtime.ExecutionContextID
	box   Rect                   // of what the frame shows, document px of the page
	node  runtime.RemoteObjectID // the frame's element, in the world of the page
	url   string                 // of the document, without what may be secret in it
}

// region reads what a person sees between two heights of the document, what frames of other origins show there with it.
func (t *tab) region(ctx context.Context, y0, y1 float64) (region, error) {
	g, err := eval[region](ctx, t, "region", y0, y1)
	if err != nil || g.Outside == 0 {
		return g, err
	}
	frames, err := t.foreigners(ctx)
	if err != nil {
		return g, err
	}
	for _, f := range frames {
		if f.box.Y+f.box.H <= y0 || f.box.Y >= y1 {
			continue
		}
		in, err := within[region](ctx, f, "arsring.frameRegion()")
		if err != nil {
			continue // a frame that goes away is no loss of the page's: its picture is kept
		}
		g.Texts = append(g.Texts, f.place(in.Texts, y0, y1)...)
		g.Links = append(g.Links, f.place(in.Links, y0, y1)...)
		g.Atoms = append(g.Atoms, f.place(in.Atoms, y0, y1)...)
	}
	return g, nil
}

// place moves boxes from the frame's window to the page's document, and leaves out those that the frame or the stretch does not show.
func (f foreign) place(boxes []box, y0, y1 float64) []box {
	var out []box
	for _, b := range boxes {
		b.X, b.Y = b.X+f.box.X, b.Y+f.box.Y
		if in, ok := b.inside(f.box); ok && b.Y+b.H > y0 && b.Y < y1 {
			b.Rect = Rect{X: in.X + f.box.X, Y: in.Y + f.box.Y, W: in.W, H: in.H}
			out = append(out, b)
		}
	}
	return out
}

// foreignText gives the text and links of frames of other origins, in the order of the document.
func (t *tab) foreignText(ctx context.Context) (blocks []Block, links []Link, err error) {
	frames, err := t.anyForeigners(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range frames {
		b, err := within[[]Block](ctx, f, "arsring.text([])")
		if err != nil {
			continue
		}
		l, err := within[[]Link](ctx, f, "arsring.links(1000)")
		if err != nil {
			continue
		}
		blocks, links = append(blocks, b...), append(links, l...)
	}
	return blocks, links, nil
}

// anyForeigners is foreigners for a page of which it is not known whether it has any.
func (t *tab) anyForeigners(ctx context.Context) ([]foreign, error) {
	if n, err := eval[int](ctx, t, "outside"); err != nil || n == 0 {
		return nil, err
	}
	return t.foreigners(ctx)
}

// foreigners lists the visible frames of other origins, each with a script world of ours: those in the page's own process, and those that
// the browser keeps in processes of their own.
func (t *tab) foreigners(ctx context.Context) ([]foreign, error) {
	defer t.patience()()
	if _, err := cdp.Call(ctx, t.s, dom.Enable, dom.EnableParams{}); err != nil {
		return nil, err
	}
	defer func() { _, _ = cdp.Call(ctx, t.s, dom.Disable, cdp.Empty{}) }()
	var out []foreign
	tree, err := cdp.Call(ctx, t.s, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	var visit func(n *page.FrameTree)
	visit = func(n *page.FrameTree) {
		for _, k := range n.ChildFrames {
			if len(out) >= maxFrames {
				return
			}
			if f, ok := t.foreign(ctx, k.Frame.ID, t.s); ok {
				out = append(out, f)
			}
			visit(k)
		}
	}
	visit(tree.FrameTree)
	list, err := chromedp.CallBrowser(t.ctx, target.GetTargets, target.GetTargetsParams{})
	if err != nil {
		return nil, err
	}
	for _, i := range list.TargetInfos {
		if i.Type != "iframe" || len(out) >= maxFrames {
			continue
		}
		s, err := t.attach(i.TargetID)
		if err != nil {
			continue
		}
		if f, ok := t.foreign(ctx, cdp.FrameID(i.TargetID), s); ok {
			out = append(out, f)
		}
	}
	return out, nil
}

// attach gives a session with a frame in a process of its own, for as long as the tab lives.
func (t *tab) attach(id target.ID) (cdp.Session, error) {
	if s, ok := t.attached[id]; ok {
		return s, nil
	}
	ctx, cancel := chromedp.NewContext(t.ctx, chromedp.WithTargetID(id), chromedp.WithDetachOnCancel())
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		return nil, err
	}
	if t.attached == nil {
		t.attached = map[target.ID]cdp.Session{}
	}
	t.attached[id] = chromedp.FromContext(ctx).Target
	t.detach = append(t.detach, cancel)
	return t.attached[id], nil
}

// foreign looks at one frame; ok is false where the page's own world sees into it, where it is not to be seen, and where it is gone.
func (t *tab) foreign(ctx context.Context, id cdp.FrameID, s cdp.Session) (foreign, bool) {
	owner, err := cdp.Call(ctx, t.s, dom.GetFrameOwner, dom.GetFrameOwnerParams{FrameID: id})
	if err != nil {
		return foreign{}, false
	}
	node, err := cdp.Call(ctx, t.s, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: owner.BackendNodeID, ExecutionContextID: t.world, ObjectGroup: "arsring"})
	if err != nil || node.Object == nil {
		return foreign{}, false
	}
	res, err := cdp.Call(ctx, t.s, runtime.CallFunctionOn, runtime.CallFunctionOnParams{ObjectID: node.Object.ObjectID, ReturnByValue: new(true),
		FunctionDeclaration: "function () { return arsring.frameBox(this); }"})
	f := foreign{id: id, s: s, node: node.Object.ObjectID}
	if err != nil || res.ExceptionDetails != nil || res.Result == nil || json.Unmarshal([]byte(res.Result.Value), &f.box) != nil || f.box.W < 1 {
		return foreign{}, false
	}
	w, err := cdp.Call(ctx, s, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: id, WorldName: "arsring"})
	if err != nil {
		return foreign{}, false
	}
	f.world = w.ExecutionContextID
	known, err := within[bool](ctx, f, "typeof arsring === 'object'")
	if err == nil && !known {
		_, err = within[any](ctx, f, library)
	}
	if err == nil {
		f.url, err = within[string](ctx, f, "location.href")
		f.url = withoutSecrets(f.url)
	}
	return f, err == nil
}

// within evaluates in a frame's own world.
func within[T any](ctx context.Context, f foreign, expr string) (T, error) {
	var v T
	res, err := cdp.Call(ctx, f.s, runtime.Evaluate, runtime.EvaluateParams{Expression: expr, ContextID: f.world, ReturnByValue: new(true), AwaitPromise: new(true)})
	switch {
	case err != nil:
		return v, err
	case res.ExceptionDetails != nil:
		return v, fmt.Errorf("script in a frame: %s", res.ExceptionDetails.Text)
	case res.Result == nil:
		return v, errors.New("script in a frame gave nothing")
	case len(res.Result.Value) == 0:
		return v, nil
	}
	return v, json.Unmarshal([]byte(res.Result.Value), &v)
}
