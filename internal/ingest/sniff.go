package ingest

import "bytes"

// sniffLen is how much of a stream decides what it is.
const sniffLen = 64 << 10

// isDocument tells whether a text is laid out as one or more JSON documents
// rather than as JSON Lines: it starts with an array, or its first line opens
// brackets that it does not close, or its first line does not end within the
// window and opens the wrapper. A line that is merely broken does not end in
// an opening bracket or a comma.
func isDocument(b []byte, whole bool) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	if len(b) == 0 {
		return false
	}
	if b[0] == '[' {
		return true
	}
	first, _, found := bytes.Cut(b, []byte{'\n'})
	if !found && !whole {
		f := feed{buf: b, started: true}
		return f.wrapperIn()
	}
	if !found {
		return false
	}
	first = bytes.TrimRight(first, " \t\r")
	return len(first) > 0 && first[0] == '{' && bytes.IndexByte([]byte("{[,"), first[len(first)-1]) >= 0
}

// wrapperIn is wrapper without reading on.
func (f *feed) wrapperIn() bool {
	f.err = errStray
	return f.wrapper() > 0
}

// magics are the starts of formats that are often met and not read here.
var magics = []struct{ start, what string }{
	{"ElfFile\x00", "a binary Windows event log (.evtx); export it as JSON first"},
	{"\xFF\xFE", "UTF-16 text; convert it to UTF-8 first"},
	{"\xFE\xFF", "UTF-16 text; convert it to UTF-8 first"},
	{"PK\x03\x04", "a zip archive inside another archive; unpack it first"},
	{"\x1F\x8B", "a gzip file inside an archive; unpack it first"},
	{"\x28\xB5\x2F\xFD", "compressed with zstd; unpack it first"},
	{"\xFD7zXZ\x00", "compressed with xz; unpack it first"},
	{"BZh", "compressed with bzip2; unpack it first"},
	{"7z\xBC\xAF\x27\x1C", "a 7-Zip archive; unpack it first"},
	{"PAR1", "a Parquet file"},
}

// refuse says why a stream that starts with head holds no records, or "".
func refuse(head []byte) string {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.start)) {
			return m.what
		}
	}
	for line := range bytes.Lines(head) {
		line = bytes.TrimLeft(line, " \t\r\n")
		if len(line) > 0 && (line[0] == '{' || line[0] == '[') {
			return ""
		}
	}
	return "no JSON in it"
}
