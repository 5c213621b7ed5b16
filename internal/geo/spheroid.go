package geo

import (
	"errors"
	"math"
)

// The WGS 84 ellipsoid.
const (
	wgsMajor      = 6378137.0
	wgsFlattening = 1 / 298.257223563
)

// errAntipodal reports points that the iteration cannot connect.
var errAntipodal = errors.New("these points lie almost opposite each other, where distances on the spheroid are not computed; measure on the sphere")

// SpheroidDistance is the length in metres of the geodesic on the WGS 84
// ellipsoid, by Vincenty's inverse formula (1975), good to a tenth of a
// millimetre. It does not converge for nearly antipodal points.
func SpheroidDistance(a, b Position) (float64, bool, error) {
	if !a.Valid() || !b.Valid() {
		return 0, false, nil
	}
	minor := wgsMajor * (1 - wgsFlattening)
	reduced := func(p Position) (sin, cos float64) {
		return math.Sincos(math.Atan((1 - wgsFlattening) * math.Tan(p.latLng().Lat.Radians())))
	}
	sin1, cos1 := reduced(a)
	sin2, cos2 := reduced(b)
	turn := math.Remainder(b.Lng-a.Lng, 360) * math.Pi / 180
	lambda := turn
	for range 200 {
		sinL, cosL := math.Sincos(lambda)
		sinS := math.Hypot(cos2*sinL, cos1*sin2-sin1*cos2*cosL)
		if sinS == 0 {
			return 0, true, nil // the same point: opposite ones do not converge
		}
		cosS := sin1*sin2 + cos1*cos2*cosL
		sigma := math.Atan2(sinS, cosS)
		sinA := cos1 * cos2 * sinL / sinS
		cos2A := 1 - sinA*sinA
		mid := 0.0 // cosine of twice the angle to the midpoint; 0 on the equator
		if cos2A > 0 {
			mid = cosS - 2*sin1*sin2/cos2A
		}
		c := wgsFlattening / 16 * cos2A * (4 + wgsFlattening*(4-3*cos2A))
		next := turn + (1-c)*wgsFlattening*sinA*(sigma+c*sinS*(mid+c*cosS*(2*mid*mid-1)))
		if math.Abs(next-lambda) < 1e-13 {
			return vincentyLength(minor, cos2A, sigma, sinS, cosS, mid), true, nil
		}
		lambda = next
	}
	return 0, false, errAntipodal
}

func vincentyLength(minor, cos2A, sigma, sinS, cosS, mid float64) float64 {
	u2 := cos2A * (wgsMajor*wgsMajor - minor*minor) / (minor * minor)
	a := 1 + u2/16384*(4096+u2*(-768+u2*(320-175*u2)))
	b := u2 / 1024 * (256 + u2*(-128+u2*(74-47*u2)))
	delta := b * sinS * (mid + b/4*(cosS*(2*mid*mid-1)-b/6*mid*(4*sinS*sinS-3)*(4*mid*mid-3)))
	return minor * a * (sigma - delta)
}
