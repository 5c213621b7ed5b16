package geo

import (
	"encoding/binary"
	"sort"
)

// asSet orders tokens as the engine returns them where it holds cells in a
// hash set of strings, which the recorded neighbours and polygon cells show:
// buckets for all of them from the start, each new token put before those of
// its bucket, and each new bucket before the others. Repeated tokens count
// once.
func asSet(tokens []string) []string {
	if len(tokens) == 0 {
		return nil
	}
	buckets := uint64(bucketCounts[sort.SearchInts(bucketCounts[:], len(tokens))])
	held := make(map[uint64][]string, len(tokens))
	var order []uint64
	n := 0
	for _, token := range tokens {
		b := murmur(token) % buckets
		if contains(held[b], token) {
			continue
		}
		if held[b] == nil {
			order = append(order, b)
		}
		held[b] = append(held[b], token)
		n++
	}
	out := make([]string, 0, n)
	for i := len(order) - 1; i >= 0; i-- {
		list := held[order[i]]
		for k := len(list) - 1; k >= 0; k-- {
			out = append(out, list[k])
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// bucketCounts are the sizes such a set takes, up to the largest number of
// tokens a function returns.
var bucketCounts = [...]int{
	1, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 103, 109, 113,
	127, 137, 139, 149, 157, 167, 179, 193, 199, 211, 227, 241, 257, 277, 293, 313, 337, 359, 383, 409, 439, 467, 503,
	541, 577, 619, 661, 709, 761, 823, 887, 953, 1031, 1109, 1193, 1289, 1381, 1493, 1613, 1741, 1879, 2029, 2179,
	2357, 2549, 2753, 2971, 3209, 3469, 3739, 4027, 4349, 4703, 5087, 5503, 5953, 6427, 6949, 7517, 8123, 8783, 9497,
	10273, 11113, 12011, 12983, 14033, 15173, 16411, 17749, 19183, 20753, 22447, 24281, 26267, 28411, 30727, 33223,
	35933, 38873, 42043, 45481, 49201, 53201, 57557, 62233, 67307, 72817, 78779, 85229, 92203, 99733,
}

// murmur is the 64-bit MurmurHash2 with the seed of the C++ library whose set
// it is.
func murmur(s string) uint64 {
	const m, seed = 0xc6a4a7935bd1e995, 0xc70f6907
	mix := func(k uint64) uint64 { return k ^ k>>47 }
	b := []byte(s)
	h := seed ^ uint64(len(b))*m
	for ; len(b) >= 8; b = b[8:] {
		h = (h ^ mix(binary.LittleEndian.Uint64(b)*m)*m) * m
	}
	if len(b) > 0 {
		var rest [8]byte
		copy(rest[:], b)
		h = (h ^ binary.LittleEndian.Uint64(rest[:])) * m
	}
	return mix(mix(h) * m)
}
