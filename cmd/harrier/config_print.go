package main

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// printConfig is serve --print-config.
type printConfig bool

// AfterApply prints the configuration in force as a file for --config, and ends
// the program.
func (printConfig) AfterApply(k *kong.Kong, ctx *kong.Context) error {
	if err := writeConfig(k.Stdout, ctx); err != nil {
		return err
	}
	k.Exit(0)
	return nil
}

// writeConfig writes the value of every flag of the selected command. What is
// not set is a comment, and so is a secret, without its value: what is printed
// can be pasted whole.
func writeConfig(w io.Writer, ctx *kong.Context) error {
	fmt.Fprintln(w, "# Settings in force. Flags override variables of the environment, which override this file.")
	for _, f := range settings(ctx) {
		help, _, _ := strings.Cut(f.Help, "\n")
		env := ""
		if len(f.Envs) > 0 {
			env = " [" + f.Envs[0] + "]"
		}
		fmt.Fprintf(w, "\n# %s%s\n", help, env)
		text, state, err := settingText(f)
		if err != nil {
			return err
		}
		switch state {
		case isUnset:
			fmt.Fprintf(w, "# %s:\n", f.Name)
		case isSecret:
			fmt.Fprintf(w, "# %s: set, but a secret\n", f.Name)
		default:
			fmt.Fprint(w, text)
		}
	}
	return nil
}

// settings are the flags of the selected command that a file may have.
func settings(ctx *kong.Context) []*kong.Flag {
	var out []*kong.Flag
	for _, group := range ctx.Flags() {
		if !notInFile(group.Name) && !group.Hidden {
			out = append(out, group)
		}
	}
	return out
}

type settingState int

const (
	isSet settingState = iota
	isUnset
	isSecret
)

// settingText is one setting in YAML with its line break.
func settingText(f *kong.Flag) (string, settingState, error) {
	if f.Target.IsZero() && !f.IsBool() && !f.HasDefault {
		return "", isUnset, nil
	}
	v := f.Target.Interface()
	if s, ok := v.(string); ok && hasPassword(s) || f.Tag.Has("secret") {
		return "", isSecret, nil
	}
	var node yaml.Node
	if err := node.Encode(writable(v)); err != nil {
		return "", isSet, fmt.Errorf("%s: %w", f.Name, err)
	}
	var buf bytes.Buffer
	enc := yaml.NewEncoder(&buf)
	enc.SetIndent(2)
	doc := yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: f.Name}, &node}}
	if err := enc.Encode(&doc); err != nil {
		return "", isSet, fmt.Errorf("%s: %w", f.Name, err)
	}
	return buf.String(), isSet, nil
}

// writable is a value in the words in which flags are written.
func writable(v any) any {
	switch v := v.(type) {
	case time.Duration:
		return v.String()
	case encoding.TextMarshaler, yaml.Marshaler:
		return v
	case fmt.Stringer:
		return v.String()
	}
	return v
}

// hasPassword finds passwords in addresses of databases.
func hasPassword(s string) bool {
	if u, err := url.Parse(s); err == nil && u.User != nil {
		if _, ok := u.User.Password(); ok {
			return true
		}
		return u.Query().Has("password")
	}
	return strings.Contains(strings.ReplaceAll(strings.ToLower(s), " ", ""), "password=")
}

// configSchemaCmd prints the JSON schema of the file of --config.
type configSchemaCmd struct{}

// Run prints the schema.
func (configSchemaCmd) Run(ctx *kong.Context) error {
	schema, err := configSchema(ctx.Model.Node)
	if err == nil {
		_, err = ctx.Stdout.Write(schema)
	}
	return err
}

// configSchema is made from the flags of all commands: one file serves all.
func configSchema(app *kong.Node) ([]byte, error) {
	properties := map[string]any{}
	var add func(*kong.Node)
	add = func(n *kong.Node) {
		for _, f := range n.Flags {
			if p := property(f); p != nil && properties[f.Name] == nil {
				properties[f.Name] = p
			}
		}
		for _, child := range n.Children {
			add(child)
		}
	}
	add(app)
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Configuration of harrier", "type": "object",
		"additionalProperties": false, "properties": properties,
	})
	return buf.Bytes(), err
}

func property(f *kong.Flag) map[string]any {
	if notInFile(f.Name) || f.Hidden {
		return nil
	}
	p := map[string]any{"description": f.Help}
	kind := f.Target.Type().String()
	scalar := map[string]any{"type": []string{"string", "number", "boolean"}}
	switch {
	case f.IsBool():
		p["type"] = "boolean"
	case f.IsMap():
		p["type"], p["additionalProperties"] = "object", map[string]any{"type": []string{"string", "object"}}
	case f.IsSlice():
		p["type"], p["items"] = []string{"array", "string"}, scalar
	case kind == "int" || kind == "int64" || kind == "uint64":
		p["type"] = "integer"
	case kind == "float64":
		p["type"] = "number"
	default:
		p["type"] = "string"
	}
	if f.Enum != "" {
		p["enum"] = f.EnumSlice()
	}
	if f.HasDefault && f.Default != "" {
		p["default"] = f.Default
	}
	return p
}
