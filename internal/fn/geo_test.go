package fn

import (
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

// geoEval finds the meaning of a row.
func geoEval(t *testing.T, name string) Eval {
	t.Helper()
	for _, rows := range [][]Spec{geoPointRows, geoCellRows, geoLineRows, geoPolygonRows, geoPairRows} {
		for _, s := range rows {
			if s.Name == name {
				return s.Eval
			}
		}
	}
	t.Fatalf("no row %s", name)
	return nil
}

// TestGeoRefusals: what is refused says so, with the function and a way out.
func TestGeoRefusals(t *testing.T) {
	real, dyn := types.RealValue, types.DynamicValue
	line := dyn(`{"type":"LineString","coordinates":[[0,0],[1,1]]}`)
	for _, c := range []struct {
		name   string
		result types.Type
		args   []types.Value
		says   string
	}{
		{"geo_distance_2points", types.Real, []types.Value{real(0), real(0), real(179.9), real(0.1), types.BoolValue(true)}, "opposite"},
		{"geo_line_locate_point", types.Real, []types.Value{line, real(0), real(0), types.BoolValue(true)}, "spheroid"},
		{"geo_from_wkt", types.Dynamic, []types.Value{dyn(`["POINT (1 1)"]`)}, "mv-expand"},
	} {
		if _, err := Apply(geoEval(t, c.name), 0, c.result, c.args...); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
}

// TestGeoNulls: a null argument gives null, whichever it is.
func TestGeoNulls(t *testing.T) {
	real, dyn, null := types.RealValue, types.DynamicValue, types.Null
	line, ring := dyn(`{"type":"LineString","coordinates":[[0,0],[1,1]]}`), dyn(`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`)
	for _, c := range []struct {
		name   string
		result types.Type
		args   []types.Value
	}{
		{"geo_distance_2points", types.Real, []types.Value{real(0), real(0), real(1), real(1)}},
		{"geo_angle", types.Real, []types.Value{real(0), real(0), real(1), real(1), real(2), real(1)}},
		{"geo_point_in_circle", types.Bool, []types.Value{real(0), real(0), real(1), real(1), real(2)}},
		{"geo_point_in_polygon", types.Bool, []types.Value{real(0), real(0), ring}},
		{"geo_closest_point_on_line", types.Dynamic, []types.Value{real(0), real(0), line}},
		{"geo_line_buffer", types.Dynamic, []types.Value{line, real(5), real(1)}},
		{"geo_polygon_to_s2cells", types.Dynamic, []types.Value{ring, types.LongValue(3), real(0)}},
		{"geo_polygon_to_h3cells", types.Dynamic, []types.Value{ring, types.LongValue(3), real(0)}},
		{"geo_line_densify", types.Dynamic, []types.Value{line, real(10)}},
		{"geo_intersects_line_with_polygon", types.Bool, []types.Value{line, ring}},
		{"geo_intersection_2polygons", types.Dynamic, []types.Value{ring, ring}},
	} {
		e := geoEval(t, c.name)
		if v, err := Apply(e, 0, c.result, c.args...); err != nil || v.Null {
			t.Errorf("%s: %v, %v, want a value", c.name, v, err)
		}
		for k := range c.args {
			args := append([]types.Value(nil), c.args...)
			args[k] = null(args[k].Type)
			if v, err := Apply(e, 0, c.result, args...); err != nil || !v.Null {
				t.Errorf("%s without argument %d: %v, %v, want null", c.name, k, v, err)
			}
		}
	}
}
