package simulate

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// roleLine reads a line of a role's block (see role).
func (l *library) roleLine(section, note, line string) error {
	r := l.byKey[section]
	if line == "" {
		if r != nil {
			return fmt.Errorf("%q is defined twice", section)
		}
		return l.newRole(section, note)
	}
	if r == nil {
		return fmt.Errorf("%q stands before the first program", line)
	}
	word, value, _ := strings.Cut(line, " ")
	p := r.prog
	var err error
	switch word {
	case "file", "in", "by", "info", "ver", "size":
		return l.programLine(p, word, value)
	case "as":
		r.as = value
	case "level":
		r.level = value
	case "life":
		r.life, err = parseLife(value)
	case "flags":
		r.console, r.single = strings.Contains(value, "console"), strings.Contains(value, "single")
	case "share":
		r.share, err = strconv.Atoi(value)
	case "on":
		r.on = strings.Fields(value)
	case "cmd":
		return r.commandLine(value)
	case "spawn":
		r.spawn, err = strconv.Atoi(value)
	case "runs":
		r.runKeys = strings.Split(value, ", ")
	case "first":
		r.firstKeys = strings.Split(value, ", ")
	case "does":
		return l.doesLine(r, value)
	case "dlls":
		p.dllNames = strings.Split(value, ", ")
	default:
		err = fmt.Errorf("unknown word %q", word)
	}
	return err
}

// newRole makes a role. A variant gets a copy of its base's program, which
// says the same until the variant's own lines change it.
func (l *library) newRole(key, description string) error {
	r := &role{key: key, n: len(l.roles), as: "parent", on: []string{"windows"}, life: life{"", second, 4 * second}, share: 100}
	base, _, variant := strings.Cut(key, "/")
	if b := l.byKey[base]; variant && b != nil {
		p := *b.prog
		r.prog, r.on, r.share = &p, b.on, b.share
		p.description = description
	} else {
		m := l.makers["windows"]
		folder, err := compile(`C:\Windows\System32`)
		if err != nil {
			return err
		}
		r.prog = &program{file: base, description: description, folder: folder, maker: m, size: 100}
	}
	l.roles = append(l.roles, r)
	l.byKey[key] = r
	return nil
}

func (l *library) programLine(p *program, word, value string) (err error) {
	switch word {
	case "file":
		p.file = value
	case "in":
		p.folder, err = compile(value)
	case "by":
		if p.maker = l.makers[value]; p.maker == nil {
			err = fmt.Errorf("unknown maker %q", value)
		}
	case "info":
		f := strings.Split(value, " | ")
		if len(f) != 3 {
			// An empty product leaves a bar at the start.
			if f = strings.Split(strings.TrimPrefix(value, "| "), " | "); len(f) != 2 {
				return fmt.Errorf("%q is not product | internal | original", value)
			}
			f = append([]string{""}, f...)
		}
		p.product, p.internal, p.original = f[0], f[1], f[2]
	case "ver":
		p.versions = strings.Fields(value)
	case "size":
		p.size, err = strconv.ParseInt(value, 10, 64)
	}
	return err
}

func parseLife(value string) (life, error) {
	from, to, ok := strings.Cut(value, "..")
	if !ok {
		switch value {
		case "boot", "session", "parent", "attack":
			return life{until: value}, nil
		}
		return life{}, fmt.Errorf("%q is no life", value)
	}
	lo, err1 := time.ParseDuration(from)
	hi, err2 := time.ParseDuration(to)
	if err1 != nil || err2 != nil || lo >= hi {
		return life{}, fmt.Errorf("%q is no span", value)
	}
	return life{"", lo.Nanoseconds() / 100, hi.Nanoseconds() / 100}, nil
}

// commandLine reads "[weight] line [=> key]".
func (r *role) commandLine(value string) error {
	weight, rest, err := split(value)
	if err != nil {
		weight, rest = 1, value
	}
	line, then, _ := strings.Cut(rest, " => ")
	t, err := compile(line)
	if err != nil {
		return err
	}
	r.commands.add(command{line: t, thenKey: then}, weight)
	return nil
}

// doesLine reads "deed weight, deed weight".
func (l *library) doesLine(r *role, value string) error {
	for _, item := range strings.Split(value, ", ") {
		name, w, _ := strings.Cut(item, " ")
		weight, err := strconv.Atoi(w)
		if err != nil {
			return fmt.Errorf("%q is not a deed and a weight", item)
		}
		k, d := l.deed(name)
		if d == nil {
			return fmt.Errorf("unknown deed %q", name)
		}
		r.does[k].add(d, weight)
	}
	return nil
}

// link resolves the names between roles and completes the programs.
func (l *library) link() error {
	for _, r := range l.roles {
		for _, item := range r.runKeys {
			weight, key, err := split(item)
			if err != nil {
				return fmt.Errorf("simulate: %s runs: %w", r.key, err)
			}
			child := l.byKey[key]
			if child == nil {
				return fmt.Errorf("simulate: %s runs the unknown %q", r.key, key)
			}
			r.runs.add(child, weight)
		}
		for _, key := range r.firstKeys {
			if l.byKey[key] == nil {
				return fmt.Errorf("simulate: %s starts the unknown %q", r.key, key)
			}
			r.first = append(r.first, l.byKey[key])
		}
		for i := range r.commands.items {
			c := &r.commands.items[i]
			if c.thenKey != "" {
				if c.then = l.byKey[c.thenKey]; c.then == nil {
					return fmt.Errorf("simulate: a command of %s starts the unknown %q", r.key, c.thenKey)
				}
			}
		}
		if len(r.commands.items) == 0 {
			return fmt.Errorf("simulate: %s has no command line", r.key)
		}
		if err := l.complete(r.prog); err != nil {
			return fmt.Errorf("simulate: %s: %w", r.key, err)
		}
	}
	return nil
}

// complete fills in what a program's block leaves out.
func (l *library) complete(p *program) error {
	if p.product == "" {
		if p.product = p.maker.product; p.product == "" {
			p.product = p.description
		}
	}
	if p.original == "" {
		p.original = p.file
	}
	if p.internal == "" {
		p.internal = strings.TrimSuffix(p.file, ".exe")
	}
	for _, name := range p.dllNames {
		d := l.dlls[name]
		if d == nil {
			return fmt.Errorf("unknown library %q", name)
		}
		p.dlls = append(p.dlls, d)
	}
	p.dllNames = nil
	return nil
}
