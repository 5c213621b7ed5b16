package fn

import (
	"errors"
	"math"
	"math/bits"
	"math/cmplx"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// seriesFourierRows turn a series into its frequencies and back. The
// transform is not scaled, its inverse divides by the length.
var seriesFourierRows = []Spec{
	fourierRow("series_fft", "The frequencies of a series of complex numbers, their real and imaginary parts in a column each.", false,
		Example{`series_fft(dynamic([1,1,1,1]))`, `dynamic([4.0,0.0,0.0,0.0])`}),
	fourierRow("series_ifft", "The series of complex numbers that has given frequencies, its real and imaginary parts in a column each.", true,
		Example{`series_ifft(dynamic([4,0,0,0]))`, `dynamic([1.0,1.0,1.0,1.0])`}),
}

func fourierRow(name, doc string, inverse bool, examples ...Example) Spec {
	return Spec{
		Name: name, Ref: name[:6] + "-" + name[7:] + "-function", Doc: doc, Examples: examples,
		Sigs:    []Sig{{Decl: "(series: array, series_imaginary?: array): dynamic"}},
		Columns: []ResultColumn{{"real", types.Dynamic}, {"imag", types.Dynamic}},
		Eval:    fourierEval(inverse),
	}
}

var errFourier = errors.New("series_fft: a series has more than 1048576 items")

func fourierEval(inverse bool) Eval {
	return func(c *Call) {
		var re, im series
		c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
			re.load(c, 0, i)
			ok := re.isArray && re.allNumbers()
			if len(c.Args) > 1 {
				im.load(c, 1, i)
				ok = ok && im.isArray && im.allNumbers() && im.len() == re.len()
			}
			if !ok {
				return dst, false
			}
			if re.len() > maxSeries {
				c.Err = errFourier
				return dst, false
			}
			xs := make([]complex128, re.len())
			for k := range xs {
				xs[k] = complex(re.reals[k], 0)
				if len(c.Args) > 1 {
					xs[k] = complex(re.reals[k], im.reals[k])
				}
			}
			xs = transform(xs, inverse)
			dst = appendSeries(append(dst, '['), len(xs), func(dst []byte, k int) []byte { return dynamic.AppendReal(dst, real(xs[k])) })
			dst = appendSeries(append(dst, ','), len(xs), func(dst []byte, k int) []byte { return dynamic.AppendReal(dst, imag(xs[k])) })
			return append(dst, ']'), true
		})
	}
}

// transform is the discrete Fourier transform of any length; it may overwrite
// xs.
func transform(xs []complex128, inverse bool) []complex128 {
	n := len(xs)
	if n < 2 {
		return xs
	}
	if inverse { // the conjugate of the transform of the conjugates
		for k := range xs {
			xs[k] = cmplx.Conj(xs[k])
		}
	}
	if n&(n-1) == 0 {
		radixTwo(xs)
	} else {
		xs = chirp(xs)
	}
	if inverse {
		for k := range xs {
			xs[k] = complex(real(xs[k])/float64(n), -imag(xs[k])/float64(n))
		}
	}
	return xs
}

// radixTwo transforms a series whose length is a power of two in place.
func radixTwo(xs []complex128) {
	n := len(xs)
	shift := 64 - bits.Len(uint(n-1))
	for k := range xs {
		if j := int(bits.Reverse64(uint64(k)) >> shift); j > k {
			xs[k], xs[j] = xs[j], xs[k]
		}
	}
	roots := make([]complex128, n/2)
	for k := range roots {
		sin, cos := math.Sincos(-2 * math.Pi * float64(k) / float64(n))
		roots[k] = complex(cos, sin)
	}
	if n >= 4 {
		roots[n/4] = -1i // exactly
	}
	for size := 2; size <= n; size *= 2 {
		stride := n / size
		for from := 0; from < n; from += size {
			for k := range size / 2 {
				a, b := xs[from+k], xs[from+k+size/2]*roots[k*stride]
				xs[from+k], xs[from+k+size/2] = a+b, a-b
			}
		}
	}
}

// chirp transforms any other length (Bluestein): as a convolution, whose
// length can be a power of two.
func chirp(xs []complex128) []complex128 {
	n := len(xs)
	size := 1 << bits.Len(uint(2*n-1))
	w := make([]complex128, n)
	for k := range w {
		// The square is taken modulo 2n: an angle keeps its precision.
		sin, cos := math.Sincos(-math.Pi * float64(uint64(k)*uint64(k)%uint64(2*n)) / float64(n))
		w[k] = complex(cos, sin)
	}
	a, b := make([]complex128, size), make([]complex128, size)
	for k := range xs {
		a[k] = xs[k] * w[k]
		b[k] = cmplx.Conj(w[k])
		if k > 0 {
			b[size-k] = b[k]
		}
	}
	radixTwo(a)
	radixTwo(b)
	for k := range a {
		a[k] = cmplx.Conj(a[k] * b[k])
	}
	radixTwo(a)
	for k := range xs {
		xs[k] = cmplx.Conj(a[k]) / complex(float64(size), 0) * w[k]
	}
	return xs
}
