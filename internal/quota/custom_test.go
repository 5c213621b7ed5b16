package quota

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestCustom reads both forms of an operator's profile.
func TestCustom(t *testing.T) {
	want := Profile{Name: "small", Window: 7 * day, Rows: 500, CallsPerMinute: 3, CallsPerHour: 40, RunPerHour: 5 * time.Minute,
		RunPerDay: 4 * time.Hour, PerRequest: 90 * time.Second, ResultBytes: 3 << 19, LocalTimes: true}
	line := "like=atp-2018,window=7d,rows=500,calls-per-minute=3,calls-per-hour=40,run-per-hour=5m,per-request=90s,result-bytes=1.5MB"
	object := `{"like":"atp-2018","window":"168h","rows":500,"calls-per-minute":3,"calls-per-hour":"40","run-per-hour":"5m","per-request":"90s","result-bytes":1572864}`
	for _, text := range []string{object, `"` + line + `"`} {
		var c Custom
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		if got, err := c.Profile("small"); err != nil || got != want {
			t.Errorf("%s:\n%+v, want\n%+v, error %v", text, got, want, err)
		}
	}
	if got, err := (Custom{}).Profile("free"); err != nil || got != (Profile{Name: "free"}) {
		t.Errorf("without limits: %+v %v", got, err)
	}
}

// TestCustomRefused: nothing is guessed.
func TestCustomRefused(t *testing.T) {
	for text, want := range map[string]string{
		"rows=many": "is no count", "rows=-1": "is no count", "rows": "name=value", "rows=1,rows=2": "twice", "colour=red": "no such limit",
		"like=atp-1999": "does not exist", "window=-5m": "is no time", "window=5": "is no time", "result-bytes=-1": "is no size", "result-bytes=9e30GB": "is no size",
	} {
		var c Custom
		err := c.UnmarshalText([]byte(text))
		if err == nil {
			_, err = c.Profile("x")
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	for _, name := range []string{"", "a b", "a/b", "atp-2018"} {
		if _, err := (Custom{}).Profile(name); err == nil {
			t.Errorf("name %q is taken", name)
		}
	}
	var c Custom
	if json.Unmarshal([]byte(`{"rows":[1]}`), &c) == nil || json.Unmarshal([]byte(`3`), &c) == nil {
		t.Error("a list or a number as a profile")
	}
}
