package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/plan"
)

// windowsOver allows window functions in oc when the rows have an order.
func (b *binder) windowsOver(oc *ctx, in rel) *windows {
	w := &windows{b: b, base: len(in.cols())}
	if in.ordered {
		oc.win = w
	}
	return w
}

// windowNode puts the collected window calls on top of in, as further
// columns, so that expressions bound over in's columns stay valid.
func (b *binder) windowNode(in plan.Node, w *windows) plan.Node {
	if len(w.calls) == 0 {
		return in
	}
	// A call may use the result of an earlier one, as in
	// row_cumsum(x, prev(k) != k); it then goes into a node above.
	from := 0
	for i := range w.calls {
		if i > from && w.usesFrom(w.calls[i], from) {
			in = b.windowLayer(in, w.calls[from:i], from)
			from = i
		}
	}
	return b.windowLayer(in, w.calls[from:], from)
}

// usesFrom reports whether call refers to the result of a call numbered from
// or higher.
func (w *windows) usesFrom(call *plan.WindowCall, from int) bool {
	uses := false
	for _, a := range call.Args {
		plan.Refs(a, func(i int) { uses = uses || i >= w.base+from })
	}
	return uses
}

func (b *binder) windowLayer(in plan.Node, calls []*plan.WindowCall, from int) plan.Node {
	n := &plan.Window{Input: in, Calls: calls}
	n.Out = append(n.Out, in.Columns()...)
	for i, call := range calls {
		n.Out = append(n.Out, plan.Column{Name: fmt.Sprintf("$w%d", from+i), Type: call.Ret, Nullable: true})
	}
	if inGo(calls) {
		return b.goWindow(in, calls, n.Out)
	}
	return n
}
