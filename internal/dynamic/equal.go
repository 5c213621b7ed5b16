package dynamic

// dropDuplicates appends text with every key at most once in a bag: at its
// first place, with its last value, as .NET's JSON readers do.
func dropDuplicates(dst []byte, text string) []byte {
	switch KindOf(text) {
	case Array:
		dst = append(dst, '[')
		first := true
		for item := range Items(text) {
			dst = dropDuplicates(comma(dst, &first), item)
		}
		return append(dst, ']')
	case Bag:
		last := map[string]string{}
		for k, v := range Members(text) {
			last[k] = v
		}
		dst = append(dst, '{')
		first := true
		for k := range Members(text) {
			if v, ok := last[k]; ok {
				delete(last, k)
				dst = append(append(comma(dst, &first), k...), ':')
				dst = dropDuplicates(dst, v)
			}
		}
		return append(dst, '}')
	}
	return append(dst, text...)
}

func comma(dst []byte, first *bool) []byte {
	if *first {
		*first = false
		return dst
	}
	return append(dst, ',')
}

// Equal compares two canonical values: bags without regard to the order of
// their members, numbers by value (1 equals 1.0), null equal to null. Below
// MaxDepth only equal text is equal.
func Equal(a, b string) bool { return equal(a, b, 0) }

func equal(a, b string, depth int) bool {
	if a == b {
		return true
	}
	ka, kb := KindOf(a), KindOf(b)
	if ka != kb {
		return number(ka) && number(kb) && Identity(a) == Identity(b)
	}
	if depth > MaxDepth {
		return false
	}
	switch ka {
	case Real:
		return realOf(a) == realOf(b) // 0.0 and -0.0
	case Array:
		return equalArrays(a, b, depth+1)
	case Bag:
		return equalBags(a, b, depth+1)
	}
	return false // equal scalars have equal canonical text
}

func number(k Kind) bool { return k == Long || k == Real }

func equalArrays(a, b string, depth int) bool {
	if Len(a) != Len(b) {
		return false
	}
	at := 1
	for x := range Items(a) {
		e := end(b, at)
		if !equal(x, b[at:e], depth) {
			return false
		}
		at = e + 1
	}
	return true
}

// bagsByMap is the number of members from which a map is cheaper than a scan
// per key.
const bagsByMap = 16

func equalBags(a, b string, depth int) bool {
	n := Len(a)
	if n != Len(b) {
		return false
	}
	if n < bagsByMap {
		for k, v := range Members(a) {
			if w, ok := getQuoted(b, k); !ok || !equal(v, w, depth) {
				return false
			}
		}
		return true
	}
	values := make(map[string]string, n)
	for k, v := range Members(b) {
		values[k] = v
	}
	for k, v := range Members(a) {
		if w, ok := values[k]; !ok || !equal(v, w, depth) {
			return false
		}
	}
	return true
}

// getQuoted is Get with a key as it stands in canonical text.
func getQuoted(text, quoted string) (string, bool) {
	for k, v := range Members(text) {
		if k == quoted {
			return v, true
		}
	}
	return "", false
}
