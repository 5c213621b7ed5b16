package api

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/hunt"
)

// maxInflated bounds what a compressed body may become: small ones are read before there is a slot, so it is the
// greatest query with every character escaped once, not the eight megabytes that come as they are.
const maxInflated = 2*hunt.MaxQueryBytes + 64<<10

// jsonText is the JSON of a body in UTF-8. The Go SDK of Microsoft Graph compresses every body with gzip; .NET's readers
// take UTF-16 as well as UTF-8, and a byte order mark. A body without Content-Type is taken for JSON.
func jsonText(h http.Header, body []byte) ([]byte, *failure) {
	switch strings.ToLower(strings.Join(h.Values("Content-Encoding"), ",")) {
	case "", "identity":
	case "gzip", "x-gzip":
		var f *failure
		if body, f = inflate(body); f != nil {
			return nil, f
		}
	default:
		return nil, badBody("The request body must be compressed with gzip, or not at all.")
	}
	charset := ""
	if ct := h.Get("Content-Type"); ct != "" {
		media, params, err := mime.ParseMediaType(ct)
		if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) || !isJSON(media) {
			return nil, badBody("The Content-Type must be application/json.")
		}
		charset = strings.ToLower(params["charset"])
	}
	text, ok := decoded(body, charset)
	if !ok {
		return nil, badBody("The request body must be encoded in UTF-8.")
	}
	return bytes.TrimPrefix(text, []byte("\ufeff")), nil
}

func inflate(body []byte) ([]byte, *failure) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	var text []byte
	if err == nil {
		text, err = io.ReadAll(io.LimitReader(z, maxInflated+1))
	}
	if err != nil {
		return nil, badBody("The request body cannot be decompressed.")
	}
	if len(text) > maxInflated {
		return nil, bad(badRequest, "The request body is larger than the "+strconv.Itoa(maxInflated)+" bytes that a compressed one may hold.")
	}
	return text, nil
}

// decoded is a text in UTF-8. Charsets that hold ASCII are the same as UTF-8 as long as nothing else is used.
func decoded(body []byte, charset string) ([]byte, bool) {
	switch charset {
	case "", "utf-8", "utf8":
		return body, utf8.Valid(body)
	case "utf-16", "utf-16le":
		if bytes.HasPrefix(body, []byte{0xfe, 0xff}) && charset == "utf-16" {
			return fromUTF16(body, binary.BigEndian)
		}
		return fromUTF16(body, binary.LittleEndian)
	case "utf-16be":
		return fromUTF16(body, binary.BigEndian)
	}
	holds := charset == "us-ascii" || charset == "latin1" || strings.HasPrefix(charset, "iso-8859-") || strings.HasPrefix(charset, "windows-125")
	return body, holds && !slices.ContainsFunc(body, func(b byte) bool { return b > unicode.MaxASCII })
}

// fromUTF16 refuses halves of surrogate pairs, as stringOf does.
func fromUTF16(body []byte, order binary.ByteOrder) ([]byte, bool) {
	if len(body)%2 != 0 {
		return nil, false
	}
	out := make([]byte, 0, len(body)/2)
	for ; len(body) > 0; body = body[2:] {
		r := rune(order.Uint16(body))
		if utf16.IsSurrogate(r) {
			if len(body) < 4 {
				return nil, false
			}
			body = body[2:]
			if r = utf16.DecodeRune(r, rune(order.Uint16(body))); r == unicode.ReplacementChar {
				return nil, false
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out, true
}

func isJSON(media string) bool {
	return media == "application/json" || media == "text/json" || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}
