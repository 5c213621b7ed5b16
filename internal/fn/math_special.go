package fn

import "math"

// Gamma, error and beta functions, and the test built on them.

var specialRows = []Spec{{
	Name: "gamma", Ref: "gamma-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "The gamma function: (n-1)! for whole numbers.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(gamma),
	Examples: []Example{{"gamma(5)", "24.0"}, {"gamma(1)", "1.0"}},
}, {
	Name: "loggamma", Ref: "loggamma-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "Natural logarithm of the gamma function's magnitude.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(logGamma),
	Examples: []Example{{"round(loggamma(5), 9)", "3.178053830"}, {"loggamma(1)", "0.0"}},
}, {
	Name: "erf", Ref: "erf-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "The error function.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(math.Erf),
	Examples: []Example{{"erf(0)", "0.0"}, {"round(erf(1), 9)", "0.842700793"}},
}, {
	Name: "erfc", Ref: "erfc-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "One minus the error function.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(math.Erfc),
	Examples: []Example{{"erfc(0)", "1.0"}, {"round(erfc(1), 9)", "0.157299207"}},
}, {
	Name: "beta_cdf", Ref: "beta-cdf-function", Nulls: NullIfArg,
	Doc:      "Cumulative distribution function of the beta distribution.",
	Sigs:     []Sig{{Decl: "(x: number, alpha: number, beta: number): real"}},
	Eval:     realFunc3(func(x, a, b float64) (float64, bool) { return betaCDF(x, a, b), true }),
	Examples: []Example{{"round(beta_cdf(0.25, 2, 2), 9)", "0.15625"}, {"beta_cdf(1.5, 10, 20)", "real(nan)"}},
}, {
	Name: "beta_inv", Ref: "beta-inv-function",
	Doc:      "The x at which the beta distribution reaches a probability; null for a probability outside 0 to 1.",
	Sigs:     []Sig{{Decl: "(probability: number, alpha: number, beta: number): real"}},
	Eval:     realFunc3(betaInverse),
	Examples: []Example{{"round(beta_inv(0.5, 2, 2), 9)", "0.5"}, {"beta_inv(1.5, 10, 20)", "real(null)"}},
}, {
	Name: "beta_pdf", Ref: "beta-pdf-function", Nulls: NullIfArg,
	Doc:      "Density of the beta distribution.",
	Sigs:     []Sig{{Decl: "(x: number, alpha: number, beta: number): real"}},
	Eval:     realFunc3(func(x, a, b float64) (float64, bool) { return betaPDF(x, a, b), true }),
	Examples: []Example{{"round(beta_pdf(0.5, 2, 2), 9)", "1.5"}, {"beta_pdf(1.5, 10, 20)", "real(nan)"}},
}, {
	Name: "welch_test", Ref: "welch-test-function", Nulls: NullIfArg,
	Doc:      "Probability that two samples of unequal variance have the same mean (Welch's t-test, two-sided).",
	Sigs:     []Sig{{Decl: "(mean1: number, variance1: number, count1: number, mean2: number, variance2: number, count2: number): real"}},
	Eval:     evalWelch,
	Examples: []Example{{"welch_test(5, 1, 10, 5, 2, 12)", "1.0"}, {"welch_test(0, 1, 100, 9, 1, 100) < 0.001", "true"}},
}}

func realFunc3(f func(a, b, c float64) (float64, bool)) Eval {
	return func(c *Call) {
		c.strict()
		for i := range c.N {
			if c.Out.IsNull(i) {
				continue
			}
			r, ok := f(numberAt(c.Args[0], i), numberAt(c.Args[1], i), numberAt(c.Args[2], i))
			if c.Out.Floats[i] = r; !ok {
				c.Out.SetNull(i)
			}
		}
	}
}

