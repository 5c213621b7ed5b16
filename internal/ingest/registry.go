package ingest

import (
	"strconv"
	"strings"
)

// hives maps the spellings of registry roots, in lower case, to Defender's.
var hives = []struct{ from, to string }{
	{`hklm\`, `HKEY_LOCAL_MACHINE\`},
	{`\registry\machine\`, `HKEY_LOCAL_MACHINE\`},
	{`hkcr\`, `HKEY_LOCAL_MACHINE\SOFTWARE\Classes\`},
	{`hkcu\`, `HKEY_CURRENT_USER\`},
	{`hku\`, `HKEY_USERS\`},
	{`\registry\user\`, `HKEY_USERS\`},
}

// fullKey spells out the root of a key. A user's hive is shown the way
// Defender does, as HKEY_CURRENT_USER followed by the user's SID; hives of
// applications (\REGISTRY\A\…) have no other name.
func fullKey(key string) string {
	for _, h := range hives {
		if len(key) < len(h.from) || !strings.EqualFold(key[:len(h.from)], h.from) {
			continue
		}
		rest := key[len(h.from):]
		if h.to == `HKEY_USERS\` && strings.HasPrefix(strings.ToUpper(rest[:min(len(rest), 8)]), "S-1-5-21") {
			return `HKEY_CURRENT_USER\` + rest
		}
		return h.to + rest
	}
	return key
}

// splitValue separates a value's name from its key. Sysmon joins them with a
// backslash; a name may itself hold some, which shows where it is a path: no
// key has an empty part (\\Device\…) or one that is a drive (\C:\…).
func splitValue(s string) (key, name string) {
	if at := strings.Index(s[min(len(s), 1):], `\\`); at >= 0 {
		return s[:at+1], s[at+2:]
	}
	for i := 1; i+3 < len(s); i++ {
		if s[i] == '\\' && s[i+2] == ':' && s[i+3] == '\\' && isLetter(s[i+1]) {
			return s[:i], s[i+1:]
		}
	}
	at := strings.LastIndexByte(s, '\\')
	if at < 0 {
		return s, ""
	}
	return s[:at], s[at+1:]
}

func isLetter(c byte) bool { return c|0x20-'a' < 26 }

// eventType is what a Sysmon registry event did. NXLog replaces the field by
// its own of the same name; the rendered message may still have it.
func eventType(e *event) string {
	switch s := e.text(fEventType); s {
	case "CreateKey", "DeleteKey", "CreateValue", "DeleteValue":
		return s
	}
	return e.fromMessage("EventType")
}

// assumedCreate names the rule for records that lost the type.
const assumedCreate = "RegistryKeyCreated for Sysmon event 12 without EventType"

func sysmonRegistryKey(m *mapper, e *event, k *kind) {
	what := eventType(e)
	action := 0
	switch what {
	case "DeleteKey":
		action = 1
	case "DeleteValue":
		action = 2
	case "":
		m.rep.Assumed.add(assumedCreate, 1)
	}
	r := m.row(k, action)
	object := e.text(fTargetObject)
	if strings.HasSuffix(what, "Value") {
		key, name := splitValue(object)
		r.text(cRegistryKey, fullKey(key))
		r.text(cRegistryName, name)
		if action == 2 {
			r.text(cPreviousKey, fullKey(key))
			r.text(cPreviousName, name)
		}
	} else {
		r.text(cRegistryKey, fullKey(object))
		if action == 1 {
			r.text(cPreviousKey, fullKey(object))
		}
	}
	m.initiating(r, m.cause(e))
}

func sysmonRegistryValue(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	key, name := splitValue(e.text(fTargetObject))
	kind, data := sysmonValue(e.text(fDetails))
	r.text(cRegistryKey, fullKey(key))
	r.text(cRegistryName, name)
	r.text(cRegistryType, kind)
	r.text(cRegistryData, data)
	m.initiating(r, m.cause(e))
}

// sysmonValue takes type and data out of Sysmon's rendering; Defender writes
// numbers in decimal.
func sysmonValue(s string) (kind, data string) {
	switch {
	case s == "":
		return "", ""
	case s == "Binary Data":
		return "Binary", ""
	case strings.HasPrefix(s, "DWORD (0x") && strings.HasSuffix(s, ")"):
		if n, err := strconv.ParseUint(s[9:len(s)-1], 16, 32); err == nil {
			return "Dword", strconv.FormatUint(n, 10)
		}
	case strings.HasPrefix(s, "QWORD (0x") && strings.HasSuffix(s, ")"):
		high, low, _ := strings.Cut(s[9:len(s)-1], "-0x")
		if n, err := strconv.ParseUint(high+low, 16, 64); err == nil {
			return "Qword", strconv.FormatUint(n, 10)
		}
	}
	return "String", s
}

func sysmonRegistryRename(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	r.text(cRegistryKey, fullKey(e.text(fNewName)))
	r.text(cPreviousKey, fullKey(e.text(fTargetObject)))
	m.initiating(r, m.cause(e))
}

// valueTypes are the message table's names of registry types.
var valueTypes = map[string]string{
	"%%1872": "None", "%%1873": "String", "%%1874": "ExpandString", "%%1875": "Binary", "%%1876": "Dword",
	"%%1879": "MultiString", "%%1883": "Qword",
}

func securityRegistry(m *mapper, e *event, k *kind) {
	deleted := e.is(fOperationType, "%%1906")
	r := m.row(k, choose(deleted, 1, 0))
	key, name := fullKey(e.text(fObjectName)), e.text(fObjectValue)
	r.text(cRegistryKey, key)
	r.text(cRegistryName, name)
	if !deleted {
		r.text(cRegistryType, valueTypes[e.text(fNewValueType)])
		r.text(cRegistryData, e.text(fNewValue))
	}
	r.text(cPreviousKey, key)
	r.text(cPreviousName, name)
	r.text(cPreviousData, e.text(fOldValue))
	m.initiating(r, m.bySecurity(e, fProcessID, fProcessName, "Process ID"))
}
