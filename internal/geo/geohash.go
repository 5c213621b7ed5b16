package geo

import (
	"math"
	"strings"
)

// A geohash halves the ranges of longitude and latitude in turn, and writes
// the choices five to a character.

const geohashAlphabet = "0123456789bcdefghjkmnpqrstuvwxyz"

// MaxGeohash is the longest geohash.
const MaxGeohash = 18

// Geohash is the geohash of a position, with a number of characters.
func Geohash(p Position, length int64) (string, bool) {
	if !p.Valid() || length < 1 || length > MaxGeohash {
		return "", false
	}
	lng, lat := [2]float64{-180, 180}, [2]float64{-90, 90}
	out := make([]byte, length)
	for i := range 5 * int(length) {
		out[i/5] <<= 1
		side, x := &lng, p.Lng
		if i%2 == 1 {
			side, x = &lat, p.Lat
		}
		if middle := (side[0] + side[1]) / 2; x >= middle {
			side[0] = middle
			out[i/5]++
		} else {
			side[1] = middle
		}
	}
	for i, c := range out {
		out[i] = geohashAlphabet[c]
	}
	return string(out), true
}

// geohashBox is the rectangle of a geohash.
func geohashBox(hash string) (lng, lat [2]float64, ok bool) {
	lng, lat = [2]float64{-180, 180}, [2]float64{-90, 90}
	if len(hash) < 1 || len(hash) > MaxGeohash {
		return lng, lat, false
	}
	for i := range 5 * len(hash) {
		c := strings.IndexByte(geohashAlphabet, hash[i/5])
		if c < 0 {
			return lng, lat, false
		}
		side := &lng
		if i%2 == 1 {
			side = &lat
		}
		middle := (side[0] + side[1]) / 2
		side[1-c>>(4-i%5)&1] = middle
	}
	return lng, lat, true
}

// GeohashCenter is the middle of a geohash.
func GeohashCenter(hash string) (Position, bool) {
	lng, lat, ok := geohashBox(hash)
	return Position{(lng[0] + lng[1]) / 2, (lat[0] + lat[1]) / 2}, ok
}

// GeohashPolygon is the rectangle of a geohash.
func GeohashPolygon(hash string) ([][]Position, bool) {
	lng, lat, ok := geohashBox(hash)
	if !ok {
		return nil, false
	}
	corner := Position{lng[0], lat[0]}
	return [][]Position{{corner, {lng[1], lat[0]}, {lng[1], lat[1]}, {lng[0], lat[1]}, corner}}, true
}

// GeohashNeighbors are the geohashes around one: eight, or fewer at a pole.
func GeohashNeighbors(hash string) ([]string, bool) {
	lng, lat, ok := geohashBox(hash)
	if !ok {
		return nil, false
	}
	width, height := lng[1]-lng[0], lat[1]-lat[0]
	x, y := (lng[0]+lng[1])/2, (lat[0]+lat[1])/2
	var around []string
	for _, step := range [8][2]float64{{-1, 1}, {0, 1}, {1, 1}, {1, 0}, {1, -1}, {0, -1}, {-1, -1}, {-1, 0}} {
		p := Position{math.Remainder(x+step[0]*width, 360), y + step[1]*height}
		if n, ok := Geohash(p, int64(len(hash))); ok && n != hash {
			around = append(around, n)
		}
	}
	return asSet(around), true
}
