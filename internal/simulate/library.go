package simulate

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"time"
)

//go:embed data/*.txt
var dataFiles embed.FS

// library is what is known about programs and what they do, read from data.
type library struct {
	makers   map[string]*maker
	roles    []*role
	byKey    map[string]*role
	dlls     map[string]*program
	files    map[string]*fileDeed
	registry map[string]*registryDeed
	events   map[string]*eventDeed
	hosts    map[string]*hostDeed
	boot     map[string][]bootStep
}

// loadLibrary parses the data. An error means that the data is damaged.
func loadLibrary() (*library, error) {
	l := &library{makers: makers(), byKey: map[string]*role{}, dlls: map[string]*program{},
		files: map[string]*fileDeed{}, registry: map[string]*registryDeed{}, events: map[string]*eventDeed{},
		hosts: map[string]*hostDeed{}, boot: map[string][]bootStep{}}
	for _, x := range []struct {
		file string
		line func(section, note, line string) error
	}{
		{"libraries.txt", l.libraryLine}, {"files.txt", l.fileLine}, {"registry.txt", l.registryLine},
		{"events.txt", l.eventLine}, {"hosts.txt", l.hostLine}, {"windows_core.txt", l.roleLine},
		{"windows_tools.txt", l.roleLine}, {"windows_apps.txt", l.roleLine}, {"unix.txt", l.roleLine},
		{"tools.txt", l.roleLine}, {"boot.txt", l.bootLine},
	} {
		if err := eachLine(x.file, x.line); err != nil {
			return nil, err
		}
	}
	l.manyWebSites()
	return l, l.link()
}

// eachLine hands out the lines of a data file with the section they are in.
// A section's own line comes as an empty line.
func eachLine(file string, do func(section, note, line string) error) error {
	b, err := dataFiles.ReadFile("data/" + file)
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	section, note := "", ""
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			end := strings.IndexByte(line, ']')
			if end < 0 {
				return fmt.Errorf("simulate: %s line %d: no ] after the name", file, n)
			}
			section, note, line = line[1:end], strings.TrimSpace(line[end+1:]), ""
		}
		if err := do(section, note, line); err != nil {
			return fmt.Errorf("simulate: %s line %d: %w", file, n, err)
		}
	}
	return nil
}

// libraryLine reads "name folder maker KB"; folders contain spaces.
func (l *library) libraryLine(_, _, line string) error {
	f := strings.Fields(line)
	if len(f) < 4 {
		return fmt.Errorf("%d words are no library", len(f))
	}
	size, err := strconv.ParseInt(f[len(f)-1], 10, 64)
	if err != nil {
		return err
	}
	m := l.makers[f[len(f)-2]]
	if m == nil {
		return fmt.Errorf("unknown maker %q", f[len(f)-2])
	}
	folder, err := compile(strings.Join(f[1:len(f)-2], " "))
	if err != nil {
		return err
	}
	p := &program{file: f[0], folder: folder, maker: m, size: size, product: m.product, original: f[0], internal: f[0]}
	if m.key != "windows" {
		p.versions = []string{fmt.Sprintf("%d.%d.%d.0", 4+stable(20, f[0]), stable(40, f[0], "minor"), stable(9000, f[0], "build"))}
	}
	l.dlls[f[0]] = p
	return nil
}

// bootStep is one start of a program.
type bootStep struct {
	after         int64
	parent, child string
	number        int64 // Windows session, -1: the parent's
}

func (l *library) bootLine(section, _, line string) error {
	if line == "" {
		return nil
	}
	f := strings.Fields(line)
	if len(f) < 3 || len(f) > 4 {
		return fmt.Errorf("%d words are no step", len(f))
	}
	after, err := time.ParseDuration(f[0])
	if err != nil {
		return err
	}
	s := bootStep{after: after.Nanoseconds() / 100, parent: f[1], child: f[2], number: -1}
	for _, key := range f[1:3] {
		if l.byKey[key] == nil && key != "$shell" {
			return fmt.Errorf("unknown program %q", key)
		}
	}
	if len(f) == 4 {
		if s.number, err = strconv.ParseInt(strings.TrimPrefix(f[3], "@"), 10, 64); err != nil {
			return err
		}
	}
	l.boot[section] = append(l.boot[section], s)
	return nil
}

// split takes "weight rest" apart.
func split(line string) (int, string, error) {
	w, rest, ok := strings.Cut(line, " ")
	n, err := strconv.Atoi(w)
	if !ok || err != nil || n < 1 {
		return 0, "", fmt.Errorf("%q does not begin with a weight", line)
	}
	return n, rest, nil
}
