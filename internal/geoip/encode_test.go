package geoip

import (
	"encoding/binary"
	"math"
	"net/netip"
	"slices"
)

// A writer of the MaxMind format as far as the tests need it: a tree of 24 bit
// records over IPv6, IPv4 below ::/96, and maps, arrays, texts, reals and
// numbers as data.

type (
	object map[string]any
	list   []any
)

// node is an inner node: each side is another node or data, or neither.
type node struct {
	kids [2]*node
	data object
	id   int
}

func encode(kind string, networks map[string]object) []byte {
	root := &node{}
	for text, data := range networks {
		p := netip.MustParsePrefix(text)
		bits := p.Bits()
		if p.Addr().Is4() {
			bits += 96
		}
		raw := p.Addr().As16()
		if p.Addr().Is4() {
			raw = [16]byte{}
			copy(raw[12:], p.Addr().AsSlice())
		}
		at := root
		for i := range bits {
			side := raw[i/8] >> (7 - i%8) & 1
			if at.kids[side] == nil {
				at.kids[side] = &node{}
			}
			at = at.kids[side]
		}
		at.data = data
	}
	var inner []*node
	var collect func(*node)
	collect = func(n *node) {
		if n == nil || n.data != nil {
			return
		}
		n.id = len(inner)
		inner = append(inner, n)
		collect(n.kids[0])
		collect(n.kids[1])
	}
	collect(root)
	count := len(inner)
	var tree, data []byte
	for _, n := range inner {
		for _, k := range n.kids {
			record := count // nothing here
			switch {
			case k != nil && k.data != nil:
				record = count + 16 + len(data)
				data = appendValue(data, k.data)
			case k != nil:
				record = k.id
			}
			tree = append(tree, byte(record>>16), byte(record>>8), byte(record))
		}
	}
	out := append(tree, make([]byte, 16)...)
	out = append(out, data...)
	out = append(out, "\xab\xcd\xefMaxMind.com"...)
	return appendValue(out, object{
		"node_count": uint32(count), "record_size": uint16(24), "ip_version": uint16(6), "database_type": kind,
		"languages": list{"en"}, "binary_format_major_version": uint16(2), "binary_format_minor_version": uint16(0),
		"build_epoch": uint64(1), "description": object{"en": "test"},
	})
}

func appendValue(dst []byte, v any) []byte {
	control := func(kind, size int) {
		first := kind << 5
		if kind > 7 {
			first = 0
		}
		if size < 29 {
			dst = append(dst, byte(first|size))
		} else {
			dst = append(dst, byte(first|29))
		}
		if kind > 7 {
			dst = append(dst, byte(kind-7))
		}
		if size >= 29 {
			dst = append(dst, byte(size-29))
		}
	}
	switch v := v.(type) {
	case string:
		control(2, len(v))
		dst = append(dst, v...)
	case float64:
		control(3, 8)
		dst = binary.BigEndian.AppendUint64(dst, math.Float64bits(v))
	case uint16:
		control(5, 2)
		dst = binary.BigEndian.AppendUint16(dst, v)
	case uint32:
		control(6, 4)
		dst = binary.BigEndian.AppendUint32(dst, v)
	case uint64:
		control(9, 8)
		dst = binary.BigEndian.AppendUint64(dst, v)
	case object:
		control(7, len(v))
		var keys []string
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			dst = appendValue(appendValue(dst, k), v[k])
		}
	case list:
		control(11, len(v))
		for _, x := range v {
			dst = appendValue(dst, x)
		}
	}
	return dst
}
