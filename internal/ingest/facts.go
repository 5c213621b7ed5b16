package ingest

import "strings"

// guid is a Sysmon ProcessGuid.
type guid [16]byte

// parseGUID reads a GUID with or without braces; the null GUID is none.
func parseGUID(b []byte) (g guid, ok bool) {
	if len(b) == 38 && b[0] == '{' && b[37] == '}' {
		b = b[1:37]
	}
	if len(b) != 36 {
		return g, false
	}
	n := 0
	for i := 0; i < 36; {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if b[i] != '-' {
				return g, false
			}
			i++
			continue
		}
		if !isHex(b[i]) || !isHex(b[i+1]) {
			return g, false
		}
		g[n] = hexVal(b[i])<<4 | hexVal(b[i+1])
		n++
		i += 2
	}
	return g, g != guid{}
}

func (g guid) String() string {
	b := make([]byte, 0, 36)
	for i, c := range g {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		b = append(b, lowerHex[c>>4], lowerHex[c&15])
	}
	return string(b)
}

// created is the start time in a ProcessGuid: its bytes 4 to 7 are seconds
// since 1970, as two little-endian halves.
func (g guid) created() int64 {
	s := int64(g[6])<<24 | int64(g[7])<<16 | int64(g[4])<<8 | int64(g[5])
	if s == 0 {
		return 0
	}
	return unixEpoch + s*second
}

// account is a user as Defender shows it: in lower case.
type account struct{ domain, name, sid string }

// parseUser splits DOMAIN\name.
func parseUser(s string) account {
	domain, name, ok := strings.Cut(s, `\`)
	if !ok {
		domain, name = "", s
	}
	return account{domain: strings.ToLower(domain), name: strings.ToLower(name)}
}

// hashes are lower-case hexadecimal.
type hashes struct{ sha1, sha256, md5 string }

type versionInfo struct{ company, product, version, original, description string }

// parseHashes takes a Sysmon hash list, SHA1=…,MD5=…,SHA256=…,IMPHASH=…,
// apart; imphash is returned beside those that have columns.
func parseHashes(s string) (h hashes, imphash string) {
	for part := range strings.SplitSeq(s, ",") {
		name, text, _ := strings.Cut(part, "=")
		text = strings.ToLower(text)
		switch strings.ToUpper(name) {
		case "SHA1":
			h.sha1 = text
		case "SHA256":
			h.sha256 = text
		case "MD5":
			h.md5 = text
		case "IMPHASH":
			imphash = text
		}
	}
	return h, imphash
}

// baseName is the part of a path behind the last separator.
func baseName(path string) string {
	return path[strings.LastIndexAny(path, `\/`)+1:]
}

// isPath is false for what Sysmon writes when it does not know an image.
func isPath(image string) bool {
	return image != "" && image[0] != '<' && !strings.HasPrefix(image, "&lt;")
}
