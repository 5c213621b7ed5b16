// Package guard decides which rows a query may see.
//
// Apply is the only maker of a Guarded plan and lower accepts nothing else, so
// a plan that skipped the guard does not compile. Every Scan of the plan,
// wherever it stands (lets, joins, unions, toscalar, in), gets its time bounds
// here, and the whole plan gets the row cap on top. Tables with a device are
// filtered by it in the same place, and tables that the caller may not read
// are refused.
package guard

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Scope is what a principal may see.
type Scope struct {
	// From and To bound the rows by their table's time column, inclusive.
	From, To int64
	// MaxRows caps the result; one row more is fetched so that truncation
	// can be told. 0 means no cap.
	MaxRows int
	// Devices hides rows by their device; nil hides none.
	Devices *Devices
	// MayRead tells which tables the plan may read; nil allows all.
	MayRead func(*catalog.Table) bool
}

// Guarded is a plan that went through Apply.
type Guarded struct {
	root  plan.Node
	scope Scope
	cut   bool
}

// Root is the guarded plan.
func (g Guarded) Root() plan.Node { return g.root }

// MaxRows is the row cap; the plan yields at most one row more.
func (g Guarded) MaxRows() int { return g.scope.MaxRows }

// Cut reports that the query asked for a time before the window.
func (g Guarded) Cut() bool { return g.cut }

// Apply bounds every scan of the plan.
func Apply(root plan.Node, s Scope) (Guarded, error) {
	if root == nil {
		return Guarded{}, fmt.Errorf("guard: no plan")
	}
	if s.From > s.To {
		return Guarded{}, fmt.Errorf("guard: the window is empty")
	}
	hide, err := s.Devices.filter()
	if err != nil {
		return Guarded{}, err
	}
	g := Guarded{scope: s}
	var refused *catalog.Table
	n := plan.Rewrite(root, func(n plan.Node) plan.Node {
		scan, ok := n.(*plan.Scan)
		if !ok {
			return n
		}
		if s.MayRead != nil && !s.MayRead(scan.Table) || unfiltered(scan.Table, s.Devices) {
			refused = scan.Table
		}
		return hide(bounded(scan, s.From, s.To))
	})
	if refused != nil {
		return Guarded{}, fmt.Errorf("guard: the plan reads %s, which the caller may not", refused.Name)
	}
	g.cut = narrow(n)
	if s.MaxRows > 0 {
		n = plan.NewLimit(n, &plan.Const{Value: types.LongValue(int64(s.MaxRows) + 1)})
	}
	g.root = n
	return g, nil
}
