package quota

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Custom is an operator's own profile as a configuration has it: names of limits with their values, such as
// {"like": "atp-2018", "rows": "500", "run-per-hour": "5m"}, or the same on one line: "like=atp-2018,rows=500".
type Custom map[string]string

// The names that a Custom may have. Durations take days, such as 30d; sizes take KB, MB and GB of 1024.
func customNames() []string {
	return []string{"like", "window", "rows", "calls-per-minute", "calls-per-hour", "run-per-hour", "run-per-day", "per-request", "result-bytes"}
}

// UnmarshalText reads the one-line form.
func (c *Custom) UnmarshalText(text []byte) error {
	out := Custom{}
	for _, item := range strings.Split(string(text), ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(item), "=")
		if !ok {
			return fmt.Errorf("limit %q: write name=value", item)
		}
		if _, twice := out[name]; twice {
			return fmt.Errorf("limit %s is given twice", name)
		}
		out[name] = value
	}
	*c = out
	return nil
}

// UnmarshalJSON reads an object of texts and numbers, or a text in the one-line form.
func (c *Custom) UnmarshalJSON(data []byte) error {
	var line string
	if json.Unmarshal(data, &line) == nil {
		return c.UnmarshalText([]byte(line))
	}
	var members map[string]any
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	out := Custom{}
	for name, v := range members {
		switch v.(type) {
		case string, float64:
			out[name] = fmt.Sprint(v)
		default:
			return fmt.Errorf("limit %s: a text or a number is meant", name)
		}
	}
	*c = out
	return nil
}

// Profile checks the limits and gives them a name. What "like" does not give and no limit names has no limit.
func (c Custom) Profile(name string) (Profile, error) {
	p := Profile{}
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || r == '/' }) {
		return p, fmt.Errorf("profile %q: a name has no spaces and no slash", name)
	}
	if _, taken := Lookup(name); taken {
		return p, fmt.Errorf("profile %s exists: choose another name", name)
	}
	if like, ok := c["like"]; ok {
		if p, ok = Lookup(like); !ok {
			return p, fmt.Errorf("profile %s is like %q, which does not exist", name, like)
		}
	}
	p.Name = name
	for limit, text := range c {
		var err error
		switch limit {
		case "like":
		case "window":
			p.Window, err = span(text)
		case "rows":
			p.Rows, err = count(text)
		case "calls-per-minute":
			p.CallsPerMinute, err = count(text)
		case "calls-per-hour":
			p.CallsPerHour, err = count(text)
		case "run-per-hour":
			p.RunPerHour, err = span(text)
		case "run-per-day":
			p.RunPerDay, err = span(text)
		case "per-request":
			p.PerRequest, err = span(text)
		case "result-bytes":
			p.ResultBytes, err = size(text)
		default:
			err = fmt.Errorf("there is no such limit: use %s", strings.Join(customNames(), ", "))
		}
		if err != nil {
			return p, fmt.Errorf("profile %s: %s: %w", name, limit, err)
		}
	}
	return p, nil
}

func count(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%q is no count", text)
	}
	return int(n), nil
}

func span(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 15); err == nil {
			return time.Duration(n) * day, nil
		}
	}
	d, err := time.ParseDuration(text)
	if text == "0" {
		return 0, nil
	}
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is no time: write 30d, 12h, 15m or 90s", text)
	}
	return d, nil
}

func size(text string) (int64, error) {
	units := []struct {
		suffix string
		bytes  float64
	}{{"KB", 1 << 10}, {"MB", mib}, {"GB", 1 << 30}, {"", 1}}
	at := slices.IndexFunc(units, func(u struct {
		suffix string
		bytes  float64
	}) bool {
		return strings.HasSuffix(text, u.suffix)
	})
	n, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(text, units[at].suffix)), 64)
	if err != nil || !(n >= 0) || n*units[at].bytes > math.MaxInt64/2 {
		return 0, fmt.Errorf("%q is no size: write a number of bytes, 500KB, 64MB or 1GB", text)
	}
	return int64(n * units[at].bytes), nil
}
