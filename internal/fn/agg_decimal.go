package fn

import (
	"math/big"
	"strconv"
	"strings"
)

// Decimals are canonical text: an optional sign, digits, an optional fraction
// without zeros at its end (types.ParseDecimal). Sums are exact; only results
// are rounded to the 34 digits that a decimal has.

const decimalDigits = 34

// decimalToReal is the nearest real.
func decimalToReal(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64)
	return f
}

// compareDecimals orders canonical decimals.
func compareDecimals(a, b string) int {
	an, bn := strings.HasPrefix(a, "-"), strings.HasPrefix(b, "-")
	switch {
	case an && bn:
		return compareMagnitudes(b[1:], a[1:])
	case an:
		return -1
	case bn:
		return 1
	}
	return compareMagnitudes(a, b)
}

func compareMagnitudes(a, b string) int {
	aw, af, _ := strings.Cut(a, ".")
	bw, bf, _ := strings.Cut(b, ".")
	switch {
	case len(aw) > len(bw):
		return 1
	case len(aw) < len(bw):
		return -1
	case aw != bw:
		return strings.Compare(aw, bw)
	}
	return strings.Compare(af, bf)
}

// decimalSum adds decimals: the value is n / 10^scale.
type decimalSum struct {
	n     big.Int
	scale int
	count int64
}

// add adds a canonical decimal.
func (d *decimalSum) add(s string) {
	x, scale := decimalOf(s)
	d.count++
	switch by := scale - d.scale; {
	case by > 0:
		d.n.Mul(&d.n, decimalPower(by))
		d.scale = scale
	case by < 0:
		x.Mul(x, decimalPower(-by))
	}
	d.n.Add(&d.n, x)
}

// sum is the total as a decimal; ok is false when it is too large for one.
func (d *decimalSum) sum() (string, bool) { return decimalText(&d.n, d.scale, false) }

// mean is the average, if there is one. The quotient has more digits than a
// decimal, so that what is cut off only tells on which side the truth lies.
func (d *decimalSum) mean() (string, bool) {
	if d.count == 0 {
		return "", false
	}
	more := max(0, decimalDigits+20-len(d.n.Text(10)))
	n := new(big.Int).Mul(&d.n, decimalPower(more))
	rest := new(big.Int)
	n.QuoRem(n, big.NewInt(d.count), rest)
	return decimalText(n, d.scale+more, rest.Sign() != 0)
}

// roundDecimal cuts digits to 34; inexact says that something follows them.
func roundDecimal(digits string, inexact bool, scale int) (string, int) {
	head, tail := digits[:decimalDigits], digits[decimalDigits:]
	scale -= len(tail)
	half := "5" + strings.Repeat("0", len(tail)-1)
	odd := (head[len(head)-1]-'0')%2 == 1
	if tail > half || tail == half && (inexact || odd) {
		x, _ := new(big.Int).SetString(head, 10)
		head = x.Add(x, big.NewInt(1)).Text(10)
		if len(head) > decimalDigits {
			head, scale = head[:decimalDigits], scale-1
		}
	}
	return head, scale
}

func decimalPower(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}