// gamma is exact for the whole numbers whose factorial a real can hold
// exactly, because queries divide factorials and cut off the fraction.
func gamma(x float64) float64 {
	if x != math.Trunc(x) || x < 1 || x > 23 {
		return math.Gamma(x)
	}
	f := 1.0
	for i := 2.0; i < x; i++ {
		f *= i
	}
	return f
}

func logGamma(x float64) float64 {
	r, _ := math.Lgamma(x)
	return r
}

func logBeta(a, b float64) float64 { return logGamma(a) + logGamma(b) - logGamma(a+b) }

// maxBeta is the largest parameter for which the distribution is computed;
// above it the result is NaN, as documented.
const maxBeta = 10000

// betaCDF is the regularised incomplete beta function by its continued
// fraction. Recorded: a negative alpha is not refused, the formula runs on
// (alpha -1 gives 1).
func betaCDF(x, a, b float64) float64 {
	if !(x >= 0 && x <= 1) || !(a <= maxBeta) || !(b <= maxBeta) {
		return math.NaN()
	}
	front := 0.0
	if x > 0 && x < 1 {
		front = math.Exp(a*math.Log(x) + b*math.Log1p(-x) - logBeta(a, b))
	}
	if x < (a+1)/(a+b+2) {
		return front * betaFraction(x, a, b) / a
	}
	return 1 - front*betaFraction(1-x, b, a)/b
}

// betaFraction evaluates the continued fraction by Lentz's method. Reference:
// DLMF 8.17.22.
func betaFraction(x, a, b float64) float64 {
	const tiny, enough, terms = 1e-300, 1e-16, 2000
	away := func(v float64) float64 { // keeps a denominator from zero
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	h := d
	for m := 1.0; m <= terms; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / away(1+even*d)
		c = away(1 + even/c)
		h *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / away(1+odd*d)
		c = away(1 + odd/c)
		h *= d * c
		if math.Abs(d*c-1) < enough {
			break
		}
	}
	return h
}

func betaPDF(x, a, b float64) float64 {
	if !(x > 0 && x < 1) || !(a > 0) || !(b > 0) {
		return math.NaN()
	}
	return math.Exp((a-1)*math.Log(x) + (b-1)*math.Log1p(-x) - logBeta(a, b))
}

// betaInverse halves the interval until it cannot be halved. Recorded: a
// probability outside is null, a parameter outside NaN.
func betaInverse(p, a, b float64) (float64, bool) {
	switch {
	case !(p > 0 && p <= 1):
		return 0, false
	case !(a > 0 && a <= maxBeta) || !(b > 0 && b <= maxBeta):
		return math.NaN(), true
	case p == 1:
		return 1, true
	}
	low, high := 0.0, 1.0
	for range 1100 { // reaches the smallest real; some 60 steps as a rule
		mid := low + (high-low)/2
		if mid <= low || mid >= high {
			break
		}
		if betaCDF(mid, a, b) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return high, true
}

func evalWelch(c *Call) {
	c.strict()
	for i := range c.N {
		if c.Out.IsNull(i) {
			continue
		}
		var x [6]float64
		for k := range x {
			x[k] = numberAt(c.Args[k], i)
		}
		c.Out.Floats[i] = welch(x[0], x[1], x[2], x[3], x[4], x[5])
	}
}

// welch is the two-sided p-value: the tail of Student's distribution with the
// degrees of freedom of Welch and Satterthwaite.
func welch(mean1, var1, n1, mean2, var2, n2 float64) float64 {
	a, b := var1/n1, var2/n2
	t2 := (mean1 - mean2) * (mean1 - mean2) / (a + b)
	freedom := (a + b) * (a + b) / (a*a/(n1-1) + b*b/(n2-1))
	return betaTail(t2, freedom)
}

func betaTail(t2, freedom float64) float64 {
	// Beyond maxBeta the distribution is the normal one to all digits shown.
	if freedom > 2*maxBeta {
		return math.Erfc(math.Sqrt(t2 / 2))
	}
	return betaCDF(freedom/(freedom+t2), freedom/2, 0.5)
}
