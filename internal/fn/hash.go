package fn

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"

	"github.com/harrier-hunting/harrier/internal/types"
)

// hashRows are digests. hash_combine and hash_many are absent on purpose:
// how Kusto combines hashes is not documented and could not be derived from
// the recorded values.
var hashRows = []Spec{
	xxhashRow("hash", "hash-function"),
	xxhashRow("hash_xxhash64", "hash-xxhash64-function"),
	digestRow("hash_md5", "hash-md5-function", "MD5", func(b []byte) []byte { d := md5.Sum(b); return d[:] },
		Example{`hash_md5("World")`, `"f5a7924e621e84c9280a9a27e1bcb7f6"`}, Example{`hash_md5(123)`, `"202cb962ac59075b964b07152d234b70"`}),
	digestRow("hash_sha1", "hash-sha1-function", "SHA-1", func(b []byte) []byte { d := sha1.Sum(b); return d[:] },
		Example{`hash_sha1("World")`, `"70c07ec18ef89c5309bbb0937f3a6342411e1fdd"`}, Example{`hash_sha1("")`, `""`}),
	digestRow("hash_sha256", "hash-sha256-function", "SHA-256", func(b []byte) []byte { d := sha256.Sum256(b); return d[:] },
		Example{`hash_sha256("World")`, `"78ae647dc5544d227130a0682a51e30bc7777fbb6d8a8f17007463a3ecd1d524"`},
		Example{`hash_sha256(datetime(2020-01-01))`, `"ba666752dc1a20eb750b0eb64e780cc4c968bc9fb8813461c1d7e750f302d71d"`}),
}

func xxhashRow(name, ref string) Spec {
	return Spec{
		Name: name, Ref: ref,
		Doc:  "The xxHash64 of the value, or its remainder by a number.",
		Sigs: []Sig{{Decl: "(source: notdynamic, mod?: integer): long"}},
		Eval: xxhashEval,
		Examples: []Example{
			{name + `("World")`, `1846988464401551951`}, {name + `("World", 100)`, `51`}, {name + `(datetime(2015-01-01))`, `1380966698541616202`},
		},
	}
}

func digestRow(name, ref, algorithm string, sum func([]byte) []byte, examples ...Example) Spec {
	return Spec{
		Name: name, Ref: ref, Examples: examples,
		Doc:   "The " + algorithm + " digest of the value as text, in hexadecimal; empty for the empty text (recorded).",
		Sigs:  []Sig{{Decl: "(source: notdynamic): string"}},
		Nulls: NeverNull, Eval: textText(func(s string) string {
			if s == "" {
				return ""
			}
			return hex.EncodeToString(sum([]byte(s)))
		}),
	}
}

func xxhashEval(c *Call) {
	v := c.Args[0]
	var buf []byte
	for i := range c.N {
		if v.IsNull(i) {
			c.Out.SetNull(i)
			continue
		}
		buf = appendHashed(buf[:0], v, i)
		h := xxhash64(buf, 0)
		if len(c.Args) > 1 {
			if c.Args[1].IsNull(i) || c.Args[1].Ints[i] <= 0 {
				c.Out.SetNull(i)
				continue
			}
			h %= uint64(c.Args[1].Ints[i])
		}
		c.Out.Ints[i] = int64(h)
	}
}

// appendHashed appends the bytes of a value that xxHash64 sees: UTF-8 of a
// text, the eight bytes of a number (of a datetime its ticks, as recorded).
func appendHashed(dst []byte, v *types.Vector, i int) []byte {
	switch v.Type {
	case types.Bool:
		if v.Bools[i] {
			return append(dst, 1)
		}
		return append(dst, 0)
	case types.Real:
		bits := math.Float64bits(v.Floats[i])
		if v.Floats[i] != v.Floats[i] {
			bits = 0xfff8000000000000 // every NaN hashes as the one that 0.0/0.0 gives
		}
		return binary.LittleEndian.AppendUint64(dst, bits)
	case types.Guid:
		b, _ := guidBytes(v.Strings[i])
		return append(dst, b...)
	case types.String, types.Decimal:
		return append(dst, v.Strings[i]...)
	}
	return binary.LittleEndian.AppendUint64(dst, uint64(v.Ints[i]))
}
