package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// maxConfigBytes bounds a configuration file.
const maxConfigBytes = 1 << 20

// configFile is a file of flag values in YAML, of which JSON is a part: its
// keys are the names of flags. It is a kong resolver. Values stay texts until
// the flag reads them as it reads the command line, so that no and 1e3 and
// 2026-01-01 are what was written.
type configFile struct {
	keys []configKey
}

type configKey struct {
	name  string
	line  int
	value any // string, []any or map[string]any of these; nil for an empty value
}

// readConfig is the loader of --config.
func readConfig(r io.Reader) (kong.Resolver, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxConfigBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxConfigBytes {
		return nil, fmt.Errorf("the configuration is larger than %d bytes", maxConfigBytes)
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return &configFile{}, nil // nothing but comments
	} else if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("configuration: the file has more than one document")
	}
	top := doc.Content[0]
	if top.Kind == yaml.ScalarNode && top.Tag == "!!null" {
		return &configFile{}, nil
	}
	if top.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("configuration: line %d: names of flags with their values are meant, such as listen: %s", top.Line, defaultListen)
	}
	c := &configFile{}
	for i := 0; i < len(top.Content); i += 2 {
		key := top.Content[i]
		name := strings.ReplaceAll(key.Value, "_", "-")
		if c.find(name) != nil {
			return nil, fmt.Errorf("configuration: line %d: %s is given twice", key.Line, name)
		}
		value, err := plain(top.Content[i+1])
		if err != nil {
			return nil, err
		}
		c.keys = append(c.keys, configKey{name, key.Line, value})
	}
	return c, nil
}

// plain turns a node into texts, lists and maps. Anchors are refused: nobody
// needs them here, and they can make a small file large.
func plain(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return nil, nil
		}
		return n.Value, nil
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range n.Content {
			v, err := plain(item)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			key := n.Content[i]
			if _, twice := m[key.Value]; twice {
				return nil, fmt.Errorf("configuration: line %d: %s is given twice", key.Line, key.Value)
			}
			v, err := plain(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			m[key.Value] = v
		}
		return m, nil
	}
	return nil, fmt.Errorf("configuration: line %d: anchors and aliases are not read", n.Line)
}

func (c *configFile) find(name string) *configKey {
	i := slices.IndexFunc(c.keys, func(k configKey) bool { return k.name == name })
	if i < 0 {
		return nil
	}
	return &c.keys[i]
}

// notInFile are flags that make no sense in a file.
func notInFile(name string) bool {
	return slices.Contains([]string{"help", "config", "print-config"}, name)
}

// Validate refuses keys that are no flag of any command.
func (c *configFile) Validate(app *kong.Application) error {
	known := flagNames(app.Node)
	var wrong []string
	for _, k := range c.keys {
		if slices.Contains(known, k.name) {
			continue
		}
		text := fmt.Sprintf("line %d: there is no setting %s", k.line, k.name)
		if near := nearestName(k.name, known); near != "" {
			text += "; did you mean " + near + "?"
		}
		wrong = append(wrong, text)
	}
	if len(wrong) > 0 {
		return errors.New("configuration: " + strings.Join(wrong, "; "))
	}
	return nil
}

func flagNames(n *kong.Node) []string {
	var out []string
	for _, f := range n.Flags {
		if !notInFile(f.Name) {
			out = append(out, f.Name)
		}
	}
	for _, child := range n.Children {
		out = append(out, flagNames(child)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Resolve gives a flag its value. A variable of the environment comes first;
// kong asks its resolvers after it has read the environment, and would let the
// file win.
func (c *configFile) Resolve(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	for _, name := range f.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return nil, nil
		}
	}
	k := c.find(f.Name)
	if k == nil || notInFile(f.Name) {
		return nil, nil
	}
	switch v := k.value.(type) {
	case []any:
		if !f.IsSlice() {
			return nil, fmt.Errorf("configuration: line %d: one value is meant, not a list", k.line)
		}
		return joined(k, v, f.Tag.Sep)
	case map[string]any:
		if !f.IsMap() {
			return nil, fmt.Errorf("configuration: line %d: one value is meant, not names with values", k.line)
		}
	}
	return k.value, nil
}

// joined is a list as the command line would have it.
func joined(k *configKey, list []any, sep rune) (any, error) {
	if sep == -1 {
		return list, nil
	}
	var texts []string
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("configuration: line %d: a list of single values is meant", k.line)
		}
		texts = append(texts, s)
	}
	return kong.JoinEscaped(texts, sep), nil
}

// nearestName is the candidate that needs the fewest changes, if they are few.
func nearestName(name string, candidates []string) string {
	best, least := "", max(2, len(name)/3)+1
	for _, c := range candidates {
		if d := distance(name, c); d < least || strings.HasPrefix(c, name+"-") && best == "" {
			best, least = c, min(d, least)
		}
	}
	return best
}

// distance counts insertions, deletions and replacements of bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
