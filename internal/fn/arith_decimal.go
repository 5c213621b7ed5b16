package fn

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Decimal arithmetic on canonical text: exact, then rounded half to even to
// the 34 digits of a decimal. Too large is null; too small is zero.

// decimalOf reads a canonical decimal as n / 10^scale. Text that is none is 0.
func decimalOf(s string) (n *big.Int, scale int) {
	whole, frac, _ := strings.Cut(s, ".")
	n, ok := new(big.Int).SetString(whole+frac, 10)
	if !ok {
		return new(big.Int), 0
	}
	return n, len(frac)
}

// alignDecimals reads two decimals with one scale.
func alignDecimals(a, b string) (x, y *big.Int, scale int) {
	x, xs := decimalOf(a)
	y, ys := decimalOf(b)
	if xs < ys {
		x.Mul(x, decimalPower(ys-xs))
	} else if ys < xs {
		y.Mul(y, decimalPower(xs-ys))
	}
	return x, y, max(xs, ys)
}

// decimalText writes n / 10^scale; inexact says that a little was cut off.
func decimalText(n *big.Int, scale int, inexact bool) (string, bool) {
	digits := new(big.Int).Abs(n).Text(10)
	if len(digits) > decimalDigits {
		digits, scale = roundDecimal(digits, inexact, scale)
	}
	if len(digits)-scale < -300 {
		return "0", true
	}
	text := digits + "e" + strconv.Itoa(-scale)
	if n.Sign() < 0 {
		text = "-" + text
	}
	return types.ParseDecimal(text)
}

func addDecimal(a, b string) (string, bool) {
	x, y, scale := alignDecimals(a, b)
	return decimalText(x.Add(x, y), scale, false)
}

func subtractDecimal(a, b string) (string, bool) {
	x, y, scale := alignDecimals(a, b)
	return decimalText(x.Sub(x, y), scale, false)
}

func multiplyDecimal(a, b string) (string, bool) {
	x, xs := decimalOf(a)
	y, ys := decimalOf(b)
	return decimalText(x.Mul(x, y), xs+ys, false)
}

func divideDecimal(a, b string) (string, bool) {
	x, y, _ := alignDecimals(a, b)
	if y.Sign() == 0 {
		return "", false
	}
	// One digit more than a decimal has in the quotient, and the rest only
	// tells on which side of it the truth lies.
	scale := max(0, decimalDigits+2+len(y.Text(10))-len(x.Text(10)))
	x.Mul(x, decimalPower(scale))
	rest := new(big.Int)
	x.QuoRem(x, y, rest)
	return decimalText(x, scale, rest.Sign() != 0)
}

// moduloDecimal is never negative.
func moduloDecimal(a, b string) (string, bool) {
	x, y, scale := alignDecimals(a, b)
	if y.Sign() == 0 {
		return "", false
	}
	return decimalText(x.Mod(x, y), scale, false) // big.Int.Mod is Euclidean
}

func negateDecimal(s string) string {
	switch {
	case s == "0" || s == "":
		return s
	case s[0] == '-':
		return s[1:]
	}
	return "-" + s
}

func absDecimal(s string) string { return strings.TrimPrefix(s, "-") }

// floorDecimal is the largest whole number not above s.
func floorDecimal(s string) (string, bool) {
	n, scale := decimalOf(s)
	one := decimalPower(scale)
	return decimalText(n.Div(n, one), 0, false) // Euclidean: floors for a positive divisor
}

func ceilingDecimal(s string) (string, bool) {
	r, ok := floorDecimal(negateDecimal(s))
	return negateDecimal(r), ok
}

// roundDecimalAt rounds half away from zero to digits after the point;
// negative digits round before it.
func roundDecimalAt(s string, digits int64) (string, bool) {
	n, scale := decimalOf(s)
	if digits >= int64(scale) {
		return s, true
	}
	if digits < -500 { // a decimal has at most some 400 digits
		return "0", true
	}
	unit := decimalPower(scale - int(digits))
	half := new(big.Int).Rsh(unit, 1)
	if n.Sign() < 0 {
		half.Neg(half)
	}
	n.Add(n, half)
	n.Quo(n, unit)
	return decimalText(n, int(digits), false)
}

// binDecimal rounds down to a multiple of size.
func binDecimal(s, size string) (string, bool) {
	x, y, scale := alignDecimals(s, size)
	if y.Sign() <= 0 {
		return "", false
	}
	rest := new(big.Int).Mod(x, y)
	return decimalText(x.Sub(x, rest), scale, false)
}
