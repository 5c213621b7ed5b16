package fn

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
	"io"
	"unicode/utf8"
)

// compressRows pack texts. Any inflater reads what they make; the bytes equal
// Kusto's where the text does not get smaller (then both store it), and may
// differ elsewhere, as between any two deflaters.
var compressRows = []Spec{
	{
		Name: "gzip_compress_to_base64_string", Ref: "gzip-base64-compress",
		Doc:   "The text compressed with gzip, in base64.",
		Sigs:  []Sig{{Decl: "(string: string): string"}},
		Nulls: NeverNull, Eval: textText(func(s string) string { return pack(s, gzipHeader, gzipTrailer) }),
		Examples: []Example{
			{`gzip_compress_to_base64_string("1234567890qwertyuiop")`, `"H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA=="`},
			{`gzip_decompress_from_base64_string(gzip_compress_to_base64_string("aaaaaaaaaa"))`, `"aaaaaaaaaa"`},
		},
	},
	{
		Name: "gzip_decompress_from_base64_string", Ref: "gzip-base64-decompress",
		Doc:   "The text in a gzip member given in base64; empty when there is none.",
		Sigs:  []Sig{{Decl: "(string: string): string"}},
		Nulls: NeverNull, Eval: textText(func(s string) string { return unpack(s, gzipBody) }),
		Examples: []Example{
			{`gzip_decompress_from_base64_string("H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==")`, `"1234567890qwertyuiop"`},
			{`gzip_decompress_from_base64_string("x0x0x0")`, `""`},
		},
	},
	{
		Name: "zlib_compress_to_base64_string", Ref: "zlib-base64-compress-function",
		Doc:   "The text compressed with zlib, in base64.",
		Sigs:  []Sig{{Decl: "(string: string): string"}},
		Nulls: NeverNull, Eval: textText(func(s string) string { return pack(s, zlibHeader, zlibTrailer) }),
		Examples: []Example{
			{`zlib_compress_to_base64_string("1234567890qwertyuiop")`, `"eAEBFADr/zEyMzQ1Njc4OTBxd2VydHl1aW9wOAkGdw=="`},
			{`zlib_decompress_from_base64_string(zlib_compress_to_base64_string("aaaaaaaaaa"))`, `"aaaaaaaaaa"`},
		},
	},
	{
		Name: "zlib_decompress_from_base64_string", Ref: "zlib-base64-decompress-function",
		Doc:   "The text in a zlib stream given in base64; empty when there is none.",
		Sigs:  []Sig{{Decl: "(string: string): string"}},
		Nulls: NeverNull, Eval: textText(func(s string) string { return unpack(s, zlibBody) }),
		Examples: []Example{
			{`zlib_decompress_from_base64_string("eJwLSS0uUSguKcrMS1cwNDIGACxqBQ4=")`, `"Test string 123"`},
			{`zlib_decompress_from_base64_string("x0x0x0")`, `""`},
		},
	},
}

const (
	gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" // RFC 1952: deflate, no flags, no time, unknown system
	zlibHeader = "\x78\x01"                                 // RFC 1950: deflate, window of 32 KiB, fastest
)

func gzipTrailer(dst []byte, s string) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, crc32.ChecksumIEEE([]byte(s)))
	return binary.LittleEndian.AppendUint32(dst, uint32(len(s)))
}

func zlibTrailer(dst []byte, s string) []byte {
	return binary.BigEndian.AppendUint32(dst, adler32.Checksum([]byte(s)))
}

func pack(s, header string, trailer func([]byte, string) []byte) string {
	if s == "" {
		return ""
	}
	out := deflate([]byte(header), s)
	return base64.StdEncoding.EncodeToString(trailer(out, s))
}

// deflate appends s compressed, or stored in one final block where that is no
// longer (RFC 1951, section 3.2.4).
func deflate(dst []byte, s string) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err == nil {
		_, err = io.WriteString(w, s)
	}
	if err == nil {
		err = w.Close()
	}
	if stored := len(s) + 5; len(s) <= 0xffff && (err != nil || stored <= b.Len()) {
		dst = append(dst, 1)
		dst = binary.LittleEndian.AppendUint16(dst, uint16(len(s)))
		dst = binary.LittleEndian.AppendUint16(dst, ^uint16(len(s)))
		return append(dst, s...)
	}
	return append(dst, b.Bytes()...)
}

// unpack reads text out of base64. body cuts the compressed part out of the
// packed bytes and returns what checks the text against the trailer.
func unpack(s string, body func(packed []byte) (deflated []byte, ok func(text []byte) bool)) string {
	packed, isBase64 := base64Bytes(s)
	if !isBase64 {
		return ""
	}
	deflated, ok := body(packed)
	if ok == nil {
		return ""
	}
	r := flate.NewReader(bytes.NewReader(deflated))
	text, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err != nil || len(text) > maxText || !ok(text) || !utf8.Valid(text) {
		return ""
	}
	return string(text)
}

// gzipBody accepts what the reference page does: no flags, no optional fields.
func gzipBody(p []byte) ([]byte, func([]byte) bool) {
	if len(p) < 18 || p[0] != 0x1f || p[1] != 0x8b || p[2] != 8 || p[3] != 0 {
		return nil, nil
	}
	end := len(p) - 8
	return p[10:end], func(text []byte) bool {
		return binary.LittleEndian.Uint32(p[end:]) == crc32.ChecksumIEEE(text) && binary.LittleEndian.Uint32(p[end+4:]) == uint32(len(text))
	}
}

func zlibBody(p []byte) ([]byte, func([]byte) bool) {
	if len(p) < 6 || p[0] != 0x78 || binary.BigEndian.Uint16(p)%31 != 0 || p[1]&0x20 != 0 {
		return nil, nil
	}
	end := len(p) - 4
	return p[2:end], func(text []byte) bool { return binary.BigEndian.Uint32(p[end:]) == adler32.Checksum(text) }
}
