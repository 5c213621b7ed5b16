package simulate

import (
	"fmt"
	"strings"
)

// registryDeed is a kind of what programs do to the registry.
type registryDeed struct{ acts weighted[registryAct] }

type registryAct struct {
	action, valueType string
	key, name, data   template
}

// registryLine reads "weight action type key | name | data".
func (l *library) registryLine(section, _, line string) error {
	if line == "" {
		l.registry[section] = &registryDeed{}
		return nil
	}
	weight, rest, err := split(line)
	if err != nil {
		return err
	}
	f := strings.SplitN(rest, " ", 3)
	if len(f) != 3 || l.registry[section] == nil {
		return fmt.Errorf("%q is not weight, action, type and key", line)
	}
	a := registryAct{action: f[0], valueType: strings.TrimPrefix(f[1], "-")}
	v := append(strings.SplitN(f[2], " | ", 3), "", "")
	for i, t := range [...]*template{&a.key, &a.name, &a.data} {
		if *t, err = compile(v[i]); err != nil {
			return err
		}
	}
	l.registry[section].acts.add(a, weight)
	return nil
}

// do makes the program change the registry.
func (x *registryDeed) do(d *device, p *process) bool {
	a := x.acts.pick(d.dice)
	s := &scene{d: d, a: p.login.account, p: p}
	e := registryEvent{action: a.action, valueType: a.valueType, key: s.fill(a.key), name: s.fill(a.name), data: s.fill(a.data)}
	if a.action == "RegistryValueSet" && d.dice.chance(500) {
		e.previous = s.fill(a.data)
	}
	d.registryEvent(p, e)
	return true
}

// registryEvent is what happens to the registry. Keys begin with HKLM or HKCU.
type registryEvent struct {
	action, valueType, key, name, data, previous string
}

// registryEvent reports it. What is deleted stands in the columns of the
// state before.
func (d *device) registryEvent(p *process, e registryEvent) {
	key := e.key
	if rest, ok := strings.CutPrefix(key, "HKLM"); ok {
		key = "HKEY_LOCAL_MACHINE" + rest
	} else if rest, ok := strings.CutPrefix(key, "HKCU"); ok {
		key = `HKEY_CURRENT_USER\` + p.login.account.sid + rest
	}
	fill := func(r row) {
		switch e.action {
		case "RegistryValueDeleted", "RegistryKeyDeleted":
			r.text(cRegistryType, "None")
			r.text(cPreviousKey, key)
			r.text(cPreviousName, e.name)
			r.text(cPreviousData, e.data)
		default:
			r.text(cRegistryKey, key)
			r.text(cRegistryType, e.valueType)
			r.text(cRegistryName, e.name)
			r.text(cRegistryData, e.data)
			if e.previous != "" {
				r.text(cPreviousKey, key)
				r.text(cPreviousName, e.name)
				r.text(cPreviousData, e.previous)
			}
		}
	}
	r := d.row(tRegistry, e.action)
	r.by(p)
	fill(r)
	d.mirror(tCustomRegistry, e.action, p, fill)
}
