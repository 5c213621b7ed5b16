package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/geo"
)

// geoNumber reads argument k of row i as a real.
func (c *Call) geoNumber(k, i int) (float64, bool) {
	if c.Args[k].IsNull(i) {
		return 0, false
	}
	f := numberAt(c.Args[k], i)
	return f, !math.IsNaN(f)
}

// geoNumberOr is the same for an argument that may be left out; null is not
// left out.
func (c *Call) geoNumberOr(k, i int, otherwise float64) (float64, bool) {
	if k >= len(c.Args) {
		return otherwise, true
	}
	return c.geoNumber(k, i)
}

// geoWholeOr reads a level or resolution.
func (c *Call) geoWholeOr(k, i int, otherwise int64) (int64, bool) {
	f, ok := c.geoNumberOr(k, i, float64(otherwise))
	return int64(f), ok && math.Abs(f) < 1<<31
}

// geoFlag reads an optional bool, for which a number may stand.
func (c *Call) geoFlag(k, i int) bool {
	if k >= len(c.Args) || c.Args[k].IsNull(i) {
		return false
	}
	if v := c.Args[k]; v.Bools != nil {
		return v.Bools[i]
	}
	return numberAt(c.Args[k], i) != 0
}

// geoPosition reads longitude and latitude from arguments k and k+1.
func (c *Call) geoPosition(k, i int) (geo.Position, bool) {
	lng, ok1 := c.geoNumber(k, i)
	lat, ok2 := c.geoNumber(k+1, i)
	return geo.Position{Lng: lng, Lat: lat}, ok1 && ok2
}

// remembered keeps the last shape read: it is mostly the same in every row.
type remembered[T any] struct {
	text  string
	shape T
	ok    bool
	known bool
}

func (r *remembered[T]) of(text string, read func(string) (T, bool)) (T, bool) {
	if !r.known || r.text != text {
		r.shape, r.ok = read(text)
		r.text, r.known = text, true
	}
	return r.shape, r.ok
}

func readLines(text string) (*geo.Lines, bool) {
	read, ok := geo.ReadLines(text)
	if !ok {
		return nil, false
	}
	return geo.NewLines(read)
}

func readPolygons(text string) (*geo.Polygons, bool) {
	read, ok := geo.ReadPolygons(text)
	if !ok {
		return nil, false
	}
	return geo.NewPolygons(read)
}

// readArray reads every item of an array; one that is not valid spoils all.
func readArray[T any](text string, read func(string) (T, bool)) ([]T, bool) {
	if dynamic.KindOf(text) != dynamic.Array {
		return nil, false
	}
	var all []T
	for item := range dynamic.Items(text) {
		one, ok := read(item)
		if !ok {
			return nil, false
		}
		all = append(all, one)
	}
	return all, len(all) > 0
}

// geoRow is one row of a call, for the adapters below.
type geoRow struct {
	*Call
	i int
}

// geoReals makes an Eval of a function of a row with a real result.
func geoReals(f func(r geoRow) (float64, bool)) Eval {
	return func(c *Call) {
		for i := range c.N {
			x, ok := f(geoRow{c, i})
			if !ok || c.Err != nil {
				c.Out.SetNull(i)
				continue
			}
			c.Out.Floats[i] = x
		}
	}
}

// geoTexts is geoReals for strings, which have "" for null.
func geoTexts(f func(r geoRow) (string, bool)) Eval {
	return func(c *Call) {
		for i := range c.N {
			if s, ok := f(geoRow{c, i}); ok {
				c.Out.Strings[i] = s
			}
		}
	}
}

// geoShapes is geoReals for GeoJSON and arrays.
func geoShapes(f func(r geoRow, dst []byte) ([]byte, bool)) Eval {
	return func(c *Call) {
		c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
			if c.Err != nil {
				return dst, false
			}
			return f(geoRow{c, i}, dst)
		})
	}
}

// lineReals and the three below make Evals of functions of one line or
// polygon, in argument k.
func lineReals(k int, f func(r geoRow, l *geo.Lines) (float64, bool)) Eval {
	return func(c *Call) {
		var last remembered[*geo.Lines]
		geoReals(func(r geoRow) (float64, bool) {
			l, ok := last.of(r.json(k, r.i), readLines)
			if !ok {
				return 0, false
			}
			return f(r, l)
		})(c)
	}
}

func lineShapes(k int, f func(r geoRow, dst []byte, l *geo.Lines) ([]byte, bool)) Eval {
	return func(c *Call) {
		var last remembered[*geo.Lines]
		geoShapes(func(r geoRow, dst []byte) ([]byte, bool) {
			l, ok := last.of(r.json(k, r.i), readLines)
			if !ok {
				return dst, false
			}
			return f(r, dst, l)
		})(c)
	}
}

func polygonReals(k int, f func(r geoRow, p *geo.Polygons) (float64, bool)) Eval {
	return func(c *Call) {
		var last remembered[*geo.Polygons]
		geoReals(func(r geoRow) (float64, bool) {
			p, ok := last.of(r.json(k, r.i), readPolygons)
			if !ok {
				return 0, false
			}
			return f(r, p)
		})(c)
	}
}

func polygonShapes(k int, f func(r geoRow, dst []byte, p *geo.Polygons) ([]byte, bool)) Eval {
	return func(c *Call) {
		var last remembered[*geo.Polygons]
		geoShapes(func(r geoRow, dst []byte) ([]byte, bool) {
			p, ok := last.of(r.json(k, r.i), readPolygons)
			if !ok {
				return dst, false
			}
			return f(r, dst, p)
		})(c)
	}
}

// failed takes an error of the geometry as the call's.
func (r geoRow) failed(err error) bool {
	if err != nil {
		r.Err = err
	}
	return err != nil
}

// point writes a point that may not be there.
func point(dst []byte, p geo.Position, ok bool) ([]byte, bool) {
	if !ok {
		return dst, false
	}
	return geo.AppendPoint(dst, p), true
}

// rings writes a single polygon that may not be there.
func rings(dst []byte, polygon [][]geo.Position, ok bool) ([]byte, bool) {
	if !ok {
		return dst, false
	}
	return geo.AppendPolygons(dst, [][][]geo.Position{polygon}), true
}

// tokens writes an array of cells that may not be there.
func tokens(dst []byte, list []string, ok bool) ([]byte, bool) {
	if !ok {
		return dst, false
	}
	dst = append(dst, '[')
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(append(dst, '"'), s...), '"')
	}
	return append(dst, ']'), true
}
