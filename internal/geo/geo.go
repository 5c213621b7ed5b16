// Package geo is the geometry behind the geo_ functions: shapes on a sphere,
// GeoJSON in and out, and the cells of geohash, S2 and H3.
//
// Kusto documents a sphere whose edges are geodesics. The recorded answers
// show which one: coordinates are unit vectors of the S2 library, one radian
// is 6,371,010 m, and what the library does with them (normalised loops,
// semi-open boundaries, exact predicates, round trips through unit vectors
// that show in the last digit) is part of the answer. So shapes here are S2
// shapes, and where the Go edition of the library lacks an operation (union,
// intersection, buffer, simplification) the operation is built on its exact
// predicates: see overlay.go, buffer.go, simplify.go.
//
// A function that finds a shape or a number invalid says so by ok == false,
// which KQL shows as null. A limit of this package, which KQL does not have,
// is an error, which fails the query.
package geo

import (
	"errors"
	"math"

	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"
)

// earthRadius is the radius in metres of the sphere that the recorded
// distances lie on.
const earthRadius = 6371010.0

// Limits of one value. They are far above what a hunting query holds and keep
// a hostile one from taking the machine.
const (
	maxVertices = 1 << 20 // of a shape read
	maxEdges    = 1 << 17 // of an overlay, after splitting
	maxPieces   = 1 << 20
)

// ErrTooLarge reports a shape beyond the limits of an operation.
var ErrTooLarge = errors.New("the shapes have too many edges or crossings for this operation; simplify them first, or take fewer at a time")

// errInconsistent reports edges so close together that their crossings do not
// add up.
var errInconsistent = errors.New("the shapes' edges lie too close together to be told apart; simplify them first")

// Position is a longitude and a latitude in degrees.
type Position struct{ Lng, Lat float64 }

// Valid reports coordinates on Earth.
func (p Position) Valid() bool {
	return p.Lng >= -180 && p.Lng <= 180 && p.Lat >= -90 && p.Lat <= 90
}

func (p Position) latLng() s2.LatLng { return s2.LatLngFromDegrees(p.Lat, p.Lng) }

func toMetres(a s1.Angle) float64   { return a.Radians() * earthRadius }
func fromMetres(m float64) s1.Angle { return s1.Angle(m / earthRadius) }

// Distance is the great-circle distance in metres.
func Distance(a, b Position) (float64, bool) {
	if !a.Valid() || !b.Valid() {
		return 0, false
	}
	return toMetres(a.latLng().Distance(b.latLng())), true
}

// InCircle tells whether p is within radius metres of the centre.
func InCircle(p, centre Position, radius float64) (in, ok bool) {
	if !p.Valid() || !centre.Valid() || !(radius > 0) || math.IsInf(radius, 0) {
		return false, false
	}
	return s2.CapFromCenterAngle(centre.point(), fromMetres(radius)).ContainsPoint(p.point()), true
}

// Azimuth is the angle in radians, clockwise from north, at which b is seen
// from a. Equal and antipodal points have none.
func Azimuth(a, b Position) (float64, bool) {
	if !a.Valid() || !b.Valid() {
		return 0, false
	}
	p, q := a.point(), b.point()
	if p == q || p == (s2.Point{Vector: q.Mul(-1)}) {
		return 0, false
	}
	from, to := a.latLng(), b.latLng()
	sin, cos := math.Sincos((to.Lng - from.Lng).Radians())
	sinA, cosA := math.Sincos(from.Lat.Radians())
	sinB, cosB := math.Sincos(to.Lat.Radians())
	return fullTurn(math.Atan2(sin*cosB, cosA*sinB-sinA*cosB*cos)), true
}

// Angle is the angle in radians at b, clockwise from the line ab to the line
// bc. There is none where two neighbours are equal or antipodal.
func Angle(a, b, c Position) (float64, bool) {
	back, ok := Azimuth(b, a)
	if !ok {
		return 0, false
	}
	on, ok := Azimuth(b, c)
	if !ok {
		return 0, false
	}
	return fullTurn(on - back), true
}

// fullTurn brings an angle into [0, 2π).
func fullTurn(a float64) float64 {
	if a = math.Mod(a, 2*math.Pi); a < 0 {
		a += 2 * math.Pi
	}
	if a >= 2*math.Pi {
		return 0
	}
	return a
}
