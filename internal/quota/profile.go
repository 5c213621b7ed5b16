package quota

import "time"

// Profile is what one contract grants a tenant. Zero means no limit.
type Profile struct {
	Name           string
	Window         time.Duration // how far back queries may look
	Rows           int           // rows in one answer
	CallsPerMinute int
	CallsPerHour   int
	RunPerHour     time.Duration // running time of all queries together
	RunPerDay      time.Duration
	PerRequest     time.Duration // running time of one query
	ResultBytes    int64         // of one answer
	// LocalTimes writes datetimes without the Z, as the service did in 2018.
	LocalTimes bool
}

const (
	month = 30 * 24 * time.Hour
	mib   = 1 << 20 // the service writes MB and counts 64 MB as 67108864 bytes
)

// Profiles lists the documented generations of the public contracts, oldest first, and "unlimited".
func Profiles() []Profile {
	return []Profile{
		// Defender ATP as of 2018/19.
		{Name: "atp-2018", Window: month, Rows: 10_000, CallsPerMinute: 15,
			RunPerHour: 15 * time.Minute, RunPerDay: 4 * time.Hour, PerRequest: 10 * time.Minute, LocalTimes: true},
		// Defender for Endpoint. The 2021 page exists with two sets of figures; "b" has those of the later pages.
		{Name: "mde-2020", Window: month, Rows: 100_000, CallsPerMinute: 15,
			RunPerHour: 15 * time.Minute, RunPerDay: 4 * time.Hour, PerRequest: 10 * time.Minute},
		{Name: "mde-2021", Window: month, Rows: 100_000, CallsPerMinute: 15,
			RunPerHour: 10 * time.Minute, RunPerDay: 4 * time.Hour, PerRequest: 10 * time.Minute},
		{Name: "mde-2021b", Window: month, Rows: 100_000, CallsPerMinute: 45,
			RunPerHour: 10 * time.Minute, RunPerDay: 3 * time.Hour, PerRequest: 10 * time.Minute},
		{Name: "mde-2025", Window: month, Rows: 100_000, CallsPerMinute: 45, CallsPerHour: 1500,
			RunPerHour: 10 * time.Minute, RunPerDay: 3 * time.Hour, PerRequest: 200 * time.Second, ResultBytes: 124 * mib},
		// Defender XDR and Microsoft Graph limit CPU by the size of the tenant, without figures; a self-hosted machine
		// bounds CPU by its engine's settings instead.
		{Name: "xdr-2025", Window: month, Rows: 100_000, CallsPerMinute: 45, PerRequest: 3 * time.Minute},
		{Name: "graph-2026", Window: month, Rows: 100_000, CallsPerMinute: 45, PerRequest: 3 * time.Minute, ResultBytes: 50 * mib},
		// The query API of Azure Monitor Logs. The figures are not confirmed on a page of its documentation; its rate of
		// 200 calls in 30 s is for each user there, here a tenant shares it.
		{Name: "log-analytics", Rows: 500_000, CallsPerMinute: 400, PerRequest: 10 * time.Minute, ResultBytes: 100 * mib},
		// Kusto clusters: query-limits.md, "result truncation" and "execution timeout".
		{Name: "kusto", Rows: 500_000, PerRequest: 4 * time.Minute, ResultBytes: 64 * mib},
		{Name: "unlimited"},
	}
}

// Lookup finds a profile by name.
func Lookup(name string) (Profile, bool) {
	for _, p := range Profiles() {
		if p.Name == name {
			return p, true
		}
	}
	return Profile{}, false
}

// tracksRuns reports whether running time has to be kept.
func (p *Profile) tracksRuns() bool { return p.RunPerHour > 0 || p.RunPerDay > 0 }

// limitsCalls reports whether the times of calls have to be kept.
func (p *Profile) limitsCalls() bool { return p.CallsPerMinute > 0 || p.CallsPerHour > 0 }

// callLimit and runLimit are one window each; a maximum of zero is no limit.
type callLimit struct {
	limit   Limit
	maximum int
	window  time.Duration
}

type runLimit struct {
	limit   Limit
	maximum time.Duration
	window  time.Duration
}

const day = 24 * time.Hour

func (p *Profile) callLimits() [2]callLimit {
	return [2]callLimit{
		{CallsPerMinute, p.CallsPerMinute, time.Minute},
		{CallsPerHour, p.CallsPerHour, time.Hour},
	}
}

func (p *Profile) runLimits() [2]runLimit {
	return [2]runLimit{
		{RunPerHour, p.RunPerHour, time.Hour},
		{RunPerDay, p.RunPerDay, day},
	}
}
