package access

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Device is what rules are matched against: the latest report of a device.
type Device struct {
	Name       string
	OSPlatform string
	// Tags are the columns of DeviceInfo that hold tags: JSON arrays of
	// texts, or one tag as it is.
	Tags []string
}

type property uint8

const (
	ofName property = iota
	ofDomain
	ofTag
	ofPlatform
)

var properties = map[string]property{"name": ofName, "domain": ofDomain, "tag": ofTag, "os platform": ofPlatform}

var operators = map[string]func(value, pattern string) bool{
	"starts with": strings.HasPrefix,
	"ends with":   strings.HasSuffix,
	"contains":    strings.Contains,
	"equals":      func(value, pattern string) bool { return value == pattern },
	"in":          func(value, pattern string) bool { return value == pattern },
}

// condition is true if any of its values is.
type condition struct {
	of     property
	is     func(value, pattern string) bool
	values []string
}

func (f conditionFile) compile() (condition, error) {
	var c condition
	var ok bool
	if c.of, ok = properties[f.Property]; !ok {
		return c, fmt.Errorf("unknown property %q: use name, domain, tag or os platform", f.Property)
	}
	if c.is = operators[f.Operator]; c.is == nil {
		return c, fmt.Errorf("unknown operator %q: use starts with, ends with, equals, contains or in", f.Operator)
	}
	if len(f.Values) == 0 {
		return c, fmt.Errorf("it has no values")
	}
	for _, v := range f.Values {
		if err := text(v); err != nil {
			return c, fmt.Errorf("value %q: %w", v, err)
		}
		c.values = append(c.values, fold(v))
	}
	return c, nil
}

// fold makes texts comparable: device names, domains, tags and group ids are
// compared without case.
func fold(s string) string { return strings.ToLower(strings.ToUpper(s)) }

// described is a device ready for matching.
type described struct {
	name, domain, platform string
	tags                   []string
}

func describe(d Device) described {
	x := described{name: fold(d.Name), platform: fold(d.OSPlatform)}
	_, x.domain, _ = strings.Cut(x.name, ".")
	for _, t := range d.Tags {
		x.tags = append(x.tags, tagsIn(t)...)
	}
	return x
}

// tagsIn reads a column of tags.
func tagsIn(column string) []string {
	if column == "" {
		return nil
	}
	var list []string
	if strings.HasPrefix(strings.TrimSpace(column), "[") && json.Unmarshal([]byte(column), &list) == nil {
		for i := range list {
			list[i] = fold(list[i])
		}
		return list
	}
	return []string{fold(column)}
}

func (c condition) holds(d described) bool {
	any := func(value string) bool {
		return slices.ContainsFunc(c.values, func(v string) bool { return c.is(value, v) })
	}
	switch c.of {
	case ofName:
		return any(d.name)
	case ofDomain:
		return d.domain != "" && any(d.domain)
	case ofTag:
		return slices.ContainsFunc(d.tags, any)
	}
	return any(d.platform)
}

// matches: several conditions on one property are alternatives, those on
// different properties must all hold (contract §4.3).
func (g deviceGroup) matches(d described) bool {
	var tried, held [4]bool
	for _, c := range g.conditions {
		tried[c.of] = true
		held[c.of] = held[c.of] || c.holds(d)
	}
	return tried == held
}

// group is the place of the device's group; len(r.groups) is ungrouped.
func (r *rules) group(d Device) int {
	x := describe(d)
	for i, g := range r.groups {
		if g.matches(x) {
			return i
		}
	}
	return len(r.groups)
}
