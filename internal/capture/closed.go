package capture

import (
	"context"
	_ "embed"
	"strconv"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
)

//go:embed js/closed.js
var closedJS string

// closedGroup holds the browser's references to elements while they are asked about.
const closedGroup = "arsring-closed"

// enter lets our world see into the shadow trees that the page keeps closed (DOM 4.8, mode "closed"), those inside others too. Elements that were
// asked before are not asked again.
func (t *tab) enter(ctx context.Context) error {
	if t.world == 0 {
		return nil // nothing was read yet
	}
	defer t.patience()()
	const deepest = 20
	for range deepest {
		more, err := t.enterOnce(ctx)
		if err != nil || !more {
			return ctx.Err() // a page that leaves meanwhile has nothing to be entered
		}
	}
	return nil
}

// enterOnce asks the browser for the trees of the elements that may have one; more says that a tree was found, in which others may stand.
func (t *tab) enterOnce(ctx context.Context) (more bool, err error) {
	list, err := cdp.Call(ctx, t.s, runtime.Evaluate, runtime.EvaluateParams{Expression: "arsring.suspects()", ContextID: t.world, ObjectGroup: closedGroup})
	if err != nil || list.ExceptionDetails != nil || list.Result == nil || list.Result.ObjectID == "" {
		return false, err
	}
	defer func() { // where the visit has ended meanwhile, its page ends with it
		_, _ = cdp.Call(ctx, t.s, runtime.ReleaseObjectGroup, runtime.ReleaseObjectGroupParams{ObjectGroup: closedGroup})
	}()
	if list.Result.Description == "Array(0)" {
		return false, nil
	}
	props, err := cdp.Call(ctx, t.s, runtime.GetProperties, runtime.GetPropertiesParams{ObjectID: list.Result.ObjectID, OwnProperties: new(true)})
	if err != nil {
		return false, err
	}
	for _, p := range props.Result {
		if _, err := strconv.Atoi(p.Name); err != nil || p.Value == nil || p.Value.ObjectID == "" {
			continue
		}
		found, err := t.enterHost(ctx, p.Value.ObjectID)
		if err != nil {
			return false, err
		}
		more = more || found
	}
	return more, nil
}

// enterHost gives our world the closed tree of one element, where it has one.
func (t *tab) enterHost(ctx context.Context, host runtime.RemoteObjectID) (bool, error) {
	node, err := cdp.Call(ctx, t.s, dom.DescribeNode, dom.DescribeNodeParams{ObjectID: host, Depth: new(int64(1)), Pierce: new(true)})
	if err != nil || node.Node == nil {
		return false, err
	}
	args := []*runtime.CallArgument{}
	for _, r := range node.Node.ShadowRoots {
		if r.ShadowRootType != cdp.ShadowRootTypeClosed {
			continue
		}
		tree, err := cdp.Call(ctx, t.s, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: r.BackendNodeID, ExecutionContextID: t.world, ObjectGroup: closedGroup})
		if err != nil || tree.Object == nil {
			return false, err
		}
		args = append(args, &runtime.CallArgument{ObjectID: tree.Object.ObjectID})
	}
	_, err = cdp.Call(ctx, t.s, runtime.CallFunctionOn, runtime.CallFunctionOnParams{ObjectID: host, Arguments: args, FunctionDeclaration: "function (tree) { arsring.shut(this, tree); }"})
	return len(args) > 0, err
}
