package fn

import (
	"math/bits"
	"strconv"
	"strings"
)

// ipv4Prefix is an address with the number of its leading bits that count.
type ipv4Prefix struct {
	addr uint32
	bits int
}

// parseIPv4 reads four numbers without leading zeros, blanks around them
// allowed, and an optional /prefix (observed on the engine).
func parseIPv4(s string) (ipv4Prefix, bool) {
	addr, rest, ok := cutIPv4(strings.TrimSpace(s))
	p := ipv4Prefix{addr, 32}
	if !ok || rest == "" {
		return p, ok
	}
	p.bits, ok = parsePrefix(rest, 32)
	return p, ok
}

// parsePrefix reads "/" and a number up to limit.
func parsePrefix(s string, limit int) (int, bool) {
	digits, ok := strings.CutPrefix(s, "/")
	if !ok || digits == "" || len(digits) > 3 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, _ := strconv.Atoi(digits)
	if n > limit {
		return 0, false
	}
	return n, true
}

// cutIPv4 reads an address at the start of s and returns what follows it.
func cutIPv4(s string) (addr uint32, rest string, ok bool) {
	for k := range 4 {
		if k > 0 {
			if s, ok = strings.CutPrefix(s, "."); !ok {
				return 0, "", false
			}
		}
		n, digits := uint32(0), 0
		for digits < len(s) && digits < 4 && s[digits] >= '0' && s[digits] <= '9' {
			n = n*10 + uint32(s[digits]-'0')
			digits++
		}
		if digits == 0 || n > 255 || digits > 1 && s[0] == '0' {
			return 0, "", false
		}
		addr = addr<<8 | n
		s = s[digits:]
	}
	return addr, s, true
}

// mask has the leading n bits set.
func mask(n int) uint32 { return uint32(uint64(0xffffffff) << (32 - n)) }

func (p ipv4Prefix) masked() uint32 { return p.addr & mask(p.bits) }

func (p ipv4Prefix) private() bool {
	return p.addr>>24 == 10 || p.addr>>20 == 172<<4|1 || p.addr>>16 == 192<<8|168
}

func (p ipv4Prefix) cidr() string { return formatIPv4(p.addr) + "/" + strconv.Itoa(p.bits) }

func formatIPv4(addr uint32) string {
	dst := make([]byte, 0, 15)
	for shift := 24; shift >= 0; shift -= 8 {
		if shift < 24 {
			dst = append(dst, '.')
		}
		dst = strconv.AppendUint(dst, uint64(addr>>shift&255), 10)
	}
	return string(dst)
}

// compareIPv4 orders two addresses under the shortest of three prefixes.
func compareIPv4(a, b ipv4Prefix, n int) int {
	m := mask(min(a.bits, b.bits, n))
	switch x, y := a.addr&m, b.addr&m; {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// cidrList covers the addresses from a to b by the largest aligned prefixes.
func cidrList(a, b uint32) []string {
	var list []string
	for from, to := uint64(a), uint64(b); from <= to; {
		size := bits.TrailingZeros64(from | 1<<32)
		for uint64(1)<<size > to-from+1 {
			size--
		}
		list = append(list, ipv4Prefix{uint32(from), 32 - size}.cidr())
		from += 1 << size
	}
	return list
}
