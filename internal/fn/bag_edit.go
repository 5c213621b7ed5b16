package fn

import (
	"slices"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// keySet remembers the names of a bag under construction.
type keySet map[string]bool

func (s *keySet) clear() {
	if *s == nil {
		*s = keySet{}
	}
	clear(*s)
}

// add reports whether key is new.
func (s *keySet) add(key []byte) bool {
	if (*s)[string(key)] {
		return false
	}
	if *s == nil {
		*s = keySet{}
	}
	(*s)[string(key)] = true
	return true
}

// editPath reads a name or a JSON path given to bag_set_key or
// bag_remove_keys: steps into bags only. ok is false for the root and for
// array places, which these functions do not support.
func editPath(key string) (path []dynamic.Step, ok bool) {
	if !dynamic.IsPath(key) {
		return []dynamic.Step{{Key: key}}, true
	}
	path, err := dynamic.ParsePath(key)
	return path, err == nil && !slices.ContainsFunc(path, func(s dynamic.Step) bool { return s.Item })
}

func removeKeys(c *Call, dst []byte, i int, bag string) ([]byte, bool) {
	keys := c.json(1, i)
	if dynamic.KindOf(keys) != dynamic.Array {
		return dst, false
	}
	var paths [][]dynamic.Step
	for item := range dynamic.Items(keys) {
		if dynamic.KindOf(item) == dynamic.String {
			if path, ok := editPath(dynamic.Unquote(item)); ok {
				paths = append(paths, path)
			}
		}
	}
	return appendWithout(dst, bag, paths), true
}

// appendWithout appends a bag without what the paths lead to.
func appendWithout(dst []byte, bag string, paths [][]dynamic.Step) []byte {
	dst = append(dst, '{')
	for key, value := range dynamic.Members(bag) {
		name := dynamic.Unquote(key)
		drop := false
		var deeper [][]dynamic.Step
		for _, p := range paths {
			if p[0].Key != name {
				continue
			}
			drop = drop || len(p) == 1
			deeper = append(deeper, p[1:])
		}
		switch {
		case drop:
		case len(deeper) > 0 && dynamic.KindOf(value) == dynamic.Bag:
			dst = appendWithout(appendMember(dst, key, ""), value, deeper)
		default:
			dst = appendMember(dst, key, value)
		}
	}
	return append(dst, '}')
}

func setKey(c *Call, dst []byte, i int, bag string) ([]byte, bool) {
	path, ok := editPath(c.Args[1].Strings[i])
	if !ok {
		return dst, false
	}
	return appendWith(dst, bag, path, string(dynamic.AppendRow(nil, c.Args[2], i))), true
}

// appendWith appends a bag with a value at a path. The member changed moves to
// the end, as recorded; what is no bag on the way is replaced by one.
func appendWith(dst []byte, bag string, path []dynamic.Step, value string) []byte {
	old := ""
	dst = append(dst, '{')
	for key, v := range dynamic.Members(bag) {
		if dynamic.Unquote(key) == path[0].Key {
			old = v
		} else {
			dst = appendMember(dst, key, v)
		}
	}
	key := dynamic.Quote(path[0].Key)
	if len(path) == 1 {
		dst = appendMember(dst, key, value)
	} else {
		dst = appendWith(appendMember(dst, key, ""), old, path[1:], value)
	}
	return append(dst, '}')
}
