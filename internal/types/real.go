package types

import (
	"math"
	"math/bits"
	"strconv"
)

// FormatReal prints a real as tostring() does.
func FormatReal(f float64) string {
	var buf [32]byte
	return string(AppendReal(buf[:0], f))
}

// AppendReal appends a real as Kusto prints it: always with a point or an
// exponent ("1.0", "1e22"), plain up to 21 digits before the point and six
// zeros after it; "NaN", "inf" and "-inf".
//
// Kusto's digits are those of Loitsch's Grisu2 without the step that moves the
// last digit towards the true value: the shortest digits that read back as the
// same number, but not always the nearest such (0.1+0.2 is recorded as
// 0.30000000000000007). strconv prints the nearest, so it cannot be used.
// Reference: F. Loitsch, "Printing Floating-Point Numbers Quickly and
// Accurately with Integers", PLDI 2010, section 4.
func AppendReal(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "inf"...)
	case math.IsInf(f, -1):
		return append(dst, "-inf"...)
	}
	if math.Signbit(f) {
		dst = append(dst, '-')
	}
	if f == 0 {
		return append(dst, "0.0"...)
	}
	var buf [20]byte
	digits, exp := grisu(buf[:0], math.Abs(f))
	return appendPoint(dst, digits, exp)
}

// appendPoint lays out digits times ten to the exp.
func appendPoint(dst, digits []byte, exp int) []byte {
	point := len(digits) + exp // where the point stands
	switch {
	case exp >= 0 && point <= 21:
		dst = append(dst, digits...)
		for range exp {
			dst = append(dst, '0')
		}
		return append(dst, ".0"...)
	case point > 0 && point <= 21:
		dst = append(append(dst, digits[:point]...), '.')
		return append(dst, digits[point:]...)
	case point > -6 && point <= 0:
		dst = append(dst, "0."...)
		for range -point {
			dst = append(dst, '0')
		}
		return append(dst, digits...)
	}
	dst = append(dst, digits[0])
	if len(digits) > 1 {
		dst = append(append(dst, '.'), digits[1:]...)
	}
	return strconv.AppendInt(append(dst, 'e'), int64(point-1), 10)
}

// diy is an unsigned floating-point number f times two to the e.
type diy struct {
	f uint64
	e int
}

// times is the product rounded to 64 bits.
func (x diy) times(y diy) diy {
	hi, lo := bits.Mul64(x.f, y.f)
	return diy{hi + lo>>63, x.e + y.e + 64}
}

func (x diy) normal() diy {
	s := bits.LeadingZeros64(x.f)
	return diy{x.f << s, x.e - s}
}

// grisu appends the digits of v > 0 and returns the exponent of ten of the
// last one.
func grisu(dst []byte, v float64) ([]byte, int) {
	const hidden = 1 << 52
	u := math.Float64bits(v)
	f, e := u&(hidden-1), int(u>>52)
	if e == 0 {
		e = 1 // subnormal
	} else {
		f |= hidden
	}
	e -= 1075
	// The halfway points to the neighbours; a power of two has its lower
	// neighbour nearer.
	above := diy{2*f + 1, e - 1}.normal()
	below := diy{2*f - 1, e - 1}
	if f == hidden {
		below = diy{4*f - 1, e - 2}
	}
	below = diy{below.f << (below.e - above.e), above.e}
	power, exp := cachedPower(above.e)
	above, below = above.times(power), below.times(power)
	// One unit off either end keeps the rounding errors of times outside.
	return shortest(dst, diy{above.f - 1, above.e}, above.f-below.f-2, exp)
}

// shortest generates the digits of top until what is left is no more than
// width, i.e. until the digits so far lie within the interval below top.
func shortest(dst []byte, top diy, width uint64, exp int) ([]byte, int) {
	shift := -top.e
	one := uint64(1) << shift
	whole, frac := uint32(top.f>>shift), top.f&(one-1)
	pow, n := uint32(1), 1
	for n < 10 && whole/pow >= 10 {
		pow *= 10
		n++
	}
	for ; n > 0; pow /= 10 {
		if d := whole / pow; d != 0 || len(dst) > 0 {
			dst = append(dst, byte('0'+d))
		}
		whole %= pow
		n--
		if uint64(whole)<<shift+frac <= width {
			return dst, exp + n
		}
	}
	for {
		frac *= 10
		width *= 10
		if d := frac >> shift; d != 0 || len(dst) > 0 {
			dst = append(dst, byte('0'+d))
		}
		frac &= one - 1
		n--
		if frac < width {
			return dst, exp + n
		}
	}
}

// cachedPower returns a power of ten that brings a number of binary exponent e
// to an exponent between -60 and -32, and minus its decimal exponent.
func cachedPower(e int) (diy, int) {
	k := int(math.Ceil(float64(-61-e)*0.30102999566398114 + 347))
	i := k>>3 + 1
	return powersOfTen[i], 348 - 8*i
}
