package stored

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
)

// moody is a shelf that cannot always be read.
type moody struct {
	version int64
	fail    error
}

func (m *moody) stat() (map[string]stamp, error) {
	return map[string]stamp{"F": {size: m.version}}, nil
}
func (m *moody) read(string) (string, error) {
	return "let F = () { print " + string(rune('0'+m.version)) + " };", m.fail
}
func (m *moody) write(string, string) error { return nil }
func (m *moody) remove(string) error        { return nil }

// TestOutage: a function that cannot be read for a moment is as it was, and is read when that is possible again.
func TestOutage(t *testing.T) {
	now := time.Unix(0, 0)
	m := &moody{version: 1}
	l := open(m, func(catalog.Function, Finder) error { return nil }, slog.New(slog.DiscardHandler), func() time.Time { return now })
	for i, step := range []struct {
		version int64
		fail    error
		want    string
	}{{1, nil, "1"}, {2, errors.New("gone"), "1"}, {2, errors.New("gone"), "1"}, {2, nil, "2"}} {
		m.version, m.fail = step.version, step.fail
		now = now.Add(2 * time.Second)
		if f, ok := l.Find("F"); !ok || f.Text != "let F = () { print "+step.want+" };" {
			t.Errorf("step %d: %v %q", i, ok, f.Text)
		}
	}
}
