package fn

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Punycode (RFC 3492): the ASCII characters of a text, a hyphen, and the
// others as the steps of a counter over all insertions. Parameters of section 5.
const (
	punyBase, punyTMin, punyTMax     = 36, 1, 26
	punySkew, punyDamp               = 38, 700
	punyFirstBias, punyFirstN        = 72, 128
	punyMax                      int = 1 << 12 // characters; both directions take quadratic time
)

// punycodeEncode is the encoding of section 6.3. A text of ASCII ends in a
// hyphen.
func punycodeEncode(s string) (string, bool) {
	runes := []rune(s)
	if len(runes) > punyMax || !utf8.ValidString(s) {
		return "", false
	}
	var out strings.Builder
	for _, r := range runes {
		if r < utf8.RuneSelf {
			out.WriteByte(byte(r))
		}
	}
	basic := out.Len()
	handled := basic
	if basic > 0 {
		out.WriteByte('-')
	}
	n, delta, bias := rune(punyFirstN), 0, punyFirstBias
	for handled < len(runes) {
		next := rune(math.MaxInt32)
		for _, r := range runes {
			if r >= n && r < next {
				next = r
			}
		}
		delta += int(next-n) * (handled + 1)
		n = next
		for _, r := range runes {
			if r < n {
				delta++
			}
			if r == n {
				writePunyNumber(&out, delta, bias)
				bias = punyAdapt(delta, handled+1, handled == basic)
				delta = 0
				handled++
			}
		}
		delta++
		n++
	}
	return out.String(), true
}

func writePunyNumber(out *strings.Builder, q, bias int) {
	for k := punyBase; ; k += punyBase {
		t := punyThreshold(k, bias)
		if q < t {
			out.WriteByte(punyDigit(q))
			return
		}
		out.WriteByte(punyDigit(t + (q-t)%(punyBase-t)))
		q = (q - t) / (punyBase - t)
	}
}

// punycodeDecode is the decoding of section 6.2.
func punycodeDecode(s string) (string, bool) {
	if len(s) > punyMax {
		return "", false
	}
	var runes []rune
	if at := strings.LastIndexByte(s, '-'); at >= 0 {
		runes = []rune(s[:at])
		s = s[at+1:]
	}
	for _, r := range runes {
		if r >= utf8.RuneSelf {
			return "", false
		}
	}
	n, i, bias := punyFirstN, 0, punyFirstBias
	for s != "" {
		before, weight := i, 1
		for k := punyBase; ; k += punyBase {
			if s == "" {
				return "", false
			}
			digit := punyValue(s[0])
			s = s[1:]
			if digit < 0 || digit > (math.MaxInt32-i)/weight {
				return "", false
			}
			i += digit * weight
			t := punyThreshold(k, bias)
			if digit < t {
				break
			}
			if weight > math.MaxInt32/(punyBase-t) {
				return "", false
			}
			weight *= punyBase - t
		}
		size := len(runes) + 1
		bias = punyAdapt(i-before, size, before == 0)
		n += i / size
		i %= size
		if n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
			return "", false
		}
		runes = slices.Insert(runes, i, rune(n))
		i++
	}
	return string(runes), true
}

// punyThreshold is t of section 6.
func punyThreshold(k, bias int) int { return min(max(k-bias, punyTMin), punyTMax) }

// punyAdapt is the bias adaptation of section 6.1.
func punyAdapt(delta, size int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += delta / size
	k := 0
	for delta > (punyBase-punyTMin)*punyTMax/2 {
		delta /= punyBase - punyTMin
		k += punyBase
	}
	return k + (punyBase-punyTMin+1)*delta/(delta+punySkew)
}

func punyDigit(n int) byte { return "abcdefghijklmnopqrstuvwxyz0123456789"[n] }

func punyValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c-'0') + 26
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return int(c | 0x20 - 'a')
	}
	return -1
}
