package syntax

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkCorpus parses every query of the corpus once per iteration and
// reports the time of the median query.
func BenchmarkCorpus(b *testing.B) {
	queries := corpus(b)
	var size int
	for _, q := range queries {
		size += len(q.Query)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	times := make([]time.Duration, len(queries))
	for b.Loop() {
		for i, q := range queries {
			start := time.Now()
			Parse(q.Query)
			times[i] = time.Since(start)
		}
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Nanoseconds()), "ns/median-query")
}

// BenchmarkLongChain shows that the time grows with the length only.
func BenchmarkLongChain(b *testing.B) {
	for _, n := range []int{1000, 10000, 100000} {
		text := "T | where " + strings.Repeat("a == 1 or ", n) + "a"
		b.Run(strconv.Itoa(n)+" terms", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Parse(text)
			}
		})
	}
}
