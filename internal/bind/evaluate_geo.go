package bind

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// geoLineLookup joins points to the lines near them.
func (e *evaluation) geoLineLookup() rel {
	return e.geoLookup("LookupLineKey", func(lng, lat, shape plan.Expr) plan.Expr {
		return e.nearby("geo_distance_point_to_line", lng, lat, shape)
	})
}

// geoPolygonLookup joins points to the polygons that hold them; with a radius,
// to those near them.
func (e *evaluation) geoPolygonLookup() rel {
	return e.geoLookup("LookupPolygonKey", func(lng, lat, shape plan.Expr) plan.Expr {
		if e.arg("radius") == nil {
			return e.call("geo_point_in_polygon", lng, lat, shape)
		}
		return e.nearby("geo_distance_point_to_polygon", lng, lat, shape)
	})
}

// nearby compares a distance with the radius.
func (e *evaluation) nearby(distance string, args ...plan.Expr) plan.Expr {
	radius := e.constOf(types.RealValue(e.number("radius", 0, 0, math.MaxFloat64)))
	return e.operate("<=", e.call(distance, args...), radius)
}

// geoLookup pairs every row with every row of the table and keeps the pairs
// that match. lookup_area_radius only advises an engine.
func (e *evaluation) geoLookup(key string, match func(lng, lat, shape plan.Expr) plan.Expr) rel {
	table := e.binder.table(e.arg("LookupTable"), ctx{sc: e.c.sc, op: e.c.op})
	lng, lat := e.columnArg("SourceLongitude"), e.columnArg("SourceLatitude")
	unmatched, keep := e.flag("return_unmatched", false), e.flag("return_lookup_key", false)
	if table.node == nil || e.failed {
		e.failed = true
		return rel{}
	}
	shape := e.columnOf(e.arg(key), table.cols(), key)
	if e.failed {
		return rel{}
	}
	n := len(e.in.cols())
	both := append(append([]plan.Column{}, e.in.cols()...), table.cols()...)
	at := e.op.Span()
	one := e.constOf(types.LongValue(1))
	j := &plan.Join{Kind: plan.Inner, Left: e.in.node, Right: table.node, LeftKeys: []plan.Expr{one}, RightKeys: []plan.Expr{one},
		Residual: match(e.cast(colRef(both, lng), types.Real, at), e.cast(colRef(both, lat), types.Real, at), colRef(both, n+shape))}
	if e.failed || j.Residual.Type() == types.Unknown {
		e.failed = true
		return rel{}
	}
	drop := map[int]bool{}
	if unmatched {
		j.Kind = plan.LeftOuter
	}
	if !keep {
		j.DropRight, drop[shape] = []int{shape}, true
	}
	j.Out = joinColumns(e.in.cols(), table.cols(), false, unmatched, drop)
	return rel{node: j}
}
